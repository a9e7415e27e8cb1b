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
}
TAKEN = {"9007199254740991": "[1] 9007199254740991", "9007199254740993": "whole numbers that R has no room for"}


def test_r_gives_and_takes_values_as_they_are_or_refuses_them(r_library: Path, tmp_path: Path) -> None:  # noqa: F811 - the fixture
    need_r("IRkernel")
    code = [f"source({json.dumps(str(SIDE))})"]
    for number, made in enumerate(GIVEN):
        code.append(f"df <- structure(list(x = {made}), class = 'data.frame')")
        code.append("attr(df, 'row.names') <- .set_row_names(length(df$x))")
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
