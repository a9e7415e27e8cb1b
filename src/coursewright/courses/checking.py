"""The verb: find every problem of a course in one go."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

from coursewright.courses.check_pages import check_pages
from coursewright.courses.course import Course, open_in_part
from coursewright.courses.places.images import check_environment, recipe_of
from coursewright.courses.quizzes import Ready, choose, finder_question
from coursewright.courses.reading.unread import unread
from coursewright.courses.strange import check_figure, looks_at_environment
from coursewright.errors import CoursewrightError, Problem, SeveralProblems
from coursewright.facts import Fact, Finder, find
from coursewright.facts.checking import check_cumulative, read_finder_in_part, tie_of, unknown_moments
from coursewright.questions import Question, read_materials, read_question
from coursewright.questions.checking import SEEDS, QuestionCheck
from coursewright.questions.checking import check as check_question
from coursewright.questions.drawing import NothingToAsk
from coursewright.sites.around import meant_by, text_of
from coursewright.tables import Database, DerivedTable, Sql, Timeline
from coursewright.tables.statements import tie
from coursewright.trust import OWN, Trust
from coursewright.words import Grammar
from coursewright.words.language import remarks as unfilled
from coursewright.words.printing import is_missing

Part = Callable[[], object]

_DRAWS = 60  # of the question that a finder asks: few facts stand behind it


def check(
    folder: Path | str = ".",
    overrides: dict[str, str | int | float | bool] | None = None,
    report: Callable[[str], None] = lambda _line: None,
    *,
    refresh: bool = False,
    seeds: int = SEEDS,
    questions: Sequence[str] = (),
    figures: bool = True,
    trust: Trust = OWN,
) -> list[Problem]:
    """Every problem of the course in `folder`, each once, in the order of the rooms: settings, tables, facts, pages.

    `report` is told what is worth knowing of the parts in which all is well, such as how many variants a question has.
    With `refresh`, what tables come from is fetched again. `seeds` variants of each question are drawn. With the names
    of `questions`, or their files, only these are looked at; UsageError for a name that names none. Without `figures`
    none is drawn. `trust` says whose the course is.
    """
    if questions:
        chosen = choose(questions, Path(folder), dict(overrides or {}), report, trust)
        return [*chosen.problems, *_found(_ready_questions(chosen.questions, seeds, report))]
    try:
        course, problems = open_in_part(folder, overrides, refresh=refresh, report=report, trust=trust)
    except CoursewrightError as error:
        if error.exit_status != 1:
            raise
        return list(error.problems)
    if course is None:
        return problems
    course = replace(course, figures=figures)
    try:
        database = course.database()
    except CoursewrightError as error:  # the server is not there: what does not need it is not looked at either
        return [*problems, *error.problems]
    found = _found(_parts(course, database, seeds, report))
    return [*problems, *(problem for problem in found if not _names(problem, course.wrong))]


def _names(problem: Problem, wrong: Collection[str]) -> bool:
    """Whether a problem may only be that what it names is wrong in `course.toml`, which is told already."""
    said = "|".join(rf'"{name}"|name {name}\b' for name in map(re.escape, wrong))  # as we say names, and as DuckDB does
    return bool(wrong) and re.search(said, problem.message) is not None


def _found(parts: Iterator[Part]) -> list[Problem]:
    """The problems of all the parts, each once."""
    found: dict[Problem, None] = {}
    for part in parts:
        try:
            part()
        except CoursewrightError as error:
            found.update(dict.fromkeys(error.problems))
    return list(found)


def _parts(course: Course, database: Database, seeds: int, report: Callable[[str], None]) -> Iterator[Part]:
    """The parts of the course, each a function that raises what is wrong with it."""
    yield partial(_check_values, course, database)
    yield partial(_check_files, course)
    for name in database.tables:
        yield partial(_check_table, database, name, report)
    for table in course.derived:
        if table.cumulative:
            yield partial(check_cumulative, database, course.settings.timeline, table)
    for file in course.grammar_files:
        yield partial(_check_grammar, file, course.site.language)
    for file in sorted((course.root / "figures").glob("*.py")) if course.figures else ():
        yield partial(check_figure, file, course)
    for file in course.finder_files:
        yield partial(_check_finder, course, database, file, report)
    if course.settings.timeline and course.finder_files:
        yield partial(_tell_unknown_moments, course.settings.timeline, database, report)
    yield from _questions(course, database, seeds, report)
    yield from check_pages(course, database, report)
    if looks_at_environment(course, report):
        yield partial(_check_environment, course)


def _check_values(course: Course, database: Database) -> None:
    """Whether the parameters can have their values, at which everything else is looked at."""
    course.check_overrides()
    course.check_values(database)


def _check_files(course: Course) -> None:
    """Whether the licence is written as its standard has it, and everything in the course's folder is read."""
    problems, licence = list(unread(course.root)), course.settings.course.licence
    if (meant := meant_by(licence)) and not text_of(licence):
        where = course.place("course", "licence")
        problems.insert(0, Problem(f'the licence "{licence}" has another name', where, f'did you mean "{meant}"?'))
    if problems:
        raise SeveralProblems(problems)


