"""A course where there is none."""

from __future__ import annotations

from pathlib import Path

from coursewright.courses.course import Course
from coursewright.courses.reading.course_toml import AboutCourse, CourseSettings
from coursewright.tables.fetching import CopyStore


def empty_course(folder: Path) -> Course:
    """A course of `folder` without tables, pages and settings: for work on single files, and in notebooks."""
    root = folder.resolve()
    return Course(root, CourseSettings(AboutCourse(root.name or "course")), "", {}, CopyStore(root))
