"""A Dask DataFrame is told partition by partition, as the same rows are on one machine."""

from __future__ import annotations

import datetime
import os
import pickle
import re
import signal
import subprocess
import sys
import threading
import warnings
from decimal import Decimal
from pathlib import Path

import cloudpickle
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursewright import __version__
from coursewright.errors import CoursewrightError, Problem, SeveralProblems
from coursewright.words import Grammar, MissingValueWarning, NotToldWarning, tell, tell_file
from coursewright.words.clusters import errand, of_dask, of_ray

dask = pytest.importorskip("dask", reason='pip install "coursewright[cluster]"')
dd = pytest.importorskip("dask.dataframe", reason='pip install "coursewright[cluster]"')
distributed = pytest.importorskip("distributed", reason='pip install "coursewright[cluster]"')

pytestmark = pytest.mark.filterwarnings("ignore:The inplace keyword in DataFrame")  # how Dask calls pandas

VERBS = ["took", "had", "held"]
RULES = {
    "origin": ["#driver# #verb# #pos.ordinal#", "#verb.capitalize# #pos.ordinal#: #driver#"],
    "verb": VERBS,
}
GRAMMAR = Grammar(RULES)
IN_TURN = Grammar({**RULES, "verb": {"no repeat": VERBS}})
FRAME = pd.DataFrame(
    {"id": range(1000), "driver": [f"d{number % 97}" for number in range(1000)], "pos": range(1000)},
    index=pd.RangeIndex(500, 1500, name="at"),
)


@pytest.fixture(autouse=True)
def _in_this_process():
    with dask.config.set(scheduler="sync"):
        yield


@pytest.fixture(scope="module")
def client():
    """Two processes that work, on loopback."""
    address = {"host": "127.0.0.1", "dashboard_address": "127.0.0.1:0"}
    with (
        distributed.LocalCluster(
            n_workers=2, processes=True, threads_per_worker=1, silence_logs=50, **address
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        yield client


def parts(frame, sizes):
    """A frame in partitions of these sizes, each made when it is asked for."""
    ends = [sum(sizes[: at + 1]) for at in range(len(sizes))]
    pieces = [frame.iloc[end - size : end] for size, end in zip(sizes, ends, strict=True)]
    return dd.from_map(lambda piece: piece, pieces, meta=frame.iloc[:0])


def texts_of(grammar, frame, **options):
    """The texts of a Dask DataFrame and of its rows in one process, which are to be the same."""
    told = tell(grammar, frame, **options)
    assert isinstance(told, dd.Series)
    assert (told.name, told.npartitions, told.divisions) == ("text", frame.npartitions, frame.divisions)
    assert told.dtype == pd.StringDtype("pyarrow")
    texts = told.compute()
    here = tell(grammar, frame.compute(), **options)
    assert texts.tolist() == here.tolist()
    assert texts.index.equals(here.index)
    return texts.tolist()


@pytest.mark.parametrize("key", [None, "id", ["driver", "pos"]])
@pytest.mark.parametrize("grammar", [GRAMMAR, IN_TURN], ids=["any", "no repeat"])
def test_partitions_do_not_matter(grammar, key):
    expected = tell(grammar, FRAME, key=key, seed=3).tolist()
    for sizes in ([1000], [0, 1, 998, 0, 1], [60] * 16 + [40]):
        assert texts_of(grammar, parts(FRAME, sizes), key=key, seed=3) == expected
    divided = dd.from_pandas(FRAME, npartitions=7)
    assert divided.known_divisions
    assert texts_of(grammar, divided, key=key, seed=3) == expected


@settings(max_examples=12)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=6), st.booleans(), st.integers(0, 3))
def test_however_the_rows_are_divided(sizes, keyed, seed):
    frame = FRAME.iloc[: sum(sizes)]
    texts_of(IN_TURN, parts(frame, sizes), key="id" if keyed else None, seed=seed)


