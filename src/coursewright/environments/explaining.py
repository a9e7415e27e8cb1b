"""The verb behind `coursewright services --explain`: every setting of a service, who set it, and what it replaced."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from coursewright.environments.runtime.compose import Composition, Origin, Setting


@dataclass(frozen=True)
class ExplanationLine:
    """One line of the explanation: a setting (`key`), its value, where it comes from and what stood there before.

    An item of a list stands on a line of its own, with its own origin.
    """

    key: str
    value: Any
    origin: Origin
    before: tuple[tuple[Any, Origin], ...] = ()


def explain(composed: Composition, name: str) -> Iterator[ExplanationLine]:
    """Every setting that the service `name` has or had, in the order of its definition."""
    for path, setting in composed.services[name].items():
        key = ".".join(path)
        if isinstance(setting.value, tuple):
            for item in setting.value:
                yield ExplanationLine(key, item.value, item.origin)
            for gone, origin in _gone(setting):
                yield ExplanationLine(key, None, origin, ((gone.value, gone.origin),))
        else:
            yield ExplanationLine(key, setting.value, setting.origin, tuple(_before(setting)))


def _before(setting: Setting) -> Iterator[tuple[Any, Origin]]:
    while setting.replaced is not None:
        setting = setting.replaced
        yield setting.value, setting.origin


def _gone(setting: Setting) -> Iterator[tuple[Setting, Origin]]:
    """The items that a tier took out of a list, each with the place that did it."""
    steps = [setting]
    while steps[-1].replaced is not None:
        steps.append(steps[-1].replaced)
    for after, before in pairwise(steps):
        for item in before.value or ():
            if item not in (after.value or ()):
                yield item, after.origin
