"""Banks as files: their letters, and the files that come with them, which are a stranger's."""

from __future__ import annotations

import errno
import gzip
import io
import os
import shlex
import zipfile
from base64 import b64encode
from html import escape
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursewright.cli import main
from coursewright.errors import CoursewrightError, UsageError
from coursewright.questions import draw, read_question
from coursewright.questions.drawing.values import read_medium
from coursewright.questions.importers import moodle as moodle_importer
from coursewright.questions.importers._bank import Bank, read_bank
from coursewright.questions.importers._decoding import decode
from coursewright.questions.importers._drafting.drawing import more_than_a_drawing
from coursewright.questions.importers._keeping import keep_bank

FILE = Path("bank.xml")
PNG = b"\x89PNG\r\n\x1a\n and so on"
GIF = b"GIF89a and so on"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt "
KNOWN = {
    "png": PNG,
    "jpg": b"\xff\xd8\xff\xe0",
    "gif": GIF,
    "webp": b"RIFF\x24\x00\x00\x00WEBPVP8 ",
    "svg": SVG,
    "wav": WAV,
    "mp3": b"ID3\x04",
    "ogg": b"OggS\x00",
}
LEFT_OUT = '"Q": its file "{}" is left out: only pictures and sounds come along'


def question(name: str, files: dict[str, bytes], text: str = "") -> str:
    """A question that shows all its files."""
    text += "".join(f'<img src="@@PLUGINFILE@@/{quote(each)}" alt="It">' for each in files)
    inside = "".join(
        f'<file name="{escape(each)}" path="/" encoding="base64">{b64encode(data).decode()}</file>'
        for each, data in files.items()
    )
    return (
        f'<question type="essay"><name><text>{escape(name)}</text></name>'
        f"<questiontext><text>Why? {escape(text)}</text>{inside}</questiontext></question>"
    )


def bank(files: dict[str, bytes], text: str = "") -> Bank:
    return moodle_importer.read(f"<quiz>{question('Q', files, text)}</quiz>", FILE)


# What comes along


@pytest.mark.parametrize(("ending", "data"), KNOWN.items())
def test_pictures_and_sounds_come_by_what_is_in_them(ending: str, data: bytes, tmp_path: Path) -> None:
    read = bank({f"its own/../ņame.{ending.upper()}": data})
    assert [(each.path, each.data) for each in read.questions[0].files] == [(f"q-1.{ending}", data)]
    assert not read.problems
    keep_bank(read, tmp_path / "questions")
    assert sorted(each.name for each in (tmp_path / "questions").iterdir()) == [f"q-1.{ending}", "q.md"]
    assert read_medium(tmp_path / "questions", f"q-1.{ending}", "It").data == data


def test_a_wrong_ending_is_put_right() -> None:
    assert bank({"a.png": GIF}).questions[0].files[0].path == "q-1.gif"
    assert bank({"a.JPEG": KNOWN["jpg"]}).questions[0].files[0].path == "q-1.jpg"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("course.toml", b"[course]\ntitle = 'Mine'\n"),
        ("conftest.py", b"import os"),
        ("Makefile", b"all:\n\trm -rf /"),
        ("evil.md", b"---\nkind: code\n---\n```python\nimport os\n```\n"),
        ("x.png.py", PNG),
        ("pictures/x.png.py", PNG),
        ("../x", PNG),
        ("../x.toml", PNG),
        ("/etc/passwd", PNG),
        (".png", b"no picture"),
        ("x.png", b"<!doctype html><script>alert(1)</script>"),
        ("x.png", b"#!/bin/sh\n"),
        ("x.svg", b"<html><svg></svg></html>"),
        ("x.html", SVG),
        ("x.pdf", b"%PDF-1.7"),
        ("x.wav", b"RIFF\x24\x00\x00\x00AVI LIST"),
        ("x.mp3", b"MZ\x90\x00"),
        ("x.zip", b"PK\x03\x04"),
        ("x", PNG),
        ("x.png ", PNG),
        ("x.png\x7f", PNG),
        (f"{'x' * 300}.py", PNG),
        ("CON", PNG),
        ("index.ipynb", b"{}"),
    ],
)
def test_anything_else_does_not_and_is_named(name: str, data: bytes, tmp_path: Path) -> None:
    read = bank({name: data})
    keep_bank(read, tmp_path / "questions")
    assert [each.name for each in (tmp_path / "questions").iterdir()] == ["q.md"]
    assert [each.name for each in tmp_path.iterdir()] == ["questions"]
    shown = name.lstrip("/").replace("\x7f", "\ufffd")[:80]
    assert LEFT_OUT.format(shown) in [each.message for each in read.problems]
    assert not list(read_question(tmp_path / "questions" / "q.md").text.slots)


