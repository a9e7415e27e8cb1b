"""What a finder's SQL may be made of: everything that hangs on its rows alone, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursewright.errors import CoursewrightError
from coursewright.facts.allowed import refuse_what_is_not_allowed
from coursewright.facts.clocks import casts_of_texts
from coursewright.tables import Database, EmbeddedDatabase, Sql, Table
from coursewright.tables.source import Source

TABLES = ("goals", "games")
SCOPE = 'SQL: no table called "{}"'
REFUSED = {
    # names of WITH clauses, where they are not tables
    "SELECT * FROM (WITH duckdb_views AS (SELECT 1) FROM duckdb_views) w, duckdb_views": SCOPE.format("duckdb_views"),
    "WITH pg_class AS (SELECT count(*) AS n FROM pg_class) FROM pg_class": SCOPE.format("pg_class"),
    "WITH RECURSIVE tables AS (SELECT 1 AS n FROM tables LIMIT 1) FROM tables": SCOPE.format("tables"),
    "WITH RECURSIVE t AS (SELECT * FROM t UNION ALL SELECT * FROM t) FROM t": SCOPE.format("t"),
    "WITH a AS (FROM columns), columns AS (SELECT 1) FROM a": SCOPE.format("columns"),
    "WITH a AS (WITH views AS (SELECT 1) FROM views) FROM a, views": SCOPE.format("views"),
    "(WITH views AS (SELECT 1 AS x) FROM views) UNION ALL FROM views": SCOPE.format("views"),
    "WITH ducKdb_views AS (SELECT 1) FROM duckdb_views".replace("K", "\u212a"): SCOPE.format("duckdb_views"),
    "WITH sqlite_master AS (SELECT 1) FROM sqlite_master": 'a finder cannot call a WITH clause "sqlite_master"',
    "WITH Duckdb_Tables AS (SELECT 1) FROM duckdb_tables": 'a finder cannot call a WITH clause "Duckdb_Tables"',
    "WITH _now AS (SELECT 1) FROM _now": 'a finder cannot call a WITH clause "_now"',
    "FROM frame": SCOPE.format("frame"),
    "SELECT _now._moment FROM goals": 'a finder cannot use the name "_now"',
    'SELECT "_:day" FROM goals': 'a finder cannot use the name "_:day"',
    "SELECT :day FROM goals AS _now": 'a finder cannot use the name "_now"',
    "SELECT $day": "a finder cannot use the parameter $day",
    # what is no SELECT of the tables
    "WITH x AS (INSERT INTO goals VALUES (1) RETURNING 1) FROM x": "only SELECT can stand here",
    "WITH x AS (DELETE FROM goals RETURNING 1) FROM x": "only SELECT can stand here",
    "FROM (SHOW goals)": "a finder cannot use the table function SHOW",
    "FROM information_schema.tables": 'a finder cannot read "information_schema.tables"',
    "FROM system.main.duckdb_views": 'a finder cannot read "system.main.duckdb_views"',
    "FROM 'x.csv'": 'a finder cannot read "x.csv"',
    "FROM read_text('x')": "a finder cannot use the table function read_text",
    "FROM glob('*')": "a finder cannot use the table function glob",
    "FROM repeat(1, 2)": "a finder cannot use the table function repeat",
    "FROM goals AT (VERSION => 1)": "a finder cannot use AT",
    "FROM goals POSITIONAL JOIN games": "a finder cannot use POSITIONAL JOIN",
    "FROM goals USING SAMPLE 3 ROWS (reservoir, 1)": "a finder cannot use USING SAMPLE",
    "FROM (FROM goals TABLESAMPLE reservoir(50%))": "a finder cannot use USING SAMPLE",
    # clocks, chance, settings, types
    "SELECT current_localtimestamp()": "a finder cannot use the function current_localtimestamp",
    "SELECT current_localtime()": "a finder cannot use the function current_localtime",
    "SELECT LocalTime": "a finder cannot use the function localtime",
    "SELECT user": "a finder cannot use the function user",
    "SELECT ago(INTERVAL 1 DAY)": "a finder cannot use the function ago",
    "SELECT current_setting('threads')": "a finder cannot use the function current_setting",
    "SELECT getvariable('x')": "a finder cannot use the function getvariable",
    "SELECT version()": "a finder cannot use the function version",
    "SELECT main.version()": "a finder cannot use the function main.version",
    "SELECT system.main.abs(1)": "a finder cannot use the function main.abs",
    "SELECT goals.now()": "a finder cannot use the function goals.now",
    "SELECT reservoir_quantile(game, 0.5, 10) FROM goals": "a finder cannot use the function reservoir_quantile",
    "SELECT approx_count_distinct(game) FROM goals": "a finder cannot use the function approx_count_distinct",
    "SELECT list_aggregate([1], 'reservoir_quantile', 0.5)": "a finder cannot use the function list_aggregate",
    "SELECT approx_quantile(game, 0.5) OVER () FROM goals": "a finder cannot use the function approx_quantile",
    "SELECT enum_range(NULL::ENUM('a'))": "a finder cannot use the function enum_range",
    "SELECT [x FOR x IN [1] IF random() > 0]": "a finder cannot use the function random",
    "SELECT 1 FROM goals GROUP BY ALL HAVING max(now()) IS NULL": "a finder cannot use the function now",
    "SELECT 1 FROM goals ORDER BY hash(game)": "a finder cannot use the function hash",
    "SELECT 'goals'::regclass": "a finder cannot use the type regclass",
    "SELECT 1::main.goals": "a finder cannot use the type goals",
    "SELECT 'now'::TIMESTAMP": "a finder cannot use the date 'now'",
    "SELECT date_part('year', ' Today ')": "a finder cannot use the date ' Today '",
    "SELECT median(game, 1) FROM goals": "a finder cannot use the function median with 2 arguments, which takes 1",
    "SELECT upper('a', 'b', 'c')": "a finder cannot use the function upper with 3 arguments, which takes 1",
    # what hangs on the order in which rows come
    "SELECT game FROM goals LIMIT 1": "a finder cannot use LIMIT without ORDER BY",
    "SELECT (SELECT game FROM goals LIMIT 1)": "a finder cannot use LIMIT without ORDER BY",
    "SELECT DISTINCT ON (game) * FROM goals": "a finder cannot use DISTINCT ON without ORDER BY",
    "SELECT any_value(game) FROM goals": "a finder cannot use any_value without ORDER BY",
    "SELECT string_agg(game, ',') FROM goals": "a finder cannot use string_agg without ORDER BY",
    "SELECT array(SELECT game FROM goals)": "a finder cannot use array_agg without ORDER BY",
    "SELECT arg_max(game, player) FROM goals": "a finder cannot use arg_max without ORDER BY",
    "SELECT row_number() OVER () FROM goals": "a finder cannot use row_number without ORDER BY",
    "SELECT lag(game) OVER (PARTITION BY game) FROM goals": "a finder cannot use lag without ORDER BY",
    "SELECT sum(game) OVER (ROWS 1 PRECEDING) FROM goals": "a finder cannot use ROWS without ORDER BY",
}
ALLOWED = [
    "WITH goals AS (FROM goals), g AS (FROM goals) FROM g",
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 3) FROM t",
    "WITH a AS (SELECT 1 AS x) FROM a WHERE x IN (WITH b AS (FROM a) FROM b)",
    "WITH a AS (WITH a AS (SELECT 1 AS x) FROM a) FROM a UNION ALL FROM a",
    "SELECT g.* EXCLUDE (game), COLUMNS('pl.*') FROM goals AS g",
    "SELECT game, count(*) FILTER (player > 1), sum(DISTINCT player) FROM goals GROUP BY game HAVING count(*) > 1",
    "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY game), mode() WITHIN GROUP (ORDER BY game) FROM goals",
    "SELECT list(game ORDER BY game), arg_max(game, player ORDER BY game), median(game) FROM goals",
    "SELECT game FROM goals ORDER BY game DESC LIMIT 3 OFFSET 1",
    "SELECT DISTINCT game FROM goals QUALIFY row_number() OVER (PARTITION BY game ORDER BY player) = 1",
    "SELECT lag(game, 1, 0) OVER w, rank() OVER w, sum(game) OVER w FROM goals WINDOW w AS (ORDER BY game)",
    "FROM goals JOIN games USING (game) LEFT JOIN games AS h ON h.game > goals.game CROSS JOIN (VALUES (1)) AS v(x)",
    "FROM goals ASOF JOIN games ON goals.game >= games.game",
    "FROM goals ANTI JOIN games USING (game)",
    "FROM (PIVOT goals ON player IN (1, 2) USING sum(game))",
    "FROM goals UNPIVOT (value FOR name IN (game, player))",
    "FROM range(3) AS r(n), unnest([1, 2]) AS u(x), generate_series(1, 2)",
    "SELECT unnest([1]), {'a': 1}.a, MAP {'a': 1}['a'], [1, 2][1:], (1, 2), list_sort([2])",
    "SELECT [x + 1 FOR x IN [1, 2] IF x > 1], list_filter([1], lambda x: x > 0), list_reduce([1], lambda x, y: x + y)",
    "SELECT CASE WHEN true THEN NULL ELSE 1 END, coalesce(1, 2), ifnull(1, 2), nullif(1, 2), if(true, 1, 2), TRY(1)",
    "SELECT 1 IN (2), 1 NOT IN (SELECT 2), 1 BETWEEN 0 AND 2, 'a' LIKE 'b', 'a' ILIKE 'b', 'a' ~ 'b', 'a' GLOB 'b'",
    "SELECT 'a' SIMILAR TO 'b', NOT true, 1 IS DISTINCT FROM 2, 1 = ANY (SELECT 1), EXISTS (FROM goals), (SELECT 1)",
    "SELECT 1::INTEGER, '1'::DECIMAL(5, 2), [1]::BIGINT[], TRY_CAST('a' AS DATE), DATE '2020-01-01', INTERVAL 3 DAYS",
    "SELECT extract(year FROM DATE '2020-01-01'), trim(BOTH 'a' FROM 'b'), substring('a' FROM 1 FOR 1), 'a'.upper()",
    "SELECT '1 day'::INTERVAL, 'a' COLLATE NOCASE, 'now' AS word, 'x' = 'today', game AS now FROM goals",
    "SELECT 2 // 1, 2 % 1, 2 ** 1, @(1), 1 << 1, 'a' || 'b', -1, ~1, 'a' ^@ 'b', [1] && [2], 4!",
    "SELECT GROUPING(game) FROM goals GROUP BY ROLLUP (game)",
    "SELECT :day, :day + 1, max(:day) FROM goals WHERE game < :day",
]


@pytest.fixture(scope="module")
def database() -> Database:
    frame = Path()  # a variable of this program, which is no table
    assert frame
    return EmbeddedDatabase(Path(), [Table(name, Source()) for name in TABLES], parameters={"day": 1})


@pytest.mark.parametrize(("sql", "message"), REFUSED.items())
def test_what_is_refused(database: Database, sql: str, message: str) -> None:
    with pytest.raises(CoursewrightError) as error:
        refuse_what_is_not_allowed(database, Sql(f"-- \n{sql}\n", "x.sql"))
    assert error.value.problem.message == message
    assert error.value.problem.hint
    assert str(error.value.problem.where) in ("x.sql:1", "x.sql:2")


@pytest.mark.parametrize("sql", ALLOWED)
def test_what_is_allowed(database: Database, sql: str) -> None:
    refuse_what_is_not_allowed(database, Sql(sql, "x.sql"))


@pytest.mark.parametrize("sql", [sql for sql in ALLOWED if not any(table in sql for table in TABLES)])
def test_what_is_allowed_is_sql(database: Database, sql: str) -> None:
    values = {"day": 1} if ":day" in sql else {}
    database.connection.execute(sql.replace(":day", "$day"), values).fetchall()


def test_a_name_that_is_nearly_one_is_named(database: Database) -> None:
    with pytest.raises(CoursewrightError) as error:
        refuse_what_is_not_allowed(database, Sql("SELECT lenght('a')", "x.sql"))
    assert str(error.value) == (
        "error: a finder cannot use the function lenght\n"
        "  --> x.sql:1\n"
        'hint: did you mean "length"? a fact hangs on the rows alone: '
        "for a moment or a choice, use a parameter of the course"
    )


def test_a_variable_of_this_program_is_no_table(database: Database) -> None:
    import duckdb
    import pyarrow as pa

    mine = pa.table({"x": [1]})
    with pytest.raises(duckdb.CatalogException):
        database.connection.execute("SELECT * FROM mine").fetchall()
    assert mine


# What may be a word for a moment in PostgreSQL's own SQL or in SQLite's, and what cannot be one.
CLOCKS = [
    "CAST(concat('n', 'ow') AS DATE)",
    "('to' || 'day')::timestamp",
    "word::date",
    "date(word)",
    "CAST(upper(word) AS TIMESTAMPTZ)",
    "CAST(CASE WHEN 1 = 1 THEN word END AS TIME)",
    "coalesce(day, word)::date",
    "CAST(:day AS DATE)",
    "CAST((SELECT max(word) FROM games) AS DATE)",
    "CAST(max(word) AS DATE)",
    "last::date",
    "CAST(ARRAY[word] AS DATE[])",
    "chr(110)::date",
    "CAST(day::text AS DATE)",
    "date_trunc('year', word::timestamp)",
    "goals.word::date",
]
NO_CLOCKS = [
    "day::timestamp",
    "CAST(max(day) AS DATE)",
    "CAST(date_trunc('year', day) AS DATE)",
    "CAST(day + INTERVAL '1 day' AS DATE)",
    "'2020-01-01'::date",
    "DATE '2020-01-01'",
    "TIMESTAMP '2020-01-01T12:00:00Z'",
    "coalesce(goals.day, '2020-01-01')::date",
    "CASE WHEN 1 = 1 THEN day END::date",
    "'epoch'::date",
    "NULL::date",
    "word::integer",
    "to_date(word, 'YYYY')",
    "CAST(to_timestamp(word, 'YYYY') AS DATE)",
]


@pytest.mark.parametrize("text", [*CLOCKS, *NO_CLOCKS])
def test_a_cast_that_could_read_a_clock(database: Database, text: str) -> None:
    sql = f"WITH seen AS (SELECT game, word AS last FROM goals) SELECT {text} AS d FROM goals, seen"
    tree = database.read(Sql(sql, "x.sql", dialect="postgres")).tree
    kinds = {"game": "bigint", "word": "text", "day": "date", "last": "date"}  # another table's, which "last" hides
    assert bool([*casts_of_texts(tree, kinds)]) is (text in CLOCKS)
