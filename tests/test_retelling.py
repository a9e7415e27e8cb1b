"""Pages told again by the browser's engine: the same facts, in the same words and order, as a build gives."""

from __future__ import annotations

import contextlib
import functools
import gzip
import http.server
import inspect
import json
import re
import shutil
import subprocess
import threading
from html import unescape
from pathlib import Path

import msgspec
import pyarrow as pa
import pytest

import coursewright.sites.retelling
from coursewright.chance import stream
from coursewright.courses.building.build import build
from coursewright.courses.checking import check
from coursewright.courses.course import open_course
from coursewright.courses.plan import materials, plan
from coursewright.courses.retelling.choices import choices_at
from coursewright.errors import CoursewrightError, MissingPart
from coursewright.facts import find
from coursewright.facts.retelling.statements import retold
from coursewright.labels import known
from coursewright.sites.retelling.engine import ENGINE, run
from coursewright.sites.retelling.packed import packed
from coursewright.sites.retelling.told import engine_files
from coursewright.sites.runtimes import missing
from coursewright.sites.runtimes.parts import RuntimePart, part, pinned
from coursewright.words.door.keys import key_hash
from coursewright.words.in_sql import PRELUDE
from test_browser import NODE, chromium  # noqa: F401 - a fixture
from test_search import Quiet

ROOT = Path(__file__).parent.parent
OURS = Path(coursewright.sites.retelling.__file__).parent
KEYS = [
    (text, "VARCHAR")
    for text in (
        "", "Max Verstappen", "3", "3.00", "03", "1e3", "0.5", "-0.00000012", "12345678901234567890", "TRUE",
        "2018-04-08", "2018-02-30", "0000-01-01", "Räikkönen", "x" * 300, "x" * 128, "1e300",
        "1.5e-7", "-12", "1.50", "0e5", "-0",
    )
]  # fmt: skip


@pytest.fixture(scope="module")
def parts():
    """Where the engine's files are; the test is skipped where they, or Node, are not there."""
    if not shutil.which("node"):
        pytest.skip("Node.js is not installed")
    try:
        return {
            "duckdb": str(part("duckdb").folder / "dist"),
            "arrow": str(part("arrow").folder / "Arrow.es2015.min.js"),
        }
    except MissingPart as missing:
        pytest.skip(str(missing))


def saved(rows, file):
    with pa.ipc.new_stream(file, rows.schema) as stream_:
        stream_.write_table(rows)
    return str(file)


