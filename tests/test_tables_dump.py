"""Dumps of MySQL and MariaDB: what the servers' own programs write becomes tables, what is not whole becomes none."""

from __future__ import annotations

import datetime
import gzip
import itertools
import os
import subprocess
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coursewright.cli.load_dump import load_dump as command
from coursewright.errors import CoursewrightError, Place, UsageError
from coursewright.tables import EmbeddedDatabase, Table
from coursewright.tables.source import Source
from coursewright.tables.sources.dump import Dump, DumpSelection, load_dump
from servers import USER, Server, _program, fresh

CASES = Path(__file__).parent / "cases" / "dumps"
NOON = datetime.datetime(2024, 2, 29, 12)
POINT = bytes.fromhex("000000000101000000000000000000f03f0000000000000040")
# What made-with.sql puts into the table `kinds`, column by column.
KINDS: dict[str, list[Any]] = {
    "id": [1, 2, 3, 4],
    "tiny": [1, None, -128, 0],
    "small": [-32768, 1, 2, 3],
    "medium": [5, None, 16777215, 1],
    "big": [18446744073709551615, 0, 1, 2],
    "price": [Decimal("12345678.90"), Decimal("0.00"), Decimal("99.99"), Decimal("0.01")],
    "wide": [f"1.5{'0' * 29}", f"-1.5{'0' * 29}", None, f"0.{'0' * 30}"],
    "f": [1e10, 0.1, -1.17549e-38, 3.4e38],
    "d": [-0.0, 1e300, 3.14, 2.2250738585072014e-308],
    "y": [2024, None, 1901, 2155],
    "day": [NOON.date(), None, None, None],
    "at": [datetime.datetime(2024, 2, 29, 12, 34, 56, 789012), None, datetime.datetime(1000, 1, 1), None],
    "stamp": [NOON, None, datetime.datetime(2038, 1, 19, 3, 14, 7), None],
    "clock": [datetime.time(23, 59, 59, 500000), datetime.time(0), datetime.time(12), None],
    "c": ["abc", "", None, "😀é"],
    "v": ['it\'s "quoted" \\ back', "NULL", None, "😀 ünïcode 你好"],
    "t": ["line\nline\r\n\ttab", ");\nINSERT INTO `kinds` VALUES (", None, "a\\\\'b\\"],
    "e": ["b;", "c,(d)", None, "a"],
    "s": ["x,y", "", None, "x"],
    "flag": [1, 0, None, 1],
    "bits": [0b101010101010, 0, None, 1],
    "raw": [b"\x00'\\\n\r\x1a\"\xff", b"", None, b"\\'\0"],
    "fixed": [b"ab\0\0", b"x\0\0\0", None, b"\0\0\0\0"],
    "j": ['{"a": [1, "two", null]}', None, None, "{}"],
    "u": ["123e4567-e89b-12d3-a456-426655440000", None, None, None],
    "point": [POINT, None, None, None],
    "twice": [-65536, 2, 4, 6],
    "thrice": [-98304, 3, 6, 9],
}
UNSAID = "the dump does not say how its text is encoded: it is not UTF-8 and was read as latin1"
ZONE = "kinds: the dump does not say in which time zone its TIMESTAMPs are; they were read as UTC"
NOTES = (
    'the view "dear" is left out: make it again as the SELECT of tables/dear.sql',
    "kinds.y: 1 zero date became missing values",
    "kinds.day: 2 zero dates became missing values",
    "kinds.at: 1 zero date became missing values",
    "kinds.stamp: 1 zero date became missing values",
    "lengths.took: it holds lengths of time, not only times of day, and stays text",
)
OPTIONS = {
    "plain": ["--routines", "--events", "--triggers"],
    "rows": ["--skip-extended-insert", "--complete-insert", "--hex-blob", "--single-transaction"],
    "ansi": ["--compatible=ansi"],
    "compact": ["--compact"],
    "latin1": ["--default-character-set=latin1"],
    "binary": ["--default-character-set=binary"],
    "replace": ["--replace", "--skip-quote-names", "--skip-opt"],
}


def rows(dump: Dump, name: str) -> dict[str, list[Any]]:
    """The columns of a table that was loaded."""
    file = next(table.file for table in dump.tables if table.name == name)
    return dict(pq.read_table(file).to_pydict())


def check_shop(path: Path, folder: Path, name: str) -> None:
    latin = name in ("latin1", "ansi")
    dump = load_dump(path, folder)

    assert [(table.name, table.rows) for table in dump.tables] == [
        ("empty_one", 0),
        ("kinds", 4),
        ("latin", 2),
        ("lengths", 3),
    ]
    # A dump in latin1 has lost the signs that latin1 does not have: mariadb-dump writes ? in their place.
    lost = {"c": ["abc", "", None, "?é"], "v": [KINDS["v"][0], "NULL", None, "? ünïcode ??"]} if latin else {}
    assert rows(dump, "kinds") == KINDS | lost
    assert rows(dump, "latin") == {"name": ["Räikkönen €", "Pérez"], "odd `col": ["x", "(1,2),(3,4);"]}
    assert rows(dump, "lengths") == {"id": [1, 2, 3], "took": ["838:59:59", "-01:00:00", "00:01:26"]}
    assert rows(dump, "empty_one") == {"a": []}
    unsaid = [UNSAID] * (name == "ansi")
    assert dump.notes == (NOTES[0], *unsaid, *NOTES[1:], *[ZONE] * (name == "compact"))


