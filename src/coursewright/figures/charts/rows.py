"""Charts with a row for each name: bars, dots and ranges, with their values written beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from coursewright.errors import CoursewrightError
from coursewright.figures.charts import theme
from coursewright.figures.charts.describe import sentence
from coursewright.figures.charts.series import checked, numbers
from coursewright.figures.charts.sheet import NARROW, ChartLook, ChartWords, Tip, around, dressed, shortened
from coursewright.figures.charts.spoken import Speech, speech
from coursewright.figures.pictures.colour import COLOURS

MOST = 40  # rows that a reader follows
TOLD = 10  # rows that are all told in words
_ROW = 0.27  # inches
_THICK = 0.36  # half of a bar, in rows
_SIZE = 8.5  # points of a value
_GAP = 6.0  # points beside it
_LABEL = 0.25  # inches of what the values are, below them
_LETTERS = 30  # of a name
_LETTERS_NARROW = 16

Kind = Literal["bars", "dots", "ranges"]


@dataclass(frozen=True, slots=True)
class ChartRows:
    """A name for each row with what it reaches from and to; the same twice where there is one value."""

    names: tuple[str, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]

    @property
    def width(self) -> float:
        """From the lowest to the highest value."""
        return max(self.high) - min(self.low)


def read_rows(frame: Any, x: str, low: str, high: str) -> ChartRows:
    """The rows of `frame` in their order; a row without a value is left out.

    Raises CoursewrightError for a name that comes twice, for no rows with values and for more than 40.
    """
    table = checked(frame, (x, low, high), full=(x,))
    values = zip(table[x].astype(str), numbers(table, low), numbers(table, high), strict=True)
    rows = [(name, float(a), float(b)) for name, a, b in values if a == a and b == b]  # noqa: PLR0124 - only NaN differs from itself
    names = [name for name, _, _ in rows]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise CoursewrightError(f'"{twice}" has more than one row', hint="a chart of rows has one row for each name")
    if not rows:
        raise CoursewrightError(f'the column "{high}" has no number to draw')
    if len(rows) > MOST:
        raise CoursewrightError(
            f"this chart has {len(rows)} rows, and a reader follows {MOST} at most",
            hint="choose the rows that the story is about: limit 20",
        )
    return ChartRows(*(tuple(column) for column in zip(*rows, strict=True)))


def plot(rows: ChartRows, words: ChartWords, kind: Kind, look: ChartLook, width: float) -> tuple[Any, None, list[Tip]]:
    """The plot, nothing to finish it, and what the pointer shows at its rows."""
    import pandas as pd

    p9 = theme.plotnine()
    places = [-float(place) for place in range(len(rows.names))]
    painted, own = [_colour(name, look) for name in rows.names], speech(look.language)
    base = [0.0 if kind == "bars" else low for low in rows.low]
    table = pd.DataFrame({"y": places, "a": base, "b": rows.high, "name": rows.names})
    drawn = p9.ggplot(table)
    for layer in _layers(table, kind, painted):
        drawn += layer
    letters = _LETTERS_NARROW if width <= NARROW else _LETTERS
    short = shortened(rows.names, letters)
    panel = width * 72 - max(theme.widths(short, 9)) - 40
    drawn += _values(rows, kind, table, _GAP / panel, own)
    drawn += p9.scale_y_continuous(breaks=places, labels=short, limits=(places[-1] - 0.6, 0.6), expand=(0, 0))
    drawn += _scale(rows, kind, panel, own)
    label = _LABEL if words.x else 0
    drawn += dressed(words, width, around(words, width) + label + _ROW * (len(places) + 0.2))
    blank = p9.element_blank()
    drawn += p9.theme(panel_grid_major_y=blank, axis_line_x=blank, axis_ticks_major_x=blank, axis_text_x=blank)
    tips = [
        Tip(f"{name}: {_told(rows, place, own)}", (min(a, b), y - _THICK), (max(a, b), y + _THICK))
        for place, (y, a, b, name) in enumerate(table.itertuples(index=False))
    ]
    return drawn, None, tips


def _colour(name: str, look: ChartLook) -> str:
    if look.highlight and name not in look.highlight:
        return theme.GREY
    return look.colours.get(name, COLOURS[0])


def _layers(table: Any, kind: Kind, painted: Sequence[str]) -> list[Any]:
    p9 = theme.plotnine()
    aes = p9.aes
    colour = {"color": painted, "fill": painted}
    if kind == "bars":
        edges = table.assign(foot=table["y"] - _THICK, head=table["y"] + _THICK)
        return [
            p9.geom_rect(aes(xmin="a", xmax="b", ymin="foot", ymax="head"), edges, fill=painted),
            p9.geom_vline(xintercept=0, color=theme.SOFT, size=0.4),
        ]
    ends = [p9.geom_point(aes("b", "y"), size=2.6, stroke=0.3, **colour)]
    if kind == "ranges":
        ends.insert(0, p9.geom_segment(aes(x="a", xend="b", y="y", yend="y"), color=painted, size=1.1))
        ends.append(p9.geom_point(aes("a", "y"), color=painted, fill=theme.BACKGROUND, size=2.6, stroke=0.7))
        return ends
    return [p9.geom_hline(table, aes(yintercept="y"), color=theme.FAINT, size=0.4), *ends]


def _values(rows: ChartRows, kind: Kind, table: Any, gap: float, own: Speech) -> list[Any]:
    """The values as text; those of a range at both of its ends."""
    p9 = theme.plotnine()
    gap *= _span(rows, kind) * 1.2
    one = table["a"] == table["b"]
    out = []
    for column, values in (("b", rows.high), ("a", rows.low))[: 2 if kind == "ranges" else 1]:
        other = table["a" if column == "b" else "b"]
        for side, sign in (("left", 1), ("right", -1)):
            ahead = (table[column] >= other) if column == "b" else (table[column] > other)
            some = table[(ahead == (sign > 0)) & ~(one & (column == "a"))]
            if len(some):
                texts = [own.number(values[place], rows.width) for place in some.index]
                placed = some.assign(at=some[column] + sign * gap, text=texts)
                out.append(p9.geom_text(p9.aes("at", "y", label="text"), placed, ha=side, size=_SIZE, color=theme.SOFT))
    return out


def _span(rows: ChartRows, kind: Kind) -> float:
    low, high = min((*rows.low, *rows.high)), max((*rows.low, *rows.high))
    return (max(high, 0) - min(low, 0) if kind == "bars" else high - low) or abs(high) or 1.0


def _scale(rows: ChartRows, kind: Kind, panel: float, own: Speech) -> Any:
    """Room for the values beside their rows."""
    low, high = min((*rows.low, *rows.high)), max((*rows.low, *rows.high))
    if kind == "bars":
        low, high = min(low, 0.0), max(high, 0.0)
    texts = [own.number(value, rows.width) for value in (*rows.low, *rows.high)]
    text = max(theme.widths(texts, _SIZE)) + 2 * _GAP
    room = _span(rows, kind) * text / max(panel - 2 * text, text)
    left = low - (room if kind != "bars" or low < 0 else 0)
    return theme.plotnine().scale_x_continuous(limits=(left, high + room), expand=(0, 0))


def _told(rows: ChartRows, place: int, own: Speech) -> str:
    low, high = rows.low[place], rows.high[place]
    told = own.number(high, rows.width)
    return told if low == high else own.say("between", low=own.number(low, rows.width), high=told)


def describe(rows: ChartRows, *, kind: Kind, title: str, x: str, y: str, ends: tuple[str, str], look: ChartLook) -> str:
    """What the chart shows: every row of a few, of many the highest and the lowest.

    `ends` are the columns of the values, which it names where `y` does not say what they are.
    """
    own, count = speech(look.language), len(rows.names)
    y = y or (ends[0] if kind != "ranges" else own.say("between", low=ends[0], high=ends[1]))
    told = [f"{name} {_told(rows, place, own)}" for place, name in enumerate(rows.names)]
    parts = [sentence(title), own.say(kind if count > 1 else kind[:-1], count=count, x=x, y=y)]

    def joined(places: Sequence[int]) -> str:
        return own.words["apart"].join(told[place] for place in places)

    if count <= TOLD:
        parts.append(f"{joined(range(count))}.")
    else:
        order = sorted(range(count), key=lambda place: -rows.high[place])
        parts += [own.say("highest", told=joined(order[:3])), own.say("lowest", told=joined(order[-3:]))]
    parts.append(own.highlighted([name for name in rows.names if name in look.highlight]))
    return " ".join(filter(None, parts))
