"""The tables of a page as their readers use them: sorted, filtered, downloaded and scrolled, in a real browser."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import duckdb
import pytest

from conftest import COURSE
from coursewright.courses import build, open_course
from coursewright.figures.pictures.colour import contrast
from coursewright.sites.around.tables import script
from test_browser import NODE, audited, chromium  # noqa: F401 - a fixture

PAGE = """\
# Tables

```{table}
:caption: Numbers, texts and "more" <i>
:total: big, share
:bar: points
:heat: heat, more
:spark: form
:date: day = long
:sort: place = ord
:hide: ord
:missing: –
SELECT * FROM (VALUES
  ('b', 9007199254740993::HUGEINT, 1.5, DATE '2024-03-01', 'Ärger', 1.25::DOUBLE, 3, -2.0, 1.0, [1, 2], '10', 10, true),
  ('a', 9007199254740992, -0.25, DATE '1999-12-31', 'zebra', 'inf'::DOUBLE, 1, 4.0, 2.0, [3], 'DNF', 99, false),
  ('d', NULL, 12345.678, NULL, 'apple', 'nan'::DOUBLE, NULL, 0, NULL, NULL, '2', 2, NULL),
  ('e', 3, 2, DATE '2024-02-01', NULL, -3.5::DOUBLE, 3, 1.0, -1.0, [2, NULL, 2], '1', 1, true),
  ('c', -12345678901234567890, 2, DATE '2024-02-01', 'äpfel', 0.5::DOUBLE, 2, 1.0, 3.0, [], '', 50, false)
) t(name, big, share, day, word, float, points, heat, more, form, place, ord, ok)
```

```{table}
:caption: Towns
:unit: "Number, of people" = people
:total: "Number, of people"
SELECT 'Town ' || range AS "Town", range * 1000 AS "Number, of people",
  CASE range WHEN 7 THEN 'Łódź, Poland' WHEN 8 THEN 'Évora' ELSE 'x' END AS "Where"
FROM range(24)
```

```{table}
:caption: Dangerous
:tools: download
SELECT unnest(['=1+1', '+5.123', '+1 lap',
  '-2+3+cmd|'' /C calc''!A0', '@sum(1)', 'a "b", c', E'two\\nlines', '', ' x ', NULL]) AS "=head()", 1.5 AS n
```

```{table}
:tools: none
:caption: One
SELECT 1 AS a
```
"""


COLOUR = re.compile(r"--(\w+): light-dark\((#\w{6}, #\w{6})\)")


def pair(colours: str) -> list[str]:
    """A colour on light and on dark paper."""
    return colours.split(", ")


def parts(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def mixed(deep: str, paper: str, share: float) -> str:
    """What `color-mix(in srgb, …)` gives."""
    both = zip(parts(deep), parts(paper), strict=True)
    return "#" + "".join(f"{round(one * share + other * (1 - share)):02x}" for one, other in both)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with tables of every kind, built once."""
    root = tmp_path_factory.mktemp("tables") / "a [b] ü"
    for name, text in {"course.toml": COURSE, "data/sales.csv": "year\n1\n", "pages/index.md": PAGE}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    build(open_course(root))
    return root / "build" / "site"


STEPS: list[tuple[str, int, Any]] = [
    *(("head", 0, column) for column in range(9)),  # 0 to 8: each column upwards; the small lines have no button
    ("head", 0, 1), ("head", 0, 1), ("head", 0, 1),  # 9 to 11: up, down, as it was
    ("type", 1, "lodz"), ("type", 1, "town 1 x"), ("type", 1, "nowhere"), ("type", 1, ""),  # 12 to 15
    ("head", 0, 0), ("press", 0, "Tab"), ("press", 0, "Enter"), ("press", 0, "Space"),  # 16 to 19
    ("wide", 0, 360), ("wide", 3, 360), ("wide", 1, 1280),  # 20 to 22
    ("type", 1, "town 1"), ("download", 1, None), ("download", 0, None), ("download", 2, None),  # 23 to 26
]  # fmt: skip


