"""Retelling: a page's facts and sentences, found and told again in the reader's browser."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.sites.retelling.told import Part, can_draw, can_retell

__getattr__ = on_first_use(__name__, __file__)
