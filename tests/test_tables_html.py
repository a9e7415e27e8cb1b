"""Tables of HTML pages: what a browser would show is what comes back."""

from __future__ import annotations

import datetime
import html
import importlib.util
from contextlib import suppress
from pathlib import Path
from typing import Any

import lxml.html
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursewright.errors import CoursewrightError, Place
from coursewright.tables.sources.html import HtmlSpec, read_html

CASES = Path(__file__).parent / "cases" / "html"


def read(page: str | bytes, *, charset: str | None = None, base: str = "", **wanted: Any) -> pa.Table:
    data = page.encode() if isinstance(page, str) else page
    return read_html(
        data, HtmlSpec(**wanted), shown="x.org/a", charset=charset, base=base, place=Place("course.toml")
    ).rows


def rows(page: str | bytes, **options: Any) -> list[list[Any]]:
    return [list(row.values()) for row in read(page, **options).to_pylist()]


def table(*lines: str) -> str:
    """A table of lines such as "a|b", the cells of which may be whole elements."""
    cells = ("".join(cell if cell.startswith("<t") else f"<td>{cell}" for cell in line.split("|")) for line in lines)
    return "<table><tr>" + "<tr>".join(cells) + "</table>"


def test_a_check_summary_loses_no_package() -> None:
    page = (CASES / "check_summary.html").read_bytes()
    found = read(
        page,
        match="Maintainer",
        fill_down=("Maintainer",),
        text=("Version",),
        links=True,
        columns={"Maintainer": "Maintainer", "name": "Package", "Version": "Version", "state": "r-devel Linux x86_64"},
        base="https://example.org/web/checks/summary.html",
    )
    ann, zoe = "Ann Example <ann at stats.example.ac.uk>", "Zoë Example <zoe at maths.example.ac.uk>"
    assert found.column_names == ["Maintainer", "name", "name_link", "Version", "state", "state_link"]
    assert found["Maintainer"].to_pylist() == [ann, ann, zoe]
    assert found["name"].to_pylist() == ["abacus", "bead", "chalk"]
    assert found["name_link"][1].as_py() == "https://example.org/web/checks/check_results_bead.html"
    assert found["Version"].to_pylist() == ["1.10", "1.2", "0.1"]
    assert found["state"].to_pylist() == ["OK", "NOTE", "ERROR"]
    assert found["state_link"][0].as_py() == "https://example.org/abacus"


def test_rows_that_are_only_anchors_are_left_out() -> None:
    page = (CASES / "packages_by_name.html").read_bytes()
    found = read(page, links=True, base="https://example.org/web/packages/by_name.html")
    assert found.column_names == ["column_1", "column_1_link", "column_2"]
    assert found.to_pylist()[1] == {
        "column_1": "bead",
        "column_1_link": "https://example.org/web/packages/bead/index.html",
        "column_2": "Naïve Counting",
    }
    assert found["column_2"][0].as_py() == "Tools for 'Beads' & \"Frames\""
    assert found.num_rows == 2


