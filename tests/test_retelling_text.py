"""The whole text of a page told again where it is read: as a build for the same choice has it."""

from __future__ import annotations

import inspect
import json
import shutil
import subprocess
from urllib.parse import quote

import pytest

from coursewright.courses.building.build import build
from coursewright.courses.checking import check
from coursewright.courses.course import open_course
from coursewright.pages.directives import tell
from coursewright.pages.executing.run import Materials
from coursewright.pages.reading.page import read_options
from coursewright.pages.retold.tell import retold_texts
from coursewright.pages.text.body import standing_alone
from test_browser import NODE, chromium  # noqa: F401 - a fixture
from test_retelling import RAIN, course_of, parts, served  # noqa: F401 - a fixture

RICH = dict(RAIN)
RICH["pages/places/town.md"] = """
        ---
        name: "{{ place }}"
        for_each: "SELECT DISTINCT town AS place FROM rain"
        ---

        # {{ place }}
        """
RICH["grammars/linked.yaml"] = """
        origin: "\\\\[#town#\\\\](town:#town#) had **#rain.round# mm**[?, mostly on #day.date(long)#]"
        """
RICH["pages/index.md"] = """
        ---
        title: "Rain in {{ year }}"
        parameters:
          year: { default: 2019, label: Year, choices: "SELECT DISTINCT year FROM rain" }
          town: { default: Bergen, label: Town, choices: "SELECT town FROM rain WHERE year = :year" }
        ---

        # Rain in *{{ year }}* at {{ town }}

        ```{form}
        ```

        ## {{ town }}, {{ year }}

        See [the page of {{ town }}](town:{{ town }}).

        :::{when} SELECT 1 WHERE :year = 2020

        ## Only in 2020

        A list:

        - one thing of {{ year }}
        - another

        ```{table}
        :name: rained
        :caption: Rain in {{ year }}
        :link: town = town
        :hide: place
        SELECT town, rain, town AS place FROM rain WHERE year = :year ORDER BY rain DESC
        ```

        :::

        ::::{when} SELECT 1 FROM rain WHERE year = :year AND rain > 1000

        It rained a lot, said `code` of {{ town }}, and no footnote.

        :::{when} SELECT 1 WHERE :town = 'Bergen'

        And most in Bergen.

        :::

        ::::

        ```{tell} linked
        :form: list
        :markdown: true
        SELECT town, rain, day FROM rain WHERE year = :year AND rain IS NOT NULL ORDER BY town
        ```

        ## Facts of {{ town }}

        ```{facts}
        :form: paragraph
        ```

        ## The end
        """


def told_again(site, pages, pairs, chromium):  # noqa: F811 - a fixture
    """For each pair what the page said of its state, the page told again, and the one that a build gave."""
    for name, content in pages.items():
        (site / name).write_bytes(content)
    with served(site) as address:
        asked = json.dumps({"base": address, "pairs": pairs, "executablePath": chromium})
        command = [str(shutil.which("node")), NODE / "retold_pages.js"]
        done = subprocess.run(command, input=asked, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["refused"], answer["errors"], answer["early"]) == ([], [], [])
    return answer["found"]


CHOICES = ((2020, "Ås"), (2020, "Bergen"), (2019, "Oslo"))


@pytest.mark.usefixtures("parts")
def test_the_text_is_that_of_a_build(chromium, tmp_path):  # noqa: F811 - a fixture
    root = course_of(RICH, tmp_path / "a [b] ü")
    site, pairs, pages = root / "build" / "site", [], {}
    for year, town in CHOICES:
        build(open_course(root, {"year": year, "town": town}), only=["site"])
        pages[f"built-{len(pages)}.html"] = (site / "index.html").read_bytes()
        pairs.append([f"index.html?year={year}&town={quote(town)}", list(pages)[-1]])
    assert build(open_course(root), only=["site"]).remarks == ()
    found = told_again(site, pages, pairs, chromium)
    for (year, town), (status, again, built) in zip(CHOICES, found, strict=True):
        assert status == f"Told for Year {year}, Town {town}."
        assert again == built
    assert len({built for _, _, built in found}) == len(CHOICES)