def test_the_facts_of_fifty_races_are_those_of_the_build(parts, tmp_path):
    course = open_course(ROOT / "examples" / "formula-one")
    finders, timeline = course.finders(), course.settings.timeline
    database = course.database()
    told = retold(database, timeline, finders, {**course.parameters, "called": "name"})
    assert told.untold == {}
    tables = {
        name: saved(database.connection.sql(made).to_arrow_table(), tmp_path / f"{number}.arrow")
        for number, (name, made) in enumerate(told.tables.items())
    }
    races = database.connection.execute("SELECT year, round FROM main.races ORDER BY year, round").fetchall()
    wanted = sorted({races[0], races[-1], *stream("fifty races").sample(races, 48)})
    moments = [{**course.parameters, "season": season, "round": nth, "called": "name"} for season, nth in wanted]
    asked = {
        **parts, "engine": str(OURS / "engine.cjs"), "script": str(OURS / "retell.mjs"), "tables": tables, "keys": KEYS,
        "prelude": PRELUDE, "told": msgspec.to_builtins(told), "moments": moments,
    }  # fmt: skip
    script = NODE / "retell.js"
    done = subprocess.run(
        [shutil.which("node"), script], input=json.dumps(asked), capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    expected = [[] for _ in moments]
    for fact in find(course.database(), finders, timeline=timeline, moments=moments):
        expected[moments.index(fact.moment)].append(fact.sentence)
    assert sum(map(len, expected)) > 1000
    assert answer["told"] == expected
    assert answer["hashed"] == [str(key_hash(text)) for text, _ in KEYS]


@pytest.mark.usefixtures("parts")
def test_what_the_engine_cannot_do_is_said(tmp_path):
    rows = saved(pa.table({"n": [1, 2, None]}), tmp_path / "rows.arrow")
    one, two, three = run(
        ["SELECT n FROM t ORDER BY n", "SELECT * FROM 'x.parquet'", "SELECT version()"], {"t": Path(rows)}
    )
    assert one.rows == ((1,), (2,), (None,))
    assert "function signature mismatch" in two.error or "parquet" in two.error
    assert three.rows == (("v1.4.3",),)
    assert ENGINE == "the browser's DuckDB 1.4"


@pytest.mark.usefixtures("parts")
@pytest.mark.parametrize(
    ("language", "again", "spoken"),
    [
        ("de-AT", "Neu erzählen", {}),
        ("fi", "Tell again", {"lang": "en"}),
        ("fa", "Tell again", {"lang": "en", "dir": "ltr"}),
    ],
)
def test_the_form_speaks_the_language_of_the_course_or_says_that_it_does_not(language, again, spoken):
    files = engine_files(language)
    for name in ("begin.js", "page.mjs"):
        (given,) = re.findall(r"const \{ words, spoken \} = (\{.*\});", files[f"retelling/{name}"].decode())
        said = json.loads(given)
        assert (said["words"]["again"], said["spoken"]) == (again, spoken)
    words = known("retelling")
    assert {tuple(each) for each in words.values()} == {tuple(words["en"])}


def test_the_engine_is_packed_once_and_again_where_what_is_kept_is_damaged(tmp_path):
    engine = RuntimePart("engine", pinned()["duckdb"], tmp_path / "engine-1", ("dist/engine.wasm",))
    (engine.folder / "dist").mkdir(parents=True)
    (engine.folder / "dist/engine.wasm").write_bytes(b"wasm" * 1000)
    kept, made = tmp_path / "packed/engine-1-engine.wasm.gz", packed(engine, "dist/engine.wasm")
    assert gzip.decompress(made) == b"wasm" * 1000
    assert kept.read_bytes() == made
    for damaged in (b"", made[:-9], made[:20] + b"?" + made[21:], gzip.compress(b"another")):
        kept.write_bytes(damaged)
        assert packed(engine, "dist/engine.wasm") == kept.read_bytes() == made
    kept.unlink()
    kept.mkdir()  # where it cannot be kept, as on a full disk
    assert packed(engine, "dist/engine.wasm") == made
    assert list(kept.parent.iterdir()) == [kept]


def test_without_node_it_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingPart, match=r"Node\.js, in which the browser's DuckDB 1\.4 runs here, is not there"):
        run(["SELECT 1"])


RAIN = {
    "course.toml": """
        [course]
        title = "Rain"
        [runtimes]
        here = true
        [parameters]
        year = 2019
        [tables]
        rain = "data/rain.csv"
        """,
    "data/rain.csv": """
        year,town,rain,day
        2019,Bergen,2250.5,2019-11-03
        2019,Oslo,763,2019-08-20
        2020,Bergen,,
        2020,Ås,1024.25,2020-10-07
        2020,Tromsø,980,2020-01-12
        2020,Lillehammer,5,2020-02-14
        """,
    "facts/wettest.sql": """
        /*---
        title = "The wettest town"
        tell = ["#town# was the wettest, with #rain.thousands# mm", "Nowhere was wetter than #town#"]
        score = "rain"
        ---*/
        SELECT town, rain FROM rain WHERE year = :year AND rain IS NOT NULL
        """,
    "grammars/town.yaml": """
        origin: "#verdict#[?, and most of it on #day.date(long)#]."
        verdict:
          rain is missing: "Nobody measured the rain of #town#"
          rain > 1000: ["It rained a lot in #town#", "#town# was wet", "#town# had #rain.round# mm of rain"]
          otherwise: "#town# had #rain.round# mm of rain"
        """,
    "pages/index.md": """
        ---
        title: Rain
        parameters:
          year: { default: 2019, label: Year, choices: "SELECT DISTINCT year FROM rain" }
          town: { default: Bergen, label: Town, choices: "SELECT town FROM rain WHERE year = :year" }
        ---

        # Rain in {{ year }}

        ```{form}
        ```

        ```{tell} town
        :key: town
        SELECT town, rain, day FROM rain WHERE year = :year AND town = :town
        ```

        ```{facts}
        :form: paragraph
        ```

        ```{tell}
        :rows: rain
        origin: "#town.possessive# "
        ```

        ```{tell} town
        :key: share
        SELECT town, rain, day, CAST(1.5 AS DECIMAL(4, 2)) AS share FROM rain WHERE year = :year
        ```

        ```{table}
        SELECT town, rain FROM rain WHERE year = :year
        ```
        """,
}


