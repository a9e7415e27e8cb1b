"""Courses: one folder with a `course.toml`, read, checked and built."""

from coursewright.courses.build import Built, build
from coursewright.courses.check import check
from coursewright.courses.course import Course, find_course, open_course
from coursewright.courses.empty import empty_course
from coursewright.courses.lock import lock
from coursewright.courses.serve import Rebuilt, serve

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
