"""The faces of rooms: what a room and its folders hand out, by which other rooms use them."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from coursewright.faces import handed_out, on_first_use

SOURCE = Path(__file__).parent.parent / "src" / "coursewright"
NAMES = 8
# Faces of more names, and why.
MANY = {
    "courses/places": "a few names for each of four kinds of places",
    "environments/targets": "what is written for each of six targets",
    "figures": "what authors call in figures of their own",
    "figures/diagrams": "a function for each kind of diagram, which authors call",
    "figures/pictures": "colours, paper, themes and PNG",
    "pages/blocks": "a noun for each kind of block",
    "pages/directives": "a directive for each magic that is more than one",
    "pages/engines": "kernels of pages and of notebooks",
    "pages/executing": "what is executed, and for each thing that it read what stands for that",
    "pages/retold": "a noun and a verb for each kind of block",
    "questions": "what exporters of others are written for, too",
    "questions/drawing": "drawing here, behind the wall, and from a finder",
    "questions/marking": "what authors call to mark by hand, too",
    "sites/feeds": "a feed is written from its stories and read for its times",
    "sites/publish": "branches, repositories, previews and workflows",
    "sites/retelling": "what is told again is made of many nouns, and the engine is run",
    "sites/runtimes": "five runtimes, and links, badges and scripts of each",
    "tables/parameters": "parameters are read, checked, ordered and chosen",
    "tables/statements": "a statement as text, as nodes, and in dialects",
    "words/language": "rules are read, and looked through by who tells them elsewhere",
}


def face(package: Path) -> set[str]:
    """All names of a package: what it hands out, what its own file says, and its folders."""
    file = package / "__init__.py"
    tree = ast.parse(file.read_text(encoding="utf-8"))
    own = {name.id for one in tree.body for name in ast.walk(one) if isinstance(name, ast.Name)}
    folders = {each.parent.name for each in package.glob("*/__init__.py")}  # which have faces of their own
    return {*handed_out(str(file)), *own, *folders, *(one.name for one in tree.body if hasattr(one, "name"))}


def test_rooms_use_each_other_by_their_faces() -> None:
    rooms = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    past = []
    for file in SOURCE.rglob("*.py"):
        room = file.relative_to(SOURCE).parts[0]
        for one in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(one, ast.ImportFrom) or not (one.module or "").startswith("coursewright."):
                continue
            steps = str(one.module).split(".")[1:]
            if steps[0] == room or steps[0] not in rooms:
                continue
            package = SOURCE.joinpath(*steps)
            known = face(package) if package.is_dir() else set()
            where = f"{file.relative_to(SOURCE)}: {one.module}"
            past += [f"{where}.{name.name}" for name in one.names if name.name not in known]
    assert past == []


def test_faces_are_small_or_have_a_reason() -> None:
    faces = {str(file.parent.relative_to(SOURCE)): handed_out(str(file)) for file in SOURCE.rglob("__init__.py")}
    assert {name for name, names in faces.items() if len(names) > NAMES} == set(MANY)


def test_every_name_of_a_face_is_there() -> None:
    for file in SOURCE.rglob("__init__.py"):
        for home, name in handed_out(str(file)).values():
            module = SOURCE.joinpath(*home.split(".")[1:])
            code = module / "__init__.py" if module.is_dir() else module.with_suffix(".py")
            tree = ast.parse(code.read_text(encoding="utf-8"))
            there = {getattr(one, "name", getattr(one, "id", "")) for one in ast.walk(tree)}
            assert name in there or (module / f"{name}.py").exists() or (module / name).is_dir(), f"{file}: {name}"


def test_no_name_of_a_face_is_that_of_a_file_beside_it() -> None:
    clashes = []
    for file in SOURCE.rglob("__init__.py"):
        package = ".".join(("coursewright", *file.parent.relative_to(SOURCE).parts))
        for name, (home, _) in handed_out(str(file)).items():
            if (file.parent / f"{name}.py").exists() and home != package:
                clashes.append(f"{package}.{name}")
    assert clashes == []


def test_a_face_gives_what_it_hands_out_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").write_text(
        "from typing import TYPE_CHECKING\n\nfrom coursewright.faces import on_first_use\n\nif TYPE_CHECKING:\n"
        "    from shop import till\n    from shop.shelf import BREAD, price as costs\n\n"
        "__getattr__ = on_first_use(__name__, __file__)\n"
    )
    (tmp_path / "shop" / "till.py").write_text("OPEN = True\n")
    (tmp_path / "shop" / "shelf.py").write_text("BREAD = 'rye'\n\n\ndef price():\n    return 3\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    shop = import_module("shop")

    try:
        assert "shop.shelf" not in sys.modules
        assert shop.BREAD == "rye"
        assert shop.costs() == 3
        with monkeypatch.context() as other:
            other.setattr("shop.shelf.BREAD", "white")
            assert shop.BREAD == "white"
        assert shop.BREAD == "rye"
        assert "shop.till" not in sys.modules
        assert shop.till.OPEN
        with pytest.raises(AttributeError, match=r"^module 'shop' has no attribute 'milk'$"):
            _ = shop.milk
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == "shop"]:
            del sys.modules[name]


def test_what_runs_inside_images_hands_out_its_names_without_us(tmp_path: Path) -> None:
    shutil.copytree(SOURCE / "environments" / "runtime", tmp_path / "runtime")
    asked = sorted(handed_out(str(SOURCE / "environments" / "runtime" / "__init__.py")))
    code = f"import runtime, runtime.entry, runtime.sbom; print([hasattr(runtime, name) for name in {asked}])"
    done = subprocess.run([sys.executable, "-S", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == (f"{[True] * len(asked)}\n", "")


def test_what_is_handed_out_is_read_from_the_file_alone() -> None:
    assert on_first_use("coursewright.words", str(SOURCE / "words" / "__init__.py"))("Grammar").__name__ == "Grammar"
