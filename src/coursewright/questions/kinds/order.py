"""Items to put into order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from coursewright.questions.checking.alike import refuse_alike
from coursewright.questions.drawing.draft import DraftAnswer, PartDraft
from coursewright.questions.kind import Feature, Kind, Said, as_it_is
from coursewright.questions.marking.verdict import Verdict, verdict, whole
from coursewright.questions.part import Part, Response
from coursewright.questions.writing.prose import Prose


class Order(Part, frozen=True, tag="order", kw_only=True):
    """Items as they are shown; `right` has their numbers (from 0) in the right order.

    The fraction is the share of items in their right places, or with `whole` 1 for the right order and 0 for any other.
    """

    items: tuple[Prose, ...]
    right: tuple[int, ...]
    whole: bool = False


class OrderSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The answers stand in the right order, as a numbered list or as `items` in the code.

    `scoring` is by each item in its place, or all or nothing.
    """

    scoring: Literal["each", "all"] = "each"


def build(draft: PartDraft) -> Order:
    """The part, its items never shown in the right order.

    Raises CoursewrightError for fewer than two, Alike for two that are the same.
    """
    given = draft.given or [DraftAnswer(each, draft.show(each), 1.0, ()) for each in draft.values.get("items", ())]
    refuse_alike(given, draft.point)
    items = [each.prose for each in given]
    if len(items) < 2:
        raise draft.error("an order needs two items at least", "write them as a numbered list: 1. …", "answer")
    shown = list(range(len(items)))
    while shown == sorted(shown):
        draft.stream.shuffle(shown)
    right = tuple(shown.index(at) for at in range(len(items)))
    return Order(
        name=draft.name,
        points=draft.points,
        items=tuple(items[at] for at in shown),
        right=right,
        whole=draft.own.scoring == "all",
    )


def _offered(part: Order, said: Said) -> Iterator[str]:
    yield from (f"- {said(item)}" for item in part.items)


def _answers(part: Order, said: Said) -> Iterator[str]:
    yield from (f"{number}. {said(part.items[at])}" for number, at in enumerate(part.right, start=1))


def mark(part: Order, response: Response, attempt: int) -> Verdict:  # noqa: ARG001 - an order has no feedback of its own
    """The share of items in their right places, or all or nothing. Every item must be there once."""
    given = [whole(item) for item in response] if isinstance(response, list) else []
    if len(given) != len(part.right) or set(given) != set(part.right):
        return verdict(0, note="not an order")
    placed = sum(item == right for item, right in zip(given, part.right, strict=True))
    return verdict(float(placed == len(given)) if part.whole else placed / len(given))


def model(part: Order) -> Response:
    """The right order."""
    return list(part.right)


def declared(part: Order) -> Iterator[tuple[Response, float]]:
    """Neighbours exchanged."""
    for number in range(len(part.right) - 1):
        given = list(part.right)
        given[number], given[number + 1] = given[number + 1], given[number]
        yield given, 0.0 if part.whole else (len(given) - 2) / len(given)


def nonsense(part: Order) -> Iterator[Response]:
    """What is no order of the items."""
    yield from ([part.right[0]] * (len(part.right) + 1), [len(part.right)], list(part.right)[:-1], 0)


KIND: Kind[Order] = Kind(
    settings=OrderSettings,
    part=Order,
    build=build,
    mark=mark,
    model=model,
    declared=declared,
    nonsense=nonsense,
    lists=lambda part: (part.items,),
    offered=_offered,
    answers=_answers,
    numbered=True,
    features=(Feature("whole order", "all or nothing for an order", lambda part: part.whole),),
    chosen="several",
    page=as_it_is,
)
