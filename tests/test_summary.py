"""Markdown out: on GitHub, in GitBook and in mdBook every link leads to a file, and the contents name every page."""

from __future__ import annotations

import html.parser
import posixpath
import re
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import cmarkgfm
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursewright.courses import build, open_course
from coursewright.errors import CoursewrightError
from coursewright.pages.syntax.parser import slug
from coursewright.sites import Entry, Index, Site
from coursewright.sites.around.summary import mdbook, nested, summary
from coursewright.sites.references.paths import page_file

ODD = "a [b] ü (1) & co"
EVIL = "*x* [y](z) | <b> `c` {{#include /etc/passwd}}"
FILES = {
    "course.toml": f"[course]\ntitle = '''{EVIL}'''\nauthors = ['\"Jo\" 😀']\n",
    "pages/index.md": f"""# Home

[odd](<{ODD}/index.md>) [two](<{ODD}/my page.md>) [deep](<{ODD}/no front/deep.md#two-words>) [](many:p%3F%20q)
<a href="{ODD}/my page.md">in HTML</a> [defined] [up](#home)

![a map](<my map (1).png>) ![the same](<{ODD}/x.png> "T")

| a\\|b ![m](<my map (1).png>) [many](many:r) |
| - |
| [two](<{ODD}/my page.md>) |

[defined]: <{ODD}/my page.md#again-1> "D"

- in an item
  ```{{figure}} my chart (1)
  ```
- ```{{pages}} many
  ```

```{{question}} q
```

```{{table}}
:link: n = many
SELECT unnest(['p? q', 'r']) AS n
```
""",
    f"pages/{ODD}/index.md": "# Odd\n\n[home](../index.md) [page](<my page.md>) ![m](<../my map (1).png>)\n",
    f"pages/{ODD}/my page.md": "# Two\n\n## Again\n\n## Again\n\n[](index.md)\n",
    f"pages/{ODD}/no front/deep.md": "# Deep\n\n## Two words\n\n[](../../index.md) [](many:r)\n",
    "pages/many.md": "---\nfor_each: SELECT unnest(['p? q', 'r']) AS n\nname: '{{ n }}'\n---\n# The {{ n }} & <b>\n",
    "pages/my map (1).png": "png",
    f"pages/{ODD}/x.png": "png",
    "figures/my chart (1).py": (
        "from coursewright.figures import Figure\n\ndef draw():\n    return Figure('<svg></svg>', 'S')\n"
    ),
    "questions/q.md": (
        "---\nkind: number\n---\n```python\na = pick([1, 2])\n"
        "line = number_line(0, 9, points=[a], alt='A [line] | <b>')\nanswer = a\n```\n# Question\n\n{{ line }}\n"
    ),
}


class Shown(html.parser.HTMLParser):
    """What GitHub's parser makes of Markdown: the tags, the destinations, the text of headings."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.targets: list[str] = []
        self.headings: list[str] = []
        self.ids: set[str] = set()
        self._in_heading = False
        options = cmarkgfm.cmark.Options.CMARK_OPT_UNSAFE | cmarkgfm.cmark.Options.CMARK_OPT_FOOTNOTES
        self.html = cmarkgfm.github_flavored_markdown_to_html(markdown, options=options)
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        values = dict(attrs)
        self.tags.append(tag)
        self.targets += [values[name] for name in ("href", "src") if name in values]
        self.ids |= {values["id"]} if "id" in values else set()
        if re.fullmatch("h[1-6]", tag):
            self._in_heading = True
            self.headings.append("")

    def handle_endtag(self, tag: str) -> None:
        if re.fullmatch("h[1-6]", tag):
            self._in_heading = False

    def handle_data(self, data: str) -> None:
        if self._in_heading:
            self.headings[-1] += data

    @property
    def anchors(self) -> set[str]:
        """The anchors that GitHub gives the headings, and those that are written."""
        found: dict[str, int] = {}
        anchors = set(self.ids)
        for anchor in map(slug, self.headings):
            anchors.add(f"{anchor}-{found[anchor]}" if anchor in found else anchor)
            found[anchor] = found.get(anchor, 0) + 1
        return anchors


def dead(folder: Path) -> list[str]:
    """The links of the Markdown files in `folder` that lead to no file, or to no heading of one."""
    shown = {file: Shown(file.read_text(encoding="utf-8")) for file in folder.rglob("*.md")}
    assert shown
    found = []
    for file, page in shown.items():
        for target in page.targets:
            if re.match(r"(https?|mailto|data):|#(user-content-)?fn", target):
                continue
            path, _, anchor = target.partition("#")
            leads_to = (file.parent / unquote(path)).resolve() if path else file
            there = leads_to.is_file() and leads_to.is_relative_to(folder.resolve())
            if not there or (anchor and unquote(anchor) not in shown[leads_to].anchors):
                found.append(f"{file.relative_to(folder)}: {target}")
    return found


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Markdown of a course in which everything has a name that needs care."""
    root = tmp_path_factory.mktemp("odd")
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    build(open_course(root))
    return root / "build/markdown"