def course_of(files, root):
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(inspect.cleandoc(text) + "\n", encoding="utf-8")
    return root


def sentences(root, **values):
    """What a build tells for these values: of each block that can be told again."""
    course = open_course(root, values)
    build(course, only=["site"])
    html = (root / "build" / "site" / "index.html").read_text(encoding="utf-8")
    blocks = re.findall(r'<div data-retold="\d+">(.*?)</div>', html, re.DOTALL)
    return [[unescape(text) for text in re.findall(r"<(?:p|li)>(.*?)</(?:p|li)>", block)] for block in blocks]


@contextlib.contextmanager
def served(folder):
    """The address of a folder's files."""
    handler = functools.partial(Quiet, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def no_python(monkeypatch):
    """What SQL cannot tell stays: tests/test_retelling_elsewhere.py has it told by Python."""
    monkeypatch.setattr("coursewright.courses.retelling.blocks.can_ask", lambda: False)


@pytest.mark.usefixtures("parts", "no_python")
def test_readers_have_a_page_told_again(chromium, tmp_path):  # noqa: F811 - a fixture
    root = course_of(RAIN, tmp_path / "a [b] ü")
    other = sentences(root, year=2020, town="Ås")
    missing = sentences(root, year=2020, town="Bergen")
    built = sentences(root)
    assert built != other != missing
    with served(root / "build" / "site") as address:
        command = [str(shutil.which("node")), NODE / "retelling.js", address, "index.html", chromium]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["refused"] == []
    assert found["errors"] == []
    begun = [name for name in found["before"] if "duckdb" in name or name.endswith(("json", "gz"))]
    assert set(begun) <= {"offline.json"}  # which the service worker reads, where there is one
    assert found["chosen"] == ["retelling/index.json"]  # with the towns of the year; the engine waits for the button
    assert (
        found["built"]["blocks"]
        == found["back"]["blocks"]
        == found["none"]["blocks"]
        == found["broken"]["blocks"]
        == built
    )
    assert found["other"]["blocks"][:2] == found["forward"]["blocks"][:2] == other[:2]
    assert found["other"]["blocks"][2:] == built[2:]
    assert found["missing"]["blocks"][:2] == missing[:2]
    assert found["other"]["status"] == "Told for Year 2020, Town Ås."
    assert found["other"]["query"] == "?year=2020&town=%C3%85s"
    assert found["other"]["stays"] == ["This part is as the page was built: Year 2019, Town Bergen."] * 2
    assert found["other"]["cells"] == ["Bergen", "", "Ås", "1,024.25", "Tromsø", "980.00", "Lillehammer", "5.00"]
    assert found["built"]["cells"] == found["back"]["cells"] == ["Bergen", "2,250.5", "Oslo", "763.0"]
    assert [found[name]["sorts"] for name in ("built", "other", "back")] == [0, 2, 0]
    assert [found[name]["downloads"] for name in ("built", "other", "back")] == [1, 1, 1]
    assert found["back"]["stays"] == []
    assert found["back"]["status"] == "Told for Year 2019, Town Bergen."
    assert found["none"]["status"] == "This cannot be told here: there is no Town Paris. The page is as it was."
    assert found["broken"]["status"].startswith("This cannot be told here: ")
    assert found["axe"] == []
    assert built[0][0] in found["plain"]


EXACT = {
    "course.toml": """
        [course]
        title = "Exact"
        [parameters]
        whole = { default = 42, choices = [42, 9007199254740993, -9223372036854775808] }
        constructor = { default = 0.5, choices = [0.5, 2.0] }
        length = { default = true, choices = [true, false] }
        [runtimes]
        here = true
        """,
    "tables/one.sql": "SELECT 1 AS id",
    "facts/exact.sql": """
        /*---
        title = "Exact"
        tell = "#whole#, #fraction#, #sure#"
        ---*/
        SELECT id, CAST(:whole AS VARCHAR) AS whole, CAST(:constructor AS VARCHAR) AS fraction, NOT :length AS sure
        FROM one
        """,
    "grammars/exact.yaml": """
        origin: "#whole# or #half#"
        """,
    "pages/index.md": """
        # Exact

        ```{form}
        ```

        ```{facts}
        ```

        ```{tell} exact
        SELECT :whole AS whole, CAST(:constructor / 4 AS VARCHAR) AS half
        ```
        """,
}


@pytest.mark.usefixtures("parts")
def test_what_readers_choose_is_the_same_value_there(chromium, tmp_path):  # noqa: F811 - a fixture
    root = course_of(EXACT, tmp_path)
    other = sentences(root, whole=9007199254740993, constructor=2.0, length=False)
    sentences(root)
    with served(root / "build" / "site") as address:
        query = "index.html?whole=9007199254740993&constructor=2&length=false"
        command = [str(shutil.which("node")), NODE / "retold_once.js", address + query, chromium]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == other == [["9007199254740993, 2.0, true"], ["9007199254740993 or 0.5"]]
    assert (root / "build" / "site" / "open.py").is_file()
    licences = root / "build" / "site" / "runtimes" / "licences"
    assert sorted(file.name for file in licences.iterdir()) == ["arrow.txt", "duckdb.txt"]


@pytest.mark.usefixtures("parts")
def test_check_says_what_the_engine_of_the_browser_refuses(tmp_path, monkeypatch):
    root = course_of(RAIN, tmp_path)
    remarks = []
    assert check(root, report=remarks.append) == []
    assert not any(ENGINE in remark for remark in remarks)
    finder = RAIN["facts/wettest.sql"].replace(
        "town, rain FROM", "json_extract_string(json_object('t', town), 't') AS town, rain FROM"
    )
    course_of({"facts/wettest.sql": finder}, root)
    assert check(root, report=remarks.append) == []
    (said,) = [remark for remark in remarks if ENGINE in remark]
    assert said.startswith(f"{root / 'facts' / 'wettest.sql'}:6: not in {ENGINE}: ")
    assert said.endswith(
        "; pages/index.md stays as it was built when a reader chooses something else: "
        "write it without that, or leave it out of this page"
    )
    assert "json_" in said
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))
    assert check(root, report=remarks.append) == []
    assert remarks[-1] == (
        f"pages were not tried in {ENGINE}: DuckDB for the browser was not fetched yet: "
        "run: coursewright runtimes fetch duckdb"
    )


