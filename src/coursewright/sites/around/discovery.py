"""What search engines and other programs ask a site for: a list of its pages, and what they may look at."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import urlsplit

from coursewright.sites.index import LOST, Entry, Index
from coursewright.sites.site import Site

MOST = 50_000  # addresses in one list, as the protocol has it
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap(index: Index, site: Site) -> dict[str, str]:
    """The list of all pages by their whole addresses, in more than one file where one would be too long.

    Empty for a site whose address is not known, and for one that is not to be found.
    """
    if not site.url or not site.looks.listed:
        return {}
    pages = [entry for entry in index if entry.address != LOST]
    if "index" not in index.by_address:
        pages.insert(0, Entry("index", "", site.title))
    if len(pages) <= MOST:
        return {"sitemap.xml": _addresses(pages, site)}
    parts = [pages[at : at + MOST] for at in range(0, len(pages), MOST)]
    files = {f"sitemap-{number}.xml": _addresses(part, site) for number, part in enumerate(parts, start=1)}
    lines = (f"<sitemap><loc>{escape(site.whole(name))}</loc></sitemap>\n" for name in files)
    return {"sitemap.xml": _xml("sitemapindex", "".join(lines)), **files}


def _addresses(pages: Sequence[Entry], site: Site) -> str:
    return _xml("urlset", "".join(_address(page, site) for page in pages))


def _address(page: Entry, site: Site) -> str:
    """One page; when it changed last is what its author says, and nothing else is known to be true."""
    last = page.published.updated
    changed = f"<lastmod>{last[:10]}</lastmod>" if last else ""
    return f"<url><loc>{escape(site.whole(f'{page.address}.html'))}</loc>{changed}</url>\n"


def _xml(name: str, content: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} xmlns="{_NAMESPACE}">\n{content}</{name}>\n'


def robots(site: Site) -> dict[str, str]:
    """What search engines may look at, where they ask for it: at the root of a host.

    A site that is not to be found lets them in: each page says so, and nobody hears it who may not read it.
    """
    if not site.url or urlsplit(site.url).path.strip("/"):
        return {}
    listed = f"\nSitemap: {site.whole('sitemap.xml')}\n" if site.looks.listed else ""
    return {"robots.txt": f"User-agent: *\nAllow: /\n{listed}"}
