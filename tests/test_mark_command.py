"""`coursewright mark`, as a teacher meets it."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from coursewright.cli import main
from coursewright.questions.export import Quiz
from coursewright.questions.marking.key import encode, write_encoded
from coursewright.questions.writing.prose import Prose
from coursewright.sandbox.walls import lacking
from variants import CHOICE, VARIANTS, variant

NAMES = ("number", "choice", "choices", "truefalse", "match", "order", "essay", "text", "cloze", "code")


@pytest.fixture
def key(tmp_path: Path) -> Path:
    file = tmp_path / "key.json"
    variants = [VARIANTS[name] for name in NAMES]
    variants.append(msgspec.structs.replace(VARIANTS["number"], who="Zoë"))
    write_encoded(map(encode, variants), file, Quiz(name="key", title="key"))
    return file


def marks(capsys: Any, key: Path, responses: Path, *more: str) -> list[dict[str, Any]]:
    assert main(["mark", str(key), str(responses), "--format", "json", *more]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def points(capsys: Any, key: Path, text: str, name: str = "responses.csv") -> list[Any]:
    file = key.with_name(name)
    file.write_text(text, encoding="utf-8")
    return [row["points"] for row in marks(capsys, key, file)]


def refused(capsys: Any, key: Path, text: str, name: str = "responses.csv") -> str:
    file = key.with_name(name)
    file.write_text(text, encoding="utf-8")
    assert main(["mark", str(key), str(file)]) == 1
    out, said = capsys.readouterr()
    assert out == ""
    return str(said).replace(f"{key.parent}/", "")


def test_marks_are_printed_and_what_they_come_to_is_said(key: Path, capsys: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    file = key.with_name("responses.csv")
    file.write_text(
        "question,who,response,try\nnumber,1,1157.63,1\nnumber,Zoë,0,1\nnumber,Zoë,1100,2\nessay,1,Because.,\n", "utf-8"
    )
    assert main(["mark", str(key), str(file)]) == 0
    out, said = capsys.readouterr()
    rows = [line.split() for line in out.strip().split("\n")]
    assert rows[0] == ["question", "who", "try", "points", "out", "of", "feedback", "note"]
    assert rows[2:] == [
        ["number", "1", "1", "2", "2"],
        ["number", "Zoë", "1", "0", "2"],
        ["number", "Zoë", "2", "0.5", "2", "Nearly."],
        ["essay", "1", "1", "2", "for", "a", "person;", "too", "short"],
    ]
    assert said == "essay: 1 response, 1 for a person\nnumber: 2 responses, mean 1.25 of 2, facility 62%\n"


FORMULAS = [
    "=1+1", "+1", "-2+3", "@SUM(A1)", "=cmd|' /C calc'!A0",   "\N{MINUS SIGN}1", "\uff1d1",
    "=1,2", '="a"',
]  # fmt: skip


@pytest.mark.parametrize("who", FORMULAS)
def test_a_sheet_of_marks_holds_no_formula(who: str, tmp_path: Path) -> None:
    """A spreadsheet computes what begins so, and a student chooses the name."""
    feedback = Prose(who)
    option = msgspec.structs.replace(CHOICE.options[0], fraction=0.0, right=False, feedback=(feedback,))
    part = msgspec.structs.replace(CHOICE, options=(option, *CHOICE.options[1:]))
    right = encode(variant("choice", "choice", part, who=who))
    write_encoded([right], tmp_path / "key.json", Quiz(name="key", title="key"))
    responses, marks = tmp_path / "responses.json", tmp_path / "marks.csv"
    responses.write_text(json.dumps([{"question": "choice", "who": who, "response": 0}]), "utf-8")
    assert main(["mark", str(tmp_path / "key.json"), str(responses), "--output", str(marks)]) == 0
    (row,) = csv.DictReader(io.StringIO(marks.read_text("utf-8"), newline=""))
    assert row["who"] == f"'{who}"
    assert not any(re.match(r"\s*[=+@\-]", cell) for cell in row.values())
    assert [name for name in tmp_path.iterdir() if name.name not in ("key.json", "responses.json", "marks.csv")] == []


def test_names_that_are_none_stay_as_they_are(key: Path) -> None:
    file, output = key.with_name("responses.csv"), key.with_name("marks.csv")
    file.write_text("question,who,response\nnumber,Zoë,-5\n", "utf-8")
    assert main(["mark", str(key), str(file), "--output", str(output)]) == 0
    assert output.read_text("utf-8").splitlines()[1] == "number,Zoë,1,0,2,,"


def test_marks_go_to_a_file_in_the_format_of_its_name(key: Path, capsys: Any) -> None:
    file, output = key.with_name("responses.csv"), key.with_name("marks.csv")
    file.write_text("question,who,response\nchoice,1,\nchoices,1,d\nessay,1,word\n", "utf-8")
    assert main(["mark", str(key), str(file), "--output", str(output)]) == 0
    assert capsys.readouterr().out == ""
    assert list(csv.DictReader(io.StringIO(output.read_text("utf-8")))) == [
        {"question": q, "who": "1", "try": "1", "points": p, "out of": "2", "feedback": "", "note": n}
        for q, p, n in (("choice", "0", "blank"), ("choices", "0", ""), ("essay", "", "for a person; too short"))
    ]
    assert main(["mark", str(key), str(file), "--output", str(key)]) == 2
    assert main(["mark", str(key), str(file), "--output", str(key.parent / "no" / "marks.csv")]) == 2
    assert "no folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("question", "response", "worth"),
    [
        ("choice", "a", 2),
        ("choice", " A ", 2),
        ("choice", "1", 2),
        ("choice", "d", 1),
        ("choice", "0", 0),
        ("choice", "a b", 0),
        ("choice", "Paris", 0),
        ("truefalse", "false", 2),
        ("truefalse", "b", 2),
        ("truefalse", "T", 0),
        ("choices", '"a, b"', 2),
        ("choices", "1;2", 2),
        ("choices", '"[0, 1]"', 2),
        ("choices", "a", 1),
        ("match", "c a b", 2),
        ("match", '"3,1,2"', 2),
        ("match", "c - -", 0.666667),
        ("match", '"[2, 0, 1]"', 2),
        ("order", "2 4 1 3", 2),
        ("order", "b d a c", 2),
        ("order", "b b b b", 0),
        ("text", "sao  paulo", 2),
        ("number", '"1,157.63"', 2),
        ("code", '"def mean(n):\n    return sum(n) / len(n)\n"', 2),
        ("cloze", '"{""total"": ""1157.63"", ""town"": 0}"', 1.2),
        ("cloze", "rubbish", 0),
    ],
)
def test_options_are_letters_or_numbers_from_one(
    key: Path, capsys: Any, question: str, response: str, worth: float
) -> None:
    assert points(capsys, key, f"question,who,response\n{question},1,{response}\n") == [worth]


def test_json_counts_from_zero_and_has_texts_as_people_write_them(key: Path, capsys: Any) -> None:
    rows = [
        {"question": "choice", "who": 1, "response": 0},
        {"question": "choices", "who": 1, "response": [0, 1]},
        {"question": "truefalse", "who": "1", "response": False},
        {"question": "number", "who": 1, "response": 1157.63},
        {"question": "cloze", "who": 1, "response": {"town": 0, "total": "1157.63", "city": None}},
        {"question": "order", "who": 1, "response": None},
        {"question": "match", "who": 1, "response": "c a b"},
    ]
    worth = [2, 2, 2, 2, 1.2, 0, 2]
    assert points(capsys, key, json.dumps(rows), "responses.json") == worth
    assert points(capsys, key, "\n".join(map(json.dumps, rows)) + "\n\n", "responses.jsonl") == worth


def test_what_spreadsheets_write_is_read(key: Path, capsys: Any) -> None:
    assert points(capsys, key, "\ufeffQuestion;Who;Response\r\nnumber;1;1157,63\r\n;;\r\n") == [2]
    assert points(capsys, key, "question,who,response,\nchoice,1,a,,\n,,\nnumber,1\n") == [2, 0]
    assert points(capsys, key, "question,who,response\ntext,1,a\u2028b\x85c\n") == [0]


def test_gaps_may_have_a_row_each(key: Path, capsys: Any) -> None:
    text = "who\tquestion\tgap\tresponse\n1\tcloze\ttotal\t1157.63\n1\tcloze\ttown\ta\n"
    assert points(capsys, key, text, "responses.tsv") == [1.2]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "question,who,response\nnumbr,1,2\n",
            'error: no question called "numbr" in the key\n  --> responses.csv:2\n'
            'hint: did you mean "number"? Available: choice, choices, cloze, code, essay, match, number, order, text,'
            " truefalse\n",
        ),
        (
            "question,who,response\nnumber,Zoe,2\n",
            'error: the key has no variant of "number" for "Zoe"\n  --> responses.csv:2\n'
            'hint: did you mean "Zoë"? Available: 1, Zoë\n',
        ),
        (
            "question,student,response\nnumber,1,2\n",
            'error: no column "who"\n  --> responses.csv:1\nhint: needed: question, who, response\n',
        ),
        (
            'question,who,response\ntext,1,"a\nb"\nnumber,1,2\nnumber,1,3\n',
            'error: "number" has a second response of "1" for try 1\n  --> responses.csv:5\n'
            'hint: responses.csv:4 has it too; a column "try" tells several tries apart\n',
        ),
        (
            "question,who,response,gap\ncloze,1,2,total\ncloze,1,3,total\n",
            'error: the gap "total" of "cloze" has a second response of "1" for try 1\n  --> responses.csv:3\n'
            'hint: responses.csv:2 has it too; a column "try" tells several tries apart\n',
        ),
        (
            "question,who,response,gap\ncloze,1,2,totl\n",
            'error: "cloze" has no gap "totl"\n  --> responses.csv:2\n'
            'hint: did you mean "total"? Available: city, plain, total, town\n',
        ),
        (
            "question,who,response,gap\nnumber,1,2,total\n",
            'error: "number" has no gaps\n  --> responses.csv:2\nhint: leave "total" out\n',
        ),
        (
            "question,who,response,try\nnumber,1,2,0\n",
            'error: the try "0" is no number from 1\n  --> responses.csv:2\n',
        ),
        (
            "question,who,response\nnumber,1,1,157.63\n",
            "error: 4 cells in 3 columns\n  --> responses.csv:2\n"
            "hint: a response with a comma in it stands in quotation marks\n",
        ),
        ("question,who,response\n", "error: the file has no responses\n  --> responses.csv\n"),
        ("", 'error: no column "question"\n  --> responses.csv:1\nhint: needed: question, who, response\n'),
    ],
)
def test_a_row_that_cannot_be_understood_is_named(key: Path, capsys: Any, text: str, message: str) -> None:
    assert refused(capsys, key, text) == message


def test_all_such_rows_are_named_at_once(key: Path, capsys: Any) -> None:
    said = refused(capsys, key, "question,who,response\nnumbr,1,2\nnumber,7,2\nnumber,1,2\n")
    assert said.count("error:") == 2
    assert refused(capsys, key, "question,who,response\n" + "numbr,1,2\n" * 50).count("error:") == 20


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("r.json", "{", "error: not JSON: Expecting property name enclosed in double quotes\n  --> r.json:1\n"),
        (
            "r.json",
            "{}",
            "error: not a list of responses\n  --> r.json\nhint: a file of JSON has [ … ] around all responses\n",
        ),
        (
            "r.json",
            "[3]",
            "error: not an object\n  --> r.json, response 1\n"
            'hint: a response is {"question": …, "who": …, "response": …}\n',
        ),
        ("r.json", "[" * 100_000, "error: not JSON that can be read\n  --> r.json:1\n"),
        (
            "r.jsonl",
            '{"question": "number", "who": 1, "response": 2}\n{"question": 1}\n',
            'error: no column "who"\n  --> r.jsonl:2\nhint: needed: question, who, response\n',
        ),
        ("r.jsonl", "\n{]\n", "error: not JSON: Expecting property name enclosed in double quotes\n  --> r.jsonl:2\n"),
        (
            "r.xlsx",
            "x",
            "error: no format for responses\n  --> r.xlsx\n"
            "hint: the name of a file of responses ends in .csv, .tsv, .json, .jsonl, .ndjson\n",
        ),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_named(key: Path, capsys: Any, name: str, text: str, message: str) -> None:
    assert refused(capsys, key, text, name) == message


def test_a_file_that_is_not_utf_8_is_named(key: Path, capsys: Any) -> None:
    file = key.with_name("r.csv")
    file.write_bytes(b"question,who,response\nnumber,Zo\xeb,2\n")
    assert main(["mark", str(key), str(file)]) == 1
    assert "the file is not UTF-8" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "other"}', '{"format": "coursewright questions 9"}'])
def test_a_file_that_is_no_key_is_named(key: Path, capsys: Any, text: str) -> None:
    file = key.with_name("responses.csv")
    file.write_text("question,who,response\nnumber,1,2\n", "utf-8")
    key.write_text(text)
    assert main(["mark", str(key), str(file)]) == 1
    out, said = capsys.readouterr()
    assert out == ""
    assert said.startswith("error: the file is no key")
    assert "hint: a key is the file that" in said


# Begins a program on a Linux that has no Landlock: a filter says of the call that makes rules that there is none.
NO_LANDLOCK = """
import ctypes, struct, sys
steps = [(0x20, 0, 0, 0), (0x15, 0, 1, 444), (0x06, 0, 0, 0x00050026), (0x06, 0, 0, 0x7FFF0000)]
program = b"".join(struct.pack("@HBBI", *step) for step in steps)
buffer = ctypes.create_string_buffer(program, len(program))
libc = ctypes.CDLL(None)
assert libc.prctl(38, *map(ctypes.c_ulong, (1, 0, 0, 0))) == 0
described = struct.pack("@HP", len(steps), ctypes.addressof(buffer))
assert libc.prctl(22, ctypes.c_ulong(2), described, ctypes.c_ulong(0), ctypes.c_ulong(0)) == 0
from coursewright.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(bool(lacking()), reason="this kernel has no wall to take away")
def test_code_is_not_run_where_there_is_no_wall_for_it(key: Path) -> None:
    file = key.with_name("responses.csv")
    file.write_text('question,who,response\ncode,1,"def mean(n): return sum(n) / len(n)"\nnumber,1,1157.63\n', "utf-8")
    command = [sys.executable, "-c", NO_LANDLOCK, "mark", str(key), str(file), "--format", "json"]
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == (
        "error: no wall for code that others wrote: this system lacks Landlock (in Linux from 5.13, unless it is"
        " switched off)\nhint: mark where there is one, or add --fence-only if you trust everybody whose code it is\n"
    )
    fenced = subprocess.run([*command, "--fence-only"], capture_output=True, text=True, check=True)
    assert [row["points"] for row in json.loads(fenced.stdout)] == [2, 2]
    file.write_text("question,who,response\nnumber,1,1157.63\n", "utf-8")
    subprocess.run(command, capture_output=True, check=True)


def test_files_that_are_not_there_are_named(key: Path, capsys: Any) -> None:
    assert main(["mark", str(key), str(key.with_name("no.csv"))]) == 2
    assert "no file" in capsys.readouterr().err
