"""One time zone: a course is the same, byte for byte, whatever the zone of the machine is."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from coursewright.courses import open_course
from coursewright.errors import CoursewrightError
from coursewright.tables import Sql
from coursewright.zone import machine_in_utc

COURSE = """\
[course]
title = "T"
%s[parameters]
day = "2024-03-31"
[tables]
talks = "data/talks.csv"
kept = "data/kept.parquet"
"""
TALKS = """\
id,begun,there,day
1,2024-03-30T23:30:00Z,2024-03-31 01:30:00,2024-03-31
2,2024-03-31T22:15:00+00:00,2024-10-27 02:30:00,2024-10-27
"""
PAGE = """\
# Talks

```{table}
SELECT id, begun, there, day FROM talks ORDER BY id
```

```{table}
SELECT id, CAST(begun AS TIMESTAMPTZ) AS zoned, CAST(CAST(begun AS TIMESTAMPTZ) AS DATE) AS d,
  CAST(CAST(begun AS TIMESTAMPTZ) AS VARCHAR) AS t, strftime(CAST(begun AS TIMESTAMPTZ), '%Y-%m-%d %H:%M') AS s,
  date_trunc('day', CAST(begun AS TIMESTAMPTZ)) AS day, extract(HOUR FROM CAST(begun AS TIMESTAMPTZ)) AS h,
  CAST(there AS TIMESTAMPTZ) AS instant, CAST(day AS TIMESTAMPTZ) AS midnight,
  epoch(CAST(there AS TIMESTAMPTZ)) AS seconds, to_timestamp(1711841400) AS epoch,
  date_diff('day', CAST(begun AS TIMESTAMPTZ), CAST(there AS TIMESTAMPTZ)) AS days,
  CAST(begun AS TIMESTAMPTZ) AT TIME ZONE 'Europe/Rome' AS rome
FROM talks WHERE CAST(begun AS TIMESTAMPTZ) >= CAST(CAST(:day AS DATE) AS TIMESTAMPTZ) - INTERVAL 1 DAY ORDER BY id
```

```{table}
SELECT moment, CAST(moment AS DATE) AS day, CAST(moment AS VARCHAR) AS text FROM kept ORDER BY 1
```

```{tell} talks
SELECT moment, CAST(moment AS DATE) AS day FROM kept ORDER BY 1
```

```{figure} clock
```
"""
CLOCK = """\
import datetime
import time

from coursewright.figures import lines


def draw(kept):
    kept["hour"] = [datetime.datetime.fromtimestamp(moment.timestamp()).hour for moment in kept["moment"]]
    told = f"{list(kept.hour)} {time.localtime(0).tm_hour} {datetime.datetime(2024, 1, 1).timestamp()} {time.tzname[0]}"
    kept["one"] = 1
    return lines(kept, x="hour", y="hour", group="one", title=told)
"""
QUESTION = """\
---
title: Hours
kind: number
---
```python
import datetime
hour = datetime.datetime.fromtimestamp(1711841400).hour
answer = hour + pick([1, 2])
```

# Question

It is {{ hour }}. And then?

# Solution

