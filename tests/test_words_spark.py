"""A Spark DataFrame is told batch by batch, as the same rows are on one machine."""

from __future__ import annotations

import os
import re
import shutil
import sys
import threading
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from coursewright.errors import CoursewrightError
from coursewright.words import Grammar, NotToldWarning, tell

pyspark = pytest.importorskip("pyspark", reason='pip install "coursewright[spark]"')
if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.skip("Spark runs on Java: apt-get install default-jre-headless", allow_module_level=True)

pytestmark = pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas")

VERBS = ["took", "had", "held"]
RULES = {
    "origin": ["#driver# #verb# #pos.ordinal#", "#verb.capitalize# #pos.ordinal#: #driver#"],
    "verb": VERBS,
}
GRAMMAR = Grammar(RULES)
FRAME = pd.DataFrame({"id": range(1000), "driver": [f"d{number % 97}" for number in range(1000)], "pos": range(1000)})
EXPECTED = tell(GRAMMAR, FRAME, key="id", seed=3).tolist()


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """The file that holds what Spark and its workers write to the standard error."""
    return tmp_path_factory.mktemp("spark") / "stderr"


@pytest.fixture(scope="module")
def spark(said):
    """A session of Spark in this machine alone, whose tasks are tried twice, and whose clock is that of New York."""
    from pyspark.sql import SparkSession

    settings = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
        "spark.sql.session.timeZone": "America/New_York",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(said.parent / "warehouse"),
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    kept = os.dup(2)
    with pytest.MonkeyPatch.context() as patch, said.open("wb") as file:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        os.dup2(file.fileno(), 2)
        try:
            session = SparkSession.builder.master("local[2,2]").config(map=settings).getOrCreate()
        finally:
            os.dup2(kept, 2)
            os.close(kept)
        yield session
        session.stop()
        gateway = pyspark.SparkContext._gateway
        gateway.shutdown()
        gateway.proc.stdin.close()
        gateway.proc.wait(30)
        pyspark.SparkContext._gateway = pyspark.SparkContext._jvm = None


@pytest.fixture(scope="module")
def rows(spark):
    """The rows in five partitions, of which one holds nearly all of them and one none."""
    context = spark.sparkContext
    records = [(int(one.id), one.driver, int(one.pos)) for one in FRAME.itertuples()]
    pieces = [records[:1], [], records[1:950], records[950:951], records[951:]]
    divided = context.union([context.parallelize(piece, 1) for piece in pieces])
    return spark.createDataFrame(divided, "id long, driver string, pos long").cache()


def texts_of(frame):
    """The texts of a told frame, by the rows' `id`."""
    return {row["id"]: row["text"] for row in frame.collect()}


def message_of(work):
    with pytest.raises(CoursewrightError) as caught:
        work()
    return str(caught.value)


def test_partitions_do_not_matter(rows):
    told = tell(GRAMMAR, rows, key="id", seed=3)
    assert isinstance(told, pyspark.sql.DataFrame)
    assert told.schema.simpleString() == "struct<id:bigint,driver:string,pos:bigint,text:string>"
    assert rows.rdd.getNumPartitions() == 5
    for frame in (rows, rows.repartition(7)):
        told = tell(GRAMMAR, frame, key="id", seed=3)
        assert [text for _, text in sorted(texts_of(told).items())] == EXPECTED
    two = [tuple(row) for row in tell(GRAMMAR, rows, key=["driver", "pos"]).orderBy("id").collect()]
    here = FRAME.assign(text=tell(GRAMMAR, FRAME, key=["driver", "pos"]))
    assert two == [tuple(row) for row in here.itertuples(index=False)]


def test_nothing_is_told_before_it_is_asked_for(spark):
    frame = spark.range(3).selectExpr("id", "raise_error('too soon') AS driver", "id AS pos")
    told = tell(GRAMMAR, frame, key="id")
    with pytest.raises(pyspark.errors.PySparkException, match="too soon"):
        told.collect()


def test_a_stream_of_rows(spark, rows, tmp_path):
    rows.write.parquet(str(tmp_path / "rows"))
    stream = spark.readStream.schema(rows.schema).parquet(str(tmp_path / "rows"))
    told = tell(GRAMMAR, stream, key="id", seed=3)
    assert told.isStreaming
    query = told.writeStream.format("memory").queryName("told").trigger(availableNow=True).start()
    query.awaitTermination()
    assert [text for _, text in sorted(texts_of(spark.table("told")).items())] == EXPECTED


