"""From the plan of a build to its pages in every format, and what is kept of it for the next."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.courses.building.why import Why
else:
    __getattr__ = on_first_use(__name__, __file__)
