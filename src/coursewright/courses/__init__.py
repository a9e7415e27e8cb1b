"""Courses: one folder with a `course.toml`, read, checked and built."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.courses import examples, quizzes
    from coursewright.courses.building.build import BuildResult, build
    from coursewright.courses.checking import check
    from coursewright.courses.course import Course, find_course, open_course
else:
    __getattr__ = on_first_use(__name__, __file__)
