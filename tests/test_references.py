"""Figures, tables and formulas have numbers and names, and links say them, in every format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from coursewright.courses import build, check, open_course
from coursewright.errors import SeveralProblems
from coursewright.sites.references.paths import page_file

SALES = "```{table} sales\n:name: sold\n:caption: What was sold\n:limit: 1\n```\n"
CIRCUIT = "```{logic} a and b\n:name: both\n:caption: Both\n:alt: An AND gate\n```\n"
ENERGY = "```{math}\n:name: energy\nE = mc^2\n```\n"
NEXT = "\n"
COURSE = '[course]\ntitle = "Fruit"\nlanguage = "LANGUAGE"\n\n[tables]\nsales = "data/sales.csv"\n'


def written(root: Path, name: str = "index") -> tuple[str, str]:
    """The HTML and the Markdown of a page."""
    build(open_course(root))
    site, gfm = root / "build/site" / f"{name}.html", root / "build/markdown" / page_file(name, ".md", "README")
    return site.read_text(encoding="utf-8"), gfm.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("front", "language", "said"),
    [
        ("numbered: true", "en-GB", ("Table 1: What was sold", "Figure 1: Both", "Equation 1")),
        ("numbered: true\nchapter: 2", "de", ("Tabelle 2.1: What was sold", "Abbildung 2.1: Both", "Gleichung 2.1")),
        ("chapter: A", "en-GB", ("What was sold", "Both", "Equation A.1")),
        ("title: Sales", "pl", ("What was sold", "Both", "Równanie 1")),
    ],
)
def test_a_link_without_text_says_the_number_or_else_the_caption(
    make_course: Any, front: str, language: str, said: tuple[str, str, str]
) -> None:
    table, figure, formula = said
    links = "See [](#sold), [](#both), [](#energy), [](#the-end) and [this](#sold)."
    page = (
        f"---\n{front}\n---\n# A\n\n{links}\n\n{SALES}\n{CIRCUIT}\n- {ENERGY.replace(NEXT, NEXT + '  ')}\n## The end\n"
    )
    root = make_course({"course.toml": COURSE.replace("LANGUAGE", language), "pages/index.md": page})
    site, gfm = written(root)
    words = [each.split(":")[0] for each in (table, figure)]
    assert (
        f'See <a href="#sold">{words[0]}</a>, <a href="#both">{words[1]}</a>, <a href="#energy">{formula}</a>, '
        '<a href="#the-end">The end</a> and <a href="#sold">this</a>.'
    ) in site
    assert (
        f"See [{words[0]}](#sold), [{words[1]}](#both), [{formula}](#energy), [The end](#the-end) and [this](#sold)."
    ) in gfm
    assert f'<div id="sold">\n<div class="table" role="group" tabindex="0" aria-label="{table}">' in site
    assert f"<figcaption>{figure}</figcaption>" in site
    assert f"<p>({formula.split()[1]})</p>" in site
    assert f'<a id="sold"></a>\n\n**{table}**\n\n| year | fruit |' in gfm
    assert f'<a id="both"></a>\n\n![An AND gate](index/both.svg)\n\n*{figure}*' in gfm or f"*{figure}*" in gfm
    number = formula.split()[1]
    tag = number if number in {"1", "2.1"} else f"\\text{{{number}}}"
    assert f'- <a id="energy"></a>\n\n  $$\n  E = mc^2 \\tag{{{tag}}}\n  $$' in gfm


def test_numbers_go_by_what_is_told_and_a_link_from_another_page_says_which_page(make_course: Any) -> None:
    course = COURSE.replace("LANGUAGE", "en-GB") + "\n[site]\nnumbered = true\n"
    one = "```{table} sales\n:caption: One\n```\n"
    page = f"# B *x* [y]\n\n:::{{when}} SELECT 1 WHERE false\n\n{one}\n:::\n\n{one}\n```{{table}} sales\n```\n\n{SALES}"
    files = {
        "course.toml": course,
        "pages/b.md": page,
        "pages/index.md": "# A\n\n[](b.md#sold), [](b.md), [](c/c.md#sold)\n",
        "pages/c/c.md": f"---\nchapter: 3\n---\n# C\n\n[](../b.md#sold)\n\n{SALES}",
        "pages/plain.md": f"---\nnumbered: false\n---\n# P\n\n{SALES}",
    }
    root = make_course(files)
    site, gfm = written(root)
    assert '<a href="b.html#sold">Table 2 (B x [y])</a>, <a href="b.html">B x [y]</a>, ' in site
    assert '<a href="c/c.html#sold">Table 3.1</a>' in site
    assert "[Table 2 (B x \\[y\\])](b.md#sold)" in gfm
    assert "<caption>Table 1: One</caption>" in written(root, "b")[0]
    assert "<caption>What was sold</caption>" in written(root, "plain")[0]
    (root / "pages/b.md").write_text(page.replace("WHERE false", ""))
    assert "Table 3 (B x [y])" in written(root)[0]  # a page that changed nothing itself
    assert "Table 3 (B x [y])" in written(root, "c/c")[0]


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (
            f"# A\n\n[](#solt)\n\n{SALES}",
            'error: no heading or name "#solt" in index.md\n  --> pages/index.md:3\n'
            'hint: did you mean "sold"? Available: a, sold',
        ),
        (
            "# A\n\n[](#energy)\n",
            'error: no heading or name "#energy" in index.md\n  --> pages/index.md:3\n'
            "hint: on another page there is: b.md#energy",
        ),
        (
            f"# A\n\n{SALES}\n## Sold\n",
            'error: two things of this page are called "sold"\n  --> pages/index.md:3, {table} :name:\n'
            "hint: give one of them another name; a heading is called by its words",
        ),
        (
            f"# A\n\n{SALES}\n:::{{note}} Mind\n:name: sold\nx\n:::\n",
            'error: two things of this page are called "sold"\n  --> pages/index.md:9, {note} :name:\n'
            "hint: give one of them another name; a heading is called by its words",
        ),
        (
            f"# A\n\n{SALES.replace('sold', 'so ld')}",
            'error: "so ld" is no name for links\n  --> pages/index.md:3, {table} :name:\n'
            "hint: begin with a letter, then write letters, digits, - and _, such as teams-by-year",
        ),
        (
            "# A\n\nSee [](#bare) and\n[](../data/sales.csv).\n\n```{table} sales\n:name: bare\n```\n",
            'error: the link to "#bare" has no text\n  --> pages/index.md:3\n'
            "hint: write it between [ and ]: there is no caption and no number to stand there",
        ),
        (
            "# A\n\n[](https://example.org)\n",
            'error: the link to "https://example.org" has no text\n  --> pages/index.md:3\n'
            "hint: write it between [ and ]: there is no caption and no number to stand there",
        ),
        (
            "# A\n\n:::{when}\n:name: x\nSELECT 1\n\ny\n\n:::\n",
            'error: no option called "name"\n  --> pages/index.md:3, {when}\nhint: Available: dialect',
        ),
        (
            "# A\n\n```{math} E = mc^2\n```\n",
            "error: which formula?\n  --> pages/index.md:3, {math}\n"
            "hint: write LaTeX on the lines below {math}, such as E = mc^2",
        ),
        (
            "# A\n\n```{math}\nE =\n{{ mass }}\n```\n",
            'error: no parameter called "mass"\n  --> pages/index.md:5, {math}',
        ),
    ],
)
def test_what_cannot_be_said_or_found_is_a_problem(make_course: Any, page: str, said: str) -> None:
    course = COURSE.replace("LANGUAGE", "en-GB")
    root = make_course({"course.toml": course, "pages/index.md": page, "pages/b.md": f"# B\n\n{ENERGY}"})
    assert str(SeveralProblems(check(root)[:1])).replace(f"{root}/", "") == said


def test_notes_questions_and_what_is_told_have_names_too(make_course: Any) -> None:
    page = (
        "# A\n\n[](#mind), [](#told) [the facts](#listed)\n\n:::{note} Mind the *gap*\n:name: mind\nx\n:::\n\n"
        ":::{tip}\n:name: told\n:class: dropdown\ny\n:::\n\n"
        "```{tell} a\n:rows: sales\n:markdown: true\n:name: listed\n```\n"
    )
    root = make_course({"pages/index.md": page.replace("[](#told) ", ""), "grammars/a.json": '{"origin": "#fruit#"}'})
    site, gfm = written(root)
    assert '<a href="#mind">Mind the gap</a>, <a href="#listed">the facts</a>' in site
    assert '<a id="listed"></a>' in site
    assert '<a id="mind"></a>\n\n> [!NOTE]\n> **Mind the *gap***' in gfm
    assert '<a id="told"></a>\n\n<details>' in gfm
    assert '<a id="listed"></a>\n\napple pear' in gfm


PIXEL = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
QUESTION = "---\ntitle: Apples\nkind: truefalse\n---\n\n# Question\n\nRed?\n\n# Answers\n\n- [x] True\n- [ ] False\n"
PICTURES = """# A

