"""Every bad question gets one message with the question, the seed, the line and the remedy."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from coursewright.cli import main

CASES = yaml.safe_load((Path(__file__).parent / "bad_questions.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_what_it_says(case: dict[str, Any], tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "q.md").write_text(case["question"], encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    status = main(["ask", "q.md", "--variants", str(case.get("variants", 1))])

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == case["says"]
    assert status == case.get("status", 1)


def test_a_name_outside_a_course_hints_at_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "interest.md").write_text("---\nkind: essay\n---\nWhy?\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["ask", "interest"]) == 2
    assert capsys.readouterr().err == 'error: no question called "interest"\nhint: did you mean "interest.md"?\n'