def test_values_print_as_on_one_machine(spark, tmp_path):
    frame = spark.sql("""
        SELECT 1 AS id, timestamp'2018-04-08 12:00:00' AS moment, timestamp_ntz'2018-04-08 12:00:00' AS naive,
            CAST(1.5 AS decimal(38, 18)) AS exact, date'2018-04-08' AS day, CAST(NULL AS int) AS gone, 0.1f AS short,
            1e20 AS real, double('NaN') AS nan, CAST(3 AS tinyint) AS small, true AS yes,
            CAST('abc' AS binary) AS bytes, array(timestamp'2018-04-08 12:00:00') AS moments,
            map('k', timestamp'2018-07-08 12:00:00') AS map,
            named_struct('at', timestamp'2018-07-08 12:00:00', 'part', 1.5f) AS struct, 'HAM' AS driver
    """)
    frame.write.parquet(str(tmp_path / "rows"))
    grammar = Grammar({"origin": "|".join(f"#{name}.or(-)#" for name in frame.columns)})
    here = pq.read_table(tmp_path / "rows")
    [text] = tell(grammar, here, key="id").to_pylist()
    assert text == (
        "1|2018-04-08 16:00:00+00:00|2018-04-08 12:00:00|1.500000000000000000|2018-04-08|-|0.1|1e+20|-|3|true|abc|"
        "2018-04-08 16:00:00+00:00|k: 2018-07-08 16:00:00+00:00|at: 2018-07-08 16:00:00+00:00 and part: 1.5|HAM"
    )
    told = tell(grammar, spark.read.parquet(str(tmp_path / "rows")), key="id")
    assert texts_of(told) == texts_of(tell(grammar, frame, key="id")) == {1: text}
    told.write.parquet(str(tmp_path / "told"))
    there = pq.read_table(tmp_path / "told")
    assert str(there.to_pylist()) == str([{**here.to_pylist()[0], "text": text}])


def test_columns_of_any_name(spark):
    frame = spark.sql("SELECT 1 AS id, 'n' AS name, 'r' AS _row, 'dot' AS `a.b`, 'tick' AS `c``d`, 'x' AS `a b#`")
    told = tell(Grammar({"origin": "#name# #_row# #`a.b`# #`a b#`#"}), frame, key=["a.b", "c`d"])
    assert told.columns == ["id", "name", "_row", "a.b", "c`d", "a b#", "text"]
    assert [tuple(row) for row in told.collect()] == [(1, "n", "r", "dot", "tick", "x", "n r dot x")]


UNTOLD = {
    "interval month": "interval '1' month",
    "interval": "make_interval(1)",
    "variant": "parse_json('{}')",
    "array<interval month>": "array(interval '1' month)",
}


@pytest.mark.parametrize("kind", UNTOLD)
def test_types_that_no_other_program_has(spark, kind):
    frame = spark.sql(f"SELECT 1 AS id, {UNTOLD[kind]} AS x")
    assert message_of(lambda: tell(GRAMMAR, frame.selectExpr("*", "'a' AS driver", "1 AS pos"), key="id")) == (
        f'error: the column "x" holds values of the type {kind.removeprefix("array<").removesuffix(">")}, '
        "which cannot be told\n  --> tell, rows\nhint: leave the column out, or cast it to a string"
    )


def test_what_rows_without_an_order_cannot_be_told_by(rows):
    assert message_of(lambda: tell(GRAMMAR, rows)) == (
        "error: choices go by the position of a row, and rows of a Spark DataFrame have none\n  --> tell, key\n"
        'hint: name the column, or the columns, that tell rows apart: key="id"'
    )
    in_turn = Grammar({**RULES, "verb": {"no repeat": VERBS}})
    assert message_of(lambda: tell(in_turn, rows, key="id")) == (
        'error: "no repeat" in the rule "verb" goes by the position of a row, and rows of a Spark DataFrame have none\n'
        "  --> grammar, rule verb\nhint: write its texts as a plain list, or tell the rows where they have an order: "
        "in a file, by tell_file"
    )
    unused = Grammar({**RULES, "other": {"no repeat": VERBS}})
    assert texts_of(tell(unused, rows, key="id", seed=3))[0] == EXPECTED[0]
    assert message_of(lambda: tell(GRAMMAR, rows, key="driver", by="driver")) == (
        "error: rows of one group may lie in several partitions of a Spark DataFrame\n  --> tell, by\n"
        "hint: group them first, with a list for each column that texts are made of, and name the group by "
        'key="driver"'
    )


