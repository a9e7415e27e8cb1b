"""Facts: true sentences found in the tables, each with a score that says how much it is worth telling."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.facts.fact import Fact, Finder, read_finder
    from coursewright.facts.finding import find, find_each
    from coursewright.facts.together import FactSentence, Together
else:
    __getattr__ = on_first_use(__name__, __file__)