def test_a_large_partition_is_told_piece_by_piece(monkeypatch):
    expected = tell(IN_TURN, FRAME).tolist()
    seen = []
    monkeypatch.setattr(of_dask, "BATCH", 128)
    monkeypatch.setattr(of_dask, "take", lambda piece, take=of_dask.take: seen.append(len(piece)) or take(piece))
    assert tell(IN_TURN, parts(FRAME, [0, 990, 10])).compute().tolist() == expected
    assert sorted(seen) == [10, 94, *[128] * 7]


def test_nothing_is_told_before_it_is_asked_for():
    def never(number):
        raise AssertionError(number)

    frame = dd.from_map(never, range(3), meta=FRAME.iloc[:0])
    told = tell(GRAMMAR, frame)
    with pytest.raises(AssertionError, match=r"^[01]$"):  # all before it are counted
        told.partitions[1].compute()


def test_one_partition_alone_has_the_texts_that_it_has_among_all():
    told = tell(IN_TURN, parts(FRAME, [300, 0, 500, 200]))
    assert told.partitions[2].compute().tolist() == tell(IN_TURN, FRAME).tolist()[300:800]


@pytest.mark.parametrize("filesystem", ["fsspec", "arrow"])
def test_from_a_folder_of_parquet_to_another(tmp_path, filesystem):
    wide = FRAME.assign(**{f"unused{number}": "long text" for number in range(12)})  # so that Dask joins small files
    dd.from_pandas(wide, npartitions=5).to_parquet(tmp_path / "rows")
    rows = dd.read_parquet(tmp_path / "rows", filesystem=filesystem)
    some = rows[rows["pos"] > 100]
    some.assign(text=tell(IN_TURN, some, seed=1)).to_parquet(tmp_path / "told")
    told = dd.read_parquet(tmp_path / "told", filesystem=filesystem).compute()
    here = some.compute()
    assert told.sort_values("id")["text"].tolist() == (
        here.assign(text=tell(IN_TURN, here, seed=1).tolist()).sort_values("id")["text"].tolist()
    )
    assert "unused3" not in str(tell(IN_TURN, rows).optimize().expr.tree_repr())


def test_columns_of_any_name():
    frame = FRAME.assign(name="n", text="t", _row="r", **{"a.b": "dot", "a`b": "tick", "#": "hash"})
    grammar = Grammar({"origin": "#name# #text# #_row# #`a.b`# #driver#"})
    assert texts_of(grammar, dd.from_pandas(frame, npartitions=3), key=["a.b", "id"])[1] == "n t r dot d1"


def test_values_print_as_on_one_machine(tmp_path):
    zone = datetime.timezone(datetime.timedelta(hours=2))
    moment = datetime.datetime(2018, 4, 8, 12, tzinfo=zone)
    table = pa.table(
        {
            "id": [1, 2, 3],
            "whole": [1, None, 3],
            "real": [0.1, None, 1e20],
            "short": pa.array([0.1, None, 2.5], pa.float32()),
            "exact": pa.array([Decimal("1.50"), None, Decimal("-0.000000000000000001")], pa.decimal128(38, 18)),
            "day": [datetime.date(2018, 4, 8), None, datetime.date(1970, 1, 1)],
            "naive": [datetime.datetime(2018, 4, 8, 12), None, datetime.datetime(2018, 4, 8)],
            "moment": pa.array([moment, None, moment], pa.timestamp("us", "Europe/London")),
            "kind": pa.array(["a", None, "b"]).dictionary_encode(),
            "true": [True, None, False],
            "list": [["HAM", "BOT"], None, []],
            "struct": [{"a": 1, "b": "x"}, None, {"a": 2, "b": None}],
            "text": ["", None, "true"],
        }
    )
    grammar = Grammar({"origin": "|".join(f"#{name}.or(-)#" for name in table.column_names), "x": ["p", "q"]})
    for at in range(3):
        (tmp_path / "rows").mkdir(exist_ok=True)
        pq.write_table(table.slice(at, 1), tmp_path / "rows" / f"{at}.parquet")
    expected = tell(grammar, table, key="id").to_pylist()
    assert expected[0] == (
        "1|1|0.1|0.1|1.500000000000000000|2018-04-08|2018-04-08 12:00:00|2018-04-08 11:00:00+01:00|a|true|HAM and BOT"
        "|a: 1 and b: x|"
    )
    for backend in (None, "pyarrow"):
        rows = dd.read_parquet(tmp_path / "rows", dtype_backend=backend)
        assert tell(grammar, rows, key="id").compute().tolist() == expected
    frame = pq.read_table(tmp_path / "rows").to_pandas()
    assert tell(grammar, frame, key="id").tolist() == expected
    with dask.config.set({"dataframe.convert-string": False}):
        assert tell(grammar, dd.from_pandas(frame, npartitions=2), key="id").compute().tolist() == expected


