"""The verb: put a folder of files on a branch of a repository elsewhere, in one commit, whole or not at all.

The idea of a branch with nothing but a built site is that of GitHub Pages. Neither the working tree nor a branch of the
user's is touched: git keeps the files, makes a tree and a commit of them, and sends that.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from coursewright import __version__
from coursewright.errors import CoursewrightError, Place, did_you_mean
from coursewright.git import Repository, without_user
from coursewright.ours import MARK, Mark

LARGEST = 100_000_000
"""Bytes of a file that GitHub takes at the most; GitLab and Forgejo are set to less or more by who runs them."""
NOWHERE = ""
"""The commit of a branch that is not there yet."""


@dataclass(frozen=True)
class Destination:
    """A branch of a remote repository: its commit, none when it is not there yet, and its address for messages.

    `foreign` are the entries at its top that are not ours, and stay.
    """

    repository: Repository
    remote: str
    branch: str
    address: str
    commit: str = NOWHERE
    foreign: tuple[str, ...] = ()


@dataclass(frozen=True)
class Put:
    """What came of it: the commit on the branch, and how many files it has new, changed and no more."""

    commit: str
    new: int
    changed: int
    gone: int


def find_destination(repository: Repository, remote: str, branch: str, *, displace: bool = False) -> Destination:
    """The branch of `remote` that a site can be put on; it is asked whether it would take what comes.

    Raises CoursewrightError for a remote that is not there, cannot be reached or refuses; for a name that no branch can
    have; for the branch that the course itself is on; and for one that somebody else made, but to `displace` it.
    """
    remotes = repository.run("remote").splitlines()
    if remote not in remotes:
        hint = did_you_mean(remote, remotes) if remotes else f"tell git where it is: git remote add {remote} ADDRESS"
        raise CoursewrightError(f'the repository has no remote called "{remote}"', None, hint)
    if repository.ask("check-ref-format", "--branch", branch) != branch:
        raise CoursewrightError(f'"{branch}" cannot be the name of a branch', None, "for instance: --branch gh-pages")
    heads = _heads(repository, remote)
    if branch in (repository.ask("branch", "--show-current"), heads.get("HEAD")):
        hint = "a site has a branch of its own: --branch gh-pages"
        raise CoursewrightError(f'"{branch}" is the branch of the course itself', None, hint)
    address = without_user(repository.run("remote", "get-url", "--push", remote))
    found = Destination(repository, remote, branch, address, heads.get(branch, NOWHERE))
    if found.commit:
        repository.run("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", remote, f"refs/heads/{branch}")
        found = replace(found, foreign=() if displace else _foreign(found))
    repository.run("push", "--quiet", "--dry-run", "--no-verify", "--force", remote, f"HEAD:refs/heads/{branch}")
    return found


def read(destination: Destination, path: str) -> str:
    """What stands in a file of the branch; nothing where there is none."""
    if not destination.commit:
        return ""
    return destination.repository.ask("cat-file", "blob", f"{destination.commit}:{path}")


def put(destination: Destination, files: Mapping[str, Path | bytes], message: str, *, history: bool = False) -> Put:
    """Put `files`, by their paths, on the branch: one commit, behind the one that is there for `history`, else alone.

    Nothing is sent when nothing changed. Raises CoursewrightError for files that are too large, for an entry of
    somebody else's that is called like ours, and when the remote refuses; the branch is then as it was.
    """
    _check(destination, files)
    repository, was = destination.repository, destination.commit
    tree = _tree(destination, files)
    before = f"{was}^{{tree}}" if was else repository.run("hash-object", "-t", "tree", "-w", "--stdin")
    new, changed, gone = (_number(repository, before, tree, kind) for kind in "AMD")
    if not (new or changed or gone):
        return Put(was, 0, 0, 0)
    parents = ("-p", was) if history and was else ()
    commit = repository.run("commit-tree", tree, *parents, "-F", "-", given=message.encode())
    to = f"refs/heads/{destination.branch}"
    repository.run("push", "--quiet", f"--force-with-lease={to}:{was}", destination.remote, f"{commit}:{to}")
    return Put(commit, new, changed, gone)


def _heads(repository: Repository, remote: str) -> dict[str, str]:
    """The commits of the branches of a remote; HEAD is the name of the one that a clone begins with."""
    heads = {}
    for line in repository.run("ls-remote", "--symref", remote, "HEAD", "refs/heads/*").splitlines():
        what, _, name = line.partition("\t")
        if what.startswith("ref: "):
            heads[name] = what.removeprefix("ref: refs/heads/")
        elif name != "HEAD":
            heads[name.removeprefix("refs/heads/")] = what
    return heads


def _foreign(destination: Destination) -> tuple[str, ...]:
    """The entries of the branch that its mark does not name. Raises CoursewrightError where it has no mark."""
    branch, remote = destination.branch, destination.remote
    try:
        mark = msgspec.json.decode(read(destination, MARK), type=Mark)
    except msgspec.DecodeError:
        message = f'the branch "{branch}" of "{remote}" was not made by Coursewright'
        raise CoursewrightError(message, None, "give another --branch, or take its place with --replace") from None
    there = destination.repository.run("ls-tree", "--name-only", "-z", destination.commit).split("\0")
    return tuple(name for name in there if name and name not in mark.made)


def _check(destination: Destination, files: Mapping[str, Path | bytes]) -> None:
    for path, file in files.items():
        if isinstance(file, Path) and (size := file.stat().st_size) > LARGEST:
            hint = "GitHub takes no file of more than 100 MB: make it smaller, or let its page lead to where it is kept"
            raise CoursewrightError(f"{path} has {size / 1e6:.0f} MB", Place(file), hint)
    if clash := sorted({path.split("/")[0] for path in files} & set(destination.foreign)):
        message = f'the branch "{destination.branch}" has an entry of somebody else\'s called "{clash[0]}"'
        raise CoursewrightError(message, None, "call the page otherwise, or take the place of all with --replace")


def _tree(destination: Destination, files: Mapping[str, Path | bytes]) -> str:
    """The tree of `files`, of a mark that says that they are ours, and of what is foreign on the branch."""
    repository = destination.repository
    mark = Mark(__version__, tuple(sorted({MARK, *(path.split("/")[0] for path in files)})))
    with tempfile.TemporaryDirectory() as folder:
        whole = {**files, MARK: msgspec.json.encode(mark) + b"\n"}
        kept = repository.keep(_on_disk(Path(folder), whole))
        entries = [f"100644 blob {name}\t{path}\0" for name, path in zip(kept, whole, strict=True)]
        if destination.foreign:
            at = ("-r", "-z", "--full-tree", destination.commit, "--", *destination.foreign)
            entries.append(repository.run("ls-tree", *at))
        index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        repository.run("update-index", "-z", "--index-info", given=os.fsencode("".join(entries)), environment=index)
        return repository.run("write-tree", environment=index)


def _on_disk(folder: Path, files: Mapping[str, Path | bytes]) -> Iterator[Path]:
    """The files in their order, those that are bytes written into `folder`."""
    for number, file in enumerate(files.values()):
        if isinstance(file, bytes):
            (folder / str(number)).write_bytes(file)
        yield folder / str(number) if isinstance(file, bytes) else file


def _number(repository: Repository, before: str, after: str, kind: str) -> int:
    """How many files are of a kind: A new in `after`, M changed, D no more there."""
    return repository.run("diff-tree", "-r", "-z", "--name-only", f"--diff-filter={kind}", before, after).count("\0")
