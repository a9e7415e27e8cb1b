"""Spreadsheets: what a person sees in the program is what comes back, or the cell is named."""

from __future__ import annotations

import contextlib
import datetime
import io
import re
import struct
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import odf.opendocument
import odf.table
import odf.text
import openpyxl
import pytest
import python_calamine
import xlrd
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from coursewright.errors import CoursewrightError, Place
from coursewright.tables.sources import spreadsheets
from coursewright.tables.sources.opened import SourceFile

PLACE = Place("course.toml", 4)
DAY, NOON = datetime.date(2024, 3, 9), datetime.datetime(2024, 3, 9, 12, 30)
WORKED = "open it in Excel or LibreOffice and save it there: that works the formulas out"
NO_DAY = "mend the cell: Excel shows ##### there, or the 29th of February 1900, which never was"


def read(content: bytes, form: str = "xlsx", **options: Any) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"t.{form}"
        path.write_bytes(content)
        file = SourceFile(path, path.name, PLACE, Path(folder))
        options = {"sheet": "", "header": 1, "limit": 10**8, **options}
        return spreadsheets.read(file, form=form, **options)


def rows(content: bytes, form: str = "xlsx", **options: Any) -> list[list[Any]]:
    return [list(row.values()) for row in read(content, form, **options).to_pylist()]


def said(content: bytes, form: str = "xlsx", **options: Any) -> tuple[str, str]:
    with pytest.raises(CoursewrightError) as error:
        read(content, form, **options)
    assert error.value.problem.where == PLACE
    return error.value.problem.message, error.value.problem.hint


Make = Callable[[Any], None]


def book(make: Make, *, epoch: Any = None) -> bytes:
    """A workbook of openpyxl, which `make` fills."""
    made = openpyxl.Workbook()
    if epoch:
        made.epoch = epoch
    made.worksheets[0].title = "S"
    make(made.worksheets[0])
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def lines(*cells: list[Any]) -> Make:
    """What fills a sheet with lines, each cell being a value or a value and its number format."""

    def make(sheet: Any) -> None:
        for row, line in enumerate(cells, 1):
            for column, cell in enumerate(line, 1):
                value, *form = cell if isinstance(cell, tuple) else (cell,)
                at = sheet.cell(row, column, value)
                if form:
                    at.number_format = form[0]

    return make


