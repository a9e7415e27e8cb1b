"""Another variant of a question in a page that can be run: drawn in the browser, and looked at by the build."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coursewright.courses import build, open_course
from coursewright.errors import CoursewrightError
from coursewright.questions import draw, read_question
from coursewright.questions.checking.checks import SEEDS
from coursewright.questions.drawing.elsewhere import answer, shown
from coursewright.questions.drawing.worker import key
from coursewright.sites.runtimes.fetching import fetch
from coursewright.sites.serving import SiteServer
from test_browser import NODE, chromium  # noqa: F401 - a fixture
from test_retelling import course_of

COURSE = {
    "course.toml": """
        [course]
        title = "More"
        language = "en-GB"
        [runtimes]
        here = true
        variants = 15
        [tables]
        towns = "towns.csv"
        places = "places.csv"
        [parameters]
        country = "Norway"
        """,
    "towns.csv": "town,people\nOslo,700\nBergen,290\nTromsø,78\nBodø,53",
    "places.csv": "country,place,people\nNorway,Oslo,700\nNorway,Bergen,290\nSweden,Lund,95\nSweden,Kiruna,18\n"
    "Sweden,Umeå,91\nMalta,Valletta,6",
    "questions/place.md": """
        ---
        title: The larger place
        kind: choice
        ---
        ```python
        first, second = sample(list(query("SELECT * FROM places WHERE country = :country ORDER BY place")), 2)
        right, other = sorted([first, second], key=lambda row: -row["people"])
        ```

        # Question

        Which of {{ right["country"] }} has more people?

        # Answers

        - [x] {{ right["place"] }}
        - [ ] {{ other["place"] }}
        """,
    "pages/live.md": """
        ---
        parameters:
          country: { default: Norway, label: Country, choices: [Norway, Sweden, Malta] }
        ---

        # Live

        ```{form}
        ```

        ```{table}
        SELECT place FROM places WHERE country = :country
        ```

        ```{question} place
        ```

        ```{question} sum
        ```
        """,
    "questions/sum.md": """
        ---
        title: A sum
        kind: number
        tries: 2
        ---
        ```python
        a, b = pick(range(2, 90)), pick(range(2, 90))
        require(a != b)
        answer = a + b
        ```

        # Question

        What is ${{ a }} + {{ b }}$?
        """,
    "questions/town.md": """
        ---
        title: The larger town
        kind: choice
        ---
        ```python
        first, second = sample(list(table("towns")), 2)
        right, other = sorted([first, second], key=lambda row: -row["people"])
        ```

        # Question

        Which town of {{ parameters['country'] }} has more people?

        # Answers

        - [x] {{ right["town"] }}
        - [ ] {{ other["town"] }}
        """,
    "questions/vowels.md": """
        ---
        title: Vowels
        kind: text
        ---
        ```python
        word = pick(["table", "chair", "window", "door", "garden", "kitchen", "stairs", "nan"])
        sign = word[1]
        ```

        # Question

        Write the second letter of {{ word }}.

        # Answers

        - [x] {{ sign }}
        - [x] /{{ sign }}+{{ sign }}/
        """,
    "questions/few.md": """
        ---
        title: Few
        kind: truefalse
        ---
        ```python
        n = pick([2, 4])
        answer = n == 4
        ```

        # Question

        Is {{ n }} four?
        """,
    "pages/index.md": """
        # More

        ```{question} sum
        :variants: 2
        ```

        ```{question} town
        ```

        ```{question} vowels
        ```

        ```{question} few
        ```
        """,
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course, built."""
    try:
        fetch(["pyodide", "msgspec"])
    except CoursewrightError as error:
        pytest.skip(str(error))
    root = course_of(COURSE, tmp_path_factory.mktemp("a [b] ü"))
    build(open_course(root), only=["site"])
    return root


def about(root: Path, number: int, ending: str = "") -> Any:
    return json.loads((root / f"build/site/runtimes/questions/index.{number}{ending}.json").read_bytes())


def test_only_what_check_looks_at_is_offered_and_nothing_of_the_page_again(root: Path) -> None:
    question = read_question(root / "questions/sum.md")
    checked = {each.who: each.variant for each in draw(question, [str(n + 1) for n in range(SEEDS)], distinct=False)}
    offered = about(root, 0)
    assert len(offered["variants"]) == 15
    for who, digest in offered["variants"]:
        assert shown(checked[who]).digest == digest
    texts = {key(checked[who], {}) for who, _ in offered["variants"]}
    of_page = {key(each.variant, {}) for each in draw(question, ["1", "2"])}
    assert len(texts) == 15
    assert not texts & of_page
    assert str(root) not in json.dumps(offered)
    assert [len(about(root, n, ".kept")) for n in range(4)] == [12, 5, 6, 1]
    assert about(root, 3)["variants"][0][0] in {"1", "2", "3", "4", "5", "6", "7", "8"}


