"""What lets readers choose one of the pages that a file makes: a script, and the lists that it loads at first use."""

from __future__ import annotations

import json
from collections.abc import Iterable

from coursewright.labels import foreign, words
from coursewright.sites.theme.style import theme_file

_SAID = ("go", "unlisted")


def script(language: str) -> str:
    """The script of choices, with its words in the language of a site, or in English and told to be so."""
    said = {name: words("sites", language)[name] for name in _SAID} | {"marks": dict(foreign("sites", language))}
    return theme_file("choose.js").replace("'SAID'", json.dumps(said, ensure_ascii=False), 1)


def choice_file(asked: str, pages: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """The list called `asked` as a script, which loads from a folder too, by its path: groups, in each the pages.

    Of each page are given the group, "" for none, what it is called, and its address.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    for group, title, address in pages:
        groups.setdefault(group, []).append((title, address))
    listed = json.dumps([asked, list(groups.items())], ensure_ascii=False, separators=(",", ":"))
    return {f"choose/{asked}.js": f"coursewrightChoose(...{listed})\n"}
