"""Small multiples: a panel for each group, with the lines of the others behind it in grey."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

from coursewright.figures.charts import theme
from coursewright.figures.charts.describe import ranging, sentence
from coursewright.figures.charts.describe import width as width_of
from coursewright.figures.charts.plot import numbered, round_numbers, scale
from coursewright.figures.charts.series import Axis, Series
from coursewright.figures.charts.sheet import NARROW, ChartLook, ChartWords, Tip, around, dressed, shortened
from coursewright.figures.pictures.colour import COLOURS

_ACROSS, _ACROSS_NARROW = 4, 2  # panels beside each other
_HIGH = 1.35  # inches of a panel with its name
_TICKS, _TICKS_NARROW = 4, 3  # years under a panel
_LETTER = 5.5  # points of a letter in the name of a panel


def plot(
    axis: Axis, series: Sequence[Series], words: ChartWords, look: ChartLook, width: float
) -> tuple[Any, None, list[Tip]]:
    """The plot, nothing to finish it, and what the pointer shows at its points."""
    p9 = theme.plotnine()
    narrow = width <= NARROW
    across = min(len(series), _ACROSS_NARROW if narrow else _ACROSS)
    drawn = p9.ggplot(p9.aes("x", "y"))
    for layer in _layers(series, look, round((width * 72 - 40) / across / _LETTER)):
        drawn += layer
    drawn += p9.facet_wrap("panel", ncol=across)
    wide = max(theme.widths([text for _, text in axis.ticks] or [""], 9)) + 6
    drawn += scale(axis, series, _TICKS_NARROW if narrow else _TICKS, int((width * 72 - 40) / across / wide))
    drawn += p9.scale_y_continuous(breaks=round_numbers(series), labels=partial(numbered, axis.speech))
    drawn += dressed(words, width, around(words, width) + 0.2 + _HIGH * -(-len(series) // across))
    drawn += p9.theme(
        strip_text=p9.element_text(color=theme.INK, size=8.5, ha="left"), strip_background=p9.element_blank()
    )
    spread = width_of(series)
    tips = [
        Tip(f"{each.name}, {axis.told(x)}: {axis.speech.number(y, spread)}", (x, y), (x, y), panel)
        for panel, each in enumerate(series)
        for x, y in zip(each.x, each.y, strict=True)
    ]
    return drawn, None, tips


def _layers(series: Sequence[Series], look: ChartLook, letters: int) -> list[Any]:
    """All lines in each panel in grey, and over them its own; a point without neighbours is a dot."""
    import pandas as pd

    p9 = theme.plotnine()
    names = shortened([each.name for each in series], letters)
    rows = [
        (name, x, y, f"{name}/{stretch}")
        for name, each in zip(names, series, strict=True)
        for x, y, stretch in zip(each.x, each.y, each.stretch, strict=True)
    ]
    own = pd.DataFrame(rows, columns=["panel", "x", "y", "stretch"])
    own["panel"] = pd.Categorical(own["panel"], names)
    layers = [p9.geom_line(p9.aes(group="stretch"), own.drop(columns="panel"), color=theme.FAINT, size=0.5)]
    for name, each in zip(names, series, strict=True):
        quiet = look.highlight and each.name not in look.highlight
        colour = theme.GREY if quiet else look.colours.get(each.name, COLOURS[0])
        some = own[own["panel"] == name]
        joined = some["stretch"].duplicated(keep=False)
        if joined.any():
            layers.append(p9.geom_line(p9.aes(group="stretch"), some[joined], color=colour, size=0.9))
        if not joined.all():
            layers.append(p9.geom_point(data=some[~joined], color=colour, fill=colour, size=1.2, stroke=0.3))
    return layers


def describe(
    axis: Axis, series: Sequence[Series], *, title: str, x: str, y: str, group: str, highlight: Collection[str]
) -> str:
    """What the panels show: their ranges, and where each line ends."""
    own, width = axis.speech, width_of(series)
    panels = own.say("panels", count=len(series), group=group)
    ends = [f"{each.name} {own.number(each.y[-1], width)} ({axis.told(each.x[-1])})" for each in series]
    parts = [
        sentence(title),
        ranging(axis, series, panels if len(series) > 1 else own.say("line", name=series[0].name), x, y),
        own.say("ends", told=own.words["apart"].join(ends)),
        own.highlighted([each.name for each in series if each.name in highlight]),
    ]
    return " ".join(filter(None, parts))