def test_twenty_five_thousand_rows_come_whole() -> None:
    spec = importlib.util.spec_from_file_location("html_tables", CASES.parents[2] / "benchmarks" / "html_tables.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = read(module.check_summary(25_000), match="Maintainer", fill_down=("Maintainer",))
    assert (found.num_rows, found.num_columns) == (25_000, 17)
    assert found["Package"].to_pylist() == [f"package{number}" for number in range(25_000)]
    assert found["Maintainer"][24_998].as_py() == "Zoë Example8332 <zoe8332 at stats.example.ac.uk>"


@pytest.mark.parametrize(
    ("page", "names", "found"),
    [
        (table("<th>A|<th>B", "1|x"), ["A", "B"], [[1, "x"]]),
        (table("<th>A|<th>a|<th>", "1|2|3"), ["A", "a_2", "column_3"], [[1, 2, 3]]),
        ("<table><thead><tr><td>A<td>B<tbody><tr><td>1<td>2</table>", ["A", "B"], [[1, 2]]),
        (table("<td>|<th>A", "<th>x|1"), ["column_1", "A"], [["x", 1]]),
        (
            table("<th rowspan=2>N|<th colspan=2>Time", "<th>in|<th>out", "a|1|2"),
            ["N", "Time / in", "Time / out"],
            [["a", 1, 2]],
        ),
        (table("<th colspan=2>Title", "<th>A|<th>B", "1|2"), ["A", "B"], [[1, 2]]),
        (table("<th>A|<th>B", "1|2", "<th>A|<th>B", "3|4"), ["A", "B"], [[1, 2], [3, 4]]),
        (table("<th>A|<th>B", "1|2|3", "4"), ["A", "B", "column_3"], [[1, 2, 3], [4, None, None]]),
        (table("<td rowspan=0>x|1", "2", "3"), ["column_1", "column_2"], [["x", 1], ["x", 2], ["x", 3]]),
        (table("<td colspan=99999999>x", "a|b"), ["column_1", "column_2"], [["x", "x"], ["a", "b"]]),
        (table("a", "", "b"), ["column_1"], [["a"], ["b"]]),
    ],
)
def test_cells_and_headings_stand_where_a_browser_puts_them(page: str, names: list[str], found: list[Any]) -> None:
    assert read(page).column_names == names
    assert rows(page) == found


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("a&nbsp; \n b", "a b"),
        ("a<br>b", "a b"),
        ("<p>a</p><p>b</p>", "a b"),
        ("a<script>x</script><style>y</style><span hidden>z</span><i style='DISPLAY : none'>q</i>b", "ab"),
        ("a<sup>[1]</sup><sup><a href='#n2'>2</a></sup> <sup>*</sup>", "a"),
        ("a<a href='#fn'>†</a> <a href='#n'>[note 1]</a>", "a"),
        ("5 m<sup>2</sup>, 1<sup>st</sup>", "5 m², 1st"),
        ("10<sup>3</sup>", "10³"),
        ("10<SUP> \u2212<b>3</b> </SUP>", "10⁻³"),
        ("10<sub>2</sub> H<sub>2</sub>O", "10₂ H₂O"),
        ("10<sup>3", "10³"),
        ("10<sup>1,2</sup> 5<sup>1.5</sup>", "10¹,² 5¹.⁵"),
        ("10<span style='Vertical-Align: super'>3</span>, H<i style='vertical-align:sub'>2</i>O", "10³, H₂O"),
        ("a<a href='#n' style='vertical-align: super'>3</a>", "a"),
        ("a<sup><a href='#a'>1</a>, <a href='#b'>2</a></sup>", "a"),
        ("<s>10</s>12 <del>13</del><ins>14</ins> <strike>1</strike>5", "10 12 13 14 1 5"),
        ("10<sup>3<a href='#n'>[1]</a></sup>", "10³"),
        ("b<textarea></td></textarea>a", "b</td>a"),
        ("a<a title='</td>' href='</td>'>b</a>", "ab"),
        ("<i style='visibility:hidden'>z</i>a", "a"),
        ("a<table><tr><td>in</table>b", "a b"),
        ("שלום &lt;b&gt; 😀", "שלום <b> 😀"),
        ("x\ufdd7&#xfdd7;&#64983;y", "xy"),
        ("a<caption>b</caption>", "a"),
        ("a<math><td rowspan=2>b</math>", "ab"),
    ],
)
def test_a_cell_holds_what_a_reader_sees(cell: str, text: str) -> None:
    assert rows(table(cell), table=1) == [[text]]


@pytest.mark.parametrize("style", ["visibility: hidden", "opacity: 0"])
def test_headings_that_are_taken_away_are_not_looked_at_again(style: str) -> None:
    page = f"<table><thead style='{style}'><tr><th>*</th></tr></thead><tr><th>a</th></tr><tr><td>1</td></tr></table>"
    assert rows(page) == [[1]]


def test_digits_above_and_below_make_text_of_a_column() -> None:
    column = read(table("<th>A|<th>B", "x|10<sup>3</sup>", "x|20"))["B"]
    assert column.to_pylist() == ["10³", "20"]
    column = read(table("<th>A|<th>B", "x|10<sup><a href='#n3'>3</a></sup>", "x|20<sup>*</sup>"))["B"]
    assert column.to_pylist() == [10, 20]


@pytest.mark.parametrize("end", ["", "</td>"])
def test_a_group_of_rows_has_a_row_with_its_name_wherever_it_stands(end: str) -> None:
    page = "<table><tr><th colspan=2>All<tr><th>n<th>t<tr><th colspan=2>Group A<tr><td>1{0}<td>x{0}"
    page += "<tr><th colspan=2>Group B<tr><td>2{0}<td>y{0}</table>"
    found = read(page.format(end))
    assert found.column_names == ["n", "t"]
    assert rows(page.format(end)) == [["Group A"] * 2, ["1", "x"], ["Group B"] * 2, ["2", "y"]]


@pytest.mark.parametrize("end", ["", "</td>"])
@pytest.mark.parametrize("hide", ["hidden", "style='display: none'", "style='visibility:collapse'"])
def test_filling_down_takes_what_is_above_also_if_it_is_hidden(hide: str, end: str) -> None:
    page = "<table><tr><th>who<th>what<tr><td>Ann{0}<td>p1{0}<tr {1}><td>Bob{0}<td>p2{0}<tr><td>{0}<td>p3{0}"
    page += "<tr {1}><td>{0}<td>p4{0}<tr><td>{0}<td>p5{0}</table>"
    assert rows(page.format(end, hide), fill_down=("who",)) == [["Ann", "p1"], ["Bob", "p3"], ["Bob", "p5"]]
    assert rows(page.format(end, hide)) == [["Ann", "p1"], [None, "p3"], [None, "p5"]]
    twice = f"<table><tr><th>who<th>what<tbody {hide}><tr {hide}><td>Bob{end}<td>p2{end}<tbody><tr><td>{end}<td>p3{end}"
    assert rows(twice + "</table>", fill_down=("who",)) == [["Bob", "p3"]]
    body = f"<table><tr><th>who<th>what<tbody {hide}><tr><td>Bob<td>p2<tbody><tr><td><td>p3</table>"
    assert rows(body, fill_down=("who",)) == [["Bob", "p3"]]


