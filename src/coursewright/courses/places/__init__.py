"""The places where a course runs for others: hubs, Binder, images, and the links that open them."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.courses.places import binder
    from coursewright.courses.places.containers import publish_containers
    from coursewright.courses.places.hub import CourseOrigin, check_distinct, profile_of, publish_hub
    from coursewright.courses.places.images import name_of, old_locks, recipe_of
    from coursewright.courses.places.launching import LaunchLink, launches, names
    from coursewright.courses.places.readme import plain
else:
    __getattr__ = on_first_use(__name__, __file__)
