"""The questions of a course, made ready for drawing: with the rows that they name, and finders as questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from coursewright.courses.course import Course, find_course, open_course
from coursewright.errors import CoursewrightError, Problem, UsageError, did_you_mean
from coursewright.facts import Finder, read_finder
from coursewright.names import file_name, file_name_for
from coursewright.questions import DrawMaterials, Question, Quiz, read_materials, read_question
from coursewright.questions.drawing import ask_finder
from coursewright.tables import Database
from coursewright.trust import OWN, Trust

Ready = tuple[Question, DrawMaterials]


@dataclass(frozen=True)
class QuizSelection:
    """Questions with what they are drawn from, the course around them, and problems of those that cannot be read."""

    questions: tuple[Ready, ...]
    course: Course | None
    problems: tuple[Problem, ...]


def choose(
    names: Sequence[str],
    folder: Path,
    overrides: dict[str, Any],
    report: Callable[[str], None] = lambda _line: None,
    trust: Trust = OWN,
) -> QuizSelection:
    """The questions that `names` name.

    A name is that of a file, or of a question or finder in the course around `folder`; without names, all questions of
    the course are meant. `report` is told which copies of fetched tables are used; `trust` says
    whose they are. Raises UsageError for a name that
    names nothing.
    """
    files = [Path(name) for name in names if Path(name).suffix in (".md", ".sql")]
    root = find_course(files[0].parent if files else folder)
    course = open_course(root, overrides, report=report, trust=trust) if root else None
    database = course.database() if course else None
    if course and database:
        course.check_values(database)
    chosen = [_file(name, course) for name in names] if names else list(course.question_files if course else ())
    _refuse_same_names(chosen)
    if not chosen:
        hint = "name a file, such as questions/interest.md"
        raise UsageError("there is no question here", None, hint)
    questions: list[Ready] = []
    problems: list[Problem] = []
    for file in chosen:
        try:
            questions.append(_ready(file, course, database, trust))
        except UsageError:
            raise
        except CoursewrightError as error:
            problems.extend(error.problems)
    return QuizSelection(tuple(questions), course, tuple(problems))


def _refuse_same_names(files: list[Path]) -> None:
    for number, file in enumerate(files):
        if file.stem in (other.stem for other in files[:number]):
            raise UsageError(
                f'two questions are called "{file.stem}"', None, "name each once; files need different names"
            )


def _file(name: str, course: Course | None) -> Path:
    path = Path(name)
    if path.suffix in (".md", ".sql"):
        if path.is_file():
            return path.resolve() if course else path
        near = did_you_mean(path.name, (file.name for file in path.parent.glob(f"*{path.suffix}")))
        raise UsageError(f'no file "{name}"', None, near)
    files = {file.stem: file for file in (*course.finder_files, *course.question_files)} if course else {}
    if name not in files:
        beside = f'did you mean "{name}.md"?' if Path(f"{name}.md").is_file() else ""
        raise UsageError(f'no question called "{name}"', None, beside or did_you_mean(name, files))
    return files[name]


def _ready(file: Path, course: Course | None, database: Database | None, trust: Trust) -> Ready:
    if file.suffix == ".md":
        question = read_question(file)
        language = course.site.language if course else ""
        return question, replace(read_materials(question, database, language=language), trust=trust)
    if course is None or database is None:
        raise UsageError(f'"{file}" belongs to no course', None, "a finder asks about the tables of its course")
    return finder_question(read_finder(file), course, database)


def finder_question(finder: Finder, course: Course, database: Database) -> Ready:
    """A question that asks what `finder` finds at the present moment."""
    return ask_finder(
        finder,
        database,
        timeline=course.settings.timeline,
        parameters=course.parameters,
        overrides=course.finder_overrides((finder,)),
        language=course.site.language,
    )


def quiz(chosen: QuizSelection, name: str = "") -> Quiz:
    """What the files of formats are called and say of whom they are: by `name`, else after the question or the course.

    Raises UsageError for a name that is no name of a file.
    """
    single = chosen.questions[0][0] if len(chosen.questions) == 1 else None
    own = single.name if single else chosen.course.root.name if chosen.course else "questions"
    called = file_name(name, error=UsageError) if name else file_name_for(own, "questions")
    if chosen.course is None:
        return Quiz(name=called, title=(single.settings.title or single.name) if single else "Questions")
    site = chosen.course.site
    return Quiz(
        name=called,
        title=site.title,
        language=site.language,
        authors=site.authors,
        licence=site.licence,
    )
