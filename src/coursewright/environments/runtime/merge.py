"""Two versions of a notebook that were made from one: a third, in which nothing of either is lost.

Cells are told apart by their ids, and those without by what is in them and where they stand. Where both sides have
changed a cell, the learner's stays, and the course's stands below it under a line that says so; one notice at the top
lists them. Nothing is ever written into a cell. Outputs go with the source that gave them.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from .notebook import ABOUT, CellDigest, Notebook, Outline, is_ours, read, text_of, unused, written

NOTICE = "new-in-the-course"  # the id of the cell that lists what is new
_NEW = "New in the course"
_LABEL = f"**{_NEW}:** the cell above is as you left it. The course has changed it, too, to this:"
_BACK = f"**{_NEW}:** you have deleted the cell below, and the course has changed it since."
_TOLD = (
    f"**{_NEW}.** You have changed these cells, and so has the course. Yours are as you left them, and the course's "
    f"stand beside them, each under a line that says so:"
)
# What programs write by themselves: two versions of it are no disagreement between people.
_BY_ITSELF = frozenset({"ExecuteTime", "collapsed", "execution", "language_info", "scrolled", "trusted"})
_NOTHING = object()


@dataclass(frozen=True)
class MergeResult:
    """The bytes of a merged notebook, and the first lines of cells of which the course's version stands beside."""

    data: bytes
    beside: tuple[str, ...] = ()


def outline_of(data: bytes) -> Outline | None:
    """What is kept of a version, to merge later ones; None for what is no notebook that can be merged."""
    notebook = read(data)
    return notebook.outline if notebook else None


def merge(base: Outline | None, mine: bytes, theirs: bytes) -> MergeResult | None:
    """The learner's notebook `mine` with what is new in `theirs`, both made from `base`, which may not be known.

    None for what cannot be merged, since one of them is no notebook of format 4: both are to be kept as they are.
    """
    one, other = read(mine), read(theirs)
    if one is None or other is None:
        return None
    if other.outline in (one.outline, base):
        return MergeResult(mine)
    if one.outline == base:
        return MergeResult(theirs)
    merging = _Merging(base, one, other)
    made = merging.made()
    return MergeResult(mine) if made == one.said else MergeResult(written(made), tuple(merging.beside))


class _Side:
    """A version, its cells called by the same keys as those of the `reference` that they were made from."""

    def __init__(self, notebook: Notebook, reference: Sequence[CellDigest]) -> None:
        parts = notebook.outline.parts
        self.order = _matched(reference, parts)
        self.parts = dict(zip(self.order, parts, strict=True))
        self.cells = dict(zip(self.order, notebook.cells, strict=True))

    def id_of(self, key: str) -> str:
        """The id of a cell in this version; nothing where it has none."""
        return self.parts[key].key if key in self.parts and self.parts[key].named else ""


