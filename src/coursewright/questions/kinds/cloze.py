"""Gaps in running text or in a table, each a part of its own."""

from __future__ import annotations

from typing import Any

import msgspec


class ClozeSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`gaps` has for each `[[name]]` of the text its kind and the settings of that kind; `points` weighs it.

    The answers of a gap stand under `## name` in `# Answers`, or are what the code calls by its name.
    """

    gaps: dict[str, dict[str, Any]] = {}


Settings = ClozeSettings
