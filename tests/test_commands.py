"""The command line as a user meets it: what it prints, where, and how it ends."""

from __future__ import annotations

import json
import math
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest

from coursewright.cli import main

FINDER = """\
/*---
title = "Best"
tell = "#fruit# sold #tonnes# t *for real*"
score = "tonnes"
---*/
SELECT fruit, tonnes, DATE '2024-05-01' AS day FROM sales WHERE tonnes > 0 AND year <= :year
"""


def run(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    """What the command prints on standard output."""
    assert main(arguments) == status
    return capsys.readouterr().out


def start(*arguments: str, **options: Any) -> subprocess.Popen[str]:
    """The command as a process of its own."""
    command = [sys.executable, "-m", "coursewright", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


def test_facts_as_text_as_markdown_and_as_json(make_course: Any, capsys: Any) -> None:
    course = str(make_course({"facts/best.sql": FINDER}))
    assert run(capsys, "facts", "--course", course, "--limit", "2").split("\n") == [
        "apple sold 12 t *for real*",
        "apple sold 10 t *for real*",
        "",
    ]
    gfm = run(capsys, "facts", "best", "--course", course, "--set", "year=2023", "--format", "gfm")
    assert gfm == "- apple sold 10 t \\*for real\\*\n- pear sold 4 t \\*for real\\*\n"
    assert json.loads(run(capsys, "facts", "--course", course, "--format", "json", "--limit", "1")) == [
        {
            "finder": "best",
            "sentence": "apple sold 12 t *for real*",
            "score": 12.0,
            "row": {"fruit": "apple", "tonnes": 12, "day": "2024-05-01"},
            "moment": {"year": 2024},
        }
    ]


def test_facts_explained(make_course: Any, capsys: Any) -> None:
    course = make_course({"facts/best.sql": FINDER})
    assert run(capsys, "facts", "--course", str(course), "--limit", "1", "--explain").split("\n") == [
        "apple sold 12 t *for real*",
        f"    {course}/facts/best.sql, score 12",
        "    fruit = apple",
        "    tonnes = 12",
        "    day = 2024-05-01",
        "    | SELECT fruit, tonnes, DATE '2024-05-01' AS day FROM sales WHERE tonnes > 0 AND year <= :year",
        "",
    ]
    (fact,) = json.loads(run(capsys, "facts", "--course", str(course), "--limit", "1", "--explain", "--format", "json"))
    assert fact["sql"].startswith("SELECT fruit")


def test_facts_for_each_row(make_course: Any, capsys: Any) -> None:
    course = str(make_course({"facts/best.sql": FINDER}))
    each = ("--for-each", "SELECT DISTINCT year FROM sales ORDER BY year", "--format", "json")
    facts = json.loads(run(capsys, "facts", "--course", course, *each))
    assert [(fact["moment"], fact["score"]) for fact in facts] == [
        ({"year": 2023}, 10),
        ({"year": 2023}, 4),
        ({"year": 2024}, 12),
        ({"year": 2024}, 10),
        ({"year": 2024}, 4),
    ]


def test_each_moment_has_its_limit_and_its_name(make_course: Any, capsys: Any) -> None:
    course = str(make_course({"facts/best.sql": FINDER}))
    each = ("--for-each", "SELECT DISTINCT year FROM sales ORDER BY year", "--limit", "1")
    assert run(capsys, "facts", "--course", course, *each) == (
        "year = 2023:\napple sold 10 t *for real*\n\nyear = 2024:\napple sold 12 t *for real*\n"
    )
    assert run(capsys, "facts", "--course", course, *each, "--format", "gfm") == (
        "**year = 2023**\n\n- apple sold 10 t \\*for real\\*\n\n**year = 2024**\n\n- apple sold 12 t \\*for real\\*\n"
    )
    twice = ("--for-each", "SELECT 2024 AS year FROM range(2)", "--limit", "1", "--format", "json")
    assert len(json.loads(run(capsys, "facts", "--course", course, *twice))) == 2
    (fact,) = json.loads(run(capsys, "facts", "--course", course, "--limit", "1", "--format", "json"))
    assert fact["moment"] == {"year": 2024}


YEAR = 'hint: did you mean "year"? Available: year'


@pytest.mark.parametrize(
    ("select", "status", "said"),
    [
        ("SELECT 2023 AS yaer", 2, 'no parameter called "yaer"\n  --> --for-each\n' + YEAR),
        ("SELECT 2023 AS yaer WHERE false", 2, 'no parameter called "yaer"\n  --> --for-each\n' + YEAR),
        ("SELECT 2023 AS Year", 2, 'no parameter called "Year"\n  --> --for-each\n' + YEAR),
        (
            "SELECT 1 AS year, 2 AS year",
            1,
            'two columns are called "year"\n  --> --for-each:1\nhint: rename one of them with AS',
        ),
    ],
)
def test_the_columns_of_for_each_are_parameters(
    make_course: Any, capsys: Any, select: str, status: int, said: str
) -> None:
    course = str(make_course({"facts/best.sql": FINDER}))
    assert main(["facts", "--course", course, "--for-each", select]) == status
    assert capsys.readouterr().err == f"error: {said}\n"


def test_for_each_gives_a_finder_what_the_course_does_not(make_course: Any, capsys: Any) -> None:
    course = str(make_course({"facts/best.sql": FINDER.replace(":year", ":last")}))
    assert run(capsys, "facts", "--course", course, "--for-each", "SELECT 2023 AS last", "--limit", "1").startswith(
        "last = 2023:\napple sold 10 t"
    )


def test_a_terminal_is_not_given_what_data_would_do_to_it(make_course: Any, capsys: Any) -> None:
    course = make_course({"facts/best.sql": FINDER, "data/sales.csv": "year,fruit,tonnes\n2024,a\x1b[31m\x07b,1\n"})
    assert run(capsys, "facts", "--course", str(course)) == "a�[31m�b sold 1 t *for real*\n"
    assert "\x1b" not in run(capsys, "table", "sales", "--course", str(course))


@pytest.mark.parametrize("name", ["sales", "ADDRESS"])
def test_a_table_in_every_format(make_course: Any, capsys: Any, name: str) -> None:
    course = make_course({})
    name = name.replace("ADDRESS", str(course / "data/sales.csv"))
    table = ("table", name, "--course", str(course))
    assert run(capsys, *table, "--format", "csv") == (course / "data/sales.csv").read_text()
    assert run(capsys, *table, "--format", "gfm", "--rows", "1").split("\n")[2] == "| 2023 | apple | 10 |"
    assert json.loads(run(capsys, *table, "--format", "json"))[3] == {"year": 2024, "fruit": "pear", "tonnes": None}
    text = run(capsys, *table)
    assert "4 rows, 3 columns" in text
    assert re.search(r"tonnes +BIGINT +1 +3", text)


def test_a_table_that_is_not_there(make_course: Any, capsys: Any) -> None:
    assert main(["table", "sale", "--course", str(make_course({}))]) == 2
    assert capsys.readouterr().err == 'error: no table called "sale"\nhint: did you mean "sales"? Available: sales\n'


def test_what_json_has_no_form_for_is_null(tmp_path: Path, capsys: Any) -> None:
    numbers = pa.table({"a": [math.nan, 1.5], "b": [math.inf, 2.5]})
    pyarrow.parquet.write_table(numbers, tmp_path / "t.parquet")
    table = run(capsys, "table", str(tmp_path / "t.parquet"), "--format", "json")
    assert json.loads(table, parse_constant=pytest.fail) == [{"a": None, "b": None}, {"a": 1.5, "b": 2.5}]


def test_dates_before_the_first_and_without_end_are_shown(make_course: Any, capsys: Any) -> None:
    course = make_course({
        "tables/ides.sql": "SELECT unnest([DATE '0044-03-15 (BC)', DATE 'infinity']) AS day",
        "facts/ides.sql": '/*---\ntitle = "T"\ntell = "on #day#"\n---*/\nSELECT day FROM ides WHERE day = :day',
        "course.toml": '[course]\ntitle = "T"\n[parameters]\nday = "2024-03-15"\n',
    })  # fmt: skip
    table = ("table", "ides", "--course", str(course), "--format")
    assert run(capsys, *table, "csv") == "day\n0044-03-15 (BC)\ninfinity\n"
    assert json.loads(run(capsys, *table, "json")) == [{"day": "0044-03-15 (BC)"}, {"day": "infinity"}]
    assert "  0044-03-15 (BC) … infinity" in run(capsys, *table, "text")
    each = ("--for-each", "SELECT day::DATE AS day FROM ides")
    assert run(capsys, "facts", "--course", str(course), *each) == (
        "day = 0044-03-15 (BC):\non 0044-03-15 (BC)\n\nday = infinity:\non infinity\n"
    )


def test_no_value_is_shown_as_python_writes_it(make_course: Any, capsys: Any) -> None:
    sql = "SELECT INTERVAL '3 days 04:05:06' AS i, 'abc'::BLOB AS b, "
    sql += "{'a': 1.5} AS s, MAP {'k': [1, NULL]} AS m, 5::BIGNUM AS n"
    told = '/*---\ntitle = "T"\ntell = "#n#"\n---*/\n' + sql
    course = str(make_course({"tables/odd.sql": sql, "facts/odd.sql": told}))
    table = ("table", "odd", "--course", course, "--format")
    assert run(capsys, *table, "csv") == ('i,b,s,m,n\n3 days 04:05:06,616263,"{""a"": 1.5}","{""k"": [1, null]}",5\n')
    row = {"i": "3 days 04:05:06", "b": "616263", "s": {"a": 1.5}, "m": {"k": [1, None]}, "n": 5}
    assert json.loads(run(capsys, *table, "json")) == [row]
    assert run(capsys, *table, "gfm").split("\n")[1:3] == [
        "| --- | --- | --- | --- | ---: |",
        r"| 3 days 04:05:06 | 616263 | \{&quot;a&quot;: 1.5\} | \{&quot;k&quot;: \[1, null\]\} | 5 |",
    ]
    facts = ("facts", "--course", course, "--explain")
    assert "    i = 3 days 04:05:06\n    b = 616263\n" in run(capsys, *facts)
    assert json.loads(run(capsys, *facts, "--format", "json"))[0]["row"] == row


def test_a_file_of_no_known_format(tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "notes.doc").write_text("x")
    assert main(["table", str(tmp_path / "notes.doc")]) == 1
    assert capsys.readouterr().err.startswith('error: no reader for ".doc" files\n')


def test_what_the_system_refuses_is_one_message(words: tuple[str, str], capsys: Any) -> None:
    assert main(["tell", *words, "--output", "/proc/texts.csv"]) == 1
    said = "error: this file cannot be written: No such file or directory\n  --> /proc/texts.csv\n"
    assert capsys.readouterr().err == said


def test_a_file_that_is_not_there(tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["table", "sales.csv"]) == 2
    assert capsys.readouterr().err == 'error: no file "sales.csv"\n'


def test_a_new_course_builds(tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "mine"]) == 0
    assert main(["build", "mine"]) == 0
    assert "1 page in " in capsys.readouterr().err
    assert main(["check", "mine"]) == 0
    assert (tmp_path / "mine/build/site/index.html").exists()
    assert (tmp_path / "mine/.gitignore").read_text(encoding="utf-8") == "build/\n"
    assert main(["new", "mine"]) == 2
    assert capsys.readouterr().err.endswith('error: "mine" is there already\nhint: choose a new folder\n')


def test_one_question_is_checked_alone(tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "mine"]) == 0
    (tmp_path / "mine/questions").mkdir(exist_ok=True)
    sums = (
        "---\nkind: number\n---\n```python\na = pick(range(90))\nanswer = a + 900\n```\n# Question\n\n900 + {{ a }}?\n"
    )
    (tmp_path / "mine/questions/sum.md").write_text(sums, encoding="utf-8")
    (tmp_path / "mine/questions/bad.md").write_text(
        "---\nkind: number\n---\n# Question\n\nHow many?\n", encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path / "mine")
    capsys.readouterr()
    assert main(["check", "--question", "sum", "--seeds", "20"]) == 0
    assert re.fullmatch(r"questions/sum.md: \d+ or more variants\nno problems\n", capsys.readouterr().err)
    (tmp_path / "sum.md").write_text(sums, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["check", "--question", "sum.md", "--seeds", "20"]) == 0
    assert re.fullmatch(r"sum.md: \d+ or more variants\nno problems\n", capsys.readouterr().err)
    monkeypatch.chdir(tmp_path / "mine")
    assert main(["check", "--question", "questions/bad.md"]) == 1
    assert 'error: question "bad", seed 0, variant 1: this question has no answer' in capsys.readouterr().err
    assert main(["check", "--question", "sun"]) == 2
    assert capsys.readouterr().err.startswith('error: no question called "sun"\nhint: did you mean "sum"')
    assert main(["check"]) == 1


