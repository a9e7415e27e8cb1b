"""QTI 2.1 and 3.0: valid by the published schemas, and scored as declared by an engine in a real browser."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import msgspec
import pytest

from coursewright.questions.export import Item, Quiz
from coursewright.questions.exporters import qti3, qti21
from coursewright.questions.kinds.choice import Choice, Option
from coursewright.questions.kinds.text import Text, TextAnswer
from coursewright.questions.marking.ways import WAYS
from coursewright.questions.part import Number, NumberAnswer, Part, Unit
from coursewright.questions.variant import Variant
from coursewright.questions.writing.features import all_features, features
from coursewright.questions.writing.prose import Gap, Prose, literal
from responses import Given, responses, right_response, weight
from test_marking_numbers import of_way
from variants import MARKED, NASTY, NUMBER, PASSAGE, PLAIN_TEXT, TRUTH, prose, said, variant

CASES = Path(__file__).parent / "cases" / "exports"
SCHEMAS = Path(__file__).parent.parent.parent / "shared" / "schemas"
PLAYER = Path(__file__).parent / "node" / "qti.js"
EXPORTERS = {"qti21": qti21, "qti3": qti3}
ROUNDED = 0.000501  # the engine keeps three decimals of an outcome
QUIZ = Quiz(name="week 1", title='Week 1 & "more" <b>')


def part_of(name: str, points: float, part: Any) -> Any:
    return msgspec.structs.replace(part, name=name, points=points)


ACCENTS = Text(
    answers=(
        TextAnswer(text="São Paulo (SP)", shown="São Paulo (SP)"),
        TextAnswer(text="S[ãa]\\. ?(?:Paulo|Pa+l)", shown="Sa. Paulo", regex=True, fraction=0.5),
        TextAnswer(text="Straße", shown="Straße", fraction=0.25),
    ),
    accents=False,
)
UNIT = Number(
    answers=(
        NumberAnswer(value=0.0, low=-0.5, high=0.5, shown="0"),
        NumberAnswer(value=-1e-12, low=float("-inf"), high=-0.6, shown="less", fraction=-0.5),
    ),
    unit="m/s & more",
    units=(Unit("m/s & more"), Unit("km/h", 1 / 3.6)),
)
MENU = Choice(
    options=(
        Option(text=Prose("Paris"), right=True, fraction=1.0),
        Option(text=literal("a < b & c"), right=False, fraction=0.25, feedback=said("No.")),
        Option(text=Prose("$x^2$"), right=False, fraction=0.0),
    )
)
MORE = [
    PASSAGE,
    variant("accents", "text", ACCENTS),
    variant("unit", "number", UNIT, points=0.1),
    variant(
        "gaps",
        "cloze",
        part_of("a", 1, NUMBER),
        part_of("b", 1, MENU),
        part_of("c", 1, ACCENTS),
        part_of("d", 4, PLAIN_TEXT),
        part_of("e", 1, TRUTH),
        text=prose("Here {0}\n\n| x | y |\n| --- | --: |\n| {1} | {2} |\n\n{3} or {4}", *map(Gap, "abcde")),
    ),
]
SAMPLES = {**MARKED, **{each.question: each for each in MORE}}
REFUSED = {
    name: [feature for feature in sorted(features(each)) if (limit := qti3.LIMITS.get(feature)) and limit.refused]
    for name, each in SAMPLES.items()
}
POSSIBLE = {name: each for name, each in SAMPLES.items() if not REFUSED[name]}


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("exporter", EXPORTERS)
def test_items_are_as_accepted(exporter: str, name: str, accept: bool) -> None:
    if REFUSED[name]:
        pytest.skip(f"{EXPORTERS[exporter].TITLE}: {qti3.LIMITS[REFUSED[name][0]].reason}")
    expected = CASES / exporter / f"{name}.xml"
    written = EXPORTERS[exporter].item(SAMPLES[name]).body
    if accept:
        expected.parent.mkdir(parents=True, exist_ok=True)
        expected.write_text(written, encoding="utf-8")
    assert expected.is_file(), f"no {expected}: pytest --accept"
    assert written == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("exporter", EXPORTERS)
def test_limits_are_told_of_features_that_there_are(exporter: str) -> None:
    assert set(EXPORTERS[exporter].LIMITS) <= set(all_features())


def packed(exporter: str, folder: Path, items: list[Item] | None = None) -> zipfile.ZipFile:
    module = EXPORTERS[exporter]
    variants = [*POSSIBLE.values(), msgspec.structs.replace(POSSIBLE["number"], who="2")]
    module.write(items or [module.item(each) for each in variants], QUIZ, folder)
    return zipfile.ZipFile(folder / f"week 1-{exporter}.zip")


def manifest_of_content_packages_is_valid(manifest: Path) -> bool:
    etree = pytest.importorskip("lxml.etree")
    parser = etree.XMLParser(no_network=True)
    schema = etree.XMLSchema(etree.parse(str(SCHEMAS / "imscp_v1p1.xsd"), parser))
    schema.assertValid(etree.parse(str(manifest)))
    return True


@pytest.mark.parametrize(("exporter", "schema"), [("qti21", "2.1"), ("qti3", "3.0")])
def test_every_file_of_a_package_is_valid(exporter: str, schema: str, tmp_path: Path) -> None:
    if not SCHEMAS.is_dir():
        pytest.skip("needs the published schemas in ../shared/schemas")
    pytest.importorskip("lxml")
    with packed(exporter, tmp_path) as archive:
        archive.extractall(tmp_path)
    checks = [[schema, *sorted(map(str, tmp_path.glob("items/*.xml"))), str(tmp_path / "test.xml")]]
    if exporter == "qti21":
        assert manifest_of_content_packages_is_valid(tmp_path / "imsmanifest.xml")
    if exporter == "qti3":
        checks.append(["3.0-manifest", str(tmp_path / "imsmanifest.xml")])
    for check in checks:
        done = subprocess.run(
            [sys.executable, str(SCHEMAS / "validate.py"), *check], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("exporter", EXPORTERS)
def test_a_package_holds_together(exporter: str, tmp_path: Path) -> None:
    with packed(exporter, tmp_path) as archive:
        names = archive.namelist()
        assert names[-1] == "imsmanifest.xml"
        manifest = fromstring(archive.read("imsmanifest.xml"))
        test = fromstring(archive.read("test.xml"))
        roots = [fromstring(archive.read(name)) for name in names if name.startswith("items/")]
    resources = [each for each in manifest.iter() if each.tag.endswith("}resource")]
    identifiers = [each.get("identifier", "") for each in resources]
    assert len(set(identifiers)) == len(identifiers)
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", each) for each in identifiers)
    assert {each.get("href") for each in resources} == set(names) - {"imsmanifest.xml"}
    named = {each.get("identifierref") for each in manifest.iter() if each.tag.endswith("}dependency")}
    assert named <= set(identifiers)
    assert {root.get("identifier") for root in roots} <= set(identifiers)
    drawn = [each for each in test.iter() if each.get("identifier") == "section-number"]
    assert [each.get("href") for each in drawn[0] if each.get("href")] == ["items/number-1.xml", "items/number-2.xml"]


@pytest.mark.parametrize("exporter", EXPORTERS)
def test_the_same_items_give_the_same_bytes(exporter: str, tmp_path: Path) -> None:
    packages = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        packed(exporter, folder).close()
        packages.append((folder / f"week 1-{exporter}.zip").read_bytes())
    assert packages[0] == packages[1]


def written(part: Part, given: Given) -> Any:
    """A response as the engine has it."""
    names = {"Choice": "option", "Choices": "option", "Order": "item"}
    kind = type(part).__name__
    if kind == "Match":
        return [f"prompt_{n} choice_{choice}" for n, choice in enumerate(given) if choice >= 0]
    if isinstance(given, list):
        return [f"{names[kind]}_{each}" for each in given]
    return given if isinstance(given, str) else f"{names[kind]}_{given}"


def trials(each: Variant) -> list[tuple[dict[str, Any], float]]:
    """Responses to a variant as the engine has them, each with its points."""
    if each.kind != "cloze":
        found = [({} if g is None else {"RESPONSE": written(each.part, g)}, f) for g, f in responses(each.part)]
        return [(response, fraction * each.points) for response, fraction in found]
    names = [f"RESPONSE_{number}" for number, _ in enumerate(each.parts, start=1)]
    right = {name: written(part, right_response(part)) for name, part in zip(names, each.parts, strict=True)}
    found = [({}, 0.0), (right, each.points)]
    for name, part in zip(names, each.parts, strict=True):
        found += [({name: written(part, g)}, f * weight(each, part)) for g, f in responses(part) if g is not None]
    return found


END = "See chapter 3.\nIt is ]]> <script>"
HEARD: list[tuple[str, dict[str, Any], list[str]]] = [
    ("number", {}, [END]),
    ("number", {"RESPONSE": "1100"}, ["Nearly.", END]),
    ("choice", {"RESPONSE": "option_3"}, ["Close.", END]),
    ("choices", {"RESPONSE": ["option_1", "option_2"]}, ["Yes, three.", "Four is", END]),
    ("match", {"RESPONSE": ["prompt_0 choice_3", "prompt_1 choice_1", "prompt_2 choice_2"]}, ["Not that one.", END]),
    ("bare", {"RESPONSE": "option_2"}, []),
]


@pytest.fixture(scope="session")
def engine() -> list[str]:
    """The command that plays items."""
    chromium, node = shutil.which("chromium"), shutil.which("node")
    if not chromium or not node:
        pytest.skip("needs a browser and Node.js: install chromium and nodejs")
    if not (PLAYER.parent / "node_modules" / "@citolab").is_dir():
        pytest.skip("needs the npm packages of tests/node: npm ci --prefix tests/node")
    return [node, str(PLAYER), chromium]


@pytest.fixture(scope="session")
def played(engine: list[str]) -> dict[str, list[tuple[dict[str, Any], float, dict[str, Any]]]]:
    """For each sample its responses, their points, and what the engine made of them."""
    tried = {name: trials(each) for name, each in POSSIBLE.items()}
    asked = [{"xml": qti3.item(POSSIBLE[name]).body, "responses": [r for r, _ in tried[name]]} for name in tried]
    done = subprocess.run(engine, input=json.dumps(asked), capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    results = iter(json.loads(done.stdout))
    return {name: [(response, points, next(results)) for response, points in tried[name]] for name in tried}


def test_an_engine_reads_the_numbers_that_it_is_said_to_read(engine: list[str]) -> None:
    examples = [(name, example) for name, way in WAYS.items() for example in way.examples]
    asked = [
        {"xml": qti3.item(variant("way", "number", of_way(each))).body, "responses": [{"RESPONSE": each.text}]}
        for _, each in examples
    ]
    done = subprocess.run(engine, input=json.dumps(asked), capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    for (name, example), result in zip(examples, json.loads(done.stdout), strict=True):
        assert bool(float(result["outcomes"]["SCORE"])) == (name not in qti3.NOT_READ), example


def test_an_engine_scores_shows_and_says_what_was_declared(played: Any) -> None:
    """One test, so that the engine is started once whatever number of processes the tests run in."""
    wrong = []
    for name, tried in played.items():
        assert tried[0][1] == 0, f"the first response to {name} is blank"
        if POSSIBLE[name].kind != "essay":
            assert any(points == POSSIBLE[name].points for _, points, _ in tried), f"{name} has a right response"
        for response, points, result in tried:
            score, most = (float(result["outcomes"][outcome]) for outcome in ("SCORE", "MAXSCORE"))
            if abs(score - points) > ROUNDED or most != POSSIBLE[name].points or result["errors"]:
                wrong.append((name, response, points, score, result["errors"]))
    assert wrong == []
    assert NASTY in played["number"][0][2]["text"]
    assert NASTY in played["illustrated"][0][2]["text"]
    for name, response, expected in HEARD:
        said = next(result["said"] for given, _, result in played[name] if given == response)
        assert len(said) == len(expected), (name, response, said)
        assert all(text.startswith(start) for text, start in zip(said, expected, strict=True)), (name, response, said)
