"""Finders as statements for an engine elsewhere, which asks them for another moment."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.facts.retelling.statements import Retelling, check_key, literal, made_anew, retold, variable
else:
    __getattr__ = on_first_use(__name__, __file__)