def test_every_link_of_odd_names_leads_to_a_file(odd: Path) -> None:
    assert dead(odd) == []
    home = Shown((odd / "README.md").read_text(encoding="utf-8"))
    assert len(home.targets) == 18
    assert home.tags.count("img") == 5
    assert home.tags.count("table") == 2
    assert "![S](index/my%20chart%20%281%29.svg)" in (odd / "README.md").read_text(encoding="utf-8")


def test_letters_stand_in_the_addresses_of_pages_as_they_are(make_course: Any) -> None:
    """HonKit 6.1 decodes none: of [a](s%C3%B8k/%C3%A5.md) it makes a link to a file that it does not write."""
    home = "[a](søk/å.md) [b](s%C3%B8k/%C3%A5.md#été) [c](<é \u2014 %25/c.md>) [d](a%2Fb.md)"
    root = make_course({
        "pages/index.md": f"# Home\n\n{home}\n",
        "pages/søk/å.md": "# A\n\n## Été\n\n[home](../index.md) ![map](ø.png)\n",
        "pages/søk/ø.png": "png",
        "pages/é \u2014 %/c.md": "# Dash\n",
        "pages/a/b.md": "# B\n",
    })  # fmt: skip
    build(open_course(root))
    home = (root / "build/markdown/README.md").read_text(encoding="utf-8")
    led = ["søk/å.md", "søk/å.md#été", "é%20%E2%80%94%20%25/c.md", "a/b.md"]
    assert re.findall(r"\]\((.*?)\)", home) == led
    assert dead(root / "build/markdown") == []


def test_a_link_that_leads_nowhere_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\n[b](b.md) [b](<a b.md>) [c](#c) [d](#a) ![e](e%20f.png)\n")
    (tmp_path / "e f.png").write_text("png")
    assert dead(tmp_path) == ["a.md: b.md", "a.md: a%20b.md", "a.md: #c"]


def test_the_contents_are_what_gitbook_and_mdbook_read(odd: Path) -> None:
    text = (odd / "SUMMARY.md").read_text(encoding="utf-8")
    assert text.split("\n") == [
        r"# \*x\* \[y\](z) \| &lt;b&gt; \`c\` \{\{\#include /etc/passwd\}\}",
        "",
        "- [Home](README.md)",
        r"- [Odd](a%20[b]%20ü%20\(1\)%20&amp;%20co/README.md)",
        r"  - [Two](a%20[b]%20ü%20\(1\)%20&amp;%20co/my-page.md)",
        r"  - [Deep](a%20[b]%20ü%20\(1\)%20&amp;%20co/no%20front/deep.md)",
        "- [The p? q &amp;](p--q.md)",
        "- [The r &amp;](r.md)",
        "",
    ]
    assert Shown(text).tags == ["h1", "ul", *["li", "a"] * 2, "ul", *["li", "a"] * 2, *["li", "a"] * 2]
    for written in re.findall(r"\]\((.*)\)$", text, re.MULTILINE):
        named = re.sub(r"\\(.)", r"\1", written).replace("&amp;", "&")
        assert (odd / named.replace("%20", " ")).is_file()  # mdBook decodes nothing else


def test_mdbook_is_told_what_it_asks(odd: Path) -> None:
    told = tomllib.loads((odd / "book.toml").read_text(encoding="utf-8"))
    assert told == {
        "book": {"title": EVIL, "authors": ['"Jo" 😀'], "language": "en-GB", "src": "."},
        "build": {"build-dir": ".book", "create-missing": False, "use-default-preprocessors": False},
    }


TEXT = st.text(st.characters(codec="utf-8"), min_size=1)


@given(TEXT, st.lists(TEXT))
def test_what_mdbook_is_told_is_what_the_course_says(title: str, authors: list[str]) -> None:
    book = tomllib.loads(mdbook(Site(title, tuple(authors))))["book"]
    assert (book["title"], book["authors"]) == (title, authors)


NAME = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="/\\"), min_size=1)
ADDRESS = st.lists((NAME | st.sampled_from(["index", "a", "b"])).filter(str.strip), min_size=1, max_size=4)


