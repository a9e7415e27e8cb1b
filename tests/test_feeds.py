"""Feeds: valid by their specifications, whole for readers, and with times that change with the content alone."""

from __future__ import annotations

import json
import re
import shutil
import struct
import wave
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from coursewright.courses import build, check, open_course
from coursewright.courses.building import feeding
from coursewright.errors import CoursewrightError, SeveralProblems
from coursewright.figures.pictures.raster import as_png, can_rasterise
from coursewright.sites.feeds import FORMATS, Enclosure, Issue, Story, cleaned, writer
from coursewright.sites.feeds.entry import Launch
from coursewright.sites.feeds.text import legal, line
from feeds import ATOM, wrong_in_atom, wrong_in_html, wrong_in_json, wrong_in_rss

URL = "https://example.org/a%20course/"
NASTY = "a [b] ü & <x> \"q\" 'p'"
COURSE = f"""\
[course]
title = "Towns & <their> people"
authors = ["Ada Lovelace", "Żółw & Co"]
licence = "CC-BY-4.0"
language = "en-GB"
timezone = "Europe/London"
url = "{URL}"

[parameters]
year = 2024

[tables]
towns = "data/towns.csv"
"""
INDEX = """\
---
title: "a [b] ü & <x> \\"q\\" 'p'"
description: All & <everything>
updated: 2024-03-01T12:30
date: 2024-02-01
tags: [Maths, "C#", "a/b", maths]
---

# Another heading

Text with $e^{i\\pi} + 1 = 0$, a note[^1], [a section](news/first.md#below), [mail](mailto:a@example.org)
and <script>alert(1)</script> **bold**.

[^1]: The note.

> [!WARNING]
> The pits are closed.

- [x] done
- [ ] to do

```{logic}
A and not B
```

```{figure} plain
```

```{figure} chart
```

```{table}
:caption: Towns
SELECT name AS "Town", people AS "People" FROM towns ORDER BY people DESC
```

```{question} sum
```

![a map](my%20map.png) ![inside](data:image/png;base64,AAAA)

[Listen](hum.wav)

<iframe src="https://video.example/1" title="A film"></iframe>

```python
print("<b>")
```
"""
FILES = {
    "course.toml": COURSE,
    "data/towns.csv": "name,people,founded\nAx,10,2020-05-01\nBe <b>,20,2021-06-02 10:00\nCé,5,\n",
    "figures/plain.py": (
        "from coursewright.figures import Figure\n\n\ndef draw():\n"
        '    return Figure(\'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="9" '
        "height=\"9\"/></svg>', alt='A \"square\" & <nothing> else', caption='Square')\n"
    ),
    "figures/chart.py": (
        "from coursewright.figures import bars\n\n\ndef draw(towns):\n"
        '    return bars(towns, x="name", y="people", title="People")\n'
    ),
    "questions/sum.md": (
        "---\ntitle: A sum\nkind: number\n---\n```python\nanswer = 4\n```\n\n# Question\n\nWhat is 2 + 2?\n"
    ),
    "pages/index.md": INDEX,
    "pages/plain.md": "Only *text*.\n",
    "pages/hidden.md": "---\nfeed: no\n---\n# Hidden\n",
    "pages/news/first.md": (
        "---\nauthors: [Grace]\nlicence: MIT\ndate: 2023-07-01\ntags: [maths]\n---\n"
        "# First\n\n## Below\n\nNews of {{ year }}.\n"
    ),
    "pages/town.md": (
        '---\ntitle: "{{ name }}"\nname: "{{ name }}"\ndate: "{{ founded }}"\ntags: ["{{ name }}"]\n'
        "for_each: SELECT name, founded, people FROM towns\n---\n# {{ name }}\n\n{{ people }} people.\n"
    ),
}


def make(root: Path) -> Path:
    """The course with everything in it."""
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    (root / "pages/my map.png").write_bytes(as_png(SQUARE))
    with wave.open(str(root / "pages/hum.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\0\0" * 80)
    return root


SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><rect width="4" height="4" fill="#123456"/></svg>'
)


