"""Another page, chosen from a list that no page carries: by keyboard, from a folder, and without scripts."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from coursewright.courses import build, check, open_course
from coursewright.errors import CoursewrightError
from test_browser import NODE, chromium  # noqa: F401 - a fixture

NASTY = '</script><b>a & "b"</b>'
FILES = {
    "course.toml": '[course]\ntitle = "Races"\n\n[parameters]\nseason = { default = 1950, label = "Season" }\n'
    "[tables]\nraces = 'data/races.csv'\n",
    "data/races.csv": "year,round,race\n1950,1,Silverstone\n1950,2,Monaco\n1951,1,ü [x]\n1951,2,"
    + '"' + NASTY.replace('"', '""') + '"\n',
    "pages/index.md": "# Front\n\n```{pages} races/race\n:form: choice\n:title: A race\n```\n",
    "pages/races/index.md": "# All races\n",
    "pages/races/race.md": "---\nname: '{{ season }}-{{ round }}'\ntitle: '{{ race }} {{ season }}'\n"
    "for_each: SELECT year AS season, round, race FROM races ORDER BY year, round\n---\n\n# {{ race }} {{ season }}\n\n"
    "```{pages} races/race\n:form: choice\n:title: Another race\n:by: season\n:label: race\n```\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    root = tmp_path_factory.mktemp("a [b] ü")
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    build(open_course(root))
    return root / "build" / "site"


def visited(site: Path, chromium: str) -> dict:  # noqa: F811 - a fixture
    command = [str(shutil.which("node")), NODE / "choosing.js", site.as_uri(), chromium]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    found: dict = json.loads(done.stdout)
    return found


def test_readers_choose_another_page_by_keyboard_from_a_folder(site, chromium):  # noqa: F811 - a fixture
    if not shutil.which("node"):
        pytest.skip("Node.js is not installed")
    found = visited(site, chromium)
    assert found["errors"] == []
    assert found["before"] == []
    assert found["fields"] == ["Season", "Another race"]
    assert found["chosen"] == ["1950", "Monaco"]
    assert found["offered"] == ["ü [x]", NASTY]
    assert found["opened"] == "ü [x] 1951"
    assert found["front"] == ["Silverstone 1950", "Monaco 1950", "ü [x] 1951", f"{NASTY} 1951"]
    assert found["axe"] == []
    assert found["missing"] == "The list could not be loaded"
    assert found["plain"] == "Another race: All races"
    assert found["all"] == "All races"


def test_the_list_is_no_part_of_the_pages(site):
    page = (site / "races" / "1950-1.html").read_text(encoding="utf-8")
    assert "Monaco" not in page.partition("<main")[2].partition("</main>")[0]
    assert (site / "choose" / "races" / "race-by-season-by-race.js").stat().st_size < 400
    markdown = (site.parent / "markdown" / "races" / "1950-1.md").read_text(encoding="utf-8")
    assert "Another race: [All races](README.md)" in markdown


@pytest.mark.parametrize(
    ("options", "said", "hint"),
    [
        (":form: choice", "a choice needs a title", "add what readers choose, such as :title: Another race"),
        (":by: season", "a list of pages has no by", "add :form: choice, or leave it out"),
        (
            ":form: choice\n:title: x\n:by: seasn",
            'the pages of races/race.md have no parameter called "seasn"',
            "season",
        ),
    ],
)
def test_what_is_wrong_with_a_choice_is_said(options, said, hint, tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "pages/index.md").write_text(f"# Front\n\n```{{pages}} races/race\n{options}\n```\n", encoding="utf-8")
    with pytest.raises(CoursewrightError) as told:
        build(open_course(tmp_path))
    assert check(tmp_path) == list(told.value.problems)
    assert said in str(told.value)
    assert "pages/index.md:3" in str(told.value) or "pages/index.md:4" in str(told.value)
    assert hint in str(told.value)


def test_a_missing_value_is_no_group_and_no_name(tmp_path):
    rows = "year,round,race\n1950,1,Silverstone\n,2,\n"
    for name, text in {**FILES, "data/races.csv": rows}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    page = tmp_path / "pages/races/race.md"
    text = page.read_text("utf-8").replace("{{ season }}-", "").replace("{{ race }} {{ season }}", "Race {{ round }}")
    page.write_text(text, "utf-8")
    listed = (build(open_course(tmp_path)).folder / "site/choose/races/race-by-season-by-race.js").read_text("utf-8")
    assert listed == (
        'coursewrightChoose(...["races/race-by-season-by-race",'
        '[["1950",[["Silverstone","races/1"]]],["",[["Race 2","races/2"]]]]])\n'
    )


def test_without_scripts_few_pages_that_no_front_page_is_for_are_links(make_course):
    root = make_course({name: text for name, text in FILES.items() if name != "pages/races/index.md"})
    build(open_course(root))
    listed = [
        "[Silverstone 1950](races/1950-1.{})",
        "[Monaco 1950](races/1950-2.{})",
        "[ü \\[x\\] 1951](races/1951-1.{})",
    ]
    told = (root / "build/markdown/README.md").read_text(encoding="utf-8")
    assert [line[2:] for line in told.split("A race:\n\n")[1].split("\n")[:3]] == [each.format("md") for each in listed]
    cells = json.loads((root / "build/notebooks/races/1950-1.ipynb").read_text(encoding="utf-8"))["cells"]
    text = next(text for cell in cells if "Another race" in (text := "".join(cell["source"])))
    assert [line[2:].split("](")[1] for line in text.split("\n\n")[-1].split("\n")] == [
        "1950-2.ipynb)",
        "1951-1.ipynb)",
        "1951-2.ipynb)",
    ]
    html = (root / "build/site/races/1950-1.html").read_text(encoding="utf-8")
    assert '>Another race: <a href="../index.html">Front</a></p>' in html