@given(st.lists(ADDRESS.map("/".join).filter(lambda address: address != "404"), unique=True, min_size=1, max_size=8))
def test_the_contents_lead_to_every_page_once_whatever_it_is_called(addresses: list[str]) -> None:
    index = Index(Entry(address, f"{address}.md", address) for address in addresses)
    assert sorted(entry.address for entry, _ in nested(index)) == sorted(addresses)
    text = summary(index, Site("T"), lambda address: page_file(address, ".md", "README"))
    targets = [unquote(target) for target in Shown(text).targets]
    files = [page_file(entry.address, ".md", "README") for entry, _ in nested(index)]
    assert [posixpath.relpath(target) for target in targets] == [posixpath.relpath(file) for file in files]


def test_a_section_stands_below_its_front_page_wherever_that_comes() -> None:
    addresses = ["404", "z", "s/b", "s/t/c", "s/index", "s/t/index", "s/t/d", "u/v/e", "index"]
    index = Index(Entry(address, f"{address}.md", address) for address in addresses)
    told = [f"{'  ' * depth}{entry.address}" for entry, depth in nested(index)]
    assert told == ["z", "s/index", "  s/b", "  s/t/index", "    s/t/c", "    s/t/d", "u/v/e", "index"]


def test_where_no_page_is_the_front_page_the_contents_are(make_course: Any) -> None:
    root = make_course({"pages/a.md": "# A\n", "pages/b/c.md": "# C\n"})
    build(open_course(root))
    for name in ("README.md", "SUMMARY.md"):
        text = (root / "build/markdown" / name).read_text(encoding="utf-8")
        assert text == "# Fruit\n\n- [A](a.md)\n- [C](b/c.md)\n"
    (root / "pages/a.md").write_text("# Alpha\n", encoding="utf-8")
    build(open_course(root))
    assert "[Alpha](a.md)" in (root / "build/markdown/README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("page", "file", "owner"),
    [
        ("readme", "readme.md", "what pages/index.md gives"),
        ("summary", "SUMMARY.md", "what pages/summary.md gives"),
    ],
)
def test_a_page_never_takes_the_place_of_another_file(make_course: Any, page: str, file: str, owner: str) -> None:
    root = make_course({"pages/index.md": "# Home\n", f"pages/{page}.md": "# R\n"})
    with pytest.raises(CoursewrightError) as raised:
        build(open_course(root))
    other = "what pages/readme.md gives" if page == "readme" else "what every site has"
    message = f'error: two things would be "{file}": {owner}, and {other}\nhint: give one of them another name'
    assert str(raised.value) == message


SELECT = "```{table}\nSELECT 1 AS a\n```"
TELL = "```{tell} g\n:markdown: true\n:form: list\nSELECT 1 AS a\n```"


@pytest.mark.parametrize("block", [SELECT, TELL])
@pytest.mark.parametrize(
    ("first", "below", "tags"),
    [
        ("", "", ["p", "BLOCK", "p"]),
        ("> ", "> ", ["blockquote", "p", "BLOCK", "p"]),
        ("1. ", "   ", ["ol", "li", "p", "BLOCK", "p"]),
        ("> - ", ">   ", ["blockquote", "ul", "li", "p", "BLOCK", "p"]),
    ],
)
def test_a_block_stands_apart_from_the_text_around_it(
    make_course: Any, block: str, first: str, below: str, tags: list[str]
) -> None:
    lines = "\n".join(f"{below}{line}" for line in f"{block}\nafter".split("\n"))
    grammar = '{"origin": ["say *#a#*"]}'
    root = make_course({"pages/index.md": f"# S\n\n{first}before\n{lines}\n", "grammars/g.json": grammar})
    build(open_course(root))
    shown = Shown((root / "build/markdown/README.md").read_text(encoding="utf-8"))
    inside = ["table", "thead", "tr", "th", "tbody", "tr", "td"] if block == SELECT else ["ul", "li", "em"]
    expected = [tag for each in tags for tag in (inside if each == "BLOCK" else [each])]
    assert shown.tags == ["h1", *expected]
    site = (root / "build/site/index.html").read_text(encoding="utf-8")
    assert block == SELECT or "<li>say <em>1</em></li>" in site


def test_items_of_a_list_with_blocks_stay_one_list(make_course: Any) -> None:
    page = f"# S\n\n1. {SELECT}\n2. next\n".replace("\nSELECT", "\n   SELECT").replace("\n```\n", "\n   ```\n")
    root = make_course({"pages/index.md": page})
    build(open_course(root))
    text = (root / "build/markdown/README.md").read_text(encoding="utf-8")
    assert text == "# S\n\n1. | a |\n   | ---: |\n   | 1 |\n2. next\n"
