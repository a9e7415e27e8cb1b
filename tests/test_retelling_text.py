"""The whole text of a page told again where it is read: as a build for the same choice has it."""

from __future__ import annotations

import json
import shutil
import subprocess
from urllib.parse import quote

import pytest

from coursewright.courses.build import build
from coursewright.courses.course import open_course
from test_browser import NODE, chromium  # noqa: F401 - a fixture
from test_retelling import RAIN, course_of, parts, served  # noqa: F401 - a fixture

RICH = dict(RAIN)
RICH["pages/town.md"] = """
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

        It rained a lot, said `code` of {{ town }}.

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
    for name, content in pages.items():
        (site / name).write_bytes(content)
    with served(site) as address:
        asked = json.dumps({"base": address, "pairs": pairs, "executablePath": chromium})
        command = [str(shutil.which("node")), NODE / "retold_pages.js"]
        done = subprocess.run(command, input=asked, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["refused"], answer["errors"]) == ([], [])
    for (year, town), (status, again, built) in zip(CHOICES, answer["found"], strict=True):
        assert status == f"Told for Year {year}, Town {town}."
        assert again == built
    assert len({built for _, _, built in answer["found"]}) == len(CHOICES)


UNTOLD = [
    ("$x = {{ year }}$", "a parameter in a formula or in code"),
    ("A note.[^1]\n\n[^1]: Of {{ year }}.", "citations and footnotes, whose numbers hang on what is told"),
    ("[a page](other-{{ year }}.md)", "the link to other-zq1qz.md"),
    ("zq0qz {{ year }}", "a text with zq0qz in it"),
]


@pytest.mark.usefixtures("parts")
@pytest.mark.parametrize(("text", "why"), UNTOLD)
def test_a_text_that_cannot_be_told_again_stays_and_is_named(text, why, tmp_path):
    page = RAIN["pages/index.md"].replace("# Rain in {{ year }}", "# Rain")
    root = course_of({**RAIN, "pages/index.md": page, "pages/other-2019.md": "# Other"}, tmp_path)
    file = root / "pages" / "index.md"
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{text}\n", encoding="utf-8")
    remarks = build(open_course(root), only=["site"]).remarks
    assert f"{file}: this stays as it was built when a reader chooses something else: {why}" in remarks
    assert b'"text":null' in (root / "build" / "site" / "retelling" / "index.json").read_bytes()