@pytest.fixture(scope="module")
def used(site: Path, chromium: str) -> list[dict[str, Any]]:  # noqa: F811 - it is the fixture
    """What a reader sees after each step; and the same page without its script."""
    address = (site / "index.html").as_uri()
    asked = [
        {"address": address, "script": True, "steps": STEPS},
        {"address": address, "script": False, "steps": [("look", table, None) for table in range(4)]},
    ]
    command = [str(shutil.which("node")), str(NODE / "tables.js"), chromium]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_every_column_is_sorted_by_its_values(used: list[dict[str, Any]]) -> None:
    assert (used[0]["errors"], used[0]["outside"]) == ([], [])
    orders = ["".join(seen["rows"]) for seen in used[0]["seen"][:9]]
    assert orders == [
        "abcde",
        "ceabd",  # exactly, though 9007199254740992 and 9007199254740993 are one number to the browser; missing last
        "abecd",  # e and c are alike: they stay in the author's order
        "aecbd",  # dates, not their names
        "cdbae",  # äpfel, apple, Ärger, zebra, as the language has them
        "ecbad",  # infinity, and what is no number last
        "acbed",
        "bdeca",
        "ebacd",
    ]


def test_a_heading_sorts_up_then_down_then_not(used: list[dict[str, Any]]) -> None:
    up, down, not_ = used[0]["seen"][9:12]
    assert ["".join(seen["rows"]) for seen in (up, down, not_)] == ["ceabd", "baecd", "badec"]
    assert [seen["sorted"][1] for seen in (up, down, not_)] == ["ascending", "descending", None]
    assert all(seen["sorted"].count(None) >= 11 for seen in (up, down, not_))


def test_the_keyboard_sorts_too(used: list[dict[str, Any]]) -> None:
    first, moved, pressed, again = used[0]["seen"][16:20]
    assert first["sorted"][0] == "ascending"
    assert moved["focus"] == "big"
    assert pressed["sorted"][:2] == [None, "ascending"]
    assert again["sorted"][:2] == [None, "descending"]
    assert again["focus"] == "big"


def test_rows_are_filtered_and_counted(used: list[dict[str, Any]]) -> None:
    one, both, none, all_ = used[0]["seen"][12:16]
    assert (one["rows"], one["told"], one["foot"]) == (["Town 7"], ["1 of 24 rows"], False)
    assert both["rows"] == ["Town 1", *(f"Town {number}" for number in range(10, 20)), "Town 21"]
    assert (none["rows"], none["told"]) == ([], ["0 of 24 rows"])
    assert (len(all_["rows"]), all_["told"], all_["foot"]) == (24, [""], True)
    assert all_["filters"] == 1  # the other tables are short


def test_a_wide_table_says_that_it_scrolls(used: list[dict[str, Any]]) -> None:
    wide, narrow, again = used[0]["seen"][20:23]
    assert (wide["hint"], wide["stop"]) == ("Scroll sideways to see all columns", "0")
    assert (narrow["hint"], narrow["stop"]) == ("", None)
    assert (again["hint"], again["stop"]) == ("", None)


