"""Where a page can be run: links on it, in its notebook and in every entry of a feed, whatever things are called."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import feedparser
import pytest

from coursewright.courses import build, open_course
from coursewright.sites.runtimes import Runtimes, run_links
from coursewright.sites.runtimes.settings import Binder, JupyterHub, Notebooks

PLACES = """
[runtimes]
lite = "https://example.org/lite/"
binder = { repository = "ou/content", environment = "ou/env", folder = "notebooks" }
jupyterhub = { address = "https://hub.example.org/", repository = "https://git.example.org/ou/x.git", branch = "2026" }
colab = { repository = "ou/content" }
"""
COURSE = '[course]\ntitle = "Fruit"\nurl = "https://example.org/c/"\nlanguage = "{language}"\n' + PLACES
NAME = "a & b/it's 100% <ü> #1"


class Links(HTMLParser):
    """The links of the part of a page that says where it can be run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._inside = self._linked = False
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self._inside |= tag == "nav" and given.get("class") == "run"
        if self._inside and tag == "a":
            self.found.append((given["href"] or "", ""))
            self._linked = True

    def handle_data(self, data: str) -> None:
        if self._linked:
            self.found[-1] = (self.found[-1][0], data)

    def handle_endtag(self, tag: str) -> None:
        self._linked = False
        self._inside &= tag != "nav"


def hrefs(runtimes: Runtimes, page: str = "week/one") -> dict[str, str]:
    return {link.place: link.href for link in run_links(runtimes, page)}


def test_each_place_opens_the_notebook_of_the_page() -> None:
    assert hrefs(
        Runtimes(
            lite="https://example.org/lite/",
            binder=Binder(repository="ou/content", folder="/notebooks/"),
            jupyterhub=JupyterHub(address="https://hub.example.org", repository="ou/content"),
            colab=Notebooks(repository="ou/content", branch="2026"),
            codespaces=Notebooks(repository="ou/content", branch="2026"),
        )
    ) == {
        "JupyterLite": "https://example.org/lite/lab/index.html?path=week%2Fone.ipynb",
        "Binder": "https://mybinder.org/v2/gh/ou/content/main?urlpath=lab%2Ftree%2Fnotebooks%2Fweek%2Fone.ipynb",
        "JupyterHub": "https://hub.example.org/hub/user-redirect/git-pull?repo=https%3A%2F%2Fgithub.com%2Fou%2Fcontent"
        "&branch=main&urlpath=lab%2Ftree%2Fcontent%2Fweek%2Fone.ipynb",
        "Colab": "https://colab.research.google.com/github/ou/content/blob/2026/week/one.ipynb",
        "Codespaces": "https://codespaces.new/ou/content/tree/2026?quickstart=1",
    }
    assert hrefs(Runtimes()) == {}


@pytest.mark.parametrize("page", [NAME, "../../x", "a b", "?path=x&y=z", "%2F"])
def test_whatever_a_page_is_called_the_place_is_told_its_name(page: str) -> None:
    elsewhere = "https://git.example.org/ou/content.git"
    found = hrefs(
        Runtimes(
            lite="https://example.org/lite",
            binder=Binder(repository=elsewhere, environment="ou/env", branch="a/b"),
            colab=Notebooks(repository="ou/content"),
        ),
        page,
    )
    assert parse_qs(urlsplit(found["JupyterLite"]).query) == {"path": [f"{page}.ipynb"]}
    assert unquote(urlsplit(found["Colab"]).path) == f"/github/ou/content/blob/main/{page}.ipynb"
    binder = urlsplit(found["Binder"])
    assert binder.path == "/v2/gh/ou/env/HEAD"
    pulled, _, query = parse_qs(binder.query)["urlpath"][0].partition("?")
    wanted = parse_qs(query)
    assert (pulled, wanted["repo"], wanted["branch"]) == ("git-pull", [elsewhere], ["a/b"])
    assert unquote(wanted["urlpath"][0]) == f"lab/tree/content/{page}.ipynb"


@pytest.mark.parametrize(("language", "said"), [("en-GB", "Run this page"), ("cy", "Rhedeg y dudalen hon")])
def test_every_page_notebook_and_entry_says_where_it_can_be_run(language: str, said: str, make_course: Any) -> None:
    files = {"pages/index.md": "# One\n", f"pages/{NAME}.md": "# Two\n", "pages/404.md": "# Lost\n"}
    root = make_course({"course.toml": COURSE.replace("{language}", language), **files})
    course = open_course(root)
    pages = set(build(course).pages) - {"404"}
    assert len(pages) == 2
    site = root / "build/site"
    for page in pages:
        wanted = [(link.href, link.place) for link in run_links(course.site.runtimes, page)]
        text = (site / f"{page}.html").read_text(encoding="utf-8")
        assert Links(text).found == wanted
        assert f'<span id="site.run">{said}</span>' in text
        (about, *_) = json.loads((root / f"build/notebooks/{page}.ipynb").read_bytes())["cells"]
        assert [f"[{place}]({href})" in "".join(about["source"]) for href, place in wanted] == [True] * 4
        ident = course.site.whole(f"{page}.html")
        for file in ("feed.xml", "rss.xml"):
            (entry,) = (each for each in feedparser.parse(site / file).entries if each.id == ident)
            assert [(each.href, each.title) for each in entry.links if each.rel == "related"] == wanted
            assert f"<p>{said}: <a href=" in entry.content[0].value
        (item,) = (each for each in json.loads((site / "feed.json").read_bytes())["items"] if each["id"] == ident)
        assert [(each["url"], each["title"]) for each in item["_coursewright"]["run"]] == wanted
        assert item["content_html"].count("example.org/lite/lab") == 1
    assert Links((site / "404.html").read_text(encoding="utf-8")).found == []


def test_where_nothing_is_said_pages_are_as_they_were(make_course: Any) -> None:
    root = make_course(
        {"course.toml": COURSE.partition("\n[runtimes]")[0].replace("{language}", "en"), "pages/a.md": "# A\n"}
    )
    build(open_course(root))
    assert "site.run" not in (root / "build/site/a.html").read_text(encoding="utf-8")
    assert "Run this page" not in (root / "build/site/feed.xml").read_text(encoding="utf-8")
