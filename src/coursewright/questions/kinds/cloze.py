"""Gaps in running text or in a table, each a part of its own."""

from __future__ import annotations

from typing import Any

import msgspec

from coursewright.questions.drawing.draft import PartDraft
from coursewright.questions.kind import Kind, as_it_is
from coursewright.questions.kinds import description
from coursewright.questions.part import Part


class ClozeSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`gaps` has for each `[[name]]` of the text its kind and the settings of that kind; `points` weighs it.

    The answers of a gap stand under `## name` in `# Answers`, or are what the code calls by its name.
    """

    gaps: dict[str, dict[str, Any]] = {}


def build(draft: PartDraft) -> Part:
    """No part: those of a cloze question are of other kinds, one for each gap."""
    raise draft.error("a cloze question is built gap by gap", key="gaps")


KIND: Kind[Part] = Kind(
    settings=ClozeSettings,
    part=Part,
    build=build,
    mark=description.mark,
    model=description.model,
    nonsense=description.nonsense,
    gap=False,
    page=as_it_is,
)
