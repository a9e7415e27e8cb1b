"""Files no larger than a platform takes: each is whole in itself, and together they are what one file would be."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from xml.etree.ElementTree import fromstring

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import moodle_import
from coursewright.cli import main
from coursewright.errors import CoursewrightError
from coursewright.questions.export import Item, Quiz
from coursewright.questions.importers import read_bank
from coursewright.questions.packing import write_files
from coursewright.questions.spool import Spool

SCHEMAS = Path(__file__).parent.parent.parent / "shared" / "schemas"
SUM = """\
---
title: {title}
kind: number
---
```python
a = pick(range(500))
b = pick(range(500))
answer = a + b
```

# Question

What is {{{{ a }}}} + {{{{ b }}}}?{picture}

# Solution

{{{{ a }}}} + {{{{ b }}}} = {{{{ answer }}}}. {words}
"""
WORDS = " ".join(f"Step {number} of a long solution." for number in range(40))
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h{}"/></svg>'


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "questions").mkdir()
    (tmp_path / "course.toml").write_text('[course]\ntitle = "Sums"\n')
    for name, title, picture in (("a", "Sum", ""), ("b", "Sum", ""), ("c", "Drawn", "\n\n![c](c.svg)"), ("d", "D", "")):
        text = SUM.format(title=title, picture=picture, words=WORDS)
        (tmp_path / "questions" / f"{name}.md").write_text(text)
    (tmp_path / "questions" / "c.svg").write_text(PICTURE.format(5))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def asked(*more: str, output: str = "out") -> int:
    return main(["ask", "--variants", "12", "--name", "sums", "--output", output, *more])


def in_moodle(files: Iterable[Path]) -> list[tuple[str, str]]:
    return [(each.category, each.name) for file in files for each in moodle_import.read(file.read_bytes())]


def test_files_together_are_what_one_would_be(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked("--to", "moodle", output="one") == 0
    (one,) = (course / "one").iterdir()
    most = one.stat().st_size * 3 // 5
    assert asked("--to", "moodle", "--file-size", f"{most / 1000}kB") == 0
    files = sorted((course / "out").iterdir())
    assert [file.name for file in files] == ["sums-1.xml", "sums-2.xml"]
    assert all(file.stat().st_size <= most for file in files)
    assert in_moodle(files) == in_moodle([one])  # "a" and "b" have one title, and two categories in both
    homes = [{category for category, _ in in_moodle([file])} for file in files]
    assert [len(each) for each in homes] == [2, 2]
    assert homes[0].isdisjoint(homes[1])
    assert "48 variants in out/sums-1.xml, out/sums-2.xml" in capsys.readouterr().err


def test_a_question_in_several_files_is_told_of(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked("a", "b", "--to", "moodle", "--file-size", "16kB") == 0
    files = sorted((course / "out").iterdir())
    assert len(files) == 4
    said = capsys.readouterr().err.splitlines()
    assert said[-2:] == [
        'note: Moodle XML: "a" has more variants than a file takes: they are in sums-1.xml to sums-2.xml',
        'note: Moodle XML: "b" has more variants than a file takes: they are in sums-3.xml to sums-4.xml',
    ]
    assert {category for category, _ in in_moodle(files)} == {"$course$/top/Sums/Sum", "$course$/top/Sums/Sum [b]"}
    assert len(in_moodle(files)) == 24


@pytest.mark.parametrize("to", ["moodle", "gift"])
def test_our_importers_read_each_file(to: str, course: Path) -> None:
    questions = ["a", "b", "d"]  # GIFT has no pictures
    assert asked(*questions, "--to", to, output="one") == 0
    assert asked(*questions, "--to", to, "--file-size", "40 kB") == 0
    files = sorted((course / "out").iterdir())
    assert len(files) > 1
    whole = read_bank(next((course / "one").iterdir()))
    parts = [draft for file in files for draft in read_bank(file).questions]
    assert [draft.text for draft in parts] == [draft.text for draft in whole.questions]
    assert len(parts) == 36


@pytest.mark.parametrize(("to", "most"), [("canvas", 3), ("qti21", 12), ("qti3", 12)])
def test_each_package_has_all_that_it_names(to: str, most: int, course: Path) -> None:
    assert asked("--to", to, "--file-size", f"{most}kB") == 0
    files = sorted((course / "out").iterdir())
    assert len(files) > 1
    idents, media = [], 0
    for number, file in enumerate(files, start=1):
        assert file.name == f"sums-{number}-{to}.zip"
        assert file.stat().st_size <= most * 1000
        with zipfile.ZipFile(file) as package:
            manifest = package.read("imsmanifest.xml").decode()
            named = {*re.findall(r'<file href="([^"]+)"', manifest)}
            assert named == {*package.namelist()} - {"imsmanifest.xml"}
            quiz = next(name for name in package.namelist() if name == "test.xml" or name.startswith(f"sums-{number}/"))
            root = fromstring(package.read(quiz))
            assert root.find(".")  # it is whole
            assert f'title="Sums ({number})"' in package.read(quiz).decode()
            idents += re.findall(r'<item ident="([^"]+)"|href="items/([^"]+)\.xml"', package.read(quiz).decode())
            media += sum(name.startswith("media/") for name in package.namelist())
    assert len(idents) == len({*idents}) == 48
    assert media >= 1


@pytest.mark.parametrize(("to", "item", "manifest"), [("qti21", "2.1", ""), ("qti3", "3.0", "3.0-manifest")])
def test_packages_are_valid(to: str, item: str, manifest: str, course: Path) -> None:
    if not SCHEMAS.is_dir():
        pytest.skip("needs the published schemas in ../shared/schemas")
    assert asked("--to", to, "--file-size", "30kB") == 0
    for file in (course / "out").iterdir():
        folder = course / file.stem
        zipfile.ZipFile(file).extractall(folder)
        checks = [[item, *map(str, [*sorted(folder.glob("items/*.xml")), folder / "test.xml"])]]
        checks += [[manifest, str(folder / "imsmanifest.xml")]] * bool(manifest)
        for check in checks:
            subprocess.run([sys.executable, str(SCHEMAS / "validate.py"), *check], check=True)


def test_a_small_quiz_is_one_file_as_ever(course: Path) -> None:
    assert asked("--to", "moodle", "--to", "canvas") == 0
    assert asked("--to", "moodle", "--to", "canvas", "--file-size", "1GB", output="again") == 0
    files = sorted(file.name for file in (course / "out").iterdir())
    assert files == sorted(file.name for file in (course / "again").iterdir()) == ["sums-canvas.zip", "sums.xml"]
    assert all((course / "out" / name).read_bytes() == (course / "again" / name).read_bytes() for name in files)


def test_several_processes_write_the_same_files(course: Path) -> None:
    formats = [word for to in ("moodle", "qti3", "canvas") for word in ("--to", to)]
    for jobs in ("1", "2"):
        assert (
            main(["ask", "a", "--variants", "70", *formats, "--file-size", "30kB", "--jobs", jobs, "--output", jobs])
            == 0
        )
    one, two = ({file.name: file.read_bytes() for file in (course / jobs).iterdir()} for jobs in ("1", "2"))
    assert len(one) > 6
    assert one == two


def test_what_is_not_split_is_told_of(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked("a", "--to", "moodle", "--to", "json", "--file-size", "14kB") == 0
    assert re.search(r"\nnote: JSON, the key is not split: sums.json has \d\d\.\d kB\n", capsys.readouterr().err)
    assert (course / "out" / "sums.json").exists()


SIZES = "for instance: --file-size 50MB"
CAN = "add --to with one of canvas, gift, moodle, qti21, qti3"


@pytest.mark.parametrize(
    ("size", "to", "said"),
    [
        ("fifty", ["moodle"], ('--file-size "fifty" is no size of a file', SIZES)),
        ("50", ["moodle"], ('--file-size "50" is no size of a file', SIZES)),
        ("0MB", ["moodle"], ('--file-size "0MB" is no size of a file', SIZES)),
        ("50 MBit", ["moodle"], ('--file-size "50 MBit" is no size of a file', SIZES)),
        ("1MB", [], ("--file-size: no file is written", CAN)),
        ("1MB", ["html", "json"], ("--file-size: html and json are not split", CAN)),
    ],
)
def test_bad_sizes(
    size: str, to: list[str], said: tuple[str, str], course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    message, hint = said
    assert main(["ask", "a", "--file-size", size, *(word for name in to for word in ("--to", name))]) == 2
    assert capsys.readouterr().err.splitlines() == [f"error: {message}", f"hint: {hint}"]
    assert sorted(path.name for path in course.iterdir()) == ["course.toml", "questions"]


def test_a_variant_that_is_larger_than_a_file(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked("a", "--to", "moodle", "--file-size", "1kB") == 1
    assert re.fullmatch(
        r'error: one variant, "a-1", makes \d\.\d kB of Moodle XML, and a file may have 1\.0 kB\n'
        r"hint: let files be larger, or the pictures and sounds of the question smaller",
        "\n".join(capsys.readouterr().err.strip().splitlines()[-2:]),
    )
    assert [*(course / "out").iterdir()] == []


def spooled(lengths: list[list[int]]) -> tuple[Spool, list[Item]]:
    spool, items = Spool(io.BytesIO()), []
    for question, each in enumerate(lengths):
        for number, length in enumerate(each):
            items.append(Item(ident=f"{question}-{number}", question=str(question), title="T", body="x" * length))
            spool.put(msgspec.Raw(msgspec.msgpack.encode(items[-1])), str(question))
    return spool, items


def toy(folder: Path, squeeze: bool) -> SimpleNamespace:
    """An exporter whose files have a head, and are compressed or not."""

    def write(items: Iterable[Item], quiz: Quiz, folder: Path) -> None:
        data = b"".join(f"\n{one.ident} {one.body}".encode() for one in items)
        (folder / f"{quiz.name}.toy").write_bytes(b"h" * 20 + (zlib.compress(data) if squeeze else data))

    def read(file: Path) -> list[str]:
        data = file.read_bytes()[20:]
        lines = (zlib.decompress(data) if squeeze else data).decode().split("\n")[1:]
        return [line.partition(" ")[0] for line in lines]

    def size(items: list[Item]) -> int:
        write(items, Quiz(name="measured", title=""), folder)
        return (folder / "measured.toy").stat().st_size

    return SimpleNamespace(TITLE="Toy", write=write, read=read, size=size)


@given(
    lengths=st.lists(st.lists(st.integers(0, 900), min_size=1, max_size=12), min_size=1, max_size=8),
    most=st.integers(120, 6000),
    squeeze=st.booleans(),
)
def test_whatever_the_sizes_are(
    lengths: list[list[int]], most: int, squeeze: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("toy")
    exporter, (spool, items) = toy(folder, squeeze), spooled(lengths)
    if any(exporter.size([one]) > most for one in items):
        with pytest.raises(CoursewrightError, match=r"one variant, \"\d+-\d+\", makes .* of Toy, and a file may have"):
            write_files(exporter, spool, Quiz(name="q", title="Q"), folder / "out", most)
        assert [*(folder / "out").iterdir()] == []
        return
    files, notes = write_files(exporter, spool, Quiz(name="q", title="Q"), folder / "out", most)
    assert all(file.stat().st_size <= most for file in files)
    assert [ident for file in files for ident in exporter.read(file)] == [one.ident for one in items]
    homes: dict[str, set[Path]] = {}
    for file in files:
        for ident in exporter.read(file):
            homes.setdefault(ident.partition("-")[0], set()).add(file)
    for question, there in homes.items():
        alone = exporter.size([one for one in items if one.question == question])
        assert len(there) == 1 or alone > most
        assert any(f'"{question}" has more' in note for note in notes) == (len(there) > 1)


_MEASURED = """
import sys, tempfile
from pathlib import Path
from coursewright import plugins
from coursewright.questions.export import Item, Quiz

name, number = sys.argv[1], int(sys.argv[2])
text = "a long text, " * 300
body = '["' + text + '"]' if name == "notebook" else '{"a": "' + text + '"}'
items = (Item(ident=f"q-{at}", question="q", title="T", body=body) for at in range(number))
with tempfile.TemporaryDirectory() as folder:
    plugins.load("exporters", name).write(items, Quiz(name="quiz", title="Quiz"), Path(folder))
for line in Path("/proc/self/status").read_text().splitlines():
    if line.startswith("VmHWM"):
        print(line.split()[1])
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell of memory")
@pytest.mark.parametrize("to", ["moodle", "gift", "canvas", "qti21", "qti3", "html", "json", "markdown", "notebook"])
def test_memory_does_not_grow_with_variants(to: str) -> None:
    def peak(number: int) -> int:
        command = [sys.executable, "-c", _MEASURED, to, str(number)]
        return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout) * 1024

    few, many = peak(100), peak(4_100)  # 16 MB of text
    assert (many - few) / 4_000 < 1_500  # bytes for each: its name, and where it is