@pytest.mark.parametrize("end", ["", "</td>"])
def test_a_heading_is_not_ended_as_a_cell_of_data(end: str) -> None:
    page = f"<table><tr><td>a</td><td>b</td></tr><tr><th>h</td>i</th><td>1{end}</tr></table>"
    assert rows(page, header=1) == [["hi", 1]]
    page = f"<table><tr><th>a<th>b<tr><th>h</td><td>1{end}</tr></table>"
    assert rows(page, header=1) == [["h", 1]]


def test_a_hidden_row_takes_no_part_in_the_layout() -> None:
    page = "<table><tr><th>a<th>b<tr><td rowspan=2>x<td>1<tr hidden><td>h<td>2<tr><td>3<tr><td><td>4</table>"
    assert rows(page) == [["x", 1], ["x", 3], [None, 4]]
    assert rows(page, fill_down=("a",)) == [["x", 1], ["x", 3], ["x", 4]]
    wide = "<table><tr><th>a<th>b<tr><td>x<td>1<tr hidden><td colspan=2>more<tr><td><td>2</table>"
    assert rows(wide, fill_down=("a",)) == [["x", 1], ["x", 2]]


def test_a_cell_whose_text_is_hidden_keeps_its_place() -> None:
    page = "<table><tr><th>a<th>b<th>c<tr><td>1</td><td style='visibility: hidden'>2</td><td>3</td></table>"
    assert rows(page) == [[1, None, 3]]
    assert rows(page.replace("visibility: hidden", "display:none")) == [[1, 3, None]]


@pytest.mark.parametrize(
    ("language", "options", "values", "found"),
    [
        ("de", {}, ["1.320", "2"], [1320, 2]),
        ("de-AT", {}, ["1.320,5", "2,25"], [1320.5, 2.25]),
        ("de", {}, ["1.5"], ["1.5"]),
        ("de", {}, ["1.320", "1.5"], ["1.320", "1.5"]),
        ("de-CH", {}, ["1’320.5", "1'000"], [1320.5, 1000.0]),
        ("fr", {}, ["1.320"], ["1.320"]),
        ("fr", {}, ["1\u202f320,5", "2"], [1320.5, 2.0]),
        ("en-GB", {}, ["1.320"], [1.32]),
        ("", {}, ["1.320"], [1.32]),
        ("", {}, ["1,320"], [1320]),
        ("de", {}, ["1,320"], [1.32]),
        ("nonsense", {}, ["1,320"], [1320]),
        ("", {"decimal": ","}, ["1.320", "2,5"], [1320.0, 2.5]),
        ("", {"thousands": "."}, ["1.320"], [1320]),
        ("de", {"decimal": "."}, ["1.320"], [1.32]),
        ("", {"thousands": " "}, ["1 320"], [1320]),
        ("de", {}, ["\u22121.320,50", "007"], ["\u22121.320,50", "007"]),
    ],
)
def test_the_language_says_what_a_point_in_a_number_is(
    language: str, options: Any, values: list[str], found: list[Any]
) -> None:
    page = f"<html lang='{language}'>" + table("<th>A|<th>B", *(f"x|{value}" for value in values))
    assert read(page, **options)["B"].to_pylist() == found


@pytest.mark.parametrize(
    ("before", "options", "price", "noted"),
    [
        ("", {}, "2,5", True),
        ("", {}, "2.5", False),
        ("", {}, "2,500", False),
        ("<html lang=en>", {}, "2,5", False),
        ("", {"decimal": "."}, "2,5", False),
        ("", {"text": ("C",)}, "2,5", False),
    ],
)
def test_a_point_that_may_stand_between_thousands_is_told(
    before: str, options: dict[str, Any], price: str, noted: bool
) -> None:
    page = before + table("<th>A|<th>B|<th>C", f"x|1.320|{price}", "y|7|3")
    notes = read_html(page.encode(), HtmlSpec(**options), shown="x.org/a").notes
    said = "the point in 1.320 was taken for the decimal sign, not for one between thousands"
    assert notes == ((f'B: {said}: decimal = "." or decimal = "," and thousands = "."',) if noted else ())