def test_groups_that_are_grouped_first(rows):
    grammar = Grammar({"origin": ["#driver#: #pos.list#", "#pos# for #driver#"]})
    grouped = (
        rows.groupBy("driver")
        .agg({"pos": "collect_list"})
        .selectExpr("driver", "sort_array(`collect_list(pos)`) AS pos")
    )
    told = {row["driver"]: row["text"] for row in tell(grammar, grouped, key="driver").collect()}
    assert told == tell(grammar, FRAME, key="driver", by="driver").to_dict()


def test_frames_that_cannot_be_told(rows):
    said = 'error: there is a column "text" already\n  --> tell, rows\n'
    hint = 'hint: rename it: the texts come as a column "text" beside the others'
    for name in ("text", "Text"):
        frame = rows.withColumnRenamed("pos", name)
        assert message_of(lambda frame=frame: tell(Grammar({"origin": "#id#"}), frame, key="id")) == said + hint
    assert message_of(lambda: tell(GRAMMAR, rows.join(rows, "id"), key="id")) == (
        'error: the column "driver" is there twice\n  --> tell, rows\nhint: rename one of them'
    )
    assert message_of(lambda: tell(GRAMMAR, rows, key="ids")) == (
        'error: no column called "ids"\n  --> tell, key\nhint: did you mean "id"? Available: driver, id, pos'
    )
    assert message_of(lambda: tell(GRAMMAR, rows.groupBy("id"), key="id")).startswith(
        "error: rows are not a GroupedData\n"
    )
    lock = threading.Lock()
    shouting = Grammar({"origin": "#driver.shout#"}, modifiers={"shout": lambda text, *_: lock and text})
    assert message_of(lambda: tell(shouting, rows, key="id")) == (
        "error: the modifier \"shout\" cannot be sent to other machines: cannot pickle '_thread.lock' object\n"
        "  --> tell, grammar\nhint: let it open or make what it needs when it is called, instead of holding it"
    )
    with pytest.warns(NotToldWarning, match='no column or rule called "drver"') as caught:
        tell(Grammar({"origin": "#drver#"}), rows, key="id")
    assert caught[0].filename == __file__


def test_rows_without_a_text(rows, said):
    holey = rows.selectExpr("id", "driver", "CASE WHEN id <> 700 THEN pos END AS pos")
    told = tell(Grammar({"origin": "#pos#"}), holey, key="id")
    assert [row["id"] for row in told.filter("text = ''").collect()] == [700]
    tell(Grammar({"origin": "#driver#"}), rows, key="driver").collect()
    written = said.read_text()
    assert 'there is no text: row 699 (id "700") of partition 2\n' in written
    assert 'rows that share their key, "driver", make the same choices\n' in written
    with pytest.raises(
        pyspark.errors.PythonException, match=r"^An exception was thrown from the Python worker"
    ) as caught:
        tell(Grammar({"origin": "#pos#"}, strict=True), holey, key="id").collect()
    assert re.search(
        r'error: "pos" has no value, and nothing stands for it: row 699 \(id "700"\) of partition 2\n'
        r"  --> grammar, rule origin\nhint: write #pos\.or\(…\)#",
        str(caught.value),
    )


def test_a_worker_that_is_killed(rows, tmp_path):
    here = str(tmp_path / "killed")

    def deadly(text, *_):
        from os import getpid, kill
        from pathlib import Path

        if text == "d50" and not Path(here).exists():
            Path(here).touch()
            kill(getpid(), 9)
        return text.upper()

    grammar = Grammar({**RULES, "origin": "#driver.deadly# #verb# #pos.ordinal#"}, modifiers={"deadly": deadly})
    told = texts_of(tell(grammar, rows, key="id"))
    assert Path(here).exists()
    assert [text for _, text in sorted(told.items())] == tell(grammar, FRAME, key="id").tolist()


def test_the_example_of_the_guide(spark, tmp_path):
    guide = Path(__file__).parent.parent / "docs" / "guides" / "telling-on-a-cluster.md"
    code = re.search(r"<!-- run by: tests/test_words_spark.py -->\n```python\n(.*?)```", guide.read_text(), re.DOTALL)
    frame = FRAME.iloc[:90].rename(columns={"pos": "position"})
    frame.to_parquet(tmp_path / "results")
    source = (
        code[1].replace('"results"', repr(str(tmp_path / "results"))).replace('"told"', repr(str(tmp_path / "told")))
    )
    names = {}
    exec(source, names)  # noqa: S102 - what the guide says
    assert names["spark"] is spark
    told = pq.read_table(tmp_path / "told").to_pandas().sort_values("id")
    assert told["text"].tolist() == tell(names["grammar"], frame, key="id").tolist()