def rows_of(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_what_is_downloaded_are_the_values_of_all_rows(used: list[dict[str, Any]]) -> None:
    filtered, towns, numbers, _ = used[0]["seen"][23:27]
    assert len(filtered["rows"]) < 24
    assert towns["name"] == "Towns.csv"
    assert rows_of(towns["text"])[:3] == [
        ["Town", "Number, of people", "Where"],
        ["Town 0", "0", "x"],
        ["Town 1", "1000", "x"],
    ]
    assert len(rows_of(towns["text"])) == 25
    assert numbers["name"] == "Numbers-texts-and-more-i.csv"
    assert rows_of(numbers["text"])[1:] == [
        ["b", "9007199254740993", "1.500", "2024-03-01", "Ärger", "1.25", "3", "-2.0", "1.0", "[1, 2]", "10", "true"],
        ["a", "9007199254740992", "-0.250", "1999-12-31", "zebra", "inf", "1", "4.0", "2.0", "[3]", "DNF", "false"],
        ["d", "", "12345.678", "", "apple", "NaN", "", "0.0", "", "", "2", ""],
        ["e", "3", "2.000", "2024-02-01", "", "-3.5", "3", "1.0", "-1.0", "[2, null, 2]", "1", "true"],
        ["c", "-12345678901234567890", "2.000", "2024-02-01", "äpfel", "0.5", "2", "1.0", "3.0", "[]", "", "false"],
    ]
    assert '"",50' not in numbers["text"]
    assert ',"",false\r\n' in numbers["text"]  # an empty text is not a missing one


def test_what_a_spreadsheet_would_run_has_an_apostrophe(used: list[dict[str, Any]]) -> None:
    read = rows_of(used[0]["seen"][26]["text"])
    assert [row[0] for row in read] == [
        "'=head()", "'=1+1", "+5.123", "+1 lap",
        "'-2+3+cmd|' /C calc'!A0", "'@sum(1)", 'a "b", c', "two\nlines", "", " x ", "",
    ]  # fmt: skip


def test_another_program_reads_the_same(used: list[dict[str, Any]], tmp_path: Path) -> None:
    file = tmp_path / "n.csv"
    file.write_text(used[0]["seen"][25]["text"], encoding="utf-8", newline="")
    read = duckdb.sql(f"SELECT name, big, day, ok FROM read_csv('{file}', types = {{'big': 'HUGEINT'}})").fetchall()
    assert [row[1] for row in read] == [9007199254740993, 9007199254740992, None, 3, -12345678901234567890]
    assert [str(row[2]) for row in read] == ["2024-03-01", "1999-12-31", "None", "2024-02-01", "2024-02-01"]
    assert [row[3] for row in read] == [True, False, None, True, False]


def test_without_the_script_every_row_is_there(used: list[dict[str, Any]]) -> None:
    seen = used[1]["seen"]
    assert [len(table["rows"]) for table in seen] == [5, 24, 10, 1]
    assert [table["buttons"] for table in seen] == [0, 0, 0, 0]
    assert {table["stop"] for table in seen} == {"0"}
    assert seen[1]["foot"]


def test_tables_pass_the_audit(site: Path, chromium: str) -> None:  # noqa: F811 - it is the fixture
    for audit in audited(chromium, [(site / "index.html").as_uri()], "360,1280"):
        problems = {part: audit[part] for part in ("errors", "outside", "broken", "violations")}
        assert problems == {"errors": [], "outside": [], "broken": [], "violations": []}, audit["width"]
        assert audit["over"] <= 0, audit["width"]


def test_numbers_can_be_read_on_every_shade() -> None:
    theme = Path(__file__).parents[1] / "src/coursewright/sites/theme"
    colours = dict(COLOUR.findall((theme / "page.css").read_text() + (theme / "tables.css").read_text()))
    for way in range(2):
        ink, paper, bar = (pair(colours[name])[way] for name in ("ink", "paper", "bar"))
        assert contrast(bar, paper) >= 3
        for name in ("more", "less"):
            deep = pair(colours[name])[way]
            for step in range(101):
                assert contrast(ink, mixed(deep, paper, step / 100)) >= 4.5, (name, way, step)


def test_the_two_colours_of_shades_differ_for_the_colour_blind() -> None:
    """Blue and orange: what red-green blindness leaves, the difference of blue to the rest, is large in both themes."""
    theme = Path(__file__).parents[1] / "src/coursewright/sites/theme"
    colours = dict(COLOUR.findall((theme / "tables.css").read_text()))
    for way in range(2):
        more, less = (parts(pair(colours[name])[way]) for name in ("more", "less"))
        assert (more[2] - (more[0] + more[1]) / 2) - (less[2] - (less[0] + less[1]) / 2) > 90


def test_the_script_is_small_and_speaks_the_language_of_the_site() -> None:
    assert len(script("en-GB").encode()) < 9000
    assert '"download": "Als CSV herunterladen"' in script("de-AT")
    assert '"marks": {}' in script("de-AT")
    assert '"download": "Download as CSV", "download_shown": "Download these rows as CSV", ' in script("fi")
    assert '"marks": {"lang": "en"}' in script("fi")
