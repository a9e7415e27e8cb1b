"""A site served while its author writes."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.courses.serving.server import Rebuild, serve
else:
    __getattr__ = on_first_use(__name__, __file__)
