"""Rows told by workers, and folders of Parquet files: the same bytes as from one process."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusters import Cluster
from coursewright.cli import main
from coursewright.errors import CoursewrightError, UsageError
from coursewright.words import Grammar, MissingValueWarning, NotToldWarning, tell, tell_file
from coursewright.workers import Workers, open_workers
from coursewright.workers.local import LocalPool

pytestmark = pytest.mark.xdist_group("dask")

RULES = {
    "origin": ["#name# was placed #place.ordinal#.", "At #place.ordinal# came #name#[?, in #time#].", "#name# #time#"]
}
GRAMMAR = Grammar(RULES)
WHOLE = Grammar({"origin": RULES["origin"][:2]})  # which tells every row


def rows_of(count: int) -> pa.Table:
    return pa.table(
        {
            "id": list(range(count)),
            "name": [f"N{number % 97}" for number in range(count)],
            "place": pa.array([number % 30 + 1 for number in range(count)], pa.int16()),
            "time": [None if number % 5 == 0 else number / 8 for number in range(count)],
            "nested": [{"of": number} for number in range(count)],
        }
    )


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of a thousand rows, so that small files have many."""
    monkeypatch.setattr("coursewright.words.streaming.BATCH", 1_000)


@pytest.fixture(params=["local", "dask"])
def workers(request: pytest.FixtureRequest) -> Iterator[Workers]:
    address = "local" if request.param == "local" else request.getfixturevalue("dask_cluster").address
    with open_workers(address, jobs=2) as opened:
        yield opened