@pytest.mark.parametrize("end", ["", "</td>"])
@pytest.mark.parametrize(
    ("before", "cell", "found"),
    [
        ("", "<math><msup><mn>10</mn> <mn>3</mn></msup></math>", "10³"),
        ("", "<math><msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup></math>", "x₁²"),
        ("", "<math><msub><mi>H</mi><mn>2</mn></msub><mi>O</mi></math>", "H₂O"),
        ("", "<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>", "1/2"),
        ("", "<math><mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac></math>", "(a+b)/2"),
        ("", "<math><msqrt><mn>2</mn></msqrt><mroot><mn>8</mn><mn>3</mn></mroot></math>", "√2³√8"),
        ("", "<math><semantics><mn>5</mn><annotation>5</annotation></semantics></math>", 5),
        ("", "5<svg><text>3</text></svg>", "5 3"),
        ("", "<ruby>10<rt>3</rt></ruby>", "10 3"),
        ("", "<center>1</center>2", "1 2"),
        ("", "<form>1</form>2", "1 2"),
        ("", "5<button>3</button>", "5 3"),
        ("", "5<meter value=3 max=10>3</meter>", "5 3"),
        ("", "<progress value=3 max=10>3</progress>", 3),
        ("", "5<video>3</video>", 5),
        ("", "5<iframe>3</iframe>", 5),
        ("", "<span style='display: block'>1</span>2", "1 2"),
        ("", "<div style='display:flex'><span>1</span><span>2</span></div>", "1 2"),
        ("", "<span style='display:inline-block'>1</span>2", 12),
        ("", "<span style='text-decoration: line-through'>1</span>2", "1 2"),
        ("", "5<small style='vertical-align: top'>2</small>", "5 2"),
        ("", "<span style='vertical-align: top'>5</span>", 5),
        ("", "<span style='vertical-align: middle'>5</span>2", 52),
        ("", "5<span style='position:relative; top:-0.5em'>2</span>", "5 2"),
        ("", "5<span style='opacity: 0'>2</span>", 5),
        ("", "5<span style='opacity: 0.5'>2</span>", 52),
        ("", "5<span style='font-size:0px'>2</span>", 5),
        ("", "5<span style='font-size:0.8em'>2</span>", 52),
        ("<style>.up {vertical-align: super}</style>", "5<i class=up>2</i>", "5 2"),
        ("<style>.b, p.c {display: block}</style>", "<i class=b>1</i><i class=b>2</i>", "1 2"),
        ("<style>td {display: block} tr {position: relative}</style>", "5", 5),
    ],
)
def test_what_stands_apart_makes_no_number_with_what_is_beside_it(before: str, cell: str, found: Any, end: str) -> None:
    assert rows(f"{before}<table><tr><th>v</th></tr><tr><td>{cell}{end}</tr></table>") == [[found]]


@pytest.mark.parametrize(
    ("page", "notes"),
    [
        ("<html><body><table><tr><td>a<tr><td>1<tr><td>2", ("the page ends within a table: rows may be cut off",)),
        ("<table><tr><td>a<table><tr><td>1</table>", ("the page ends within a table: rows may be cut off",)),
        ("<table><tr><td>a<tr><td>1</table>", ()),
        ("<html><table><tr><td>a<tr><td>1</BODY>", ()),
    ],
)
def test_a_page_that_ends_within_a_table_is_told(page: str, notes: tuple[str, ...]) -> None:
    assert read_html(page.encode(), HtmlSpec(table=1), shown="x.org/a").notes == notes


def test_the_language_nearest_to_the_table_counts() -> None:
    page = "<html lang=en><div lang=de>" + table("<th>A|<th>B", "x|1.320") + "</div>"
    assert read(page)["B"].to_pylist() == [1320]


@pytest.mark.parametrize(
    ("page", "values", "found"),
    [
        ("<html lang=en>", ["<td lang=de>1.320", "<td>5.5"], [1320.0, 5.5]),
        ("<html lang=en>", ["<td lang=de>1.320", "<td lang=de>2.500"], [1320, 2500]),
        ("<html lang=en>", ["<td><b lang=de>1.320,5</b>", "<td>5.5"], [1320.5, 5.5]),
        ("<html lang=de>", ["<td lang=en-GB>1,320.5", "<td>5,5"], [1320.5, 5.5]),
        ("<html lang=en>", ["<td lang=fr>1\u202f320,5", "<td>1"], [1320.5, 1.0]),
        ("<html lang=en>", ["<td lang=fr>Étoile 1,5", "<td>1"], ["Étoile 1,5", "1"]),
        ("<meta http-equiv=Content-Language content=de>", ["<td>1.320", "<td>2.500"], [1320, 2500]),
        ("<html lang=en><meta http-equiv=content-language content=de>", ["<td>1.320"], [1.32]),
    ],
)
def test_the_language_of_a_cell_counts_and_that_which_a_page_is_sent_with(
    page: str, values: list[str], found: list[Any]
) -> None:
    page += table("<th>A|<th>B", *(f"x|{value}" for value in values))
    assert read(page)["B"].to_pylist() == found
    assert read(page.encode("utf-16"))["B"].to_pylist() == found


@pytest.mark.parametrize(
    "group", ["<th>{}", "<th>{}<th>", "<th colspan=2>{}<td>", "<th colspan=3>{}", "<th colspan=2>{}<th></th>"]
)
def test_a_heading_in_front_of_nothing_is_a_group_wherever_it_stands(group: str) -> None:
    lines = (group.format("Group A"), "x|1|2", group.format("Group B"), "y|3|4")
    found = read("<table><tr><th>A<th>B<th>C<tr>" + table(*lines).removeprefix("<table><tr>"))
    assert found.column_names == ["A", "B", "C"]
    assert found["A"].to_pylist() == ["Group A", "x", "Group B", "y"]


