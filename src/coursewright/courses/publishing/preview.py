"""The verb: put the site of a course beside the published one, at an address of its own, and take it away again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from coursewright.courses.building.build import build
from coursewright.courses.course import Course
from coursewright.courses.publishing.audience import check_audience
from coursewright.courses.publishing.committed import uncommitted
from coursewright.courses.publishing.site import PublishOptions, address_of, check_commits
from coursewright.errors import CoursewrightError, Place, shown
from coursewright.git import find_repository
from coursewright.names import file_name
from coursewright.sites.publish import PREVIEWS, CommitSummary, find_destination, put_preview

_FRONT = "index.html"


@dataclass(frozen=True)
class BranchPreview:
    """A preview: what came of putting it on its branch, where it is to be read if that is known, and `remarks`."""

    put: CommitSummary
    address: str
    remarks: tuple[str, ...] = ()


def publish_preview(
    course: Course,
    name: str,
    way: PublishOptions,
    *,
    site: Path | None = None,
    jobs: int = 1,
    progress: Callable[[str, int, int], None] = lambda _what, _done, _of: None,
) -> BranchPreview:
    """Put a site into the folder `preview/NAME` of the branch of `way`: that in `site`, or one that is built.

    Of a `site` that somebody else built nothing is carried out. Raises CoursewrightError for what stands against it;
    what is on the branch then stays as it is.
    """
    repository, called = find_repository(course.root), file_name(name)
    check_commits(repository)
    destination = find_destination(repository, way.remote, way.branch)
    remarks: tuple[str, ...] = ()
    if site is None:
        built = build(course, only=["site"], jobs=jobs, progress=progress)
        site, remarks = built.folder / "site", built.remarks
        if changed := uncommitted(course):
            remarks = (f"note: shown with changes that are in no commit: {', '.join(changed)}", *remarks)
    files = dict(_files(site))
    said = check_audience(course, files)
    progress("the branch", 0, 1)
    done = put_preview(destination, called, files)
    base = address_of(course, destination)
    return BranchPreview(done, f"{base}{PREVIEWS}/{quote(called)}/" if base else "", (*remarks, *said))


def remove_preview(course: Course, name: str, way: PublishOptions) -> CommitSummary:
    """Take the folder `preview/NAME` off the branch of `way`; nothing where there is none."""
    repository = find_repository(course.root)
    check_commits(repository)
    return put_preview(find_destination(repository, way.remote, way.branch), file_name(name), {})


def _files(site: Path) -> dict[str, Path | bytes]:
    """The files of a site, by their paths. Raises CoursewrightError for what is none, and for links out of it."""
    if not (site / _FRONT).is_file():
        hint = "give the folder that coursewright build --only site made: build/site"
        raise CoursewrightError(f'there is no site in "{shown(site)}"', None, hint)
    found = sorted(site.rglob("*"))
    if link := next((file for file in found if file.is_symlink()), None):
        raise CoursewrightError("this is a link, and would show a file of another place", Place(link), "take it away")
    return {file.relative_to(site).as_posix(): file for file in found if file.is_file()}
