"""Engines: what carries out the code of a page: the kernels of Jupyter, one for each language."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.pages.engines.asked import CellLimits, CellOptions, CellTask, asking
    from coursewright.pages.engines.found import engine_for, language_of
    from coursewright.pages.engines.frames import frame_in_r, read_given, write_frame
    from coursewright.pages.engines.handed import given
    from coursewright.pages.engines.kernel import CellTooSlow, Kernel, Ran
    from coursewright.pages.engines.named import is_named
else:
    __getattr__ = on_first_use(__name__, __file__)
