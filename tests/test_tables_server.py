"""SQL of a course that runs in a server: the same answers as in the embedded database, from real servers."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from coursewright.cli import main
from coursewright.courses import build, check, open_course
from coursewright.errors import CoursewrightError, SeveralProblems
from coursewright.facts import find
from coursewright.tables import Sql
from coursewright.tables.servers.server import Server
from coursewright.tables.statements.dialects import parse, translate
from servers import Database as Own

FORMULA_ONE = Path(__file__).parent.parent / "examples" / "formula-one"
REPORT = Path(__file__).parent / "cases" / "formula-one-report"
SERVERS = ["sqlite", "postgresql", "mariadb"]
Where = Callable[[str], str]


@pytest.fixture
def where(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Where:
    """The URL of an empty database of a kind, its password in the environment."""

    def url(kind: str) -> str:
        if kind == "sqlite":
            file = tmp_path / "own.sqlite"
            sqlite3.connect(file).execute("CREATE TABLE own (a)").connection.close()
            return f"sqlite:///{file}"
        database: Own = request.getfixturevalue(kind)
        monkeypatch.setenv("SERVER_PASSWORD", database.server.password)
        return f"{kind}://tester:${{SERVER_PASSWORD}}@127.0.0.1:{database.server.port}/{database.name}"

    return url


def course(root: Path, url: str = "", more: str = "", **files: str) -> Path:
    root.mkdir(parents=True, exist_ok=True)
    database = f'[database]\nurl = "{url}"\n' if url else ""
    tables = "".join(f'{name} = "data/{name}.csv"\n' for name in files if not name.startswith("tables_"))
    (root / "course.toml").write_text(
        f'[course]\ntitle = "T"\n[parameters]\nyear = 2018\n[tables]\n{tables}{more}{database}'
    )
    for name, text in files.items():
        sql = name.startswith("tables_")
        file = root / (f"tables/{name.removeprefix('tables_')}.sql" if sql else f"data/{name}.csv")
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    return root


ROWS = """\
id,name,Team,points,born,year,lap
1,Åsa,A,10.5,1990-02-28,2018,1:27.958
2,ben,B,,1988-12-31,2018,58.3
3,Ada,A,2.25,2000-02-29,2017,DNF
4,Ben,,0,1999-01-01,2018,
5,O'Neil 100%:x,B,7,1950-05-13,2016,1:2x
"""
STATEMENTS = {
    "names without regard to capitals": "SELECT NAME, team FROM People WHERE ID = 1",
    "capitals in values count": "SELECT id FROM people WHERE name = 'ben' OR name LIKE 'B%' ORDER BY id",
    "text in the order of its bytes": "SELECT name FROM people ORDER BY name",
    "nothing comes last": "SELECT id, points FROM people ORDER BY points, id",
    "nothing comes last, falling": "SELECT id, points FROM people ORDER BY points DESC, id",
    "an expression of a column, in order": "SELECT name FROM people ORDER BY length(name), lower(name), name",
    "what is selected, in an order": "SELECT name AS who, 2 * id AS twice FROM people ORDER BY 0 - twice, lower(who)",
    "a count, in an order": "SELECT team AS t, count(*) AS k FROM people GROUP BY team ORDER BY k * -1, t NULLS FIRST",
    "a running sum, in an order": "SELECT id, sum(id) OVER (ORDER BY id) AS s FROM people ORDER BY s * -1",
    "a case of what is selected, in an order": """SELECT id, coalesce(points, 0) AS p FROM people
        ORDER BY CASE WHEN p > 5 THEN 0 ELSE 1 END, id""",
    "what is told once, in an order": "SELECT DISTINCT Team AS t FROM people ORDER BY length(t || 'x'), t DESC",
    "columns told once, in an order": "SELECT DISTINCT year, p.team FROM people p ORDER BY year % 2, p.team, 1",
    "a name that is a column's, told once": "SELECT DISTINCT id % 3 AS name FROM people ORDER BY name",
    "counts that are told once": """SELECT DISTINCT team, count(*) AS n FROM people GROUP BY team
        ORDER BY count(*) * -1, team""",
    "stars that are told once": "SELECT DISTINCT * FROM people ORDER BY id * -1",
    "a union in an order": """SELECT id AS n FROM people UNION SELECT year FROM people
        ORDER BY n % 3, n LIMIT 5 OFFSET 1""",
    "a union of WITH": """WITH w AS (SELECT id, name FROM people) SELECT lower(name) AS who FROM w EXCEPT SELECT 'ben'
        ORDER BY length(who), who""",
    "an order inside": "SELECT n FROM (SELECT id AS n FROM people UNION SELECT 9 ORDER BY n * -1 LIMIT 2) q ORDER BY n",
    "a union of brackets": """(SELECT id FROM people ORDER BY id LIMIT 1) UNION ALL
        (SELECT id FROM people ORDER BY id DESC LIMIT 1) ORDER BY id * -1""",
    "cases, in order": "SELECT id, points FROM people ORDER BY CASE WHEN points > 5 THEN 0 ELSE 1 END, points, id",
    "a parameter": "SELECT id FROM people WHERE year = :year ORDER BY id",
    "signs of drivers in texts": "SELECT id FROM people WHERE name = 'O''Neil 100%:x' AND :year > 1",
    "true division": "SELECT id, id / 2 AS half FROM people ORDER BY id",
    "whole division": "SELECT id, id // 2 AS half FROM people ORDER BY id",
    "means": "SELECT Team AS t, avg(id) AS mean FROM people GROUP BY Team ORDER BY t NULLS FIRST",
    "counts of some": "SELECT count(*) FILTER (WHERE points > 5) AS n FROM people",
    "sums of some": "SELECT sum(id) FILTER (WHERE year = 2018) AS s FROM people",
    "parts of dates": "SELECT id, extract(YEAR FROM born) AS y, month(born) AS m FROM people ORDER BY id",
    "days between dates": "SELECT id, date_diff('day', born, DATE '2018-04-08') AS days FROM people ORDER BY id",
    "a year later": "SELECT id, CAST(born + INTERVAL 1 YEAR AS DATE) AS later FROM people ORDER BY id",
    "a number of years later": "SELECT id, CAST(born + id * INTERVAL 1 YEAR AS DATE) AS later FROM people ORDER BY id",
    "numbers in text": "SELECT id, TRY_CAST(lap AS DOUBLE) AS seconds FROM people ORDER BY id",
    "groups of a pattern": "SELECT id, regexp_extract(lap, '^([0-9]+):', 1) AS minutes FROM people ORDER BY id",
    "a pattern": "SELECT id FROM people WHERE regexp_matches(name, '^[A-Z]') ORDER BY id",
    "texts run together": "SELECT name || ' (' || Team || ')' AS both FROM people ORDER BY id",
    "texts of groups": (
        "SELECT year, string_agg(name, ', ' ORDER BY name) AS names FROM people GROUP BY year ORDER BY year"
    ),
    "windows": "SELECT id, row_number() OVER (PARTITION BY year ORDER BY id DESC) AS n FROM people ORDER BY id",
    "rows written out": "SELECT d FROM (VALUES (1), (2)) AS digits(d) ORDER BY d",
    "a derived table": "SELECT * FROM grown ORDER BY id",
    "what columns are called": 'SELECT name AS "Name", count(*) AS "Id" FROM people GROUP BY name ORDER BY "Id", name',
    "WITH": "WITH few AS (SELECT id FROM people WHERE points > 1) SELECT count(*) AS n FROM few",
}
DERIVED = "SELECT id, name, points * 2 AS twice FROM people WHERE year = :year AND points IS NOT NULL"


@pytest.mark.parametrize("kind", SERVERS)
def test_the_same_answers(kind: str, where: Where, tmp_path: Path) -> None:
    files = {"people": ROWS, "tables_grown": DERIVED}
    here = open_course(course(tmp_path / "here", **files)).database()
    there = open_course(course(tmp_path / "there", where(kind), **files)).database()
    for name, text in STATEMENTS.items():
        expected, got = here.rows(Sql(text, name)), there.rows(Sql(text, name))
        assert [list(row) for row in got] == [list(row) for row in expected], name
        for one, other in zip(got, expected, strict=True):
            for mine, theirs in zip(one.values(), other.values(), strict=True):
                assert str(mine) == str(theirs) or mine == pytest.approx(theirs, rel=1e-12), (name, one, other)


@pytest.mark.parametrize(
    ("order", "what"),
    [
        ("points", '"points"'),
        ("team, id", '"id"'),
        ("lower(name)", '"name"'),
        ("sum(1) + 1", "an expression"),
        ("row_number() OVER (ORDER BY team)", "an expression"),
    ],
)
def test_what_is_told_once_has_an_order_of_its_own(order: str, what: str, where: Where, tmp_path: Path) -> None:
    """Which of the rows that are told once would come first is nowhere said."""
    database = open_course(course(tmp_path, where("sqlite"), people=ROWS)).database()
    with pytest.raises(CoursewrightError) as raised:
        database.rows(Sql(f"SELECT DISTINCT team\nFROM people ORDER BY\n{order}", "facts/a.sql", 7))
    assert str(raised.value).startswith(
        f"error: SQL: SELECT DISTINCT in the order of {what}, which is not selected, cannot be said for SQLite\n"
    )
    assert raised.value.problem.hint == "select it too, or say the order in a SELECT around this one"
    assert str(raised.value.problem.where) == "facts/a.sql:9"


def test_an_order_inside_the_brackets_of_a_list_is_refused(where: Where, tmp_path: Path) -> None:
    """What cannot be said is named, and its line."""
    database = open_course(course(tmp_path, where("sqlite"), people=ROWS)).database()
    with pytest.raises(CoursewrightError) as raised:
        database.rows(Sql("SELECT year,\nlist(name ORDER BY name)\nFROM people GROUP BY year", "facts/a.sql", 7))
    assert str(raised.value) == (
        "error: SQL: an order inside the brackets of this function cannot be said for SQLite\n  --> facts/a.sql:8\n"
        "hint: say it in another way, or write this file in the server's own SQL: dialect = …"
    )


@dataclass(frozen=True)
class Told:
    """What the embedded database tells of Formula One, and the course that asks it."""

    root: Path
    moments: list[dict[str, Any]]
    facts: list[tuple[str, float]]
    pages: dict[str, bytes]
    supertimes: dict[str, Any]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Every finder at four moments, one of them with shared cars and one with a sprint, and the report of a race.

    The pages are two of the tests' own: the book's tables are written for the embedded database alone.
    """
    root = tmp_path_factory.mktemp("told") / "formula-one"
    shutil.copytree(FORMULA_ONE, root, ignore=shutil.ignore_patterns("build", "pages"))
    shutil.copytree(REPORT, root, dirs_exist_ok=True)
    toml = (root / "course.toml").read_text(encoding="utf-8")
    (root / "course.toml").write_text(re.sub(r"(?m)^order = \[\"index.*\n", "", toml), encoding="utf-8")
    here = open_course(root)
    moments = [{**here.parameters, "season": s, "round": r} for s, r in ((2018, 2), (1956, 1), (2022, 4), (1988, 16))]
    found = find(here.database(), here.finders(), timeline=here.settings.timeline, moments=moments)
    build(here, only=["markdown"])
    pages = {file.name: file.read_bytes() for file in (root / "build/markdown").rglob("*.*")}
    supertimes = {name: here.database().table(name) for name in ("driver_supertimes", "team_supertimes")}
    return Told(root, moments, [(fact.sentence, round(fact.score, 9)) for fact in found], pages, supertimes)