@pytest.fixture(scope="module")
def at_noon() -> Iterator[pytest.MonkeyPatch]:
    """The clock of builds, which `SOURCE_DATE_EPOCH` sets."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1704110400")  # 2024-01-01 12:00
        yield patch


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, at_noon: pytest.MonkeyPatch) -> Path:  # noqa: ARG001 - the clock
    """The course, built: its folder is called as people call folders."""
    root = make(tmp_path_factory.mktemp("a [b] ü"))
    build(open_course(root))
    return root


@pytest.fixture
def copy(site: Path, tmp_path: Path) -> Path:
    """The course as it was built, to be changed."""
    shutil.copytree(site, tmp_path / "course")
    return tmp_path / "course"


def entries(root: Path, folder: str = "") -> dict[str, dict[str, Any]]:
    """What the JSON Feed has, by the ends of addresses."""
    feed = json.loads((root / "build/site" / folder / "feed.json").read_bytes())
    return {item["url"].removeprefix(URL): item for item in feed["items"]}


def test_every_feed_is_valid(site: Path) -> None:
    found = sorted(str(file.relative_to(site / "build/site")) for file in (site / "build/site").rglob("feed.json"))
    assert found == sorted(
        ["feed.json", "news/feed.json", "tags/maths/feed.json", "tags/c#/feed.json", "tags/ax/feed.json"]
        + [name for name in found if re.fullmatch(r"tags/(a-b|be--b)-[0-9a-f]{12}/feed\.json", name)]
    )
    assert len(found) == 7
    for name in found:
        folder = (site / "build/site" / name).parent
        assert wrong_in_atom((folder / "feed.xml").read_bytes()) == []
        assert wrong_in_rss((folder / "rss.xml").read_bytes()) == []
        feed = json.loads((folder / "feed.json").read_bytes())
        assert wrong_in_json(feed) == []
        assert [wrong for item in feed["items"] for wrong in wrong_in_html(item["content_html"])] == []


def test_the_checks_find_what_is_wrong(site: Path) -> None:
    atom, rss = ((site / "build/site" / name).read_text(encoding="utf-8") for name in ("feed.xml", "rss.xml"))
    for old, new in (
        ("<updated>", "<renewed>"),
        ("</id>", "</id><id>x</id>"),
        ('rel="self"', 'rel="other"'),
        (URL, "/"),
        ("+00:00", ""),
        ('type="html"', 'type="CDATA"'),
        ("<author>", "<writer>"),
    ):
        broken = atom.replace(old, new).replace(old.replace("<", "</"), new.replace("<", "</"))
        assert wrong_in_atom(broken.encode()), old
    for old, new in (
        ("<guid", "<ident"),
        ("<title>", "<name>"),
        (' length="204"', ""),
        (URL, "/"),
        (" +0000", ""),
    ):
        broken = rss.replace(old, new).replace(old.replace("<", "</"), new.replace("<", "</"))
        assert broken != rss
        assert wrong_in_rss(broken.encode()), old
    assert wrong_in_html('<p id="x"><script></script><a href="b.html">') == ["<script", " id=", "b.html"]
    feed = json.loads((site / "build/site/feed.json").read_bytes())
    for broken in ({"version": "1"}, {"title": None}, {"items": [{"id": "", "title": "x"}]}, {"x": 1}):
        assert wrong_in_json(feed | broken)


@pytest.mark.parametrize("name", ["feed.xml", "rss.xml"])
def test_a_reader_finds_everything(site: Path, name: str) -> None:
    read = feedparser.parse((site / "build/site" / name).read_bytes())
    assert not read.bozo, read.get("bozo_exception")
    feed = read.feed
    assert (feed.title, feed.language, feed.rights, feed.link) == (
        "Towns & <their> people",
        "en-GB",
        "CC-BY-4.0",
        URL,
    )
    by_link = {entry.link.removeprefix(URL): entry for entry in read.entries}
    assert list(by_link) == ["", "plain.html", "news/first.html", "Be--b.html", "Ax.html"]
    front = by_link[""]
    assert (front.title, front.id, unescape(front.summary)) == (NASTY, URL, "All & <everything>")
    assert datetime.fromisoformat(front.updated) == datetime(2024, 3, 1, 12, 30, tzinfo=UTC)
    first = by_link["news/first.html"]
    assert (first.rights, [author.name for author in first.authors]) == ("MIT", ["Grace"])
    assert [tag.term for tag in front.tags] == ["Maths", "C#", "a/b", "maths"]
    assert [(each.href, each.type, each.length) for each in front.enclosures] == [(f"{URL}hum.wav", "audio/wav", "204")]
    people = feed.authors if name == "feed.xml" else front.authors
    assert [author.name for author in people] == ["Ada Lovelace", "Żółw & Co"]
    assert "What is 2 + 2?" in front.content[0].value
    assert len(front.content) == 1
    assert by_link["Be--b.html"].title == "Be <b>"
    parse = datetime.fromisoformat if name == "feed.xml" else parsedate_to_datetime
    published = {link: parse(entry.published) for link, entry in by_link.items()}
    assert published["news/first.html"].isoformat() == "2023-07-01T00:00:00+01:00"
    assert published["Be--b.html"].isoformat() == "2021-06-02T10:00:00+01:00"
    assert published["plain.html"] == datetime(2024, 1, 1, 12, tzinfo=UTC)


def test_the_content_is_whole(site: Path) -> None:
    html = entries(site)[""]["content_html"]
    assert html.startswith("<h1>Another heading</h1>")
    assert '<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline"><mrow><msup><mi>e</mi>' in html
    assert f'<a href="{URL}news/first.html#below">a section</a>' in html
    assert f'<sup><a href="{URL}#fn:1">1</a></sup>' in html
    assert "The note." in html
    assert "alert" not in html
    assert "<strong>bold</strong>" in html
    assert "The pits are closed." in html
    assert [each.strip() for each in re.findall(r"<li>([☑☐][^<]*)</li>", html)] == ["☑ done", "☐ to do"]
    assert re.search(r"<th[^>]*>Town</th>\n<th[^>]*>People</th>", html)
    assert re.search(r"<td>Be &lt;b&gt;</td>\n<td[^>]*>20</td>", html)
    assert f'What is 2 + 2?</p>\n</div>\n<p><a href="{URL}">Answer this question on the page</a></p>' in html
    assert ">4<" not in html
    assert '<p><a href="https://video.example/1">A film</a></p>' in html
    assert '<pre><code>print("&lt;b&gt;")\n</code></pre>' in re.sub(r"</?span>", "", html)
    assert f'<img src="{URL}my%20map.png" alt="a map"> inside</p>' in html
    assert "<figcaption>Square</figcaption>" in html
    assert entries(site)["news/first.html"]["content_html"] == "<h2>Below</h2>\n<p>News of 2024.</p>"


def test_pictures_and_sounds_are_files_of_the_site(site: Path) -> None:
    items = entries(site).values()
    named = {each for item in items for each in re.findall(r'src="([^"]*)"', item["content_html"])}
    named |= {each["url"] for item in items for each in item.get("attachments", ())}
    paths = {unquote(each.removeprefix(URL)) for each in named}
    assert {Path(path).name for path in paths} >= {"plain.png", "chart.png", "my map.png", "hum.wav"}
    assert len(paths) == 5
    for path in paths:
        content = (site / "build/site" / path).read_bytes()
        assert content.startswith(b"RIFF" if path.endswith(".wav") else b"\x89PNG")
    wide, high = struct.unpack(">II", (site / "build/site/index/plain.png").read_bytes()[16:24])
    assert (wide, high) == (20, 20)  # two dots for each pixel of a page


def test_a_picture_that_can_be_no_png_is_an_svg(copy: Path) -> None:
    edit("figures/plain.py", 'width="10" height="10"', 'width="0" height="0"')(copy)
    built_again(copy, LATER)
    html = entries(copy)[""]["content_html"]
    assert f'<img src="{URL}index/plain.svg" alt="A &quot;square&quot; &amp; &lt;nothing&gt; else">' in html
    assert f"{URL}index/chart.png" in html
    assert (copy / "build/site/index/plain.svg").is_file()
    assert not (copy / "build/site/index/plain.png").exists()


def test_pages_name_their_feeds(site: Path) -> None:
    def named(page: str) -> list[str]:
        html = (site / "build/site" / page).read_text(encoding="utf-8")
        return re.findall(
            r'<link rel="alternate" type="application/(?:atom|rss|feed)\+\w+" title="([^"]*)" href="(.*)">', html
        )

    whole = "Towns &amp; &lt;their&gt; people"
    names = [kind.file for kind in FORMATS.values()]
    assert named("hidden.html") == [(whole, name) for name in names]
    assert named("news/first.html") == [
        *((whole, f"../{name}") for name in names),
        *((f"{whole}: news", name) for name in names),
        *((f"{whole}: Maths", f"../tags/maths/{name}") for name in names),
    ]


def built_again(root: Path, at: int) -> dict[str, str]:
    """When each page changed, as the feed of a build at this time says."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", str(at))
        build(open_course(root))
    return {url: item["date_modified"] for url, item in entries(root).items()}


