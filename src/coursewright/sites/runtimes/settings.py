"""What an author says of where pages can be run: `[runtimes]` of `course.toml`, checked before anything is made."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import PurePosixPath

import msgspec

from coursewright.errors import Place, Problem

_ADDRESS = re.compile(r"https?://[\w.-]+(:\d+)?(/[\w.~%/@+-]*)?", re.ASCII)
_GITHUB = re.compile(r"[\w-]+/[\w.-]+", re.ASCII)
MOST_VARIANTS = 200
_ANY_GIT = ("binder", "jupyterhub")  # they fetch from wherever git can
_BRANCH = re.compile(r"\w[\w./-]*", re.ASCII)


class Notebooks(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where notebooks of the pages are: a `folder` of a `repository`, on a `branch` of it.

    The repository is one of GitHub, as owner/name, or any of Git's, by its whole address.
    """

    repository: str
    branch: str = "main"
    folder: str = ""


class Binder(Notebooks, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`[runtimes] binder`: `environment` is the repository of what they run in, if it is another one.

    It has a branch or tag of its own. Any BinderHub can be the `address`.
    """

    environment: str = ""
    environment_branch: str = "HEAD"
    address: str = "https://mybinder.org"


class JupyterHub(Notebooks, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`[runtimes] jupyterhub`: the `address` of the hub, in whose servers nbgitpuller fetches the notebooks."""

    address: str


class Runtimes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[runtimes]`: where readers can run pages: `here`, in the page itself; in a JupyterLite that has the notebooks,
    at the address `lite`; in other places. What is run here is kept for when there is no network, unless not `offline`.
    A question of a page that is run here has so many `variants` more, each drawn when a reader asks for it.
    """

    here: bool = False
    offline: bool = True
    variants: int = 30
    lite: str = ""
    binder: Binder | None = None
    jupyterhub: JupyterHub | None = None
    colab: Notebooks | None = None
    codespaces: Notebooks | None = None


def check_runtimes(runtimes: Runtimes, place: Callable[..., Place]) -> Iterator[Problem]:
    """What is wrong with `runtimes`; `place` gives the place of a key of `course.toml`."""
    if not 0 <= runtimes.variants <= MOST_VARIANTS:
        hint = f"write a number from 0 to {MOST_VARIANTS}, which is how many a check looks at"
        yield Problem(f"{runtimes.variants} variants cannot be offered", place("runtimes", "variants"), hint)
    if runtimes.lite and not _ADDRESS.fullmatch(runtimes.lite):
        yield _no_address(runtimes.lite, place("runtimes", "lite"))
    for name in ("binder", "jupyterhub", "colab", "codespaces"):
        own: Notebooks | None = getattr(runtimes, name)
        if own is not None:
            yield from _of_notebooks(name, own, partial(place, "runtimes", name))


def is_branch(text: str) -> bool:
    """Whether it can be a branch or a tag, as people call theirs."""
    return _BRANCH.fullmatch(text) is not None


def _of_notebooks(name: str, own: Notebooks, place: Callable[[str], Place]) -> Iterator[Problem]:
    """What is wrong with a place that has notebooks from a repository."""
    if isinstance(own, Binder | JupyterHub) and not _ADDRESS.fullmatch(own.address):
        yield _no_address(own.address, place("address"))
    for key in ("repository", "environment"):
        text = getattr(own, key, "")
        elsewhere = name in _ANY_GIT and _ADDRESS.fullmatch(text)
        if not elsewhere and not _GITHUB.fullmatch(text) and (text or key == "repository"):
            hint = "write it as GitHub does, owner/name" + (", or as a whole address" if name in _ANY_GIT else "")
            yield Problem(f'"{text}" is no repository', place(key), hint)
    for key in ("branch", "environment_branch"):
        if not is_branch(branch := getattr(own, key, "main")):
            yield Problem(f'"{branch}" is no branch', place(key), "such as main")
    if PurePosixPath(own.folder).is_absolute() or ".." in PurePosixPath(own.folder).parts or "\\" in own.folder:
        hint = "write it as seen from the top of the repository, such as notebooks"
        yield Problem(f'"{own.folder}" is no folder of a repository', place("folder"), hint)


def _no_address(text: str, where: Place) -> Problem:
    return Problem(f'"{text}" is no address', where, "write it whole, such as https://example.org/lite/")