def edited(content: bytes, part: str, edit: Callable[[str], str]) -> bytes:
    """The workbook with one of its parts changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, edit(text.decode()).encode() if name == part else text)
    return stream.getvalue()


def with_part(content: bytes, part: str, text: str) -> bytes:
    """The workbook with one part more."""
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as added:
        added.writestr(part, text)
    return stream.getvalue()


def raw(cells: str, *, settings: str = "") -> bytes:
    """A workbook whose sheet has these cells as XML below a heading, and these settings."""
    body = f'<row r="1"><c r="A1" t="str"><v>a</v></c></row>{cells}'
    content = edited(
        book(lines(["a", (1, "yyyy-mm-dd"), (1, "00000"), (1, "[h]:mm")])),
        "xl/worksheets/sheet1.xml",
        lambda text: re.sub("<sheetData>.*</sheetData>", f"<sheetData>{body}</sheetData>", text),
    )
    return edited(content, "xl/workbook.xml", lambda text: re.sub("<calcPr[^>]*/>", settings, text))


def test_the_first_day_of_1904_is_one_and_no_midnight() -> None:
    cells = (
        [(0, "yyyy-mm-dd"), (0.5, "d/m/yy h:mm"), (0.25, "h:mm")],
        [(1, "yyyy-mm-dd"), (1.5, "d/m/yy h:mm"), (0, "h:mm")],
    )
    first = datetime.datetime(1904, 1, 1, 12)
    assert rows(book(lines(["a", "b", "c"], *cells), epoch=CALENDAR_MAC_1904)) == [
        [datetime.date(1904, 1, 1), first, datetime.time(6)],
        [datetime.date(1904, 1, 2), first + datetime.timedelta(days=1), datetime.time(0)],
    ]


def test_days_of_1904_are_right_also_with_extensions_behind() -> None:
    content = book(lines(["day", "at"], [DAY, NOON]), epoch=CALENDAR_MAC_1904)
    extension = (
        '<extLst><ext uri="{79F54976-1DA5-4618-B147-4CDE4B953A38}" '
        'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
        '<x14:workbookPr defaultImageDpi="32767"/></ext></extLst></workbook>'
    )
    extended = edited(content, "xl/workbook.xml", lambda text: text.replace("</workbook>", extension))
    assert rows(content) == rows(extended) == [[DAY, NOON]]


@pytest.mark.parametrize(
    ("cells", "kind", "found"),
    [
        ([DAY, datetime.timedelta(hours=30, minutes=5)], "string", ["2024-03-09", "30:05:00"]),
        ([NOON, datetime.timedelta(seconds=-90.5)], "string", ["2024-03-09 12:30:00", "-0:01:30.5"]),
        ([DAY, NOON], "timestamp[us]", [datetime.datetime(2024, 3, 9), NOON]),
        ([DAY, 5], "string", ["2024-03-09", "5"]),
        ([DAY, "soon"], "string", ["2024-03-09", "soon"]),
        ([datetime.time(0, 0), datetime.time(14, 30)], "time64[us]", [datetime.time(0), datetime.time(14, 30)]),
        (
            [datetime.time(0, 45), datetime.timedelta(hours=25, minutes=10)],
            "duration[us]",
            [datetime.timedelta(minutes=45), datetime.timedelta(hours=25, minutes=10)],
        ),
        ([datetime.time(12), DAY], "string", ["12:00:00", "2024-03-09"]),
        ([True, False, None], "bool", [True, False]),
        ([True, 1], "string", ["TRUE", "1"]),
        (["007", "8"], "string", ["007", "8"]),
        (["007", 8], "string", ["007", "8"]),
        ([0.1, 1e21, "x"], "string", ["0.1", "1E+21", "x"]),
        ([0.125, 2], "double", [0.125, 2.0]),
        ([(0.25, "0%"), (12.5, "£#,##0.00")], "double", [0.25, 12.5]),
        ([(5, '0 "days"'), (6, "[Red]0"), (7, "0\\d"), (8, '#,##0" h"')], "int64", [5, 6, 7, 8]),
        ([(417, "00000"), (12345, "00000")], "string", ["00417", "12345"]),
        ([(41700, "00000"), (12345, "00000")], "int64", [41700, 12345]),
        ([(123456789, "000-00-0000"), (12345678, "000\\-00\\-0000;@")], "string", ["123-45-6789", "012-34-5678"]),
        (
            [(1234567, '00" "00'), (7, "00/00"), (-7, "00-00"), (1.5, "00-00")],
            "string",
            ["12345 67", "00/07", "-7", "1.5"],
        ),
        ([(1.5, "00.00"), (5, "0"), (1000, "0,000")], "double", [1.5, 5.0, 1000.0]),
        ([(1, "yyyy-mm-dd"), (59, "d/m/yy")], "date32[day]", [datetime.date(1900, 1, 1), datetime.date(1900, 2, 28)]),
        ([(61, "yyyy-mm-dd")], "date32[day]", [datetime.date(1900, 3, 1)]),
        (
            [(45000, 'yyyy"年"m"月"d"日"'), (45000, "[$-409]d-mmm-yy;@")],
            "date32[day]",
            [datetime.date(2023, 3, 15)] * 2,
        ),
        ([(-5, "0"), (60, "0"), (2958466, "0")], "int64", [-5, 60, 2958466]),
        ([(-0.5, "[h]:mm")], "duration[us]", [datetime.timedelta(hours=-12)]),
        ([2.0**53, 1], "double", [2.0**53, 1.0]),
        (["  ", None, "x"], "string", ["x"]),
    ],
)
def test_a_column_is_what_its_cells_are(cells: list[Any], kind: str, found: list[Any]) -> None:
    table = read(book(lines(["a"], *([cell] for cell in cells))))
    values = table["a"].to_pylist()
    assert (str(table.schema[0].type), [v for v in values if v is not None or None in found]) == (kind, found)


@pytest.mark.parametrize("shown", ["#NAME?", "#DIV/0!", "#REF!", "#VALUE!", "#NUM!", "#NULL!"])
def test_a_mistake_is_refused_unless_it_is_to_be_missing(shown: str) -> None:
    content = raw(f'<row r="2"><c r="A2"><v>1</v></c></row><row r="3"><c s="0" r="A3" t="e"><v>{shown}</v></c></row>')
    message, hint = said(content)
    assert message.startswith(f'cell A3 of the sheet "S" in t.xlsx shows {shown}')
    assert hint == f'mend the formula, or say that it is a missing value: missing = ["{shown}"]'
    assert rows(content, missing=[shown]) == [[1], [None]]


def test_what_a_mistake_means_is_said() -> None:
    message, _ = said(raw('<row r="2"><c r="A2" t="e"><f>nope</f><v>#NAME?</v></c></row>'))
    assert (
        message
        == 'cell A2 of the sheet "S" in t.xlsx shows #NAME?: its formula uses a name that the program did not know'
    )


def test_a_mistake_of_another_program_is_refused() -> None:
    message = 'cell A2 of the sheet "S" in t.xlsx shows #ERROR!'
    assert said(raw('<row r="2"><c r="A2" t="e"><v>#ERROR!</v></c></row>')) == (message, "mend the formula")


def test_not_available_is_missing_and_other_texts_may_be() -> None:
    content = raw('<row r="2"><c r="A2" t="e"><v>#N/A</v></c></row><row r="3"><c r="A3"><v>4</v></c></row>')
    assert rows(content) == [[None], [4]]
    assert rows(book(lines(["a"], ["-"], [1.5], ["n/a"])), missing=["-", "n/a"]) == [[None], [1.5], [None]]
    assert rows(book(lines(["a"], [-99], [1.5])), missing=["-99"]) == [[None], [1.5]]


@pytest.mark.parametrize(
    "formula",
    [
        "<f>1+1</f>",
        "<f>1+1</f><v></v>",
        "<f>1+1</f><v />",
        '<f t="shared" si="0"/>',
        '<f t="shared" ref="A2" si="0"/><v/>',
    ],
)
def test_a_formula_that_nobody_has_worked_out_is_refused(formula: str) -> None:
    content = raw(f'<row r="2"><c r="A2">{formula}</c></row>')
    assert said(content) == ('cell A2 of the sheet "S" in t.xlsx has a formula that has never been worked out', WORKED)


def test_formulas_that_are_all_nought_and_to_be_worked_out_on_opening_are_refused() -> None:
    cells = '<row r="2"><c r="A2"><f>1+1</f><v>0</v></c></row><row r="3"><c r="A3"><f>2+2</f><v>{}</v></c></row>'
    flag = '<calcPr fullCalcOnLoad="1"/>'
    assert said(raw(cells.format(0), settings=flag))[0].startswith('cell A2 of the sheet "S"')
    assert rows(raw(cells.format(0))) == [[0], [0]]
    assert rows(raw(cells.format(4), settings=flag)) == [[0], [4]]


def test_a_formula_has_the_value_that_it_had() -> None:
    cells = (
        '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>""</f><v></v></c><c r="C2" t="b"><f>1=1</f>'
    )
    assert rows(raw(f"{cells}<v>1</v></c></row>")) == [[2, True]]


@pytest.mark.parametrize(("number", "told"), [("-1", "-1"), ("60", "60"), ("60.5", "60.5"), ("2958466", "2.95847e+06")])
def test_a_day_that_there_is_not_is_refused(number: str, told: str) -> None:
    content = raw(f'<row r="2"><c r="A2" s="1"><v>{number}</v></c></row>')
    message = f'cell A2 of the sheet "S" in t.xlsx is to be a day, and no day has the number {told}'
    assert said(content) == (message, NO_DAY)


def test_cells_as_other_programs_write_them() -> None:
    days = '<row r="2"><c r="A2" t="d"><v>2024-03-09T00:00:00</v></c></row>'
    assert rows(raw(days)) == [[DAY]]
    assert rows(raw('<row r="2"><c r="A2" t="inlineStr"><is><t>x</t></is></c></row>')) == [["x"]]
    assert rows(raw('<row r="2"><c r="A2"><v>5</v></c></row><!-- <c r="Z9"><f>1</f></c> -->')) == [[5]]
    array = '<row r="2"><c r="A2"><f t="array" ref="A2:A3">B1:B2</f><v>5</v></c></row>'
    assert rows(raw(f'{array}<row r="3"><c r="A3"><v>6</v></c></row>')) == [[5], [6]]


@pytest.mark.parametrize(
    ("code", "number", "found"),
    [
        *(
            (code, 1.5, datetime.timedelta(hours=36))
            for code in ("[hh:mm]", "[h:mm:ss]", "[mm:ss]", "[hh]:mm", "[ss].00")
        ),
        ("[$-411]ggge", 45360, DAY),
        ('[$-411]ge"a"', 45360, DAY),
        ("[$-411]e", 45360.5, datetime.datetime(2024, 3, 9, 12)),
        ("0.00E+00", 1.5, 1.5),
        ("##0.0E+0", 45360, 45360),
        ("[$EUR] General", 45360, 45360),
        ('0.0 "days"', 1.5, 1.5),
    ],
)
def test_formats_that_are_seldom_used_show_times(code: str, number: float, found: Any) -> None:
    assert rows(book(lines(["a"], [(number, code)]))) == [[found]]
    assert rows(old(old_lines(["a"], [(number, code)])), "xls") == [[found]]


def test_a_year_of_an_era_that_is_no_day_is_refused() -> None:
    message, hint = said(book(lines(["a"], [(-1, "[$-411]ggge")])))
    assert message == 'cell A2 of the sheet "S" in t.xlsx is to be a day, and no day has the number -1'
    assert hint == NO_DAY


RICH = '<r><t>10</t></r><r><rPr><vertAlign val="{}"/></rPr><t>{}</t></r><r><t xml:space="preserve"> x</t></r>'


@pytest.mark.parametrize(
    ("how", "digits", "found"),
    [
        ("superscript", "3", "10³ x"),
        ("subscript", "3", "10₃ x"),
        ("superscript", "a", "10a x"),
        ("baseline", "3", "103 x"),
    ],
)
def test_digits_above_and_below_the_line_make_no_number(how: str, digits: str, found: str) -> None:
    cell = f'<row r="2"><c r="A2" t="inlineStr"><is>{RICH.format(how, digits)}</is></c></row>'
    assert rows(raw(cell)) == [[found]]
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    relation = f'<Relationship Id="rIdS" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
    content = raw('<row r="2"><c r="A2" t="s"><v>1</v></c></row>')
    content = edited(content, "xl/_rels/workbook.xml.rels", lambda text: text.replace("</Relationships>", relation))
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    texts = f'<sst xmlns="{space}"><si><t>b</t></si><si>{RICH.format(how, digits)}</si></sst>'
    content = with_part(content, "xl/sharedStrings.xml", texts)
    assert rows(content) == [[found]]


def test_digits_above_the_line_in_an_old_book() -> None:
    above, below = xlwt.Font(), xlwt.Font()
    above.escapement, below.escapement = xlwt.Font.ESCAPEMENT_SUPERSCRIPT, xlwt.Font.ESCAPEMENT_SUBSCRIPT

    def make(sheet: Any) -> None:
        sheet.write(0, 0, "a")
        sheet.write_rich_text(1, 0, ["10", ("3", above)])
        sheet.write_rich_text(2, 0, [("1", above), "H", ("2", below), "O"])
        sheet.write_rich_text(3, 0, ["\N{GRINNING FACE}10", ("3", above), " m"])

    assert rows(old(make), "xls") == [["10³"], ["¹H₂O"], ["\N{GRINNING FACE}10³ m"]]


def test_names_of_elements_may_have_a_prefix() -> None:
    def prefixed(text: str) -> str:
        text = re.sub(r"<(/?)(\w)", r"<\1x:\2", text).replace("<x:xml", "<xml")
        return text.replace('xmlns="', 'xmlns:x="')

    content = raw('<row r="2"><c r="A2" t="e"><v>#REF!</v></c></row>')
    assert said(edited(content, "xl/worksheets/sheet1.xml", prefixed)) == said(content)


def test_the_first_sheet_that_is_seen_is_taken_and_charts_are_none() -> None:
    made = openpyxl.Workbook()
    hidden = made.worksheets[0]
    hidden.title, hidden.sheet_state = "Lists", "hidden"
    hidden.append(["secret"])
    made.create_chartsheet("Chart")
    seen = made.create_sheet("Data")
    for line in (["a"], [1], [2]):
        seen.append(line)
    seen.row_dimensions[2].hidden = True
    made.create_sheet("Nothing")
    stream = io.BytesIO()
    made.save(stream)
    content = stream.getvalue()
    assert rows(content) == [[1], [2]]
    assert read(content, sheet="Lists").column_names == ["secret"]
    sheets = "its sheets are called Lists, Data, Nothing"
    assert said(content, sheet=4) == ("no sheet 4 in t.xlsx, which has 3", sheets)
    assert said(content, sheet="Nothing") == ('the sheet "Nothing" of t.xlsx is empty', sheets)


def test_merged_cells_have_their_value_in_the_first() -> None:
    def make(sheet: Any) -> None:
        lines(["a", "b"], [1, None], [2, 3])(sheet)
        sheet.merge_cells("A2:B2")

    assert rows(book(make)) == [[1, None], [2, 3]]


def test_a_cell_that_is_far_from_all_others_is_named() -> None:
    content = raw('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    assert said(content) == (
        'cell XFD1048576 of the sheet "S" in t.xlsx is so far from the others that the sheet cannot be held',
        "delete what stands there, or save the table in a book of its own",
    )


CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UNLOCKED = "save it without a password"


def test_passwords_are_told_from_other_things() -> None:
    locked = CONTAINER + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(500)
    for form in ("xlsx", "xlsb", "xls"):
        assert said(locked, form) == (f"t.{form} is protected by a password", UNLOCKED)
    old = CONTAINER + bytes(2000)
    assert said(old) == ("t.xlsx is an .xls by another name", 'say what it is: format = "xls"')


def test_an_opendocument_with_a_password() -> None:
    entry = (
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml" manifest:size="9">'
        '<manifest:encryption-data manifest:checksum="x" manifest:checksum-type="SHA1/1K">'
        '<manifest:algorithm manifest:algorithm-name="Blowfish CFB" manifest:initialisation-vector="x"/>'
        "</manifest:encryption-data></manifest:file-entry></manifest:manifest>"
    )
    content = edited(calc(["a"]), "META-INF/manifest.xml", lambda text: text.replace("</manifest:manifest>", entry))
    assert said(content, "ods") == ("t.ods is protected by a password", UNLOCKED)


# Old Excel


def old(make: Make, *, from_1904: bool = False, chart: bytes = b"") -> bytes:
    """A workbook of xlwt; `chart` are records that are put into its sheet as those of a chart."""
    made = xlwt.Workbook()
    made.dates_1904 = from_1904
    sheet = made.add_sheet("S")
    make(sheet)
    if chart:
        own = sheet.get_biff_data
        inside = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0020, 0, 0, 0, 0)) + chart + record(0x000A)
        sheet.get_biff_data = lambda: own()[:-4] + inside + record(0x000A)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def record(number: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", number, len(data)) + data


def old_lines(*cells: list[Any]) -> Make:
    def make(sheet: Any) -> None:
        for row, line in enumerate(cells):
            for column, cell in enumerate(line):
                value, *form = cell if isinstance(cell, tuple) else (cell,)
                style = [xlwt.easyxf(num_format_str=form[0])] if form else []
                sheet.write(row, column, value, *style)

    return make


def test_the_numbers_of_a_chart_in_an_old_book_are_no_cells() -> None:
    number = record(0x0203, struct.pack("<HHHd", 1, 0, 0, 999.0))
    content = old(old_lines(["a"], [1], [2]), chart=number)
    assert rows(content, "xls") == [[1], [2]]


@pytest.mark.parametrize("from_1904", [False, True])
def test_days_and_times_of_an_old_book(from_1904: bool) -> None:
    first = 1462 if from_1904 else 0
    content = old(
        old_lines(
            ["day", "at", "time", "length", "code", "yes"],
            [
                (45360 - first, "yyyy-mm-dd"),
                (45360.5 - first, "d.m.yy h:mm"),
                (0.25, "h:mm"),
                (1.5, "[h]:mm"),
                (417, "00000"),
                True,
            ],
        ),
        from_1904=from_1904,
    )
    day = datetime.date(2024, 3, 9)
    assert rows(content, "xls") == [
        [day, datetime.datetime(2024, 3, 9, 12), datetime.time(6), datetime.timedelta(hours=36), "00417", True]
    ]


def test_days_that_there_are_not_in_an_old_book() -> None:
    for number in (60, -1, 2958466):
        message, hint = said(old(old_lines(["a"], [(number, "yyyy-mm-dd")])), "xls")
        assert message == f'cell A2 of the sheet "S" in t.xls is to be a day, and no day has the number {number:g}'
        assert hint == NO_DAY
    assert rows(old(old_lines(["a"], [(59, "yyyy-mm-dd")])), "xls") == [[datetime.date(1900, 2, 28)]]
    assert rows(old(old_lines(["a"], [(60, "yyyy-mm-dd")]), from_1904=True), "xls") == [[datetime.date(1904, 3, 1)]]


def test_mistakes_of_an_old_book() -> None:
    def make(sheet: Any) -> None:
        sheet.write(0, 0, "a")
        sheet.row(1).set_cell_error(0, 0x1D)
        sheet.row(2).set_cell_error(0, 0x2A)

    content = old(make)
    assert said(content, "xls")[0].startswith('cell A2 of the sheet "S" in t.xls shows #NAME?')
    assert rows(content, "xls", missing=["#NAME?"]) == [[None], [None]]


def test_formulas_of_an_old_book_that_nobody_has_worked_out_are_refused() -> None:
    def make(sheet: Any) -> None:
        for column, cell in enumerate(["a", 2, xlwt.Formula("B1*2")]):
            sheet.write(0, column, cell)

    empty = struct.pack("<Q", 0xFFFF000000000003)
    told = 'cell C1 of the sheet "S" in t.xls has a formula that has never been worked out'
    assert said(old(make), "xls") == (told, WORKED.replace("save it there", "save it there as .xlsx"))
    nought = old(make).replace(empty + bytes(2), bytes(8) + b"\2\0")
    assert said(nought, "xls")[0] == told
    four = struct.pack("<d", 4)
    assert rows(old(make).replace(empty, four), "xls", header=0) == [["a", 2, 4]]
    assert rows(old(make).replace(empty, bytes(8)), "xls", header=0) == [["a", 2, 0]]


def test_an_old_book_with_a_password_or_broken_off() -> None:
    content = old(old_lines(["a"], [1]))
    bof = content.index(record(0x0809)[:2] + b"\x10\x00")
    locked = content[: bof + 20] + record(0x002F, bytes(6)) + content[bof + 30 :]
    assert said(locked, "xls") == ("t.xls is protected by a password", UNLOCKED)
    for end in (100, 600, 1200, len(content) // 2):
        assert said(content[:end], "xls")[0].startswith("t.xls cannot be read as a spreadsheet: ")


# OpenDocument


def calc(*lines: list[Any]) -> bytes:
    """An OpenDocument sheet; a cell is a text, or the attributes of one and the text that it shows."""
    document = odf.opendocument.OpenDocumentSpreadsheet()
    table = odf.table.Table(name="S")
    for line in lines:
        row = odf.table.TableRow()
        for cell in line:
            attributes, text = cell if isinstance(cell, tuple) else ({"valuetype": "string"}, cell)
            made = odf.table.TableCell(**attributes)
            if text:
                made.addElement(odf.text.P(text=text))
            row.addElement(made)
        table.addElement(row)
    document.spreadsheet.addElement(table)
    stream = io.BytesIO()
    document.write(stream)
    return stream.getvalue()


def test_cells_of_opendocument() -> None:
    content = calc(
        ["day", "at", "time", "length", "yes", "price", "code", "twice", "again"],
        [
            ({"valuetype": "date", "datevalue": "2024-03-09"}, "09/03/24"),
            ({"valuetype": "date", "datevalue": "2024-03-09T12:30:00"}, "noon"),
            ({"valuetype": "time", "timevalue": "PT06H00M00S"}, "6:00"),
            ({"valuetype": "time", "timevalue": "PT30H05M00.5S"}, "30:05"),
            ({"valuetype": "boolean", "booleanvalue": "true"}, "TRUE"),
            ({"valuetype": "currency", "value": "12.5", "currency": "GBP"}, "£12.50"),
            ({"valuetype": "string"}, "007"),
            ({"valuetype": "float", "value": "3", "numbercolumnsrepeated": "2"}, "3"),
        ],
    )
    length = datetime.timedelta(hours=30, minutes=5, milliseconds=500)
    assert rows(content, "ods") == [[DAY, NOON, datetime.time(6), length, True, 12.5, "007", 3, 3]]


def test_mistakes_and_formulas_of_opendocument() -> None:
    mistake = ({"formula": "of:=NOPE", "valuetype": "string", "stringvalue": ""}, "#NAME?")
    number = {"valuetype": "float", "value": "3", "numbercolumnsrepeated": "2"}
    content = calc(["a", "b", "c"], [(number, "3"), mistake])
    assert said(content, "ods")[0].startswith('cell C2 of the sheet "S" in t.ods shows #NAME?')
    assert rows(content, "ods", missing=["#NAME?"]) == [[3, 3, None]]
    unworked = calc(["a"], [({"formula": "of:=1+1"}, "")])
    assert said(unworked, "ods") == (
        'cell A2 of the sheet "S" in t.ods has a formula that has never been worked out',
        WORKED,
    )


SPAN = '<text:span text:style-name="{}">{}</text:span>'


@pytest.mark.parametrize(
    ("position", "inner", "found"),
    [
        ("super 58%", "10" + SPAN.format("T", "3") + " x", "10³ x"),
        ("sub", "H" + SPAN.format("T", "2") + "O", "H₂O"),
        ("33% 58%", "10" + SPAN.format("T", "-" + SPAN.format("T", "1") + "2"), "10⁻¹²"),
        ("-33% 58%", SPAN.format("U", "1") + "a", "₁a"),
        ("0% 100%", "10" + SPAN.format("T", "3"), "103"),
        ("super", "1" + SPAN.format("T", "st"), "1st"),
        ("super", "10" + SPAN.format("N", "3"), "10³"),
        ("super", "a<text:s text:c='2'/>b<text:tab/>5<text:line-break/>6", "a  b\t5\n6"),
    ],
)
def test_digits_above_and_below_the_line_in_opendocument(position: str, inner: str, found: str) -> None:
    def style(name: str, about: str, parent: str = "") -> str:
        own = f'<s:text-properties s:text-position="{about}"/>' if about else ""
        kind = (
            f's:family="text" s:parent-style-name="{parent}" xmlns:s="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
        )
        return f'<s:style s:name="{name}" {kind}>{own}</s:style>'

    def rich(text: str) -> str:
        styles = style("T", position) + style("U", "", "T")
        text = text.replace(
            "<office:automatic-styles/>", f"<office:automatic-styles>{styles}</office:automatic-styles>"
        )
        twice = '<table:table-row table:number-rows-repeated="2">'
        return text.replace("<table:table-row>", twice).replace("<text:p>ROW<", f"<text:p>{inner}<")

    content = edited(calc(["a", "b"], ["ROW", "1"]), "content.xml", rich)
    common = f"<office:styles>{style('N', 'super 58%')}</office:styles>"
    content = edited(content, "styles.xml", lambda text: text.replace("<office:styles/>", common))
    assert rows(content, "ods") == [["a", "b"], [found, "1"], [found, "1"]]


# A second engine reads the same books.

FORMS = [
    "General",
    "0.00",
    "0%",
    "#,##0",
    '0 "d"',
    "yyyy-mm-dd",
    "d/m/yy h:mm",
    "h:mm:ss",
    "[h]:mm",
    "[mm]:ss",
    "mmm yy",
    "@",
]
NUMBERS = st.integers(0, 100_000).filter(lambda n: n != 60) | st.floats(61, 60_000).map(
    lambda x: round(x * 1440) / 1440
)
CELLS = (
    st.none()
    | st.booleans()
    | st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), min_size=1, max_size=8).filter(
        lambda text: text.strip() == text and not text.startswith("=")
    )
    | st.tuples(NUMBERS, st.sampled_from(FORMS))
)
GRID = st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6)
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def alike(value: Any) -> Any:
    """A cell as both engines can have it: a day is a moment at midnight, numbers and moments are rounded."""
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return datetime.datetime.combine(value, datetime.time())
    if isinstance(value, datetime.datetime):
        return value.replace(microsecond=0) + datetime.timedelta(seconds=value.microsecond >= 500_000)
    if isinstance(value, datetime.time):
        return datetime.timedelta(
            hours=value.hour, minutes=value.minute, seconds=round(value.second + value.microsecond / 1e6)
        )
    if isinstance(value, datetime.timedelta):
        return datetime.timedelta(seconds=round(value.total_seconds()))
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def cells_of(content: bytes, form: str) -> list[list[Any]]:
    """Our cells, before they are columns, without empty ones at the ends."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"t.{form}"
        path.write_bytes(content)
        found = spreadsheets._book(SourceFile(path, path.name, PLACE, Path(folder)), form, 10**8).rows("S")
    return trimmed(found)


