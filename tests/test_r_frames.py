"""Frames that R hands over to other kernels, and takes: what has no value there is refused by its name."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

from r_sessions import need_r, r_library, run_r  # noqa: F401 - a fixture

SIDE = resources.files("coursewright.pages.engines.sides") / "side.R"
GIVEN = {
    'structure(c(-719162, 0.5, NA), class = "Date")': ["0001-01-01", "1970-01-01", None],
    'structure(c(Inf, 0), class = "Date")': "dates without end",
    'structure(-800000, class = "Date")': "dates outside the years 1 to 9999",
    'structure(c(-Inf, 0), class = c("POSIXct", "POSIXt"), tzone = "UTC")': "times without end",
    'structure(3e11, class = c("POSIXct", "POSIXt"), tzone = "UTC")': "times outside the years 1 to 9999",
    'structure(0, class = c("POSIXct", "POSIXt"), tzone = "Mars/Base")': 'a time zone called "Mars/Base"',
    'structure(c(0.25, NA), class = c("POSIXct", "POSIXt"), tzone = "Asia/Kathmandu")': ["250000", None],
    'c(iconv("\\u00e9", "UTF-8", "latin1"), NA, "NA")': ["é", None, "NA"],
    '"\\xff"': "text in an unknown encoding",
    'factor("a", levels = c("a", "\\xff"))': "text in an unknown encoding",
    'structure(c(1, 2), class = "integer64")': "values of the kind integer64",
    "matrix(1:4, 2)": "a matrix in it",
    "data.frame(y = 1:2)": "a frame in it",
    "as.difftime(1, units = 'hours')": "values of the kind difftime",
    "list(1, 2)": "values of the kind list",
}
LEFT = {
    "mtcars[1:2, 1:2]": ["the names of its rows"],
    "mtcars[0, 0]": ["the names of its rows"],
    "data.frame(x = structure(1:2, label = 'Laps'), y = 3:4)": ['label of the column "x"'],
    "data.frame(x = structure(factor('a'), label = 'Team', contrasts = 'contr.sum'))": [
        'label of the column "x"',
        'contrasts of the column "x"',
    ],
    "data.frame(x = as.POSIXct(0, tz = 'UTC', origin = '1970-01-01'), y = c(n = as.Date(NA)), row.names = NULL)": [],
}
TAKEN = {"9007199254740991": "[1] 9007199254740991", "9007199254740993": "whole numbers that R has no room for"}


def test_r_gives_and_takes_values_as_they_are_or_refuses_them(r_library: Path, tmp_path: Path) -> None:  # noqa: F811 - the fixture
    need_r("IRkernel")
    code = [f"source({json.dumps(str(SIDE))})"]
    for number, made in enumerate(GIVEN):
        code.append(f"df <- structure(list(x = {made}), class = 'data.frame')")
        code.append("attr(df, 'row.names') <- .set_row_names(NROW(df$x))")
        code.append(f'.coursewright$give("df", "{number}.json")')
    for number in TAKEN:
        column = {"name": "x", "kind": "integer", "values": [number]}
        (tmp_path / f"{number}.json").write_text(json.dumps({"columns": [column]}), encoding="utf-8")
        taken = f'.coursewright$take("df", "{number}.json"); print(df$x, digits = 20)'
        code.append(f"tryCatch({{ {taken} }}, error = function(e) cat(conditionMessage(e), '\\n'))")
    done = run_r("\n".join(code), r_library, tmp_path)
    assert done.returncode == 0, done.stderr
    for number, said in enumerate(GIVEN.values()):
        read = json.loads((tmp_path / f"{number}.json").read_text(encoding="utf-8"))
        wanted = {"error": f'the column "x" of df has {said}'} if isinstance(said, str) else said
        assert (read if isinstance(said, str) else read["columns"][0]["values"]) == wanted
    for line, said in zip(done.stdout.splitlines(), TAKEN.values(), strict=True):
        assert line.strip().endswith(said)


def test_what_stays_behind_in_r_is_said(r_library: Path, tmp_path: Path) -> None:  # noqa: F811 - the fixture
    need_r("IRkernel")
    code = [f"source({json.dumps(str(SIDE))})"]
    for number, made in enumerate(LEFT):
        code.append(f'df <- {made}\n.coursewright$give("df", "{number}.json")')
    done = run_r("\n".join(code), r_library, tmp_path)
    assert done.returncode == 0, done.stderr
    for number, left in enumerate(LEFT.values()):
        assert json.loads((tmp_path / f"{number}.json").read_text(encoding="utf-8"))["left"] == left
