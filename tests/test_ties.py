"""Answers that are cut among rows which ORDER BY finds equal: another database keeps others, so `check` tells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from coursewright.courses import check
from coursewright.tables import EmbeddedDatabase, Sql, Table
from coursewright.tables.sources import Source
from coursewright.tables.statements.ties import tie

ROWS = "id,name,team,points\n1,Ann,A,9\n2,Bo,A,7\n3,Cy,B,7\n4,Di,B,7\n5,Ed,C,\n6,Flo,C,\n"
SAID = (
    "chooses among rows that are equal in ORDER BY, so its answer hangs on the database; add a last column to ORDER BY"
)

# The line of the remark and what chooses; nothing, where the answer is the same whatever order equal rows come in.
STATEMENTS = {
    "SELECT name FROM rows ORDER BY points DESC NULLS LAST LIMIT 2": (1, "LIMIT"),
    "SELECT name FROM rows ORDER BY points DESC NULLS LAST LIMIT 1": None,
    "SELECT name FROM rows ORDER BY points DESC NULLS LAST LIMIT 4": None,
    "SELECT name FROM rows ORDER BY points DESC NULLS LAST LIMIT 5": (1, "LIMIT"),
    "SELECT name FROM rows ORDER BY points DESC NULLS LAST LIMIT 100": None,
    "SELECT name FROM rows ORDER BY points DESC NULLS LAST, id LIMIT 2": None,
    "SELECT name FROM rows ORDER BY points DESC NULLS LAST": None,
    "SELECT points FROM rows ORDER BY points DESC NULLS LAST LIMIT 2": None,
    "SELECT name FROM rows\nORDER BY points DESC NULLS LAST -- LIMIT\n  LIMIT 1 OFFSET :from": (3, "LIMIT"),
    "SELECT name FROM rows\nORDER BY points DESC NULLS LAST\nOFFSET 2": (3, "OFFSET"),
    "SELECT name FROM rows ORDER BY points DESC NULLS LAST FETCH FIRST 3 ROWS ONLY": (1, "FETCH"),
    "SELECT DISTINCT team FROM rows ORDER BY length(team) LIMIT 1": (1, "LIMIT"),
    "SELECT name FROM rows UNION SELECT team FROM rows ORDER BY 1 LIMIT 3": None,
    "SELECT name AS \"ü LIMIT (\", id AS i FROM rows ORDER BY points + :from LIMIT 1": (1, "LIMIT"),
    "SELECT * FROM rows ORDER BY ALL LIMIT 2": None,
    "SELECT * FROM (SELECT * FROM rows ORDER BY id LIMIT 4) ORDER BY team": None,
    "WITH a AS (SELECT name, rank() OVER (ORDER BY id) AS n FROM rows)\nSELECT name FROM a\nORDER BY n < 4 LIMIT 2":
        (3, "LIMIT"),
    "SELECT DISTINCT ON (team) team, name FROM rows ORDER BY team": (1, "DISTINCT ON"),
    "SELECT DISTINCT ON (team) team, name FROM rows ORDER BY team, id -- the first": None,
    "SELECT NULL AS nothing, name FROM rows ORDER BY nothing LIMIT 1": (1, "LIMIT"),
    "SELECT avg(points) OVER () AS mean, [name] AS names FROM rows ORDER BY mean LIMIT 1": (1, "LIMIT"),
    "SELECT name FROM no_such_table ORDER BY 1 LIMIT 1": None,
    "SELECT 'unfinished FROM rows ORDER BY 1 LIMIT 1": None,
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), STATEMENTS.items())
def test_what_a_statement_chooses(tmp_path: Path, text: str, expected: tuple[int, str] | None) -> None:
    (tmp_path / "rows.csv").write_text(ROWS)
    database = EmbeddedDatabase(tmp_path, [Table("rows", Source(file="rows.csv"))], parameters={"from": 1})
    said = tie(Sql(text, "f.sql"), database.dialect, database.query)
    told = f"f.sql:{expected[0]}: {expected[1]} {SAID} that tells rows apart" if expected else ""
    assert said == told


COURSE = """\
[course]
title = "Points"
[parameters]
day = 2
[tables]
rows = "data/rows.csv"
days = "data/days.csv"
[timeline]
table = "days"
key = "day"
order = ["day"]
now = ["day"]
"""


def test_check_tells_where(make_course: Any) -> None:
    best = "SELECT name, points FROM rows\nORDER BY points DESC{} LIMIT 1\n"
    root = make_course(
        {
            "course.toml": COURSE,
            "data/days.csv": "day\n1\n2\n3\n",
            "data/rows.csv": "day,name,points\n1,Ann,9\n1,Bo,9\n2,Cy,10\n",
            "tables/first.sql": best.format(""),
            "tables/pair.sql": best.format("").replace("1\n", "2\n"),
            "facts/best.sql": '/*---\ntitle = "Best"\ntell = "#name#"\n---*/\n' + best.format(""),
            "facts/sure.sql": '/*---\ntitle = "Best"\ntell = "#name#"\n---*/\n' + best.format(", name"),
            "grammars/g.yaml": 'origin: "#name#"\n',
            "pages/index.md": (
                f"# Points\n\n```{{table}}\n{best.format('').replace('1', '2')}```\n\n"
                f"```{{tell}} g\n:key: name\n{best.format('').replace('rows', 'rows WHERE day < :day')}```\n"
            ),
            "pages/each.md": "---\nname: p\nfor_each: SELECT name FROM rows ORDER BY day LIMIT 1\n---\n# Each\n",
        }
    )
    told: list[str] = []
    assert check(root, report=told.append) == []
    assert [line.removeprefix(f"{root}/") for line in told] == [
        f"{place}: LIMIT {SAID} that tells rows apart"
        for place in (
            "tables/pair.sql:2",
            "facts/best.sql:6",
            "pages/each.md:3",
            "pages/index.md:5",
            "pages/index.md:11",
        )
    ]
