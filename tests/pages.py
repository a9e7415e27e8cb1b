"""What the script of the self-marking page makes of responses, in Node.js."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest

from coursewright.questions.kinds.text import Text, pattern_of
from coursewright.questions.writing.prose import Prose

TESTS = Path(__file__).parent


def data_of(value: Any) -> Any:
    """What `value` is made of, with the Markdown of every prose."""
    if isinstance(value, Prose):
        return value.markdown
    if isinstance(value, Text):
        answers = [data_of(each) | {"pattern": pattern_of(value, each)} for each in value.answers]
        return {name: getattr(value, name) for name in value.__struct_fields__} | {"kind": "text", "answers": answers}
    if isinstance(value, msgspec.Struct):
        fields = {name: data_of(getattr(value, name)) for name in value.__struct_fields__}
        return fields | {"kind": value.__struct_config__.tag}
    return [data_of(one) for one in value] if isinstance(value, tuple) else value


def marked_by_the_page(given: list[dict[str, Any]]) -> Any:
    """What the page's script makes of each, in one process; the same list of parts is handed over once."""
    node = shutil.which("node")
    if not node:
        pytest.skip("needs Node.js")
    parts = {id(each["parts"]): each["parts"] for each in given}
    numbers = {key: number for number, key in enumerate(parts)}
    rest = [{**each, "of": numbers[id(each["parts"])], "parts": None} for each in given]
    text = json.dumps({"parts": list(parts.values()), "given": rest})
    done = subprocess.run(
        [node, str(TESTS / "node" / "mark.js")], input=text, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)
