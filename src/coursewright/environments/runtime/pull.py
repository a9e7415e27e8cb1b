"""A course kept up to date by git, `python3 -m runtime.pull ADDRESS BRANCH FOLDER [-- COMMAND …]`, run as the learner.

What the branch holds is brought into the folder as an image brings its course: what nobody touched is replaced,
notebooks are merged, nothing of the learner's is lost. Then the command is run in this program's place. When the
content cannot be had, the course stays as it was, and the command is run all the same.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from . import content, record

PATIENCE = 60  # seconds for what comes over the network: a hub gives up on a server, too
_QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_ALLOW_PROTOCOL": "https:http:ssh:git:file", "LC_ALL": "C"}
_USER = re.compile(r"(?<=://)[^/@\s]+@")  # before the host of an address: a name, often with a password or a token


class NotFetched(Exception):
    """Why the content is not there, as git says it."""


def pull(address: str, branch: str, folder: Path, store: Path) -> content.Delivery:
    """Bring what `branch` of the repository at `address` holds into a folder; `store` keeps what was fetched.

    Raises NotFetched, and OSError for a folder that cannot be written to.
    """
    store.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=store) as made:
        tree = Path(made) / "tree"
        tree.mkdir()
        fetch(address, branch, store / _name(address), tree)
        return content.bring(tree, folder)


def fetch(address: str, branch: str, mirror: Path, tree: Path) -> None:
    """Put what a branch holds into the folder `tree`: files, without those that begin with a dot. Raises NotFetched."""
    if address.startswith("-") or branch.startswith("-"):
        raise NotFetched(f'"{address}" with the branch "{branch}" is no place of a repository')
    _git("init", "--quiet", "--bare", str(mirror))
    where = ("--git-dir", str(mirror), "-c", "core.symlinks=false")  # a link becomes a file that says where it led
    _git(*where, "fetch", "--quiet", "--force", "--depth=1", "--no-tags", address, f"{branch}:refs/heads/content")
    _git(*where, "--work-tree", str(tree), "checkout", "--force", "--quiet", "content", "--", ".", cwd=tree)
    for path in sorted(tree.rglob(".*"), reverse=True):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _git(*command: str, cwd: Path | None = None) -> None:
    try:
        ran = subprocess.run(  # noqa: S603 - ours, with an address that is no option
            ["git", *command],  # noqa: S607 - the image's own
            cwd=cwd,
            env={**os.environ, **_QUIET},
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotFetched(f"no answer within {PATIENCE} s") from None
    except FileNotFoundError:
        raise NotFetched("there is no git") from None
    if ran.returncode:
        lines = [line.removeprefix("fatal: ") for line in ran.stderr.splitlines() if line.strip()]
        raise NotFetched(_USER.sub("", lines[0] if lines else f"git ended with {ran.returncode}"))


def _name(address: str) -> str:
    return hashlib.sha256(address.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def main(arguments: Sequence[str]) -> int:
    """Bring the content, and run the command, if there is one."""
    address, branch, said, *command = arguments
    folder = Path(said).expanduser()
    store = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "coursewright/content"
    status = 0
    try:
        content.tell(pull(address, branch, folder, store), folder)
    except (NotFetched, OSError) as error:
        status = 1
        content.say(f"the course is as it was: {_USER.sub('', address)} cannot be fetched: {error}")
        if not (folder / record.FILE).exists():
            content.main(str(content.SOURCE), str(folder))  # the first time what is in the image is better than nothing
    if command[:1] == ["--"] and command[1:]:
        if folder.is_dir():
            os.chdir(folder)
        os.execvp(command[1], command[1:])  # noqa: S606 - what the hub runs
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
