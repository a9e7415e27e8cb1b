"""The cells of one page: which of them hang together, and what they give when they are carried out.

Cells of one language share a kernel; kernels that hand frames to each other hang together. Of such a group either
nothing is carried out or everything: the state of a kernel is what all of its cells made of it.
"""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError
from coursewright.pages.blocks.block import Cell
from coursewright.pages.engines.asked import USUAL, CellLimits, CellTask, not_given
from coursewright.pages.engines.beginning import Beginning, beginning_of
from coursewright.pages.engines.ending import ends_its_kernel
from coursewright.pages.engines.found import LanguageKernel, engine_for
from coursewright.pages.engines.frames import read_given, write_frame
from coursewright.pages.engines.handed import given
from coursewright.pages.engines.kernel import OURS, CellTooSlow, Kernel, Ran
from coursewright.pages.engines.named import names_in
from coursewright.pages.engines.outputs import shown
from coursewright.pages.engines.reads import read_by, report
from coursewright.pages.engines.sides import SIDES
from coursewright.pages.executing.opened import unnoted

if TYPE_CHECKING:
    from coursewright.pages.executing.run import Materials


@dataclass
class CellGroup:
    """Cells that hang together, in the order of the page; `done` is what they gave, once they were carried out."""

    cells: list[CellTask] = field(default_factory=list)
    done: dict[int, Cell] = field(default_factory=dict)
    used: frozenset[Path] = frozenset()
    read: frozenset[str] = frozenset()
    failed: CoursewrightError | None = None

    @property
    def codes(self) -> list[str]:
        """The code of its cells."""
        return [cell.code for cell in self.cells]


@dataclass
class CellSession:
    """The cells of a page, run in `cwd` of the course at `root`, within `limits`; charts speak `language`."""

    cells: Sequence[CellTask]
    cwd: Path
    root: Path
    limits: CellLimits = USUAL
    language: str = ""
    spent: float = 0.0

    @cached_property
    def groups(self) -> list[CellGroup]:
        """The cells that run, in groups that hang together."""
        together: dict[str, set[str]] = {}
        givers: dict[str, str] = {}
        running = [cell for cell in self.cells if cell.runs]
        for cell in running:
            joined = {cell.language} | {givers[name] for name in cell.takes if name in givers}
            for language in list(joined):
                joined |= together.get(language, set())
            for language in joined:
                together[language] = joined
            givers |= dict.fromkeys(cell.gives, cell.language)
        groups: dict[frozenset[str], CellGroup] = {}
        for cell in running:
            groups.setdefault(frozenset(together[cell.language]), CellGroup()).cells.append(cell)
        return list(groups.values())

    def group(self, cell: CellTask) -> CellGroup:
        """The group of a cell that runs."""
        return next(group for group in self.groups if any(each is cell for each in group.cells))

    def key(self, cell: CellTask) -> str:
        """What the cell's outputs hang on besides what is read: its code, and that of all cells of its group."""
        if not cell.runs:
            return _digest("not run", cell.language, cell.code)
        group = self.group(cell)
        number = next(number for number, each in enumerate(group.cells) if each is cell)
        return _digest(number, self.language, [each.essence for each in group.cells])

    def own_key(self, cell: CellTask) -> str:
        """The fingerprint of the cell's own code."""
        return _digest(cell.essence)

    def run(self, cell: CellTask, materials: Materials) -> Cell:
        """What the cell gives; what was read for its group is noted in `materials`. Raises CoursewrightError."""
        if not cell.runs:
            return Cell(cell.language, cell.code)
        group = self.group(cell)
        if group.failed:
            raise group.failed
        if not group.done:
            try:
                self._carry_out(group, materials)
            except CoursewrightError as error:
                group.failed = error
                raise
        materials.used.update(group.used)
        for name in group.read:
            _ = materials.parameters[name]
        return group.done[id(cell)]

    def _carry_out(self, group: CellGroup, materials: Materials) -> None:
        """Carry out the cells of a group, each in the kernel of its language."""
        with unnoted(), _GroupRun(self, group, materials) as work:
            ran = [work.run(cell) for cell in group.cells]
            work.finish()
        # a later cell may change what an earlier one displayed
        running, language = work.running, self.language
        group.done = {
            id(cell): _told(cell, each, running.get(id(cell), ()), language)
            for cell, each in zip(group.cells, ran, strict=True)
        }