@pytest.mark.parametrize("kind", SERVERS)
def test_formula_one_tells_the_same(kind: str, where: Where, told: Told, tmp_path: Path) -> None:
    root = shutil.copytree(told.root, tmp_path / "formula-one", ignore=shutil.ignore_patterns("build"))
    with (root / "course.toml").open("a") as file:
        file.write(f'\n[database]\nurl = "{where(kind)}"\n')
    there = open_course(root)
    database = there.database()
    got = find(database, there.finders(), timeline=there.settings.timeline, moments=told.moments)
    assert [(fact.sentence, round(fact.score, 9)) for fact in got] == told.facts
    for name, rows in told.supertimes.items():
        theirs = database.table(name)
        assert theirs.num_rows == rows.num_rows
        order = [("year", "ascending"), ("round", "ascending"), ("team", "ascending"), ("supertime", "ascending")]
        mine = rows.sort_by(order).column("supertime").to_pylist()
        assert theirs.sort_by(order).column("supertime").to_pylist() == pytest.approx(mine, abs=1e-9)
    build(there, only=["markdown"])
    assert {file.name: file.read_bytes() for file in (root / "build/markdown").rglob("*.*")} == told.pages


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_the_tables_of_a_server_are_the_courses(
    kind: str, where: Where, tmp_path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    url = where(kind)
    own: Own = request.getfixturevalue(kind)
    quote = '"' if kind == "postgresql" else "`"
    columns = f"({quote}Item{quote} varchar(20), n int)"
    own.run(f"CREATE TABLE Stock {columns}; INSERT INTO Stock VALUES ('fig', 3), ('pear', NULL)")
    stock = "stock" if kind == "postgresql" else "Stock"  # as each of them spells a name that is not quoted
    expect = f'[tables.{stock}.expect]\nnot_null = ["n"]\n'
    root = course(tmp_path / "c", url, tables_few="SELECT ITEM FROM STOCK WHERE n > 1")
    database = open_course(root).database()
    assert database.rows(Sql("SELECT * FROM few", "q")) == [{"Item": "fig"}]
    assert stock in database.tables
    with pytest.raises(CoursewrightError) as raised:
        database.rows(Sql("SELECT * FROM\nstok", "q"))
    assert str(raised.value).startswith(
        'error: SQL: no table called "stok"\n  --> q:2\nhint: did you mean "stock"?'.replace("stock", stock)
    )
    assert main(["table", stock, "--course", str(root)]) == 0
    assert "2 rows, 2 columns" in capsys.readouterr().out
    (root / "course.toml").write_text((root / "course.toml").read_text().replace("[database]", f"{expect}[database]"))
    (problem,) = check(root)
    assert problem.message.startswith(f'"n" is missing in 1 of 2 rows of "{stock}"')


@pytest.mark.parametrize("kind", SERVERS)
def test_nothing_in_a_server_is_changed(kind: str, where: Where, tmp_path: Path) -> None:
    database = open_course(course(tmp_path / "c", where(kind), people=ROWS)).database()
    database.table("people")
    assert isinstance(database, Server)
    cursor = database.session.connection.cursor()
    with pytest.raises(Exception, match=r"read-only transaction|READ ONLY transaction|readonly database"):
        cursor.execute("CREATE TABLE made (a int)")
    with pytest.raises(CoursewrightError, match="only SELECT can stand here"):
        database.rows(Sql("DROP TABLE people", "q"))


def test_a_mistake_in_a_server_is_told_with_its_place(where: Where, tmp_path: Path) -> None:
    database = open_course(course(tmp_path / "c", where("postgresql"), people=ROWS)).database()
    with pytest.raises(CoursewrightError) as raised:
        database.rows(Sql("SELECT id,\n  nam FROM people", "facts/a.sql", 7))
    problem = raised.value.problem
    assert problem.message == 'SQL: no column called "nam"'
    assert str(problem.where) == "facts/a.sql:8"
    assert problem.hint.startswith('did you mean "name"?')
    with pytest.raises(CoursewrightError) as raised:  # what only the rows show is told by the server
        database.rows(Sql("SELECT CAST(name AS INTEGER) AS n FROM people", "facts/a.sql", 7))
    problem = raised.value.problem
    assert problem.message == 'SQL: invalid input syntax for type numeric: "Åsa"'
    assert str(problem.where) == "facts/a.sql:7"
    assert problem.hint.startswith("said by postgresql://127.0.0.1:")


def test_a_server_that_goes_away_is_one_message(where: Where, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    database = open_course(course(tmp_path / "c", where("postgresql"), people=ROWS)).database()
    database.table("people")
    own: Own = request.getfixturevalue("postgresql")
    own.server.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{own.name}'")
    with pytest.raises(CoursewrightError) as raised:
        database.rows(Sql("SELECT 1 AS one FROM people", "q"))
    assert "went away" in raised.value.problem.message
    assert own.server.password not in str(raised.value)


def test_a_wrong_password_is_not_shown(where: Where, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = where("postgresql")
    monkeypatch.setenv("SERVER_PASSWORD", "hunter2/@:")
    with pytest.raises(CoursewrightError) as raised:
        open_course(course(tmp_path / "c", url)).database()
    assert 'does not let "tester" in with this password' in str(raised.value)
    assert "hunter2" not in str(raised.value)


def test_check_tells_of_a_server_that_is_not_there(tmp_path: Path) -> None:
    (problem,) = check(course(tmp_path / "c", "postgresql://127.0.0.1:9/shop"))
    assert problem.message == "no database answers at 127.0.0.1:9"


# Dialects


def test_a_file_says_what_its_sql_is_written_in(tmp_path: Path) -> None:
    few = '/*---\ndialect = "mysql"\n---*/\nSELECT `name`, IFNULL(points, 0) AS p FROM people WHERE id = 2'
    root = course(tmp_path, people=ROWS, tables_few=few)
    (root / "pages").mkdir()
    block = "# P\n\n```{table}\n:dialect: postgres\nSELECT 1::int AS one, name FROM few\n```\n"
    (root / "pages" / "index.md").write_text(block)
    build(open_course(root), only=["markdown"])
    assert "| 1 | ben |" in (root / "build/markdown/README.md").read_text()


def test_an_unknown_dialect(tmp_path: Path) -> None:
    root = course(tmp_path, people=ROWS, tables_few='/*---\ndialect = "postgre"\n---*/\nSELECT 1')
    with pytest.raises(CoursewrightError) as raised:
        open_course(root).database()
    assert str(raised.value).startswith('error: no dialect of SQL called "postgre"\n')
    assert 'hint: did you mean "postgres"?' in str(raised.value)


@pytest.mark.parametrize(
    ("text", "to", "says"),
    [
        ("SELECT 1\nFROM (SELECT", "sqlite", "error: SQL: Expecting )\n  --> a.sql:2"),
        ("SELECT a FROM b QUALIFY a = 1", "mysql", "error: SQL: QUALIFY cannot be said for mysql\n  --> a.sql:1"),
        ("SELECT 'a", "sqlite", "error: SQL: this cannot be read\n  --> a.sql:1"),
    ],
)
def test_what_cannot_be_said_elsewhere(text: str, to: str, says: str) -> None:
    sql = Sql(text, "a.sql")
    with pytest.raises(CoursewrightError) as raised:
        translate(parse(sql), sql, to=to, names={})
    assert str(raised.value).startswith(says)


def test_a_clause_named_like_a_table(where: Where, tmp_path: Path) -> None:
    root = course(tmp_path / "c", where("sqlite"), people=ROWS, tables_grown=DERIVED)
    database = open_course(root).database()
    with pytest.raises(CoursewrightError) as raised:
        database.rows(Sql("WITH grown AS (SELECT * FROM grown) SELECT * FROM grown", "q"))
    assert raised.value.problem.message == (
        'a WITH clause cannot be called "grown" where SQL runs in a server: a table has that name'
    )


def test_finders_reach_no_further_in_a_server(where: Where, tmp_path: Path) -> None:
    root = course(tmp_path / "c", where("sqlite"), people=ROWS)
    (root / "facts").mkdir()
    (root / "facts/a.sql").write_text('/*---\ntitle = "T"\ntell = "#name#"\n---*/\nSELECT name FROM main.people')
    opened = open_course(root)
    with pytest.raises(CoursewrightError, match=r'a finder cannot read "main\.people"'):
        find(opened.database(), opened.finders(), moments=[{}])
    head = '/*---\ntitle = "T"\ntell = "#name#"\n---*/\n'
    (root / "facts/a.sql").write_text(f"{head}SELECT name FROM people WHERE id < 3")
    opened = open_course(root)
    assert [fact.sentence for fact in find(opened.database(), opened.finders(), moments=[{}])] == ["ben", "Åsa"]


def test_an_unknown_moment_is_told_as_in_the_embedded_database(where: Where, tmp_path: Path) -> None:
    root = tmp_path / "f1"
    shutil.copytree(FORMULA_ONE, root, ignore=shutil.ignore_patterns("build"))
    said: list[Any] = []
    for more in ("", f'\n[database]\nurl = "{where("sqlite")}"\n'):
        with (root / "course.toml").open("a") as file:
            file.write(more)
        opened = open_course(root, {"season": 1900})
        with pytest.raises((CoursewrightError, SeveralProblems)) as raised:
            find(opened.database(), opened.finders(), timeline=opened.settings.timeline, moments=[opened.parameters])
        said.append(str(raised.value))
    assert said[0] == said[1]


LEAGUE = """
[timeline]
table = "rounds"
key = "id"
order = ["season", "number"]
now = ["season", "number"]
timeless = []
"""
ROUNDS = "id,season,number,label\n1,2001,1,R1\n2,2001,2,R2\n3,2001,10,R10\n4,2002,1,R1\n"
GAMES = "game,id,goals\n1,1,2\n2,2,1\n3,3,4\n4,4,0\n"


def league(root: Path, url: str, finder: str, front: str = "", changed: tuple[str, str] = ("", "")) -> list[Any]:
    """The facts of the tenth round of a small league, whose finder is `finder`."""
    course(root, url, rounds=ROUNDS, games=GAMES)
    text = (root / "course.toml").read_text().replace("year = 2018", 'season = 2001\nnumber = 10\nlabel = "R10"')
    (root / "course.toml").write_text(text + (LEAGUE.replace(*changed) if changed[0] else LEAGUE))
    (root / "facts").mkdir()
    (root / "facts/f.sql").write_text(f'/*---\ntitle = "T"\ntell = "#x#"\n{front}---*/\n{finder}\n')
    opened = open_course(root)
    return find(opened.database(), opened.finders(), timeline=opened.settings.timeline, moments=[opened.parameters])


@pytest.mark.parametrize("kind", ["", *SERVERS])
def test_only_what_was_known_is_handed_to_a_finder(kind: str, where: Where, tmp_path: Path) -> None:
    url = where(kind) if kind else ""
    counted = "SELECT count(*) AS x FROM games"
    own = "[parameters]\nleast = 0\n"
    assert league(tmp_path / "a", url, f"{counted} WHERE goals >= :least", own)[0].row["x"] == 2
    with pytest.raises(CoursewrightError) as raised:
        league(tmp_path / "b", url, counted, "[parameters]\nseason = { default = 2030 }\n")
    assert str(raised.value) == (
        'error: a finder cannot have a parameter of its own called "season": it says which moment is the present\n'
        f"  --> {tmp_path}/b/facts/f.sql:4, parameters\n"
        "hint: choose another name"
    )
    by_text = ('["season", "number"]\nnow = ["season", "number"]', '["season", "label"]\nnow = ["season", "label"]')
    with pytest.raises(CoursewrightError) as raised:
        league(tmp_path / "c", url, counted, changed=by_text)
    assert str(raised.value) == (
        'error: "label" of rounds does not say which moment is earlier: it is no number, date or time\n'
        "  --> course.toml, [timeline]\n"
        "hint: as texts, R10 comes before R2: `order` by a number, date or time"
    )


def test_a_finder_reads_no_variable_of_a_server(where: Where, tmp_path: Path) -> None:
    front, url = 'dialect = "mysql"\n', where("sqlite")
    with pytest.raises(CoursewrightError, match="a finder cannot use the function @@"):
        league(tmp_path / "a", url, "SELECT @@timestamp AS x", front)
    with pytest.raises(CoursewrightError, match=r"a finder cannot use the parameter \$x"):
        league(tmp_path / "b", url, "SELECT @x AS x", front)


def test_a_clause_within_named_like_a_table(where: Where, tmp_path: Path) -> None:
    within = "SELECT count(*) AS x FROM (WITH g AS (SELECT * FROM games), games AS (SELECT 1) SELECT * FROM g) AS h"
    with pytest.raises(CoursewrightError, match='a WITH clause cannot be called "games" where SQL runs in a server'):
        league(tmp_path / "a", where("sqlite"), within)
    assert league(tmp_path / "b", "", within)[0].row["x"] == 2


@pytest.mark.parametrize("kind", ["", "sqlite"])
def test_a_derived_table_that_a_finder_reads_names_parameters_that_there_are(
    kind: str, where: Where, tmp_path: Path
) -> None:
    (tmp_path / "a/tables").mkdir(parents=True)
    (tmp_path / "a/tables/late.sql").write_text("SELECT *\nFROM games WHERE id < :nubmer")
    with pytest.raises(CoursewrightError) as raised:
        league(tmp_path / "a", where(kind) if kind else "", "SELECT count(*) AS x FROM late")
    assert str(raised.value) == (
        'error: no parameter called "nubmer"\n'
        f"  --> {tmp_path}/a/tables/late.sql:2\n"
        'hint: did you mean "number"? Available: label, number, season'
    )


@pytest.mark.parametrize("kind", SERVERS)
def test_the_texts_of_a_servers_own_tables_are_compared_by_their_bytes(
    kind: str, where: Where, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Whatever collation a column has."""
    url = where(kind)
    dated = "('Fig', 1, '2024-02-29'), ('fig', 2, '2024-03-01')"
    rows = f"INSERT INTO stock VALUES {dated}, ('pear', 3, NULL), ('Zoo', 4, NULL)"
    text = {"sqlite": "TEXT COLLATE NOCASE", "mariadb": "varchar(20) COLLATE utf8mb4_general_ci"}.get(
        kind, "varchar(20)"
    )
    made = f"CREATE TABLE stock (name {text}, n integer, day date)"
    if kind == "sqlite":
        with sqlite3.connect(tmp_path / "own.sqlite") as file:
            file.execute(made)
            file.execute(rows)
        file.close()
    else:
        own: Own = request.getfixturevalue(kind)
        own.run(f"{made}; {rows}")
    database = open_course(course(tmp_path / "c", url)).database()

    def asked(sql: str) -> list[Any]:
        return [tuple(row.values()) for row in database.rows(Sql(sql, "q"))]

    assert asked("SELECT n FROM stock WHERE name = 'FIG'") == []
    assert asked("SELECT name FROM stock ORDER BY name") == [("Fig",), ("Zoo",), ("fig",), ("pear",)]
    assert asked("SELECT count(DISTINCT name) AS n, min(name) AS a, max(name) AS z FROM stock") == [(4, "Fig", "pear")]
    assert asked("SELECT name, count(*) AS n FROM stock GROUP BY name ORDER BY name")[0] == ("Fig", 1)
    assert asked("SELECT max(day) - min(day) AS days FROM stock") == [(1,)]


@pytest.mark.parametrize("kind", SERVERS)
def test_check_names_what_a_server_is_not_known_to_give(kind: str, where: Where, tmp_path: Path) -> None:
    """A function in a finder, in a derived table and in a page, each with its line."""
    files = {"people": ROWS, "tables_modes": "SELECT Team,\n  mode(points) AS most\nFROM people GROUP BY Team"}
    root = course(tmp_path / "c", where(kind), **files)
    (root / "facts").mkdir()
    finder = '/*---\ntitle = "T"\ntell = "#x#"\n---*/\nSELECT\n  format(\'{}\', max(id)) AS x FROM people'
    (root / "facts/f.sql").write_text(finder)
    (root / "pages").mkdir()
    (root / "pages/index.md").write_text("# P\n\n```{table}\nSELECT list_sum([1]) AS s FROM people\n```\n")
    server = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mariadb": "MariaDB"}[kind]
    said = [
        (problem.message, f"{Path(problem.where.file).name}:{problem.where.line}")
        for problem in check(root)
        if problem.where
    ]
    assert said == [
        (f"SQL: the function mode is not known to give in {server} what it gives in DuckDB", "modes.sql:2"),
        (f"SQL: the function format is not known to give in {server} what it gives in DuckDB", "f.sql:6"),
        (f"SQL: a list cannot be said for {server}", "index.md:4"),
    ]


def test_sql_in_the_servers_own_dialect_goes_there_as_it_is(where: Where, tmp_path: Path) -> None:
    own = "/*---\ndialect = \"sqlite\"\n---*/\nSELECT id, printf('%03d', id) AS code FROM people WHERE year = :year"
    root = course(tmp_path / "c", where("sqlite"), people=ROWS, tables_codes=own)
    database = open_course(root).database()
    assert database.rows(Sql("SELECT code || '!' AS c FROM codes ORDER BY id DESC LIMIT 1", "q")) == [{"c": "004!"}]
