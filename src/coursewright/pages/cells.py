"""The cells of a page: its directives `{code-cell}`, and the session in which they are carried out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, Problem
from coursewright.pages.block import Block, Cell, Framed, Picture, Raster, Sound, shown_in
from coursewright.pages.body import Directive
from coursewright.pages.engines import Asking, Session, asking
from coursewright.pages.engines.asked import Options
from coursewright.pages.fill import fill_text
from coursewright.pages.page import Page, read_options

if TYPE_CHECKING:
    from coursewright.pages.execute import Materials

CODE_CELL = "code-cell"


@dataclass(frozen=True)
class Cells:
    """The cells that are told, by the lines of their directives. If one is `broken`, none is carried out."""

    by_lines: Mapping[tuple[int, int], Asking]
    session: Session
    broken: bool = False

    def keys(self, directive: Directive) -> tuple[str, str]:
        """The fingerprint of what a cell's outputs hang on besides what is read, and that of its own code."""
        cell = self.by_lines[directive.lines]
        return self.session.key(cell), self.session.own_key(cell)

    def run(self, directive: Directive, materials: Materials) -> Cell | bool:
        """What a cell gives. Raises CoursewrightError when it fails."""
        return False if self.broken else self.session.run(self.by_lines[directive.lines], materials)


def cells_of(page: Page, materials: Materials) -> Cells | None:
    """The cells of `page` that are told; None if there are none."""
    found: dict[tuple[int, int], Asking] = {}
    directives = [directive for directive in page.directives if directive.name == CODE_CELL]
    for directive in directives:
        try:
            filled = filled_directive(directive, materials.parameters)
            found[directive.lines] = asking(filled, read_options(filled, Options))
        except CoursewrightError:
            continue  # which is raised again where the directive is carried out
    limits = page.settings.cells.over(materials.limits)
    session = Session(tuple(found.values()), page.file.parent, materials.root, limits)
    return Cells(found, session, len(found) < len(directives)) if directives else None


_WORDLESS: tuple[tuple[tuple[type[Any], ...], str, tuple[str, str]], ...] = (
    ((Picture, Raster), "picture", ("say what it shows", "A line that rises")),
    ((Framed,), "widget", ("say what it shows", "A line that rises")),
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
