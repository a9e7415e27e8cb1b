"""Facts found by workers: what one process prints, and problems at their places in the author's own course."""

from __future__ import annotations

from typing import Any

import pytest

import coursewright.courses.on_workers.finding
from clusters import Cluster
from coursewright.cli import main
from coursewright.courses import Course, open_course
from test_facts_together import FILES, FINDER

SECOND = FINDER.replace("Most so far", "All so far").replace("#fruit# had the most before: #most#", "#fruit#: #most#")
ALL = SECOND.replace("WHERE tonnes = (SELECT max(tonnes) FROM sales)", "")
MOMENTS = "SELECT unnest([2021, 2024, 2022, 2025, 2023, 2024, 2021]) AS year"


@pytest.fixture
def course(make_course: Any, monkeypatch: pytest.MonkeyPatch) -> Course:
    opened = open_course(make_course({**FILES, "facts/all.sql": ALL}))
    monkeypatch.chdir(opened.root)
    monkeypatch.setattr(
        coursewright.courses.on_workers.finding, "_LEAST", 2
    )  # moments, so that these few are four tasks
    return opened


@pytest.mark.parametrize(
    "options",
    [
        ["--for-each", MOMENTS],
        ["--for-each", MOMENTS, "--format", "json", "--explain"],
        ["--for-each", MOMENTS, "--format", "gfm", "--limit", "1"],
        ["--set", "year=2023"],
    ],
)
def test_a_cluster_prints_what_one_process_prints(
    options: list[str], course: Course, capsys: pytest.CaptureFixture[str], dask_cluster: Cluster
) -> None:
    assert course.finders()
    (course.root / "data" / "gone").symlink_to("nowhere")
    (course.root / "data" / "above").symlink_to(course.root)
    assert main(["facts", *options]) == 0
    alone = capsys.readouterr().out
    assert main(["facts", *options, "--workers", dask_cluster.address]) == 0
    assert capsys.readouterr().out == alone
    assert alone


def test_what_fails_there_is_told_with_its_place_here_and_the_rest_is_found(
    course: Course, capsys: pytest.CaptureFixture[str], dask_cluster: Cluster
) -> None:
    odd = "CAST(CASE WHEN :year = 2025 THEN 'no number' ELSE '1' END AS INTEGER) AS odd"
    wrong = ALL.replace("SELECT", f"SELECT {odd},", 1)
    (course.root / "facts" / "all.sql").write_text(wrong)
    assert main(["facts", "all", "--for-each", MOMENTS, "--workers", dask_cluster.address]) == 1
    told = capsys.readouterr()
    assert "  --> facts/all.sql" in told.err
    assert told.err.count("no number") == 1
    assert told.out.startswith("year = 2024:") or "year = 2023:" in told.out
    assert "year = 2025" not in told.out