@pytest.mark.usefixtures("parts")
def test_an_engine_that_does_not_come_back_is_stopped():
    late, later = run(["SELECT 1", "SELECT 2"], seconds=0.001)
    assert late.error == "no answer within 0.001 seconds, and what comes after it was not tried"
    assert (later.rows, later.error) == ((), "")


@pytest.mark.usefixtures("parts", "no_python")
def test_what_stays_is_said_to_the_author(tmp_path):
    root = course_of(RAIN, tmp_path)
    remarks = build(open_course(root), only=["site"]).remarks
    run = "; Python in the page tells it: run: coursewright runtimes fetch pyodide msgspec"
    assert [remark.removeprefix(f"{root}/") for remark in remarks if "stays" in remark] == [
        "pages/index.md:22, {tell}: this stays as it was built when a reader chooses something else: "
        f"the modifier .possessive{run}",
        "pages/index.md:27, {tell}: this stays as it was built when a reader chooses something else: "
        f"words chosen by share, of the type DECIMAL(4,2){run}",
    ]


@pytest.mark.usefixtures("parts")
def test_without_the_engine_the_page_reads_as_built_until_it_is_fetched(tmp_path, monkeypatch):
    root = course_of(RAIN, tmp_path / "course")
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))
        remarks = build(open_course(root), only=["site"]).remarks
    said = "no page can be told again yet, since DuckDB was not fetched: run: coursewright runtimes fetch duckdb arrow"
    assert said in remarks
    script = root / "build" / "site" / "retelling" / "page.mjs"
    assert not script.exists()
    assert said not in build(open_course(root), only=["site"]).remarks
    assert script.exists()