@pytest.mark.parametrize("end", ["", "</td>"])
@pytest.mark.parametrize(
    ("control", "found"),
    [
        ("<input value='12'>", 12),
        ("<input type=number value=12> <b>km</b>", "12 km"),
        ("<input type=hidden value=12>7", 7),
        ("<input style='display:none' value=12>7", 7),
        ("<input placeholder=12>", None),
        ("<input type=checkbox checked>", "☑"),
        ("<input type=checkbox>done", "done"),
        ("<select><option>1<option selected>2<option>3</select>", 2),
        ("<select><option disabled>choose<option>2</select>", 2),
        ("<select><optgroup label=g><option label=five>5</optgroup></select>", "five"),
        ("<select multiple><option selected>1<option>2<option selected>3</select>", "1 3"),
        ("<select hidden><option selected>1</select>7", 7),
        ("<input list=l value=4><datalist id=l><option>1<option>2</datalist>", 4),
    ],
)
def test_fields_and_lists_have_the_value_that_a_reader_sees(control: str, found: Any, end: str) -> None:
    page = f"<table><tr><th>A<th>B<tr><td>x{end}<td>{control}{end}<tr><td>y{end}<td>{end}</table>"
    assert rows(page) == [["x", found], ["y", None]]


def test_headings_in_two_rows_that_fill_each_other() -> None:
    page = "<table><tr><th><th>2017<th>2018<tr><th>Country<th><th><tr><td>x<td>1<td>2</table>"
    assert read(page).column_names == ["Country", "2017", "2018"]
    units = "<table><tr><th>Town<th>Area<tr><th><th>km2<tr><td>x<td>1</table>"
    assert read(units).column_names == ["Town", "Area / km2"]


def test_rows_of_another_language() -> None:
    page = "<html lang=en><table><tr><th>A<th>B<tbody lang=de><tr><td>x<td>1.320<tbody><tr><td>x<td>1.5</table>"
    assert read(page)["B"].to_pylist() == [1320.0, 1.5]


SHEET = """
<style>
/* .kept { display: none } */
.key, td.gone { color: red; DISPLAY : none }
@media print { .kept { display: none } }
@import url("x.css");
.both { display: none } .both { display: inline }
div .kept { display: none }
#row { display: none }
</style>
"""


def test_what_the_pages_style_sheet_hides_is_not_there() -> None:
    found = rows(
        SHEET
        + table("<th>A|<th>B|<th>C", "<td><i class=key>001</i>1|<td class=kept>2|<td class=both>3").replace(
            "</table>", "<tr id=row><td>4<td>5<td>6<tr><td class=gone>7<td>8<td>9<td>10</table>"
        )
    )
    assert found == [[1, 2, 3], [8, 9, 10]]
    shown = SHEET + table("<th>A|<th>B", "<td class=gone style='display: table-cell'>1|2")
    assert rows(shown) == [[1, 2]]


@pytest.mark.parametrize(
    ("sheet", "expected"),
    [
        (".y { visibility: hidden }", [[3, 1], [None, 2]]),
        (".y { color: red; Opacity: 0 }", [[3, 1], [None, 2]]),
        (".y { opacity: 0.5 }", [[93, 1], [4, 2], [7, 3]]),
        (".y { visibility: hidden } .y { visibility: visible }", [[93, 1], [4, 2], [7, 3]]),
        ("@media print { .y { visibility: hidden } }", [[93, 1], [4, 2], [7, 3]]),
        (".y { font-size: 0 }", [[93, 1], [4, 2], [7, 3]]),
    ],
)
def test_what_the_pages_style_sheet_leaves_blank_is_not_read(sheet: str, expected: list[Any]) -> None:
    page = f"<style>{sheet}</style>" + table("<th>A|<th>B", "<td><i class=y>9</i>3|<td>1").replace(
        "</table>", "<tr><td class=y>4<td>2<tr class=y><td>7<td>3</table>"
    )
    assert rows(page) == expected
    assert rows(page.replace("class=y", "class=y style='visibility: visible'")) == [[93, 1], [4, 2], [7, 3]]


@pytest.mark.parametrize("end", ["", "</td>"])
@pytest.mark.parametrize(
    "columns",
    [
        "<col><col style='display: none'><col>",
        "<col><col hidden>",
        "<col><col style='visibility:collapse'>",
        "<colgroup><col></colgroup><colgroup hidden><col></colgroup>",
        "<colgroup span=1></colgroup><colgroup span=1 style='display:none'></colgroup>",
        "<col><col class=key>",
    ],
)
def test_columns_that_are_hidden_are_not_there(columns: str, end: str) -> None:
    body = f"<tr><th>A<th>B<th>C<tr><td>1{end}<td>2{end}<td>3{end}"
    found = read(f"{SHEET}<table>{columns}{body}</table>")
    assert (found.column_names, found.to_pylist()) == (["A", "C"], [{"A": 1, "C": 3}])
    group = f"<tr><td colspan=2>4{end}<td>5{end}<tr><td>6{end}<td rowspan=2>7{end}<td>8{end}<tr><td>9{end}<td>0{end}"
    assert rows(f"{SHEET}<table>{columns}{body}{group}</table>") == [[1, 3], [4, 5], [6, 8], [9, 0]]
    assert rows(f"{SHEET}<table>{columns.replace('<col>', '<col hidden>')}{body}</table>", table=1)


def test_a_span_of_hidden_columns() -> None:
    assert read(
        "<table><col><col span=2 hidden><tr><th>A<th>B<th>C<th>D<tr><td>1<td>2<td>3<td>4</table>"
    ).to_pylist() == [{"A": 1, "D": 4}]


