"""The sheet that a diagram is drawn on: it grows with what is put on it, so that nothing is cut off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from xml.sax.saxutils import escape, quoteattr

from coursewright.figures.charts.theme import BACKGROUND, INK
from coursewright.figures.diagrams.letters import RISE, SIZE, outline, plain, width
from coursewright.figures.figure import Figure
from coursewright.figures.pictures.themed import themed

MARGIN = 20
STROKE = 1.6
MINUS = "\N{MINUS SIGN}"

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class _Label:
    """Words on the sheet from `left` on the line `base`, `long` in the font that they were laid out in."""

    words: str
    left: float
    base: float
    long: float
    side: float
    size: float
    colour: str

    def outlined(self) -> str:
        """As outlines, the same for every reader."""
        spot = f'transform="translate({self.left:.2f} {self.base:.2f})" fill="{self.colour}"'
        drawn = outline(self.words, self.size)
        return f'<g class="label" aria-label={quoteattr(self.words)} {spot}>{drawn}</g>'

    def text(self) -> str:
        """As text in the reader's font, held where the label is held."""
        anchor = "start" if self.side < 0.25 else "end" if self.side > 0.75 else "middle"
        x = self.left + self.long * {"start": 0, "middle": 0.5, "end": 1}[anchor]
        spot = f'x="{x:.2f}" y="{self.base:.2f}" font-size="{self.size:g}" text-anchor="{anchor}" fill="{self.colour}"'
        return f"<text {spot}>{escape(self.words)}</text>"


class Paper:
    """What is drawn, in order, and the room that it takes. All lengths are pixels, y grows downwards."""

    def __init__(self) -> None:
        self._drawn: list[str | _Label] = []
        self._x: list[float] = []
        self._y: list[float] = []

    def reach(self, *points: Point) -> None:
        """These points are inside the picture."""
        self._x += [x for x, _ in points]
        self._y += [y for _, y in points]

    def line(self, *points: Point, colour: str = INK, thick: float = STROKE, dashes: str = "") -> None:
        """A line through `points`."""
        self.reach(*points)
        self.path("M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points), colour=colour, thick=thick, dashes=dashes)

    def path(  # the caller knows how far it goes
        self, d: str, *, colour: str = INK, thick: float = STROKE, fill: str = "none", dashes: str = ""
    ) -> None:
        """The SVG path `d`; say `reach` as well where it goes further than anything else."""
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        style = f'fill="{fill}" stroke="{colour}" stroke-width="{thick:g}"'
        self._drawn.append(f'<path d="{d}" {style}{dashed}/>')

    def circle(self, at: Point, radius: float, *, colour: str = INK, fill: str = "none", thick: float = STROKE) -> None:
        """A circle around `at`."""
        x, y = at
        self.reach((x - radius, y - radius), (x + radius, y + radius))
        style = f'fill="{fill}" stroke="{colour}" stroke-width="{thick:g}"'
        self._drawn.append(f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius:.2f}" {style}/>')

    def dot(self, at: Point, radius: float = 3.2, *, colour: str = INK) -> None:
        """A filled dot."""
        self.circle(at, radius, colour=colour, fill=colour, thick=0.5)

    def label(
        self,
        text: object,
        at: Point,
        *,
        side: float = 0.5,
        size: float = SIZE,
        colour: str = INK,
        ground: bool = False,
    ) -> Box:
        """`text` with its middle (`side` 0.5), its start (0) or its end (1) at `at`; gives the room that it takes.

        `ground` puts the sheet's own colour behind it, where a line may pass.
        """
        words = plain(text)
        long, tall = width(words, size), size * RISE
        left, base = at[0] - long * side, at[1] + tall / 2
        box = (left, base - tall * 1.3, left + long, base + tall * 0.35)
        self.reach(box[:2], box[2:])
        if ground:
            self.rectangle(box, fill=BACKGROUND, colour="none")
        self._drawn.append(_Label(words, left, base, long, side, size, colour))
        return box

    def rows(self, rows: Sequence[str], at: Point, *, size: float = SIZE, colour: str = INK) -> None:
        """Rows of text, one below the other, with their middle at `at`."""
        for number, row in enumerate(rows):
            self.label(row, (at[0], at[1] + (number - (len(rows) - 1) / 2) * size * 1.15), size=size, colour=colour)

    def rectangle(self, box: Box, *, colour: str = INK, fill: str = "none", thick: float = STROKE) -> None:
        """A rectangle."""
        left, top, right, bottom = box
        self.reach(box[:2], box[2:])
        place = f'x="{left:.2f}" y="{top:.2f}" width="{right - left:.2f}" height="{bottom - top:.2f}"'
        self._drawn.append(f'<rect {place} fill="{fill}" stroke="{colour}" stroke-width="{thick:g}"/>')

    def raw(self, svg: str) -> None:
        """SVG as it is, say a definition."""
        self._drawn.append(svg)

    def figure(self, alt: str, caption: str = "") -> Figure:
        """The whole picture as it stands in a page, and on white paper."""
        drawn = "".join(each if isinstance(each, str) else each.text() for each in self._drawn)
        return Figure(themed(self._svg(alt, drawn), alt=alt), alt, caption, white=partial(self.white, alt))

    def white(self, alt: str) -> str:
        """The whole picture on a light ground of its own, which keeps it readable on a dark page."""
        left, top, wide, high = self._box()
        ground = f'x="{left:.2f}" y="{top:.2f}" width="{wide:.2f}" height="{high:.2f}" rx="8" fill="{BACKGROUND}"'
        drawn = "".join(each if isinstance(each, str) else each.outlined() for each in self._drawn)
        return self._svg(alt, f'<rect {ground}/><g stroke="none">{drawn}</g>')

    def _svg(self, alt: str, drawn: str) -> str:
        left, top, wide, high = self._box()
        box = f"{left:.2f} {top:.2f} {wide:.2f} {high:.2f}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:.0f}" height="{high:.0f}" viewBox="{box}" '
            f'role="img" stroke-linejoin="round" stroke-linecap="round"><title>{escape(plain(alt))}</title>'
            f"{drawn}</svg>\n"
        )

    def _box(self) -> Box:
        """Left, top, width and height."""
        left, top = min(self._x) - MARGIN, min(self._y) - MARGIN
        return left, top, max(self._x) + MARGIN - left, max(self._y) + MARGIN - top


def listed(things: Sequence[object], joint: str = "and") -> str:
    """`things` in words: A, B and C."""
    words = [plain(thing) for thing in things]
    return f" {joint} ".join(part for part in (", ".join(words[:-1]), words[-1]) if part) if words else "none"
