"""Courses: one folder with a `course.toml`, read, checked and built."""

from coursewright.courses.building.build import Built, build
from coursewright.courses.checking import check
from coursewright.courses.course import Course, find_course, open_course
from coursewright.courses.publishing.locking import lock
from coursewright.courses.reading.empty import empty_course
from coursewright.courses.serving.server import Rebuilt, serve

__all__ = [
    "Built",
    "Course",
    "Rebuilt",
    "build",
    "check",
    "empty_course",
    "find_course",
    "lock",
    "open_course",
    "serve",
]
