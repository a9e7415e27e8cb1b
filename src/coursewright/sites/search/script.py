"""`search.js`: the field, its results and the search itself, with its words in the language of the course."""

from __future__ import annotations

import json
from importlib import resources

from coursewright.sites.labels import labels_in

_WORDS = ("search", "found", "none", "failed", "more")


def search_script(language: str) -> str:
    """The script of a site in `language`, a BCP 47 tag."""
    labels = labels_in(language)
    said = {word: str(getattr(labels, word)) for word in _WORDS} | {"language": labels.search.language}
    if labels.search.turned:
        said["direction"] = "ltr"
    text = resources.files("coursewright.sites.search").joinpath("search.js").read_text(encoding="utf-8")
    return text.replace("'SAID'", json.dumps(said, ensure_ascii=False))
