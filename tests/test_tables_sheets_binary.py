"""Spreadsheets of records (.xlsb): what Excel shows is what comes back, or the cell is named."""

from __future__ import annotations

import contextlib
import datetime
import io
import struct
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursewright.errors import CoursewrightError, Place
from coursewright.tables.sources import spreadsheets
from coursewright.tables.sources.opened import SourceFile

PLACE = Place("course.toml", 4)
STYLES = ["00000", "yyyy-mm-dd", "[h]:mm:ss"]  # 1, 2 and 3; 0 is general
CODE, DAY, LENGTH = 1, 2, 3
NO_FORMULA = struct.pack("<HII", 0, 0, 0)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
RELATION = f'<Relationship Id="{{}}" Type="{OFFICE}/{{}}" Target="{{}}"/>'
Cell = tuple[int, bytes, int]  # the kind of the record, its value, its style


def record(kind: int, data: bytes = b"") -> bytes:
    number = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = b"", len(data)
    while True:
        length, piece = length >> 7, length & 0x7F
        size += bytes([piece | 0x80 * bool(length)])
        if not length:
            return number + size + data


def wide(text: str) -> bytes:
    data = text.encode("utf-16-le")
    return struct.pack("<I", len(data) // 2) + data


def text(value: str) -> Cell:
    return 6, wide(value), 0


def real(value: float, style: int = 0) -> Cell:
    return 5, struct.pack("<d", value), style


def shared(number: int) -> Cell:
    return 7, struct.pack("<I", number), 0


def rich(text: str, *runs: tuple[int, int]) -> bytes:
    """A text of which each run begins with another font: one on the line, one above it, one below it."""
    marks = b"".join(struct.pack("<HH", *run) for run in runs)
    return bytes([bool(runs)]) + wide(text) + (struct.pack("<I", len(runs)) + marks) * bool(runs)


def small(value: int, style: int = 0, *, hundredths: bool = False) -> Cell:
    return 2, struct.pack("<I", (value << 2 | 2 | hundredths) & 0xFFFFFFFF), style


def formula(value: float) -> Cell:
    return 9, struct.pack("<d", value) + NO_FORMULA, 0


def mistake(code: int, *, worked: bool = False) -> Cell:
    return (11, bytes([code]) + NO_FORMULA, 0) if worked else (3, bytes([code]), 0)


def book(
    *lines: list[Cell],
    from_1904: bool = False,
    recalculates: bool = False,
    at: tuple[int, int] = (0, 0),
    texts: Sequence[bytes] = (),
) -> bytes:
    """A workbook with one sheet, S, whose first cell is `at` this row and column."""
    calculation = struct.pack("<IIIdIH", 0, 1, 100, 0.001, 0, 1)
    workbook = record(131) + record(153, struct.pack("<III", from_1904, 0, 0)) + record(143)
    workbook += record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("S")) + record(144)
    workbook += record(157, calculation) * recalculates + record(132)
    styles = record(278) + record(615, struct.pack("<I", len(STYLES)))
    styles += b"".join(record(44, struct.pack("<H", 164 + n) + wide(code)) for n, code in enumerate(STYLES))
    forms = [0, *range(164, 164 + len(STYLES))]
    styles += record(611, struct.pack("<I", 3))
    styles += b"".join(
        record(43, struct.pack("<HHHH", 220, 0, 400, place) + bytes(13) + wide("A")) for place in range(3)
    )
    styles += record(612) + record(616) + record(617, struct.pack("<I", len(forms)))
    styles += b"".join(record(47, struct.pack("<HHHHHBBHH", 0, form, *[0] * 7)) for form in forms)
    styles += record(618) + record(279)
    row, column = at
    size = struct.pack("<IIII", row, row + len(lines) - 1, column, column + max(map(len, lines)) - 1)
    sheet = record(129) + record(148, size) + record(145)
    for down, line in enumerate(lines, row):
        sheet += record(0, struct.pack("<IIHBBBI", down, 0, 300, 0, 0, 0, 0))
        for right, (kind, value, style) in enumerate(line, column):
            sheet += record(kind, struct.pack("<II", right, style) + value)
    sheet += record(146) + record(130)
    own = RELATION.format("rId1", "worksheet", "worksheets/sheet1.bin") + RELATION.format(
        "rId2", "styles", "styles.bin"
    )
    own += RELATION.format("rId3", "sharedStrings", "sharedStrings.bin") * bool(texts)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("_rels/.rels", RELATIONS.format(RELATION.format("rId1", "officeDocument", "xl/workbook.bin")))
        archive.writestr("xl/_rels/workbook.bin.rels", RELATIONS.format(own))
        archive.writestr("xl/workbook.bin", workbook)
        archive.writestr("xl/styles.bin", styles)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
        if texts:
            items = b"".join(record(19, text) for text in texts)
            count = struct.pack("<II", len(texts), len(texts))
            archive.writestr("xl/sharedStrings.bin", record(159, count) + items + record(160))
    return stream.getvalue()


