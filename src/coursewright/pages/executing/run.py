"""The verb: carry out a page's directives, once, for every format."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from coursewright import plugins
from coursewright.errors import CoursewrightError, Problem, SeveralProblems, did_you_mean
from coursewright.facts import FactSentence, Finder, Together, find, read_finder
from coursewright.pages.blocks.block import Block, Form
from coursewright.pages.engines import CellLimits
from coursewright.pages.engines.asked import NO_LIMITS
from coursewright.pages.executing.cells import Cells, cells_of, filled_directive
from coursewright.pages.executing.opened import opened
from coursewright.pages.executing.outcome import VARIABLE, Outcome, ParameterLog, fingerprint_of
from coursewright.pages.reading.in_part import FAILED, TEXTS, InPart
from coursewright.pages.reading.page import Page, read_options
from coursewright.pages.text.body import Directive, Passage, standing_alone
from coursewright.pages.text.fill import fill, named_in
from coursewright.tables import Database, Sql, Timeline
from coursewright.tables.parameters import Declaration, Field, read_field
from coursewright.tables.statements import tie
from coursewright.trust import OWN, Trust

if TYPE_CHECKING:
    import pyarrow as pa

_OURS = Path(__file__).parents[2]


@dataclass(frozen=True)
class Materials:
    """What directives work with: the course's folder, its database, its timeline and the present parameters;
    `overrides` are values for the finders' own parameters, `together` has the facts of all pages of the same file.

    `used` collects the files and folders that a page's content came from, `remarks` what its author should know of it;
    where they are to be `thorough`, statements are asked more than once. Without `figures`, none is drawn. Code may
    take as long as `limits` say, and do what `trust` allows. `declared` says what the parameters can be.
    """

    root: Path
    database: Database
    parameters: Mapping[str, Any]
    timeline: Timeline | None = None
    overrides: Mapping[str, Any] = field(default_factory=dict)
    language: str = "en-GB"
    together: Together = field(default_factory=Together)
    used: set[Path] = field(default_factory=set)
    remarks: list[str] = field(default_factory=list)
    thorough: bool = False
    figures: bool = True
    trust: Trust = OWN
    limits: CellLimits = NO_LIMITS
    cells: Cells | None = None
    declared: Mapping[str, Declaration] = field(default_factory=dict)

    def query(self, sql: Sql) -> pa.Table:
        """The rows of `sql`; its files are noted as used, and so are the parameters that stand behind it."""
        self.used.update(self.database.files(sql))
        read = [name for name in self.database.parameters_behind(sql) if name in self.parameters]
        values = {name: self.parameters[name] for name in read}
        if self.thorough:
            remark = tie(sql, self.database.dialect, lambda other: self.database.query(other, values))
            self.remarks.extend(filter(None, [remark]))
        return self.database.query(sql, values)

    def field(self, name: str) -> Field:
        """The parameter called `name` as a form asks for it; the files behind its choices are noted as used."""
        declared = self.declared[name]
        if declared.select:
            self.used.update(self.database.files(declared.select))
        return read_field(declared, self.parameters, self.database)

    def moment(self, finders: tuple[Finder, ...]) -> dict[str, Any]:
        """The parameters that `finders`, their words or the timeline name."""
        named = set(self.timeline.now) if self.timeline else set()
        for finder in finders:
            grammar = finder.grammar_file.read_text(encoding="utf-8") if finder.grammar_file else ""
            named |= self.database.parameters_behind(finder.sql)
            named |= set(re.findall(r"\w+", f"{finder.settings} {grammar}"))
        return {name: self.parameters[name] for name in self.parameters if name in named}

    def facts(self, finders: tuple[Finder, ...]) -> list[FactSentence]:
        """What `finders` find at the present moment, best first."""
        asked = partial(
            find, self.database, finders, timeline=self.timeline, overrides=self.overrides, language=self.language
        )
        names = tuple(finder.name for finder in finders)
        return self.together.told(self.moment(finders), names, lambda moments: asked(moments=moments))

    def finders(self, names: tuple[str, ...] = ()) -> tuple[Finder, ...]:
        """The finders called `names`, or all of them, noted as used with what they read.

        Raises CoursewrightError for a name that no file has.
        """
        folder = self.root / "facts"
        if not names:
            self.used.add(folder)
            names = tuple(file.stem for file in sorted(folder.glob("*.sql")))
        files = [self.file("facts", name, ".sql", "finder") for name in names]
        finders = tuple(read_finder(file) for file in files)
        for finder in finders:
            self.used.update(self.database.files(finder.sql), filter(None, [finder.grammar_file]))
        if self.timeline:  # whose table says what was known, whether a finder names it or not
            self.used.update(self.database.files(self.database.select(self.timeline.table)))
        return finders

    def file(self, folder: str, name: str, suffix: str, word: str) -> Path:
        """The file of `folder` called `name`, noted as used."""
        path = self.root / folder / f"{name}{suffix}"
        there = os.listdir(path.parent) if path.parent.is_dir() else []  # noqa: PTH208 - names, which are asked for often
        if path.name not in there or path.parent != self.root / folder:
            available = [file.stem for file in (self.root / folder).glob(f"*{suffix}")]
            raise CoursewrightError(f'no {word} called "{name}"', None, did_you_mean(name, available))
        self.used.add(path)
        return path


@dataclass(frozen=True)
class ExecutedPage:
    """A page with its directives carried out: `blocks` has one for each directive that is told, in order.

    `outcomes` are those of all its passages and directives, with what was read for each; `fields` are the parameters
    that it hangs on, as far as readers can choose them; `overrides` are values for its finders' own parameters.
    """

    page: Page
    address: str
    parameters: Mapping[str, Any]
    blocks: tuple[Block, ...]
    outcomes: tuple[Outcome, ...] = ()
    fields: tuple[Field, ...] = ()
    overrides: Mapping[str, Any] = field(default_factory=dict)


Keep = Callable[[str, Directive | Passage, str], Outcome | None]


def _never(_asked: str, _written: Directive | Passage, _own: str) -> Outcome | None:
    return None


def execute(page: Page, address: str, materials: Materials, kept: Keep = _never) -> ExecutedPage:
    """Carry out the passages of `page`, and every directive of it that is told.

    `kept` gives what an earlier outcome was, by the fingerprint of what the author wrote, if it still holds; it is told
    what was written, and of a cell the fingerprint of its own code. Raises InPart, with the place of each that failed
    and with the page as far as it is known.
    """
    work = _Execution(materials, kept)
    # 1. which passages are told
    left_out: set[int] = set()
    for passage in page.passages:
        if passage.lines[0] not in left_out:  # else it is inside one that is left out
            told = work.done(passage, partial(_has_rows, passage.sql))
            left_out |= passage.marks if told else set(range(*passage.lines))
    told_page, is_known = page.without(left_out), not work.problems
    # 2. each directive; of one that is not told, only what can be wrong with it without its rows is found
    work = replace(work, materials=replace(materials, cells=cells_of(told_page, materials)))
    blocks: list[Block] = []
    for directive in page.directives:
        block: list[Block] = []
        with work.noting_problems(directive):
            filled = filled_directive(directive, materials.parameters)
            plugin = plugins.load("directives", directive.name, directive.place())
            options = read_options(filled, plugin.Options, getattr(plugin, "asking", None))
            if directive in told_page.directives:
                block = work.block(filled, plugin, options)
        if directive in told_page.directives:
            blocks += block or [FAILED]
            is_known = is_known and bool(block or directive.name not in TEXTS)
    # 3. what readers can choose
    executed = work.executed(told_page, address, blocks)
    # 4. the text of what is not told
    if left_out:
        with work.noting_problems():
            fill(page, materials.parameters)
    if work.problems:
        raise InPart(work.problems, executed, is_known=is_known)
    return executed


@dataclass(frozen=True)
class _Execution:
    """What one page's execution has given so far."""

    materials: Materials
    kept: Keep
    outcomes: list[Outcome] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def block(self, directive: Directive, plugin: Any, options: Any) -> list[Block]:
        """The block that a directive becomes; none, with its problems noted, when it fails.

        A plugin may say by `asking` what is wrong with options that fit, and by `asked` what its block hangs on besides
        what is read, and by `own` what of it is the author's; `shown` is then how the block looks, which hangs on
        nothing else.
        """
        run, file = partial(plugin.run, directive, options), Path(plugin.__file__)
        asked = own = ""
        if hasattr(plugin, "asked"):
            asked, own = plugin.asked(directive, options, self.materials)
        block = self.done(directive, run, file, asked, own)
        if hasattr(plugin, "shown") and not isinstance(block, bool):
            block = plugin.shown(block, directive, options)
        return [] if isinstance(block, bool) else [block]

    def executed(self, page: Page, address: str, blocks: Iterable[Block]) -> ExecutedPage:
        """The page as far as it is known now."""
        chosen, of = self.fields(page), self.materials
        return ExecutedPage(page, address, of.parameters, tuple(blocks), tuple(self.outcomes), chosen, of.overrides)

    def fields(self, page: Page) -> tuple[Field, ...]:
        """The parameters that the page hangs on, as a form asks for them."""
        read = {name for outcome in self.outcomes for name in outcome.parameters} | set(named_in(page))
        names = [name for name, own in self.materials.declared.items() if name in read and own.offered]
        if not names:
            return ()
        plugin = plugins.load("directives", "form")
        blocks = self.block(standing_alone("form", " ".join(names), "", page.file), plugin, plugin.Options())
        return tuple(field for block in blocks if isinstance(block, Form) for field in block.fields)

    def done(
        self,
        written: Directive | Passage,
        run: Callable[[Materials], Block | bool],
        plugin: Path | None = None,
        asked: str = "",
        own: str = "",
    ) -> Block | bool:
        """What carrying it out gives, now or before; False with its problems noted when it fails.

        `plugin` is the file of what carries it out, `asked` the fingerprint of what its outcome hangs on besides what
        is read, by default that of what the author wrote, which for a cell is `own`.
        """
        with self.noting_problems(written):
            asked = asked or fingerprint_of(written)
            outcome = self.kept(asked, written, own)
            if outcome is None:
                made = _carry_out(written, run, self.materials, plugin)
                outcome = msgspec.structs.replace(made, asked=asked, own=own)
            self.outcomes.append(outcome)
            return outcome.result
        return False

    @contextlib.contextmanager
    def noting_problems(self, written: Directive | Passage | None = None) -> Iterator[None]:
        """Keep the problems of what is done inside; those without a place get that of the directive."""
        try:
            yield
        except CoursewrightError as error:
            place = written.place() if isinstance(written, Directive) else None
            self.problems.extend(p if p.where else replace(p, where=place) for p in error.problems)