@pytest.mark.parametrize("name", OPTIONS)
def test_dumps_with_any_options_hold_the_same_tables(name: str, tmp_path: Path) -> None:
    check_shop(CASES / f"{name}.sql", tmp_path, name)


@pytest.mark.parametrize("name", OPTIONS)
def test_the_installed_server_writes_dumps_that_are_read(name: str, mariadb_server: Server, tmp_path: Path) -> None:
    script = (CASES / "made-with.sql").read_text(encoding="utf-8")
    drop = "".join(f"DROP DATABASE IF EXISTS {each};" for each in ("shop", "second", "third"))
    mariadb_server.run(drop + script)
    dumped(mariadb_server, tmp_path / "shop.sql", *OPTIONS[name], "shop")
    mariadb_server.run(drop)

    check_shop(tmp_path / "shop.sql", tmp_path, name)


def dumped(server: Server, path: Path, *options: str) -> None:
    command = [_program("mariadb-dump"), "--no-defaults", "--protocol=tcp", "--host=127.0.0.1"]
    command += [f"--port={server.port}", f"--user={USER}", f"--result-file={path}", *options]
    subprocess.run(command, env={**os.environ, "MYSQL_PWD": server.password}, check=True)


def test_the_types_are_those_of_the_columns(tmp_path: Path) -> None:
    load_dump(CASES / "plain.sql", tmp_path)
    kinds = EmbeddedDatabase(tmp_path, [Table("kinds", Source(file="kinds.parquet"))]).columns("kinds")

    types = (
        "INTEGER SMALLINT UINTEGER UBIGINT DECIMAL(10,2) VARCHAR DOUBLE DOUBLE SMALLINT DATE TIMESTAMP TIMESTAMP TIME"
    )
    names = "id small medium big price wide f d y day at stamp clock"
    expected = dict(zip(names.split(), types.split(), strict=True)) | {"id": "UINTEGER", "tiny": "TINYINT"}
    expected |= dict.fromkeys(["c", "v", "t", "e", "s", "j", "u"], "VARCHAR") | {
        "flag": "UTINYINT",
        "bits": "USMALLINT",
    }
    expected |= dict.fromkeys(["raw", "fixed", "point"], "BLOB") | {"twice": "INTEGER", "thrice": "INTEGER"}
    assert kinds == expected


def test_a_dump_of_mysql_8(tmp_path: Path) -> None:
    dump = load_dump(CASES / "mysql-8.sql", tmp_path)

    assert rows(dump, "works") == {
        "id": [1, 2, 3],
        "title": ["Nu descendant un escalier n° 2", "_binary 'no'", ""],
        "year": [1912, None, 2000],
        "facts": ['{"size": [147, 89.2], "note": "it\'s (2), not 1"}', None, "[]"],
        "picture": [b"\0\\'PNG\r\n\x1a,_binary '", None, b""],
        "secret": [0, 1, 0],
    }
    assert dump.notes == ("works.century: left out, the database works it out from other columns",)


def test_a_dump_of_phpmyadmin(tmp_path: Path) -> None:
    dump = load_dump(CASES / "phpmyadmin.sql", tmp_path)

    assert rows(dump, "plants") == {"id": [1, 2], "name": ["rose; dog", "lady's mantle"], "flowers": [5, None]}
    assert dump.notes == ()


def test_one_of_several_databases(tmp_path: Path) -> None:
    dump = load_dump(CASES / "several.sql", tmp_path, wanted=DumpSelection("second"))

    assert rows(dump, "results") == {"id": [1, 2], "points": [10.0, 7.5]}
    assert [table.name for table in dump.tables] == ["results", "two words"]
    third = load_dump(CASES / "several.sql", tmp_path, wanted=DumpSelection("third"), replace=True)
    assert rows(third, "results") == {"id": [9]}


def packed_as_gzip(path: Path, text: bytes) -> Path:
    with gzip.open(path / "f1db.sql.gz", "wb") as file:
        file.write(text)
    return path / "f1db.sql.gz"


