"""The verb: the links that open the pages of a course in a place and an interface, as text and as pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import msgspec

from coursewright.courses.building.build import build
from coursewright.courses.course import Course
from coursewright.environments.targets import is_brought
from coursewright.errors import UsageError, did_you_mean
from coursewright.names import file_name_for
from coursewright.sites.runtimes import LAB, NOTEBOOK, RunLink, Runtimes, is_branch, run_links

IN_THE_PAGE = "the browser"
_CALLED = {"rstudio": "RStudio", "openrefine": "OpenRefine", "shiny": "Shiny"}


@dataclass(frozen=True)
class LaunchLink:
    """A link that opens a page: the page's title and address, the place, and what it is called in words."""

    page: str
    title: str
    place: str
    href: str
    interface: str = LAB

    @property
    def where(self) -> str:
        """The place, and what the page is opened in there."""
        first = self.interface.strip("/").split("/")[0]
        return self.place if self.interface == LAB else f"{_CALLED.get(first, first.capitalize())} on {self.place}"

    @property
    def alt(self) -> str:
        """What it does, in words."""
        return f"Open {self.title} in {self.where}"


def launches(course: Course, pages: Sequence[str] = (), *, interface: str = LAB, ref: str = "") -> list[LaunchLink]:
    """The links of the `pages` of a course, or of all, in its places; `ref` is another branch or tag of the content.

    Raises UsageError for a page that is not there, for an interface that the environment does not have, for a `ref`
    that can be neither, and for a course without a place.
    """
    runtimes = course.settings.runtimes
    if runtimes == Runtimes():
        hint = 'for instance, in course.toml: [runtimes] binder = { repository = "owner/name" }'
        raise UsageError("nothing says where its pages can be run", course.place("runtimes"), hint)
    _check_interface(course, interface)
    if ref and not is_branch(ref):
        raise UsageError(f'"{ref}" is no branch and no tag', None, "such as main, or 2026-1")
    built = build(course, only=["notebooks"])
    titles = {page: _title(built.folder / "notebooks" / f"{page}.ipynb", page) for page in built.pages}
    for page in pages:
        if page not in titles:
            raise UsageError(f'no page called "{page}"', None, did_you_mean(page, titles))
    at = _at(runtimes, ref) if ref else runtimes
    found = []
    for page in pages or titles:
        here = RunLink(IN_THE_PAGE, course.site.whole(f"{page}.html")) if runtimes.here and course.site.url else None
        links = run_links(at, page, here, interface=interface)
        found += [LaunchLink(page, titles[page], link.place, link.href, interface) for link in links]
    if not found:
        raise UsageError(f'no place of the course has "{interface}"', None, "Binder and a JupyterHub have it")
    return found


def names(found: Sequence[LaunchLink], ending: str) -> Iterator[tuple[LaunchLink, Path]]:
    """The links, each with a file for its picture, below the folder of its page; no two have one."""
    taken: set[Path] = set()
    for one in found:
        parts = [file_name_for(part, "page") for part in one.page.split("/")]
        own = file_name_for(
            f"{one.place} {one.interface.strip('/').replace('/', ' ')}".lower().replace(" ", "-"), "place"
        )
        for number in count(1):
            path = Path(*parts, f"{own}{'' if number == 1 else f'-{number}'}{ending}")
            if path not in taken:
                break
        taken.add(path)
        yield one, path


def _at(runtimes: Runtimes, ref: str) -> Runtimes:
    """The same places, with the content as it is at a branch or a tag."""
    places = {name: getattr(runtimes, name) for name in ("binder", "jupyterhub", "colab", "codespaces")}
    moved = {name: msgspec.structs.replace(own, branch=ref) for name, own in places.items() if own}
    return msgspec.structs.replace(runtimes, **moved)


def _check_interface(course: Course, interface: str) -> None:
    """Raise UsageError for an interface that no tier of the environment has; without tiers it may be another's."""
    environment = course.environment()
    if interface in (LAB, NOTEBOOK) or not environment.tiers:
        return
    own = {one.path.strip("/") for one in environment.services.values() if one.path}
    own |= {tier.name for tier in environment.tiers if is_brought(tier) and tier.written.services}
    if interface.strip("/").split("/")[0] not in own:
        known = {LAB, NOTEBOOK, *own}
        raise UsageError(f'the environment has no "{interface}"', None, did_you_mean(interface.strip("/"), known))


def _title(notebook: Path, page: str) -> str:
    """The first heading of a notebook, or the page's address."""
    if not notebook.is_file():
        return page
    cells = msgspec.json.decode(notebook.read_bytes()).get("cells", ())
    lines = (line for cell in cells if cell["cell_type"] == "markdown" for line in "".join(cell["source"]).splitlines())
    return next((line.removeprefix("# ").strip() for line in lines if line.startswith("# ")), page)
