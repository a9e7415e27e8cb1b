"""Marking: what kinds mark with, and files for the kinds whose marking is long.

`coursewright.questions.marking.marks` is the door; each kind has `mark`, and what to try it on: `model`, `declared`
and `nonsense`. The self-marking page obeys the same rules in a browser, and
tests/cases/marking.yaml holds both to them.
"""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.questions.marking.code import behind_wall, behind_what_there_is
    from coursewright.questions.marking.key import read_key
    from coursewright.questions.marking.marks import Mark, declared, mark, mark_part, model
    from coursewright.questions.marking.responses import Attempt, read_responses
else:
    __getattr__ = on_first_use(__name__, __file__)