@pytest.mark.usefixtures("parts")
def test_tables_that_are_too_large_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("coursewright.sites.retelling.told.LARGEST", 100)
    with pytest.raises(CoursewrightError) as told:
        build(open_course(course_of(RAIN, tmp_path)), only=["site"])
    assert "MB of tables to be told again, and at most" in str(told.value)
    assert 'hint: the largest is "rain", ' in str(told.value)
    where = told.value.problem.where
    assert where.file.read_text(encoding="utf-8").split("\n")[where.line - 1].startswith("```{form}")
    assert check(tmp_path, report=print) == [told.value.problem]


FOREVER = "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT (n + 1) % 7 FROM t WHERE :jahr = 2020)"
LINKED = 'choices: "SELECT ort FROM regen WHERE jahr = :jahr ORDER BY ort"'
FORM = """
        ---
        parameters:
          jahr: { default: 2019, label: Jahr, choices: [2019, 2020, 2021] }
          ort: { default: Bergen, label: Ort, %s }
        ---

        # %s

        ```{form}
        ```

        ```{facts} %s
        ```
        """
TROUBLES = {
    "course.toml": """
        [course]
        title = "Regen"
        language = "de"
        [runtimes]
        here = true
        [parameters]
        jahr = 2019
        ort = "Bergen"
        [tables]
        regen = "data/regen.csv"
        """,
    "data/regen.csv": """
        jahr,ort,regen
        2019,Bergen,2250
        2020,Bergen,1800
        2020,Ås,1024
        2021,\ufdd0,1
        """,
    **{
        f"facts/{name}.sql": f"""
        /*---
        title = "{title}"
        tell = "#ort#: #regen#"
        ---*/
        {select}
        """
        for name, title, select in (
            ("menge", "Die Menge", "SELECT ort, regen FROM regen WHERE jahr = :jahr AND ort = :ort"),
            ("endlos", "Endlos", f"{FOREVER} SELECT 'Ort' AS ort, count(*) AS regen FROM t"),
            (
                "json",
                "Aus JSON",
                "SELECT CAST(json_object('a', :jahr) AS VARCHAR) AS ort, 1 AS regen FROM regen WHERE ort = 'Ås'",
            ),
        )
    },
    **{
        f"pages/{name}.md": FORM % (LINKED, title, name)
        for name, title in (("menge", "Menge"), ("endlos", "Endlos"), ("json", "JSON"))
    },
}
CANNOT = "Das kann hier nicht erzählt werden: {}. Die Seite ist, wie sie war."