def test_an_example_that_is_not_there(tmp_path: Path, capsys: Any) -> None:
    assert main(["new", str(tmp_path / "mine"), "--example", "formula-won"]) == 2
    said = capsys.readouterr().err
    assert said.startswith('error: no example called "formula-won"\nhint: did you mean "formula-one"?')


@pytest.fixture
def words(tmp_path: Path) -> tuple[str, str]:
    """A grammar and rows, as files."""
    (tmp_path / "placed.json").write_text('{"origin": "#name# was placed #position.upper#!"}')
    (tmp_path / "rows.csv").write_text("name,position\nJo,first\nSam,Second\n")
    return str(tmp_path / "placed.json"), str(tmp_path / "rows.csv")


def test_tell_prints_a_text_a_line(words: tuple[str, str], capsys: Any) -> None:
    assert run(capsys, "tell", *words) == "Jo was placed FIRST!\nSam was placed SECOND!\n"
    explained = run(capsys, "tell", *words, "--explain-row", "1").split("\n")
    assert explained[:2] == ["Sam was placed SECOND!", "told by columns"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            ["--by", "nmae"],
            'no column called "nmae"\n  --> tell, --by\nhint: did you mean "name"? Available: name, position',
        ),
        (["--key", "x"], 'no column called "x"\n  --> tell, --key\nhint: Available: name, position'),
        (
            ["--key", "x", "--output", "o.csv"],
            'no column called "x"\n  --> tell, --key\nhint: Available: name, position',
        ),
        (["--explain-row", "2"], "there is no row 2\n  --> tell, --explain-row\nhint: rows count from 0 to 1"),
    ],
)
def test_tell_names_its_options_as_they_are_typed(
    words: tuple[str, str], tmp_path: Path, capsys: Any, monkeypatch: Any, *, options: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["tell", *words, *options]) == 2
    assert capsys.readouterr().err == f"error: {said}\n"


