"""What of a course workers do, each of which opens it for itself."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.courses.on_workers.finding import find_by
else:
    __getattr__ = on_first_use(__name__, __file__)
