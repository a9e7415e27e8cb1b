"""Names of files: whatever people and data call a thing, it lies inside its folder, and in a file of its own."""

from __future__ import annotations

import contextlib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursewright.errors import CoursewrightError, UsageError
from coursewright.names import LONGEST, FileName, Names, alike, file_name, file_name_for, slug

# fmt: off
NASTY = st.sampled_from([
    "", ".", "..", "../x", "/etc/passwd", "a/b", "a\\b", "con", "NUL.txt", "x.", " x", "\0", "a\nb", "é" * 200,
    "e\u0301",
    "ANN", "ann", "Ann", "ß", "ss", "SS", "ﬁ", "fi", "\u212a", "k", "\ud800", "a\u202egvs.exe",
    "x" * 241, "-", "a-b",
])
# fmt: on
TEXT = st.one_of(NASTY, st.text(max_size=300), st.text(st.sampled_from("aA/.\\ éé-_:"), max_size=8))


def lies_inside(name: FileName, folder: Path) -> None:
    """The file can be made with an ending, directly inside the folder."""
    file = folder / f"{name}-canvas.zip"
    assert file.parent == folder
    file.write_text("")
    assert f"{name}-canvas.zip" in {each.name for each in folder.iterdir()}
    file.unlink()


@given(TEXT)
def test_any_text_is_a_problem_or_a_file_directly_inside(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.getbasetemp()
    with contextlib.suppress(CoursewrightError):
        lies_inside(file_name(text), folder)
    for made in (file_name_for(text, "thing"), slug(text, "thing")):
        assert file_name(made) == made
        lies_inside(made, folder)


@given(TEXT)
def test_what_can_be_a_name_stays_as_it_is(text: str) -> None:
    try:
        assert file_name_for(text, "thing") == file_name(text) == unicodedata.normalize("NFC", text)
    except CoursewrightError:
        assert file_name_for(text, "thing") != text


@given(st.lists(TEXT, max_size=20, unique=True))
def test_two_things_never_share_a_file(texts: list[str]) -> None:
    for make in (file_name_for, slug):
        names = Names()
        made = [names.distinct(make(text, "thing"), text) for text in texts]
        assert len({alike(name) for name in made}) == len(texts)
        assert made == [names.distinct(make(text, "thing"), text) for text in texts]
        assert [file_name(name) for name in made] == made


def test_whose_a_name_is() -> None:
    names = Names()
    assert names.holder(FileName("Ann"), "one") == "one"
    assert names.holder(FileName("ann"), "two") == "one"
    assert names.distinct(FileName("ann.svg"), "two") == "ann.svg"
    assert names.distinct(FileName("ANN.svg"), "one") == "ANN-3266adeb9151.svg"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("../x", 'error: "../x" cannot be the name of a file: there is a / in it\nhint: leave out / \\'),
        ("a\\b", 'error: "a\\b" cannot be the name of a file: there is a \\ in it\nhint: leave out / \\'),
        (
            "a:b",
            'error: "a:b" cannot be the name of a file: there is a : in it, which Windows does not take\n'
            'hint: leave out < > : " | ? *',
        ),
        ("", 'error: "" cannot be the name of a file: it is empty\nhint: give it a letter or digit'),
        ("..", 'error: ".." cannot be the name of a file: it means a folder\nhint: give it a letter or digit'),
        (
            "a\tb",
            'error: "a\ufffdb" cannot be the name of a file: there is a character in it that cannot be seen\n'
            "hint: write it with letters, digits, - and _",
        ),
        (
            ".x",
            'error: ".x" cannot be the name of a file: it begins or ends with a dot or a space\nhint: leave that out',
        ),
        (
            "Con.txt",
            'error: "Con.txt" cannot be the name of a file: Windows keeps that for itself\n'
            "hint: add another word to it",
        ),
        (
            "é" * 200,
            f'error: "{"é" * 200}" cannot be the name of a file: it is 400 bytes long\n'
            "hint: make it shorter: 240 bytes, which are as many plain letters",
        ),
    ],
)
def test_why_a_text_is_no_name(text: str, said: str) -> None:
    with pytest.raises(UsageError) as error:
        file_name(text, error=UsageError)
    assert str(error.value) == said


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Río de Janeiro: a/b", "Río-de-Janeiro--a-b"),
        ("हिन्दी ไทย", "हिन्दी-ไทย"),
        ("../../escape", "escape"),
        ("e\u0301te\u0301", "été"),
        ("con", "page-con"),
        ("…", "page"),
        ("é" * 200, "é" * 113 + "-df20b2aa6262"),
    ],
)
def test_names_that_read_well_in_an_address(text: str, name: str) -> None:
    assert slug(text, "page") == name
    assert len(name.encode()) <= LONGEST


def test_the_ending_stays_the_ending() -> None:
    assert file_name_for("q-x/b-figure.svg", "picture") == "q-x-b-figure-48ccec1d2e5f.svg"
    assert file_name_for("é" * 200 + ".svg", "picture").endswith(".svg")
    assert file_name_for("x/y/b", "picture") != file_name_for("x-y/b", "picture")