@pytest.fixture(scope="module")
def troubled(tmp_path_factory):
    """A site in German, whose engine has two seconds for a statement."""
    root = course_of(TROUBLES, tmp_path_factory.mktemp("troubles"))
    build(open_course(root), only=["site"])
    for told in (root / "build" / "site" / "retelling").glob("*.json"):
        about = json.loads(told.read_bytes())
        assert about["seconds"] == 20
        told.write_text(json.dumps({**about, "seconds": 2}), encoding="utf-8")
    return root / "build" / "site"


def visits(site, chromium, *asked):  # noqa: F811 - a fixture
    with served(site) as address:
        command = [str(shutil.which("node")), NODE / "retold_troubles.js", address, chromium]
        done = subprocess.run(command, input=json.dumps(asked), capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [each.pop("errors") for each in found] == [[]] * len(asked)
    return found


@pytest.mark.usefixtures("parts")
def test_a_query_that_never_ends_is_stopped_and_the_next_begins_anew(chromium, troubled):  # noqa: F811 - a fixture
    ours, quick = [["jahr", "2020"]], [["jahr", "2020"], ["ort", "Ås"]]
    slow, json_, last = visits(
        troubled,
        chromium,
        {"page": "endlos.html", "picks": [ours]},
        {"page": "json.html", "picks": [ours]},
        {"page": "menge.html", "picks": [ours, quick]},
    )
    late = "die Datenbank gab auf „Endlos“ binnen 2 Sekunden keine Antwort und wurde angehalten"
    assert (slow["status"], slow["texts"]) == (CANNOT.format(late), ["Ort: 1"])
    assert json_["status"].startswith(CANNOT.partition("{}")[0] + "die Datenbank lehnt „Aus JSON“ ab (")
    assert json_["texts"] == ['{"a":2019}: 1']
    assert (last["status"], last["texts"]) == ("Erzählt für Jahr 2020, Ort Ås.", ["Ås: 1024"])
    assert last["query"] == "?jahr=2020&ort=%C3%85s"


@pytest.mark.usefixtures("parts")
def test_what_is_missing_or_wrong_is_said_in_the_language_of_the_course(chromium, troubled):  # noqa: F811 - a fixture
    ours, page = [["jahr", "2020"]], "menge.html"
    cases = {
        "dieser Browser hat kein WebAssembly": {"lost": "WebAssembly", "picks": [ours]},
        "die Datenbank startet nicht": {"missing": "**/*.wasm.gz", "picks": [ours]},
        "etwas, das sie braucht, ist nicht da": {"missing": "**/*.arrow.gz", "picks": [ours]},
        "Jahr abc gibt es nicht": {"page": f"{page}?jahr=abc&ort=Bergen"},
        "Jahr 2020.0 gibt es nicht": {"page": f"{page}?jahr=2020.0"},
        "Ort Ås gibt es nicht": {"page": f"{page}?jahr=2019&ort=%C3%85s"},
        "einen Text von „Die Menge“ kann der Browser nicht erzählen": {"page": f"{page}?jahr=2021"},
    }
    for why, found in zip(
        cases, visits(troubled, chromium, *({"page": page, **each} for each in cases.values())), strict=True
    ):
        assert (found["status"], found["texts"]) == (CANNOT.format(why), ["Bergen: 2250"])
    assert found["chosen"] == ["2021", "\ufdd0"]
    stored, first = visits(
        troubled, chromium, {"page": page, "lost": "storage", "picks": [ours]}, {"page": f"{page}?x=1&jahr=2020"}
    )
    assert (stored["texts"], stored["query"]) == (["Bergen: 1800"], "")
    assert (first["texts"], first["chosen"]) == (["Bergen: 1800"], ["2020", "Bergen"])


LINKED_PAGES = {
    "course.toml": """
        [course]
        title = "First links"
        url = "https://example.org/c/"
        [runtimes]
        here = true
        lite = "https://example.org/lite/"
        [parameters]
        year = { default = 2019, label = "Year", choices = [2019, 2020] }
        [tables]
        rain = "data/rain.csv"
        """,
    "data/rain.csv": "year,town,mm\n2019,Oslo,763\n2020,Oslo,980\n",
    "pages/index.md": "# Cells\n\n```{code-cell} python\n6 * 7\n```\n",
    "pages/rain.md": """
        # Rain

        ```{form}
        ```

        ```{tell}
        :rows: rain
        origin: "#year#: #mm# mm. "
        ```

        ```{facts}
        ```
        """,
    "facts/wet.sql": """
        /*---
        title = "Wet"
        tell = "#mm# mm in #year#"
        ---*/
        SELECT year, mm FROM rain WHERE year = :year
        """,
    "pages/years/year.md": """
        ---
        name: "{{ of }}"
        title: In {{ of }}
        date: "{{ of }}-01-01"
        for_each: SELECT year AS of FROM rain ORDER BY 1
        ---

        # In {{ of }}

        ```{pages} year
        :form: choice
        :title: Another year
        ```
        """,
    "pages/years/index.md": "# Years\n",
}


@pytest.mark.usefixtures("parts")
def test_the_first_link_of_each_entry_opens_where_it_runs(chromium, tmp_path):  # noqa: F811 - a fixture
    if missing():
        pytest.skip(missing())
    root = course_of(LINKED_PAGES, tmp_path)
    build(open_course(root), only=["site"])
    items = json.loads((root / "build/site/feed.json").read_bytes())["items"]
    first = {item["url"].rpartition("/c/")[2]: item["_coursewright"]["run"][0] for item in items}
    assert {page: (link["title"], link["url"].partition("#")[2]) for page, link in first.items()} == {
        "": ("here, in the page", "site.cell"),
        "rain.html": ("here, in the page", "site.told"),
        "years/2019.html": ("Another year", "site.choice"),
        "years/2020.html": ("Another year", "site.choice"),
        "years/": ("JupyterLite", ""),
    }
    pages = ["", "rain.html", "years/2019.html"]
    with served(root / "build" / "site") as address:
        asked = [first[page]["url"].replace("https://example.org/c/", address) for page in pages]
        command = [str(shutil.which("node")), NODE / "first_links.js", chromium]
        done = subprocess.run(command, input=json.dumps(asked), capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == ["42", "980 mm in 2020", "In 2020"]


STREETS = {
    "course.toml": """
        [course]
        title = "Streets"
        [parameters]
        land = { default = "no", label = "Land", choices = ["no", "de"] }
        town = { default = "Oslo", label = "Town", choices = "SELECT DISTINCT town FROM s WHERE land = :land" }
        street = { default = "A", choices = "SELECT street FROM s WHERE town = :town AND land = :land" }
        [tables]
        s = "data/s.csv"
        """,
    "data/s.csv": "land,town,street\nno,Oslo,A\nno,Oslo,B\nno,Røst,C\nde,Ulm,D\n",
    "pages/index.md": "# Streets\n\n```{form}\n```\n\n```{table} s\n```\n",
}


def test_choices_are_those_of_what_can_be_chosen_together(tmp_path, monkeypatch):
    """Two that hang on each other have no combination that no reader can come to, and none is missing."""
    course = open_course(course_of(STREETS, tmp_path))
    database = course.database()
    (page,) = plan(course, database)[0]
    given, fields = materials(course, database, page), frozenset({"land", "town", "street"})
    assert choices_at(given, fields) == {
        "street": {
            '["no","Oslo"]': [("A", "A"), ("B", "B")],
            '["no","Røst"]': [("C", "C")],
            '["de","Ulm"]': [("D", "D")],
        },
        "town": {'["no"]': [("Oslo", "Oslo"), ("Røst", "Røst")], '["de"]': [("Ulm", "Ulm")]},
    }
    monkeypatch.setattr("coursewright.courses.retelling.choices._MOST", 2)
    said = r'the choices of "street" hang on more than 2 values of land and town\n  --> .*course\.toml:6'
    with pytest.raises(CoursewrightError, match=said):
        choices_at(given, fields)
