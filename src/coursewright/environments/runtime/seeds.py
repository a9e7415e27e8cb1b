"""The seeds of databases: the files of a folder and those below it, in the order of their names.

Imported by the programs that fill databases, and by nothing else here: what they are given is put on the path of
Python wherever a service is prepared.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path

KINDS = {"sql": "sql", "csv": "csv", "tsv": "tsv", "json": "json", "jsonl": "json", "ndjson": "json"}
_ENDINGS = ", ".join(f".{one}" for one in KINDS)
HINT = f"a seed ends with {_ENDINGS}, each with .gz, too; begin its name with a dot to leave it out"
_SUPERUSER = ".superuser"


class UnreadableSeed(Exception):
    """A file among the seeds that nobody takes: what is wrong, with its place and what to do."""


@dataclass(frozen=True)
class Seed:
    """A file: its `kind` ("sql", "csv", "tsv" or "json"), and the table or collection that its name says."""

    file: Path
    kind: str
    table: str
    as_superuser: bool = False

    @property
    def text(self) -> str:
        """What is in it, unpacked. Raises UnreadableSeed for what is no text in UTF-8."""
        try:
            packed = self.file.read_bytes()
            return (gzip.decompress(packed) if self.file.suffix.lower() == ".gz" else packed).decode("utf-8-sig")
        except (OSError, EOFError, ValueError, zlib.error) as error:
            raise UnreadableSeed(f"error: it cannot be read: {error}\n  --> {self.file}") from None


def seeds(folder: Path, kinds: Set[str]) -> list[Seed]:
    """The seeds of these `kinds`, in the order of their names, those of a sub-folder where its name stands.

    Files that begin with a dot are none. Raises UnreadableSeed for a file of no kind that any database takes.
    """
    return [seed for seed in _all(folder) if seed.kind in kinds]


def digest(paths: Iterable[str]) -> str:
    """What tells whether files, or the files of folders, have changed: a hash of their names and of what is in them.

    What begins with a dot in a folder is no seed: systems and editors leave such files by themselves.
    """
    found = hashlib.sha256()
    for path in map(Path, paths):
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and not _is_hidden(file.relative_to(path)):
                found.update(f"{file.relative_to(path)}\0".encode("utf-8", "surrogateescape"))
                with file.open("rb") as opened:
                    found.update(hashlib.file_digest(opened, "sha256").digest())
    return found.hexdigest()


def kind_of(name: str) -> tuple[str, str | None]:
    """The name of a file without its ending, and the kind of seed that this stands for; None where it is none."""
    whole = name[:-3] if name.lower().endswith(".gz") else name
    stem, _, ending = whole.rpartition(".")
    return stem, KINDS.get(ending.lower())


def _is_hidden(file: Path) -> bool:
    return any(part.startswith(".") for part in file.parts)


def _all(folder: Path) -> Iterator[Seed]:
    files = (file for file in folder.rglob("*") if file.is_file())
    for file in sorted(files, key=lambda file: file.relative_to(folder).parts):
        if _is_hidden(file.relative_to(folder)):
            continue
        stem, kind = kind_of(file.name)
        if kind is None:
            raise UnreadableSeed(f"error: no database takes it\n  --> {file}\nhint: {HINT}")
        as_superuser = kind == "sql" and stem.lower().endswith(_SUPERUSER)
        yield Seed(file, kind, re.sub(r"^\d+-", "", stem), as_superuser)
