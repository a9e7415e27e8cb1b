"""Charts from tables: their kinds, how they look, and what they say in words."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.figures.charts.redrawn import REDRAWN
    from coursewright.figures.charts.spoken import speech, spoken_in
else:
    __getattr__ = on_first_use(__name__, __file__)
