"""The directives, a file each: what stands in braces after the fence is the name of the file."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.pages.directives import audio, facts, figure, question, table, tell
    from coursewright.pages.directives.question import QuestionOptions, ask, ready
    from coursewright.pages.directives.table import grid
else:
    __getattr__ = on_first_use(__name__, __file__)