LATER = 1735689600
NEW_YEAR = "2025-01-01T00:00:00+00:00"


def edit(name: str, old: str, new: str) -> Callable[[Path], None]:
    """A change of a file of the course."""

    def change(root: Path) -> None:
        text = (root / name).read_text(encoding="utf-8")
        assert old in text
        (root / name).write_text(text.replace(old, new), encoding="utf-8")

    return change


def repaint(root: Path) -> None:
    """Another picture under the same name."""
    (root / "pages/my map.png").write_bytes(as_png(SQUARE.replace("#123456", "#654321")))


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        (edit("pages/plain.md", "Only", "Nothing but"), {"plain.html"}),
        (edit("pages/news/first.md", "# First", "# Second"), {"news/first.html"}),
        (edit("data/towns.csv", "Ax,10,", "Ax,11,"), {"Ax.html", ""}),
        (edit("course.toml", "year = 2024", "year = 2025"), {"news/first.html"}),
        (edit("pages/plain.md", "*text*", "[text](hidden.md)"), {"plain.html"}),
    ],
    ids=["prose", "title", "data", "parameter", "link"],
)
def test_a_change_of_the_content_is_told(copy: Path, change: Callable[[Path], None], changed: set[str]) -> None:
    edit("pages/index.md", "updated: 2024-03-01T12:30\n", "")(copy)
    before = built_again(copy, LATER - 1000)
    change(copy)
    after = built_again(copy, LATER)
    assert {url for url in after if after[url] == NEW_YEAR} == changed
    assert {url: time for url, time in before.items() if url not in changed} == {
        url: time for url, time in after.items() if url not in changed
    }
    assert built_again(copy, LATER + 1000) == after


