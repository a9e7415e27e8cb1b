"""Putting in order. A response has the numbers of the items as they are shown, in the order given."""

from __future__ import annotations

from collections.abc import Iterator

from coursewright.questions.marking.verdict import Verdict, verdict, whole
from coursewright.questions.part import Order, Response


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
