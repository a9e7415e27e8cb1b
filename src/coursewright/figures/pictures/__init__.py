"""Pictures in SVG on any paper, in any theme, as PNG, and kept."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.figures.pictures.colour import LETTERS, contrast, on_dark, on_light
    from coursewright.figures.pictures.papered import on_paper
    from coursewright.figures.pictures.raster import as_png, can_rasterise
    from coursewright.figures.pictures.themed import inline, parsed
else:
    __getattr__ = on_first_use(__name__, __file__)
