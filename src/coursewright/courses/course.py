"""The noun: a course, which is a folder with a `course.toml`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

from coursewright import settings
from coursewright.courses.reading.course_toml import CourseSettings
from coursewright.courses.reading.faults import faults, without
from coursewright.courses.reading.parameters import read_overrides
from coursewright.courses.reading.select import read_derived
from coursewright.courses.strange import check_wall, plain_settings, refuse_links, strange_settings
from coursewright.environments import Environment, read_environment
from coursewright.errors import Place, Problem, UsageError, did_you_mean, name_folder, several
from coursewright.facts import Finder, read_finder
from coursewright.pages import Page
from coursewright.pages.citing import check_files, check_style
from coursewright.pages.readers import SUFFIXES, is_page
from coursewright.pages.reading import Conventions, read_page, read_settings
from coursewright.sites import Site
from coursewright.tables import Database, DerivedTable, EmbeddedDatabase, Table
from coursewright.tables.contracts import Contract
from coursewright.tables.fetching import CopyStore
from coursewright.tables.parameters import Declaration, Scalar, check_values, declare
from coursewright.tables.servers import Server, open_session
from coursewright.tables.sources import Source
from coursewright.tables.statements import known_dialect
from coursewright.trust import OWN, Trust


@dataclass(frozen=True)
class Course:
    """A course as its folder says.

    `overrides` are values that the caller set for parameters, `kept` the copies of what its tables are fetched from.
    Where its `figures` are left out, pages say so in their places. `trust` says whether it is a stranger's. `wrong` are
    tables and parameters that it is opened without, since what its settings say of them does not fit.
    """

    root: Path
    settings: CourseSettings
    text: str
    overrides: Mapping[str, Scalar]
    kept: CopyStore
    figures: bool = True
    trust: Trust = OWN
    wrong: frozenset[str] = frozenset()

    @property
    def file(self) -> Path:
        """The course's `course.toml`."""
        return self.root / "course.toml"

    @property
    def site(self) -> Site:
        """What the pages have in common."""
        own, about = self.settings, self.settings.course
        known = (about.title, about.authors, about.language, about.licence, about.url)
        return Site(*known, own.site, own.feeds, about.timezone, own.runtimes)

    @cached_property
    def conventions(self) -> Conventions:
        """What the pages have in common in how they are written.

        Raises CoursewrightError for a bibliography that is not there, and for a style that nobody knows.
        """
        own = self.settings.bibliography
        check_files(own.files, self.root, self.place("bibliography", "files"))
        style = check_style(own.style, self.root, self.place("bibliography", "style"))
        numbered = self.settings.site.numbered
        return Conventions(self.site.language, numbered, own.files, style, self.root, self.trust)

    @cached_property
    def parameters(self) -> dict[str, Scalar]:
        """The course's parameters, with the overrides in place of their defaults."""
        return {name: self.overrides.get(name, own.parameter.default) for name, own in self.declared.items()}

    @cached_property
    def declared(self) -> dict[str, Declaration]:
        """The parameters as `[parameters]` declares them."""
        place = partial(self.place, "parameters")
        return {name: declare(name, said, partial(place, name)) for name, said in self.settings.parameters.items()}

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables that `[tables]` names."""
        return tuple(
            Table(name, Source(file=source) if isinstance(source, str) else source, self.place("tables", name))
            for name, source in self.settings.tables.items()
            if isinstance(source, str) or not source.only_expects
        )

    @property
    def contracts(self) -> dict[str, Contract]:
        """What the course expects of its tables, by their names."""
        return {
            name: Contract(source.expect, partial(self.place, "tables", name, "expect"))
            for name, source in self.settings.tables.items()
            if isinstance(source, Source) and source.expect
        }

    def environment(self) -> Environment:
        """The environment in which the course runs. Raises CoursewrightError for a tier that is wrong or not there."""
        return read_environment(self.root, self.settings.environment, self.place("environment", "tiers"))

    @property
    def derived(self) -> tuple[DerivedTable, ...]:
        """The tables that the SELECTs of `tables/` make."""
        files = sorted((self.root / "tables").glob("*.sql"))
        return tuple(map(read_derived, files))

    @property
    def page_files(self) -> tuple[Path, ...]:
        """The files of `pages/` and its sections, hidden ones aside."""
        folder = self.root / "pages"
        files = {file for suffix in SUFFIXES for file in folder.rglob(f"*{suffix}") if file.is_file()}
        shown = (file for file in files if not _hidden(file.relative_to(folder)))
        return tuple(sorted(file for file in shown if is_page(file)))

    @property
    def finder_files(self) -> tuple[Path, ...]:
        """The files of `facts/`."""
        return tuple(sorted((self.root / "facts").glob("*.sql")))

    @property
    def question_files(self) -> tuple[Path, ...]:
        """The files of `questions/`."""
        return tuple(sorted((self.root / "questions").glob("*.md")))

    @property
    def grammar_files(self) -> tuple[Path, ...]:
        """The files of `grammars/`."""
        files = sorted((self.root / "grammars").glob("*"))
        return tuple(file for file in files if file.suffix in (".json", ".yaml", ".yml"))

    def pages(self) -> tuple[Page, ...]:
        """All pages, in order."""
        return tuple(read_page(file, self.root) for file in self.page_files)

    def finders(self, names: tuple[str, ...] = ()) -> tuple[Finder, ...]:
        """The finders called `names`, or all of them."""
        files = {file.stem: file for file in self.finder_files}
        for name in names:
            if name not in files:
                raise UsageError(f'no finder called "{name}"', None, did_you_mean(name, files))
        return tuple(read_finder(files[name]) for name in names or files)

    def database(self) -> Database:
        """A database with the course's tables in it; each is read when it is first asked for.

        It is the server that `[database]` names, or else the embedded one. Raises CoursewrightError if that server
        cannot be reached.
        """
        where = self.settings.database
        embedded = EmbeddedDatabase(
            self.root,
            self.tables,
            self.derived,
            self.parameters,
            contracts=self.contracts,
            kept=self.kept,
            dialect=known_dialect(where.dialect, self.place("database", "dialect")),
            timezone=self.settings.course.timezone,
            trust=self.trust,
        )
        if not where.url:
            return embedded
        place, zone = self.place("database", "url"), self.settings.course.timezone
        return Server(open_session(where.url, place=place, root=self.root, timezone=zone), embedded)

    def check_values(self, database: Database) -> None:
        """Raise CoursewrightError for a default that its parameter cannot have, UsageError for such an override."""
        check_values(self.declared, self.parameters, self.overrides, database)

    def check_overrides(self) -> None:
        """Raise UsageError for an override that neither the course, nor a page or a finder of it, takes."""
        if set(self.overrides) - set(self.settings.parameters):
            of_pages = {name for file in self.page_files for name in read_settings(file).parameters}
            self.finder_overrides(self.finders(), of_pages)

    def finder_overrides(self, finders: tuple[Finder, ...], also: Collection[str] = ()) -> dict[str, Scalar]:
        """The overrides that are parameters of `finders`. UsageError for one that nothing, nor `also`, has."""
        own = {name: declared for finder in finders for name, declared in finder.parameters.items()}
        taken = {*own, *self.settings.parameters, *also}
        for name in self.overrides:
            if name not in taken:
                raise UsageError(f'no parameter called "{name}"', None, did_you_mean(name, taken))
        return {name: own[name].read(value) for name, value in self.overrides.items() if name in own}

    def place(self, *path: str) -> Place:
        """The place of a key of `course.toml`."""
        line = settings.line_of(self.text, path)
        return Place(
            self.file,
            None if line is None else line + 1,
            f"[{'.'.join(path[:-1])}] {path[-1]}" if path[1:] else f"[{path[0]}]",
        )


def open_course(
    folder: Path | str = ".",
    overrides: Mapping[str, Scalar] | None = None,
    *,
    refresh: bool = False,
    report: Callable[[str], None] = lambda _line: None,
    trust: Trust = OWN,
) -> Course:
    """The course in `folder`, or in the nearest folder above it that has a `course.toml`.

    Its root is an absolute path, wherever the process goes. `overrides` are values for parameters of the course or of
    its finders; text is read as the default's type. With `refresh`, what tables come from is fetched again where it has
    changed; `report` is told, once for each address, which copy is used or that it was fetched. A course that is a
    stranger's, by `trust`, is without what only one's own can have (see `strange`). Raises CoursewrightError when there
    is no course, and for anything in `course.toml` that does not fit.
    """
    course, problems = open_in_part(folder, overrides, refresh=refresh, report=report, trust=trust)
    if problems or course is None:
        raise several(problems)
    return course


def open_in_part(
    folder: Path | str = ".",
    overrides: Mapping[str, Scalar] | None = None,
    *,
    refresh: bool = False,
    report: Callable[[str], None] = lambda _line: None,
    trust: Trust = OWN,
) -> tuple[Course | None, list[Problem]]:
    """The same, and all that is wrong in `course.toml`; None where what else the course has may hang on that.

    Raises CoursewrightError when there is no course or its `course.toml` cannot be read at all.
    """
    named = _find(Path(folder))
    root = named.resolve()
    name_folder(root, root if named.is_absolute() and ".." in named.parts else named)
    file = root / "course.toml"
    if trust.stranger:  # before any file is read
        check_wall()
        refuse_links(root)
    text = settings.read_text(file)
    own, misfits = settings.read_toml_in_part(text, CourseSettings, file)
    if own is None:
        return None, misfits
    course = Course(root, own, text, {}, CopyStore(root, refresh, own.fetch, report), trust=trust)
    problems = [*misfits, *faults(course, whole=not misfits)]
    if trust.stranger:
        problems += strange_settings(course)
        course = replace(course, settings=(own := plain_settings(own, report)))
    kept, wrong = without(own, problems)
    if kept is None:
        return None, problems
    course = replace(course, settings=kept, wrong=wrong)
    given = {name: value for name, value in (overrides or {}).items() if name not in course.wrong}
    return replace(course, overrides=read_overrides(course.declared, given)), problems


def find_course(folder: Path) -> Path | None:
    """The nearest folder with a `course.toml`, `folder` itself or one above it."""
    if not folder.is_dir():
        raise UsageError(f'no folder "{folder}"', None, "name the folder of a course")
    above = (folder / "/".join([".."] * up) for up in range(1, len(folder.resolve().parts)))
    return next((root for root in (folder, *above) if (root / "course.toml").is_file()), None)


def _find(folder: Path) -> Path:
    root = find_course(folder)
    if root is None:
        hint = "go to the folder of a course, or make one: coursewright new my-course"
        raise UsageError(f'no course.toml in "{folder}" or above it', None, hint)
    return root


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)