@pytest.mark.parametrize(("rows", "hint"), [("", "there are no rows"), ("Jo,first\n", "there is only row 0")])
def test_a_row_to_explain_that_is_not_there(words: tuple[str, str], capsys: Any, rows: str, hint: str) -> None:
    Path(words[1]).write_text(f"name,position\n{rows}")
    assert main(["tell", *words, "--explain-row", "1"]) == 2
    assert capsys.readouterr().err == f"error: there is no row 1\n  --> tell, --explain-row\nhint: {hint}\n"


@pytest.mark.parametrize("options", [[], ["--output", "told.csv"]])
def test_tell_says_why_many_rows_are_told_one_by_one(
    options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("g.json").write_text('{"origin": ["[kept:\\\\##n#]#kept#", "#[kept:x]origin#"]}')
    for count, said in ((10_000, "told row by row, which is slow for 10,000 texts, because "), (9_999, "")):
        Path("rows.csv").write_text("n\n" + "\n".join(map(str, range(count))) + "\n")
        assert main(["tell", "g.json", "rows.csv", *options]) == 0
        told = capsys.readouterr().err
        reason = '"origin" leads back to itself, and it saves or modifies what may hold an escape\n'
        assert told.endswith(f"{said}{reason}") if said else "row by row" not in told


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_tell_writes_rows_with_their_texts(words: tuple[str, str], tmp_path: Path, capsys: Any, suffix: str) -> None:
    output = tmp_path / f"out{suffix}"
    assert run(capsys, "tell", *words, "--output", str(output)) == ""
    table = json.loads(run(capsys, "table", str(output), "--format", "json"))
    assert table == [
        {"name": "Jo", "position": "first", "text": "Jo was placed FIRST!"},
        {"name": "Sam", "position": "Second", "text": "Sam was placed SECOND!"},
    ]


@pytest.mark.parametrize(
    ("grammar", "rows", "output", "said"),
    [
        ('{"origin": "#nmae#"}', "name\nJo\n", "out.csv", 'no column or rule called "nmae"'),
        ('{"origin": "#name#"}', "name,text\nJo,x\n", "out.csv", 'there is a column "text" already'),
        (
            '{"origin": "#name#"}',
            "name\nJo\n",
            "out.xml",
            'texts are not written to a ".xml" file\n  --> FOLDER/out.xml\n',
        ),
        ('{"origin": "#name.round#"}', "name\nJo\n", "out.csv", '"Jo" is not a number'),
    ],
)
def test_a_text_that_cannot_be_told_leaves_no_file(
    tmp_path: Path, capsys: Any, *, grammar: str, rows: str, output: str, said: str
) -> None:
    (tmp_path / "g.json").write_text(grammar)
    (tmp_path / "rows.csv").write_text(rows)
    (tmp_path / output).write_text("what was there")
    before = sorted(tmp_path.iterdir())
    assert main(["tell", str(tmp_path / "g.json"), str(tmp_path / "rows.csv"), "--output", str(tmp_path / output)]) == 1
    assert said.replace("FOLDER", str(tmp_path)) in capsys.readouterr().err
    assert (tmp_path / output).read_text() == "what was there"
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["bild"], "bild"),
        (["build", "--jobbs", "2"], "--jobbs"),
        (["facts", "--format", "xml"], "xml"),
        (["facts", "--limit", "few"], "few"),
        (["build", "nowhere"], 'no folder "nowhere"'),
    ],
)
def test_wrong_usage_is_status_2(arguments: list[str], said: str, capsys: Any) -> None:
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert said in error
    assert "Traceback" not in error


