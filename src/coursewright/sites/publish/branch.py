"""The verb: put a folder of files on a branch of a repository elsewhere, in one commit, whole or not at all.

The idea of a branch with nothing but a built site is that of GitHub Pages. Neither the working tree nor a branch of the
user's is touched: git keeps the files, makes a tree and a commit of them, and sends that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from coursewright.errors import CoursewrightError, Place, did_you_mean
from coursewright.git import Repository, without_user
from coursewright.sites.publish.tree import (
    CommitSummary,
    difference,
    empty_tree,
    entries_of_others,
    our_objects,
    write_tree,
)

LARGEST = 100_000_000
"""Bytes of a file that GitHub takes at the most; GitLab and Forgejo are set to less or more by who runs them."""
NOWHERE = ""
"""The commit of a branch that is not there yet."""
_TRIES = 5  # times that somebody else may change a branch before what we make of it arrives


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


def find_destination(repository: Repository, remote: str, branch: str, *, displace: bool = False) -> Destination:
    """The branch of `remote` that a site can be put on; it is asked whether it would take what comes.

    Raises CoursewrightError for a remote that is not there, cannot be reached or refuses; for a name that no branch can
    have; for the branch that the course itself is on; and for one that somebody else made, but to `displace` it.
    """
    remotes = repository.run("remote").splitlines()
    if remote not in remotes:
        hint = did_you_mean(remote, remotes) if remotes else f"tell git where it is: git remote add {remote} ADDRESS"
        raise CoursewrightError(f'the repository has no remote called "{remote}"', None, hint)
    if not repository.can_be_branch(branch):
        raise CoursewrightError(f'"{branch}" cannot be the name of a branch', None, "for instance: --branch gh-pages")
    heads = _heads(repository, remote)
    if branch in (repository.ask("branch", "--show-current"), heads.get("HEAD")):
        hint = "a site has a branch of its own: --branch gh-pages"
        raise CoursewrightError(f'"{branch}" is the branch of the course itself', None, hint)
    address = without_user(repository.run("remote", "get-url", "--push", remote))
    found = Destination(repository, remote, branch, address, heads.get(branch, NOWHERE))
    if found.commit:
        _fetch(found)
        found = replace(found, foreign=() if displace else _foreign(found))
    repository.run("push", "--quiet", "--dry-run", "--no-verify", "--force", remote, f"HEAD:refs/heads/{branch}")
    return found


def read(destination: Destination, path: str) -> str:
    """What stands in a file of the branch; nothing where there is none."""
    if not destination.commit:
        return ""
    return destination.repository.ask("cat-file", "blob", f"{destination.commit}:{path}")


def put(
    destination: Destination, files: Mapping[str, Path | bytes], message: str, *, history: bool = False
) -> CommitSummary:
    """Put `files`, by their paths, on the branch: one commit, behind the one that is there for `history`, else alone.

    Nothing is sent when nothing changed. Raises CoursewrightError for files that are too large, for an entry of
    somebody else's that is called like ours, and when the remote refuses; the branch is then as it was.
    """

    def made(now: Destination) -> CommitSummary:
        _check(now, files)
        repository, was = now.repository, now.commit
        tree = write_tree(repository, files, was, now.foreign)
        before = f"{was}^{{tree}}" if was else empty_tree(repository)
        if not any(changes := difference(repository, before, tree)):
            return CommitSummary(was, 0, 0, 0)
        parents = ("-p", was) if history and was else ()
        return CommitSummary(repository.run("commit-tree", tree, *parents, "-F", "-", given=message.encode()), *changes)

    return send(destination, made)


def send(
    destination: Destination, make: Callable[[Destination], CommitSummary], *, beside_ours: bool = False
) -> CommitSummary:
    """Send the commit that `make` makes of the branch as it is, if it is another one than is there.

    Where somebody else changed the branch meanwhile, it is made anew of what they left, but not if that is what the
    last publication put there, unless ours goes `beside_ours`. Raises CoursewrightError when the remote refuses.
    """
    to, repository = f"refs/heads/{destination.branch}", destination.repository
    for _ in range(_TRIES):
        done, was = make(destination), destination.commit
        if done.commit == was:
            return done
        try:
            lease = f"--force-with-lease={to}:{was}"
            repository.run("push", "--quiet", lease, destination.remote, f"{done.commit}:{to}")
        except CoursewrightError as error:
            refused, destination = error, _as_it_is(destination)
            same = our_objects(repository, was) == our_objects(repository, destination.commit)
            if destination.commit == was or not (same or beside_ours):
                raise
        else:
            return done
    raise refused


def _as_it_is(destination: Destination) -> Destination:
    """The branch as it is by now."""
    repository, remote, branch = destination.repository, destination.remote, destination.branch
    now = replace(destination, commit=_heads(repository, remote).get(branch, NOWHERE), foreign=())
    if not now.commit:
        return now
    _fetch(now)
    return replace(now, foreign=_foreign(now))


def _fetch(found: Destination) -> None:
    branch = f"refs/heads/{found.branch}"
    found.repository.run("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", found.remote, branch)


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
    foreign = entries_of_others(destination.repository, destination.commit)
    if foreign is None:
        message = f'the branch "{destination.branch}" of "{destination.remote}" was not made by Coursewright'
        raise CoursewrightError(message, None, "give another --branch, or take its place with --replace")
    return foreign


def check_sizes(files: Mapping[str, Path | bytes]) -> None:
    """Raise CoursewrightError for a file that is too large for a forge."""
    for path, file in files.items():
        if isinstance(file, Path) and (size := file.stat().st_size) > LARGEST:
            hint = "GitHub takes no file of more than 100 MB: make it smaller, or let its page lead to where it is kept"
            raise CoursewrightError(f"{path} has {size / 1e6:.0f} MB", Place(file), hint)


def _check(destination: Destination, files: Mapping[str, Path | bytes]) -> None:
    check_sizes(files)
    if clash := sorted({path.split("/")[0] for path in files} & set(destination.foreign)):
        message = f'the branch "{destination.branch}" has an entry of somebody else\'s called "{clash[0]}"'
        raise CoursewrightError(message, None, "call the page otherwise, or take the place of all with --replace")
