"""The way in: rows of any kind, their columns, fields and keys."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.words.door.elsewhere import NotElsewhere, Telling
else:
    __getattr__ = on_first_use(__name__, __file__)
