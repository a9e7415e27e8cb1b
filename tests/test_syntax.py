"""The language of pages: what people write is shown, and what another tool would have understood is named."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from coursewright import settings
from coursewright.courses import build, check, open_course
from coursewright.errors import CoursewrightError
from coursewright.labels import known
from coursewright.pages.syntax import foreign, markdown
from coursewright.pages.syntax.admonitions import NAMES
from coursewright.pages.syntax.code import coloured
from coursewright.pages.syntax.github import with_alerts
from coursewright.pages.syntax.parser import read, slug
from coursewright.sites.formats.site import style
from test_pages import SIGNS, Reader

ROOT = Path(__file__).parent.parent
SHOWN = yaml.safe_load((ROOT / "tests" / "syntax.yaml").read_text(encoding="utf-8"))
FOREIGN = yaml.safe_load((ROOT / "tests" / "foreign_syntax.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", SHOWN, ids=[case["name"] for case in SHOWN])
def test_what_is_written_is_shown(case: dict[str, str]) -> None:
    assert markdown().render(case["write"]) == case["html"]
    assert read(case["write"])[1] == []


@pytest.mark.parametrize("case", FOREIGN["named"], ids=[case["write"] for case in FOREIGN["named"]])
def test_what_is_another_tools_is_named(case: dict[str, Any]) -> None:
    told = [f"{one.line + 1}: {one.part}: {one.message} ({one.hint})" for one in read(case["write"])[1]]
    assert told == case["told"]


@pytest.mark.parametrize("text", [case["write"] for case in FOREIGN["named"] if "backslash" in case["told"][0]])
def test_a_backslash_in_front_shows_it_as_it_stands(text: str) -> None:
    lines = text.split("\n")
    for finding in read(text)[1]:
        lines[finding.line] = lines[finding.line].replace(finding.part, f"\\{finding.part}", 1)
    assert read("\n".join(lines))[1] == []


PIECES = [
    *"[]()!?+:.=^$`{}\\<>*_~|&#-\n ", "note", "TOC", "x", "](y)", "[a](b:c)", "```", "\n\n", "\n:::", "{math}`x`",
    "<b>", "&#91;", "&colon;", "[^1]: t", "a: ", "\n> ", "\n- ", "\n| a | b |\n| - | - |\n| ", "https://x.org",
    "!!! note",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_a_text_is_read_wherever_something_is_found_in_it(text: str) -> None:
    def seen() -> tuple[object, object]:
        tokens, findings = read(text)
        return [(each.type, each.map, each.info, each.content) for each in tokens], findings

    found = seen()
    with pytest.MonkeyPatch.context() as everything:
        everything.setattr(foreign, "MAYBE", re.compile(""))
        assert seen() == found


@pytest.mark.parametrize("text", FOREIGN["plain"])
def test_what_is_plain_text_is_not_named(text: str) -> None:
    assert read(text)[1] == []


@pytest.mark.parametrize("text", [case["write"] for case in FOREIGN["named"] if not case.get("block")])
def test_nothing_is_named_in_code(text: str) -> None:
    fenced = f"~~~~~text\n{text}\n~~~~~\n"
    indented = "\n".join(f"    {line}" for line in text.split("\n"))
    assert read(f"a\n\n{fenced}\n{indented}\n\n<pre>\n{text.replace('<', '&lt;')}\n</pre>\n")[1] == []


@pytest.mark.parametrize("file", [*ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*/pages/*.md"), ROOT / "README.md"])
def test_nothing_is_named_in_our_own_pages(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    front = settings.split_front_matter(text, file)
    assert read(front.body if front else text)[1] == []


def test_what_is_named_has_its_file_and_line(make_course: Any) -> None:
    page = "---\ntitle: T\n---\n# T\n\nSee {ref}`x`.\n\n:::{when} SELECT 1\n\nAs in [[Monza]].\n\n:::\n"
    root = make_course({"pages/index.md": page})
    assert [f"{one.message} {one.where}" for one in check(root)] == [
        f'no role called "ref" {root}/pages/index.md:6, {{ref}}',
        f"links are not written in two brackets here {root}/pages/index.md:10, [[Monza]]",
    ]


@pytest.mark.parametrize("fence", [":::", "```", "````", "~~~"])
def test_parameters_are_filled_in_in_admonitions(make_course: Any, fence: str) -> None:
    one = f"{fence}{{note}} T {{{{ year }}}}\nIn {{{{ year }}}} and `{{{{ year }}}}`\n{fence}\n"
    page = f"# {{{{ year }}}}\n\n{one}{{{{ year }}}}\n{one}\n- {one.replace(chr(10), chr(10) + '  ')}\n"
    root = make_course({"pages/index.md": page})
    build(open_course(root))
    site = (root / "build/site/index.html").read_text(encoding="utf-8")
    main = site.split("<main")[1].split("</main")[0]
    assert main.count("2024") == 9
    assert main.count("<code>{{ year }}</code>") == main.count("{{ year }}") == 3


def test_what_stands_between_colons_and_is_not_known_is_named(make_course: Any) -> None:
    page = (
        "::: {.callout-note}\na\n:::\n\n:::{figure} x.png\n:::\n\nSee [[a]].\n\n```{table}\n:limit: 1\n:limit: 2\n```\n"
    )
    root = make_course({"pages/index.md": page})
    between = "between colons there are {when} and admonitions, such as {note} or {warning}; "
    assert [(one.message, one.where and one.where.line, one.hint) for one in check(root)] == [
        ('no passage called "{.callout-note}"', 1, "write :::{note} Title"),
        ('no passage called "{figure}"', 5, between + "a directive stands between three backticks"),
        (
            "links are not written in two brackets here",
            8,
            "write [text](page.md); to show it as it stands, write a backslash in front of it",
        ),
        ('the option "limit" is there twice', 12, "remove one of them"),
    ]


def test_a_formula_with_a_value_is_that_value(make_course: Any) -> None:
    files = {
        "course.toml": '[course]\ntitle = "T"\n[parameters]\nn = 3\nname = "a_b}"\n',
        "pages/index.md": "$x^{{{ n }}}$ and $y_{{{ name }}}$ and $\\frac{{{ n }}}{2}$\n",
    }
    root = make_course(files)
    build(open_course(root))
    site = (root / "build/site/index.html").read_text(encoding="utf-8")
    assert "<msup><mi>x</mi><mrow><mn>3</mn></mrow></msup>" in site
    assert "<msub><mi>y</mi><mrow><mtext>a_b}</mtext></mrow></msub>" in site
    assert "<mfrac><mrow><mn>3</mn></mrow><mrow><mn>2</mn></mrow></mfrac>" in site


def test_a_formula_that_a_value_spoils_is_a_problem_of_its_page(make_course: Any) -> None:
    page = "```{tell} sold\n:rows: sales\n:markdown: true\n```\n"
    root = make_course({"grammars/sold.yaml": "origin: '$x^{2$'\n", "pages/index.md": page})
    with pytest.raises(CoursewrightError, match="cannot be written as MathML") as raised:
        build(open_course(root))
    assert str(raised.value.problem.where) == f"{root}/pages/index.md:1, $x^{{2$"


def test_admonitions_are_alerts_on_github() -> None:
    for case in yaml.safe_load((ROOT / "tests" / "github_syntax.yaml").read_text(encoding="utf-8")):
        assert with_alerts(case["write"]) == case["github"], case["write"]


def test_admonitions_with_what_directives_give_are_alerts_too(make_course: Any) -> None:
    page = "# T\n\n````{tip} In {{ year }}\n:class: note\n```{table}\nSELECT 1 AS a\n```\n````\nAfter\n"
    root = make_course({"pages/index.md": page})
    build(open_course(root))
    gfm = (root / "build/markdown/README.md").read_text(encoding="utf-8")
    assert gfm == "# T\n\n> [!TIP]\n> **In 2024**\n>\n> | a |\n> | ---: |\n> | 1 |\n\nAfter\n"


@given(st.text() | st.lists(st.sampled_from([*SIGNS, "\n", "\n:::\n", "\n```\n", "> ", "a", "  "])).map("".join))
def test_what_has_no_admonitions_stays_as_it_is(text: str) -> None:
    written = with_alerts(text)
    assert all(0 <= finding.line <= text.count("\n") for finding in read(text)[1])
    if "container_admonition_open" not in {token.type for token in markdown().parse(text)}:
        assert written == text


PARTS = [
    "a\n\nb",
    "- x\n- y\n\n  z",
    "```\n- c\n```",
    "| a |\n| - |\n| 1 |",
    "> q\n\nr",
    "    code\n\n    more",
    "$$\nx\n$$",
    "T\n: d",
]


@given(
    st.sampled_from(["note", "tip", "important", "warning", "caution"]),
    st.lists(st.sampled_from(PARTS), min_size=1).map("\n\n".join),
    st.sampled_from([":::", "::::", "````", "~~~~"]),
    st.sampled_from(["", "\n", "\n\nafter", "\nafter"]),
)
def test_an_alert_shows_what_the_admonition_showed(name: str, text: str, fence: str, after: str) -> None:
    page = f"before\n\n{fence}{{{name}}}\n{text}\n{fence}{after}"
    assert markdown().render(with_alerts(page)) == markdown().render(page)


def test_a_page_speaks_the_language_of_its_course(make_course: Any) -> None:
    files = {
        "course.toml": '[course]\ntitle = "T"\nlanguage = "de-AT"\n',
        "pages/index.md": "> [!NOTE]\n> a[^1]\n\n[^1]: b\n",
    }
    root = make_course(files)
    build(open_course(root))
    site = (root / "build/site/index.html").read_text(encoding="utf-8")
    assert '<span class="kind">Hinweis</span>' in site
    assert 'aria-label="Fußnoten"' in site


def test_every_language_has_every_word() -> None:
    assert {frozenset(words) for words in known("pages").values()} == {frozenset(known("pages")["en"])}
    assert set(NAMES) - {"admonition"} <= set(known("pages")["en"])
    assert all(isinstance(word, str) and word for words in known("pages").values() for word in words.values())


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Title", "title"),
        ("The race: a *report*, in 2 parts!", "the-race-a-report-in-2-parts"),
        ("snake_case and `code()`", "snake_case-and-code"),
        ("São Paulo – Größe", "são-paulo--größe"),
        ("हिन्दी भाषा", "हिन्दी-भाषा"),
        ("日本語 見出し", "日本語-見出し"),
        ("C++ & C#", "c--c"),
        ("🏁 Finish", "-finish"),
        ("[Link](x.md) text", "link-text"),
    ],
)
def test_a_heading_has_the_anchor_that_github_gives(heading: str, anchor: str) -> None:
    assert f'id="{anchor}"' in markdown().render(f"#### {heading}\n")


def test_headings_that_are_the_same_have_anchors_of_their_own() -> None:
    shown = markdown().render("# A\n\n## A\n\n## A 1\n\n### A\n")
    assert re.findall('id="(.*?)"', shown) == ["a", "a-1", "a-1-1", "a-2"]
    assert slug(" A  B ") == "a--b"


@given(st.text(), st.sampled_from(["python", "r", "sql", "html", "json", "console", "nothing-known", ""]))
def test_code_in_colours_is_the_same_code(code: str, language: str) -> None:
    code = code.replace("\r", "")
    assert Reader(coloured(code, language)).text == code


def test_a_language_that_nobody_knows_is_plain() -> None:
    assert markdown().render("```nobody\na < b\n```\n") == (
        '<pre tabindex="0"><code class="language-nobody">a &lt; b\n</code></pre>\n'
    )


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_colour_of_code_and_admonitions_can_be_read() -> None:
    sheet = style()
    colours = re.findall(r"(?:color|--edge): light-dark\((#\w{6}), (#\w{6})\)", sheet)
    grounds = [re.findall(rf"--{name}: light-dark\((#\w{{6}}), (#\w{{6}})\)", sheet)[0] for name in ("shade", "paper")]
    assert len(colours) > 12
    for pair in colours:
        for ground in grounds:
            for ink, paper in zip(pair, ground, strict=True):
                dark, light = sorted((luminance(ink), luminance(paper)))
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, paper)
