"""The shape of the code: short functions, short modules, and a reason for each that is not."""

from __future__ import annotations

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

import grimp

from api import PUBLIC

SOURCE = Path(__file__).parent.parent / "src" / "coursewright"
LINES_OF_A_FUNCTION = 40
LINES_OF_A_MODULE = 300
# What is longer, and why.
LONG = {
    "cli/ask.py:ask": "half of it is the help of the command",
    "cli/facts.py:facts": "half of it is the help of the command",
    "cli/publish_binder.py:binder": "most of it is the help of the command",
    "cli/publish_links.py:links": "half of it is the help of the command",
    "cli/publish_preview.py:preview": "half of it is the help of the command",
    "cli/publish_hub.py:hub": "most of it is the help of the command",
    "cli/table.py:table": "half of it is the help of the command",
    "cli/tell.py:tell": "most of it is the help of the command",
    "words/streaming.py:tell_file": "more than half of it is its options and what they mean",
}

SHARED = {
    "Grammar": "`words/tracery` has the names of the old library, whose programs run with one import changed",
}
# Participles that `-ed` does not show; and what is called by one nevertheless, and why.
IRREGULAR = (
    "Begun|Bound|Brought|Built|Chosen|Done|Drawn|Found|Given|Grown|Heard|Held|Hidden|Kept|Known|Left|Lost|Made|Met|Put|"
    "Read|Rebuilt|Retold|Said|Seen|Sent|Set|Shown|Shut|Spoken|Taken|Told|Untold|Written"
)
PARTICIPLES: dict[str, str] = {}


def test_every_exception_to_a_rule_has_its_reason() -> None:
    root = SOURCE.parent.parent
    for path in [*SOURCE.rglob("*.py"), *(root / "tests").glob("*.py"), *(root / "benchmarks").glob("*.py")]:
        for line in path.read_text(encoding="utf-8").splitlines():
            if re.search("# no" r"qa\b", line):
                assert re.search("# no" r"qa: [A-Z0-9, ]+ - \w", line), f"{path}: {line}"
            if re.search(r"pragma[:] no", line):
                assert re.search(r"pragma[:] no \w+ - \w", line), f"{path}: {line}"
            if re.search(r"[#] type: ignore", line):
                assert SOURCE in path.parents, f"{path}: {line}: mypy looks at the package alone"
                assert re.search(r"[#] type: ignore\[[\w, -]+\]  # \w", line), f"{path}: {line}"


def test_functions_and_modules_are_short() -> None:
    long = set()
    for path in SOURCE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        name = str(path.relative_to(SOURCE))
        if text.count("\n") > LINES_OF_A_MODULE:
            long.add(name)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LINES_OF_A_FUNCTION:
                    long.add(f"{name}:{node.name}")
    assert long == set(LONG)


def test_a_class_name_stands_once() -> None:
    files: dict[str, list[str]] = {}
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                files.setdefault(node.name, []).append(str(path.relative_to(SOURCE)))
    shared = {name: where for name, where in files.items() if len(where) > 1}
    assert shared.keys() == SHARED.keys(), f"say in the name what it is here: {shared}"
    alone = {name for name in files if re.fullmatch(f"_?([A-Z][a-z]*[^e]ed|{IRREGULAR})", name)}
    assert alone == PARTICIPLES.keys(), "name what it is, not what was done to it"


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = grimp.build_graph("coursewright", exclude_type_checking_imports=True, cache_dir=None)
    TopologicalSorter({name: graph.find_modules_directly_imported_by(name) for name in graph.modules}).prepare()


def test_what_the_reference_tells_of_is_there() -> None:
    for module, names in PUBLIC.items():
        path = SOURCE.parent / module.replace(".", "/")
        text = (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text(encoding="utf-8")
        missing = [name for name in names if not re.search(rf"\b{name}\b", text)]
        assert missing == [], f"{module}: say in tests/api.py where they are, then `pytest tests/test_docs.py --accept`"


def test_no_room_above_asks_which_database_it_has() -> None:
    asked = []
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = {getattr(one, "id", getattr(one, "attr", "")) for one in ast.walk(node)}
            if isinstance(node, ast.Call) and names >= {"isinstance"} and names & {"Server", "EmbeddedDatabase"}:
                asked.append(f"{path.relative_to(SOURCE)}:{node.lineno}")
    assert asked == []
