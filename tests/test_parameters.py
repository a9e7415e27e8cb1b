"""Parameters: one entry says what a value can be, to commands, pages, forms and scripts."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from coursewright.cli import main
from coursewright.courses import build, check, open_course
from coursewright.tables.parameters.parameter import assigned

RACES = """\
year,round,name
2018,1,Australia
2018,2,Bahrain <b>
2019,1,Australia
2019,2,Bahrain
2019,3,China
"""

COURSE = """\
[course]
title = "Races"

[parameters]
since = 1990
season = { default = 2018, label = "Season", choices = "SELECT DISTINCT year FROM races" }
round.default = 2
round.label = "Round"
round.choices = "SELECT round, name FROM races WHERE year = :season ORDER BY round DESC"
called = { default = "code", choices = { code = "their code", name = "their name" } }
share = { default = 0.5, range = [0, 1] }

[tables]
races = "data/races.csv"
"""

PAGE = """\
# Race {{ round }} of {{ season }}

```{form} season round
```

```{table}
SELECT name FROM races WHERE year = :season AND round = :round
```
"""

FILES = {"course.toml": COURSE, "data/races.csv": RACES, "pages/index.md": PAGE}


def data(page: Path) -> list[dict[str, Any]]:
    """What a page of the site tells scripts of its parameters."""
    found = re.search(r'<script type="application/json" class="parameters">(.*?)</script>', page.read_text())
    fields: list[dict[str, Any]] = json.loads(found[1]) if found else []
    return fields


def test_a_page_reads_as_the_values_that_it_was_built_with(make_course: Any) -> None:
    root = make_course(FILES)
    build(open_course(root, {"season": "2019", "round": "3"}))
    assert "- Season: 2019\n- Round: China\n" in (root / "build/markdown/README.md").read_text()
    html = (root / "build/site/index.html").read_text()
    assert "<dt>Season</dt>\n<dd>2019</dd>" in html
    assert "<dt>Round</dt>\n<dd>China</dd>" in html
    assert check(root, {"season": "2019", "round": "3"}) == []


def test_scripts_find_the_choices_in_the_page_at_the_values_it_was_built_with(make_course: Any) -> None:
    root = make_course(FILES)
    build(open_course(root))
    season, race = data(root / "build/site/index.html")
    assert season == {
        "name": "season",
        "label": "Season",
        "kind": "whole",
        "value": 2018,
        "choices": [{"value": 2018, "label": "2018"}, {"value": 2019, "label": "2019"}],
        "range": None,
        "select": "SELECT DISTINCT year FROM races",
        "depends": [],
    }
    assert race["choices"] == [{"value": 2, "label": "Bahrain <b>"}, {"value": 1, "label": "Australia"}]
    assert race["depends"] == ["season"]
    build(open_course(root, {"season": 2019}))
    assert [each["value"] for each in data(root / "build/site/index.html")[1]["choices"]] == [3, 2, 1]


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("# {{ share }}\n", ["share"]),
        ("# {{ since }}\n", []),  # a value alone offers no choice
        ("# P\n\n```{form}\n```\n", ["season", "round", "called", "share"]),
        ("# P\n\n```{table}\nSELECT :called AS a\n```\n", ["called"]),
        ("# P\n", []),
        ("# P\n\n```text\n{{ share }}\n```\n", []),
    ],
)
def test_a_page_has_the_parameters_that_it_hangs_on(make_course: Any, page: str, names: list[str]) -> None:
    root = make_course({**FILES, "pages/index.md": page})
    build(open_course(root))
    assert [field["name"] for field in data(root / "build/site/index.html")] == names


def test_choices_change_with_the_table_and_with_what_is_declared(make_course: Any) -> None:
    root = make_course(FILES)
    build(open_course(root))
    assert build(open_course(root)).executed == 0
    (root / "data/races.csv").write_text(RACES + "2020,1,Austria\n2020,2,Styria\n")
    build(open_course(root))
    page = root / "build/site/index.html"
    assert [each["value"] for each in data(page)[0]["choices"]] == [2018, 2019, 2020]
    (root / "course.toml").write_text(COURSE.replace('"Season"', '"Year"'))
    build(open_course(root))
    assert data(page)[0]["label"] == "Year"
    assert "<dt>Year</dt>" in page.read_text()


def test_a_page_has_parameters_of_its_own(make_course: Any) -> None:
    front = '---\nparameters:\n  season: 2019\n  top: {default: 3, range: [1, 9], label: How many}\n  code: "07"\n---\n'
    own = front + "# {{ season }} {{ top }} {{ code }}\n\n```{table}\nSELECT :top + 1 AS n, :code AS c\n```\n"
    root = make_course({**FILES, "pages/own.md": own})
    build(open_course(root))
    told = (root / "build/markdown/own.md").read_text()
    assert told.startswith("# 2019 3 07\n")
    assert "| 4 | 07 |" in told
    assert [(each["name"], each["value"]) for each in data(root / "build/site/own.html")] == [
        ("season", 2019),
        ("top", 3),
    ]
    build(open_course(root, {"top": "5", "season": "2018"}))
    assert (root / "build/markdown/own.md").read_text().startswith("# 2018 5 07\n")


def test_values_are_said_as_people_write_them() -> None:
    assert assigned({"on": date(2024, 3, 1), "name": "Jo’s", "n": 2.5}) == "on = 2024-03-01, name = 'Jo’s', n = 2.5"


def test_what_is_set_is_checked_by_every_command(
    make_course: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    finder = '/*---\ntitle = "T"\ntell = "#name#"\n---*/\nSELECT name FROM races WHERE year = :season\n'
    root = make_course({**FILES, "facts/race.sql": finder})
    monkeypatch.chdir(root)
    for command in (["build"], ["facts"], ["table", "races"], ["ask", "race"]):
        assert main([*command, "--set", "season=2017"]) == 2, command
        assert capsys.readouterr().err == (
            "error: season cannot be 2017\n"
            "  --> course.toml:6, [parameters] season\n"
            "hint: did you mean 2018? Available: 2018, 2019\n"
        )
    assert main(["check", "--set", "season=2017"]) == 1


def test_choices_are_found_in_a_server_too(make_course: Any) -> None:
    import sqlite3

    toml = COURSE.replace("[tables]\n", '[database]\nurl = "sqlite:///data/races.sqlite"\n\n[tables]\n')
    root = make_course({**FILES, "course.toml": toml.replace('races = "data/races.csv"\n', "")})
    rows = [tuple(line.split(",")) for line in RACES.splitlines()[1:]]
    with sqlite3.connect(root / "data/races.sqlite") as connection:
        connection.execute("CREATE TABLE races (year INTEGER, round INTEGER, name TEXT)")
        connection.executemany("INSERT INTO races VALUES (?, ?, ?)", rows)
    connection.close()
    build(open_course(root))
    season, race = data(root / "build/site/index.html")
    assert [each["value"] for each in season["choices"]] == [2018, 2019]
    assert [each["label"] for each in race["choices"]] == ["Bahrain <b>", "Australia"]
