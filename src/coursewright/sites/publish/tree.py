"""Trees of git's: the files of a commit, ours with a mark that says so, beside what somebody else put there."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from coursewright import __version__
from coursewright.git import Repository
from coursewright.ours import MARK, FolderMark


@dataclass(frozen=True)
class CommitSummary:
    """What came of it: the commit on the branch, and how many files it has new, changed and no more."""

    commit: str
    new: int
    changed: int
    gone: int

    @property
    def difference(self) -> str:
        """How many files are other than they were, in words."""
        numbers = ((self.new, "new"), (self.changed, "changed"), (self.gone, "gone"))
        parts = [f"{number} {what}" for number, what in numbers if number]
        return f"{', '.join(parts)} (commit {self.commit[:9]})" if parts else "nothing has changed"


def write_tree(
    repository: Repository,
    files: Mapping[str, Path | bytes],
    commit: str = "",
    foreign: Collection[str] = (),
    executable: Collection[str] = (),
) -> str:
    """The name of a tree of `files`, by their paths, of a mark, and of the entries `foreign` of `commit`."""
    mark = FolderMark(__version__, tuple(sorted({MARK, *(path.split("/")[0] for path in files)})))
    with tempfile.TemporaryDirectory() as folder:
        whole = {**files, MARK: msgspec.json.encode(mark) + b"\n"}
        kept = repository.keep(_on_disk(Path(folder), whole))
        modes = ("100755" if path in executable else "100644" for path in whole)
        entries = [f"{mode} blob {name}\t{path}\0" for mode, name, path in zip(modes, kept, whole, strict=True)]
        if foreign:
            entries.append(repository.run("ls-tree", "-r", "-z", "--full-tree", commit, "--", *foreign))
        index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        repository.run("update-index", "-z", "--index-info", given=os.fsencode("".join(entries)), environment=index)
        return repository.run("write-tree", environment=index)


def empty_tree(repository: Repository) -> str:
    """The name of a tree with nothing in it."""
    return repository.run("hash-object", "-t", "tree", "-w", "--stdin")


def our_entries(repository: Repository, commit: str) -> tuple[str, ...] | None:
    """The entries at the top of a commit that are ours by its mark; None where it has no mark."""
    try:
        return msgspec.json.decode(repository.ask("cat-file", "blob", f"{commit}:{MARK}"), type=FolderMark).made
    except msgspec.DecodeError:
        return None


def entries_of_others(repository: Repository, commit: str) -> tuple[str, ...] | None:
    """The entries at the top of a commit that its mark does not name; None where it has no mark."""
    ours = our_entries(repository, commit)
    if ours is None:
        return None
    there = repository.run("ls-tree", "--full-tree", "--name-only", "-z", commit).split("\0")
    return tuple(name for name in there if name and name not in ours)


def our_objects(repository: Repository, commit: str) -> str:
    """What is ours at the top of a commit, by name and content; nothing where nothing is."""
    ours = our_entries(repository, commit) if commit else None
    return repository.run("ls-tree", "--full-tree", "-z", commit, "--", *ours) if ours else ""


def put_below(repository: Repository, commit: str, folder: str, files: Mapping[str, Path | bytes]) -> str:
    """The name of the tree of `commit` with `files`, by their paths, as all that is in `folder`."""
    with tempfile.TemporaryDirectory() as scratch:
        index = {"GIT_INDEX_FILE": str(Path(scratch) / "index")}
        repository.run("read-tree", commit, environment=index)
        was = repository.run("ls-files", "-z", "--", f":(literal,top){folder}/", environment=index)
        gone = [f"0 {'0' * len(commit)}\t{path}\0" for path in was.split("\0") if path]
        kept = repository.keep(_on_disk(Path(scratch), files))
        new = [f"100644 blob {name}\t{folder}/{path}\0" for name, path in zip(kept, files, strict=True)]
        given = os.fsencode("".join((*gone, *new)))
        repository.run("update-index", "-z", "--index-info", given=given, environment=index)
        return repository.run("write-tree", environment=index)


def difference(repository: Repository, before: str, after: str) -> tuple[int, int, int]:
    """How many files are new in `after`, changed, and no more there."""
    command = ("diff-tree", "-r", "-z", "--name-only")
    new, changed, gone = (
        repository.run(*command, f"--diff-filter={kind}", before, after).count("\0") for kind in "AMD"
    )
    return new, changed, gone


def _on_disk(folder: Path, files: Mapping[str, Path | bytes]) -> Iterator[Path]:
    """The files in their order, those that are bytes written into `folder`."""
    for place, file in enumerate(files.values()):
        if isinstance(file, bytes):
            (folder / str(place)).write_bytes(file)
        yield folder / str(place) if isinstance(file, bytes) else file