def test_groups_that_no_partition_tears():
    grammar = Grammar({"origin": ["#driver# in #pos.list#", "#pos# for #driver#"]})
    divided = dd.from_pandas(FRAME, npartitions=4).set_index("driver", drop=False)
    divided = divided.map_partitions(
        lambda part: part.sort_values("id")
    )  # as rows come from Dask's exchange in any order
    for key in ("driver", None):
        told = tell(grammar, divided, by="driver", key=key)
        here = tell(grammar, divided.compute(), by="driver", key=key)
        assert told.divisions == divided.divisions
        assert told.compute().to_dict() == here.to_dict()
        assert told.compute().index.name == "driver"
    alone = dd.from_pandas(FRAME, npartitions=1)
    assert (
        tell(grammar, alone, by=["driver", "pos"]).compute().tolist()
        == tell(grammar, FRAME, by=["driver", "pos"]).tolist()
    )


def message_of(work):
    with pytest.raises(CoursewrightError) as caught:
        work()
    return str(caught.value)


def test_groups_that_partitions_may_tear():
    frame = dd.from_pandas(FRAME, npartitions=4)
    said = "error: rows of one group may lie in several partitions of this Dask DataFrame\n  --> tell, by\n"
    hint = 'hint: divide it by its groups: frame.set_index("driver", drop=False)'
    assert message_of(lambda: tell(GRAMMAR, frame, by="driver")) == said + hint
    assert message_of(lambda: tell(GRAMMAR, frame, by=["driver", "pos"])) == (
        f"{said}{hint}, after making one column of those that name a group"
    )
    renamed = frame.assign(at=1)
    assert re.sub(r"\d", "N", message_of(lambda: tell(GRAMMAR, renamed, by="at").compute())) == (
        'error: the index "at" is not the column "at" in partition N, so that groups may be torn\n  --> tell, by\n'
        'hint: divide it by the column: frame.set_index("at", drop=False)'
    )
    assert message_of(lambda: tell(GRAMMAR, frame, by="drver")) == (
        'error: no column called "drver"\n  --> tell, by\nhint: did you mean "driver"? Available: driver, id, pos'
    )


def test_a_column_that_one_partition_lacks():
    pieces = [FRAME.iloc[:10], FRAME.iloc[10:20].drop(columns="id")]
    frame = dd.from_map(lambda piece: piece, pieces, meta=FRAME.iloc[:0])
    assert message_of(lambda: tell(GRAMMAR, frame, key="id").compute()) == (
        'error: no column called "id" in partition 1\n  --> tell, rows\n'
        "hint: give every partition the columns of the whole; where one has no values, let them be missing values"
    )


def test_a_key_without_a_value_in_one_partition():
    frame = FRAME.iloc[:20].assign(id=pd.array([*range(10), *[None] * 10], dtype="Int64"))
    with pytest.warns(UserWarning, match="^no row of partition 1 has a value in its key") as caught:
        told = tell(GRAMMAR, parts(frame, [10, 10]), key="id").compute()
    assert [str(one.message) for one in caught] == [
        'no row of partition 1 has a value in its key, "id", so that all make the same choices\n'
        "hint: name columns that tell rows apart in key=, if that is not meant"
    ]
    assert told.tolist() == tell(GRAMMAR, frame, key="id").tolist()


def test_keys_that_rows_share():
    frame = dd.from_pandas(FRAME, npartitions=3)
    with pytest.warns(UserWarning, match="share their key") as caught:
        told = tell(GRAMMAR, frame, key="driver").compute()
    assert {str(one.message) for one in caught} == {
        'rows that share their key, "driver", make the same choices\n'
        "hint: name columns that tell rows apart in key=, if that is not meant"
    }
    assert told.tolist() == tell(GRAMMAR, FRAME, key="driver").tolist()


