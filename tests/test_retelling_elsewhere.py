"""Grammars that SQL cannot tell, told again in the browser by Coursewright's own Python: what a build would tell."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess

import duckdb
import msgspec
import pytest

from coursewright.courses import build, open_course
from coursewright.errors import CoursewrightError
from coursewright.sites.runtimes.fetching import fetch
from coursewright.words import Grammar, tell
from coursewright.words.door.elsewhere import NotElsewhere, Telling, answer
from test_browser import NODE, chromium  # noqa: F401 - a fixture
from test_retelling import course_of, sentences, served

ROWS = (
    "SELECT *, CAST(rain / 3 AS DECIMAL(9, 2)) AS share, sum(CAST(rain * 1000 AS BIGINT)) OVER () AS big, "
    "[town, 'x'] AS towns FROM rain WHERE year = :year ORDER BY day"
)
COURSE = {
    "course.toml": """
        [course]
        title = "Rain"
        [runtimes]
        here = true
        [parameters]
        year = { default = 2019, label = "Year", choices = [2019, 2020, 2021] }
        [tables]
        rain = "data/rain.csv"
        """,
    "data/rain.csv": """
        year,town,rain,day,at
        2019,Bergen,2250.5,2019-11-03,2019-11-03 06:30:00
        2019,Oslo,763,2019-08-20,
        2020,Bergen,,,
        2020,Ås,1024.25,2020-10-07,2020-10-07 23:59:59
        2020,Tromsø,980,2020-01-12,2020-01-12 00:00:00
        2020,"O'Hara ""x"", <b>",0.1,2020-01-13,
        2021,Oslo,1,2021-01-01,2021-01-01 01:00:00
        """,
    "grammars/much.yaml": """
        origin: "#town.possessive# #thing# was [?#rain#][?, on #day.date(long)#][?, at #at#]: #much#."
        thing: ["rain", "water", "weather"]
        much:
          rain > 1000.5: "a lot (#share#)"
          rain is missing: nothing was measured
          otherwise: "#share#, #big#"
        """,
    "grammars/dealt.yaml": """
        origin: "#adjective# #town#"
        adjective: { no repeat: ["wet", "damp", "drenched", "soaked", "dripping"] }
        """,
    "grammars/years.yaml": """
        origin: "#year#: #town.list#; #rain.list#; #day.count#"
        """,
    "grammars/greeting.yaml": """
        origin: "#town# #greets#, #towns.list(or)#"
        greets: ["hello", "good day", "how do you do"]
        """,
    "facts/wet.sql": """
        /*---
        title = "How wet it was"
        tell = ["#town.possessive# #thing# was #share#", "Of #town.possessive# #thing#, #share# (#big#, #whole#)"]
        grammar = "much"
        score = "rain"
        ---*/
        SELECT town, rain, rain / 3 AS share, sum(CAST(rain * 1000 AS BIGINT)) OVER () AS big,
            CAST(round(rain) AS DECIMAL(9, 2)) AS whole
        FROM rain WHERE year = :year AND rain IS NOT NULL
        """,
    "facts/day.sql": """
        /*---
        title = "The day"
        tell = "#town# on #day.date(long)#"
        score = 500
        ---*/
        SELECT town, day FROM rain WHERE year = :year AND day IS NOT NULL
        """,
    "pages/index.md": """
        # Rain

        ```{form}
        ```

        ```{tell} much
        ROWS
        ```

        ```{tell} dealt
        :form: list
        ROWS
        ```

        ```{tell} years
        :by: year
        ROWS
        ```

        ```{tell} greeting
        :key: share town
        ROWS
        ```

        ```{facts} wet day
        ```
        """.replace("ROWS", ROWS),
    "pages/plain.md": """
        # Plain

        ```{form}
        ```

        ```{tell} plain
        SELECT town FROM rain WHERE year = :year
        ```
        """,
    "grammars/plain.yaml": """
        origin: "#town#"
        """,
}


@pytest.fixture(scope="module", autouse=True)
def parts():
    """What is needed is there, or the tests are skipped."""
    try:
        fetch(["duckdb", "arrow", "pyodide", "msgspec"])
    except CoursewrightError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The course, what a build tells for another year, and what it is remarked of it."""
    root = course_of(COURSE, tmp_path_factory.mktemp("a [b] ü"))
    other = sentences(root, year=2020)
    remarks = build(open_course(root), only=["site"]).remarks
    return root, other, remarks


