"""Labels along one axis: they keep their order, keep clear of one another and move no more than they have to."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursewright.figures.charts.label import End, fits, spread

ROOM = 100.0
labels = st.lists(st.tuples(st.floats(-20, 120), st.floats(0.5, 4)), min_size=1, max_size=24)


@settings(deadline=None)  # a busy machine is no failure
@given(labels)
def test_labels_keep_clear_in_order_and_in_the_room(some):
    wanted, heights = zip(*some, strict=True)
    places = spread(wanted, heights, 0, ROOM)
    order = sorted(range(len(some)), key=lambda index: wanted[index])
    for lower, upper in pairwise(order):
        assert places[upper] - places[lower] >= (heights[lower] + heights[upper]) / 2 - 1e-9
    assert all(h / 2 - 1e-9 <= p <= ROOM - h / 2 + 1e-9 for p, h in zip(places, heights, strict=True))


@settings(deadline=None)
@given(labels)
def test_a_label_with_room_around_it_stays(some):
    wanted, heights = zip(*some, strict=True)
    clear = all(
        abs(a - b) > (heights[i] + heights[j]) / 2 for i, a in enumerate(wanted) for j, b in enumerate(wanted) if i < j
    )
    inside = all(h / 2 <= w <= ROOM - h / 2 for w, h in some)
    if clear and inside:
        assert spread(wanted, heights, 0, ROOM) == pytest.approx(list(wanted))


@settings(deadline=None)
@given(st.tuples(st.integers(0, 30), st.integers(0, 30)), st.integers(1, 6))
def test_no_other_places_are_nearer(wanted, height):
    """Against every arrangement of two labels on a grid."""

    def moved(places):
        return sum((place - want) ** 2 for place, want in zip(places, sorted(wanted), strict=True))

    grid = [height / 2 + step for step in range(40 - height + 1)]
    others = (moved((low, high)) for low in grid for high in grid if high - low >= height)
    assert moved(sorted(spread(wanted, [height] * 2, 0, 40))) <= min(others) + 1e-9


def test_equal_ends_stand_in_the_order_given():
    assert spread([10, 10, 10], [2, 2, 2], 0, 20) == [8, 10, 12]


def test_labels_at_the_edge_are_pushed_inside():
    assert spread([0, 0, 20], [2, 2, 2], 0, 20) == [1, 3, 19]


def test_too_many_labels_are_pressed_together_evenly():
    assert not fits([10, 10, 10], 0, 20)
    places = spread([0, 0, 0], [10, 10, 10], 0, 20)
    assert places[1] - places[0] == pytest.approx(20 / 3)
    assert places[-1] <= 20


def test_no_labels_have_no_places():
    assert spread([], [], 0, 1) == []


def test_a_long_label_has_three_lines():
    assert End("one two three four five six seven " * 5, 0, 0, "#000000").rows(26).count("\n") == 2
    assert End("Ferrari", 0, 0, "#000000").rows(26) == "Ferrari"