def _check_table(database: Database, name: str, report: Callable[[str], None]) -> None:
    """Read the table, and report what was assumed of its values, or chosen among its rows."""
    for note in database.notes(name):
        report(f"{name}: {note}")
    database.settle(database.select(name))  # a fault may stand below the rows that say what its columns are
    table = database.tables[name]
    if isinstance(table, DerivedTable):
        _tell_tie(table.sql, database, report)


def _tell_tie(sql: Sql, database: Database, report: Callable[[str], None]) -> None:
    if remark := tie(sql, database.dialect, database.query):
        report(remark)


def _check_environment(course: Course) -> None:
    environment = course.environment()
    if environment.tiers[environment.in_base :]:
        recipe_of(course)
    elif environment.tiers:
        check_environment(course)


def _check_grammar(file: Path, language: str) -> None:
    grammar = Grammar.read(file, language=language)
    problems = grammar.check(None, ["origin"] if "origin" in grammar.rules else grammar.rules)
    if problems:
        raise SeveralProblems(problems)


def _check_finder(course: Course, database: Database, file: Path, report: Callable[[str], None]) -> None:
    finder, problems = read_finder_in_part(file)
    try:
        if finder is not None:
            _check_found(finder, course, database, report)
    except CoursewrightError as error:
        problems = (*problems, *error.problems)
    if problems:
        raise SeveralProblems(problems)


def _check_found(finder: Finder, course: Course, database: Database, report: Callable[[str], None]) -> None:
    overrides = {name: value for name, value in course.overrides.items() if name in finder.parameters}
    timeline, language = course.settings.timeline, course.site.language
    moments = [course.parameters]
    facts = find(database, [finder], timeline=timeline, moments=moments, overrides=overrides, language=language)
    _tell_missing(finder, facts, language, report)
    if remark := tie_of(database, finder, timeline=timeline, moments=moments, overrides=overrides):
        report(remark)
    if finder.settings.question is not None:
        _check_asked(finder, course, database, report)


def _tell_missing(finder: Finder, facts: list[Fact], language: str, report: Callable[[str], None]) -> None:
    """Report the columns with missing values or empty texts, at this moment, in texts that say nothing of them."""
    grammars = [finder.grammar(language)]
    if asked := finder.settings.question:
        grammars.append(Grammar({"origin": asked.ask}, place=finder.place("ask")))
    missing = {name for fact in facts for name, value in fact.row.items() if is_missing(value)}
    empty = {name for fact in facts for name, value in fact.row.items() if value == ""}
    for remark in (remark for grammar in grammars for remark in unfilled(grammar, missing, empty=empty)):
        report(remark)


def _tell_unknown_moments(timeline: Timeline, database: Database, report: Callable[[str], None]) -> None:
    for unknown in unknown_moments(database, timeline):
        report(str(unknown))


def _check_asked(finder: Finder, course: Course, database: Database, report: Callable[[str], None]) -> None:
    """Draw the question that a finder asks; that there is nothing to ask at this moment is no fault of it."""
    where = finder.file.relative_to(course.root)
    try:
        question, materials = finder_question(finder, course, database)
    except NothingToAsk as nothing:
        report(f"{where}: nothing to ask at this moment: {nothing.problem.message}")
        return
    checked = check_question(question, materials, seeds=_DRAWS)
    if checked.problems:
        raise SeveralProblems(checked.problems)
    report(f"{where}: {checked}")


def _questions(course: Course, database: Database, seeds: int, report: Callable[[str], None]) -> Iterator[Part]:
    ready: list[Ready | CoursewrightError] = []
    for file in course.question_files:
        try:
            question = read_question(file)
            ready.append((question, read_materials(question, database, language=course.site.language)))
        except CoursewrightError as error:
            ready.append(error)
    yield from _ready_questions(ready, seeds, report)


def _ready_questions(
    ready: Sequence[Ready | CoursewrightError], seeds: int, report: Callable[[str], None]
) -> Iterator[Part]:
    """The questions, or what is wrong with their files; they are checked side by side and told of in their order."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # each waits for a process of its own
        parts = [
            partial(_raise, each)
            if isinstance(each, CoursewrightError)
            else partial(_tell_checked, each[0], pool.submit(check_question, *each, seeds=seeds).result, report)
            for each in ready
        ]
        try:
            yield from parts
        finally:
            pool.shutdown(cancel_futures=True)


def _tell_checked(question: Question, checked: Callable[[], QuestionCheck], report: Callable[[str], None]) -> None:
    found = checked()
    if found.problems:
        raise SeveralProblems(found.problems)
    report(f"{'/'.join(filter(None, (question.file.parent.name, question.file.name)))}: {found}")


def _raise(error: CoursewrightError) -> None:
    raise error
