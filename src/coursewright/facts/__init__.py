"""Facts: true sentences found in the tables, each with a score that says how much it is worth telling."""

from coursewright.facts.fact import Fact, Finder, read_finder, read_finder_in_part
from coursewright.facts.finding import find, tie_of
from coursewright.facts.known import check_cumulative
from coursewright.facts.together import Together, Told
from coursewright.facts.unknown import unknown_moments

__all__ = [
    "Fact",
    "Finder",
    "Together",
    "Told",
    "check_cumulative",
    "find",
    "read_finder",
    "read_finder_in_part",
    "tie_of",
    "unknown_moments",
]