def rows(content: bytes, **options: Any) -> list[list[Any]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.xlsb"
        path.write_bytes(content)
        file = SourceFile(path, path.name, PLACE, Path(folder))
        options = {"sheet": "", "header": 1, "limit": 10**8, **options}
        return [list(row.values()) for row in spreadsheets.read(file, form="xlsb", **options).to_pylist()]


def said(content: bytes, **options: Any) -> tuple[str, str]:
    with pytest.raises(CoursewrightError) as error:
        rows(content, **options)
    assert error.value.problem.where == PLACE
    return error.value.problem.message, error.value.problem.hint


def test_cells_come_back_as_they_are_shown() -> None:
    heads = [text(name) for name in "abcd"]
    first = [real(417, CODE), real(40000, DAY), real(1.25, LENGTH), small(125, hundredths=True)]
    second = [small(90210, CODE), small(61, DAY), real(0, LENGTH), small(-3)]
    length = datetime.timedelta(hours=30)
    assert rows(book(heads, first, second)) == [
        ["00417", datetime.date(2009, 7, 6), length, 1.25],
        ["90210", datetime.date(1900, 3, 1), datetime.timedelta(), -3.0],
    ]
    assert rows(book(heads, first, from_1904=True))[0][1] == datetime.date(2013, 7, 7)
    assert rows(book([text("a")], [text("x")], [(6, wide("417"), CODE)])) == [["x"], ["417"]]


def test_digits_above_and_below_the_line_make_no_number() -> None:
    texts = [
        rich("a"),
        rich("103", (2, 1)),
        rich("H2O", (1, 2), (2, 0)),
        rich("\N{GRINNING FACE}10-12 s", (4, 1), (7, 0)),
        rich("1st", (1, 1)),
        rich("103"),
    ]
    assert rows(book(*([shared(number)] for number in range(len(texts))), texts=texts)) == [
        ["10³"],
        ["H₂O"],
        ["\N{GRINNING FACE}10⁻¹² s"],
        ["1st"],
        ["103"],
    ]


@pytest.mark.parametrize("worked", [False, True])
@pytest.mark.parametrize(
    ("code", "shown", "why"),
    [
        (0x00, "#NULL!", "its formula asks for cells that two ranges have in common, and there are none"),
        (0x07, "#DIV/0!", "something is divided by nought"),
        (0x0F, "#VALUE!", "its formula was given a value of the wrong kind"),
        (0x17, "#REF!", "its formula refers to cells that are gone"),
        (0x1D, "#NAME?", "its formula uses a name that the program did not know"),
        (0x24, "#NUM!", "its formula gives no number that there is"),
    ],
)
def test_a_mistake_is_refused_unless_it_is_to_be_missing(code: int, shown: str, why: str, worked: bool) -> None:
    content = book([text("a")], [real(1)], [mistake(code, worked=worked)])
    assert said(content) == (
        f'cell A3 of the sheet "S" in t.xlsb shows {shown}: {why}',
        f'mend the formula, or say that it is a missing value: missing = ["{shown}"]',
    )
    assert rows(content, missing=[shown]) == [[1], [None]]


def test_not_available_is_missing_and_mistakes_that_nobody_knows_are_refused() -> None:
    assert rows(book([text("a")], [mistake(0x2A)], [real(4)])) == [[None], [4]]
    unknown = book([text("a")], [mistake(0x30)])
    assert said(unknown) == ('cell A2 of the sheet "S" in t.xlsb shows an error', "mend the formula")


@pytest.mark.parametrize(("number", "told"), [(-1.0, "-1"), (60.5, "60.5"), (2958466.0, "2.95847e+06")])
def test_a_day_that_there_is_not_is_refused(number: float, told: str) -> None:
    content = book([text("a")], [real(number, DAY)])
    hint = "mend the cell: Excel shows ##### there, or the 29th of February 1900, which never was"
    assert said(content) == (
        f'cell A2 of the sheet "S" in t.xlsb is to be a day, and no day has the number {told}',
        hint,
    )
    assert rows(book([text("a")], [real(60.5, DAY)], from_1904=True)) == [[datetime.datetime(1904, 3, 1, 12)]]


def test_formulas_that_are_all_nought_and_to_be_worked_out_on_opening_are_refused() -> None:
    hint = "open it in Excel or LibreOffice and save it there: that works the formulas out"
    content = book([text("a")], [formula(0)], [formula(0)], recalculates=True)
    assert said(content) == ('cell A2 of the sheet "S" in t.xlsb has a formula that has never been worked out', hint)
    assert rows(book([text("a")], [formula(0)], [formula(0)])) == [[0], [0]]
    assert rows(book([text("a")], [formula(0)], [formula(4)], recalculates=True)) == [[0], [4]]


@pytest.mark.parametrize("kind", [13, 17, 62])
def test_cells_that_the_reader_passes_over_are_refused(kind: int) -> None:
    content = book([text("a")], [real(1)], [(kind, wide("x"), 0)])
    message = 'row 3 of the sheet "S" in t.xlsb has a cell of a kind that is not read'
    assert said(content) == (message, "save the book as .xlsx")


def test_a_cell_that_is_far_from_all_others_is_named() -> None:
    assert said(book([text("a")], at=(1_048_575, 16_383))) == (
        'cell XFD1048576 of the sheet "S" in t.xlsb is so far from the others that the sheet cannot be held',
        "delete what stands there, or save the table in a book of its own",
    )


def test_records_that_break_off_are_told() -> None:
    content, stream = book([text("a")], [real(1)]), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as whole, zipfile.ZipFile(stream, "w") as broken:
        for name in whole.namelist():
            part = whole.read(name)
            broken.writestr(name, part[: part.index(record(146)) - 5] if name.endswith("sheet1.bin") else part)
    message, hint = said(stream.getvalue())
    assert message.startswith("t.xlsb cannot be read as a spreadsheet: ")
    assert hint == "check that the file is whole"


@given(st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=3)), max_size=4), st.floats(0, 1))
def test_a_damaged_book_gives_a_table_or_our_error(changes: list[tuple[float, bytes]], end: float) -> None:
    content = bytearray(book([text("a"), text("b")], [real(1), mistake(7)]))
    for where, put in changes:
        at = int(where * len(content))
        content[at : at + len(put)] = put
    if end < 0.5:
        del content[int(2 * end * len(content)) :]
    with contextlib.suppress(CoursewrightError):
        rows(bytes(content))
