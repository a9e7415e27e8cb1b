"""Figures: charts that a course's own Python draws from its tables, as SVG with alternative text."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.figures.charts.chart import Chart
    from coursewright.figures.charts.kinds import bars, dots, lines, multiples, places, ranges, slopes
    from coursewright.figures.charts.redrawn import styles
    from coursewright.figures.charts.theme import course_theme
    from coursewright.figures.drawing import check_file, draw, draw_widget
    from coursewright.figures.figure import Figure
    from coursewright.figures.pictures.colour import COLOURS as PALETTE
    from coursewright.figures.pictures.themed import inline
    from coursewright.figures.sound import RATE, audio, samples, tones
    from coursewright.figures.sound_files import sound_type
    from coursewright.figures.walled import FigureRequest, check_walled, draw_walled
    from coursewright.figures.widgets import HEIGHT, widget
else:
    __getattr__ = on_first_use(__name__, __file__)
