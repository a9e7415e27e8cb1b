"""Coursewright itself in the browser's Python: what words and questions say there is what they say here."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from coursewright.errors import CoursewrightError, MissingPart
from coursewright.sites.runtimes.fetching import fetch
from coursewright.sites.runtimes.ourselves import ROOMS, wheels
from coursewright.sites.runtimes.parts import part

NODE = Path(__file__).parent / "node"
QUESTIONS = Path(__file__).parent.parent / "examples" / "assessment" / "questions"
ASKED = {
    "accents", "bond", "capital", "correlated", "correlation", "derivative", "energy", "expand", "invoice",
    "prime", "regression", "roots", "savings",
}  # fmt: skip

SAID = """
import json
from decimal import Decimal
from pathlib import Path

import msgspec

import coursewright.words.tracery
from coursewright.labels import words
from coursewright.questions import read_question
from coursewright.questions.drawing.variants import Drawing
from coursewright.questions.marking.marks import declared, mark, model, nonsense
from coursewright.questions.widget import section
from coursewright.questions.drawing.worker import key
from coursewright.words import Grammar, tell

RULES = {
    "origin": {
        "place is missing": "#name.capitalize# did not finish.",
        "place = 1": ["#name.capitalize# won by #gap# s.", "A win for #name#, by #gap# s!"],
        "otherwise": "#name.capitalize# #came# #place.ordinal# of #entered#, on #day.date(long)#, with #prizes.list#.",
    },
    "came": {"no repeat": ["came", "was", "finished"]},
}
NAMES = ["ann", "bo", "søren", "李", "", "o'hara"]
ROWS = [
    {
        "name": NAMES[at % 6],
        "place": None if at % 7 == 0 else at % 23 + 1,
        "entered": at * 997,
        "gap": Decimal(at - 500) / 8,
        "day": f"{1950 + at % 70}-{at % 12 + 1:02}-{at % 28 + 1:02}",
        "prizes": ["a cup", "a medal", "a kiss"][: at % 3 + 1],
    }
    for at in range(1000)
]


def told(language):
    grammar = Grammar(RULES, language=language)
    groups = tell(Grammar({"origin": "#name#: #place.count#, #gap.list#, #entered.most#"}), ROWS, by="name")
    return tell(grammar, ROWS, key=["name", "day"], seed="browser") + groups


def asked(file):
    drawing = Drawing(read_question(Path(file.name), file.read_text("utf-8")), "2026", folder=file.parent)
    variants = [drawing.variant(str(who)) for who in range(1, 5)]
    marks = [
        repr(mark(variant, {part.name: response} if variant.kind == "cloze" else response, attempt))
        for variant in variants
        for part in variant.parts
        for response in [model(part), *(response for response, _ in declared(part)), *nonsense(part)]
        for attempt in (1, 2)
    ]
    return {
        "variants": [msgspec.json.encode(variant).decode() for variant in variants],
        "keys": [key(variant, {}).hex() for variant in variants],
        "sections": [section(variant) for variant in variants],
        "marks": marks,
    }


answer = json.dumps({
    "told": {language: told(language) for language in ("en-GB", "de")},
    "asked": {file.stem: asked(file) for file in sorted(Path(FOLDER).glob("*.md")) if file.stem in ASKED},
    "words": dict(words("questions", "fi")),
}, ensure_ascii=False)
"""


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The wheels, as files."""
    try:
        fetch(["pyodide", "msgspec"])
    except CoursewrightError as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("wheels")
    for name, content in wheels(languages=("en-GB", "de")).items():
        (folder / name).write_bytes(content)
    return [str(file) for file in folder.iterdir()]