class _Merging:
    """One merge. `cells` of the result and what is `above` and `below` each stand by the keys of cells."""

    def __init__(self, base: Outline | None, mine: Notebook, theirs: Notebook) -> None:
        self.base, self.notebooks = base or Outline(), (mine.said, theirs.said)
        reference = base.parts if base else theirs.outline.parts
        self.was = {part.key: part for part in self.base.parts}
        self.mine, self.theirs = _Side(mine, reference), _Side(theirs, reference)
        self.cells: dict[str, dict[str, Any]] = {}
        self.above: dict[str, dict[str, Any]] = {}
        self.below: dict[str, list[dict[str, Any]]] = {}
        self.replaced: dict[str, dict[str, Any]] = {}
        self.beside: list[str] = []

    def made(self) -> dict[str, Any]:
        """The merged notebook."""
        for key in dict.fromkeys([*self.mine.order, *self.theirs.order]):
            self._decide(key)
        cells = [cell for key in self._order() for cell in self._around(key)]
        if self.beside:
            listed = "\n".join(f"- `{line}`" for line in self.beside)
            cells = [_prose(NOTICE, f"{_TOLD}\n\n{listed}"), *(cell for cell in cells if cell["id"] != NOTICE)]
        used: set[str] = set()
        for cell in cells:
            cell["id"] = unused(cell["id"], used)
            used.add(cell["id"])
        mine, theirs = self.notebooks
        return {
            **theirs,
            **mine,
            "cells": cells,
            "metadata": _metadata(self.base.metadata, mine["metadata"], theirs["metadata"]),
            "nbformat_minor": max(5, mine["nbformat_minor"], theirs["nbformat_minor"]),
        }

    def _decide(self, key: str) -> None:
        """Which cell is called `key` in the result, if any."""
        was, one, other = self.was.get(key), self.mine.parts.get(key), self.theirs.parts.get(key)
        if one and other:
            self._both(key, was, one, other)
        elif one and (was is None or not _is_same(one, was)):  # new, or changed, and not in the course any more
            self._put(key, self.mine.cells[key])
        elif other and was is None:
            self._put(key, self.theirs.cells[key])
        elif other and was and not _is_same(other, was):
            self._back(key, was)

    def _both(self, key: str, was: CellDigest | None, one: CellDigest, other: CellDigest) -> None:
        is_mine_as_it_was = was is not None and one.source == was.source
        is_theirs_as_it_was = was is not None and other.source == was.source
        of_course = is_mine_as_it_was and not is_theirs_as_it_was
        cell = dict(self.theirs.cells[key] if of_course else self.mine.cells[key])
        if one.source == other.source and was and one.outputs == was.outputs and one.kind == "code":
            cell |= {name: self.theirs.cells[key][name] for name in ("outputs", "execution_count")}
        cell["metadata"] = _metadata(was.metadata if was else None, one.metadata, other.metadata)
        self._put(key, cell)
        if not (is_mine_as_it_was or is_theirs_as_it_was or one.source == other.source):
            self._stand_beside(key, was, other)

    def _put(self, key: str, cell: Mapping[str, Any]) -> None:
        self.cells[key] = {**cell, "id": self.mine.id_of(key) or self.theirs.id_of(key) or key}

    def _stand_beside(self, key: str, was: CellDigest | None, other: CellDigest) -> None:
        """Put the course's version below the learner's, or in the place of the course's last one."""
        made = f"{key[:40]}-new-{other.source[:8]}"
        if made in self.mine.parts:
            return
        cell = {**self.theirs.cells[key], "id": made, "metadata": {**other.metadata, ABOUT: {"beside": key}}}
        if not self._took_place(key, was, cell):
            self.below[key] = [_prose(f"{made}-label", _LABEL), cell]
        self.beside.append(_first_line(cell))

    def _back(self, key: str, was: CellDigest) -> None:
        """A cell that the learner has deleted, and the course has changed."""
        self._put(key, self.theirs.cells[key])
        self.beside.append(_first_line(self.cells[key]))
        if self._took_place(key, was, self.cells[key]):
            del self.cells[key]
        else:
            self.above[key] = _prose(f"{key[:40]}-back-{self.theirs.parts[key].source[:8]}", _BACK)

    def _took_place(self, key: str, was: CellDigest | None, cell: dict[str, Any]) -> bool:
        """Whether an earlier version of the course's stood there as it was put, and gives way to this one."""
        for place, part in self.mine.parts.items():
            about = part.metadata.get(ABOUT)
            if was and isinstance(about, dict) and about.get("beside") == key and part.source == was.source:
                self.replaced[place] = cell
                return True
        return False

    def _order(self) -> list[str]:
        """The keys of the result in the order of the course, unless the learner has moved cells."""
        there = self.was.keys() & self.mine.parts.keys() & self.cells.keys()
        is_moved = [key for key in self.mine.order if key in there] != [key for key in self.was if key in there]
        first, second = (self.mine, self.theirs) if is_moved else (self.theirs, self.mine)
        order = [key for key in first.order if key in self.cells]
        known, at = set(order), -1
        for key in second.order:
            if key not in self.cells:
                continue
            if key in known:
                at = order.index(key)
            else:
                at += 1
                order.insert(at, key)
        return order

    def _around(self, key: str) -> Iterable[dict[str, Any]]:
        """A cell, and what is to be said of it."""
        if key in self.above:
            yield self.above[key]
        yield self.replaced.get(key) or self.cells[key]
        yield from self.below.get(key, [])


