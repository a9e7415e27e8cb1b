"""The verb: lock what the tables of a course are read from."""

from __future__ import annotations

from pathlib import Path

from coursewright.courses.course import Course


def lock(course: Course, *, files: bool = False) -> Path:
    """Open every table of `course`, and write what was read from elsewhere into its `data.lock`; the file's path.

    With `files`, the files of the course that tables are read from are locked too, and from then on always. Raises
    CoursewrightError for a table that cannot be read; the lock is then as it was.
    """
    course.kept.forget_lock(files=files)
    database = course.database()
    for table in course.tables:
        database.open(table.name)
    return course.kept.lock()
