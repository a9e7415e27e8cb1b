"""The page marks as the rules say: the cases that Python's marking is tried on too, in Node.js."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from coursewright.questions.prose import Prose
from variants import MARKED

TESTS = Path(__file__).parent


def _data(value: Any) -> Any:
    """What `value` is made of, with the Markdown of every prose."""
    if isinstance(value, Prose):
        return value.markdown
    if isinstance(value, msgspec.Struct):
        fields = {name: _data(getattr(value, name)) for name in value.__struct_fields__}
        return fields | {"kind": value.__struct_config__.tag}
    return [_data(one) for one in value] if isinstance(value, tuple) else value


def test_the_page_marks_every_case_as_the_rules_say() -> None:
    node = shutil.which("node")
    if not node:
        pytest.skip("needs Node.js")
    cases = yaml.safe_load((TESTS / "cases" / "marking.yaml").read_text(encoding="utf-8"))
    assert len(cases) >= 150
    given = [
        {
            "parts": _data(MARKED[case["variant"]].parts),
            "cloze": MARKED[case["variant"]].kind == "cloze",
            "response": case["response"],
            "attempt": case.get("attempt", 1),
        }
        for case in cases
    ]
    done = subprocess.run(
        [node, str(TESTS / "node" / "mark.js")], input=json.dumps(given), capture_output=True, text=True, check=True
    )
    for case, marked in zip(cases, json.loads(done.stdout), strict=True):
        fraction = case["fraction"] if case["fraction"] is None else pytest.approx(case["fraction"])
        assert marked["fraction"] == fraction, (case, marked)
        assert marked["note"] == case.get("note", ""), (case, marked)
        assert marked["feedback"] == case.get("feedback", []), (case, marked)