def trimmed(grid: list[list[Any]]) -> list[list[Any]]:
    made = [[None if cell == "" else alike(cell) for cell in line] for line in grid]
    for line in made:
        while line and line[-1] is None:
            line.pop()
    while made and not made[-1]:
        made.pop()
    return made


@SLOW
@given(GRID, st.booleans())
def test_openpyxl_reads_the_same_cells(grid: list[list[Any]], from_1904: bool) -> None:
    content = book(lines(*grid), epoch=CALENDAR_MAC_1904 if from_1904 else None)
    other = openpyxl.load_workbook(io.BytesIO(content), data_only=True)["S"]
    theirs = trimmed([[cell.value for cell in row] for row in other.iter_rows()])
    ours = cells_of(content, "xlsx")
    if from_1904:  # openpyxl takes the first day of 1904 for a time of day only in the system of 1900
        first = datetime.datetime(1904, 1, 1)
        theirs = [
            [
                cell - first if isinstance(cell, datetime.datetime) and cell < first + datetime.timedelta(1) else cell
                for cell in line
            ]
            for line in theirs
        ]
    assert ours == theirs


@SLOW
@given(GRID)
def test_calamine_reads_the_same_cells_of_an_old_book(grid: list[list[Any]]) -> None:
    content = old(old_lines(*grid))
    with contextlib.closing(python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))) as other:
        theirs = trimmed(other.get_sheet_by_name("S").to_python(skip_empty_area=False))
    assert cells_of(content, "xls") == theirs


