"""Links that open pages, by place and interface, whatever things are called: addresses, badges, buttons, codes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html

from coursewright.cli import main
from coursewright.courses import open_course
from coursewright.courses.places.launching import LaunchLink, launches, names
from coursewright.errors import CoursewrightError, UsageError
from coursewright.sites.runtimes import Runtimes, run_links
from coursewright.sites.runtimes.badges import badge
from coursewright.sites.runtimes.pictures import button, code
from coursewright.sites.runtimes.settings import Binder, JupyterHub

COURSE = """\
[course]
title = "Fruit"
url = "https://ou.github.io/fruit/"
[runtimes]
binder = { repository = "ou/fruit", branch = "v1", environment = "ou/env", environment_branch = "2026" }
codespaces = { repository = "ou/fruit" }
[environment]
tiers = ["minimal", "base", "jupyter", "openrefine", "r", "shiny"]
"""
NASTY = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=30)


def opened_on_binder(href: str) -> str:
    """The path to which a Binder sends its reader: what `urlpath` says, against the address of the server."""
    (path,) = parse_qs(urlsplit(href).query, strict_parsing=True)["urlpath"]
    return urljoin("https://server.example.org/user/x/", path).removeprefix("https://server.example.org/user/x/")


@given(page=NASTY.filter(lambda text: "/" not in text and text not in (".", "..")), branch=NASTY)
def test_whatever_a_page_is_called_each_server_is_told_its_name(page: str, branch: str) -> None:
    binder = Binder(repository="https://git.example.org/ou/c.git", branch=branch, folder="n")
    hub = JupyterHub(address="https://hub.example.org", repository="ou/c", branch=branch)
    for interface, path in (("lab", "lab/tree/"), ("notebook", "notebooks/")):
        links = dict(run_links(Runtimes(binder=binder, jupyterhub=hub), page, interface=interface))
        where = urlsplit(links["Binder"])
        assert [unquote(part) for part in where.path.split("/")[2:]] == ["git", binder.repository, branch]
        assert unquote(urlsplit(opened_on_binder(links["Binder"])).path) == f"{path}n/{page}.ipynb"
        assert urlsplit(opened_on_binder(links["Binder"])).fragment == ""
        pulled = parse_qs(urlsplit(links["JupyterHub"]).query, strict_parsing=True)
        assert pulled["branch"] == [branch]
        assert (
            unquote(urlsplit(urljoin("https://x.org/user/", pulled["urlpath"][0])).path)
            == f"/user/{path}c/{page}.ipynb"
        )


@pytest.mark.parametrize(
    ("interface", "path"),
    [
        ("rstudio", "rstudio/"),
        ("shiny/my app/", "shiny/my%20app/"),
        ("openrefine", "openrefine/"),
        ("x/y#?z", "x/y%23%3Fz/"),
    ],
)
def test_any_service_behind_the_port_is_opened_by_its_path(interface: str, path: str) -> None:
    own = Runtimes(binder=Binder(repository="ou/c"), jupyterhub=JupyterHub(address="https://h.org", repository="ou/c"))
    links = dict(run_links(own, "index", interface=interface))
    assert list(links) == ["Binder", "JupyterHub"]
    assert opened_on_binder(links["Binder"]) == path
    assert parse_qs(urlsplit(links["JupyterHub"]).query)["urlpath"] == [path]


@pytest.fixture
def root(make_course: Any) -> Path:
    files = {"pages/index.md": "# All & <more>\n", "pages/week 1/a#b.md": "# Week\n"}
    return Path(make_course({"course.toml": COURSE, **files}))


def test_image_and_content_are_each_at_a_branch_or_tag_of_their_own(root: Path) -> None:
    (first, *_), (second, *_) = (launches(open_course(root), ["index"], ref=ref) for ref in ("", "2026-1"))
    assert urlsplit(first.href).path == urlsplit(second.href).path == "/v2/gh/ou/env/2026"
    for launch, ref in ((first, "v1"), (second, "2026-1")):
        (pulled,) = parse_qs(urlsplit(launch.href).query)["urlpath"]
        assert parse_qs(urlsplit(pulled).query)["branch"] == [ref]
    assert first.alt == "Open All & <more> in Binder"


def test_pages_places_and_interfaces_that_are_not_there_are_named(root: Path, make_course: Any) -> None:
    course = open_course(root)
    with pytest.raises(UsageError, match=r'^error: "a b" is no branch and no tag\nhint: such as main, or 2026-1$'):
        launches(open_course(root), ref="a b")
    with pytest.raises(UsageError) as caught:
        launches(course, ["indx"])
    assert str(caught.value) == (
        'error: no page called "indx"\nhint: did you mean "index"? Available: index, week 1/a-b'
    )
    with pytest.raises(UsageError) as caught:
        launches(course, interface="opnrefine")
    assert str(caught.value) == (
        'error: the environment has no "opnrefine"\n'
        'hint: did you mean "openrefine"? Available: lab, notebook, openrefine, shiny'
    )
    assert {one.where for one in launches(course, interface="shiny/APP/")} == {"Shiny on Binder"}
    nowhere = Path(make_course({"course.toml": '[course]\ntitle = "A"\n', "pages/a.md": "# A\n"}))
    with pytest.raises(UsageError, match="nothing says where its pages can be run"):
        launches(open_course(nowhere))
    lite = Path(
        make_course(
            {"course.toml": '[course]\ntitle = "A"\n[runtimes]\nlite = "https://x.org/"\n', "pages/a.md": "# A\n"}
        )
    )
    with pytest.raises(UsageError, match='no place of the course has "rstudio"'):
        launches(open_course(lite), interface="rstudio")


def test_the_command_writes_addresses_buttons_badges_and_codes(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["publish", "links", str(root)]) == 0
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [(page, place) for page, place, _ in lines] == [
        (page, place) for page in ("index", "week 1/a-b") for place in ("Binder", "Codespaces")
    ]
    assert main(["publish", "links", str(root), "--page", "index", "--to", "button"]) == 0
    link = html.fromstring(capsys.readouterr().out.splitlines()[0])
    assert (link.get("href"), link.text) == (lines[0][2], "Open All & <more> in Binder")
    for to in ("badge", "qr"):
        assert main(["publish", "links", str(root), "--to", to, "--into", str(root / "made")]) == 0
        said = capsys.readouterr()
        found = re.findall(r"^\[!\[(.*)\]\((\S+)\)\]\((\S+)\)$", said.out, re.MULTILINE)
        assert [href for _, _, href in found] == [href for *_, href in lines]
        for alt, file, href in found:
            picture = etree.parse(root / "made" / unquote(file)).getroot()
            title = picture.findtext("{*}title")
            assert title == re.sub(r"\\(.)", r"\1", alt)
            assert picture.get("role") == "img"
            assert to == "badge" or picture.findtext("{*}desc") == href
        assert f"4 pictures in {root / 'made'}" in said.err


def test_no_two_pictures_have_one_name_and_none_leaves_its_folder() -> None:
    pages = ("a", "A", "../a", "a", "con", "a\\b", "x" * 400)
    found = [LaunchLink(page, page, "Binder", "https://x.org", "shiny/../../x/") for page in pages]
    paths = [path for _, path in names(found, ".svg")]
    assert len({str(path).lower() for path in paths}) >= len(pages) - 1
    assert not any(".." in path.parts or path.is_absolute() for path in paths)


def test_pictures_say_what_they_are_and_escape_it() -> None:
    alt = 'Open "A" & <b>\'s'
    for picture in (badge("open", "A & <B>", alt), code("https://x.org/?a=1&b=<2>", alt)):
        tree = etree.fromstring(picture.encode())
        assert (tree.get("role"), tree.findtext("{*}title")) == ("img", alt)
    link = html.fromstring(button('https://x.org/?a="1"&b=2', alt))
    assert (link.get("href"), link.text) == ('https://x.org/?a="1"&b=2', alt)
    with pytest.raises(CoursewrightError, match="an address of 3014 letters is too long for a QR code"):
        code("https://x.org/" + "a" * 3000, alt)