def told_at(address, chromium):  # noqa: F811 - a fixture
    command = [str(shutil.which("node")), NODE / "retold_once.js", address, chromium, "fetched"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_what_sql_cannot_tell_python_tells_in_the_page(built, chromium):  # noqa: F811 - a fixture
    root, other, remarks = built
    assert [remark for remark in remarks if "stays" in remark] == []
    assert other[1][3].split()[1] == "Bergen"
    assert [len(block) for block in other] == [1, 4, 1, 1, 6]
    with served(root / "build" / "site") as address:
        found = told_at(f"{address}index.html?year=2020", chromium)
        plain = told_at(f"{address}plain.html?year=2020", chromium)
    assert found["told"] == other
    assert plain["told"] == [['Bergen Ås Tromsø O\'Hara "x", <b>']]
    python = {name.rpartition("/")[2] for name in found["fetched"] if "/runtimes/" in name}
    assert {re.sub(r"-\d.*", "", name) for name in python} == {
        "ask.mjs", "ours.js", "babel", "coursewright", "msgspec", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide.mjs",
        "pyodide-lock.json", "python_stdlib.zip",
    }  # fmt: skip
    assert [name for name in plain["fetched"] if "runtimes" in name] == []


def test_a_page_weighs_no_more_than_seventeen_megabytes_with_python(built):
    site = built[0] / "build" / "site"
    names = [*site.glob("retelling/*"), *site.glob("runtimes/**/*")]
    sizes = {name: len(gzip.compress(name.read_bytes(), 6)) for name in names if name.is_file()}
    assert 14e6 < sum(sizes.values()) < 17e6


def test_without_python_the_author_is_told_what_to_run(built, monkeypatch):
    monkeypatch.setattr("coursewright.courses.retelling.blocks.can_ask", lambda: False)
    monkeypatch.setattr("coursewright.courses.building.state.can_ask", lambda: False)
    root = built[0]
    run = "; Python in the page tells it: run: coursewright runtimes fetch pyodide msgspec"
    stays = "{tell}: this stays as it was built when a reader chooses something else: "
    remarks = [remark.removeprefix(f"{root}/") for remark in build(open_course(root), only=["site"]).remarks]
    assert [remark for remark in remarks if "stays" in remark] == [
        f"pages/index.md:6, {stays}the modifier .possessive{run}",
        f"pages/index.md:10, {stays}words that are dealt{run}",
        f"pages/index.md:15, {stays}texts of groups of rows{run}",
        f"pages/index.md:20, {stays}words chosen by share, of the type DECIMAL(9,2){run}",
        f"pages/index.md:25, {stays.replace('tell', 'facts')}the finder wet: the modifier .possessive{run}",
    ]


def test_values_are_there_what_they_are_here():
    made = """
        SELECT * FROM (VALUES
            (1::TINYINT, 2::UBIGINT, 12345678901234567890123456789012345678::HUGEINT, 0.1::FLOAT, 1e22::DOUBLE,
             1.50::DECIMAL(5, 2), true, DATE '2020-02-29', TIMESTAMP '2020-02-29 01:02:03.000004', TIME '04:05:06',
             'a''b"c', [1.5, NULL], ['x', 'y, z']),
            (NULL, NULL, NULL, 'nan', '-inf', NULL, NULL, NULL, NULL, NULL, '', [], NULL),
            (-1, 18446744073709551615, -5, 3.0, -0.0, 3.00, false, DATE '0001-01-01', TIMESTAMP '9999-12-31 00:00:00',
             TIME '00:00:00', 'ß\u2028', [2.0], ['é'])
        ) t(a, b, c, d, e, f, g, h, i, j, k, l, m)
    """
    key = ("f", "h", "c")
    with duckdb.connect() as connection:
        rows = connection.sql(made)
        columns = dict(zip(rows.columns, map(str, rows.types), strict=True))
        rules = {
            "origin": "|".join(f"[?#{name}#]" for name in columns) + " [?#f.words#] [?#i.date(long)#] #way#",
            "way": ["1", "2", "3"],
        }
        grammar = Grammar(rules, strict=True)
        telling = Telling.of(grammar, columns, seeds=("0", 1), key=key)
        texts = [list(row) for row in connection.sql(f"SELECT {telling.texts} FROM ({made})").fetchall()]
        asked = msgspec.json.encode({"telling": telling, "rows": texts}).decode()
        ways = [tell(grammar, rows.to_arrow_table(), seed=seed, key=key).to_pylist() for seed in ("0", 1)]
    assert json.loads(answer(asked))["texts"] == [list(way) for way in zip(*ways, strict=True)]
    assert "12345678901234567890123456789012345678" in ways[0][0]


def test_what_goes_wrong_there_is_said():
    with pytest.raises(NotElsewhere, match=r"^values of the type BLOB$"):
        Telling.of(Grammar({"origin": "#a#"}), {"a": "BLOB"})
    with pytest.raises(NotElsewhere, match=r"^rules with other names than texts$"):
        Telling.of(Grammar({"origin": "x", 1950: "y"}), {})
    with pytest.raises(NotElsewhere, match=r"^functions of Python$"):
        Telling.of(Grammar({"origin": "x"}, escape=str.upper), {})
    telling = Telling.of(Grammar({"origin": "#origin#"}), {"a": "VARCHAR"})
    said = json.loads(answer(msgspec.json.encode({"telling": telling, "rows": [["x"]]}).decode()))
    assert said.keys() == {"error"}
    assert "150" in said["error"]
