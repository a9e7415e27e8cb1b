"""What every variant must keep to, looked at before a student sees one."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.questions.checking.checks import SEEDS, QuestionCheck, check, sound
else:
    __getattr__ = on_first_use(__name__, __file__)