STRUCTURE = "its text, which has another structure with note = {}, year = {}; begin what is there with a word"
UNTOLD = [  # a text, the line of it, and why it stays
    ("$x = {{ year }}$", 1, "a parameter in a formula or in code"),
    ("A note.[^1]\n\n[^1]: Of {{ year }}.", 1, "citations and footnotes, whose numbers hang on what is told"),
    ("Of {{ year }}:\n\n[a page](other-{{ year }}.md)", 3, "the link to other-{{ year }}.md"),
    ("Of {{ year }}\n\nzq0qz", 3, "a text with zq0qz in it"),
    ("Of {{ year }}\n\n<!--end 0-->", 3, "a text with <!--end 0--> in it"),
    ('Of {{ year }}\n\n<div data-block="0"></div>', 3, "a text with <div data-block= in it"),
    ("In\n\n{{ year }}. It was dry", 3, STRUCTURE.format("'dry'", 2019)),
    ("It was:\n\n{{ note }}", 3, STRUCTURE.format("''", 2019)),
    ("# It was {{ note }}\n\nso", 1, STRUCTURE.format("''", 2019)),
    (
        "- one\n\n:::{when} SELECT 1 WHERE :year = 2019\n\nOf {{ year }}\n\n:::\n\n- two",
        3,
        "its text, which has another structure without this passage; write a paragraph below it",
    ),
]
ALIKE = """
        Of {{ year }}, {{ note }}: **{{ note }}** and "{{ note }}".

        | a | b |
        |---|---|
        | {{ note }} | {{ year }} |

        > {{ year }} was {{ note }}

        - in {{ year }}
        - {{ note }}

        [{{ note }}](https://example.org/{{ note }}/{{ year }}?x={{ note }} "{{ note }}")
        """
NOTES = [
    "dry",
    "a|b",
    "*c* _d_",
    "# e",
    "[f](g)",
    "<b>h</b>",
    "1. i",
    "- j",
    "  k  l",
    "www.m.example",
    "`n`",
    "$o$",
    "p & q",
    "Ås\u00a0r",
]


def of_notes(text, notes):
    """A page with a text of the year and a note."""
    return f"""---
parameters:
  year: {{ default: 2019, label: Year, choices: "SELECT DISTINCT year FROM rain" }}
  note: {{ default: dry, label: Note, choices: {json.dumps(notes)} }}
---

```{{form}} year note
```

```{{table}}
SELECT town FROM rain WHERE year = :year
```

{text}
"""


@pytest.mark.usefixtures("parts")
def test_a_text_that_cannot_be_told_again_stays_and_is_named(tmp_path, monkeypatch):
    root = course_of({name: text for name, text in RAIN.items() if name != "pages/index.md"}, tmp_path)
    pages = {f"case-{number}": text for number, (text, _, _) in enumerate(UNTOLD)}
    course_of({"pages/index.md": "# Rain", "pages/other-2019.md": "# Other"}, root)
    for name, text in pages.items():
        (root / "pages" / f"{name}.md").write_text(of_notes(text, ["dry", ""]), encoding="utf-8")
    remarks = build(open_course(root), only=["site"]).remarks
    said = [remark.removeprefix(f"{root}/pages/") for remark in remarks if "in text; write it by" not in remark]
    first = of_notes("TEXT", ["dry", ""]).partition("TEXT")[0].count("\n")
    stays = "this stays as it was built when a reader chooses something else"
    wanted = [f"case-{number}.md:{first + line}: {stays}: {why}" for number, (_, line, why) in enumerate(UNTOLD)]
    assert [remark for remark in said if "whether this passage" not in remark] == wanted
    checked = []
    monkeypatch.setenv("PATH", str(tmp_path))  # without Node, in which statements are tried
    check(root, report=checked.append)
    assert [remark.removeprefix(f"{root}/pages/") for remark in checked if stays in remark] == wanted
    for name in pages:
        assert b'"text":null' in (root / "build" / "site" / "retelling" / f"{name}.json").read_bytes()