def carry_out(directive: Directive, materials: Materials, plugin: Any = None) -> Block:
    """The block of one directive that stands alone; `plugin` is what carries it out, where that is not its own.

    Raises CoursewrightError with the place of the directive, or of what is wrong in it.
    """
    try:
        filled = filled_directive(directive, materials.parameters)
        plugin = plugin or plugins.load("directives", directive.name, directive.place())
        block: Block = plugin.run(filled, read_options(filled, plugin.Options), materials)
    except CoursewrightError as error:
        problems = [p if p.where else replace(p, where=directive.place()) for p in error.problems]
        raise SeveralProblems(problems) from None
    return block


def _has_rows(sql: Sql, materials: Materials) -> bool:
    return bool(materials.query(sql).num_rows)


def _carry_out(
    written: Directive | Passage, run: Callable[[Materials], Block | bool], materials: Materials, plugin: Path | None
) -> Outcome:
    """Run it with materials of its own, which note what is read; so is a plugin that is not ours."""
    noted = ParameterLog(materials.parameters)
    of_others = {plugin} if plugin and not plugin.is_relative_to(_OURS) else set()
    given = replace(materials, parameters=noted, used=of_others, remarks=[])
    with opened(given.root) as seen:
        result = run(given)
    files = {_within(file, given.root) for file in {*given.used, *seen.files}}
    read = tuple(sorted(files | {f"{VARIABLE}{name}" for name in seen.environment}))
    return Outcome(fingerprint_of(written), result, read, dict(sorted(noted.read.items())), tuple(given.remarks))


@lru_cache(maxsize=10_000)  # hundreds of pages read the same files
def _within(file: Path, root: Path) -> str:
    return str(file.relative_to(root) if file.is_relative_to(root) else file)
