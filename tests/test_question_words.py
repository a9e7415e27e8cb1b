"""The words of questions that mark themselves: in the language of the course, or in English that says so."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest

from coursewright.labels import foreign, known, spoken
from coursewright.questions.export import Quiz
from coursewright.questions.exporters import html, notebook
from coursewright.questions.widget import assets
from test_browser import NODE, chromium
from variants import PASSAGE, VARIANTS

__all__ = ["chromium"]  # the fixture, known to pytest by its name here

LANGUAGES = ("en-GB", "de-AT", "ar", "fi", "fa")
ENGLISH = known("questions")["en"]


def variants(language: str) -> list[Any]:
    """A variant of every kind from a course in `language`."""
    return [msgspec.structs.replace(each, language=language) for each in (*VARIANTS.values(), PASSAGE)]


@pytest.fixture(scope="module")
def seen(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a page of every kind of question says, by its language."""
    folder = tmp_path_factory.mktemp("words")
    for language in LANGUAGES:
        quiz = Quiz(name=language, title="Q", language=language)
        html.write(map(html.item, variants(language)), quiz, folder)
    pages = [(folder / f"{language}.html").as_uri() for language in LANGUAGES]
    command = [str(shutil.which("node")), str(NODE / "spoken.js"), chromium, *pages]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=200)
    assert done.returncode == 0, done.stderr
    return dict(zip(LANGUAGES, json.loads(done.stdout), strict=True))


def forms(word: Any) -> list[str]:
    """The forms of a word: one, or one for each case of a number."""
    return list(word.values()) if isinstance(word, dict) else [word]


def pattern(word: Any) -> re.Pattern[str]:
    """What a word looks like on a page, whatever stands in its braces."""
    return re.compile("|".join(re.sub(r"\\{\w+\\}", ".+", re.escape(form)) for form in forms(word)))


def said(page: Any, word: Any) -> list[tuple[str, str]]:
    """The languages and directions in which a page says a word."""
    return [(language, way) for text, language, way in page["texts"] if pattern(word).fullmatch(text)]


# What stands inside another sentence, is said without JavaScript, or is not reached by the play.
INSIDE = {"words", "least", "most", "marks", "questions", "total", "script", "tries", "worth", "cost", "more"}
ELSEWHERE = {
    "drawing",
    "no_more",
    "not_drawn",
    "which",
    "right",
    "unknown_unit",
    "meant_unit",
    "figures",
    "form",
    "short",
    "long",
    "no_unit",
    "your_unit",
    "blank",
    "another",
    "either",
}


def test_every_language_has_every_word_with_what_stands_in_its_braces() -> None:
    for language, words in known("questions").items():
        assert set(words) == set(ENGLISH), language
        for name, word in words.items():
            for form in forms(word):
                assert form
                assert form == form.strip()
                wanted = set(re.findall(r"{(\w+)}", forms(ENGLISH[name])[-1]))
                assert set(re.findall(r"{(\w+)}", form)) == wanted, (language, name)


def test_every_word_is_said_somewhere() -> None:
    source = Path(__file__).parent.parent / "src/coursewright/questions"
    files = [*(source / "widget").iterdir(), source / "exporters/html.py"]
    sources = "".join(file.read_text(encoding="utf-8") for file in files if file.is_file())
    assert {word for word in ENGLISH if not re.search(rf"'{word}'|\.{word}\b", sources)} == set()


def test_all_rooms_speak_the_same_languages() -> None:
    assert len({frozenset(known(room)) for room in ("pages", "questions", "sites", "tables")}) == 1
    assert len(known("questions")) == 13


def test_nothing_fails_and_the_audit_is_clean(seen: dict[str, Any]) -> None:
    for language, page in seen.items():
        assert page["problems"] == [], language
        assert page["audits"] == [[], []], language
        assert page["over"] == 0, language


def test_each_language_is_spoken_and_no_english_beside_it(seen: dict[str, Any]) -> None:
    for language in ("en-GB", "de-AT", "ar"):
        words = known("questions")[spoken("questions", language)]
        for name, word in words.items():
            if name not in INSIDE | ELSEWHERE:
                way = "rtl" if language == "ar" else "ltr"
                assert set(said(seen[language], word)) == {(language, way)}, (language, name)
            if language != "en-GB" and name not in INSIDE and word != ENGLISH[name]:
                assert not said(seen[language], ENGLISH[name]), (language, name)


def test_a_number_has_the_form_and_the_decimal_sign_of_its_language(seen: dict[str, Any]) -> None:
    shown = {language: {text for text, _, _ in page["texts"]} for language, page in seen.items()}
    assert "3 tries left. Worth 2 marks. Each wrong try costs 0.5." in shown["en-GB"]
    assert "Noch 3 Versuche. 2 Punkte. Jeder falsche Versuch kostet 0,5." in shown["de-AT"]
    assert "Noch 2 Versuche. 2 Punkte. Jeder falsche Versuch kostet 0,5." in shown["de-AT"]
    assert "المحاولات المتبقية: 3. الدرجات: 2. كل محاولة خاطئة تكلِّف 0.5." in shown["ar"]


def test_english_on_a_page_of_another_language_says_so(seen: dict[str, Any]) -> None:
    assert (seen["fi"]["direction"], seen["fa"]["direction"], seen["ar"]["direction"]) == ("ltr", "rtl", "rtl")
    for language, way in (("fi", "ltr"), ("fa", "rtl")):
        for name, word in ENGLISH.items():
            if name not in INSIDE | ELSEWHERE:
                assert set(said(seen[language], word)) == {("en", "ltr")}, (language, name)
        titles = [each for each in seen[language]["texts"] if each[0] == "The number question"]
        assert {tuple(each[1:]) for each in titles} == {(language, way)}


def test_the_script_and_the_notebook_know_their_language() -> None:
    assert foreign("questions", "fa-IR") == {"lang": "en", "dir": "ltr"}
    assert foreign("questions", "") == foreign("questions", "de") == {}
    assert '"language":"de"' in assets("de-CH")[1]
    assert "SAID" not in assets("de-CH")[1]
    framed = notebook.item(variants("ar")[0]).body
    assert "html lang=&quot;ar&quot; dir=&quot;rtl&quot;" in framed
    assert "إجابتك" in framed
    assert "html lang=&quot;en-GB&quot;" in notebook.item(VARIANTS["number"]).body
    assert "<summary>Mehr</summary>" in html.item(variants("de")[-1]).body
    assert '<summary><span lang="en">More</span></summary>' in html.item(variants("fi")[-1]).body