def test_keys_of_any_kind():
    frame = FRAME.iloc[:20].assign(
        several=[[number % 5, 1] for number in range(20)],
        mixed=pd.Series([1, "a"] * 10, dtype=object, index=range(500, 520)),
    )
    with dask.config.set({"dataframe.convert-string": False}):
        for key in ("several", "mixed", ["several", "id"]):
            texts_of(GRAMMAR, dd.from_pandas(frame, npartitions=2), key=key)


def test_what_a_strict_grammar_and_a_plain_one_say_at_once():
    frame = dd.from_pandas(FRAME, npartitions=2)
    unknown = {"origin": "#drver#"}
    assert message_of(lambda: tell(Grammar(unknown, strict=True), frame)).startswith(
        'error: no column or rule called "drver"\n  --> grammar, rule origin\n'
    )
    with pytest.warns(NotToldWarning, match='no column or rule called "drver"') as caught:
        tell(Grammar(unknown), frame)
    assert caught[0].filename == __file__
    assert message_of(lambda: tell(GRAMMAR, frame, key="place")) == (
        'error: no column called "place"\n  --> tell, key\nhint: Available: driver, id, pos'
    )
    assert message_of(lambda: tell(GRAMMAR, frame["id"])).startswith("error: rows are not a Series\n")


HOLEY = FRAME.assign(pos=FRAME["pos"].where(FRAME["pos"] != 700).astype("Int64"))


def test_rows_without_a_text():
    plain, strict = Grammar({"origin": "#pos#"}), Grammar({"origin": "#pos#"}, strict=True)
    frame = parts(HOLEY, [400, 400, 200])
    with pytest.warns(MissingValueWarning, match=r'there is no text: row 300 \(id "700"\) of partition 1\n'):
        assert tell(plain, frame, key="id").compute().tolist() == [
            "" if one == 700 else str(one) for one in range(1000)
        ]
    with pytest.warns(MissingValueWarning, match=r"there is no text: row 701 of partition 1\n"):
        tell(plain, frame, first=1).compute()
    assert message_of(lambda: tell(strict, frame, key="id").compute()).startswith(
        'error: "pos" has no value, and nothing stands for it: row 300 (id "700") of partition 1\n'
        "  --> grammar, rule origin\nhint: write #pos.or(…)#"
    )


def test_what_cannot_be_pickled_is_named():
    lock = threading.Lock()
    grammar = Grammar({"origin": "#driver.shout#"}, modifiers={"calm": str, "shout": lambda text, *_: lock and text})
    frame = dd.from_pandas(FRAME, npartitions=2)
    assert message_of(lambda: tell(grammar, frame)) == (
        "error: the modifier \"shout\" cannot be sent to other machines: cannot pickle '_thread.lock' object\n"
        "  --> tell, grammar\nhint: let it open or make what it needs when it is called, instead of holding it"
    )
    escaping = Grammar({"origin": "#driver#"}, escape=lambda text: lock and text)
    assert message_of(lambda: tell(escaping, frame)).startswith(
        "error: the function `escape` cannot be sent to other machines: "
    )


def test_grammars_and_errors_travel(tmp_path):
    (tmp_path / "race.yaml").write_text("origin: '#driver# #verb#'\nverb: [took, had]\n")
    grammar = Grammar.read(tmp_path / "race.yaml", language="de-DE", strict=True)
    there = pickle.loads(pickle.dumps(grammar))  # noqa: S301 - written here
    assert (there.rules, there.language, there.strict) == (grammar.rules, "de-DE", True)
    assert str(there.where("verb")) == f"{tmp_path / 'race.yaml'}:2, rule verb"
    error = pickle.loads(pickle.dumps(SeveralProblems([Problem("one"), Problem("two")])))  # noqa: S301 - written here
    assert [problem.message for problem in error.problems] == ["one", "two"]