@dataclass
class _GroupRun:
    """A group that is being carried out: its kernels by language, and the files of the frames that were given.

    `running` are the threads that still ran when the last cell of a kernel had ended, by that cell.
    """

    session: CellSession
    group: CellGroup
    materials: Materials
    kernels: dict[str, Kernel] = field(default_factory=dict)
    given: dict[str, Path] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)
    running: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def __enter__(self) -> _GroupRun:
        self._stack = contextlib.ExitStack()
        self.folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="cw-frames-")))
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def run(self, cell: CellTask) -> Ran:
        """What one cell gives."""
        kernel = self.kernel(cell)
        for name in cell.takes:
            self._take(kernel, cell, name)
        ran = self._run(kernel, cell)
        if ran.failure and "raises-exception" not in cell.tags:
            raise _failed(cell, ran)
        if ran.ends:
            self.materials.remarks.append(ends_its_kernel(cell, self.group.cells))
        for name in cell.gives if not ran.failure else ():
            self._give(kernel, cell, name)
        if "parameters" in cell.tags:  # which has values to try the notebook with
            self._assign(kernel, cell)
        return ran

    def kernel(self, cell: CellTask) -> Kernel:
        """The kernel of the cell's language, with the page's parameters in it."""
        if cell.language not in self.kernels:
            engine: LanguageKernel = engine_for(cell.language, cell.place(), self._name_of_kernel(cell.language))
            beginning, spoken = self._beginning(cell), self.session.language
            kernel = Kernel(engine, self.session.cwd, cell.place(), beginning, language=spoken)
            self._stack.callback(kernel.stop)
            if kernel.unsafe:
                self.materials.remarks.append(f"a kernel is begun afresh, not forked: {kernel.unsafe}")
            self.kernels[cell.language] = kernel
            if side := SIDES.get(cell.language):
                kernel.ask(side.begin(), cell.place())
                self._assign(kernel, cell)
        return self.kernels[cell.language]

    def _name_of_kernel(self, language: str) -> str:
        """The kernel that the cells of a language ask for, "" for the usual one."""
        named = {each.kernel: each for each in self.group.cells if each.language == language and each.kernel}
        if len(named) > 1:
            first, second, *_ = named
            said = f'cells of one language share a kernel, and these name two: "{first}" and "{second}"'
            raise CoursewrightError(
                said, named[second].directive.place_of("kernel"), "name the same one in all of them"
            )
        return next(iter(named), "")

    def _beginning(self, cell: CellTask) -> Beginning | None:
        """What a kernel of the cell's language may have loaded before; None if it is to be begun afresh."""
        if cell.language != "python" or self.session.limits.fresh:
            return None
        return beginning_of(each.code for each in self.group.cells if each.language == cell.language)

    def _run(self, kernel: Kernel, cell: CellTask) -> Ran:
        limits = self.session.limits.over(USUAL)
        seconds, page = cell.seconds or limits.seconds or 0.0, (limits.page or 0.0) - self.session.spent
        begun = time.monotonic()
        try:
            return kernel.run(cell.code, min(seconds, page))
        except CellTooSlow:
            if page < seconds:
                said = f"the cells of this page take longer than {limits.page:g} seconds"
                raise CoursewrightError(said, cell.place(), "allow more: [cells] page = … in course.toml") from None
            hint = "allow more: :seconds: … in the cell, or [cells] seconds = … in course.toml"
            raise CoursewrightError(f"this cell takes longer than {seconds:g} seconds", cell.place(), hint) from None
        except RuntimeError as error:
            raise kernel.died(error, cell.place()) from None
        finally:
            self.session.spent += time.monotonic() - begun

    def _assign(self, kernel: Kernel, cell: CellTask) -> None:
        """Have the parameters that the group's code names as variables; a name that it works out may be any."""
        side = SIDES.get(cell.language)
        code = "\n".join(each.code for each in self.group.cells if each.language == cell.language)
        names = names_in(code, self.materials.parameters, cell.language)
        values: dict[str, Any] = {name: self.materials.parameters[name] for name in names}
        self.read.update(names)
        try:
            if side and (usable := {name: value for name, value in values.items() if side.is_name(name)}):
                kernel.ask(side.assign(usable), cell.place())
        except TypeError as error:
            raise CoursewrightError(f"a parameter has a value of the kind {error}", cell.place()) from None

    def _take(self, kernel: Kernel, cell: CellTask, name: str) -> None:
        """Have a frame of a cell above, or a table of the course, as a variable."""
        side, place = SIDES.get(cell.language), cell.directive.place_of("in")
        if side is None:
            raise CoursewrightError("frames go to Python and R alone", place, "read a file in this language")
        tables = self.materials.database.tables
        if name not in self.given and name not in tables:
            raise not_given(name, cell.directive, [*self.given, *tables])
        file = self.given.get(name) or self.folder / f"table-{len(list(self.folder.iterdir()))}"
        if name not in self.given:
            try:
                write_frame(self.materials.query(self.materials.database.select(name)), file)
            except TypeError as error:
                raise CoursewrightError(f"{error}, which no kernel takes", place, "leave it out, or CAST it") from None
        kernel.ask(side.take(name, file), place)

    def _give(self, kernel: Kernel, cell: CellTask, name: str) -> None:
        """Keep a frame for the cells below."""
        side, place = SIDES.get(cell.language), cell.directive.place_of("out")
        if side is None:
            raise CoursewrightError("frames come from Python and R alone", place, "write a file in this language")
        file = self.folder / f"frame-{len(list(self.folder.iterdir()))}"
        kernel.ask(side.give(name, file), place)
        self.materials.remarks.extend(filter(None, [read_given(name, file, place)]))
        self.given[name] = file

    def finish(self) -> None:
        """Note what was read."""
        reports = list(self._reports())
        engines = [kernel.engine.file for kernel in self.kernels.values() if kernel.engine.file]
        own = [OURS, self.folder, *(kernel.folder for kernel in self.kernels.values())]
        found = read_by(reports, self.group.codes, self.session.cwd, self.session.root, own)
        self.group.used = frozenset({*found, *engines, *self.materials.used})
        self.group.read = frozenset(self.read)

    def _reports(self) -> Iterator[Path]:
        for language, kernel in self.kernels.items():
            if side := SIDES.get(language):
                file = self.folder / f"report-{language}"
                last = [cell for cell in self.group.cells if cell.language == language][-1]
                left = (self.session.limits.over(USUAL).page or 0.0) - self.session.spent
                self.running[id(last)] = report(kernel, side.report(file), file, last.place(), left)
                yield file


def _told(cell: CellTask, ran: Ran, running: tuple[str, ...], language: str) -> Cell:
    """A cell with what it gave."""
    failure, found = ran.failure, shown(ran, cell)
    return Cell(
        cell.language,
        cell.code,
        found,
        failure=failure.message if failure else "",
        failed_on=(failure.line if failure else None) or 0,
        given=given(ran, cell.language, language),
        running=running,
    )


def _failed(cell: CellTask, ran: Ran) -> CoursewrightError:
    assert ran.failure  # noqa: S101 - it is asked for one that failed
    hint = f"{ran.failure.hint or 'correct the cell'}; to show the error to readers, tag it: :tags: [raises-exception]"
    return CoursewrightError(ran.failure.message, cell.place(ran.failure.line or 1), hint)


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()
