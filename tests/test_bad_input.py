"""Every bad input gets one message with the place and the remedy, and leaves nothing half-written."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from coursewright.cli import main

CASES = yaml.safe_load((Path(__file__).parent / "bad_input.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_what_it_says(case: dict[str, Any], make_course: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    course = make_course(case.get("files", {}))
    for name in case.get("remove", ()):
        (course / name).unlink()
    command, *options = case["run"]
    monkeypatch.chdir(course.parent)
    folder = ["--course", "course"] if command == "facts" else ["course"]

    status = main([command, *folder, *options])

    said = capsys.readouterr()
    assert said.out == ""
    if "starts" in case:
        assert said.err.startswith(case["starts"].replace("COURSE", "course").rstrip("\n"))
    else:
        assert said.err == case["says"].replace("COURSE", "course")
    assert status == case.get("status", 1)
    assert sorted(path.name for path in course.glob("*build*")) == case.get("leaves", [])
