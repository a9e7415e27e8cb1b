"""Rows from database servers: within 1.3 times of the fastest driver used directly, in the same run.

Both sides take every row of the same table and let it go. That a course keeps the rows as well comes on top, whoever
reads them, and is not measured here. The servers are those of the tests, started and stopped by this script.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

from coursewright.tables.sources import databases
from words_story import best_of, row

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from servers import Database, fresh, running

ROWS = 4_000_000
QUERY = "SELECT * FROM stock"
TIMES = 5
TARGET = 1.3

POSTGRESQL = f"""
CREATE TABLE stock (id bigint, shop integer, name varchar(40), weight double precision, price numeric(10, 2),
                    since date, seen timestamp);
INSERT INTO stock SELECT n, n % 500, 'article number ' || n, n / 7.0, n % 10000 / 100.0, date '2020-01-01' + n % 2000,
                         timestamp '2020-01-01' + n * interval '1 second' FROM generate_series(1, {ROWS}) AS s(n);
ANALYZE stock;
"""
MARIADB = f"""
CREATE TABLE stock (id bigint, shop integer, name varchar(40), weight double, price decimal(10, 2),
                    since date, seen datetime);
INSERT INTO stock SELECT seq, seq % 500, concat('article number ', seq), seq / 7e0, seq % 10000 / 100,
                         date '2020-01-01' + interval seq % 2000 day,
                         timestamp '2020-01-01 00:00:00' + interval seq second
                  FROM seq_1_to_{ROWS};
"""
SQLITE = f"""
CREATE TABLE stock AS WITH RECURSIVE s(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM s LIMIT {ROWS})
SELECT n AS id, n % 500 AS shop, 'article number ' || n AS name, n / 7.0 AS weight, n % 10000 / 100.0 AS price,
       date('2020-01-01', (n % 2000) || ' days') AS since FROM s;
"""


def ours(url: str) -> int:
    with databases.read(url, QUERY, {}, place=None) as reader:
        return sum(batch.num_rows for batch in reader)


def adbc_postgresql(url: str) -> int:
    import adbc_driver_postgresql.dbapi as driver

    with driver.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(QUERY)
        return sum(batch.num_rows for batch in cursor.fetch_record_batch())


def adbc_sqlite(path: str) -> int:
    import adbc_driver_sqlite.dbapi as driver

    with driver.connect(path) as connection, connection.cursor() as cursor:
        cursor.execute(QUERY)
        return sum(batch.num_rows for batch in cursor.fetch_record_batch())


def connectorx(url: str) -> int:
    import connectorx

    return sum(batch.num_rows for batch in connectorx.read_sql(url, QUERY, return_type="arrow_stream"))


def compared(name: str, peer: str, read: Callable[[], int], directly: Callable[[], int]) -> str:
    """A line of the results: best of several, by turns, so that a busy machine is busy for both."""
    seconds = [best_of(1, counted(one)) for _ in range(TIMES) for one in (read, directly)]
    mine, theirs = min(seconds[::2]), min(seconds[1::2])
    claim = f"{ROWS:,} rows of {name}, read within {TARGET} × of {peer}"
    line = row(
        claim, f"{ROWS / mine:,.0f} rows/s", f"{ROWS / theirs:,.0f} rows/s ({peer})", mine / theirs, f"≤ {TARGET}"
    )
    print(line, flush=True)
    return line


def counted(read: Callable[[], int]) -> Callable[[], None]:
    def run() -> None:
        assert read() == ROWS

    return run


def served(stack: ExitStack, kind: str, filled: str) -> tuple[str, str]:
    """The address of a server's table, as a course writes it and as a driver takes it."""
    database: Database = stack.enter_context(fresh(stack.enter_context(running(kind))))
    database.run(filled)
    variable = f"BENCHMARK_{kind.upper()}"
    os.environ[variable] = database.server.password
    return f"{kind}://tester:${{{variable}}}@127.0.0.1:{database.server.port}/{database.name}", database.url


def main() -> Iterator[str]:
    """Measures each kind of database against the driver that is fastest for it."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        written, direct = served(stack, "postgresql", POSTGRESQL)
        yield compared("PostgreSQL", "ADBC", lambda: ours(written), lambda: adbc_postgresql(direct))
        stack.close()
        path = Path(folder) / "shop.db"
        with closing(sqlite3.connect(path)) as file:
            file.executescript(SQLITE)
        yield compared("SQLite", "ADBC", lambda: ours(f"sqlite:///{path}"), lambda: adbc_sqlite(str(path)))
        written, direct = served(stack, "mariadb", MARIADB)
        direct = direct.replace("mariadb:", "mysql:")
        yield compared("MariaDB", "ConnectorX", lambda: ours(written), lambda: connectorx(direct))


if __name__ == "__main__":
    list(main())
