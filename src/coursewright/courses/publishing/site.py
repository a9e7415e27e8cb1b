"""The verb: publish the site of a course on a branch of its own repository."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from coursewright.courses.building.build import build
from coursewright.courses.course import Course
from coursewright.courses.publishing.audience import check_audience
from coursewright.courses.publishing.committed import check_committed, made_from, uncommitted
from coursewright.errors import CoursewrightError, Place
from coursewright.git import Repository, check_git, find_repository, in_lfs
from coursewright.sites.feeds import NAME as TIMES
from coursewright.sites.feeds import parse_times, read_times, write_times
from coursewright.sites.publish import (
    CommitSummary,
    Destination,
    Job,
    Schedule,
    find_destination,
    put,
    read,
    write_workflow,
)

FOLDER = "markdown"
"""Where the Markdown of the pages is on the branch, beside the site."""
LARGEST_SITE = 1_000_000_000
"""Bytes that GitHub Pages serves of one site at the most."""
REQUIREMENTS = "requirements.txt"
_FORGES = ("github.io", "gitlab.io", "codeberg.page", "pages.dev", "netlify.app")


@dataclass(frozen=True)
class PublishOptions:
    """How a site is published: on which branch of which remote repository, and what may be.

    The branch keeps its commits with `history`, and else has one. A course may be published with changes that are in no
    commit if it may be `uncommitted`, and on a branch that somebody else made to `displace` that.
    """

    remote: str = "origin"
    branch: str = "gh-pages"
    history: bool = False
    displace: bool = False
    uncommitted: bool = False


@dataclass(frozen=True)
class PublishedSite:
    """A site on a branch: where that is, what came of it, and `remarks` for its author."""

    destination: Destination
    put: CommitSummary
    pages: int
    remarks: tuple[str, ...]


def publish_pages(
    course: Course,
    way: PublishOptions,
    *,
    jobs: int = 1,
    progress: Callable[[str, int, int], None] = lambda _what, _done, _of: None,
) -> PublishedSite:
    """Build a course in `jobs` processes, and put its site and the Markdown of its pages on a branch of its repository.

    Raises CoursewrightError for what stands against it before anything is built, and SeveralProblems for the course's
    own; what is published then stays as it is.
    """
    repository = find_repository(course.root)
    progress("the repository", 0, 1)
    changed = uncommitted(course)
    if not way.uncommitted:
        check_committed(course)
    check_commits(repository)
    destination = find_destination(repository, way.remote, way.branch, displace=way.displace)
    _take_times(course, destination)
    built = build(course, only=["site", FOLDER], jobs=jobs, progress=progress)
    files = dict(_files(course, built.folder))
    said = check_audience(course, files)
    progress("the branch", 0, 1)
    message = f"Publish {course.site.title}\n\n{made_from(course)}\n"
    done = put(destination, files, message, history=way.history)
    remarks = (*built.remarks, *said, *_remarks(course, repository, destination, files, changed))
    return PublishedSite(destination, done, len(built.pages), remarks)


def publish_workflow(course: Course, forge: str, branch: str, schedule: str | None) -> Path:
    """Write the workflow of `forge` into the course's repository, which publishes its site on `branch`; its file.

    Raises CoursewrightError for a course in no repository, for one on no branch, and for a workflow of the user's.
    """
    repository = find_repository(course.root)
    source = repository.ask("branch", "--show-current")
    if not source:
        raise CoursewrightError("the repository is on no branch, at whose pushes to build", None, "git switch main")
    root, folder = repository.root, course.root.resolve().relative_to(repository.root)
    listed = [file for file in (folder / REQUIREMENTS, Path(REQUIREMENTS)) if (root / file).is_file()]
    requirements = f"./{listed[0].as_posix()}" if listed else ""
    how_often = Schedule[schedule] if schedule else None
    here = course.settings.runtimes.here
    job = Job(f"./{folder.as_posix()}", source, branch, how_often, requirements, here, in_lfs(course.root))
    return write_workflow(root, forge, job)


def check_commits(repository: Repository) -> None:
    """Raise CoursewrightError where there is no commit, and where git does not know in whose name one is made."""
    if not repository.ask("rev-parse", "--verify", "--quiet", "HEAD"):
        raise CoursewrightError("the repository has no commit yet", None, "git add and git commit come first")
    check_git(repository.root)


def _take_times(course: Course, destination: Destination) -> None:
    """Take over the times of feeds that the last publication had, so that nothing counts as new once more."""
    ours = read_times(course.root)
    theirs = parse_times(read(destination, TIMES), f"{TIMES} on {destination.branch}")
    later = {page: seen for page, seen in theirs.items() if page not in ours or seen.changed > ours[page].changed}
    if later:
        write_times(course.root, {**ours, **later})


def _files(course: Course, folder: Path) -> Iterator[tuple[str, Path | bytes]]:
    """What is on the branch, by its path there. Raises CoursewrightError for two of one path."""
    site, markdown = folder / "site", folder / FOLDER
    if (site / FOLDER).exists():
        hint = "call it otherwise: the Markdown of all pages stands there"
        raise CoursewrightError(f'the site has a folder called "{FOLDER}"', Place(course.file), hint)
    for file in sorted(site.rglob("*")):
        if file.is_file():
            yield file.relative_to(site).as_posix(), file
    for file in sorted(markdown.rglob("*")):
        if file.is_file():
            yield f"{FOLDER}/{file.relative_to(markdown).as_posix()}", file
    yield ".nojekyll", b""  # GitHub shows the files as they are
    if domain := _domain(course):
        yield "CNAME", f"{domain}\n".encode()
        yield ".domains", f"{domain}\n".encode()  # the same for Codeberg
    if (times := course.root / TIMES).is_file():
        yield TIMES, times


def _domain(course: Course) -> str:
    """The domain of the course's own at which its site will be, if it says one."""
    address = urlsplit(course.site.url)
    host = address.hostname or ""
    theirs = any(host == forge or host.endswith(f".{forge}") for forge in _FORGES)
    return "" if theirs or address.path.strip("/") else host


def _remarks(
    course: Course,
    repository: Repository,
    destination: Destination,
    files: Mapping[str, Path | bytes],
    changed: list[str],
) -> Iterator[str]:
    if changed:
        yield f"note: published with changes that are in no commit: {', '.join(changed)}"
    if not repository.ask("branch", "--show-current"):
        yield f"note: published from {repository.run('rev-parse', '--short', 'HEAD')}, on which no branch is"
    if repository.ask("status", "--porcelain", "--", str(course.root / TIMES)):
        yield f"note: {TIMES} has changed: commit it with the course"
    size = sum(file.stat().st_size for file in files.values() if isinstance(file, Path))
    if size > LARGEST_SITE:
        yield f"warning: the site has {size / 1e9:.1f} GB, and GitHub Pages serves 1 GB of a site at the most"
    if not course.site.url:
        like = address_of(course, destination) or "https://example.org/course/"
        yield f'note: feeds, links elsewhere and the page for lost readers need its address: [course] url = "{like}"'


def address_of(course: Course, destination: Destination) -> str:
    """Where the site of a branch is to be read: as the course says, or GitHub and GitLab do; nothing for others."""
    if course.site.url:
        return f"{course.site.url.rstrip('/')}/"
    remote = destination.address
    found = re.fullmatch(r"(?:.*[@/])(git(?:hub|lab))\.com[:/]([^/]+)/(.+?)(?:\.git)?/?", remote)
    if not found:
        return ""
    forge, owner, name = found.groups()
    host = f"{owner.lower()}.{forge}.io"
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{quote(name)}/"
