"""Values in sentences: how they compare, and how they and the modifiers of tags are printed."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.words.printing.values import is_missing
else:
    __getattr__ = on_first_use(__name__, __file__)