@pytest.mark.usefixtures("parts")
def test_values_that_are_signs_of_markdown_are_text_there_too(chromium, tmp_path):  # noqa: F811 - a fixture
    root = course_of({name: text for name, text in RAIN.items() if name != "pages/index.md"}, tmp_path)
    site, pages, pairs = root / "build" / "site", {}, []
    (root / "pages").mkdir()
    (root / "pages" / "index.md").write_text(of_notes(inspect.cleandoc(ALIKE), NOTES), encoding="utf-8")
    for note in NOTES[1:]:
        build(open_course(root, {"year": 2020, "note": note}), only=["site"])
        pages[f"built-{len(pages)}.html"] = (site / "index.html").read_bytes()
        pairs.append([f"index.html?year=2020&note={quote(note, safe='')}", list(pages)[-1]])
    assert build(open_course(root), only=["site"]).remarks == ()
    for (status, again, built), note in zip(told_again(site, pages, pairs, chromium), NOTES[1:], strict=True):
        assert status.startswith("Told for Year 2020, Note "), note
        assert again == built


UNREAD = {
    "`code` of #town#": "`",
    "#town# <b>was</b> wet": "<",
    "see https://example.org": "https:",
    "[?_of #town#_]": "_",
}


@pytest.mark.usefixtures("parts")
def test_markdown_of_a_grammar_that_is_not_read_there_is_named(tmp_path):
    page = """
        # Rain

        ```{form} year
        ```
        """
    for number in range(len(UNREAD)):
        page += f"""
        ```{{tell}} g{number}
        :markdown: true
        SELECT town FROM rain WHERE year = :year
        ```
        """
    settings = RAIN["course.toml"].replace("year = 2019", "year = { default = 2019, choices = [2019, 2020] }")
    grammars = {f"grammars/g{at}.yaml": f"origin: '#said#'\nsaid:\n- '{text}'\n" for at, text in enumerate(UNREAD)}
    root = course_of(
        {**grammars, "course.toml": settings, "data/rain.csv": RAIN["data/rain.csv"], "pages/index.md": page}, tmp_path
    )
    remarks = build(open_course(root), only=["site"]).remarks
    assert [remark.removeprefix(f"{root}/") for remark in remarks] == [
        f"pages/index.md:{6 + 5 * at}, {{tell}}: this stays as it was built when a reader chooses something else: "
        f'the sign "{sign}" in Markdown of {root}/grammars/g{at}.yaml:3, rule said; '
        "links, **strong** and *emphatic* words are read"
        for at, sign in enumerate(UNREAD.values())
    ]


def test_the_rows_of_a_tell_are_asked_for_in_its_dialect(tmp_path):
    course = open_course(
        course_of({"course.toml": RAIN["course.toml"], "data/rain.csv": RAIN["data/rain.csv"]}, tmp_path)
    )
    select = (
        ":dialect: mysql\n:rows:\nSELECT `town` AS `it is`, IFNULL(rain, 0) AS rain FROM rain WHERE `year` = :year\n"
    )
    (tmp_path / "grammars").mkdir()
    (tmp_path / "grammars" / "g.yaml").write_text("origin: '#rain#'\n", encoding="utf-8")
    directive = standing_alone("tell", "g", select.replace(":rows:\n", ""), tmp_path / "page.md")
    materials = Materials(tmp_path, course.database(), course.parameters)
    told = retold_texts(directive, read_options(directive, tell.TellOptions), materials, frozenset({"year"}))
    (sql,) = told.over.told
    assert "`" not in sql
    assert course.database().tables.keys() >= told.tables.keys() == {"rain"}
