"""Where a page can be run, as links that open it there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote, urlencode

from coursewright.sites.runtimes.settings import Binder, Notebooks, Runtimes


class RunLink(NamedTuple):
    """A link that opens a page where it can be run, and what that place is called."""

    place: str
    href: str


def run_links(runtimes: Runtimes, page: str, here: RunLink | None = None) -> Iterator[RunLink]:
    """Where the page at the address `page` can be run: in itself, if there is a link to do so, in the browser first."""
    if here:
        yield here
    if runtimes.lite:
        yield RunLink("JupyterLite", f"{runtimes.lite.rstrip('/')}/lab/index.html?path={_whole(f'{page}.ipynb')}")
    if own := runtimes.binder:
        yield RunLink("Binder", f"{own.address.rstrip('/')}/v2/{_at_binder(own, page)}")
    if hub := runtimes.jupyterhub:
        yield RunLink("JupyterHub", f"{hub.address.rstrip('/')}/hub/user-redirect/{_pulled(hub, page)}")
    if colab := runtimes.colab:
        path = quote(_notebook(colab, page))
        where = f"{colab.repository}/blob/{quote(colab.branch)}/{path}"
        yield RunLink("Colab", f"https://colab.research.google.com/github/{where}")


def _at_binder(own: Binder, page: str) -> str:
    """What Binder builds, and in it the notebook: its own, or one that nbgitpuller fetches into an environment."""
    if not own.environment:
        return f"{_provided(own.repository, own.branch)}?labpath={_whole(_notebook(own, page))}"
    return f"{_provided(own.environment, 'HEAD')}?urlpath={_whole(_pulled(own, page))}"


def _provided(repository: str, branch: str) -> str:
    if "://" in repository:
        return f"git/{_whole(repository)}/{_whole(branch)}"
    return f"gh/{repository}/{_whole(branch)}"


def _pulled(own: Notebooks, page: str) -> str:
    """What nbgitpuller is asked for: to fetch the repository, and to open the notebook."""
    address = own.repository if "://" in own.repository else f"https://github.com/{own.repository}"
    name = address.rstrip("/").rpartition("/")[2].removesuffix(".git")
    opened = f"lab/tree/{quote(name)}/{quote(_notebook(own, page))}"
    return "git-pull?" + urlencode({"repo": address, "branch": own.branch, "urlpath": opened}, quote_via=quote, safe="")


def _notebook(own: Notebooks, page: str) -> str:
    folder = own.folder.strip("/")
    return f"{folder}/{page}.ipynb" if folder else f"{page}.ipynb"


def _whole(text: str) -> str:
    return quote(text, safe="")
