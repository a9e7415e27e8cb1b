"""Courses: one folder with a `course.toml`, read, checked and built."""

from coursewright.courses.build import Built, build
from coursewright.courses.check import check
from coursewright.courses.course import Course, open_course
from coursewright.courses.lock import lock

__all__ = ["Built", "Course", "build", "check", "lock", "open_course"]