def told(rows: Path, output: Path, grammar: Grammar = GRAMMAR, **options: Any) -> tuple[bytes, list[str]]:
    """The file that was written, and what was warned of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        tell_file(grammar, rows, output, **options)
    ours = [one for one in caught if issubclass(one.category, MissingValueWarning | NotToldWarning)]
    return output.read_bytes(), [str(one.message) for one in ours]


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_the_bytes_are_those_of_one_process(workers: Workers, tmp_path: Path, ending: str) -> None:
    rows = tmp_path / "rows.parquet"
    table = rows_of(12_345)
    pq.write_table(table if ending == "parquet" else table.drop_columns("nested"), rows)
    grammar = Grammar({**RULES, "more": "#name.nothing# #place.ordinal# #nobody#"})
    for options in ({}, {"key": "id", "seed": 7}, {"rule": "more"}):
        alone, warned = told(rows, tmp_path / f"alone.{ending}", grammar, **options)
        assert warned
        assert told(rows, tmp_path / f"by.{ending}", grammar, workers=workers, **options) == (alone, warned)
    assert sorted(one.name for one in tmp_path.iterdir()) == [f"alone.{ending}", f"by.{ending}", "rows.parquet"]


def test_the_bytes_are_the_same_after_a_worker_was_killed(
    workers: Workers, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    rows = tmp_path / "rows.parquet"
    pq.write_table(rows_of(30_000), rows)
    local = "local" in request.node.name
    above = None if local else request.getfixturevalue("dask_cluster").started[0].pid

    def kill(done: int) -> None:
        if done == 3_000:
            below = psutil.Process(above).children(recursive=True)
            next(one for one in below if "spawn_main" in " ".join(one.cmdline())).kill()

    alone, _ = told(rows, tmp_path / "alone.parquet")
    assert told(rows, tmp_path / "by.parquet", workers=workers, progress=kill)[0] == alone


def test_a_strict_grammar_stops_at_the_same_row(workers: Workers, tmp_path: Path) -> None:
    rows, said = tmp_path / "rows.parquet", []
    pq.write_table(rows_of(5_000).slice(1, 4), rows)
    pq.write_table(pa.concat_tables([*[rows_of(5).slice(1, 4)] * 700, rows_of(5)]), rows)
    for by in (None, workers):
        with pytest.raises(CoursewrightError) as caught:
            tell_file(Grammar({"origin": "#time#"}, strict=True), rows, tmp_path / "out.parquet", workers=by)
        said.append(str(caught.value))
    assert said[0] == said[1]
    assert "row 2800" in said[0]
    assert not (tmp_path / "out.parquet").exists()


@settings(max_examples=30)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=6), st.sampled_from([None, "id", "name"]))
def test_the_parts_that_rows_are_told_in_change_nothing(sizes: list[int], key: str | None) -> None:
    from coursewright.words.far import FarRows, TellOrder, _packed, begin

    table = rows_of(sum(sizes)).combine_chunks()
    order = TellOrder(GRAMMAR, "origin", tuple(table.schema.names), 3, (key,) if key else ())
    do, at, texts = begin(order, None), 0, []
    for size in sizes:
        (batch,) = table.slice(at, size).to_batches()
        texts += do(FarRows(at, size, _packed(batch))).texts.to_pylist()
        at += size
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert texts == tell(GRAMMAR, table, seed=3, key=key).to_pylist()


def test_an_ended_run_is_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, output, said = tmp_path / "rows.parquet", tmp_path / "out.parquet", list[str]()
    pq.write_table(rows_of(20_000), rows)
    alone, _ = told(rows, tmp_path / "alone.parquet")
    given_away: list[int] = []
    give: Callable[..., None] = LocalPool.give
    monkeypatch.setattr(LocalPool, "give", lambda pool, *task: (given_away.append(task[0]), give(pool, *task))[1])

    def end(done: int) -> None:
        if done == 9_000:
            raise KeyboardInterrupt

    with open_workers("local", jobs=2) as workers, pytest.raises(KeyboardInterrupt):
        tell_file(GRAMMAR, rows, output, workers=workers, progress=end, report=said.append)
    kept = tmp_path / ".out.parquet.told"
    assert said == [f"what was told is kept in {kept}: the next run of the same goes on from there"]
    assert not output.exists()
    before = len([one for one in kept.iterdir() if not one.name.startswith(".")])
    assert before >= 9
    given_away.clear()
    with open_workers("local", jobs=2) as workers:
        assert told(rows, output, workers=workers, report=said.append)[0] == alone
    assert said[1:] == [f"an earlier run was ended: what it told is in {kept}, and the same is not told again"]
    assert len(given_away) == 20 - before
    assert not kept.exists()


def test_rows_that_share_their_key_are_counted(tmp_path: Path) -> None:
    rows = tmp_path / "rows.parquet"
    pq.write_table(rows_of(5_000), rows)
    with open_workers("local", jobs=2) as workers:
        with pytest.warns(
            UserWarning, match=r'^5,000 rows share their key "name" with another row, so the same choices'
        ):
            tell_file(Grammar({"origin": "#name#"}), rows, tmp_path / "out.parquet", key="name", workers=workers)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            tell_file(
                Grammar({"origin": "#name#"}), rows, tmp_path / "out.parquet", key=["name", "id"], workers=workers
            )


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    """A folder of files, one of them empty, with the notes that other programs put beside them."""
    folder = tmp_path / "parts"
    folder.mkdir()
    table = rows_of(4_500)
    for name, start, count in (("b", 2_000, 0), ("a", 0, 2_000), ("c", 2_000, 2_500)):
        pq.write_table(table.slice(start, count), folder / f"{name}.parquet")
    (folder / "_SUCCESS").touch()
    (folder / ".a.parquet.crc").touch()
    return folder


def test_a_folder_is_told_into_a_folder(parts: Path, tmp_path: Path) -> None:
    pq.write_table(rows_of(4_500), tmp_path / "whole.parquet")
    tell_file(WHOLE, tmp_path / "whole.parquet", tmp_path / "alone.parquet")
    expected = pq.read_table(tmp_path / "alone.parquet")
    output = tmp_path / "out"
    with open_workers("local", jobs=2) as workers:
        for by in (None, workers):
            assert tell_file(WHOLE, parts, output, workers=by) == 4_500
            assert sorted(one.name for one in output.iterdir()) == ["a.parquet", "b.parquet", "c.parquet"]
            assert pa.concat_tables(pq.read_table(output / f"{name}.parquet") for name in "abc").equals(expected)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["alone.parquet", "out", "parts", "whole.parquet"]


def test_a_folder_is_written_whole_or_not_at_all(parts: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    tell_file(WHOLE, parts, output)
    before = {one.name: one.read_bytes() for one in output.iterdir()}

    def end(done: int) -> None:
        if done > 2_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tell_file(WHOLE, parts, output, seed=2, progress=end)
    assert {one.name: one.read_bytes() for one in output.iterdir()} == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["out", "parts"]


def test_folders_that_are_not_written_to(parts: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    output.mkdir()
    (output / "notes.txt").write_text("mine")
    for place, said in (
        (output, f'error: "{output}" holds something else: notes.txt\nhint: give --output a new folder'),
        (parts, f'error: "{parts}" is what is read, or in it, or around it\nhint: give --output another folder'),
        (tmp_path, f'error: "{tmp_path}" is what is read, or in it, or around it\nhint: give --output another folder'),
        (tmp_path / "no" / "out", f'error: no folder "{tmp_path / "no"}"'),
        (
            output / "notes.txt",
            f'error: "{output / "notes.txt"}" is a file\nhint: what is read from a folder is written to a folder',
        ),
    ):
        with pytest.raises(UsageError) as caught:
            tell_file(GRAMMAR, parts, place)
        assert str(caught.value) == said
    assert (output / "notes.txt").read_text() == "mine"


def test_files_with_other_columns_are_named(parts: Path, tmp_path: Path) -> None:
    alike = "hint: files that are read as one have the same columns: write this one anew, or tell it by itself"
    table = rows_of(3)
    typed = table.set_column(2, "place", pa.array(["1", "2", "3"]))
    for other, said in (
        (table.drop_columns("id"), 'the column "id" of a.parquet is not in this file'),
        (table.append_column("more", pa.array([1, 2, 3])), 'the column "more" is not in a.parquet'),
        (typed, 'the column "place" holds string here, and int16 in a.parquet'),
    ):
        pq.write_table(other, parts / "d.parquet")
        with pytest.raises(CoursewrightError) as caught:
            tell_file(GRAMMAR, parts, tmp_path / "out", key="id")
        assert str(caught.value) == f"error: {said}\n  --> {parts / 'd.parquet'}\n{alike}"
    assert not (tmp_path / "out").exists()


def test_folders_without_rows(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "year=2024").mkdir(parents=True)
    with pytest.raises(CoursewrightError) as caught:
        tell_file(GRAMMAR, folder, tmp_path / "out")
    said = "error: the rows are in folders of a folder\n  --> "
    assert str(caught.value) == f"{said}{folder / 'year=2024'}\nhint: tell each of these folders by itself"
    (folder / "year=2024").rmdir()
    with pytest.raises(CoursewrightError) as caught:
        tell_file(GRAMMAR, folder, tmp_path / "out")
    assert str(caught.value) == f"error: there is no .parquet file in this folder\n  --> {folder}"


def test_the_guide_tells_a_folder(
    parts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dask_cluster: Cluster
) -> None:
    guide = (Path(__file__).parent.parent / "docs/guides/telling-on-a-cluster.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"^<!-- run by: tests/test_words_workers.py -->\n```python\n(.*?)^```$", guide, re.M | re.S)
    parts.rename(tmp_path / "results")
    (tmp_path / "race.json").write_text('{"origin": "#name# was placed #place.ordinal#."}')
    monkeypatch.chdir(tmp_path)
    found: dict[str, Any] = {}
    exec(code.replace("dask://127.0.0.1:8786", dask_cluster.address), found)  # noqa: S102 - our own guide
    assert found["count"] == 4_500
    assert pq.read_table("told/c.parquet")["text"][0].as_py() == "N60 was placed 21st."


def test_the_command_tells_by_workers(
    parts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], dask_cluster: Cluster
) -> None:
    grammar = tmp_path / "race.json"
    grammar.write_text('{"origin": ["#name# was placed #place.ordinal#.", "At #place.ordinal# came #name#."]}')
    pq.write_table(rows_of(4_500), tmp_path / "rows.parquet")
    assert main(["tell", str(grammar), str(tmp_path / "rows.parquet")]) == 0
    lines = capsys.readouterr().out
    assert lines.count("\n") == 4_500
    for more in (["--jobs", "1"], ["--workers", dask_cluster.address]):
        assert main(["tell", str(grammar), str(parts), *more]) == 0
        assert capsys.readouterr().out == lines
    assert main(["tell", str(grammar), str(parts), "--workers", "local", "--output", str(tmp_path / "out")]) == 0
    assert capsys.readouterr().err == f"4,500 rows in {tmp_path / 'out'}\n"


def test_options_that_do_not_go_together(parts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "race.json").write_text('{"origin": "#name#"}')
    tell_it = ["tell", str(tmp_path / "race.json"), str(parts)]
    for more, said in (
        (["--by", "name"], "error: --by and --explain-row go with one file of rows, without --workers\n"),
        (
            ["--jobs", "2", "--workers", "dask://127.0.0.1:1"],
            "error: --jobs goes with --workers local: a cluster has the workers that it has\n",
        ),
        (["--workers", "far"], 'error: "far" is no address of workers\nhint: give local or dask://HOST:PORT\n'),
    ):
        assert main([*tell_it, *more]) == 2
        assert capsys.readouterr().err == said
