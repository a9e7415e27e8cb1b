"""The cells of a page: its directives `{code-cell}`, and the session in which they are carried out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, Problem, SeveralProblems
from coursewright.pages.blocks.block import Block, Cell, EmbeddedPage, Picture, Raster, Sound, shown_in
from coursewright.pages.engines import CellTask
from coursewright.pages.engines.asked import CellOptions, asked_in_part, not_given
from coursewright.pages.engines.session import CellSession
from coursewright.pages.reading.page import Page, read_options
from coursewright.pages.text.body import Directive
from coursewright.pages.text.fill import fill_text

if TYPE_CHECKING:
    from coursewright.pages.executing.run import Materials

CODE_CELL = "code-cell"


@dataclass(frozen=True)
class Cells:
    """The cells that are told, by the lines of their directives, in order. If one is `broken`, none is carried out.

    `wrong` is what is wrong in each, `unknown` where there is a cell of which not even that is known.
    """

    by_lines: Mapping[tuple[int, int], CellTask]
    wrong: Mapping[tuple[int, int], Sequence[Problem]]
    session: CellSession
    unknown: bool = False

    @property
    def broken(self) -> bool:
        """Whether anything is wrong in any of them."""
        return self.unknown or any(self.wrong.values())

    def check(self, directive: Directive) -> None:
        """Raise SeveralProblems with all that is wrong in a cell before it runs."""
        if wrong := self.wrong[directive.lines]:
            raise SeveralProblems(wrong)

    def keys(self, directive: Directive) -> tuple[str, str]:
        """The fingerprint of what a cell's outputs hang on besides what is read, and that of its own code."""
        cell = self.by_lines[directive.lines]
        return self.session.key(cell), self.session.own_key(cell)

    def run(self, directive: Directive, materials: Materials) -> Cell | bool:
        """What a cell gives. Raises CoursewrightError when it fails."""
        return False if self.broken else self.session.run(self.by_lines[directive.lines], materials)


def cells_of(page: Page, materials: Materials) -> Cells | None:
    """The cells of `page` that are told; None if there are none."""
    found: dict[tuple[int, int], CellTask] = {}
    wrong: dict[tuple[int, int], list[Problem]] = {}
    directives = [directive for directive in page.directives if directive.name == CODE_CELL]
    for directive in directives:
        try:
            filled = filled_directive(directive, materials.parameters)
            found[directive.lines], wrong[directive.lines] = asked_in_part(filled, read_options(filled, CellOptions))
        except CoursewrightError:
            continue  # which is raised again where the directive is carried out
    unknown, given = len(found) < len(directives), dict[str, None]()
    for lines, cell in found.items() if not unknown else ():
        wrong[lines] += _not_given(cell, given, materials.database.tables)
        given |= dict.fromkeys(cell.gives if cell.runs else ())
    limits = page.settings.cells.over(materials.limits)
    session = CellSession(tuple(found.values()), page.file.parent, materials.root, limits, materials.language)
    return Cells(found, wrong, session, unknown) if directives else None


def _not_given(cell: CellTask, given: Mapping[str, None], tables: Collection[str]) -> Iterator[Problem]:
    """The frames that a cell takes and that neither a cell above has `given` nor a table of the course is."""
    for name in cell.takes if cell.runs else ():
        if name not in given and name not in tables:
            yield not_given(name, cell.directive, [*given, *tables]).problem


_WORDLESS: tuple[tuple[tuple[type[Any], ...], str, tuple[str, str]], ...] = (
    ((Picture, Raster), "picture", ("say what it shows", "A line that rises")),
    ((EmbeddedPage,), "widget", ("say what it shows", "A line that rises")),
    ((Sound,), "sound", ("say what is heard", "A tone that rises")),
)


def without_words(page: Page, blocks: Sequence[Block]) -> Iterator[Problem]:
    """The cells of a page, whose blocks are `blocks`, that draw or sound what they do not say in words."""
    for directive, block in zip(page.directives, blocks, strict=True):
        if not isinstance(block, Cell):
            continue
        place = directive.place(f"{{{CODE_CELL}}} {directive.argument}")
        for kinds, word, hint in _WORDLESS:
            if not all(each.alt for each in shown_in([block]) if isinstance(each, kinds)):
                said = f"{hint[0]}, in a comment of the cell: #| alt: {hint[1]}"
                yield Problem(f"this {word} has no alternative text", place, said, "alt")


def filled_directive(directive: Directive, parameters: Mapping[str, Any]) -> Directive:
    """The directive with the parameters in its options filled in."""
    place = directive.place()
    return replace(
        directive, options={name: fill_text(text, parameters, place) for name, text in directive.options.items()}
    )
