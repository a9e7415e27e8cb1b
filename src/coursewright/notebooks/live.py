"""What a notebook tells again when a form changes a parameter: the magics that read it, each where it stands."""

from __future__ import annotations

import ast
from collections.abc import Callable, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError
from coursewright.notebooks.problem import CellProblem

if TYPE_CHECKING:
    from coursewright.notebooks.cell_form import CellForm

Tell = Callable[[], tuple[Any, frozenset[str]]]


@dataclass
class _LiveTelling:
    cell: str
    count: int
    read: frozenset[str]
    tell: Tell
    handle: Any


@dataclass
class Live:
    """The parameters that forms of the notebook change, and what was told with one of them since."""

    forms: list[CellForm] = field(default_factory=list)
    told: list[_LiveTelling] = field(default_factory=list)
    busy: bool = False

    def add(self, form: CellForm) -> None:
        """A form of the notebook."""
        self.forms.append(form)

    def hangs_on(self, read: Set[str]) -> bool:
        """Whether a form can change one of the parameters that were `read`."""
        return any(not read.isdisjoint(form.controls) for form in self.forms)

    def change(self, name: str) -> None:
        """Let all forms offer what there is now that a reader changed a parameter, and tell again what hangs on it."""
        changed, before, self.busy = {name}, 0, True
        try:
            while len(changed) > before:  # choices may hang on others that hang on the one that was changed
                before = len(changed)
                for form in self.forms:
                    form.offer(changed)
            self.tell_again(changed)
            for form in self.forms:
                form.run(changed)
        finally:
            self.busy = False

    def show(self, ipython: Any, shown: Any, read: frozenset[str], tell: Tell) -> None:
        """Show what a magic gave so that it can be shown anew in the same place; `tell` carries it out again."""
        from IPython.display import display

        cell, count = _cell(ipython), ipython.execution_count
        self.told = [each for each in self.told if each.cell != cell or each.count == count]  # it was run again
        handle = display(shown, display_id=True)  # type: ignore[no-untyped-call]  # IPython gives it no types
        self.told.append(_LiveTelling(cell, count, read, tell, handle))

    def tell_again(self, changed: Set[str]) -> None:
        """Tell again what has read one of the `changed` parameters, and nothing else."""
        for each in self.told:
            if not each.read.isdisjoint(changed):
                try:
                    shown, each.read = each.tell()
                except CoursewrightError as error:
                    shown = _LiveProblem(CellProblem(error))
                each.handle.update(shown)


@dataclass(frozen=True)
class _LiveProblem:
    """A problem in the place of what cannot be told any more."""

    problem: CellProblem

    def __repr__(self) -> str:
        return str(self.problem)


def stands_alone(name: str, source: str) -> bool:
    """Whether the magic `name` is the last statement of its cell, as IPython reads it: what it gives is shown."""
    try:
        *_, last = ast.parse(source).body
    except (SyntaxError, ValueError):
        return False
    call = last.value if isinstance(last, ast.Expr) else None
    return (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in ("run_line_magic", "run_cell_magic")
        and isinstance(call.args[0], ast.Constant)
        and call.args[0].value == name
    )


def _cell(ipython: Any) -> str:
    """What the front end calls the cell that is carried out; by its number where it does not say."""
    parent = ipython.get_parent() if hasattr(ipython, "get_parent") else {}
    return str((parent.get("metadata") or {}).get("cellId") or ipython.execution_count)