{{ answer }}
"""
KEPT = """\
import datetime, pyarrow as pa, pyarrow.parquet as pq
utc = datetime.UTC
moments = [datetime.datetime(2024, 3, 30, 23, 30, tzinfo=utc), datetime.datetime(2024, 12, 31, 20, 1, tzinfo=utc)]
pq.write_table(pa.table({"moment": pa.array(moments, pa.timestamp("us", "Asia/Kolkata"))}), "data/kept.parquet")
"""


@pytest.fixture
def talks(tmp_path: Path) -> Path:
    """A course in which everything that a zone could change stands on one page."""
    files = {
        "course.toml": COURSE % "",
        "data/talks.csv": TALKS,
        "pages/index.md": PAGE,
        "figures/clock.py": CLOCK,
        "questions/hours.md": QUESTION,
        "grammars/talks.json": '{"origin": "On #day.date# at #moment.time#, or #moment#."}',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    subprocess.run([sys.executable, "-c", KEPT], cwd=tmp_path, check=True)
    return tmp_path


COMMANDS = """\
import sys
from coursewright.cli import main
assert main(["build", "--force"]) == 0
assert main(["ask", "questions/hours.md", "--seed", "1", "--to", "html", "--output", "build/asked"]) == 0
assert main(["table", "kept", "--format", "json"]) == 0
assert main(["table", "kept", "--format", "csv"]) == 0
"""


def built(root: Path, zone: str, **more: str) -> dict[str, bytes]:
    """What the commands make of the course on a machine in a zone."""
    environment = {**os.environ, "TZ": zone, **more}
    command = [sys.executable, "-c", COMMANDS]
    ran = subprocess.run(command, cwd=root, env=environment, capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr.decode()
    files = {str(file.relative_to(root)): file for file in (root / "build").rglob("*.*") if file.is_file()}
    return {"": ran.stdout} | {name: file.read_bytes() for name, file in files.items()}


def test_a_page_is_the_same_bytes_in_every_zone_and_locale(talks: Path) -> None:
    expected = built(talks, "UTC")
    assert b"23:30" in expected["build/markdown/README.md"]
    assert built(talks, "America/St_Johns") == expected
    assert built(talks, "Asia/Tokyo", LC_ALL="tr_TR.UTF-8", LANG="de_DE.UTF-8") == expected


DAYS = """
SELECT id, CAST(CAST(begun AS TIMESTAMPTZ) AS DATE) AS day, CAST(CAST(begun AS TIMESTAMPTZ) AS VARCHAR) AS said
FROM talks ORDER BY id
"""


def test_a_course_says_where_its_days_begin(talks: Path) -> None:
    def days(course: str) -> list[tuple[str, str]]:
        (talks / "course.toml").write_text(course)
        return [(str(row["day"]), row["said"]) for row in open_course(talks).database().rows(Sql(DAYS, "q"))]

    assert days(COURSE % "") == [
        ("2024-03-30", "2024-03-30 23:30:00+00"),
        ("2024-03-31", "2024-03-31 22:15:00+00"),
    ]
    assert days(COURSE % 'timezone = "Asia/Tokyo"\n') == [
        ("2024-03-31", "2024-03-31 08:30:00+09"),
        ("2024-04-01", "2024-04-01 07:15:00+09"),
    ]


@pytest.mark.parametrize(
    ("zone", "hint"),
    [("Europe/Lundon", "Europe/London"), ("Tokyo", "Asia/Tokyo"), ("utc", "UTC"), ("Asia/Tokio", "Asia/Tokyo")],
)
def test_a_zone_that_is_none(talks: Path, zone: str, hint: str) -> None:
    (talks / "course.toml").write_text(COURSE % f'timezone = "{zone}"\n')
    with pytest.raises(CoursewrightError) as raised:
        open_course(talks)
    assert str(raised.value).splitlines()[0] == f'error: no time zone called "{zone}"'
    assert "course.toml:3, [course] timezone" in str(raised.value)
    assert f'did you mean "{hint}"?' in str(raised.value)


def test_instants_where_a_server_has_utc_alone(talks: Path) -> None:
    sqlite3.connect(talks / "own.sqlite").execute("CREATE TABLE own (a)").connection.close()
    more = '[database]\nurl = "sqlite:///own.sqlite"\n'
    (talks / "course.toml").write_text(COURSE % 'timezone = "Asia/Tokyo"\n' + more)
    with pytest.raises(CoursewrightError) as raised:
        open_course(talks).database().table("kept")
    assert str(raised.value) == (
        'error: "moment" of "kept" holds instants, which sqlite has in UTC alone\n'
        "  --> course.toml, [course] timezone\n"
        'hint: take out timezone = "Asia/Tokyo", or use PostgreSQL'
    )


def test_an_authors_python_finds_the_machine_in_utc_and_leaves_it_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    for zone in ("Asia/Tokyo", None):
        monkeypatch.setenv("TZ", zone) if zone else monkeypatch.delenv("TZ", raising=False)
        time.tzset()
        before = time.tzname
        with machine_in_utc():
            assert time.localtime(0).tm_hour == 0
        assert (time.tzname, os.environ.get("TZ")) == (before, zone)