@pytest.mark.parametrize(
    "change",
    [
        edit("pages/plain.md", "Only *text*.", "Only\n**text**.\n"),
        edit("pages/plain.md", "Only", "---\norder: 1\ntags: [new]\n---\nOnly"),
        edit("pages/hidden.md", "# Hidden", "# Hidden away"),
        edit("course.toml", "[parameters]", "[parameters]\nunused = 1"),
        edit("course.toml", "a%20course", "moved"),
        edit("course.toml", 'authors = ["Ada Lovelace", "Żółw & Co"]', 'authors = ["Ada"]'),
        lambda root: shutil.rmtree(root / "build"),
    ],
    ids=["emphasis", "front matter", "another page", "parameter", "address", "authors", "nothing kept"],
)
def test_what_is_no_content_is_not_told(copy: Path, change: Callable[[Path], None]) -> None:
    before = {item["title"]: item["date_modified"] for item in entries(copy).values()}
    change(copy)
    built_again(copy, LATER)
    feed = json.loads((copy / "build/site/feed.json").read_bytes())
    assert {item["title"]: item["date_modified"] for item in feed["items"]} == before


def test_a_picture_is_content(copy: Path) -> None:
    edit("pages/index.md", "updated: 2024-03-01T12:30\n", "")(copy)
    built_again(copy, LATER - 1000)
    repaint(copy)
    assert built_again(copy, LATER)[""] == NEW_YEAR


