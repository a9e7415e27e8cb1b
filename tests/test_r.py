"""The package of R: its own tests, run by Rscript, and what becomes of the process that it starts."""

from __future__ import annotations

import datetime
import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from coursewright.errors import CoursewrightError
from coursewright.labels import known
from coursewright.replies.columns import ExactFrame, read_columns, write_columns
from r_sessions import PACKAGE, need_r, r_library, run_r, surroundings  # noqa: F401 - a fixture

TESTS = PACKAGE / "tests" / "testthat"
NEEDS = {"reticulate": ["reticulate"], "widget": ["htmltools"]}
NAMES = sorted(file.stem.removeprefix("test-") for file in TESTS.glob("test-*.R"))


@pytest.mark.parametrize("name", NAMES)
def test_the_tests_of_the_package_pass(name: str, r_library: Path, tmp_path: Path) -> None:  # noqa: F811 - the fixture
    need_r("testthat", *NEEDS.get(name, ()))
    code = f"""
    library(testthat); library(coursewright)
    test_dir("{TESTS}", package = "coursewright", load_package = "installed", reporter = "check", filter = "^{name}$")
    """
    done = run_r(code, r_library, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "FAIL 0 | WARN 0 | SKIP 0" in done.stdout


def test_the_vignette_is_installed_as_its_source_says_today(r_library: Path, tmp_path: Path, accept: bool) -> None:  # noqa: F811 - the fixture
    need_r("rmarkdown", "htmltools")
    source, kept = PACKAGE / "vignettes" / "coursewright.Rmd", PACKAGE / "inst" / "doc"
    shutil.copy(source, tmp_path)
    form = "rmarkdown::html_document(theme = NULL, highlight = NULL, mathjax = NULL)"
    done = run_r(f'rmarkdown::render("coursewright.Rmd", {form}, quiet = TRUE)', r_library, tmp_path)
    assert done.returncode == 0, done.stderr
    if accept:
        kept.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, kept)
        shutil.copy(tmp_path / "coursewright.html", kept)
    assert (kept / "coursewright.Rmd").read_bytes() == source.read_bytes(), "make accept writes it anew"
    now, then = (
        LexborHTMLParser((folder / "coursewright.html").read_bytes()).body.text().split() for folder in (tmp_path, kept)
    )
    assert then == now, "make accept writes it anew"


HELP = """
library(coursewright)
for (name in getNamespaceExports("coursewright"))
  if (!length(utils::help(name, package = "coursewright"))) cat("no help:", name, "")
files <- list.files("MAN", full.names = TRUE)
for (file in files) for (said in format(tools::checkRd(file))) cat(basename(file), said, "")
lines <- unlist(lapply(files, readLines))
aliases <- grep("^.alias", lines, value = TRUE)
links <- unlist(regmatches(lines, gregexpr("link[{][^}]*[}]", lines)))
cat("no page:", setdiff(substr(links, 6, nchar(links) - 1), substr(aliases, 8, nchar(aliases) - 1)), "")
cat(vignette(package = "coursewright")$results[, "Item"], basename(vignette("coursewright")$PDF))
"""