def in_pyodide(code: str, packages: list[str], files: dict[str, str]) -> str:
    """What the browser's Python leaves as `answer`, of nothing but these wheels and files."""
    if not (node := shutil.which("node")):
        pytest.skip("needs Node.js")
    given = {"python": str(part("pyodide").folder), "wheels": packages, "files": files, "code": code}
    done = subprocess.run(
        [node, str(NODE / "python.js")], input=json.dumps(given), capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def here(code: str) -> str:
    """What this Python leaves as `answer`."""
    script = f"{code}\nprint(answer, end='')"
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", script], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_words_questions_and_marking_say_in_the_browser_what_they_say_here(packages: list[str]) -> None:
    files = {f"/questions/{file.name}": file.read_text(encoding="utf-8") for file in QUESTIONS.glob("*.md")}
    beyond = """
import sys
from coursewright.errors import CoursewrightError
from coursewright.words import Grammar, tell
heavy = sorted({"polars", "numpy", "pyarrow", "duckdb", "pandas"} & sys.modules.keys())
try:
    tell(Grammar({"origin": "#name#"}), ({"name": "Jo"},))
except CoursewrightError as error:
    answer = json.dumps({"beyond": str(error), "heavy": heavy, **json.loads(answer)}, ensure_ascii=False)
"""
    folders = [f"FOLDER = {folder!r}; ASKED = {ASKED!r}\n" for folder in ("/questions", str(QUESTIONS))]
    there: dict[str, Any] = json.loads(in_pyodide(f"{folders[0]}{SAID}{beyond}", packages, files))
    expected: dict[str, Any] = json.loads(here(f"{folders[1]}{SAID}"))
    assert there.pop("heavy") == []
    assert there.pop("beyond") == ("error: only a list of dictionaries can be told here: Polars is not installed")
    assert there["told"] == expected["told"]
    assert there == expected
    assert len(set(expected["told"]["en-GB"])) > 700
    assert {name for name in expected["asked"] if len(expected["asked"][name]["variants"]) == 4} == ASKED


@pytest.mark.usefixtures("packages")
def test_wheels_say_what_they_need_and_carry_nothing_else() -> None:
    made = wheels(languages=("en-GB", "de"))
    needed = {}
    for name, content in made.items():
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            (metadata,) = (each for each in package.namelist() if each.endswith(".dist-info/METADATA"))
            said = package.read(metadata).decode()
            needed[re.split(r"-\d", name)[0]] = {
                re.split(r"[^\w-]", each)[0].replace("-", "_").lower()
                for each in re.findall(r"(?m)^Requires-Dist: ([^;\n]+)$", said)
            }
            assert [each for each in package.namelist() if each.endswith((".so", ".pyc"))] == [] or "msgspec" in name
    assert needed["coursewright"] == needed.keys() - {"coursewright"}
    assert set().union(*needed.values()) <= needed.keys()
    assert sum(map(len, made.values())) < 1_800_000
    words = wheels(("words",), ("en",))
    assert sum(map(len, words.values())) < 1_000_000
    assert [name.partition("-")[0] for name in words] == ["coursewright", "msgspec", "babel"]
    for name, content in words.items():
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            assert package.testzip() is None
            inside = package.namelist()
        if name.startswith("coursewright"):
            rooms = {each.split("/")[1] for each in inside if each.count("/") > 1 and "dist-info" not in each}
            assert rooms == {"words", "labels", "sandbox"}
        if name.startswith("babel"):
            assert {"babel/locale-data/root.dat", "babel/locale-data/en_GB.dat"} < set(inside)
            assert "babel/locale-data/de.dat" not in inside
            assert "babel/locale-data/LICENSE.unicode" in inside


@pytest.mark.usefixtures("packages")
def test_wheels_are_the_same_bytes_each_time() -> None:
    assert wheels.__wrapped__(tuple(ROOMS), ("de", "en-GB")) == wheels.__wrapped__(tuple(ROOMS), ("en-GB", "de"))


def test_without_the_wheel_of_msgspec_it_is_said_what_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(MissingPart) as caught:
        wheels.__wrapped__()
    assert str(caught.value) == (
        "error: msgspec for the browser's Python was not fetched yet\nhint: run: coursewright runtimes fetch msgspec"
    )
