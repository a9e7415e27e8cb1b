"""What a site has around its pages: the switch of colours, the contents, the words, and what a printer makes of it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from coursewright.courses import build, open_course
from coursewright.labels import direction, known, labels_in
from coursewright.pages.reading import Heading
from coursewright.sites.around.contents import PageSection, contents
from coursewright.sites.theme.style import PARTS, theme_file

NODE = Path(__file__).parent / "node"
LIGHT, DARK = "rgb(253, 253, 252)", "rgb(21, 24, 28)"

PAGE = """\
# Fruit & more

By [somebody](https://example.org/who), see https://example.org/where and [below](#two).

## One

```python
print("<one>")
```

### Deeper

## Two

```{figure} box
```

```{question} sum
```

## Three & four

| a |
|---|
| 1 |
"""
BOX = """\
from coursewright.figures import Figure
from coursewright.figures.pictures.themed import themed

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path id="p" stroke="#222222" d="M0 0h9"/></svg>'

def draw():
    return Figure(themed(SVG, alt="A line"), "A line")
"""
SUM = "---\ntitle: Sum\nkind: number\n---\n```python\nanswer = 3\n```\n# Question\n\n1 + 2?\n"


def course(folder: Path, language: str = "en-GB", more: str = "", **files: str) -> Path:
    """A built course with a page that has everything."""
    written = {
        "course.toml": f'[course]\ntitle = "Fruit"\nlanguage = "{language}"\n{more}',
        "pages/index.md": PAGE,
        "pages/other.md": "# Other\n\nText.\n",
        "figures/box.py": BOX,
        "questions/sum.md": SUM,
        **files,
    }
    for name, text in written.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    build(open_course(folder))
    return folder / "build" / "site"


def told(scenes: dict[str, list[list[Any]]]) -> dict[str, list[Any]]:
    """What the steps of each scene give in the browser, those that give nothing left out."""
    chromium, node = shutil.which("chromium"), shutil.which("node")
    if not chromium or not node or not (NODE / "node_modules" / "playwright-core").is_dir():
        pytest.skip("needs chromium, nodejs and npm ci --prefix tests/node")
    asked = {name: {"steps": steps, "javaScriptEnabled": name != "bare"} for name, steps in scenes.items()}
    done = subprocess.run(
        [node, str(NODE / "frame.js"), chromium], input=json.dumps(asked), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return {name: [each for each in found if each is not None] for name, found in json.loads(done.stdout).items()}


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """What readers find on a page, in one browser; the course is in a folder that needs encoding in addresses."""
    site = course(tmp_path_factory.mktemp("a [b] ü"))
    page, other = (site / "index.html").as_uri(), (site / "other.html").as_uri()
    long = {f"pages/{number}.md": f"# A page of many words, number {number}\n" for number in range(4)}
    arabic = (course(tmp_path_factory.mktemp("arabic"), "ar", **long) / "index.html").as_uri()
    paper = ["style", "body", "backgroundColor"]
    colours = [paper, ["style", ".cw-question", "backgroundColor"], ["style", "figure svg path", "stroke"]]
    state = [["theme"], *colours]
    switch = [["focus", ".theme :checked"], ["key", "ArrowRight"], ["focused"]]
    return told({
        "switch": [
            ["open", page], *state, ["media", {"colorScheme": "dark"}], *state,
            *switch, *state, ["open", other], ["first"], ["theme"], ["media", {"colorScheme": "light"}],
            *switch, ["open", page], ["first"], *state, *switch, *state, ["open", other], ["first"], ["theme"],
        ],
        "copy": [
            *(["open", page], ["text", ".code button"]),
            *(["click", ".code button"], ["saying", ".code *", "Copied"], ["paste"]),
        ],
        "paper": [
            *(["open", page], ["focus", ".theme :checked"], ["key", "ArrowLeft"], ["theme"], paper),
            *(["media", {"media": "print", "colorScheme": "dark"}], *colours, ["style", "body", "color"]),
            *(["style", ".table", "overflowX"], ["style", "thead", "display"]),
            *(["after", "main p a"], ["after", "main a.bare"], ["after", 'main p a[href="#two"]']),
            ["shown", "header .theme, header .across, .contents, .code button, footer nav"],
        ],
        "contents": [
            *(["open", page, 1280], ["shown", ".contents a"], ["box", ".contents"], ["box", "main"], ["over"]),
            *(["focus", ".contents a"], ["focused"]),
            *(["open", page, 360], ["shown", ".contents a"], ["box", ".contents"], ["box", "main"], ["over"]),
            *(["click", ".contents summary"], ["shown", ".contents a"]),
            *(["open", other, 1280], ["text", ".contents"], ["text", ".across a"]),
        ],
        "bare": [
            *(["open", page, 360], ["shown", ".theme"], ["text", "main pre"], ["text", ".cw-text"]),
            *(["shown", "main > p, .cw-text p"], ["shown", ".across a"], ["click", ".contents summary"]),
            *(["text", ".contents a"], ["shown", ".contents a"]),
            *(["open", arabic, 360], ["shown", ".across a"], ["focus", ".across summary"], ["key", "Enter"]),
            *(["shown", ".across a"], ["box", ".across [aria-current]"], ["over"]),
            *(["open", arabic, 1280], ["shown", ".across a"], ["shown", ".across summary"], ["over"]),
        ],
        "leftwards": [
            *(["open", arabic, 1280], ["box", ".contents"], ["box", "main"], ["box", ".home"], ["box", ".theme"]),
            *(["over"], ["style", "pre", "direction"], ["style", "figure svg", "direction"]),
            *(["open", arabic, 360], ["over"]),
        ],
    })  # fmt: skip


def test_the_switch_has_three_states_that_are_remembered_and_shown_before_the_page(seen: dict[str, Any]) -> None:
    light, dark = [LIGHT, LIGHT, "rgb(29, 35, 41)"], [DARK, DARK, "rgb(230, 232, 235)"]
    assert seen["switch"] == [
        *(["", "system"], *light, ["", "system"], *dark),
        *("light", ["light", "light"], *light, "light", ["light", "light"]),
        *("dark", "dark", ["dark", "dark"], *dark),
        *("system", ["", "system"], *light, "", ["", "system"]),
    ]


def test_code_is_copied_as_it_stands(seen: dict[str, Any]) -> None:
    button, after, pasted = seen["copy"]
    assert button == ["Copy"]
    assert after[-2:] == ["Copied", "Copied"]  # the button, and what is said to who does not see it
    assert pasted == 'print("<one>")\n'


def test_paper_is_white_and_says_where_links_lead(seen: dict[str, Any]) -> None:
    theme, before, *colours, ink, scrolls, head, elsewhere, bare, here, shown = seen["paper"]
    assert (scrolls, head) == ("visible", "table-header-group")  # else no head is on the second sheet
    assert (theme, before) == (["dark", "dark"], DARK)
    assert (colours, ink) == (["rgb(255, 255, 255)"] * 2 + ["rgb(29, 35, 41)"], "rgb(29, 35, 41)")
    assert elsewhere == '" (https://example.org/who)"'
    assert (bare, here) == ("none", "none")
    assert shown == [False] * 5


def test_contents_stand_beside_the_text_where_there_is_room_and_are_folded_where_not(seen: dict[str, Any]) -> None:
    wide, narrow, other = seen["contents"][:5], seen["contents"][5:10], seen["contents"][10:]
    (shown, beside, text, over, focused) = wide
    assert (shown, over, focused) == ([True] * 4, 0, "One")
    assert beside[0] > text[1]
    assert text[1] - text[0] == 714  # as wide as lines read well, whatever stands beside it
    (shown, within, text, over, opened) = narrow
    assert (shown, over, opened) == ([False] * 4, 0, [True] * 4)
    assert within == text
    assert other == [[], ["Fruit & more", "Other"]]


def test_without_javascript_everything_reads_and_nothing_is_offered_that_does_not_work(seen: dict[str, Any]) -> None:
    switch, code, question, text, menu, *contents = seen["bare"]
    assert (switch, code, question) == ([False], ['print("<one>")'], ["1 + 2?"])
    assert text == [True] * len(text)
    assert menu == [True, True]
    assert contents[:2] == [["One", "Deeper", "Two", "Three & four"], [True] * 4]


def test_a_menu_of_long_titles_folds_on_a_phone_without_javascript_and_leftwards(seen: dict[str, Any]) -> None:
    folded, opened, here, over, wide, summary, over_wide = seen["bare"][7:]
    assert (folded, opened, over) == ([False] * 6, [True] * 6, 0)
    assert here[1] > 320  # begins at the right
    assert (wide, summary, over_wide) == ([True] * 6, [False], 0)


def test_a_language_that_is_written_leftwards_is_shown_so(seen: dict[str, Any]) -> None:
    beside, text, title, switch, over, code, chart, over_narrow = seen["leftwards"]
    assert beside[1] < text[0]
    assert title[0] > switch[1]
    assert (over, over_narrow, code, chart) == (0, 0, "ltr", "ltr")


def test_every_language_has_every_word_and_a_stranger_has_english_that_says_so() -> None:
    words_of = known("sites")
    assert set(words_of) >= {"en", "de", "fr", "es", "it", "nl", "cy", "ar", "he"}
    assert all(set(words) == set(words_of["en"]) for words in words_of.values())
    assert all(word and word == word.strip() for words in words_of.values() for word in words.values())
    assert labels_in("sites", "de-AT").copy.__html__() == "Kopieren"
    assert labels_in("sites", "fi").copy.__html__() == '<span lang="en">Copy</span>'
    assert labels_in("sites", "fa").copy.__html__() == '<span lang="en" dir="ltr">Copy</span>'
    assert [direction(language) for language in ("ar", "he-IL", "fa", "ur-PK", "en-GB", "zh")] == [
        *["rtl"] * 4, "ltr", "ltr",
    ]  # fmt: skip


def test_words_in_another_language_than_the_page_are_marked(tmp_path: Path) -> None:
    html = (course(tmp_path, "fi") / "index.html").read_text(encoding="utf-8")
    assert '<html lang="fi" dir="ltr">' in html
    assert '<a class="skip" href="#site.content"><span lang="en">Skip to the content</span></a>' in html
    assert 'data-copy="Copy" data-copied="Copied" data-lang="en"' in html


def test_every_word_is_said_somewhere() -> None:
    theme = Path(__file__).parent.parent / "src/coursewright/sites"
    sources = "".join(file.read_text(encoding="utf-8") for file in (*theme.rglob("*.html"), *theme.rglob("*.py")))
    themes = {"system", "light", "dark"}  # in a loop
    used = {word for word in known("sites")["en"] if re.search(rf"(?:said|\))\.{word}\b|[\"']{word}[\"']", sources)}
    assert known("sites")["en"].keys() - used <= themes


def h(*levels: int) -> list[Heading]:
    """Headings of the levels."""
    return [Heading(level, str(number), f"a{number}") for number, level in enumerate(levels)]


@pytest.mark.parametrize(
    ("levels", "found"),
    [
        ((), []),
        ((1, 2, 2), []),
        ((1, 2, 2, 2), [("1", []), ("2", []), ("3", [])]),
        ((1, 2, 3, 4, 2, 2), [("1", ["2"]), ("4", []), ("5", [])]),
        ((1, 1, 1, 1), [("1", []), ("2", []), ("3", [])]),
        ((3, 2, 2, 2), [("1", []), ("2", []), ("3", [])]),
        ((2, 2, 2), [("0", []), ("1", []), ("2", [])]),
        ((1, 4, 4, 4), [("1", []), ("2", []), ("3", [])]),
    ],
)
def test_contents_are_the_sections_of_a_page(levels: tuple[int, ...], found: list[tuple[str, list[str]]]) -> None:
    assert [(part.text, [each.text for each in part.below]) for part in contents(h(*levels))] == found


def test_a_heading_without_an_anchor_is_not_in_the_contents() -> None:
    headings = [Heading(2, "…", ""), *h(2, 2, 2)]
    assert contents(headings) == [PageSection("0", "a0"), PageSection("1", "a1"), PageSection("2", "a2")]


def test_the_style_knows_no_left_and_right_but_where_it_says_which_way_text_runs() -> None:
    """The list of what is cited stood out of the page in Arabic."""
    sides = re.compile(r"(?:padding|margin|border|inset)-(?:left|right)\b|(?<![\w-])(?:left|right)\s*:")
    for part in PARTS:
        assert not sides.search(theme_file(part)), part
