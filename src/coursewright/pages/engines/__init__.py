"""Engines: what carries out the code of a page: the kernels of Jupyter, one for each language."""

from coursewright.pages.engines.asked import NO_LIMITS, Asking, Limits, asked_in_part, asking
from coursewright.pages.engines.session import Session

__all__ = ["NO_LIMITS", "Asking", "Limits", "Session", "asked_in_part", "asking"]
