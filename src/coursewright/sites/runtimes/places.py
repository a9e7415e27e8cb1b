"""Where a page can be run, as links that open it there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote, urlencode

from coursewright.sites.runtimes.settings import Binder, Notebooks, Runtimes

LAB, NOTEBOOK = "lab", "notebook"


class RunLink(NamedTuple):
    """A link that opens a page where it can be run, and what that place is called."""

    place: str
    href: str


def run_links(runtimes: Runtimes, page: str, here: RunLink | None = None, *, interface: str = LAB) -> Iterator[RunLink]:
    """Where the page at the address `page` can be run: in itself, if there is a link to do so, in the browser first.

    The `interface` is JupyterLab, Notebook, or whatever else is behind Jupyter's port, by its path, such as `rstudio/`
    or `shiny/APP/`: a server's, and no other place has them.
    """
    if interface == LAB:
        yield from ([here] if here else [])
        if runtimes.lite:
            yield RunLink("JupyterLite", f"{runtimes.lite.rstrip('/')}/lab/index.html?path={_whole(f'{page}.ipynb')}")
    if own := runtimes.binder:
        yield RunLink("Binder", f"{own.address.rstrip('/')}/v2/{_at_binder(own, page, interface)}")
    if hub := runtimes.jupyterhub:
        yield RunLink("JupyterHub", f"{hub.address.rstrip('/')}/hub/user-redirect/{_pulled(hub, page, interface)}")
    if interface == LAB:
        yield from _with_one_interface(runtimes, page)


def _with_one_interface(runtimes: Runtimes, page: str) -> Iterator[RunLink]:
    if colab := runtimes.colab:
        where = f"{colab.repository}/blob/{quote(colab.branch)}/{quote(_notebook(colab, page))}"
        yield RunLink("Colab", f"https://colab.research.google.com/github/{where}")
    if spaces := runtimes.codespaces:  # which open a repository, and no page of it
        where = f"{spaces.repository}/tree/{quote(spaces.branch)}?quickstart=1"
        yield RunLink("Codespaces", f"https://codespaces.new/{where}")


def _at_binder(own: Binder, page: str, interface: str) -> str:
    """What Binder builds, and in it what is opened: of its own, or of what nbgitpuller fetches into an environment."""
    if not own.environment:
        opened = _opened(_notebook(own, page), interface)
        return f"{_provided(own.repository, own.branch)}?urlpath={_whole(opened)}"
    pulled = _pulled(own, page, interface)
    return f"{_provided(own.environment, own.environment_branch)}?urlpath={_whole(pulled)}"


def _provided(repository: str, branch: str) -> str:
    if "://" in repository:
        return f"git/{_whole(repository)}/{_whole(branch)}"
    return f"gh/{repository}/{_whole(branch)}"


def _pulled(own: Notebooks, page: str, interface: str) -> str:
    """What nbgitpuller is asked for: to fetch the repository, and to open something."""
    address = own.repository if "://" in own.repository else f"https://github.com/{own.repository}"
    name = address.rstrip("/").rpartition("/")[2].removesuffix(".git")
    opened = _opened(f"{name}/{_notebook(own, page)}", interface)
    return "git-pull?" + urlencode({"repo": address, "branch": own.branch, "urlpath": opened}, quote_via=quote, safe="")


def _opened(file: str, interface: str) -> str:
    """The path, in an address of the server, of a file in JupyterLab or in Notebook, or of another service."""
    if interface == LAB:
        return f"lab/tree/{quote(file)}"
    return f"notebooks/{quote(file)}" if interface == NOTEBOOK else f"{quote(interface.strip('/'))}/"


def _notebook(own: Notebooks, page: str) -> str:
    folder = own.folder.strip("/")
    return f"{folder}/{page}.ipynb" if folder else f"{page}.ipynb"


def _whole(text: str) -> str:
    return quote(text, safe="")