def test_a_table_inside_another_is_a_table_of_its_own() -> None:
    page = "<table><tr><td>out<table id=inner><tr><td>in</table></table>"
    assert rows(page, match="INNER") == [["in"]]
    assert rows(page, table=1) == [["out"]]


def test_sums_at_the_foot_are_left_out_unless_wanted() -> None:
    page = "<table><tr><th>A<tfoot><tr><td>9<tbody><tr><td>4<tr><td>5</table>"
    assert rows(page, header=1) == [[4], [5]]
    assert rows(page, header=1, foot=True) == [[4], [5], [9]]


@pytest.mark.parametrize(
    ("foot", "wanted", "notes"),
    [
        ("<tr><td>sum<td>9", {}, ("a row of <tfoot> is left out, sum, 9: foot = true",)),
        ("<tr><td>sum<td>9<tr><td>mean<td>4", {}, ("2 rows of <tfoot> are left out, sum, 9: foot = true",)),
        ("<tr><td>sum<td>9", {"foot": True}, ()),
        ("<tr><th>A<th>B", {}, ()),
        ("<tr hidden><td>sum<td>9", {}, ()),
        ("<tr><td><td>", {}, ()),
    ],
)
def test_what_is_left_out_at_the_foot_is_told(foot: str, wanted: dict[str, Any], notes: tuple[str, ...]) -> None:
    page = f"<table><thead><tr><th>A<th>B<tbody><tr><td>a<td>4<tr><td>b<td>5<tfoot>{foot}</table>"
    assert read_html(page.encode(), HtmlSpec(**wanted), shown="x.org/a").notes == notes


@pytest.mark.parametrize(
    ("values", "kind", "found"),
    [
        (["1", "", "1,234,567"], pa.int64(), [1, None, 1234567]),
        (["1", "12\u2009345", "\u22125"], pa.int64(), [1, 12345, -5]),
        (["1", "1.5", ".5"], pa.float64(), [1.0, 1.5, 0.5]),
        (["2024-02-29", "1066-10-14"], pa.date32(), [datetime.date(2024, 2, 29), datetime.date(1066, 10, 14)]),
        (["2024-02-30"], pa.string(), ["2024-02-30"]),
        (["0000-01-01"], pa.string(), ["0000-01-01"]),
        (["007", "8"], pa.string(), ["007", "8"]),
        (["1,23", "4"], pa.string(), ["1,23", "4"]),
        (["12\u202f345", "x"], pa.string(), ["12 345", "x"]),
        (["99999999999999999999"], pa.string(), ["99999999999999999999"]),
    ],
)
def test_a_column_has_the_type_of_all_its_values(values: list[str], kind: pa.DataType, found: list[Any]) -> None:
    column = read(table("<th>A|<th>B", *(f"x|{value}" for value in values)))["B"]
    assert column.type == kind
    assert column.to_pylist() == found


@pytest.mark.parametrize(
    ("before", "codec", "charset"),
    [
        ("", "utf-8-sig", "latin-1"),
        ("", "utf-16", None),
        ("", "cp1252", "iso-8859-1"),
        ("<meta charset=iso-8859-1>", "cp1252", None),
        ("<meta charset=iso-8859-1>", "utf-8", "utf-8"),
        ("<?xml version='1.0' encoding='latin1'?>", "cp1252", None),
        ("<meta charset=utf-8>", "cp1252", None),
        ("<meta charset=nonsense>", "utf-8", None),
        ("", "cp1252", None),
    ],
)
def test_the_encoding_is_found(before: str, codec: str, charset: str | None) -> None:
    assert rows((before + table("“é”")).encode(codec), charset=charset) == [["“é”"]]


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (b"<meta charset=utf-8><h1>\xc3\xa9\xc3\xa9</h1><table><tr><th>a<tr><td>caf\xe9</table>", "not utf-8"),
        (b"<meta charset=shift_jis><table><tr><th>a<tr><td>caf\x81</table>", "not shift_jis"),
        (b"<meta charset=iso-8859-1><table><tr><th>a<tr><td>caf\x81</table>", "not windows-1252"),
        (b"<table><tr><th>a<tr><td>caf\x81</table>", "neither UTF-8 nor Windows-1252"),
    ],
)
def test_bytes_that_an_encoding_has_not_are_refused_in_the_table_alone(page: bytes, message: str) -> None:
    with pytest.raises(CoursewrightError) as caught:
        read(page)
    assert caught.value.problem.message == f'table 1 on x.org/a has bytes that are {message}, in "caf\ufffd"'
    assert caught.value.problem.hint == 'say what it is, for instance: encoding = "iso-8859-2"'
    there = page.replace(b"<table>", b"<table><tr><th>b<th>a<tr><td>1<td></table><table id=t>")
    assert rows(there, table=1) == [[1, None]]
    assert rows(page.replace(b"<th>a<tr>", b"<th>b<th>a<tr><td>1"), columns={"b": "b"}) == [[1]]