def test_help_names_every_command_and_imports_nothing_heavy() -> None:
    script = "import sys, coursewright.cli as c; c.main(['--help']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    for command in ("demo", "new", "build", "check", "table", "tell", "facts"):
        assert re.search(rf"│ {command} +[A-Z]", done.stdout)
    heavy = "babel duckdb jinja2 markdown_it matplotlib numpy pandas plotnine polars pyarrow"
    assert not set(heavy.split()) & set(done.stderr.split())


def test_a_reader_that_has_seen_enough_is_no_error(make_course: Any) -> None:
    rows = "year,fruit,tonnes\n" + "2024,apple,1\n" * 20_000
    course = make_course({"data/sales.csv": rows})
    with start("table", "sales", "--course", str(course), "--format", "csv") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "year,fruit,tonnes\n"
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == ""
        assert process.wait() == 0


def test_a_terminal_without_letters_beyond_ascii_gets_question_marks(make_course: Any) -> None:
    course = make_course({"data/sales.csv": "year,fruit,tonnes\n2024,café,1\n"})
    plain = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    with start("table", "sales", "--course", str(course), env=plain) as process:
        out, error = process.communicate()
    assert error == ""
    assert "caf?" in out


def test_the_demo_builds_and_serves_on_loopback(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    pytest.importorskip("plotnine", reason='pip install "coursewright[charts]"')
    with start("demo", cwd=tmp_path, env={**os.environ, "HOME": str(tmp_path_factory.mktemp("home"))}) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address)
        with urllib.request.urlopen(address) as answer:
            page = answer.read().decode()
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130
    assert "Hungarian Grand Prix 2026" in page
    assert "<svg" in page  # drawn: what cannot be ends the build
    assert "Chart left out" not in page
    assert [path.name for path in tmp_path.iterdir()] == ["coursewright-demo"]


def test_the_demo_does_not_overwrite_what_is_no_demo(tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert main(["demo", str(tmp_path), "--no-serve"]) == 2
    assert capsys.readouterr().err == f'error: "{tmp_path}" is there already\nhint: choose a new folder\n'
