"""Facts: true sentences found in the tables, each with a score that says how much it is worth telling."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.facts.fact import Fact, Finder, read_finder, read_finder_in_part
    from coursewright.facts.finding import find, tie_of
    from coursewright.facts.known import check_cumulative
    from coursewright.facts.retelling import Retelling, check_key, literal, made_anew, retold, variable
    from coursewright.facts.together import FactSentence, Together
    from coursewright.facts.unknown import unknown_moments
else:
    __getattr__ = on_first_use(__name__, __file__)