def test_a_clone_of_the_course_gives_the_same_bytes(site: Path, tmp_path: Path) -> None:
    clone = tmp_path / "elsewhere"
    shutil.copytree(site, clone, ignore=shutil.ignore_patterns("build"))
    built_again(clone, LATER)
    for name in ("feed.xml", "rss.xml", "feed.json", "tags/maths/feed.xml"):
        assert (clone / "build/site" / name).read_bytes() == (site / "build/site" / name).read_bytes()
    assert (clone / "feeds.times").read_bytes() == (site / "feeds.times").read_bytes()


def test_the_times_are_kept_with_the_course(copy: Path) -> None:
    lines = (copy / "feeds.times").read_text(encoding="utf-8").splitlines()
    assert [line.split()[3] for line in lines[2:]] == ["Ax", "Be--b", "index", "news/first", "plain"]
    assert lines[2].startswith("2020-04-30T23:00:00Z 2020-04-30T23:00:00Z ")
    before = (copy / "feeds.times").read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", str(LATER))
        build(open_course(copy, {"year": 2000}))  # not the course as its readers know it
        assert entries(copy)["news/first.html"]["date_modified"] == NEW_YEAR
        build(open_course(copy, {}), preview=True)
    assert (copy / "feeds.times").read_bytes() == before
    (copy / "feeds.times").write_bytes(before + b"<<<<<<< HEAD\n")
    with pytest.raises(CoursewrightError) as raised:
        build(open_course(copy))
    assert str(raised.value).replace(f"{copy}/", "") == (
        "error: this is no line of the times of feeds\n  --> feeds.times:8\n"
        "hint: leave out this line; of two versions that a merge left here, keep the one with the later time"
    )


def test_a_feed_has_its_newest_entries(copy: Path) -> None:
    edit(
        "course.toml", "[parameters]", '[feeds]\nformats = ["atom", "json"]\nentries = 2\ntags = false\n\n[parameters]'
    )(copy)
    built_again(copy, LATER)
    assert list(entries(copy)) == ["", "plain.html"]
    made = {str(file.relative_to(copy / "build/site")) for file in (copy / "build/site").rglob("*") if file.is_file()}
    assert {name for name in made if Path(name).name in ("feed.xml", "rss.xml", "feed.json")} == {
        "feed.xml",
        "feed.json",
        "news/feed.xml",
        "news/feed.json",
    }
    assert "rss" not in (copy / "build/site/plain.html").read_text(encoding="utf-8")
    edit("course.toml", 'formats = ["atom", "json"]', "formats = []")(copy)
    build(open_course(copy))
    assert not list((copy / "build/site").rglob("feed.*"))
    assert "alternate" not in (copy / "build/site/plain.html").read_text(encoding="utf-8")


