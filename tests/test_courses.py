"""Builds: whole or not at all, and no more work than what changed asks for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coursewright.courses import build, check, open_course
from coursewright.errors import SeveralProblems

PAGES = {
    "pages/a.md": "# A\n\n```{table} sales\n```\n",
    "pages/b.md": "# B\n\n```{facts}\n```\n",
    "pages/c.md": "# C\n\nOnly text.\n",
    "facts/sold.sql": '/*---\ntitle = "T"\ntell = "#fruit# sold"\n---*/\nSELECT DISTINCT fruit FROM total\n',
    "tables/total.sql": "SELECT fruit, sum(tonnes) AS tonnes FROM sales GROUP BY fruit\n",
}


def content(root: Path) -> dict[str, bytes]:
    """Every file of the build, its cache aside."""
    folder = root / "build"
    files = (path for path in folder.rglob("*") if path.is_file() and ".cache" not in path.parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_nothing_changed_executes_nothing_and_gives_the_same_bytes(make_course: Any) -> None:
    root = make_course(PAGES)
    assert build(open_course(root)).executed == 3
    first = content(root)
    assert build(open_course(root)).executed == 0
    assert content(root) == first
    assert build(open_course(root), force=True).executed == 3
    assert content(root) == first


@pytest.mark.parametrize(
    ("file", "text", "executed"),
    [
        ("pages/c.md", "# C\n\nMore text.\n", 1),
        ("data/sales.csv", "year,fruit,tonnes\n2024,fig,1\n", 2),
        ("facts/sold.sql", PAGES["facts/sold.sql"].replace("sold", "went"), 1),
        ("facts/more.sql", PAGES["facts/sold.sql"].replace("sold", "went"), 1),
        ("tables/total.sql", "SELECT fruit, max(tonnes) AS tonnes FROM sales GROUP BY fruit\n", 1),
        ("tables/other.sql", "SELECT 1 AS one\n", 0),
    ],
)
def test_only_what_changed_is_done_again(make_course: Any, file: str, text: str, executed: int) -> None:
    root = make_course(PAGES)
    build(open_course(root))
    (root / file).write_text(text)
    assert build(open_course(root)).executed == executed
    incremental = content(root)
    build(open_course(root), force=True)
    assert content(root) == incremental


def test_another_parameter_is_another_build(make_course: Any) -> None:
    root = make_course({"pages/a.md": "# {{ year }}\n"})
    build(open_course(root))
    assert build(open_course(root, {"year": "2023"})).executed == 1
    assert (root / "build/markdown/a.md").read_text() == "# 2023\n"


def test_a_page_that_goes_leaves_nothing_behind(make_course: Any) -> None:
    root = make_course(PAGES)
    build(open_course(root))
    (root / "pages/c.md").unlink()
    build(open_course(root))
    assert "site/c.html" not in content(root)
    assert not (root / "build/.cache/outcomes/c").exists()


def test_a_failed_build_leaves_the_last_good_one(make_course: Any) -> None:
    root = make_course(PAGES)
    build(open_course(root))
    good = content(root)
    (root / "pages/a.md").write_text("```{table} nothing\n```\n")
    (root / "pages/c.md").write_text("{{ nothing }}\n")
    with pytest.raises(SeveralProblems) as error:
        build(open_course(root))
    assert [str(problem.where) for problem in error.value.problems] == [
        f"{root}/pages/a.md:1, {{table}}",
        f"{root}/pages/c.md:1",
    ]
    assert content(root) == good
    assert not (root / "build/.coursewright-new").exists()


def test_a_broken_cache_is_only_slower(make_course: Any) -> None:
    root = make_course(PAGES)
    build(open_course(root))
    good = content(root)
    (root / "build/.cache/outcomes/a").write_text("{")
    (root / "build/.cache/outcomes/b").write_bytes(b"\xff\xfe")
    (root / "pages/a.md").write_text(PAGES["pages/a.md"] + "\n")
    assert build(open_course(root)).executed == 1
    assert content(root) == good
    (root / "build/.cache/state").write_text("{")
    assert build(open_course(root)).executed == 3
    assert content(root) == good


def test_a_file_that_somebody_changed_in_the_build_is_written_again(make_course: Any) -> None:
    root = make_course(PAGES)
    build(open_course(root))
    good = content(root)
    (root / "build/site/a.html").write_text("mine")
    (root / "build/markdown/b.md").unlink()
    assert build(open_course(root)).executed == 0
    assert content(root) == good


def test_one_format_leaves_the_other_as_it_is(make_course: Any) -> None:
    root = make_course(PAGES)
    build(open_course(root))
    site = {name: text for name, text in content(root).items() if name.startswith("site/")}
    (root / "pages/c.md").write_text("# Changed\n")
    build(open_course(root), only=["markdown"])
    after = content(root)
    assert after["markdown/c.md"] == b"# Changed\n"
    assert {name: text for name, text in after.items() if name.startswith("site/")} == site


def test_a_course_is_found_from_a_folder_inside_it(make_course: Any) -> None:
    root = make_course(PAGES)
    assert open_course(root / "pages").root.samefile(root)


def test_a_sound_course_has_no_problems(make_course: Any) -> None:
    assert check(make_course(PAGES)) == []


def test_check_looks_at_tables_and_finders_that_no_page_uses(make_course: Any) -> None:
    root = make_course({"tables/t.sql": "SELECT nothing FROM sales\n", "facts/f.sql": "/*---\ntitle = 3\n---*/\n"})
    assert [problem.message for problem in check(root)] == [
        'SQL: no column called "nothing"',
        '"title" should be text, not a whole number',
    ]


def test_check_remarks_on_columns_with_missing_values(tmp_path):
    rules = 'origin:\n  told = 1: "#name#"\n  otherwise: "#other#"\nother: "#name# was #pos.ordinal#"\n'
    files = {
        "course.toml": '[course]\ntitle = "Race"\nlanguage = "en-GB"\n[tables]\nrows = "data/rows.csv"\n',
        "data/rows.csv": "name,pos\nAnn,1\nBo,\n",
        "grammars/g.yaml": rules,
        "pages/index.md": "# Race\n\n```{tell} g\nSELECT *, 1 AS told FROM rows\n```\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    said = []
    problems = check(tmp_path, report=said.append)
    assert [problem.message for problem in problems] == []
    assert [line.partition(";")[0].removeprefix(str(tmp_path) + "/") for line in said if "missing values" in line] == [
        'grammars/g.yaml:4, rule other: the column "pos" has missing values, and nothing stands for them in '
        '"#name# was #pos.ordinal#"'
    ]


def test_check_remarks_on_empty_texts(tmp_path):
    files = {
        "course.toml": '[course]\ntitle = "T"\nlanguage = "en-GB"\n[tables]\nrows = "data/rows.json"\n',
        "data/rows.json": '[{"name": "Ann", "place": ""}, {"name": "Bo", "place": "Oporto"}]',
        "grammars/g.yaml": 'origin: "#name# shared the car[? in #place#]."\n',
        "pages/index.md": "# Race\n\n```{tell} g\n:rows: rows\n```\n",
        "facts/f.sql": '/*---\ntitle = "F"\ntell = "#name# in #place#"\n---*/\nSELECT * FROM rows\n',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    def remarked():
        said = []
        assert check(tmp_path, report=said.append) == []
        return [line.removeprefix(f"{tmp_path}/") for line in said if "empty texts" in line]

    hint = 'read them as missing: missing = [""], or write a condition: place = ""'
    what = 'the column "place" has empty texts, which are not missing values, in'
    assert remarked() == [
        f'facts/f.sql:3, tell: {what} "#name# in #place#"; {hint}',
        f'grammars/g.yaml:1, rule origin: {what} "#name# shared the car[? in #place#]."; {hint}',
    ]
    read = files["course.toml"].replace('"data/rows.json"', '{ file = "data/rows.json", missing = [""] }')
    (tmp_path / "course.toml").write_text(read)
    (tmp_path / "facts/f.sql").unlink()
    assert remarked() == []


def test_check_remarks_on_missing_values_in_groups_and_finders(tmp_path):
    files = {
        "course.toml": '[course]\ntitle = "Race"\nlanguage = "en-GB"\n[tables]\nrows = "data/rows.csv"\n',
        "data/rows.csv": "team,name,pos,time\nA,Ann,1,\nA,Bo,,9\nC,Cy,,8\nC,Di,,7\n",
        "grammars/g.yaml": 'origin:\n  team = "A": "#name# #pos# #time#"\n  otherwise: "#name.each(line)#"\n'
        'line:\n  name = "Zed": "#name# #pos#"\n  otherwise: "#name#"\n',
        "pages/index.md": "# Race\n\n```{tell} g\n:rows: rows\n:by: team\n```\n",
        "facts/f.sql": '/*---\ntitle = "F"\ntell = "#name#[? in #pos#][?#time# ]: #told#"\ngrammar = "f"\n'
        '[question]\nask = "Who came #pos.or(nowhere)# after #time#?"\nanswer = "name"\n---*/\n'
        "SELECT * FROM rows WHERE name = 'Ann'\n",
        "grammars/f.yaml": 'told:\n  pos > 1: "#time#"\n  otherwise: "#name#"\n',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    said = []
    check(tmp_path, report=said.append)
    found = [line.partition("; ")[0].removeprefix(f"{tmp_path}/") for line in said if "missing" in line]
    assert found == [
        'facts/f.sql:3, tell: the column "time" has missing values, and nothing stands for them in "#time#"',
        'facts/f.sql:6, ask: the column "time" has missing values, and nothing stands for them in '
        '"Who came #pos.or(nowhere)# after #time#?"',
        'grammars/g.yaml:2, rule origin: the column "pos" has missing values, and nothing stands for them in '
        '"#name# #pos# #time#"',
        'grammars/g.yaml:5, rule line: the column "pos" has missing values, and nothing stands for them in '
        '"#name# #pos#"',
    ]


def test_figures_that_were_left_out_are_drawn_when_they_are_wanted_again(make_course: Any) -> None:
    figure = (
        "from coursewright.figures import Figure\n\n\n"
        "def draw():\n    return Figure('<svg xmlns=\"http://www.w3.org/2000/svg\"/>', 'Nothing is drawn.')\n"
    )
    folder = make_course(
        {"pages/index.md": "# Fruit\n\n```{figure} none\n:caption: An empty <sheet>\n```\n", "figures/none.py": figure}
    )
    course = open_course(folder)
    page = folder / "build/site/index.html"
    shown = [build(replace(course, figures=figures)).folder and page.read_text() for figures in (True, False, True)]
    assert "Chart left out: An empty &lt;sheet&gt;" in shown[1]
    assert shown[0] == shown[2] != shown[1]