def test_what_is_drawn_elsewhere_is_the_same(root: Path) -> None:
    offered = about(root, 1)
    drawn = [json.loads(answer(json.dumps({"task": offered["task"], "who": who}))) for who, _ in offered["variants"]]
    assert [each["digest"] for each in drawn] == [digest for _, digest in offered["variants"]]


def test_an_unsound_variant_is_never_offered(root: Path) -> None:
    question = read_question(root / "questions/vowels.md")
    texts = {html for _, html in about(root, 2, ".kept")}
    drawn = [each.variant for each in draw(question, [str(n + 1) for n in range(SEEDS)], distinct=False)]
    assert any("of nan" in shown(each).html for each in drawn)
    assert texts
    assert not any("of nan" in html for html in texts)


@pytest.fixture(scope="module")
def address(root: Path) -> Iterator[str]:
    server = SiteServer(root / "build/site")
    with server.running():
        yield server.address


def visited(address: str, executable: str, press: list[int], refuse: str = "") -> dict[str, Any]:
    given = {"address": f"{address}index.html", "executablePath": executable, "press": press, "refuse": refuse}
    command = [str(shutil.which("node")), str(NODE / "more.js")]
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert (found["errors"], found["outside"]) == ([], [])
    return found


def test_readers_have_another_variant_drawn_in_the_page(root: Path, address: str, chromium: str) -> None:  # noqa: F811 - a fixture
    found = visited(address, chromium, [0, 0, 1, 2, 3, 3])
    assert not any("/runtimes/" in name for name in found["before"])
    _, second, third, town, vowels, few, none = found["states"]
    offered = about(root, 0)
    assert second[0]["which"] == ""  # the page's own
    assert third[0]["which"] == f"Variant {offered['variants'][0][0]}"
    html = json.loads(answer(json.dumps({"task": offered["task"], "who": offered["variants"][0][0]})))["html"]
    assert f">{third[0]['data']}</script>" in html
    assert town[1]["which"] == f"Variant {about(root, 1)['variants'][0][0]}"
    assert [vowels[2]["which"], few[3]["which"]] == [f"Variant {about(root, at)['variants'][0][0]}" for at in (2, 3)]
    assert none[3]["said"] == "There are no more variants."
    assert found["search"] == "?" + "&".join(f"variant-{n + 1}={none[n]['which'].split()[1]}" for n in range(4))
    assert [each["which"] for each in found["again"]] == [each["which"] for each in none]
    assert found["axe"] == []
    fetched = [name.rpartition("/")[2] for name in found["fetched"]]
    assert "index.0.kept.json" not in fetched  # its code runs here
    assert "index.2.kept.json" in fetched  # it needs a package that is not here


def test_without_python_there_are_those_that_the_build_drew(root: Path, address: str, chromium: str) -> None:  # noqa: F811 - a fixture
    found = visited(address, chromium, [1], refuse="pyodide")
    assert found["states"][-1][1]["which"] == f"Variant {about(root, 1, '.kept')[0][0]}"


def test_a_page_told_again_has_its_questions_for_what_was_chosen(address: str, chromium: str) -> None:  # noqa: F811 - a fixture
    given = {"address": f"{address}live.html", "executablePath": chromium, "choices": ["Sweden", "Malta", "Norway"]}
    command = [str(shutil.which("node")), str(NODE / "retold_questions.js")]
    done = subprocess.run(command, input=json.dumps(given), capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    built, sweden, malta, norway = found["states"]
    assert built["texts"][0] == norway["texts"][0] == malta["texts"][0] == "Which of Norway has more people?"
    assert sweden["texts"][0] == sweden["more"] == "Which of Sweden has more people?"
    assert sweden["which"].startswith("Variant ")
    assert all(state["texts"][1] == built["texts"][1] for state in found["states"])  # it hangs on nothing
    assert (sweden["stays"], malta["stays"], norway["stays"]) == ([], ["place"], [])
    assert found["errors"] == []
    assert not any("/runtimes/" in name for name in found["before"])
    assert len({name for name in found["fetched"] if "/runtimes/questions/" in name}) == 2  # of Malta there is none