@SLOW
@given(GRID)
def test_odfpy_reads_the_same_cells_of_opendocument(grid: list[list[Any]]) -> None:
    def cell(value: Any) -> Any:
        if value is None:
            return {}, ""
        if isinstance(value, bool):
            return {"valuetype": "boolean", "booleanvalue": str(value).lower()}, str(value).upper()
        if isinstance(value, tuple):
            return {"valuetype": "float", "value": repr(value[0])}, str(value[0])
        return value

    content = calc(*([cell(value) for value in line] for line in grid))
    document = odf.opendocument.load(io.BytesIO(content))
    theirs = [
        [odf_value(cell) for cell in row.getElementsByType(odf.table.TableCell)]
        for row in document.getElementsByType(odf.table.TableRow)
    ]
    assert cells_of(content, "ods") == trimmed(theirs)


def odf_value(cell: Any) -> Any:
    kind = cell.getAttribute("valuetype")
    if kind == "float":
        return float(cell.getAttribute("value"))
    if kind == "boolean":
        return cell.getAttribute("booleanvalue") == "true"
    return str(cell) if kind else None


@SLOW
@given(
    st.sampled_from(["xlsx", "xls", "ods"]),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=3)), max_size=4),
    st.floats(0, 1),
)
def test_a_damaged_book_gives_a_table_or_our_error(form: str, changes: list[tuple[float, bytes]], end: float) -> None:
    made = {
        "xlsx": lambda: book(lines(["a"], [1])),
        "xls": lambda: old(old_lines(["a"], [1])),
        "ods": lambda: calc(["a"], ["x"]),
    }
    content = bytearray(made[form]())
    for where, put in changes:
        at = int(where * len(content))
        content[at : at + len(put)] = put
    if end < 0.5:
        del content[int(2 * end * len(content)) :]
    with contextlib.suppress(CoursewrightError):
        read(bytes(content), form)


