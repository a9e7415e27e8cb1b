"""Two versions of a notebook become one, in which nothing of either is lost: a thousand of them, at random."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import nbformat
import pytest

from coursewright.environments.runtime.merge import MergeResult, merge, outline_of
from coursewright.environments.runtime.notebook import ABOUT, written

Cell = dict[str, Any]


def code(source: str, key: str | None = None, outputs: str = "", **metadata: Any) -> Cell:
    shown = [{"output_type": "stream", "name": "stdout", "text": outputs}] if outputs else []
    cell = {"cell_type": "code", "source": source, "metadata": metadata, "outputs": shown, "execution_count": None}
    return cell if key is None else {**cell, "id": key}


def prose(source: str, key: str | None = None) -> Cell:
    cell = {"cell_type": "markdown", "source": source, "metadata": {}}
    return cell if key is None else {**cell, "id": key}


def notebook(*cells: Cell, minor: int = 5, **metadata: Any) -> bytes:
    return written({"nbformat": 4, "nbformat_minor": minor, "metadata": metadata, "cells": list(cells)})


def merged(base: bytes | None, mine: bytes, theirs: bytes) -> MergeResult:
    found = merge(outline_of(base) if base is not None else None, mine, theirs)
    assert found is not None
    return found


def sources(data: bytes) -> list[str]:
    return [cell["source"] for cell in json.loads(data)["cells"] if "New in the course" not in cell["source"]]


# -- by hand


A, B, C = code("a", "a"), code("b", "b"), code("c", "c")


def test_each_side_changes_another_cell() -> None:
    mine, theirs = notebook(code("a mine", "a"), B, C), notebook(A, B, code("c theirs", "c"))
    assert sources(merged(notebook(A, B, C), mine, theirs).data) == ["a mine", "b", "c theirs"]


def test_where_both_change_a_cell_the_learners_stays_and_the_other_is_beside_it() -> None:
    mine, theirs = notebook(A, code("b mine", "b"), C), notebook(A, code("b theirs\nmore", "b"), C)
    made = merged(notebook(A, B, C), mine, theirs)
    cells = json.loads(made.data)["cells"]
    assert [cell["source"] for cell in cells] == [
        "**New in the course.** You have changed these cells, and so has the course. Yours are as you left them, and "
        "the course's stand beside them, each under a line that says so:\n\n- `b theirs`",
        "a",
        "b mine",
        "**New in the course:** the cell above is as you left it. The course has changed it, too, to this:",
        "b theirs\nmore",
        "c",
    ]
    assert (cells[2]["id"], cells[4]["metadata"]) == ("b", {ABOUT: {"beside": "b"}})
    assert made.beside == ("b theirs",)


def test_the_next_edition_takes_the_place_of_the_one_that_stands_beside() -> None:
    first, second, third = (notebook(A, code(text, "b")) for text in ("b", "b 2", "b 3"))
    mine = merged(first, notebook(A, code("b mine", "b")), second).data
    assert sources(merged(second, mine, third).data) == ["a", "b mine", "b 3"]
    touched = notebook(
        *(dict(c, source="b 2, tried") if c["source"] == "b 2" else c for c in json.loads(mine)["cells"])
    )
    assert sources(merged(second, touched, third).data) == ["a", "b mine", "b 3", "b 2, tried"]
    taken = notebook(*(cell for cell in json.loads(mine)["cells"] if cell["source"] != "b mine"))
    assert sources(merged(second, taken, third).data) == ["a", "b 3"]


def test_what_one_side_deletes_is_gone_unless_the_other_has_changed_it() -> None:
    base = notebook(A, B, C)
    assert sources(merged(base, notebook(A, B), notebook(B, C)).data) == ["b"]
    assert sources(merged(base, notebook(A, B), notebook(A, B, code("c 2", "c"))).data) == ["a", "b", "c 2"]
    assert sources(merged(base, notebook(A, B, code("c mine", "c")), notebook(A, B)).data) == ["a", "b", "c mine"]


def test_the_course_moves_cells_and_the_learner_adds_some() -> None:
    mine, theirs = notebook(A, code("x", "x"), B, C), notebook(C, A, B, code("y", "y"))
    assert sources(merged(notebook(A, B, C), mine, theirs).data) == ["c", "a", "x", "b", "y"]


def test_the_learner_moves_cells_and_the_course_adds_some() -> None:
    mine, theirs = notebook(C, A, B), notebook(A, code("y", "y"), B, C)
    assert sources(merged(notebook(A, B, C), mine, theirs).data) == ["c", "a", "y", "b"]


def test_outputs_go_with_their_source() -> None:
    base = notebook(code("a", "a", "old"), code("b", "b", "old"), code("c", "c", "old"))
    mine = notebook(code("a", "a", "mine"), code("b", "b", "old"), code("c", "c", "mine"))
    theirs = notebook(code("a", "a", "old"), code("b", "b", "new"), code("c 2", "c", "new"))
    cells = json.loads(merged(base, mine, theirs).data)["cells"]
    shown = [(cell["source"], cell["outputs"][0]["text"]) for cell in cells]
    assert shown == [("a", "mine"), ("b", "new"), ("c 2", "new")]


def test_metadata_is_merged_by_its_entries() -> None:
    base = notebook(code("a", "a", tags=["one", "two"], n=1, k=1), kernelspec={"name": "x", "display_name": "X"})
    mine = notebook(code("a", "a", tags=["two", "mine"], n=2, k=2), kernelspec={"name": "x", "display_name": "X"})
    theirs = notebook(code("a", "a", tags=["one", "new"], n=3, k=1), kernelspec={"name": "y", "display_name": "Y"})
    said = json.loads(merged(base, mine, theirs).data)
    assert said["cells"][0]["metadata"] == {"tags": ["mine", "new"], "n": 2, "k": 2, ABOUT: {"course": {"n": 3}}}
    assert said["metadata"]["kernelspec"]["name"] == "y"


def test_old_notebooks_have_no_ids() -> None:
    base = notebook(code("a"), code("b"), code("c"), minor=4)
    mine = notebook(code("x"), code("a"), code("b mine"), code("c"), minor=4)
    theirs = notebook(code("a"), code("b 2"), code("c"), code("d"), minor=4)
    made = merged(base, mine, theirs)
    assert sources(made.data) == ["x", "a", "b mine", "b 2", "c", "d"]
    nbformat.validate(json.loads(made.data))


def test_without_the_version_that_both_were_made_from_every_difference_is_both_sides() -> None:
    made = merged(None, notebook(A, code("b mine", "b")), notebook(A, code("b 2", "b"), C))
    assert sources(made.data) == ["a", "b mine", "b 2", "c"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [NaN]}',
        b'{"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": []}',
        notebook({"cell_type": "code", "source": "no outputs", "metadata": {}}),
        notebook({"cell_type": "markdown", "source": 1, "metadata": {}}),
        notebook({**A, "outputs": [{"output_type": "stream", "text": "no name"}]}),
    ],
)
def test_what_is_no_notebook_is_not_merged(data: bytes) -> None:
    assert outline_of(data) is None
    assert merge(None, notebook(A), data) is None
    assert merge(None, data, notebook(A)) is None


def test_half_of_a_character_is_written() -> None:
    mine = json.dumps(json.loads(notebook(code("\ud83d", "a"), B))).encode()
    assert sources(merged(notebook(A, B), mine, notebook(A, code("b 2", "b"))).data) == ["\ud83d", "b 2"]


# -- at random


class Editing:
    """Somebody who edits a notebook: every text is of their own."""

    def __init__(self, name: str, chance: random.Random) -> None:
        self.name, self.chance, self.number = name, chance, 0

    def text(self) -> str:
        self.number += 1
        return f"{self.name} {self.number}\n{'x' * self.chance.randrange(80)}"

    def cell(self, *, named: bool) -> Cell:
        text = self.text()
        key = f"{self.name[0]}{self.number}-{self.chance.randrange(10**6)}" if named else None
        return code(text, key) if self.chance.random() < 0.6 else prose(text, key)

    def edit(self, said: dict[str, Any], *, named: bool) -> dict[str, Any]:
        said, chance = deepcopy(said), self.chance
        cells = said["cells"]
        does: list[Callable[[int], Any]] = [
            lambda at: cells[at].update(source=self.text()),
            lambda at: cells[at].update(source=self.text()),
            cells.pop,
            lambda at: cells.insert(at, self.cell(named=named)),
            lambda at: cells.insert(chance.randrange(len(cells)), cells.pop(at)),
            lambda at: cells[at]["metadata"].update(tags=sorted({*cells[at]["metadata"].get("tags", []), self.name})),
            lambda at: cells[at]["metadata"].update({chance.choice("kn"): self.text()}),
            lambda at: (
                cells[at].update(outputs=code("", outputs=self.text())["outputs"], execution_count=self.number)
                if "outputs" in cells[at]
                else None
            ),
            lambda _: said["metadata"].update({chance.choice(["title", "k"]): self.text()}),
        ]
        for _ in range(chance.randrange(8)):
            if cells:
                chance.choice(does)(chance.randrange(len(cells)))
        return said


def begun(chance: random.Random) -> tuple[dict[str, Any], bool]:
    """A notebook, and whether its cells have ids; some have twins of the same text, or, wrongly, of the same id."""
    named, editing = chance.random() < 0.6, Editing("base", chance)
    cells = [editing.cell(named=named) for _ in range(chance.randrange(1, 9))]
    if chance.random() < 0.3:
        cells.insert(0, {**deepcopy(chance.choice(cells)), **({"id": "twin"} if named else {})})
    if named and chance.random() < 0.2:
        cells.append({**editing.cell(named=True), "id": cells[0]["id"]})
    said = {"nbformat": 4, "nbformat_minor": 5 if named else 4, "metadata": {}, "cells": cells}
    return said, named


@pytest.mark.parametrize("block", range(4))
def test_in_a_thousand_merges_nothing_is_lost(block: int) -> None:
    for number in range(250):
        chance = random.Random(f"{block}/{number}")  # noqa: S311 - the same each time
        base, named = begun(chance)
        mine = Editing("mine", chance).edit(base, named=named)
        theirs = Editing("theirs", chance).edit(base, named=named)
        check(*(json.dumps(one).encode() for one in (base, mine, theirs)))


def check(base: bytes, mine: bytes, theirs: bytes) -> None:
    made = merged(base, mine, theirs)
    said = json.loads(made.data)
    if said not in (json.loads(mine), json.loads(theirs)):  # those are as their sides made them
        nbformat.validate(said)
        assert len({cell["id"] for cell in said["cells"]}) == len(said["cells"])
    # nothing is lost
    was, one, other, now = (sources(data) for data in (base, mine, theirs, made.data))
    assert {text for text in one if text not in was} <= set(now)
    assert {text for text in other if text not in was} <= set(now)
    assert {text for text in was if one.count(text) == other.count(text) == was.count(text)} <= set(now)
    assert set(now) <= {*one, *other}
    whole = json.dumps(said)
    for side, others in ((mine, theirs), (theirs, mine)):
        for cell in json.loads(side)["cells"]:
            is_left = cell["source"] in was and cell["source"] not in sources(others)
            for name in {"k", "n"} & cell["metadata"].keys():
                assert is_left or json.dumps(cell["metadata"][name]) in whole, name
    for title in (json.loads(side)["metadata"].get("k") for side in (mine, theirs)):
        assert title is None or json.dumps(title) in whole
    # what nobody else has changed is exactly as it was left
    assert merged(base, base, theirs).data == theirs
    assert merged(base, mine, base).data == mine
    # and to merge again changes nothing, whatever it is merged from
    assert merged(theirs, made.data, theirs).data == made.data
    assert merged(base, made.data, theirs).data == made.data
    assert merged(base, mine, theirs) == made


def test_a_large_notebook_is_merged() -> None:
    heavy = code("a", "a", "0" * 20_000_000)
    made = merged(notebook(heavy, B), notebook(heavy, code("b mine", "b")), notebook({**heavy, "source": "a 2"}, B))
    assert sources(made.data) == ["a 2", "b mine"]
    assert len(json.loads(made.data)["cells"][0]["outputs"][0]["text"]) == 20_000_000
