"""Dumps that say more than rows: whose they are, what changes rows, what is left to the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from coursewright.errors import CoursewrightError
from coursewright.tables.sources.dump import Dump, DumpSelection, load_dump

A = "CREATE TABLE `a` (`id` int, `name` text);\n"
ROW = "INSERT INTO a VALUES (1,'x');\n"
SERVER = "load the dump into a server, and make one of the tables as they are then"
SQLITE = "make an SQLite file of it: sqlite3 new.db < dump.sql"
POSTGRESQL = "load it into PostgreSQL; a course reads tables from that server by its address"
WHOSE = "nothing in this dump says that MySQL or MariaDB wrote it, and so what the backslash in this row means"


def load(folder: Path, text: str, **options: Any) -> Dump:
    path = folder / "dump.sql"
    path.write_bytes(text.encode())
    return load_dump(path, folder / "data", **options)


def rows(dump: Dump) -> list[dict[str, Any]]:
    return list(pq.read_table(dump.tables[0].file).to_pylist())


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        (
            A + ROW + "UPDATE a SET name = 'y; z';\n",
            3,
            'UPDATE changes the table "a", which is not carried out',
            SERVER,
        ),
        (
            A + ROW + "\nDELETE FROM `a` WHERE id = 1;\n",
            4,
            'DELETE changes the table "a", which is not carried out',
            SERVER,
        ),
        (A + ROW + "TRUNCATE a;\n", 3, 'TRUNCATE changes the table "a", which is not carried out', SERVER),
        (
            A + ROW + "/*!40000 UPDATE a SET id = 2 */;\n",
            3,
            'UPDATE changes the table "a", which is not carried out',
            SERVER,
        ),
        (A + ROW + "UPDATE a, b SET a.id = b.id;\n", 3, "UPDATE changes tables, which is not carried out", SERVER),
        (
            A + ROW + "DELETE a FROM a JOIN b USING (id);\n",
            3,
            "DELETE changes tables, which is not carried out",
            SERVER,
        ),
        (A + "LOAD DATA INFILE 'a.csv' INTO TABLE a;\n", 2, "LOAD changes tables, which is not carried out", SERVER),
        (A + ROW + "RENAME TABLE a TO b;\n", 3, "RENAME changes tables, which is not carried out", SERVER),
        (A + "CALL fill_a();\n", 2, "CALL changes tables, which is not carried out", SERVER),
        (A + ROW + "ROLLBACK;\n", 3, "ROLLBACK changes tables, which is not carried out", SERVER),
        (
            A + ROW + "ALTER TABLE a ADD KEY (id), ADD COLUMN b int DEFAULT 5;\n",
            3,
            'ALTER TABLE changes the table "a", which is not carried out',
            SERVER,
        ),
        (
            A + "ALTER TABLE a DROP `name`;\n" + ROW,
            2,
            'ALTER TABLE changes the table "a", which is not carried out',
            SERVER,
        ),
        (
            A + ROW + "DROP TABLE a;\n",
            3,
            'DROP TABLE takes away the table "a", whose rows came before',
            "the file may be two dumps, one behind the other: load each by itself",
        ),
        (
            A + "INSERT INTO a VALUES (1,'x') ON DUPLICATE KEY UPDATE name = 'z';\n",
            2,
            "something stands beside the row",
            '"a" has the columns id, name',
        ),
        (
            "CREATE TABLE a (id int) SELECT 1 AS id;\n",
            1,
            "this CREATE TABLE is not understood: CREATE TABLE a (id int) SELECT 1 AS id",
            "",
        ),
        (
            "CREATE TABLE a (id int PRIMARY KEY, n text);\nREPLACE INTO a VALUES (1,'x'),\n(1,'y');\n",
            2,
            'rows of "a" have the same id, and one would replace the other',
            SERVER,
        ),
        (
            "CREATE TABLE a (n varchar(9), m int, UNIQUE KEY k (n, m));\nINSERT INTO a VALUES ('éA',1);\n"
            "INSERT IGNORE INTO a VALUES ('Ea ',1);\n",
            3,
            'rows of "a" have the same n, m, and one would replace the other',
            SERVER,
        ),
        (
            "CREATE TABLE a (id int AUTO_INCREMENT, n text);\nINSERT INTO a VALUES (1,'x'),\n(NULL,'y');\n",
            3,
            'this row has NULL for "id", which the database numbers itself',
            SERVER,
        ),
        (
            "CREATE TABLE a (id int AUTO_INCREMENT, n text);\nINSERT INTO a (n) VALUES ('x');\n",
            2,
            'this row has no value for "id", which the database numbers itself',
            SERVER,
        ),
        (
            "CREATE TABLE a (t timestamp DEFAULT CURRENT_TIMESTAMP, n int);\nINSERT INTO a (n) VALUES (1);\n",
            2,
            'this row has no value for "t", which the database works out itself',
            SERVER,
        ),
        (
            A + "SET sql_mode = CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES');\n",
            2,
            "this SQL_MODE is not understood, and with it what a backslash means",
            "write the mode as a text, such as SET SQL_MODE='';",
        ),
        (A + "INSERT INTO a VALUES (1,1+1);\n", 2, '"1+1" is not of the type text', ""),
    ],
)
def test_what_changes_rows_is_refused_with_its_line(
    tmp_path: Path, text: str, line: int, message: str, hint: str
) -> None:
    with pytest.raises(CoursewrightError) as error:
        load(tmp_path, text)
    problem = error.value.problem
    assert problem.where is not None
    assert (problem.message, problem.hint, problem.where.line) == (message, hint, line)
    assert [path.name for path in tmp_path.iterdir()] == ["dump.sql"]


@pytest.mark.parametrize(
    "text",
    [
        A + "DELETE FROM a;\n" + ROW,
        A + "TRUNCATE TABLE `a`;\n" + ROW,
        "DROP TABLE IF EXISTS a;\n" + A + "DROP TABLE a;\n" + A + ROW,
        A + ROW + "ALTER TABLE a ADD PRIMARY KEY (`id`), ADD KEY k (name(5), id), AUTO_INCREMENT=7;\n",
        A + ROW + "ALTER TABLE a MODIFY `id` int(11) NOT NULL COMMENT 'a, b' AUTO_INCREMENT, AUTO_INCREMENT=2;\n",
        A + ROW + "ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES b (id) ON DELETE CASCADE;\n",
        A + ROW + "DROP TABLE IF EXISTS other;\nUPDATE other SET id = 5;\n",
        "CREATE TABLE a (id int PRIMARY KEY, name text);\nREPLACE INTO a VALUES (1,'x');\n",
        "CREATE TABLE a (id int AUTO_INCREMENT, name text DEFAULT 'x');\nINSERT INTO a (id) VALUES (1);\n",
        "CREATE TABLE a (id int NOT NULL DEFAULT 1, name text);\nINSERT INTO a (name) VALUES ('x');\n",
        A + "INSERT INTO a (`name`, `id`) VALUES ('x', 1);\n",
        A + "INSERT INTO a -- it's (odd)\n (id, /* the; */ name) /*!50000 VALUES */ (1,'x');\n",
        A + "INSERT INTO a VALUES /* 1 */ (1, -- one\n 'x' # two\n);\n",
        A + "/*!50000 INSERT INTO a VALUES (1,'x') */;\n",
    ],
)
def test_what_changes_no_row_is_passed_over(tmp_path: Path, text: str) -> None:
    assert rows(load(tmp_path, text)) == [{"id": 1, "name": "x"}]


def test_a_change_of_what_is_not_wanted_is_passed_over(tmp_path: Path) -> None:
    text = A + ROW + A.replace("`a`", "b") + "INSERT INTO b VALUES (2,'y');\nUPDATE b SET id = 3;\n"
    assert rows(load(tmp_path, text, wanted=DumpSelection(tables=("a",)))) == [{"id": 1, "name": "x"}]


def test_comments_within_texts_are_text(tmp_path: Path) -> None:
    text = "/*!40101 y */ -- z\n# it''s /*M!"
    assert rows(load(tmp_path, A + f"INSERT INTO a VALUES (1,'{text}');\n"))[0]["name"] == text.replace("''", "'")


def test_a_mode_that_a_variable_kept_is_back(tmp_path: Path) -> None:
    text = (
        "SET SQL_MODE='NO_BACKSLASH_ESCAPES';\nSET @kept = @@sql_mode;\nSET sql_mode = \"ANSI\";\n"
        "CREATE TABLE a (id int COMMENT 'it\\'s');\nSET SQL_MODE = @kept;\n"
        "CREATE TABLE b (n text COMMENT 'C:\\');\nINSERT INTO b VALUES ('C:\\new\\');\n"
    )
    dump = load(tmp_path, text, wanted=DumpSelection(tables=("b",)))
    assert rows(dump) == [{"n": "C:\\new\\"}]


@pytest.mark.parametrize("said", ["NAMES latin1", 'NAMES "latin1"', "CHARACTER SET 'latin1'", "charset latin1"])
def test_the_character_set_is_said_in_several_ways(tmp_path: Path, said: str) -> None:
    path = tmp_path / "dump.sql"
    path.write_bytes(f"SET {said};\n{A}INSERT INTO a VALUES (1,'caf\\'\xc3\xa9');\n".encode("latin-1"))
    assert rows(load_dump(path, tmp_path / "data")) == [{"id": 1, "name": "caf'\xc3\xa9"}]


# As programs of SQLite write a table: with and without what stands around it.
T = 'CREATE TABLE IF NOT EXISTS "t" (\n\t"id"\tINTEGER NOT NULL,\n\t"path"\tTEXT,\n\tPRIMARY KEY("id")\n);\n'
FILLED = T + "INSERT INTO \"t\" VALUES (1,'D:\\news\\today');\n"


@pytest.mark.parametrize(
    ("text", "line", "what", "hint"),
    [
        ("PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n" + FILLED, 1, "a dump of SQLite", SQLITE),
        ("-- made by hand\n\nPRAGMA user_version = 1;\n" + FILLED, 3, "a dump of SQLite", SQLITE),
        ("BEGIN TRANSACTION;\n" + FILLED + "COMMIT;\n", 1, "a dump of SQLite", SQLITE),
        (FILLED.replace("NOT NULL", "PRIMARY KEY AUTOINCREMENT"), 1, "a dump of SQLite", SQLITE),
        (FILLED.replace("\n);", "\n) STRICT;"), 1, "a dump of SQLite", SQLITE),
        ("DELETE FROM sqlite_sequence;\n" + FILLED, 1, "a dump of SQLite", SQLITE),
        ("SET client_encoding = 'UTF8';\n" + FILLED, 1, "a dump of PostgreSQL", POSTGRESQL),
        ("COPY public.t (id, path) FROM stdin;\n1\tx\n", 1, "a dump of PostgreSQL", POSTGRESQL),
        ("CREATE TABLE [dbo].[t]([id] [int]);\n", 1, "a script of SQL Server", "export the tables there as CSV"),
    ],
)
def test_dumps_of_others_are_told_by_what_they_say(tmp_path: Path, text: str, line: int, what: str, hint: str) -> None:
    with pytest.raises(CoursewrightError) as error:
        load(tmp_path, text)
    message = f"error: dump.sql is no MySQL dump: it is {what}\n  --> {tmp_path / 'dump.sql'}:{line}\nhint: {hint}"
    assert str(error.value) == message


def test_a_backslash_means_nothing_where_nobody_says_whose_dump_it_is(tmp_path: Path) -> None:
    with pytest.raises(CoursewrightError) as error:
        load(tmp_path, FILLED)
    assert error.value.problem.message == WHOSE
    assert error.value.problem.where is not None
    assert error.value.problem.where.line == 6
    assert rows(load(tmp_path, FILLED.replace("\\", "/"))) == [{"id": 1, "path": "D:/news/today"}]
    said = load(tmp_path, "-- MySQL dump 10.13\n" + FILLED, replace=True)
    assert rows(said) == [{"id": 1, "path": "D:\news\today"}]


@pytest.mark.parametrize(
    ("declared", "written", "value"),
    [
        ("enum('x','y')", "2", "2"),
        ("enum('Red','Blue')", "'red'", "red"),
        ("set('x','y')", "3", "3"),
        ("set('x','y')", "'x,z'", "x,z"),
        ("year", "'24'", "24"),
        ("year", "70", "70"),
        ("double", "1e400", "1e400"),
        ("text", "007", "007"),
        ("varchar(9)", "1e2", "1e2"),
    ],
)
def test_what_the_database_would_write_otherwise_is_refused(
    tmp_path: Path, declared: str, written: str, value: str
) -> None:
    with pytest.raises(CoursewrightError) as error:
        load(tmp_path, f"CREATE TABLE `a` (`v` {declared});\nINSERT INTO a VALUES ({written});\n")
    assert error.value.problem.message == f'"{value}" is not of the type {declared}'
    assert error.value.problem.where is not None
    assert error.value.problem.where.line == 2
    assert error.value.problem.hint == (SERVER if declared.startswith(("enum", "set", "year")) else "")


def test_values_are_those_that_the_database_would_give(tmp_path: Path) -> None:
    table = "CREATE TABLE `a` (`c` char(5), v varchar(5), b binary(4), e enum('x','it''s'), s set('x','y'), y year);\n"
    found = rows(
        load(
            tmp_path, table + "INSERT INTO a VALUES ('ab  ','ab  ','ab','it\\'s','x,y',2024),('','',NULL,'','',1901);\n"
        )
    )
    assert found == [
        {"c": "ab", "v": "ab  ", "b": b"ab\0\0", "e": "it's", "s": "x,y", "y": 2024},
        {"c": "", "v": "", "b": None, "e": "", "s": "", "y": 1901},
    ]


INSTANT = "CREATE TABLE `a` (`t` timestamp NULL, `d` datetime);\n"
NOON = "INSERT INTO a VALUES ('2024-01-05 12:00:00','2024-01-05 12:00:00');\n"
NO_ZONE = "a: the dump does not say in which time zone its TIMESTAMPs are; they were read as UTC"


@pytest.mark.parametrize(
    ("said", "notes"),
    [
        ("/*!40103 SET TIME_ZONE='+00:00' */;\n", ()),
        ('SET time_zone = "+00:00";\n', ()),
        ("SET @@session.time_zone = 'utc';\n", ()),
        ("", (NO_ZONE,)),
        ("SET time_zone = SYSTEM;\n", (NO_ZONE,)),
        ("SET @old=@@TIME_ZONE;\nSET TIME_ZONE='+00:00';\nSET TIME_ZONE=@old;\n", (NO_ZONE,)),
    ],
)
def test_instants_are_in_the_time_zone_that_the_dump_says(tmp_path: Path, said: str, notes: tuple[str, ...]) -> None:
    dump = load(tmp_path, INSTANT + said + NOON)
    assert dump.notes == notes
    assert str(rows(dump)[0]["t"]) == "2024-01-05 12:00:00"


def test_instants_of_another_time_zone_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CoursewrightError) as error:
        load(tmp_path, INSTANT + "SET time_zone = '+00:00';\n" + NOON + "SET time_zone = '-05:00';\n" + NOON)
    problem = error.value.problem
    assert problem.message == 'the TIMESTAMPs of "t" are in the time zone -05:00, not in UTC'
    assert problem.hint == "make the dump anew with --tz-utc"
    assert problem.where is not None
    assert problem.where.line == 5


def test_a_time_zone_matters_to_instants_alone(tmp_path: Path) -> None:
    dump = load(tmp_path, A + "SET time_zone = '-05:00';\n" + ROW)
    assert (dump.notes, len(rows(dump))) == ((), 1)


TRIGGER = (
    "DELIMITER ;;\n/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`%`*/ /*!50003 TRIGGER `more` BEFORE INSERT ON `a` "
    "FOR EACH ROW SET NEW.id = NEW.id + 1 */;;\nDELIMITER ;\n"
)


def test_a_trigger_before_the_rows_would_change_them(tmp_path: Path) -> None:
    assert rows(load(tmp_path, A + ROW + TRIGGER)) == [{"id": 1, "name": "x"}]
    with pytest.raises(CoursewrightError) as error:
        load(tmp_path, A + TRIGGER + ROW)
    problem = error.value.problem
    assert problem.message == 'the trigger of line 3 may change these rows of "a", or others'
    assert problem.hint == SERVER
    assert problem.where is not None
    assert problem.where.line == 5
