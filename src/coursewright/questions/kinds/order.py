"""Items to put into order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from coursewright.questions.checking.alike import refuse_alike
from coursewright.questions.drawing.draft import DraftAnswer, PartDraft
from coursewright.questions.kind import Feature, Kind, Said, as_it_is
from coursewright.questions.marking import order as marking
from coursewright.questions.part import Order


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


KIND = Kind(
    settings=OrderSettings,
    part=Order,
    build=build,
    mark=marking.mark,
    model=marking.model,
    declared=marking.declared,
    nonsense=marking.nonsense,
    lists=lambda part: (part.items,),
    offered=_offered,
    answers=_answers,
    numbered=True,
    features=(Feature("whole order", "all or nothing for an order", lambda part: part.whole),),
    chosen="several",
    page=as_it_is,
)
