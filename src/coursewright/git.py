"""Git repositories: what git says of one, and what it keeps and sends for us, by its own commands and settings."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from coursewright.errors import CoursewrightError

POINTER = b"version https://git-lfs.github.com/spec/"
"""What the file begins with that stands in the place of one that Git LFS keeps, until it is fetched."""
_USER = re.compile(r"(?<=://)[^/@\s]+@")  # before the host of an address: a name, often with a password or a token
_ABOUT = re.compile(
    r"^(hint|remote: *$|To |From |Please make sure you have|and the repository exists)"
)  # not what went wrong
_GENERAL = "error: failed to push some refs"  # which says nothing where anything else is said


@dataclass(frozen=True)
class Repository:
    """The git repository whose working tree is the folder `root`."""

    root: Path

    def run(self, *command: str, given: bytes = b"", environment: Mapping[str, str] | None = None) -> str:
        """What a command of git prints, without the ends of its lines at the end; `given` is what it reads.

        Raises CoursewrightError with what git said when it fails, without names and passwords in addresses.
        """
        done = _git(self.root, *command, given=given, environment=environment)
        if done.returncode != 0:
            raise CoursewrightError(f"git {command[0]}: {_reason(done.stderr.decode(errors='replace'))}")
        return done.stdout.decode(errors="surrogateescape").rstrip("\n")

    def ask(self, *command: str) -> str:
        """What a command of git prints, or nothing when it fails."""
        done = _git(self.root, *command)
        return done.stdout.decode(errors="surrogateescape").rstrip("\n") if done.returncode == 0 else ""

    def accepts(self, *command: str) -> bool:
        """Whether a command of git ends well."""
        return _git(self.root, *command).returncode == 0

    def can_be_branch(self, name: str) -> bool:
        """Whether a branch can be called so, by its short name."""
        return not name.startswith("refs/") and self.ask("check-ref-format", "--branch", name) == name

    def keep(self, files: Iterable[Path]) -> list[str]:
        """The names of the contents of files, byte for byte, which are kept in the repository from now on."""
        paths = "".join(f"{file}\n" for file in files)
        return self.run("hash-object", "-w", "--no-filters", "--stdin-paths", given=os.fsencode(paths)).splitlines()


def check_git(folder: Path) -> None:
    """Raise CoursewrightError where there is no git, or it does not know in whose name a commit is made in `folder`."""
    _check_there()
    git = Repository(folder)
    if not git.ask("var", "GIT_COMMITTER_IDENT") or not git.ask("var", "GIT_AUTHOR_IDENT"):
        hint = 'tell it: git config --global user.name "Ada Lovelace", and the same with user.email'
        raise CoursewrightError("git does not know in whose name to publish", None, hint)


def find_repository(folder: Path) -> Repository:
    """The repository that `folder` is in. Raises CoursewrightError where there is no git, or no repository."""
    _check_there()
    root = Repository(folder).ask("rev-parse", "--show-toplevel")
    if not root:
        hint = "make it one: git init, then git add and git commit"
        raise CoursewrightError("the course is in no git repository", None, hint)
    return Repository(Path(root))


def in_lfs(folder: Path) -> bool:
    """Whether the repository that a folder is in leaves files of it to Git LFS."""
    return bool(said_of(folder, "ls-files", "--", ":(top,attr:filter=lfs)"))


def without_user(address: str) -> str:
    """The address of a repository without the name or the password that may stand in it."""
    return _USER.sub("", address)


def said_of(folder: Path, *command: str) -> str:
    """What git says of a folder; nothing where it is not there, or has nothing to say."""
    return "" if shutil.which("git") is None else Repository(folder).ask(*command)


def _check_there() -> None:
    if shutil.which("git") is None:
        raise CoursewrightError("there is no git on this machine", None, "install it, from https://git-scm.com")


def _git(
    folder: Path, *command: str, given: bytes = b"", environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    ours = {**os.environ, "LC_ALL": "C", **(environment or {})}
    return subprocess.run(["git", "-C", folder, *command], input=given, capture_output=True, env=ours, check=False)  # noqa: S603, S607 - the user's own git


def _reason(said: str) -> str:
    lines = [without_user(line.strip()) for line in said.splitlines() if line.strip() and not _ABOUT.match(line)]
    told = [line for line in lines if not line.startswith(_GENERAL)] or lines
    return "; ".join(line.removeprefix("fatal: ").removeprefix("error: ") for line in told) or "it failed"
