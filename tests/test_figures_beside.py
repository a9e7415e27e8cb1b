"""Names beside the dots of a map: none over another, over a dot or past the edge."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursewright.figures import places
from coursewright.figures.charts.beside import Dot, beside

WIDE, TALL = 300.0, 130.0
DOTS = st.builds(Dot, st.floats(0, WIDE), st.floats(0, TALL), st.floats(1, 6))
NAMED = st.lists(st.tuples(DOTS, st.floats(5, 90)), max_size=14)
TABLE = Path(__file__).parent.parent / "examples/show-and-tell/data/observatories.csv"


@settings(max_examples=80, deadline=None)
@given(NAMED, st.lists(DOTS, max_size=20))
def test_names_meet_nothing(named: list[tuple[Dot, float]], others: list[Dot]) -> None:
    dots = [dot for dot, _ in named]
    found = beside(dots, [(width, 10.6) for _, width in named], others, WIDE, TALL)
    boxes = [box for box in found if box]
    assert len(found) == len(named)
    assert not any(one.meets(other) for one, other in combinations(boxes, 2))
    assert all(0 <= box.x <= box.x + box.wide <= WIDE and 0 <= box.y <= box.y + box.tall <= TALL for box in boxes)
    assert not any(box.holds(dot.x, dot.y) for box in boxes for dot in [*dots, *others])


def test_a_name_without_room_is_left_out_and_the_others_stay() -> None:
    alone, wide = Dot(20, 65, 2), Dot(150, 65, 2)
    first, second = beside([alone, wide], [(40, 10), (400, 10)], [], WIDE, TALL)
    assert first is not None
    assert (first.x, first.y, first.far) == (26.5, 60, False)
    assert second is None


def test_of_two_neighbours_each_has_its_own_name_nearer_than_the_other() -> None:
    west, east = Dot(100, 65, 2), Dot(105, 65, 2)
    left, right = beside([west, east], [(40, 10), (40, 10)], [], WIDE, TALL)
    assert left is not None
    assert right is not None
    assert left.x + left.wide / 2 < west.x < east.x < right.x + right.wide / 2


@pytest.mark.parametrize("narrow", [False, True])
def test_names_of_the_gallery_stand_clear_and_all_are_told(narrow: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    from coursewright.figures.charts import dot_map

    seen: list[Any] = []
    write = dot_map._name

    def noted(figure: Any, *rest: Any) -> None:
        write(figure, *rest)
        seen.append([text.get_window_extent() for text in figure.axes[0].texts if text.get_gid() == "label"])

    monkeypatch.setattr(dot_map, "_name", noted)
    frame = pd.read_csv(TABLE)
    columns = {"name": "name", "latitude": "latitude", "longitude": "longitude"}
    figure = places(frame, **columns, title="Where", highlight=list(frame["name"])).figure(narrow=narrow)
    for boxes in seen:
        assert len(boxes) == len(frame)
        assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
    assert all(name in figure.alt for name in frame["name"])
