"""The verb: make an ordinary git repository of files, or go on with one, and send it to where it is to be.

What would stand against it is looked for first. Then git keeps the files and makes the commit; a remote repository is
sent branch and tag together or neither, and only when it has taken them does the folder change.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from coursewright.errors import CoursewrightError, shown
from coursewright.git import Repository, check_git, said_of, without_user
from coursewright.ours import MARK
from coursewright.sites.publish.tree import (
    CommitSummary,
    difference,
    empty_tree,
    entries_of_others,
    our_entries,
    write_tree,
)

_SIGNED = "by Coursewright [0-9]"  # as git's patterns have it, of any version
_ORIGIN = "origin"


@dataclass(frozen=True)
class Aim:
    """Where a repository is to be: its folder here, the branch, perhaps a tag, and the address of a remote one.

    To `displace` is to take the place of what others changed in files of ours.
    """

    folder: Path
    branch: str
    tag: str = ""
    remote: str = ""
    displace: bool = False


@dataclass(frozen=True)
class BranchState:
    """A branch that files can be put on: what it has here and in the remote repository, which may be nothing."""

    aim: Aim
    here: str = ""
    there: str = ""

    @property
    def commit(self) -> str:
        """The last commit of the branch."""
        return self.here or self.there


def find_target(aim: Aim) -> BranchState:
    """The branch, once nothing stands against it; a remote repository is asked whether it would take what comes.

    Raises CoursewrightError for a folder with something else in it, with changes that are in no commit or in another
    repository that would take it for its own; for names that no branch and no tag can have; for a tag that is there;
    for a remote that cannot be reached, refuses or has more than is here; and for files of ours that somebody changed.
    """
    check_git(aim.folder if aim.folder.is_dir() else Path(tempfile.gettempdir()))
    _check_names(aim)
    _check_folder(aim.folder)
    with _objects(aim.folder) as repository:
        target = BranchState(aim, repository.ask("rev-parse", "--verify", "--quiet", f"refs/heads/{aim.branch}"))
        if aim.tag and repository.ask("rev-parse", "--verify", "--quiet", f"refs/tags/{aim.tag}"):
            raise _taken(aim.tag)
        if aim.remote:
            target = BranchState(aim, target.here, _there(repository, target))
        if target.commit and not aim.displace:
            _check_ours(repository, target)
    return target


def put_repository(
    target: BranchState, files: Mapping[str, Path | bytes], message: str, executable: Collection[str] = ()
) -> CommitSummary:
    """Put `files`, by their paths, on the branch as one commit more, and send it. Nothing new makes no commit.

    Raises CoursewrightError for an entry of somebody else's that is called like ours, and when the remote refuses: all
    is then as it was, here and there.
    """
    with _objects(target.aim.folder) as repository:
        if target.there and not target.here:
            repository.run("fetch", "--quiet", "--no-tags", target.aim.remote, f"refs/heads/{target.aim.branch}")
        foreign = () if not target.commit else entries_of_others(repository, target.commit) or ()
        if clash := sorted({path.split("/")[0] for path in files} & set(foreign)):
            message = f'the repository has an entry of somebody else\'s called "{clash[0]}"'
            raise CoursewrightError(message, None, "rename it there, or ours in the course")
        tree = write_tree(repository, files, target.commit, foreign, executable)
        before = f"{target.commit}^{{tree}}" if target.commit else empty_tree(repository)
        commit = target.commit
        if any(changes := difference(repository, before, tree)):
            parents = ("-p", target.commit) if target.commit else ()
            commit = repository.run("commit-tree", tree, *parents, "-F", "-", given=message.encode())
        _send(repository, target, commit)
        _put(repository, target.aim, commit)
    return CommitSummary(commit, *changes)


def _check_names(aim: Aim) -> None:
    git = Repository(Path.cwd())
    if not git.can_be_branch(aim.branch):
        raise CoursewrightError(f'"{aim.branch}" cannot be the name of a branch', None, "for instance: --branch main")
    if aim.tag and not git.accepts("check-ref-format", f"refs/tags/{aim.tag}"):
        raise CoursewrightError(f'"{aim.tag}" cannot be the name of a tag', None, "for instance: --tag 2026-1")


def _check_folder(folder: Path) -> None:
    """Raise CoursewrightError for a folder that is no repository of its own, but has something in it."""
    above = next(one for one in folder.resolve().parents if one.is_dir())
    outer = said_of(above, "rev-parse", "--show-toplevel")
    if outer and not Repository(above).ask("check-ignore", "--", f"{folder.resolve()}/"):
        message = f'"{shown(folder)}" is in another repository, {outer}, which would take it for its own'
        raise CoursewrightError(message, None, "give a folder outside with --into, or let git ignore this one")
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not folder.is_dir() or not (folder / ".git").exists():
        hint = "give another folder with --into, or move away what is there"
        raise CoursewrightError(f'"{shown(folder)}" is there, and is no git repository', None, hint)
    if changed := said_of(folder, "status", "--porcelain", "--no-renames").splitlines():
        names = ", ".join(line[3:] for line in changed[:3]) + (f" and {len(changed) - 3} more" if changed[3:] else "")
        hint = "commit them there, or take them back"
        raise CoursewrightError(f'"{shown(folder)}" has changes that are in no commit: {names}', None, hint)


@contextmanager
def _objects(folder: Path) -> Iterator[Repository]:
    """The repository in `folder`; where none is yet, one that becomes it when the block ends well and has a commit."""
    if (folder / ".git").exists():
        yield Repository(folder)
        return
    above = next(one for one in folder.resolve().parents if one.is_dir())
    with tempfile.TemporaryDirectory(dir=above, prefix=".coursewright-") as scratch:
        new = Path(scratch) / "new"
        Repository(above).run("init", "--quiet", str(new))
        yield Repository(new)
        if said_of(new, "rev-parse", "--verify", "--quiet", "HEAD"):
            folder.parent.mkdir(parents=True, exist_ok=True)
            if folder.exists():
                folder.rmdir()  # it is empty
            shutil.move(new, folder)


def _there(repository: Repository, target: BranchState) -> str:
    """The commit of the branch in the remote repository, which is asked whether it would take more."""
    aim = target.aim
    listed = repository.run("ls-remote", aim.remote, f"refs/heads/{aim.branch}", f"refs/tags/{aim.tag or '-'}")
    found = {name: commit for commit, _, name in (line.partition("\t") for line in listed.splitlines())}
    if aim.tag and f"refs/tags/{aim.tag}" in found:
        raise _taken(aim.tag)
    there = found.get(f"refs/heads/{aim.branch}", "")
    if there:
        repository.run("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", aim.remote, f"refs/heads/{aim.branch}")
    if there and target.here and not repository.accepts("merge-base", "--is-ancestor", there, target.here):
        message = f'"{aim.branch}" of {without_user(aim.remote)} has commits that are not in {shown(aim.folder)}'
        raise CoursewrightError(message, None, f"fetch them: git -C {shown(aim.folder)} pull")
    empty = repository.run("commit-tree", empty_tree(repository), "-m", "asked")
    asked = f"{empty}:refs/heads/{aim.branch}"
    repository.run("push", "--quiet", "--dry-run", "--no-verify", "--force", aim.remote, asked)
    return there


def _taken(tag: str) -> CoursewrightError:
    hint = "links that name it lead to what it was put on: give the next one another name"
    return CoursewrightError(f'the tag "{tag}" is there already, and would move', None, hint)


def _check_ours(repository: Repository, target: BranchState) -> None:
    """Raise CoursewrightError for a branch that is not ours, and for files of ours that somebody else has changed."""
    ours = our_entries(repository, target.commit)
    if ours is None:
        message = f'the branch "{target.aim.branch}" was not made by Coursewright'
        raise CoursewrightError(message, None, "give another --branch, or take its place with --replace")
    last = repository.ask("log", "-1", "--first-parent", "--format=%H", f"--grep={_SIGNED}", target.commit)
    named = repository.run("diff-tree", "-r", "-z", "--name-only", last, target.commit) if last else ""
    if changed := [name for name in named.split("\0") if name and name.split("/")[0] in {*ours, MARK}]:
        what = ", ".join(changed[:3]) + (f" and {len(changed) - 3} more" if changed[3:] else "")
        message = f'somebody has changed on the branch "{target.aim.branch}" what comes from the course: {what}'
        raise CoursewrightError(message, None, "take it over into the course, and then publish with --replace")


def _send(repository: Repository, target: BranchState, commit: str) -> None:
    aim = target.aim
    if not aim.remote:
        return
    branch = f"refs/heads/{aim.branch}"
    tags = [f"{commit}:refs/tags/{aim.tag}"] if aim.tag else []
    lease = f"--force-with-lease={branch}:{target.there}"
    repository.run("push", "--quiet", "--atomic", lease, aim.remote, f"{commit}:{branch}", *tags)


def _put(repository: Repository, aim: Aim, commit: str) -> None:
    """Let the folder show the commit, and remember where it was sent."""
    repository.run("checkout", "--quiet", "-B", aim.branch, commit)
    if aim.tag:
        repository.run("tag", aim.tag, commit)
    if aim.remote:
        verb = "set-url" if _ORIGIN in repository.run("remote").splitlines() else "add"
        repository.run("remote", verb, _ORIGIN, aim.remote)