[](#ap-ples), [](#both), [](#ap-ples-1), [](#asked), [](#note) and [](#solo)

![Red](ap%20ples.svg "An *apple* & more")

> - ![Again][again]

An ![icon](ap%20ples.svg "no figure") in a line.

![Nothing below](ap%20ples.svg)

[again]: <ap ples.svg> "Another"

CIRCUIT
```{question} apples
:name: asked
```

```{question} note
:name: note
```

![Solo](../solo/solo.svg "Alone")
"""


@pytest.mark.parametrize("language", ["en-GB", "fi"])
def test_pictures_of_markdown_and_questions_have_numbers_and_names(make_course: Any, language: str) -> None:
    files = {
        "course.toml": COURSE.replace("LANGUAGE", language) + "\n[site]\nnumbered = true\n",
        "pages/index.md": PICTURES.replace("CIRCUIT", CIRCUIT),
        "pages/b.md": "---\nchapter: 2\n---\n# B\n\n[](index.md#ap-ples), [](#ap-ples)\n\n![x](ap%20ples.svg 'It')\n",
        "pages/plain.md": "---\nnumbered: false\n---\n# P\n\n[](#ap-ples), [](#q)\n\n![x](ap%20ples.svg 'It')\n\n"
        "```{question} apples\n:name: q\n```\n",
        "pages/ap ples.svg": PIXEL,
        "solo/solo.svg": PIXEL,
        "questions/apples.md": QUESTION,
        "questions/note.md": "---\ntitle: Mind\nkind: description\n---\n\n# Question\n\nIt rains.\n",
    }
    root = make_course(files)
    site, gfm = written(root)
    on = (lambda said: f'<span lang="en">{said}</span>') if language == "fi" else str
    links = ("ap-ples", "Figure 1"), ("both", "Figure 3"), ("ap-ples-1", "Figure 2"), ("asked", "Question 1")
    for anchor, said in links:
        assert f'<a href="#{anchor}">{on(said)}</a>' in site
        assert f"[{said}](#{anchor})" in gfm
    assert '<a href="#note">Mind</a> and <a href="#solo">' in site
    assert (
        '<figure class="as-it-is" id="ap-ples">\n<img src="ap%20ples.svg" alt="Red" />\n'
        f"<figcaption>{on('Figure 1')}: An *apple* &amp; more</figcaption>\n</figure>"
    ) in site
    assert f"<figcaption>{on('Figure 2')}: Another</figcaption>" in site
    assert 'An <img src="ap%20ples.svg" alt="icon" title="no figure" /> in a line.' in site
    assert '<p><img src="ap%20ples.svg" alt="Nothing below" /></p>' in site
    assert f"<figcaption>{on('Figure 3')}: Both</figcaption>" in site
    assert f"<figcaption>{on('Figure 4')}: Alone</figcaption>" in site
    assert f'<h2 class="cw-title">{on("Question 1")}: Apples</h2>' in site
    assert '<h2 class="cw-title">Mind</h2>' in site
    assert (
        '<a id="ap-ples"></a>![Red](ap%20ples.svg "An *apple* & more")\n\n*Figure 1: An \\*apple\\* &amp; more*\n\n'
        '> - <a id="ap-ples-1"></a>![Again][again]\n>\n>   *Figure 2: Another*\n'
    ) in gfm
    assert '<a id="asked"></a>\n\n**Question 1: Apples**\n\nRed?' in gfm
    chapter, _ = written(root, "b")
    assert (
        f'<a href="index.html#ap-ples">{on("Figure 1")} (A)</a>, <a href="#ap-ples">{on("Figure 2.1")}</a>' in chapter
    )
    plain, plain_gfm = written(root, "plain")
    assert '<a href="#ap-ples">It</a>, <a href="#q">Apples</a>' in plain
    assert "<figcaption>It</figcaption>" in plain
    assert '<a id="ap-ples"></a>![x](ap%20ples.svg \'It\')\n\n<a id="q"></a>\n\nRed?' in plain_gfm


def test_words_of_pages_say_that_they_are_english_where_they_are(make_course: Any) -> None:
    page = (
        "# Sivu\n\nSana[^1]\n\n- [x] tehty\n\n| a |\n|---|\n| 1 |\n\n:::{solution} Yksi\nx\n:::\n\n[^1]: Sana @a\n\n"
        "```{table} sales\n```\n\n## Figure 1 on kuva\n"
    )
    course = COURSE.replace("LANGUAGE", "fi") + '\n[bibliography]\nfiles = ["a.bib"]\n'
    root = make_course(
        {"course.toml": course, "pages/index.md": page, "a.bib": "@book{a, title={T}, author={A}, year=2001}"}
    )
    site, _ = written(root)
    for said in (
        'aria-label="Footnote 1" lang="en">1</a>',
        '<section class="footnotes" role="doc-endnotes" aria-label="Footnotes" lang="en">\n<ol lang="fi" dir="ltr">',
        'aria-label="Back to reference 1" lang="en">',
        '<input type="checkbox" disabled checked aria-label="Done" lang="en">',
        'aria-label="Table" lang="en">\n<table lang="fi" dir="ltr">',
        '<span class="kind" lang="en">Solution:</span> Yksi',
        '<h2 id="references"><span lang="en">References</span></h2>',
        ">Figure 1 on kuva</h2>",
    ):
        assert said in site
    assert site.count('<table lang="fi" dir="ltr"') == 2


def test_a_value_in_a_formula_is_text(make_course: Any) -> None:
    course = '[course]\ntitle = "T"\n[parameters]\nwhat = "a_b & $c$"\nn = 3\n'
    page = "# A\n\n```{math}\nx = {{ n }} \\cdot {{ what }}\n```\n"
    site, gfm = written(make_course({"course.toml": course, "pages/index.md": page}))
    assert "<mtext>a_b &amp; $c$</mtext>" in site
    assert "$$\nx = 3 \\cdot \\text{a\\_b \\& \\$c\\$}\n$$" in gfm


def test_the_example_of_the_guide_says_what_the_guide_says(make_course: Any) -> None:
    guide = (Path(__file__).parents[1] / "docs/guides/writing-pages.md").read_text(encoding="utf-8")
    example = guide.split("## Names, numbers")[1].split("````markdown\n")[1].split("````\n")[0]
    site, _ = written(make_course({"pages/index.md": example}))
    assert 'as <a href="#sold">Table 1</a> shows. How much is lost is said by <a href="#loss">Equation 1</a>' in site
    assert "<caption>Table 1: Tonnes sold</caption>" in site


def test_what_a_page_says_in_english_is_said_to_be_so_in_names_and_contents_too(make_course: Any) -> None:
    """In Basque, which has no words here: an attribute cannot say that half of it is English, what stands there can."""
    text = f"# A\n\n## B\n\n## C\n\nSee [@box].\n\n{SALES}\n```{{audio}} tone.wav\n:caption: Tone\n```\n"
    page = f"---\nbibliography: b.bib\n---\n{text}"
    root = make_course({
        "course.toml": COURSE.replace("LANGUAGE", "eu") + "[site]\nnumbered = true\n",
        "b.bib": "@book{box, title = {Boxes}, author = {Box, Ann}, year = {2001}}\n",
        "pages/index.md": page,
    })  # fmt: skip
    _tone(root / "pages/tone.wav")
    site, _ = written(root)
    english = '<span lang="en">'
    assert f'<li><a href="#references">{english}References</span></a>' in site
    assert '<div class="table" role="group" tabindex="0" aria-labelledby="figure-0-said">' in site
    assert f'<caption id="figure-0-said">{english}Table 1</span>: What was sold</caption>' in site


def _tone(file: Path) -> None:
    import wave

    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(bytes([128, 140] * 4000))