def test_a_machine_without_coursewright_says_so(tmp_path):
    sent = errand.on_worker("coursewright.words.clusters.of_dask", "tell_partition")
    (tmp_path / "sent").write_bytes(cloudpickle.dumps(sent))
    program = (
        "import pathlib, pickle, sys; sys.modules['coursewright'] = None\n"
        f"pickle.loads(pathlib.Path({str(tmp_path / 'sent')!r}).read_bytes())(1, 2)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.partition("RuntimeError: ")[2] == (
        f"a worker on {os.uname().nodename} cannot tell what Coursewright {__version__} asks for: "
        "Coursewright is not installed there\n"
        f"hint: {sys.executable} -m pip install coursewright=={__version__}, on each machine with a worker\n"
    )


def test_a_cluster_tells_what_one_machine_does(client):
    frame = parts(HOLEY, [0, 600, 150, 250])
    grammar = Grammar({**IN_TURN.rules, "origin": "#driver# #verb# #pos#"})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = tell(grammar, HOLEY).tolist()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert client.compute(tell(grammar, frame)).result().tolist() == expected
    said = [str(one.message) for one in caught if one.category is MissingValueWarning]
    assert len(said) == 1
    assert said[0].startswith('"pos" has no value, and nothing stands for it, so there is no text: row 700')
    assert "of partition 2\n" in said[0]
    strict = Grammar(grammar.rules, strict=True)
    with pytest.raises(CoursewrightError, match=r'row 700 \(id "700"\) of partition 2'):
        client.compute(tell(strict, frame, key="id")).result()


def test_another_coursewright_on_a_worker(client):
    def become(version):
        import coursewright

        coursewright.__version__ = version

    become.__module__ = "__main__"  # so that it travels whole
    client.run(become, "0.0.1")
    try:
        with pytest.raises(RuntimeError) as caught:
            client.compute(tell(GRAMMAR, dd.from_pandas(FRAME, npartitions=2))).result()
    finally:
        client.run(become, __version__)
    assert str(caught.value) == (
        f"a worker on {os.uname().nodename} cannot tell what Coursewright {__version__} asks for: "
        "Coursewright 0.0.1 is there\n"
        f"hint: {sys.executable} -m pip install coursewright=={__version__}, on each machine with a worker"
    )


def test_a_worker_that_is_killed(client, tmp_path):
    here = str(tmp_path / "killed")

    def deadly(text, *_):
        if text == "d50" and not Path(here).exists():
            Path(here).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return text.upper()

    grammar = Grammar({**RULES, "origin": "#driver.deadly# #verb# #pos.ordinal#"}, modifiers={"deadly": deadly})
    told = client.compute(tell(grammar, dd.from_pandas(FRAME, npartitions=8), key="id")).result()
    assert Path(here).exists()
    assert told.tolist() == tell(grammar, FRAME, key="id").tolist()


GUIDE = Path(__file__).parent.parent / "docs" / "guides" / "telling-on-a-cluster.md"
DRIVERS = pd.DataFrame({"id": range(90), "driver": [f"d{one % 7}" for one in range(90)], "position": range(90)})


def test_the_example_of_the_guide(tmp_path, monkeypatch):
    code = re.search(r"<!-- run by: tests/test_words_dask.py -->\n```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    dd.from_pandas(DRIVERS, npartitions=3).to_parquet("results")
    names = {}
    exec(code[1], names)  # noqa: S102 - what the guide says
    told = pl.read_parquet("told/*.parquet").sort("id")
    assert told["text"].to_list() == tell(names["grammar"], DRIVERS, key="id").tolist()
    tell_file(names["grammar"], "results/part.1.parquet", "one.parquet", key="id")  # on one machine
    assert pl.read_parquet("one.parquet")["text"].to_list() == told["text"].to_list()[30:60]


def test_a_batch_as_ray_hands_it_over():
    asked = errand.Errand(GRAMMAR, "origin", 3, ("id",), (), 0, tuple(FRAME.columns))
    batch = pa.Table.from_pandas(FRAME.iloc[40:60], preserve_index=False)
    told = of_ray.tell_batch(asked.packed(cloudpickle.dumps), batch)
    assert told.drop_columns("text").equals(batch)
    assert told["text"].to_pylist() == tell(GRAMMAR, FRAME, key="id", seed=3).tolist()[40:60]