def test_everything_has_a_page_of_help_and_all_links_lead_to_one(r_library: Path, tmp_path: Path) -> None:  # noqa: F811 - the fixture
    done = run_r(HELP.replace("MAN", str(PACKAGE / "man")), r_library, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "no page:  coursewright coursewright.html"


def test_python_says_where_the_package_is() -> None:
    command = [sys.executable, "-m", "coursewright.replies", "--package"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert Path(said.removesuffix("\n")) == PACKAGE


def test_the_package_has_the_words_of_frames_in_all_languages() -> None:
    said = (PACKAGE / "R" / "words.R").read_text(encoding="utf-8")
    entries = re.findall(r'^  (\w\w) = c\(widget = (".*?"), interactive = (".*?")\)', said, re.MULTILINE)
    assert {language: [json.loads(each) for each in words] for language, *words in entries} == {
        language: [words["widget"].replace("{name}", "%s"), words["interactive"]]
        for language, words in known("notebooks").items()
    }


def test_python_sees_the_values_that_r_has(r_library: Path, tmp_path: Path) -> None:  # noqa: F811 - the fixture
    code = """
    rows <- data.frame(
      whole = c(1L, NA), number = c(NaN, NA), yes = c(FALSE, NA), text = c("NA", NA),
      level = factor(c("b", NA), levels = c("a", "b")), day = as.Date(c("2024-02-29", NA)),
      time = as.POSIXct(c("2026-07-05 14:00:00.5", NA), tz = "Europe/London"),
      gap = as.difftime(c(1.5, NA), units = "hours"))
    invisible(coursewright:::write_columns(rows, "rows.columns"))
    """
    done = run_r(code, r_library, tmp_path)
    assert done.returncode == 0, done.stderr
    table = read_columns(tmp_path / "rows.columns").table
    assert [str(kind) for kind in table.schema.types] == [
        "int32", "double", "bool", "large_string", "dictionary<values=large_string, indices=int32, ordered=0>",
        "date32[day]", "timestamp[us, tz=Europe/London]", "duration[us]",
    ]  # fmt: skip
    first, second = table.to_pylist()
    assert np.isnan(first.pop("number"))
    assert first.pop("time").isoformat() == "2026-07-05T14:00:00.500000+01:00"
    assert first == {
        "whole": 1,
        "yes": False,
        "text": "NA",
        "level": "b",
        "day": datetime.date(2024, 2, 29),
        "gap": datetime.timedelta(minutes=90),
    }
    assert set(second.values()) == {None}
    assert table["level"].combine_chunks().dictionary.to_pylist() == ["a", "b"]


def test_the_process_ends_with_the_session_however_that_ends(r_library: Path, tmp_path: Path) -> None:  # noqa: F811 - the fixture
    code = """
    cat(coursewright:::ask_python("hello")$process, "\\n", sep = "")
    flush(stdout())
    Sys.sleep(as.numeric(Sys.getenv("WAIT")))
    """
    (tmp_path / "script.R").write_text(code, encoding="utf-8")
    for wait in ("0", "300"):
        session = subprocess.Popen(
            [str(shutil.which("Rscript")), str(tmp_path / "script.R")],
            env=surroundings(r_library, WAIT=wait),
            stdout=subprocess.PIPE,
            text=True,
        )
        assert session.stdout
        process = int(session.stdout.readline())
        if wait != "0":
            session.kill()
        session.wait(60)
        session.stdout.close()
        until = time.monotonic() + 60
        while _runs(process):
            assert time.monotonic() < until, "the process of Python is still there"
            time.sleep(0.02)


def _runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


INTEGERS = st.integers(-(2**31) + 1, 2**31 - 1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
# A float holds the microseconds of these: of others R itself has none.
MOMENTS = st.datetimes(datetime.datetime(1750, 1, 1), datetime.datetime(2200, 1, 1))
COLUMNS = st.one_of(
    st.tuples(st.just(pa.int32()), st.lists(st.none() | INTEGERS, min_size=3, max_size=3)),
    st.tuples(st.just(pa.float64()), st.lists(st.none() | st.floats(allow_nan=False), min_size=3, max_size=3)),
    st.tuples(st.just(pa.bool_()), st.lists(st.none() | st.booleans(), min_size=3, max_size=3)),
    st.tuples(st.just(pa.large_string()), st.lists(st.none() | TEXTS, min_size=3, max_size=3)),
    st.tuples(st.just(pa.date32()), st.lists(st.none() | st.dates(), min_size=3, max_size=3)),
    st.tuples(st.just(pa.timestamp("us", "UTC")), st.lists(st.none() | MOMENTS, min_size=3, max_size=3)),
    st.tuples(
        st.just(pa.dictionary(pa.int32(), pa.large_string())), st.lists(st.none() | TEXTS, min_size=3, max_size=3)
    ),
)


@settings(max_examples=60)
@given(st.dictionaries(TEXTS, COLUMNS, max_size=4))
def test_what_python_writes_it_reads_again(tmp_path_factory: pytest.TempPathFactory, columns: dict) -> None:
    file = tmp_path_factory.getbasetemp() / "again.columns"
    table = pa.table({name: pa.array(values, kind) for name, (kind, values) in columns.items()})
    assert write_columns(ExactFrame(table), file) == []
    again = read_columns(file).table
    assert again.to_pylist() == table.to_pylist()
    if columns:
        assert again.schema.types == table.schema.types


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (pa.array([[1]]), 'the column "x" holds values of the type list<item: int64>, of which R has no column'),
        (pa.array([b"x"]), 'the column "x" holds values of the type binary, of which R has no column'),
        (pa.array(["a", None, "b\0c"]), 'the column "x" has a text with a zero byte in it, in row 3'),
    ],
)
def test_what_r_has_no_column_for_is_refused_by_name(column: pa.Array, said: str, tmp_path: Path) -> None:
    with pytest.raises(CoursewrightError) as error:
        write_columns(ExactFrame(pa.table({"x": column})), tmp_path / "x.columns")
    assert error.value.problem.message == said


def test_numbers_too_long_for_r_come_as_text_and_that_is_told(tmp_path: Path) -> None:
    table = pa.table({"n": [2**60, None], "fits": [2**40, 1], "small": [1, None]})
    file = tmp_path / "long.columns"
    assert write_columns(ExactFrame(table), file) == [
        'the column "n" holds whole numbers too long for R: they come as text'
    ]
    again = read_columns(file).table
    assert again.to_pylist() == [
        {"n": str(2**60), "fits": 2.0**40, "small": 1},
        {"n": None, "fits": 1.0, "small": None},
    ]


def test_a_file_that_ends_too_early_or_is_none_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "x.columns"
    write_columns(ExactFrame(pa.table({"a": ["x", "y"]})), file)
    whole = file.read_bytes()
    for size in range(8, len(whole)):
        file.write_bytes(whole[:size])
        with pytest.raises((CoursewrightError, ValueError)):
            read_columns(file)
    file.write_bytes(b"a,b\n1,2\n")
    with pytest.raises(CoursewrightError, match="this is no file of columns"):
        read_columns(file)