def _matched(reference: Sequence[CellDigest], parts: Sequence[CellDigest]) -> list[str]:
    """What cells are called: by the keys of the cells in `reference` that they were made from, or new ones."""
    free, keys = {part.key: part for part in reference}, [""] * len(parts)
    for number, part in enumerate(parts):  # 1. those of the same id
        if part.named and part.key in free:
            keys[number] = part.key
            del free[part.key]
    alike = defaultdict[str, deque[str]](deque)
    for part in free.values():
        alike[part.source].append(part.key)
    for number, part in enumerate(parts):  # 2. those of the same content
        if not keys[number] and ABOUT not in part.metadata and alike[part.source]:
            keys[number] = alike[part.source].popleft()
            del free[keys[number]]
    is_old = not any(part.named for part in reference)
    following, at = dict(pairwise(["", *(part.key for part in reference)])), ""
    for number, part in enumerate(parts):  # 3. those without an id, that stand where one is missing
        other = free.get(following.get(at, ""))
        is_unknown = not part.named or (is_old and not is_ours(part))  # Jupyter gives ids to all cells of an old one
        if not keys[number] and is_unknown and other and not other.named and other.kind == part.kind:
            keys[number] = other.key
            del free[other.key]
        at = keys[number] or at
    used = {part.key for part in reference}
    for number, part in enumerate(parts):
        keys[number] = keys[number] or unused(part.key, used)
        used.add(keys[number])
    return keys


def _is_same(part: CellDigest, was: CellDigest) -> bool:
    """Whether nobody has changed a cell; a program may have run it."""
    said, before = (
        {name: value for name, value in one.metadata.items() if name not in _BY_ITSELF and name != ABOUT}
        for one in (part, was)
    )
    return part.source == was.source and said == before


def _metadata(was: Mapping[str, Any] | None, mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """Metadata by its entries; where both have changed one, the learner's stays, and the course's is noted."""
    was, made, others = was or {}, dict(mine), dict[str, Any]()
    for name in {*was, *theirs} - {ABOUT}:
        before, one, other = (said.get(name, _NOTHING) for said in (was, mine, theirs))
        if one == before and other is _NOTHING:
            made.pop(name, None)
        elif one == before:
            made[name] = other
        elif name == "tags" and isinstance(one, list) and isinstance(other, list):
            made[name] = _tags(before if isinstance(before, list) else [], one, other)
        elif other not in (before, one, _NOTHING) and name not in _BY_ITSELF:
            others[name] = other
    about = made.get(ABOUT)
    if others:
        made[ABOUT] = {**(about if isinstance(about, dict) else {}), "course": others}
    return made


def _tags(was: Sequence[Any], mine: Sequence[Any], theirs: Sequence[Any]) -> list[Any]:
    """The learner's tags, without those that the course has taken away, and with its new ones."""
    stay = [tag for tag in mine if tag not in was or tag in theirs]
    return stay + [tag for tag in theirs if tag not in was and tag not in stay]


def _first_line(cell: Mapping[str, Any]) -> str:
    """The first words of a cell, to know it by."""
    line = next((line.strip() for line in text_of(cell).splitlines() if line.strip()), "an empty cell")
    return (line if len(line) <= 60 else f"{line[:59]}…").replace("`", "'")


def _prose(key: str, text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": key, "metadata": {}, "source": text}
