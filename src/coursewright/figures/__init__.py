"""Figures: charts that a course's own Python draws from its tables, as SVG with alternative text."""

from coursewright.figures.chart import Chart, lines
from coursewright.figures.draw import draw
from coursewright.figures.figure import Figure

__all__ = ["Chart", "Figure", "draw", "lines"]