def test_a_feed_does_not_grow_without_end(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        text = f"---\ndate: 2025-01-0{number + 1}\n---\n# {number}\n\n" + "Some words.\n\n" * 100
        (copy / f"pages/long-{number}.md").write_text(text, encoding="utf-8")
    assert feeding.LARGEST == 4_000_000
    monkeypatch.setattr(feeding, "LARGEST", 4_000)
    built_again(copy, LATER)
    assert list(entries(copy)) == ["long-3.html", "long-2.html"]
    monkeypatch.setattr(feeding, "LARGEST", 4)
    (copy / "notes.txt").write_text("so that something has changed")
    built_again(copy, LATER)
    assert list(entries(copy)) == ["long-3.html"]  # one there is, however long


def test_from_right_to_left(copy: Path) -> None:
    edit("course.toml", "en-GB", "ar")(copy)
    built_again(copy, LATER)
    assert entries(copy)["plain.html"]["content_html"].startswith('<div lang="ar" dir="rtl"><')
    assert etree.parse(copy / "build/site/feed.xml").getroot().get("{http://www.w3.org/XML/1998/namespace}lang") == "ar"


def test_without_an_address_there_is_no_feed(copy: Path) -> None:
    edit("course.toml", f'url = "{URL}"', "")(copy)
    build(open_course(copy))
    assert not list((copy / "build/site").rglob("feed.*"))
    said: list[str] = []
    assert check(copy, report=said.append) == []
    assert "no feeds: they need to know where the site will be, [course] url in course.toml" in said
    said.clear()
    edit("course.toml", "[parameters]", "[feeds]\nformats = []\n\n[parameters]")(copy)
    check(copy, report=said.append)
    assert not any("feed" in each for each in said)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (
            "pages/plain.md",
            "Only",
            "---\ndate: yesterday\n---\nOnly",
            'error: "yesterday" is no date\n  --> pages/plain.md:2, date\n'
            "hint: write a day, such as 2026-11-29, or a day and a time, such as 2026-11-29T14:30",
        ),
        (
            "pages/plain.md",
            "Only",
            "---\ndate: 2024-02-30\n---\nOnly",
            'error: "2024-02-30" is no date\n  --> pages/plain.md:2, date\n'
            "hint: write a day, such as 2026-11-29, or a day and a time, such as 2026-11-29T14:30",
        ),
        (
            "pages/index.md",
            "date: 2024-02-01",
            "date: 2024-05-01",
            "error: this page was changed on 2024-03-01T12:30:00, before it was there\n"
            "  --> pages/index.md:4, updated\n"
            "hint: its date is 2024-05-01: updated is when it was changed after that",
        ),
        (
            "course.toml",
            URL,
            "example.org/course",
            'error: "example.org/course" is no address of a site\n  --> course.toml:7, [course] url\n'
            "hint: write it whole, such as https://example.org/my-course/",
        ),
        (
            "course.toml",
            "[parameters]",
            "[feeds]\nentries = 0\n\n[parameters]",
            "error: no feed has 0 entries\n  --> course.toml:10, [feeds] entries\n"
            "hint: write 1 or more; for no feeds, formats = []",
        ),
    ],
    ids=["words", "no such day", "changed before", "address", "entries"],
)
def test_what_is_wrong_is_said(copy: Path, file: str, old: str, new: str, message: str) -> None:
    edit(file, old, new)(copy)
    with pytest.raises(CoursewrightError) as raised:
        build(open_course(copy))
    (problem,) = raised.value.problems
    assert str(SeveralProblems([problem])).replace(f"{copy}/", "") == message


@pytest.mark.parametrize(
    "url", ["//example.org/", "https://", "ftp://example.org/", "https://example.org/?a", "https://a b/"]
)
def test_an_address_that_is_none(copy: Path, url: str) -> None:
    edit("course.toml", URL, url)(copy)
    with pytest.raises(CoursewrightError, match="is no address of a site"):
        open_course(copy)


TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=40)


def issue_of(title: str, html: str) -> Issue:
    """A feed with one story, which has all that one can have."""
    time = datetime(2024, 1, 1, tzinfo=UTC)
    sound, run = Enclosure(f"{URL}a.mp3", "audio/mpeg", 5), Launch(f"{URL}run", title)
    story = Story(URL, URL, title, html, time, time, title, (title,), title, (title,), (sound, sound), (run,))
    return Issue(title, f"{URL}feed", URL, (title,), "en-GB", title, (story,))