def test_links_start_from_the_base_of_the_page() -> None:
    page = "<base href='/b/'>" + table("<td><a href=' c.html'>x</a>", "y", "<td><a href='http://['>z</a>")
    assert rows(page, links=True, base="https://x.org/a/") == [
        ["x", "https://x.org/b/c.html"],
        ["y", None],
        ["z", "http://["],
    ]


def test_filling_down_takes_the_link_along() -> None:
    page = table("<td><a href=u>x</a>|1", "|2", "y|3")
    assert rows(page, links=True, fill_down=("column_1",)) == [["x", "u", 1], ["x", "u", 2], ["y", None, 3]]


TWO = "<table id=one><caption>First</caption><tr><th>Name<tr><td>a</table>" + table("<th>Name|<th>Age", "b|1")
FOUND = 'the tables found: 1 "First" (Name); 2 (Name, Age)'


@pytest.mark.parametrize(
    ("page", "wanted", "message", "hint"),
    [
        (
            "<title>Log in</title><input type=password>",
            {},
            'there is no table on x.org/a: it is called "Log in" and looks like a login page: it asks for a password',
            "log in with a browser, save the page there, and give the saved file instead",
        ),
        (
            "<title>News</title>",
            {},
            'there is no table on x.org/a: it is called "News"',
            "check the address; if a script makes the table in the browser, give the address of the data that it loads",
        ),
        (
            TWO,
            {"match": "Nmae"},
            'no table on x.org/a has "Nmae" in its caption, id, class, summary or headings',
            FOUND,
        ),
        (TWO, {"match": "name"}, '2 tables on x.org/a have "name"', "say which one with table = N; " + FOUND),
        (TWO, {}, "x.org/a has 2 tables", "say which one with table = N or match = TEXT; " + FOUND),
        (TWO, {"table": 9}, "table = 9, but x.org/a has 2 tables", FOUND),
        (TWO, {"table": 0}, "table = 0, but x.org/a has 2 tables", FOUND),
        (
            TWO,
            {"table": 1, "match": "Age"},
            'table 1 on x.org/a does not have "Age" in its caption, id, class, summary or headings',
            FOUND,
        ),
        (
            TWO,
            {"table": 2, "columns": {"n": "Nme"}},
            'table 2 on x.org/a has no column "Nme"',
            'did you mean "Name"? Available: Age, Name',
        ),
        (
            TWO,
            {"table": 2, "fill_down": ("Nme",)},
            'fill_down: table 2 on x.org/a has no column "Nme"',
            'did you mean "Name"? Available: Age, Name',
        ),
        ("<table></table>", {}, "table 1 on x.org/a has no rows", "check which table of the page is meant"),
        (
            table("<th>A"),
            {},
            "table 1 on x.org/a has no rows below its headings",
            "check which table of the page is meant, and how many of its rows are headings",
        ),
        (
            table("a", "b"),
            {"header": 3},
            "header = 3, but table 1 on x.org/a has only 2 rows",
            "header is at most 2 here, the rows of the table; rows without text are not counted",
        ),
        ("a,b\n1,2", {}, 'x.org/a is no HTML page: it begins with "a,b 1,2"', "check the address"),
        ("", {}, "x.org/a is no HTML page: it is empty", "check the address"),
        (
            b"<meta charset=utf-8><table><tr><th>a<tr><td>\xc3\xa9\xc3\xa9 and \xe9",
            {},
            'table 1 on x.org/a has bytes that are not utf-8, in "éé and \ufffd"',
            'say what it is, for instance: encoding = "iso-8859-2"',
        ),
        (
            b"%PDF-1.7",
            {},
            "x.org/a is no HTML page: it is a PDF document",
            "give the address of the page that shows the table; files are read as tables without `html`",
        ),
    ],
)
def test_what_cannot_be_read_is_told(page: str | bytes, wanted: dict[str, Any], message: str, hint: str) -> None:
    with pytest.raises(CoursewrightError) as caught:
        read(page, **wanted)
    assert str(caught.value) == f"error: {message}\n  --> course.toml\nhint: {hint}"


def test_a_small_page_cannot_ask_for_a_huge_table() -> None:
    page = "<table><tr>" + "<td colspan=1000 rowspan=0>x" * 100 + "<tr><td>y" * 1000 + "</table>"
    with pytest.raises(CoursewrightError, match="reach over more than 10,000,000 places"):
        read(page)


@st.composite
def tilings(draw: st.DrawFn) -> tuple[list[list[str]], str]:
    """A grid filled with cells of random reach, in the order of HTML, and the same as a page."""
    height, width = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    grid: list[list[str]] = [[""] * width for _ in range(height)]
    lines = []
    for top in range(height):
        line = "<tr>"
        for left in range(width):
            if grid[top][left]:
                continue
            free = next((at for at in range(left, width) if grid[top][at]), width) - left
            across, down = draw(st.integers(1, free)), draw(st.integers(1, height - top))
            text = f"c{top}x{left}"
            for at in range(top, top + down):
                grid[at][left : left + across] = [text] * across
            line += f"<td rowspan={down} colspan={across}>{text}"
        lines.append(line)
    return grid, "<table>" + "".join(lines) + "</table>"


