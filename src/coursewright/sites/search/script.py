"""`search.js`: the field, its results and the search itself, with its words in the language of the course."""

from __future__ import annotations

import json
from importlib import resources

from coursewright.labels import foreign, words

_WORDS = ("search", "found", "none", "failed", "more")


def search_script(language: str) -> str:
    """The script of a site in `language`, a BCP 47 tag."""
    marks = foreign("sites", language)
    said = {word: words("sites", language)[word] for word in _WORDS} | {"language": marks.get("lang", "")}
    if "dir" in marks:
        said["direction"] = marks["dir"]
    text = resources.files("coursewright.sites.search").joinpath("search.js").read_text(encoding="utf-8")
    return text.replace("'SAID'", json.dumps(said, ensure_ascii=False))