def test_files_that_nothing_shows_stay_away() -> None:
    file = f'<file name="a.png" path="/" encoding="base64">{b64encode(PNG).decode()}</file>'
    asked = question("Q", {}).replace("</questiontext>", f"{file}</questiontext>")
    read = moodle_importer.read(f"<quiz>{asked}</quiz>", FILE)
    assert read.questions[0].files == ()
    assert [each.message for each in read.problems] == ['"Q": its file "a.png" is left out: none of its texts shows it']


@pytest.mark.parametrize(
    "address",
    ["a.png", "../secret.png", "/etc/passwd", "file:///etc/passwd", "C:\\a.png", "@@PLUGINFILE@@/b.png", "//x/y.png"],
)
def test_a_text_shows_no_file_that_is_not_in_the_bank(address: str, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    read = bank({}, f'<img src="{address}" alt="It">')
    assert "It" in read.questions[0].text
    assert "](" not in read.questions[0].text
    assert "is not in the bank: the text says what it shows" in read.problems[0].message


def test_a_text_brings_pictures_inside_it() -> None:
    read = bank({}, f'<img src="data:image/png;base64,{b64encode(PNG).decode()}" alt="It">')
    assert read.questions[0].files[0].data == PNG
    read = bank({}, f'<img src="data:text/html;base64,{b64encode(b"<b>").decode()}" alt="It">')
    assert not read.questions[0].files
    assert LEFT_OUT.format("data:") in read.problems[0].message


BEGIN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'


@pytest.mark.parametrize(
    ("inside", "what"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ("<script xmlns='http://www.w3.org/1999/xhtml'>alert(1)</script>", "<script>"),
        ("<foreignObject><b xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>", "<foreignObject>"),
        ("<path onclick='alert(1)'/>", "onclick"),
        ("<path onLOAD='alert(1)'/>", "onLOAD"),
        ("<a href='javascript:alert(1)'><path/></a>", "<a>"),
        ("<use href='https://example.org/x.svg#a'/>", "href"),
        ("<use xlink:href='javascript:alert(1)'/>", "href"),
        ("<image href='https://example.org/x.png'/>", "href"),
        ("<image href='data:image/svg+xml;base64,AA'/>", "href"),
        ("<image href='file:///etc/passwd'/>", "href"),
        ("<path style='fill: url(https://example.org/x)'/>", "style"),
        ("<path fill='url(//example.org/x)'/>", "fill"),
        ("<path style='fill: ur\\6c(x)'/>", "style"),
        ("<style>@import 'https://example.org/x.css';</style>", "<style>"),
        ("<style>path { fill: url( 'x' ) }</style>", "<style>"),
        ("<animate attributeName='href' values='javascript:alert(1)'/>", "<animate>"),
        ("<set attributeName='onload' to='alert(1)'/>", "<set>"),
        ("<iframe src='x'/>", "<iframe>"),
        ("<?xml-stylesheet href='x'?>", "<?…?>"),
        ("<path>", "it is not well-formed"),
    ],
)
def test_a_drawing_holds_nothing_that_runs_or_fetches(inside: str, what: str) -> None:
    read = bank({"x.svg": f"{BEGIN}{inside}</svg>".encode()})
    assert not read.questions[0].files
    assert [each.message for each in read.problems] == [
        f'"Q": its picture "x.svg" is left out: it holds more than a drawing ({what})'
    ]


def test_a_drawing_holds_no_entities_and_no_bomb() -> None:
    bomb = "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 10))
    for inside in ('<!ENTITY x SYSTEM "file:///etc/passwd">', f'<!ENTITY a0 "ha">{bomb}'):
        text = f"<!DOCTYPE svg [{inside}]>{BEGIN}<text>&x;&a9;</text></svg>"
        assert more_than_a_drawing(text.encode()) in ("<!ENTITY>", "it is not well-formed")
    assert more_than_a_drawing(b"<?xml-stylesheet href='x'?>" + SVG) == "<?\u2026?>"


@pytest.mark.parametrize(
    "inside",
    [
        "<defs><linearGradient id='a'/></defs><path fill='url(#a)' style='clip-path: url(\"#a\")'/>",
        "<style>path { fill: url(#a) } text { font: 1em 'DejaVu Sans' }</style><use xlink:href='#a'/>",
        "<image href='data:image/png;base64,AAAA' width='1'/><!-- made by hand -->",
        "<metadata><r xmlns='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/></metadata><g aria-label='x' data-x='1'/>",
        "<g xmlns:i='http://www.inkscape.org/namespaces/inkscape' i:label='x'><text xml:space='preserve'>x</text></g>",
    ],
)
def test_what_drawing_programs_write_is_a_drawing(inside: str) -> None:
    assert more_than_a_drawing(f"{BEGIN}{inside}</svg>".encode()) == ""
    assert more_than_a_drawing(f'<!DOCTYPE svg PUBLIC "-//W3C//DTD" "x.dtd">{BEGIN}{inside}</svg>'.encode()) == ""


# Where it goes


def test_nothing_of_the_users_is_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "questions"
    folder.mkdir()
    (folder / "q-1.png").write_bytes(b"the user's")
    (folder / "q.md").write_text("the user's")
    file = tmp_path / "bank.xml"
    file.write_text(f"<quiz>{question('Q', {'a.png': PNG})}</quiz>")
    assert main(["import", str(file), "--output", str(folder)]) == 2
    assert capsys.readouterr().err == (
        f'error: "{folder / "q.md"}" is there already\nhint: name another folder, or add --force\n'
    )
    assert sorted(each.name for each in folder.iterdir()) == ["q-1.png", "q.md"]
    assert (folder / "q.md").read_text() == "the user's"
    assert main(["import", str(file), "--output", str(folder), "--force"]) == 0
    assert (folder / "q-1.png").read_bytes() == b"the user's"
    assert (folder / "q-1-2.png").read_bytes() == PNG
    assert "![It](q-1-2.png)" in (folder / "q.md").read_text()
    assert main(["import", str(file), "--output", str(folder), "--force"]) == 0  # again: what is there already is used
    assert sorted(each.name for each in folder.iterdir()) == ["q-1-2.png", "q-1.png", "q.md"]


@pytest.mark.parametrize("name", ["Q.md", "q.MD"])
def test_a_name_in_other_letters_is_the_same(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("the user's")
    with pytest.raises(UsageError, match="is there already"):
        keep_bank(bank({}), tmp_path)
    with pytest.raises(UsageError, match="has the same name, and is not written over"):
        keep_bank(bank({}), tmp_path, force=True)
    assert [each.name for each in tmp_path.iterdir()] == [name]


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("the user's")
    folder = tmp_path / "questions"
    folder.mkdir()
    for target in ("secret", "nowhere"):
        (folder / "q.md").unlink(missing_ok=True)
        (folder / "q.md").symlink_to(tmp_path / target)
        with pytest.raises(UsageError, match="is there already"):
            keep_bank(bank({}), folder)
        with pytest.raises(UsageError, match="is a link, and is not written over"):
            keep_bank(bank({}), folder, force=True)
    (folder / "q.md").unlink()
    (folder / "q-1.png").symlink_to(tmp_path / "secret")
    keep_bank(bank({"a.png": PNG}), folder)
    assert (tmp_path / "secret").read_text() == "the user's"
    assert (folder / "q-1-2.png").read_bytes() == PNG


def test_two_titles_that_are_one_name_are_two_files(tmp_path: Path) -> None:
    titles = ["Café", "Cafe\u0301", "CAFÉ", "x" * 300, "x" * 299, "course.toml", "../../q", "q", "aux", "Q 2", "Q"]
    read = moodle_importer.read(f"<quiz>{''.join(question(each, {}) for each in titles)}</quiz>", FILE)
    keep_bank(read, tmp_path)
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(
        [
            "cafe.md",
            "cafe-2.md",
            "cafe-3.md",
            f"{'x' * 60}.md",
            f"{'x' * 60}-2.md",
            "course-toml.md",
            "q.md",
            "q-2.md",
            "question-aux.md",
            "q-2-2.md",
            "q-3.md",
        ]
    )


@pytest.mark.parametrize("after", range(4))
def test_an_error_on_the_way_leaves_the_folder_as_it_was(
    after: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full when so many files have their names."""
    text = question("A", {"a.png": PNG}) + question("B", {"b.png": GIF})
    read = moodle_importer.read(f"<quiz>{text}</quiz>", FILE)
    (tmp_path / "a.md").write_text("the user's")
    number, link = iter(range(9)), os.link

    def full(*arguments: Path) -> None:
        if next(number) == after:
            raise FileExistsError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        link(*arguments)

    monkeypatch.setattr(os, "link", full)
    with pytest.raises(CoursewrightError) as error:
        keep_bank(read, tmp_path, force=True)
    assert str(error.value) == (
        f"error: the questions cannot be written: No space left on device\n  --> {tmp_path}\n"
        "hint: nothing was changed there"
    )
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("a.md", "the user's")]


def test_a_folder_that_is_none_and_a_bank_of_nothing_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "bank.xml"
    file.write_text("<quiz></quiz>")
    with pytest.raises(CoursewrightError, match="there is no question in this file"):
        read_bank(file)
    with pytest.raises(UsageError, match="is a file, not a folder"):
        keep_bank(bank({}), file)


# A bank's words are words


def test_a_unit_is_no_code() -> None:
    text = question("Q", {}).replace('"essay"', '"numerical"').replace(
        "</question>",
        '<answer fraction="100"><text>3</text></answer><units><unit><multiplier>1</multiplier>'
        "<unit_name>{{ 40 + 2 }}</unit_name></unit></units></question>",
    )  # fmt: skip
    (draft,) = moodle_importer.read(f"<quiz>{text}</quiz>", FILE).questions
    (drawn,) = draw(read_question(Path("q.md"), draft.text), ["1"])
    assert drawn.variant is not None
    assert getattr(drawn.variant.part, "unit", "") == "{{ 40 + 2 }}"


CODE = st.sampled_from(["{{", "}}", "1+1", "\\", "{", "[[a]]", "![x](a.md)", "\n", "# Answers", "```python", "---"])


@given(st.lists(CODE, max_size=8).map("".join))
def test_no_text_of_a_bank_is_run(text: str) -> None:
    fields = "".join(
        f"<{each}><text>{escape(text)}</text></{each}>" for each in ("generalfeedback", "graderinfo", "hint")
    )
    asked = question(text, {}, text).replace("</question>", f"{fields}<tags><tag><text>{escape(text)}</text></tag></tags></question>")  # fmt: skip  # noqa: E501 - one replacement
    for way in ("html", "markdown", "plain_text", "moodle_auto_format"):
        each = asked.replace("<questiontext>", f'<questiontext format="{way}">')
        for draft in moodle_importer.read(f"<quiz>{each}</quiz>", FILE).questions:
            read = read_question(Path(f"{draft.name}.md"), draft.text)
            assert not read.code.text
            assert not any(slot for template in read.templates for slot in template.slots)


# Its letters

TEA = '<?xml version="1.0" encoding="{}"?>\n<quiz>{}</quiz>'
THE = question("Thé", {}, "“dû” €")


def letters(data: bytes, tmp_path: Path) -> tuple[str, list[str]]:
    file = tmp_path / "tea.xml"
    file.write_bytes(data)
    read = read_bank(file)
    return read.questions[0].text, [str(each).replace(f"{tmp_path}/", "") for each in read.problems]


@pytest.mark.parametrize(
    ("declared", "written"),
    [
        ("UTF-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("UTF-16", "utf-16"),
        ("UTF-16", "utf-16-le"),
        ("UTF-16BE", "utf-16-be"),
        ("windows-1252", "cp1252"),
        ("ISO-8859-1", "cp1252"),  # as browsers do
        ("UTF-32", "utf-32"),
        ("GB18030", "gb18030"),
        ("US-ASCII", "ascii"),
        ("ISO-8859-15", "iso8859-15"),
        ("ISO-8859-1", "iso8859-1"),
        ("macintosh", "mac-roman"),
    ],
)
def test_the_declared_encoding_is_used(declared: str, written: str, tmp_path: Path) -> None:
    asked = THE
    for sign in "“”€é û".replace(" ", ""):
        try:
            sign.encode(written)
        except UnicodeEncodeError:
            asked = asked.replace(sign, f"&#{ord(sign)};")
    text, problems = letters(TEA.format(declared, asked).encode(written), tmp_path)
    assert 'title: "Thé"' in text
    assert "“dû” €" in text
    assert not problems


@pytest.mark.parametrize(
    ("declared", "written", "true"),
    [
        ("ISO-8859-1", "utf-8", "UTF-8"),
        ("windows-1252", "utf-8", "UTF-8"),
        ("US-ASCII", "utf-8", "UTF-8"),
        ("UTF-16", "utf-8", "UTF-8"),
        ("ISO-8859-1", "utf-8-sig", "UTF-8"),
        ("UTF-8", "utf-16", "UTF-16"),
        ("nonsense", "utf-8-sig", "UTF-8"),
    ],
)
def test_a_false_declaration_is_told(declared: str, written: str, true: str, tmp_path: Path) -> None:
    text, problems = letters(TEA.format(declared, THE).encode(written), tmp_path)
    assert 'title: "Thé"' in text
    assert problems == [
        f"error: the file says that it is in {declared}, and is in {true}, as which it is read\n  --> tea.xml:1\n"
        f'hint: write encoding="{true}" there'
    ]


def zipped() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        link = zipfile.ZipInfo("questions.xml")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return held.getvalue()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (
            TEA.format("UTF-8", THE).encode("cp1252"),
            "error: this file is not UTF-8 text\n  --> tea.xml:2\nhint: save it as UTF-8",
        ),
        (
            TEA.format("US-ASCII", THE).encode("cp1252"),
            "error: this file is not in US-ASCII, as it says\n  --> tea.xml:2\nhint: save it as UTF-8",
        ),
        (
            TEA.format("UTF-16", THE).encode("cp1252"),
            "error: this file is not UTF-8 text\n  --> tea.xml:2\nhint: save it as UTF-8",
        ),
        (
            TEA.format("rot13", THE).encode("cp1252"),
            'error: the encoding "rot13" is not known\n  --> tea.xml:1\n'
            'hint: save the file as UTF-8, and write encoding="UTF-8" there',
        ),
        (
            TEA.format("klingon", THE).encode(),
            'error: the encoding "klingon" is not known\n  --> tea.xml:1\n'
            'hint: save the file as UTF-8, and write encoding="UTF-8" there',
        ),
        (
            "Thé?\n{T}\n\nThé {T}".encode("latin-1"),
            "error: this file is not UTF-8 text\n  --> tea.xml:1\nhint: save it as UTF-8",
        ),
        (
            TEA.format("UTF-16", THE).encode("utf-16")[:-1],
            "error: this file is not in UTF-16, as it says\n  --> tea.xml:2\nhint: save it as UTF-8",
        ),
        (
            zipped(),
            "error: this file is a zip archive, not a file of questions\n  --> tea.xml\n"
            "hint: unpack it, and import the file with the questions",
        ),
        (
            gzip.compress(b"\0" * 10_000_000, mtime=0),
            "error: this file is a gzip archive, not a file of questions\n  --> tea.xml\n"
            "hint: unpack it, and import the file with the questions",
        ),
    ],
)
def test_what_is_no_text_is_refused_with_its_line(data: bytes, says: str, tmp_path: Path) -> None:
    with pytest.raises(CoursewrightError) as error:
        letters(data, tmp_path)
    assert str(error.value).replace(f"{tmp_path}/", "") == says


@given(st.binary(max_size=60), st.sampled_from(["", "UTF-8", "UTF-16", "ISO-8859-1", "Big5", "idna", "utf-7"]))
def test_any_bytes_are_text_or_refused(data: bytes, declared: str) -> None:
    head = TEA.format(declared, "").partition("<quiz>")[0].encode() if declared else b""
    try:
        text, _ = decode(head + data, FILE)
    except CoursewrightError:
        return
    assert isinstance(text, str)


@pytest.mark.parametrize(
    ("folder", "command"), [("questions", "check"), ("questions/a b", "ask 'questions/a b/what-is-2-2.md'")]
)
def test_what_is_said_next_finds_the_questions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: str, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "course.toml").write_text('[course]\ntitle = "T"\n', encoding="utf-8")
    (tmp_path / "bank.txt").write_text("What is 2+2?\nA. 3\nB. 4\nANSWER: B\n", encoding="utf-8")

    assert main(["import", "bank.txt", "--output", folder]) == 0

    assert capsys.readouterr().err == f"1 question in {folder}. Next:\n    coursewright {command}\n"
    assert main(shlex.split(command)) == 0
