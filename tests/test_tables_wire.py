"""Databases that are big already: what is worked out stays in the server, and answers alone go over the wire."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from coursewright.cli import main
from coursewright.courses import build, check, open_course
from coursewright.tables import Sql
from servers import Database as Own
from wire import Wire, relay

ROWS = 40_000
DAYS = 300
SHARE = 0.01  # of the table
SERVERS = ["postgresql", "mariadb"]
MAKE = {
    "postgresql": f"""
        CREATE TABLE days AS SELECT n AS day_id, n AS number FROM generate_series(1, {DAYS}) AS n;
        CREATE TABLE stations AS SELECT n AS station, 'Station ' || n AS name FROM generate_series(1, 40) AS n;
        CREATE TABLE readings AS SELECT n AS id, n % 40 + 1 AS station, n % {DAYS} + 1 AS day_id,
            n % 977 / 10.0 AS value, CAST(n AS NUMERIC) / 7 AS share, 'checked by hand, number ' || n AS note
            FROM generate_series(1, {ROWS}) AS n;
        """,
    "mariadb": f"""
        CREATE TABLE days AS SELECT CAST(seq AS SIGNED) AS day_id, CAST(seq AS SIGNED) AS number FROM seq_1_to_{DAYS};
        CREATE TABLE stations AS SELECT CAST(seq AS SIGNED) AS station, CONCAT('Station ', seq) AS name
            FROM seq_1_to_40;
        CREATE TABLE readings AS SELECT CAST(seq AS SIGNED) AS id, CAST(seq % 40 + 1 AS SIGNED) AS station,
            CAST(seq % {DAYS} + 1 AS SIGNED) AS day_id, seq % 977 / 10.0 AS value,
            seq / 7 AS share, CONCAT('checked by hand, number ', seq) AS note FROM seq_1_to_{ROWS};
        """,
}
OWN = {
    "postgresql": "SELECT station, value, share, note || '' AS note, NULLIF(id, id) AS none FROM readings",
    "mariadb": "SELECT station, value, share, CONCAT(note, '') AS note, NULLIF(id, id) AS none FROM readings",
}
FILES = {
    "tables/monthly.sql": """
        SELECT s.name, r.day_id // 30 AS month, avg(r.value) AS mean, count(*) AS number
        FROM readings r JOIN stations s ON s.station = r.station GROUP BY ALL
        """,
    "tables/cleaned.sql": "SELECT id, station, day_id, value, upper(note) AS note FROM readings WHERE value > 1",
    "tables/newest.sql": """/*---
cumulative = true
latest = ["station", "value"]
---*/
SELECT day_id, station, value, max(id) AS last, count(*) OVER (PARTITION BY station, value ORDER BY day_id) AS times
FROM readings GROUP BY day_id, station, value""",
    "facts/highest.sql": """/*---
title = "Highest"
tell = "#name# had #highest#, the highest of #number# values"
score = "highest"
---*/
SELECT s.name, max(c.value) AS highest, count(*) AS number FROM cleaned c JOIN stations s ON s.station = c.station
GROUP BY s.name ORDER BY highest DESC, s.name LIMIT 3""",
    "facts/often.sql": """/*---
title = "Most often"
tell = "#name# had one value #times# times"
score = "times"
---*/
SELECT s.name, max(n.times) AS times FROM newest n JOIN stations s ON s.station = n.station
GROUP BY s.name ORDER BY times DESC, s.name LIMIT 2""",
    "facts/own.sql": """/*---
title = "Ours"
tell = "#station# sent #number# notes, of which the longest has #longest# letters"
score = "number"
---*/
SELECT station, count(*) AS number, max(length(note)) AS longest FROM noted WHERE none IS NULL AND share > 1
GROUP BY station ORDER BY station LIMIT 2""",
    "pages/index.md": """# Readings

```{table}
SELECT name, mean, number FROM monthly WHERE month = 3 ORDER BY name LIMIT 5
```

```{facts}
```
""",
}
TOML = """[course]
title = "Readings"
[parameters]
now = 200
[timeline]
table = "days"
key = "day_id"
order = ["number"]
now = ["now"]
timeless = ["stations"]
[database]
url = "{url}"
[tables.readings.expect]
columns = ["id", "note"]
unique = ["id"]
not_null = ["id", "station"]
types = {{ id = "integer", note = "text" }}
ranges = {{ value = "0..98" }}
refers = {{ station = "stations.station" }}
match = {{ note = "checked by .*" }}
[tables.cleaned.expect]
unique = ["id"]
ranges = {{ value = "1..98" }}
"""


@dataclass(frozen=True)
class Big:
    """A course whose tables are in a server, the wire to it, and how many bytes the whole of the big table is."""

    root: Path
    wire: Wire
    whole: int


Make = Callable[[str], Big]


@pytest.fixture
def big(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    relays = []

    def make(kind: str) -> Big:
        own: Own = request.getfixturevalue(kind)
        own.run(MAKE[kind])
        monkeypatch.setenv("SERVER_PASSWORD", own.server.password)
        relays.append(relay(own.server.port))
        wire = relays[-1].__enter__()
        url = f"{kind}://tester:${{SERVER_PASSWORD}}@127.0.0.1:{wire.port}/{own.name}"
        dialect = "postgres" if kind == "postgresql" else "mysql"
        noted = f'/*---\ndialect = "{dialect}"\n---*/\n{OWN[kind]}'
        for name, text in {"course.toml": TOML.format(url=url), "tables/noted.sql": noted, **FILES}.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text)
        with wire.counting() as spent:
            assert open_course(tmp_path).database().query(Sql("SELECT * FROM readings", "q")).num_rows == ROWS
        return Big(tmp_path, wire, spent[0])

    yield make
    for each in relays:
        each.__exit__(None, None, None)


@pytest.mark.parametrize("kind", SERVERS)
def test_answers_alone_go_over_the_wire(kind: str, big: Make, capsys: pytest.CaptureFixture[str]) -> None:
    course = big(kind)
    assert course.whole > 40 * ROWS
    spent: dict[str, list[int]] = {}
    with course.wire.counting() as spent["check"]:
        assert [problem for problem in check(course.root) if "tie" not in str(problem)] == []
    with course.wire.counting() as spent["a derived table"]:
        assert len(open_course(course.root).database().rows(Sql("SELECT name FROM monthly WHERE month = 2", "q"))) == 40
    with course.wire.counting() as spent["what its columns are"]:
        assert [*open_course(course.root).database().columns("noted")][-1] == "none"
    with course.wire.counting() as spent["facts"]:
        assert main(["facts", "--course", str(course.root)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 7
    with course.wire.counting() as spent["facts of ten moments"]:
        each = "SELECT number AS now FROM days WHERE number % 30 = 0"
        assert main(["facts", "--course", str(course.root), "--for-each", each, "--format", "json"]) == 0
    with course.wire.counting() as spent["build"]:
        build(open_course(course.root))
    import sys

    print(spent, course.whole, file=sys.__stderr__)
    shares = {name: fetched / course.whole for name, (fetched, _sent) in spent.items()}
    assert {name: share for name, share in shares.items() if share > SHARE} == {}