def test_xlrd_says_what_an_old_book_has() -> None:
    """The engine itself, so that a change of its version that reads less is seen here."""
    content = old(old_lines(["a", True], [1.5, ("x")]))
    assert xlrd.open_workbook(file_contents=content).sheet_by_index(0).row_values(1) == [1.5, "x"]


# A title above the headings

TITLED: list[tuple[list[list[Any]], str]] = [
    ([["Report of 2018"], [], ["name", "points"], ["Ann", 3]], "row 3 has 2"),
    ([["Report of 2018"], ["Source: us"], ["name", "town", "points"], ["Ann", "York", 3]], "row 3 has 3"),
    ([["Report of 2018", None, None], ["name", "town", "points"], ["Ann", "York", 3]], "row 2 has 3"),
]


@pytest.mark.parametrize(("cells", "where"), TITLED)
def test_a_title_is_not_taken_for_headings(cells: list[list[Any]], where: str) -> None:
    content = book(lines(*cells))
    skip = int(where[4]) - 1
    assert said(content, header=None) == (
        f'row 1 of the sheet "S" of t.xlsx has one value alone, "Report of 2018", where {where}',
        f"if it is a title: skip = {skip}; if it is the headings: header = 1",
    )
    assert read(content, header=None, skip=skip).column_names == cells[skip]
    assert read(content, header=1).column_names[0] == "Report of 2018"


@pytest.mark.parametrize(
    "cells",
    [
        [["name", None], ["Ann", "York"]],
        [["name"], ["Ann"]],
        [["name"], [], ["Ann", 3, 4]],
        [["n", "m"], ["a", "b"]],
    ],
)
def test_a_heading_alone_that_may_be_one_is_one(cells: list[list[Any]]) -> None:
    assert read(book(lines(*cells)), header=None).column_names[0] == cells[0][0]
