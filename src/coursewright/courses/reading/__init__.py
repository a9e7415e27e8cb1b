"""`course.toml` and the folder around it: what they say, and what is wrong with them."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.courses.reading.at_present import Present, present
    from coursewright.courses.reading.empty import empty_course
else:
    __getattr__ = on_first_use(__name__, __file__)
