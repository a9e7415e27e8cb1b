"""The verb: put a site beside the published one, for those who are to look at it before it takes its place.

It stands in a folder of the branch, which counts as somebody else's, so that publications leave it where it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from coursewright import __version__
from coursewright.errors import CoursewrightError
from coursewright.names import FileName
from coursewright.ours import MARK
from coursewright.sites.publish.branch import NOWHERE, Destination, check_sizes, send
from coursewright.sites.publish.tree import CommitSummary, difference, empty_tree, our_entries, put_below, write_tree

PREVIEWS = "preview"
"""The folder of the branch in which previews are."""
_NO_JEKYLL = {".nojekyll": b""}  # GitHub shows the files as they are, where no site is yet


def put_preview(destination: Destination, name: FileName, files: Mapping[str, Path | bytes]) -> CommitSummary:
    """Put `files`, by their paths, into the folder `preview/NAME` of the branch, as all that is in it.

    No files take it away. The branch has no commit more: its last one is made anew, with the message that it has.
    Raises CoursewrightError for files that are too large, for what somebody else put there, for a site with a folder of
    that name, and when the remote refuses; the branch is then as it was.
    """
    check_sizes(files)
    folder = f"{PREVIEWS}/{name}"
    marked = {**files, MARK: f"{__version__}\n".encode()} if files else {}

    def made(now: Destination) -> CommitSummary:
        _check_free(now, folder)
        if not now.commit and not files:
            return CommitSummary(NOWHERE, 0, 0, 0)
        repository = now.repository
        was = now.commit or write_tree(repository, _NO_JEKYLL)
        tree = put_below(repository, was, folder, marked)
        changes = difference(repository, f"{now.commit}^{{tree}}" if now.commit else empty_tree(repository), tree)
        if not any(changes):
            return CommitSummary(now.commit, 0, 0, 0)
        parents = repository.run("log", "-1", "--format=%P", now.commit).split() if now.commit else []
        message = repository.run("log", "-1", "--format=%B", now.commit) if now.commit else "Preview"
        options = [option for parent in parents for option in ("-p", parent)]
        return CommitSummary(repository.run("commit-tree", tree, *options, "-F", "-", given=message.encode()), *changes)

    return send(destination, made, beside_ours=True)


def _check_free(destination: Destination, folder: str) -> None:
    if not destination.commit:
        return
    repository, commit = destination.repository, destination.commit
    if PREVIEWS in (our_entries(repository, commit) or ()):
        message = f'the site on "{destination.branch}" has a folder called "{PREVIEWS}", where previews stand'
        raise CoursewrightError(message, None, "call that section otherwise, and publish the site once more")
    for entry, ours in ((PREVIEWS, ""), (folder, MARK)):
        kind = repository.ask("cat-file", "-t", f"{commit}:{entry}")
        if kind and not (kind == "tree" and repository.accepts("cat-file", "-e", f"{commit}:{entry}/{ours}")):
            message = f'somebody else put "{entry}" on the branch "{destination.branch}"'
            raise CoursewrightError(message, None, "give the preview another name, or take that away")
