"""The words that pages say by themselves, in the language of the course."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from functools import cache
from importlib import resources
from typing import Any

import yaml


@cache
def labels() -> Mapping[str, Mapping[str, str]]:
    """For each language, as ISO 639 has it, its words by what they are for."""
    file = resources.files("coursewright.pages.syntax").joinpath("labels.yaml")
    read: Mapping[str, Mapping[str, str]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return read


def label(word: str, env: MutableMapping[str, Any]) -> str:
    """The word in the language of `env`, a BCP 47 tag; English in a language that is not here."""
    known = labels()
    return known.get(str(env.get("language", "en")).split("-")[0].lower(), known["en"])[word]