@given(tilings())
@settings(deadline=None)
def test_cells_that_reach_over_others_fill_the_grid(tiling: tuple[list[list[str]], str]) -> None:
    grid, page = tiling
    starts = {int(text.partition("x")[2]) for row in grid for text in row}
    own = [row for top, row in enumerate(grid) if any(text.startswith(f"c{top}x") for text in row)]
    assert rows(page) == [[text for left, text in enumerate(row) if left in starts] for row in own]


@st.composite
def closed(draw: st.DrawFn) -> list[list[str]]:
    """Lines of cells as a program writes them, equally many and every one with its end."""
    width = draw(st.integers(1, 4))
    cell = st.lists(st.sampled_from(INSIDE), max_size=3).map("".join)
    made = st.tuples(st.sampled_from(["td", "td", "th", "td class=x"]), cell)
    line = st.lists(made, min_size=width, max_size=width)
    lines = draw(st.lists(line, min_size=1, max_size=5))
    return [[f"<{tag}>{inside}</{tag[:2]}>" for tag, inside in line] for line in lines]


INSIDE = [
    "x",
    " ",
    "7",
    "<b>y</b>",
    "&lt;td&gt;",
    "<!-- </td> -->",
    "<br>",
    "<p>z</p>",
    "<i title='</td>'>w</i>",
    "é",
    "\n",
]


@given(closed(), st.booleans())
@settings(deadline=None)
def test_closed_cells_are_what_lxml_finds_in_them(cells: list[list[str]], upper: bool) -> None:
    page = "<table>" + "".join(f"<tr>{''.join(line)}</tr>" for line in cells) + "</table>"
    tree = lxml.html.fromstring(page)
    theirs = [[" ".join(" ".join(cell.itertext()).split()) for cell in row.iter("td", "th")] for row in tree.iter("tr")]
    theirs = [row for row in theirs if any(row)]
    if upper:
        page = page.replace("</td>", "</TD>")
    with suppress(CoursewrightError):  # a table of which nothing is seen
        ours = read(page, header=0, text=tuple(f"column_{at + 1}" for at in range(len(cells[0]))))
        found = [["".join((value or "").split()) for value in row.values()] for row in ours.to_pylist()]
        assert found == [["".join(text.split()) for text in row] for row in theirs]


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Zs", "Zl", "Zp", "Nd")), min_size=1, max_size=20)


@given(st.lists(st.lists(TEXTS, min_size=3, max_size=3), min_size=1, max_size=5))
@settings(deadline=None)
def test_text_comes_back_as_it_went_in(grid: list[list[str]]) -> None:
    lines = ("".join(f"<td>{html.escape(text)}</td>" for text in row) for row in grid)
    assert rows("<table><tr>" + "</tr><tr>".join(lines) + "</tr></table>") == grid


PARTS = (
    """
<table>|</table>|<tr>|</tr>|<td>|</td>|<th>|<thead>|<tbody>|<tfoot>|<caption>|<sup>[1]</sup>|<sup>|<a href=#x>|</a>|<br>
<script>|</script>|<td rowspan=0>|<th colspan=3>|<td rowspan=2 colspan=2 hidden>|<p>|<select>|<template>|<svg>|x|1,2
<table hidden style=display:none>|<a href=http://[>|<div style=display:none>|<!--|-->|&#0;|&#xfdd7;|\ufdd7|<col>|</html>
<tr hidden>|<tbody style=display:none>|<td style=visibility:hidden>|<tr style=visibility:hidden>|<sub>2|<textarea>
</textarea>|<select>
<base href=//[>|<style hidden>|<sup hidden style=display:none><a href=#x>1</a></sup>|\u2009|5|<math>|<title>
""".strip()
    .replace("\n", "|")
    .split("|")
)
WRITTEN = st.sampled_from([*PARTS, *["<tr><td>a</td><td>", "</td></tr>", "<th>b</th>", "<td>c</td>"] * 4])


@given(st.lists(WRITTEN, max_size=30).map("".join), st.booleans(), st.booleans())
@settings(deadline=None, max_examples=300)
def test_cells_cut_apart_at_their_ends_are_those_found_one_by_one(page: str, links: bool, fill: bool) -> None:
    page = "<table>" + page
    options = {"links": links, "table": 1, "header": 0, "fill_down": ("column_1",) if fill else ()}
    assert outcome(page, options) == outcome(page.replace("</td>", "</td >").replace("</th>", "</th >"), options)


def outcome(page: str, options: dict[str, Any]) -> Any:
    try:
        return repr(read(page, **options).to_pylist()).replace("</td >", "</td>").replace("</th >", "</th>")
    except CoursewrightError as error:
        return str(error).replace("</td >", "</td>").replace("</th >", "</th>")


PIECES = st.one_of(st.sampled_from(PARTS).map(str.encode), st.binary(max_size=4))


@given(st.one_of(st.binary(), st.lists(PIECES, max_size=40).map(b"".join)), st.booleans())
@settings(deadline=None, max_examples=500)
def test_no_page_breaks_more_than_itself(page: bytes, links: bool) -> None:
    with suppress(CoursewrightError):
        read_html(b"<table>" + page, HtmlSpec(links=links, table=1), shown="the page", base="https://x.org/")
