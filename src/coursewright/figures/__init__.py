"""Figures: charts that a course's own Python draws from its tables, as SVG with alternative text."""

from __future__ import annotations

from coursewright.figures.charts.chart import Chart
from coursewright.figures.charts.kinds import bars, dots, lines, multiples, places, ranges, slopes
from coursewright.figures.charts.redrawn import REDRAWN, styles
from coursewright.figures.charts.spoken import speech, spoken_in
from coursewright.figures.charts.theme import course_theme
from coursewright.figures.drawing import check_file, draw, draw_widget
from coursewright.figures.figure import Figure
from coursewright.figures.pictures.colour import COLOURS as PALETTE
from coursewright.figures.pictures.colour import LETTERS, contrast, on_dark, on_light
from coursewright.figures.pictures.papered import on_paper
from coursewright.figures.pictures.raster import as_png, can_rasterise
from coursewright.figures.pictures.themed import inline
from coursewright.figures.walled import Wanted, check_walled, draw_walled

__all__ = [
    "LETTERS",
    "PALETTE",
    "REDRAWN",
    "Chart",
    "Figure",
    "Wanted",
    "as_png",
    "bars",
    "can_rasterise",
    "check_file",
    "check_walled",
    "contrast",
    "course_theme",
    "dots",
    "draw",
    "draw_walled",
    "draw_widget",
    "inline",
    "lines",
    "multiples",
    "on_dark",
    "on_light",
    "on_paper",
    "places",
    "ranges",
    "slopes",
    "speech",
    "spoken_in",
    "styles",
]
