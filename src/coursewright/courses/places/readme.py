"""What stands at the top of a repository on its forge: what it is, and badges that open it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from coursewright.environments.images import ImageReference
from coursewright.sites import Site
from coursewright.sites.publish import Aim
from coursewright.sites.runtimes import Binder, RunLink, Runtimes, badge, run_links

BADGES = "badges"
_GITHUB = re.compile(
    r"(?:https://(?:[^@/]+@)?github\.com/|(?:ssh://)?git@github\.com[:/])([\w-]+/[\w.-]+?)(?:\.git)?/?", re.ASCII
)
_ELSEWHERE = re.compile(r"https://(?:[^@/]+@)?([\w.-]+(?::\d+)?/[\w./~-]+)", re.ASCII)
BROWSER = "in the browser"


def repository_of(remote: str) -> str:
    """A remote repository as Binder names it: owner/name of GitHub, or its whole address; nothing for any other."""
    if found := _GITHUB.fullmatch(remote):
        return found[1]
    found = _ELSEWHERE.fullmatch(remote)
    return f"https://{found[1]}" if found else ""


def at_home(runtimes: Runtimes, aim: Aim, folder: str) -> Runtimes:
    """Where notebooks in `folder` of the repository of `aim` can be run: as the course says, on Binder from there."""
    own = runtimes.binder
    repository = repository_of(aim.remote) or (own.repository if own else "")
    if not repository:
        return msgspec.structs.replace(runtimes, binder=None)
    address = own.address if own else Binder(repository="").address
    here = Binder(repository=repository, branch=aim.tag or aim.branch, folder=folder, address=address)
    return msgspec.structs.replace(runtimes, binder=here)


def links_of(site: Site, runtimes: Runtimes, page: str, interfaces: Sequence[str] = ()) -> list[tuple[str, RunLink]]:
    """The links that open a page, the browser's first, each with the name of its badge's file."""
    here = RunLink(BROWSER, site.whole(f"{page}.html")) if runtimes.here and site.url else None
    found = [("", link) for link in run_links(runtimes, page, here)]
    found += [(name, link) for name in interfaces for link in run_links(runtimes, page, interface=name)]
    return [(_file(interface, link), link) for interface, link in found]


def _file(interface: str, link: RunLink) -> str:
    word = re.sub(r"[^a-z0-9]+", "-", f"{link.place} {interface}".lower()).strip("-")
    return f"{BADGES}/{word}.svg"


def badges_of(title: str, links: Sequence[tuple[str, RunLink]]) -> tuple[str, dict[str, bytes]]:
    """A line of badges as Markdown, and their pictures by their paths."""
    pictures, shown = {}, []
    for file, link in links:
        what = file.removeprefix(f"{BADGES}/").removesuffix(".svg").replace("-", " ")
        name = link.place if what == link.place.lower() else what
        alt = f"Open {title} {name if name.startswith('in ') else f'on {name}'}"
        pictures[file] = badge("open", name, alt).encode()
        shown.append(f"[![{plain(alt)}]({file})]({link.href})")
    return " ".join(shown), pictures


def content_readme(
    site: Site, links: Sequence[tuple[str, RunLink]], own: str, about: str = ""
) -> tuple[str, dict[str, bytes]]:
    """The README of the content, and its pictures: badges, and then what the course's `own` says, or `about` it."""
    line, pictures = badges_of(site.title, links)
    body = own.strip() or f"# {plain(site.title)}\n\n{about}{''.join(_said(site))}"
    return "\n\n".join(part for part in (line, body) if part) + "\n", pictures


def environment_readme(site: Site, image: ImageReference, branch: str) -> str:
    """The README of an environment."""
    return f"""# The environment of {plain(site.title)}

Each branch is one environment, and this one is `{branch}`: recipes, with the versions that they install. At each push
its workflow builds the image, pushes it to the registry as `{image.name}:{branch}`, and shows its digest. The content
is then published with

```
coursewright publish binder --image {image.name}@sha256:…
```

so that no change of the content installs anything again. Here, without a registry:

```
docker build --file Containerfile --tag {image.name} .
```

All of it is written by `coursewright publish binder --environment` from the tiers of the course: change those, and
publish again.
"""


def _said(site: Site) -> Iterator[str]:
    if site.authors:
        yield f" By {plain(', '.join(map(str, site.authors)))}."
    if site.licence:
        yield f" Licence: {plain(site.licence)}."


def plain(text: str) -> str:
    """A text that says no Markdown."""
    return re.sub(r"([\\`*_\[\]<>#!|&])", r"\\\1", " ".join(text.split()))
