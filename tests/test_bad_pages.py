"""What pages get that are wrong: a problem with its place and remedy, exit status 1, and the last good site stays."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from coursewright.cli import main

GOOD = {"pages/index.md": "# Home\n\n[Races](races/index.md)\n", "pages/races/index.md": "# Races\n"}
COURSE = '[course]\ntitle = "T"\n[bibliography]\nfiles = ["a.bib"]\n[tables]\nsales = "data/sales.csv"\n'
OTHERS_WRONG = "# Z\n\n{{ nothing }}\n"
CASES: dict[str, tuple[Mapping[str, str | bytes], str]] = {
    "two pages with one address": (
        {"pages/a.md": "# A\n", "pages/b.md": "---\ntitle: B\nname: a\n---\n"},
        'error: two pages are called "a"\n  --> course/pages/b.md:3, name\n'
        "hint: the other is a.md: give one of them another `name` in its front matter\n",
    ),
    "a link to a page of another section that does not exist": (
        {"pages/races/index.md": "# Races\n\n[x](../drivers/senna.md)\n", "pages/teams/senna.md": "# S\n"},
        'error: no page or file "../drivers/senna.md"\n  --> course/pages/races/index.md:3\n'
        'hint: did you mean "../teams/senna.md"? Available: ../index.md, ../teams/senna.md, index.md\n',
    ),
    "a for_each of no rows": (
        {
            "pages/a.md": "---\nname: x\nfor_each: SELECT * FROM sales WHERE year = 1999\n---\n",
            "pages/z.md": OTHERS_WRONG,
        },
        "error: for_each finds no rows\n  --> course/pages/a.md:3, for_each\n"
        "hint: there would be no page: let the SELECT find rows, or take this file out\n",
    ),
    "invalid BibTeX": (
        {"a.bib": "@book{x,\n  title = {X}\n", "pages/a.md": "# A\n\n[@x]\n", "pages/z.md": OTHERS_WRONG},
        "error: this is not BibTeX: expected comma\n  --> course/a.bib:3\n"
        "hint: a comma or a closing brace is missing above this line\n"
        'error: no parameter called "nothing"\n  --> course/pages/z.md:3\n',
    ),
    "a page that is not UTF-8": (
        {"pages/a.md": "# A\n\nS\u00e3o Paulo\n".encode("latin-1"), "pages/b.md": "[x](\n```{table} sale\n```\n"},
        "error: this file is not UTF-8 text\n  --> course/pages/a.md:3\n"
        "hint: save it as UTF-8; the byte 0xe3 in this line is of another encoding\n",
    ),
    "a table, a link and a parameter that are wrong on one page": (
        {
            "pages/a.md": "# A\n\n[x](gone.md) [](#sold) [](index.md#home)\n\n"
            "```{table} sales\n:name: sold\n:decimals: tonnes = -3\n```\n",
            "pages/b.md": "# B\n\n[a](a.md#sold) [b](a.md#solt)\n",
        },
        'error: "-3" is no number of decimals for "tonnes"\n  --> course/pages/a.md:7, {table} :decimals:\n'
        "hint: write a number from 0 to 20: tonnes = 2\n"
        'error: no page or file "gone.md"\n  --> course/pages/a.md:3\n'
        'hint: did you mean "index.md"? Available: a.md, b.md, index.md\n'
        'error: no heading or name "#solt" in a.md\n  --> course/pages/b.md:3\n'
        'hint: did you mean "sold"? Available: a, sold\n',
    ),
    "a text that may have brought what a link leads to": (
        {
            "pages/a.md": "# A\n\n```{tell}\n:rows: sails\n:markdown: true\n## #fruit#\n```\n",
            "pages/b.md": "# B\n\n[a](a.md#apples)\n",
        },
        'error: no table called "sails"\n  --> course/pages/a.md:3, {tell}\n'
        'hint: did you mean "sales"? Available: sales\n',
    ),
    "a picture that is too large": (
        {"pages/a.md": "# A\n\n![x](big.png)\n", "pages/big.png": b""},
        'error: the picture "big.png" has 80 MB\n  --> course/pages/a.md:3\n'
        "hint: make it smaller: readers would wait; 20 MB is the most\n",
    ),
}


def site(root: Path) -> dict[str, str]:
    """What is in the built folder."""
    files = (file for file in sorted((root / "build").rglob("*")) if file.is_file())
    return {str(file.relative_to(root)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


@pytest.mark.parametrize("case", CASES)
def test_what_is_wrong_is_said_and_the_last_good_site_stays(
    make_course: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    root = make_course({**GOOD, "course.toml": COURSE, "a.bib": ""})
    monkeypatch.chdir(root.parent)
    assert main(["build", "course"]) == 0
    before = site(root)
    files, said = CASES[case]
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    if (root / "pages/big.png").exists():
        with (root / "pages/big.png").open("wb") as file:
            file.truncate(80_000_000)
    capsys.readouterr()

    assert main(["build", "course"]) == 1
    assert capsys.readouterr().err == said
    assert main(["check", "course"]) == 1
    assert capsys.readouterr().err.startswith(said)  # and what is wrong with the other pages
    assert site(root) == before
    assert sorted(path.name for path in root.glob("*build*")) == ["build"]
