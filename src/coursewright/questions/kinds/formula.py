"""A formula, compared with the answer for what it means."""

from __future__ import annotations

from typing import Literal

import msgspec

from coursewright.questions.draft import Draft
from coursewright.questions.part import Formula


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`variables` are names, or names with the lowest and the highest value at which formulas are compared.

    `form` is what the response must look like; `must` and `must_not` list functions and signs.
    """

    variables: dict[str, tuple[float, float]] | tuple[str, ...]
    answer: str | int | float | None = None
    form: Literal["", "expanded", "factorised", "simplified"] = ""
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()


def build(draft: Draft) -> Formula:
    """The part."""
    raise NotImplementedError
