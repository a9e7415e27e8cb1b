"""What is asked of finders and of tables before anybody reads what they find."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.facts.checking.unknown import unknown_moments
    from coursewright.facts.fact import read_finder_in_part
    from coursewright.facts.finding import tie_of
    from coursewright.facts.known import check_cumulative
else:
    __getattr__ = on_first_use(__name__, __file__)