@given(TEXT, TEXT)
def test_any_text_comes_back(title: str, text: str) -> None:
    issue = issue_of(title, text)
    feed = etree.fromstring(writer("atom")(issue))
    assert (feed.findtext(f"{ATOM}title") or "") == line(title)
    entry = feed.find(f"{ATOM}entry")
    assert (entry.findtext(f"{ATOM}content") or "") == legal(text).replace("\r\n", "\n").replace(
        "\r", "\n"
    ) or "\r" in text
    (item,) = etree.fromstring(writer("rss")(issue)).iter("item")
    assert (item.findtext("title") or "") == line(title)
    (item,) = json.loads(writer("json")(issue))["items"]
    assert (item["content_html"], item.get("title", "")) == (legal(text), line(title))
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", item["content_html"])


def test_a_story_has_its_links_in_every_format() -> None:
    issue = issue_of("T", "<p>x</p>")
    atom, rss, feed = (writer(name)(issue) for name in ("atom", "rss", "json"))
    assert (wrong_in_atom(atom), wrong_in_rss(rss), wrong_in_json(json.loads(feed))) == ([], [], [])
    for content in (atom, rss):
        (entry,) = feedparser.parse(content).entries
        assert [each.href for each in entry.links if each.rel == "related"] == [f"{URL}run"]
    assert json.loads(feed)["items"][0]["_coursewright"] == {
        "licence": "T",
        "run": [{"url": f"{URL}run", "title": "T"}],
    }
    assert len(json.loads(feed)["items"][0]["attachments"]) == 2


@given(st.text("<>/&;\"'= ab#:\x00\x1b\ufffe", max_size=60))
def test_no_html_gets_through_that_readers_would_refuse(html: str) -> None:
    assert wrong_in_html(cleaned(html, URL)) == []
    assert cleaned(cleaned(html, URL), URL) == cleaned(html, URL)


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ('<a href="javascript:alert(1)">x</a>', "<a>x</a>"),
        ('<a href=" JavaScript:alert(1)" onclick="x()">x</a>', "<a>x</a>"),
        ('<a href="../up.html?a=1&amp;b=2">x</a>', '<a href="https://example.org/up.html?a=1&amp;b=2">x</a>'),
        ('<a href="#here">x</a>', f'<a href="{URL}#here">x</a>'),
        ("<custom-part><p>in it</p></custom-part>", "<p>in it</p>"),
        ("<form><label>a</label> <input name=x><button>b</button></form>", "a"),
        ('<td style="text-align:right">', ""),
        (
            '<table><tr><td style="text-align:right" class="x">1',
            '<table><tbody><tr><td align="right">1</td></tr></tbody></table>',
        ),
        ("<style>p { color: red }</style><p style='color:red'>x", "<p>x</p>"),
        ('<img src="a.png" alt="A" srcset="b.png 2x" loading="lazy">', f'<img src="{URL}a.png" alt="A">'),
        (
            '<table><tr><th class="number">A</th></tr></table>',
            '<table><tbody><tr><th align="right">A</th></tr></tbody></table>',
        ),
        ('<iframe src="javascript:x"></iframe>', ""),
        (
            '<math><mi href="x" onclick="y" mathvariant="bold">a</mi></math>',
            '<math><mi mathvariant="bold">a</mi></math>',
        ),
    ],
)
def test_html_for_readers(html: str, kept: str) -> None:
    assert cleaned(html, URL) == kept


def test_a_picture_as_png() -> None:
    assert can_rasterise()
    assert as_png(SQUARE) == as_png(SQUARE)
    assert struct.unpack(">II", as_png(SQUARE, scale=3)[16:24]) == (12, 12)
    for svg, message in (("<p/>", "cannot be made a PNG"), ("<svg", "this picture is no SVG")):
        with pytest.raises(CoursewrightError, match=message):
            as_png(svg)
