"""A page is executed: its directives are carried out, and what came of it is kept with what it read."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.pages.executing.cells import CODE_CELL, filled_directive, without_words
    from coursewright.pages.executing.outcome import ABSENT, MODULES, VARIABLE, Outcome, ParameterLog, file_of
    from coursewright.pages.executing.run import ExecutedPage, carry_out
else:
    __getattr__ = on_first_use(__name__, __file__)