def packed_as_zip(path: Path, text: bytes) -> Path:
    with zipfile.ZipFile(path / "f1db.zip", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("README.txt", "a dump")
        file.writestr("f1db/f1db.sql", text)
    return path / "f1db.zip"


@pytest.mark.parametrize("pack", [packed_as_gzip, packed_as_zip])
def test_packed_dumps_are_read_as_they_are(pack: Callable[[Path, bytes], Path], tmp_path: Path) -> None:
    dump = load_dump(pack(tmp_path, (CASES / "phpmyadmin.sql").read_bytes()), tmp_path / "data")

    assert rows(dump, "plants")["id"] == [1, 2]


def test_a_long_dump_is_read_in_pieces(tmp_path: Path) -> None:
    """Rows and INSERTs that cross the edges of what is in memory, a row longer than it, ends of lines of Windows."""
    long = "x" * 3_000_000
    texts = [f"{number};\\n" * (number % 40) for number in range(60_000)] + [long]
    values = ",".join(f"({number},'{text}')" for number, text in enumerate(texts))
    single = "".join(f"INSERT INTO `b` VALUES ({number},'{text}');\r\n" for number, text in enumerate(texts))
    path = tmp_path / "long.sql"
    path.write_bytes(f"{table('a')}\r\n{table('b')}INSERT INTO `a` VALUES {values};\r\n{single}".encode())

    heard: list[tuple[int, int]] = []
    dump = load_dump(path, tmp_path / "data", watch=lambda _what, done, of: heard.append((done, of)))

    expected = {"id": list(range(60_001)), "name": [text.replace("\\n", "\n") for text in texts]}
    assert rows(dump, "a") == expected
    assert rows(dump, "b") == expected
    assert heard[-1] == (path.stat().st_size, path.stat().st_size)
    assert heard == sorted(heard)


def test_more_tables_than_a_process_may_have_open_files(tmp_path: Path) -> None:
    import resource

    number = 200
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    create = "".join(table(f"t{each}") for each in range(number))
    text = "".join(f"INSERT INTO t{each} VALUES ({turn},'x');\n" for turn in range(2) for each in range(number))
    resource.setrlimit(resource.RLIMIT_NOFILE, (150, hard))
    try:
        dump = load(tmp_path, create + table("empty") + text)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    assert [table.rows for table in dump.tables] == [2] * number + [0]
    assert rows(dump, "t199") == {"id": [0, 1], "name": ["x", "x"]}
    assert rows(dump, "empty") == {"id": [], "name": []}


def table(name: str) -> str:
    return f"CREATE TABLE `{name}` (`id` int, `name` text);\n"


def test_without_backslash_escapes_a_backslash_is_one(tmp_path: Path) -> None:
    text = "SET SQL_MODE='ANSI,NO_BACKSLASH_ESCAPES';\n" + table("a") + "INSERT INTO a VALUES (1,'C:\\new'),(2,'\\');\n"
    assert rows(load(tmp_path, text), "a")["name"] == ["C:\\new", "\\"]


def load(folder: Path, text: str | bytes, **options: Any) -> Dump:
    path = folder / "dump.sql"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_dump(path, folder / "data", **options)


def test_a_dump_that_may_have_lost_its_end_is_told(tmp_path: Path) -> None:
    whole = (CASES / "plain.sql").read_bytes()
    dump = load(tmp_path, whole[: whole.rindex(b"-- Dump completed")])
    assert dump.notes[-1] == (
        "the closing line of the dump is missing: it may be cut off, see whether all tables are there"
    )


A = table("a")
FINE = (
    "\nhint: servers round it or cut it, each in its way: "
    "load the dump into a server, and make one of the tables as they are then"
)
BAD = {
    "postgres": (
        "--\n-- PostgreSQL database dump\n--\n",
        "error: dump.sql is no MySQL dump: it is a dump of PostgreSQL\n  --> DUMP\n"
        "hint: load it into PostgreSQL; a course reads tables from that server by its address",
    ),
    "sqlite": (
        "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n",
        "error: dump.sql is no MySQL dump: it is a dump of SQLite\n  --> DUMP:1\n"
        "hint: make an SQLite file of it: sqlite3 new.db < dump.sql",
    ),
    "page": (
        "<!doctype html><title>404</title>",
        "error: dump.sql is no MySQL dump: it is HTML or XML\n  --> DUMP\nhint: a web page may have been saved in its "
        "place; make it with mysqldump or mariadb-dump, which write SQL",
    ),
    "binary": (
        b"\x7fELF\x02\x01\x01\0\0\0",
        "error: dump.sql is no MySQL dump: it is not text\n  --> DUMP\n"
        "hint: make it with mysqldump or mariadb-dump, which write SQL",
    ),
    "utf-16": (
        b"\xff\xfe" + A.encode("utf-16-le"),
        "error: dump.sql is no MySQL dump: it is text in UTF-16, as PowerShell's > writes it\n  --> DUMP\n"
        "hint: make it anew with mysqldump --result-file=FILE",
    ),
    "half a gzip": (
        gzip.compress(os.urandom(5000))[:1000],
        "error: dump.sql cannot be unpacked: Compressed file ended before the end-of-stream marker was reached\n"
        "  --> DUMP\nhint: fetch or make it again: it is not whole",
    ),
    "a gzip of something else": (
        gzip.compress(b"id,name\n1,x\n"),
        'error: "id,name" begins no statement of a MySQL dump\n  --> DUMP:1\n'
        "hint: make it with mysqldump or mariadb-dump, which write SQL",
    ),
    "half a zip": (
        b"PK\x03\x04" + bytes(100),
        "error: dump.sql cannot be unpacked: File is not a zip file\n  --> DUMP\n"
        "hint: fetch or make it again: it is not whole",
    ),
    "words": (
        "\n-- a letter\nDear reader,\n",
        'error: "Dear" begins no statement of a MySQL dump\n  --> DUMP:3\n'
        "hint: make it with mysqldump or mariadb-dump, which write SQL",
    ),
    "empty": (
        "",
        "error: dump.sql has no CREATE TABLE\n  --> DUMP\n"
        "hint: make it with mysqldump or mariadb-dump, without --no-create-info",
    ),
    "a table without columns": (
        "CREATE TABLE a LIKE b;\n",
        "error: this CREATE TABLE is not understood: CREATE TABLE a LIKE b\n  --> DUMP:1",
    ),
    "rows of no table": (
        A + "INSERT INTO `aa` VALUES (1,'x');\n",
        'error: rows for the table "aa", which no CREATE TABLE above makes\n  --> DUMP:2\n'
        'hint: did you mean "a"? Available: a',
    ),
    "rows alone": (
        "INSERT INTO `aa` VALUES (1,'x');\n",
        'error: rows for the table "aa", which no CREATE TABLE above makes\n  --> DUMP:1\n'
        "hint: make the dump anew without --no-create-info",
    ),
    "no such column": (
        A + "INSERT INTO `a` (`id`, `nme`) VALUES (1,'x');\n",
        'error: no column called "nme" in the table "a"\n  --> DUMP:2\nhint: did you mean "name"? Available: id, name',
    ),
    "too few values": (
        A + "INSERT INTO `a` VALUES (1,'x'),\n(2,'a\nb'),\n(3);\n",
        'error: the row has 1 value, not 2\n  --> DUMP:5, a\nhint: "a" has the columns id, name',
    ),
    "too many values": (
        A + "INSERT INTO `a` VALUES (1,'x');\nINSERT INTO `a` VALUES (1,'x',3);\n",
        'error: the row has 3 values, not 2\n  --> DUMP:3, a\nhint: "a" has the columns id, name',
    ),
    "a function": (
        A + "INSERT INTO `a` VALUES (1,upper('x'));\n",
        "error: a value is neither a number nor text in single quotes\n  --> DUMP:2, a\n"
        'hint: "a" has the columns id, name',
    ),
    "a word": (
        A + "INSERT INTO `a` VALUES (1,'x'),(2,DEFAULT);\n",
        "error: this value is neither a number nor text in single quotes: DEFAULT);\n  --> DUMP:2, a\n"
        'hint: "a" has the columns id, name',
    ),
    "a quote too many": (
        A + "INSERT INTO `a` VALUES (1,'x'),\n(2,'it's one or two''),\n(3,'y');\n",
        "error: a value is neither a number nor text in single quotes\n  --> DUMP:3, a\n"
        'hint: "a" has the columns id, name',
    ),
    "two texts": (
        A + "INSERT INTO `a` VALUES (1,'x'),\n(2,'it' 's');\n",
        "error: a value is neither a number nor text in single quotes\n  --> DUMP:3, a\n"
        'hint: "a" has the columns id, name',
    ),
    "a number and a text": (
        A + "INSERT INTO `a` VALUES (1,'x'),\n(2,5 's');\n",
        "error: a value is neither a number nor text in single quotes\n  --> DUMP:3, a\n"
        'hint: "a" has the columns id, name',
    ),
    "words beside rows": (
        A + "INSERT INTO `a` VALUES (1,'x') AS new;\n",
        'error: something stands beside the row\n  --> DUMP:2, a\nhint: "a" has the columns id, name',
    ),
    "no whole number": (
        A + "INSERT INTO `a` VALUES (1,'x'),\n(2,NULL),\n('a value that is far too long to be shown','y'),(5,'z');\n",
        'error: "a value that is far too long t…" is not of the type int\n  --> DUMP:4, a.id',
    ),
    "too large a number": (
        "CREATE TABLE a (n tinyint(3) unsigned);\nINSERT INTO a VALUES (255),(256);\n",
        'error: "256" is not of the type tinyint(3) unsigned\n  --> DUMP:2, a.n',
    ),
    "no date": (
        "CREATE TABLE a (d date);\nINSERT INTO a VALUES ('0000-00-00'),('2024-02-30');\n",
        'error: "2024-02-30" is not of the type date\n  --> DUMP:2, a.d',
    ),
    "no time": (
        "CREATE TABLE a (t time);\nINSERT INTO a VALUES ('25 o''clock');\n",
        'error: "25 o\'clock" is not of the type time\n  --> DUMP:2, a.t',
    ),
    "a fraction of a second": (
        "CREATE TABLE a (d datetime);\nINSERT INTO a VALUES ('2024-01-01 10:00:00.0'),\n('2024-01-01 10:00:00.6');\n",
        'error: "2024-01-01 10:00:00.6" has more digits than datetime holds\n  --> DUMP:3, a.d' + FINE,
    ),
    "a fraction of a length": (
        "CREATE TABLE a (d time(2));\nINSERT INTO a VALUES ('30:00:00.25'),('30:00:00.125');\n",
        'error: "30:00:00.125" has more digits than time(2) holds\n  --> DUMP:2, a.d' + FINE,
    ),
    "a number with more decimals": (
        "CREATE TABLE a (d float(5,2));\nINSERT INTO a VALUES (1.25),(-.5),(1e1),\n(1.256);\n",
        'error: "1.256" has more digits than float(5,2) holds\n  --> DUMP:3, a.d' + FINE,
    ),
    "a number with an exponent": (
        "CREATE TABLE a (d double(8,2) unsigned);\nINSERT INTO a VALUES (123456.500),(5e-1),(5e-3);\n",
        'error: "5e-3" has more digits than double(8,2) unsigned holds\n  --> DUMP:2, a.d' + FINE,
    ),
    "a number with more digits": (
        "CREATE TABLE a (d float(5,2));\nINSERT INTO a VALUES (999.99),(1000);\n",
        'error: "1000" has more digits than float(5,2) holds\n  --> DUMP:2, a.d' + FINE,
    ),
    "no digits of bytes": (
        "CREATE TABLE a (b blob);\nINSERT INTO a VALUES (0x41),(0x4G);\n",
        'error: "0x4G" is not of the type blob\n  --> DUMP:2, a.b',
    ),
    "bytes in place of a number": (
        "CREATE TABLE a (n int);\nINSERT INTO a VALUES (1),(0x41);\n",
        'error: "0x41" is not of the type int\n  --> DUMP:2, a.n',
    ),
    "too many bits": (
        "CREATE TABLE a (n bit(8));\nINSERT INTO a VALUES (b'1'),('ab');\n",
        'error: "ab" is not of the type bit(8)\n  --> DUMP:2, a.n',
    ),
    "not UTF-8": (
        b"SET NAMES utf8;\n" + A.encode() + b"INSERT INTO a VALUES (1,'x'),(2,'caf\xe9');\n",
        'error: "caf\ufffd" is not of the type text\n  --> DUMP:3, a.name\nhint: the dump says that its text is utf8',
    ),
    "a character set": (
        "SET NAMES gbk;\n",
        'error: text in the character set "gbk" is not read\n  --> DUMP:1\n'
        "hint: make the dump anew with --default-character-set=utf8mb4",
    ),
    "cut off in a row": (
        A + "INSERT INTO `a` VALUES (1,'x'),(2,'y",
        "error: the dump is cut off: the statement that begins here has no end\n  --> DUMP:2\n"
        "hint: make or fetch it again: nothing of it was written",
    ),
    "cut off between rows": (
        A + "INSERT INTO `a` VALUES (1,'x'),\n(2,'y')",
        "error: the dump is cut off: the statement that begins here has no end\n  --> DUMP:2\n"
        "hint: make or fetch it again: nothing of it was written",
    ),
    "cut off in a table": (
        A + "CREATE TABLE `b` (\n  `id` int,",
        "error: the dump is cut off: the statement that begins here has no end\n  --> DUMP:2\n"
        "hint: make or fetch it again: nothing of it was written",
    ),
    "cut off in a comment": (
        A + "\n/* never",
        "error: the dump is cut off: the statement that begins here has no end\n  --> DUMP:3\n"
        "hint: make or fetch it again: nothing of it was written",
    ),
    "a table twice": (
        A + "\n" + A,
        'error: two tables are called "a": the other is in line 1\n  --> DUMP:3\n'
        "hint: the file may be two dumps, one behind the other: load each by itself",
    ),
    "a table in two databases": (
        "USE one;\n" + A + "USE two;\n" + A,
        'error: two tables are called "a": the other is in line 2\n  --> DUMP:4\n'
        "hint: load one database at a time: --database one",
    ),
    "names that differ in case": (
        table("Results") + table("results"),
        'error: two tables are called "Results" and "results", which are one name on many machines\n  --> DUMP:2\n'
        "hint: load one of them: --table results",
    ),
    "an INSERT of another kind": (
        A + "INSERT INTO a SELECT * FROM b;\n",
        "error: this INSERT is not understood\n  --> DUMP:2\n"
        "hint: only INSERT INTO ... VALUES is, as mysqldump and mariadb-dump write it",
    ),
}


def test_values_with_the_digits_that_a_column_holds_are_read(tmp_path: Path) -> None:
    text = "CREATE TABLE a (f float(5,2), d double(6,3), t datetime(3), u timestamp);\n"
    text += (
        "INSERT INTO a VALUES (1.50,-1.5e1,'2024-02-29 12:00:00.000000','2024-02-29 12:00:00'),(NULL,.25,NULL,NULL);\n"
    )
    assert rows(load(tmp_path, text), "a") == {"f": [1.5, None], "d": [-15, 0.25], "t": [NOON, None], "u": [NOON, None]}


@pytest.mark.parametrize(
    ("server", "sign", "is_read"),
    [
        ("5.7.44", "/*!50700", True),
        ("5.7.44", "/*!80000", False),
        ("8.0.36", "/*!80000", True),
        ("8.0.36", "/*M!100100", False),
        ("10.11.4-MariaDB", "/*M!100100", True),
        ("10.11.4-MariaDB", "/*!80000", False),
        ("10.11.4-MariaDB", "/*!50503", True),
    ],
)
def test_conditional_comments_are_read_as_the_server_of_the_dump_does(
    server: str, sign: str, is_read: bool, tmp_path: Path
) -> None:
    text = (
        f"-- Server version\t{server}\n" + A + f"INSERT INTO a VALUES (1,'x')\n{sign} ,(2,'y') */;\n-- Dump completed\n"
    )
    if is_read:
        assert rows(load(tmp_path, text), "a")["id"] == [1, 2]
        return
    with pytest.raises(CoursewrightError) as error:
        load(tmp_path, text)
    assert (
        error.value.problem.message
        == f"{sign} is passed over by the server that the dump names, and would be read here"
    )
    assert error.value.problem.where == Place(tmp_path / "dump.sql", 4)


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_is_told_and_nothing_is_written(case: str, tmp_path: Path) -> None:
    text, says = BAD[case]
    with pytest.raises(CoursewrightError) as error:
        load(tmp_path, text)

    assert str(error.value) == says.replace("DUMP", str(tmp_path / "dump.sql"))
    assert [path.name for path in tmp_path.iterdir()] == ["dump.sql"]


@pytest.mark.parametrize("name", ["a/b", "..", 'a"b', "o'neil", ".hidden", "_own", "a\nb", "end ", "a\\b", "a:b"])
def test_names_that_no_table_of_a_course_can_have(name: str, tmp_path: Path) -> None:
    with pytest.raises(CoursewrightError) as error:
        load(tmp_path, table(name) + table("plain"))

    assert str(error.value) == (
        f'error: a table of a course cannot be called "{name}"\n  --> {tmp_path / "dump.sql"}:1\n'
        "hint: name those that you want: --table NAME, once for each"
    )
    text = (
        table(name) + table("plain") + f"INSERT INTO `{name}` VALUES (1,'x;\n');\nINSERT INTO plain VALUES (2,'y');\n"
    )
    assert rows(load(tmp_path, text, wanted=DumpSelection(tables=("plain",))), "plain") == {"id": [2], "name": ["y"]}
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == ["plain.parquet"]


def test_what_the_dump_does_not_have_cannot_be_wanted(tmp_path: Path) -> None:
    with pytest.raises(CoursewrightError) as error:
        load(tmp_path, A, wanted=DumpSelection(tables=("b",)))
    assert (
        str(error.value) == f'error: no table called "b" in dump.sql\n  --> {tmp_path / "dump.sql"}\nhint: Available: a'
    )
    with pytest.raises(CoursewrightError) as error:
        load(tmp_path, A, wanted=DumpSelection("b"))
    assert str(error.value) == (
        f'error: no database called "b" in dump.sql\n  --> {tmp_path / "dump.sql"}\n'
        "hint: the dump names no database: leave out --database"
    )


def test_a_zip_with_several_dumps_and_one_with_none(tmp_path: Path) -> None:
    for names, found in ((["a.sql", "b.sql"], "2 .sql files"), (["a.csv"], "no .sql file")):
        with zipfile.ZipFile(tmp_path / "x.zip", "w") as file:
            for name in names:
                file.writestr(name, A)
        with pytest.raises(CoursewrightError) as error:
            load_dump(tmp_path / "x.zip", tmp_path / "data")
        assert str(error.value) == (
            f"error: x.zip holds {found}\n  --> {tmp_path / 'x.zip'}\nhint: unpack it and name the one file to read"
        )


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coursewright.tables.sources._dump.opened._BOMB", 4_000_000)
    text = A.encode() + b"INSERT INTO a VALUES " + b",".join([b"(1,'x')"] * 2_000_000) + b";\n"
    with pytest.raises(CoursewrightError) as error:
        load(tmp_path, gzip.compress(text))
    assert str(error.value) == (
        f"error: dump.sql unpacks to more than 200 times its size: no dump does\n  --> {tmp_path / 'dump.sql'}\n"
        "hint: if you trust it all the same, unpack it yourself and read that"
    )
    assert not (tmp_path / "data").exists()


def test_files_that_are_there_stay_unless_they_are_to_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.parquet").write_bytes(b"mine")
    text = table("b") + A + "INSERT INTO a VALUES (1,'x');\n"
    with pytest.raises(CoursewrightError) as error:
        load(tmp_path, text)
    assert str(error.value) == (
        f'error: "{tmp_path / "data" / "a.parquet"}" is there already: nothing was written\n'
        "hint: name another folder with --output, or add --replace"
    )
    with pytest.raises(CoursewrightError):
        load(tmp_path, text + "INSERT INTO a VALUES (1", replace=True)
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["a.parquet"]
    assert (tmp_path / "data" / "a.parquet").read_bytes() == b"mine"
    assert rows(load(tmp_path, text, replace=True), "a") == {"id": [1], "name": ["x"]}
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == ["a.parquet", "b.parquet"]


def test_the_command_prints_the_lines_for_the_course(make_course: Any, capsys: pytest.CaptureFixture[str]) -> None:
    course = make_course({})
    command(CASES / "several.sql", course=course, database="second")

    said = capsys.readouterr()
    assert said.out == 'results = "data/results.parquet"\n"two words" = "data/two words.parquet"\n'
    assert said.err == (
        f"results: 2 rows, 2 columns\ntwo words: 1 row, 1 column\n"
        f"2 tables in {course / 'data'}. Put these lines below [tables] in course.toml:\n"
    )
    file = course / "course.toml"
    file.write_text(file.read_text(encoding="utf-8") + said.out, encoding="utf-8")
    from coursewright.courses import open_course

    assert open_course(course).database().table("two words").to_pylist() == [{"a": 5}]


def test_the_command_needs_a_file_and_a_place(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        command(tmp_path / "no.sql")
    assert str(error.value) == f'error: no file "{tmp_path / "no.sql"}"'
    with pytest.raises(UsageError) as error:
        command(CASES / "plain.sql", course=tmp_path)
    assert str(error.value) == (
        f'error: no course.toml in "{tmp_path}" or above it\n'
        "hint: go to the folder of a course, or say where the tables' files go: --output DIR"
    )


# A writer of dumps that shares nothing with the reader: it knows what MySQL's manual says on literals.

NAMES = st.text("abcdefgh XYZ_019", min_size=1, max_size=8).map(lambda text: f"c{text}".rstrip())
DATES = st.dates(datetime.date(1000, 1, 1))
MOMENTS = st.datetimes(datetime.datetime(1000, 1, 1)).map(lambda moment: moment.replace(fold=0))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    [
        "NULL",
        "",
        "'",
        "\\",
        "');\nINSERT INTO `t` VALUES ('",
        "),(",
        "\\'",
        "0x41",
        "_binary '",
        "a\r\nb",
        "--",
        "/*",
        ";\n",
    ]
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "int": st.integers(-(2**31), 2**31 - 1),
    "bigint unsigned": st.integers(0, 2**64 - 1),
    "decimal(20,6)": st.decimals(-(10**13), 10**13, places=6).map(lambda number: number + 0),
    "double": st.floats(allow_nan=False, allow_infinity=False),
    "date": DATES,
    "datetime(6)": MOMENTS,
    "time(6)": st.times().map(lambda time: time.replace(fold=0)),
    "text": TEXTS,
    "blob": st.binary(max_size=12) | TEXTS.map(str.encode),
    "bit(7)": st.integers(0, 127),
}


def escaped(value: bytes) -> bytes:
    signs = {0: b"\\0", 10: b"\\n", 13: b"\\r", 26: b"\\Z", 34: b'\\"', 39: b"\\'", 92: b"\\\\"}
    return b"'" + b"".join(signs.get(sign, bytes([sign])) for sign in value) + b"'"


def literal(kind: str, value: Any, way: int) -> bytes:
    """A value as SQL; `way` chooses among what means the same."""
    if value is None:
        return b"NULL"
    if kind == "blob":
        ways = [escaped(value), b"_binary " + escaped(value)]
        return [*ways, b"0x" + value.hex().upper().encode() if value else b"''", b"x'" + value.hex().encode() + b"'"][
            way % 4
        ]
    if kind == "bit(7)":
        return [f"b'{value:b}'".encode(), escaped(bytes([value])), f"0x{value:02X}".encode(), str(value).encode()][
            way % 4
        ]
    if kind == "text":
        plain = value.encode()
        return [escaped(plain), b"'" + plain.replace(b"\\", b"\\\\").replace(b"'", b"''") + b"'"][way % 2]
    if isinstance(value, int | float | Decimal):
        return (f"{value:f}" if isinstance(value, Decimal) else repr(value)).encode()
    return escaped((value.isoformat(sep=" ") if isinstance(value, datetime.datetime) else value.isoformat()).encode())


Made = tuple[dict[str, str], list[list[Any]]]


@st.composite
def tables(draw: st.DrawFn) -> Made:
    names = draw(st.lists(NAMES, min_size=1, max_size=5, unique_by=str.lower))
    kinds = [draw(st.sampled_from(sorted(VALUES))) for _ in names]
    row = st.tuples(*(st.none() | VALUES[kind] for kind in kinds)).map(list)
    return dict(zip(names, kinds, strict=True)), draw(st.lists(row, max_size=6))


@given(
    tables(), st.integers(0, 3), st.tuples(st.booleans(), st.booleans()), st.sampled_from([b",", b",\n", b" ,\r\n  "])
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_table_comes_back(tmp_path: Path, made: Made, way: int, how: tuple[bool, bool], between: bytes) -> None:
    columns, found = made
    text = written(columns, found, way, single=how[0], named=how[1], between=between)
    dump = load(tmp_path, text, replace=True)

    assert rows(dump, "t") == {name: [row[at] for row in found] for at, name in enumerate(columns)}


def written(
    columns: dict[str, str], found: list[list[Any]], way: int = 0, *, single: bool, named: bool, between: bytes
) -> bytes:
    kinds = list(columns.values())
    create = (
        "CREATE TABLE `t` (" + ", ".join(f"`{name}` {kind} DEFAULT NULL" for name, kind in columns.items()) + ");\n"
    )
    head = "INSERT INTO `t` " + ("(" + ", ".join(f"`{name}`" for name in columns) + ") " if named else "") + "VALUES "
    lines = [b"(" + b",".join(map(literal, kinds, row, [way] * len(row))) + b")" for row in found]
    groups = [[line] for line in lines] if single else [lines] if lines else []
    inserts = b"".join(head.encode() + between.join(group) + b";\n" for group in groups)
    return b"SET NAMES utf8mb4;\n" + create.encode() + inserts


REMARKS = st.sampled_from(
    ["", " ", "/* it's, (one) */", "-- it's ;\n", "#'\n", "/*!50000 ", "/*M!100100 ", "--\n", "/*!*/"]
)


@given(tables().filter(lambda made: made[1] != []), st.integers(0, 3), st.lists(REMARKS, min_size=1, max_size=9))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_comments_among_values_say_nothing_and_conditional_ones_are_read(
    tmp_path: Path, made: Made, way: int, remarks: list[str]
) -> None:
    columns, found = made
    kinds = list(columns.values())
    turns = itertools.cycle(remarks)

    def beside(text: bytes) -> bytes:
        remark = next(turns).encode()
        opens = remark.startswith(b"/*") and not remark.endswith(b"*/")
        return b" " + remark + text + (b" */" if opens else b"")

    lines = [
        b"(" + b",".join(beside(literal(*each, way)) for each in zip(kinds, row, strict=True)) + b")" for row in found
    ]
    head = written(columns, [], single=False, named=False, between=b"")
    text = b",".join(beside(line) for line in lines)
    # A conditional comment around a row that has some within it would end with the first of them.
    dump = load(tmp_path, head + b"INSERT INTO `t` VALUES" + text + b"/* the end; */;\n", replace=True)

    assert rows(dump, "t") == {name: [row[at] for row in found] for at, name in enumerate(columns)}


@given(tables(), st.sampled_from([[], ["--hex-blob"], ["--skip-extended-insert", "--complete-insert"]]))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_table_comes_back_through_the_real_server(
    mariadb_server: Server, tmp_path: Path, made: Made, options: list[str]
) -> None:
    columns, found = made
    # Written by the server: its own idea of -0, and the nearest double that its digits name.
    text = written(columns, found, single=False, named=False, between=b",")
    with fresh(mariadb_server) as database:
        (tmp_path / "in.sql").write_bytes(text)
        client = [_program("mariadb"), "--no-defaults", "--binary-mode", "--protocol=tcp", "--host=127.0.0.1"]
        client += [f"--port={mariadb_server.port}", f"--user={USER}", database.name]
        environment = {**os.environ, "MYSQL_PWD": mariadb_server.password}
        subprocess.run(client, input=text, env=environment, check=True, capture_output=True)
        dumped(mariadb_server, tmp_path / "out.sql", *options, database.name)

    dump = load_dump(tmp_path / "out.sql", tmp_path / "data", replace=True)

    back = rows(dump, "t")
    assert {name: sorted(map(repr, back[name])) for name in columns} == {
        name: sorted(repr(0.0 if row[at] == 0 and isinstance(row[at], float) else row[at]) for row in found)
        for at, name in enumerate(columns)
    }


@given(
    st.sampled_from(["plain.sql", "rows.sql", "mysql-8.sql", "phpmyadmin.sql"]),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 3), st.sampled_from([*"'\\(),;`\"-#/*Nx_0", "--", "/*", "0x"]))),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_a_damaged_dump_is_told_or_read_and_never_half_written(
    tmp_path: Path, name: str, changes: list[tuple[float, int, str]]
) -> None:
    text = bytearray((CASES / name).read_bytes())
    for where, removed, put in changes:
        at = int(where * len(text))
        text[at : at + removed] = put.encode()
    try:
        dump = load(tmp_path, bytes(text), replace=True)
    except CoursewrightError:
        assert not list(tmp_path.glob("data/*"))
    else:
        assert len(list(tmp_path.glob("data/*"))) == len(dump.tables)
        for file in tmp_path.glob("data/*"):
            file.unlink()
        (tmp_path / "data").rmdir()
