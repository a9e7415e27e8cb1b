"""Pages: what the author wrote stands, directives are carried out, and data is never markup."""

from __future__ import annotations

import html.parser
import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursewright.courses import build, open_course
from coursewright.errors import CoursewrightError, SeveralProblems
from coursewright.markup import escape_anywhere, escape_markdown
from coursewright.pages.reading import read_page
from coursewright.pages.syntax import markdown
from coursewright.pages.text.fill import fill
from coursewright.sites.references.paths import page_file

EVIL = "<script>alert(1)</script>"


class Reader(html.parser.HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.attributes: dict[str, dict[str, Any]] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        """Note a tag."""
        self.tags.append(tag)
        self.attributes[tag] = dict(attrs)

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data


SIGNS = [
    *("$x$", "$$", "[!NOTE]", "[^1]", "^[", ":::", ":::{note}", ": ", "[ ] ", "[x] ", "- ", "==", "```{note}", "+++"),
    *("http://a.b", "https:", "www.a.b", "mailto:", "xmpp:", "a@b.co", "{ref}`x`", "[[x]]", "<details>", "|", "&#36;"),
    *("\\", "~", "#"),
]
ANY = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1)
WHERE = [
    *("{}", "a\n{}", "a {} b", "- {}", "- [ ] {}", "> {}", "> [!NOTE]\n> {}", "a\n\n: {}", "# {}", "~~{}~~"),
    *("[^1]\n\n[^1]: {}", ":::{{note}} T {}\nb\n:::", ":::{{note}}\n{}\n:::", "~~~{{note}} T {}\n{}\n~~~"),
    *("```{{note}}\n{}\n```", "| a | b |\n| - | - |\n| {} | z |"),
]


@pytest.mark.parametrize("escape", [escape_markdown, escape_anywhere])
@given(st.lists(st.sampled_from(SIGNS) | ANY, min_size=1).map("".join).filter(str.strip), st.sampled_from(WHERE))
def test_a_value_in_text_is_only_text(escape: Any, value: str, where: str) -> None:
    shown = Reader(markdown().render(where.format(*[escape(value)] * 2)))
    harmless = Reader(markdown().render(where.format("xyz", "xyz")))
    assert shown.tags == harmless.tags
    assert shown.text == harmless.text.replace("xyz", " ".join(value.split()))


@given(st.text(max_size=300))
def test_any_text_is_a_page_or_a_problem(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.getbasetemp() / "any.md"
    file.write_text(text.replace("---", "-").replace("\r", ""), encoding="utf-8")
    try:
        page = read_page(file)
    except CoursewrightError:  # the signs of another tool: nothing else is raised
        return
    if "{{" not in text and not page.directives:
        assert fill(page, {}).text == page.body


def built(root: Path, name: str = "index") -> tuple[str, str]:
    build(open_course(root))
    site, gfm = root / "build" / "site" / f"{name}.html", root / "build" / "markdown" / page_file(name, ".md", "README")
    return site.read_text(encoding="utf-8"), gfm.read_text(encoding="utf-8")


def test_parameters_stand_in_text_and_not_in_code(make_course: Any) -> None:
    page = "# Sales\n\nIn {{ year }}, *in {{year}}*, `{{ year }}` and\n\n    {{ year }}\n\n```\n{{ year }}\n```\n"
    site, gfm = built(make_course({"pages/index.md": page}))
    assert gfm == page.replace("In {{ year }}", "In 2024").replace("in {{year}}", "in 2024")
    assert "<p>In 2024, <em>in 2024</em>, <code>{{ year }}</code> and</p>" in site


def test_parameters_stand_in_a_description_too(make_course: Any) -> None:
    root = make_course({"pages/index.md": "---\ntitle: S\ndescription: 'Sales & more in {{ year }}'\n---\n"})
    for _ in range(2):  # the second time from what the first has kept
        assert '<meta name="description" content="Sales &amp; more in 2024">' in built(root)[0]


def test_a_table_by_name_and_by_sql(make_course: Any) -> None:
    page = (
        "# Sales\n\n```{table} sales\n:limit: 1\n```\n\n"
        '```{table}\n:caption: In {{ year }}\nSELECT fruit AS "Fruit", tonnes FROM sales WHERE year = :year\n```\n'
    )
    site, gfm = built(make_course({"pages/index.md": page}))
    assert "| year | fruit | tonnes |\n| ---: | --- | ---: |\n| 2023 | apple | 10 |\n" in gfm
    assert "| Fruit | tonnes |\n| --- | ---: |\n| apple | 12 |\n| pear |  |\n" in gfm
    assert '<th scope="col" class="number" data-kind="number">tonnes</th>' in site
    assert '<td>pear</td><td class="number"></td>' in site


def test_data_harms_nothing(make_course: Any) -> None:
    sales = f"year,fruit,tonnes\n2024,{EVIL},1\n2024,a|b *c* [d](javascript:x),2\n2024,$x$ ![i](j),3\n"
    finder = '/*---\ntitle = "T"\ntell = "#fruit# sold"\n---*/\nSELECT fruit FROM sales'
    course = 'title = "<i>Fruit</i>"\nauthors = ["<b>Jo</b>"]'
    root = make_course({
        "course.toml": f'[course]\n{course}\n[parameters]\nfruit = "{EVIL}"\n[tables]\nsales = "data/sales.csv"\n',
        "data/sales.csv": sales,
        "facts/sold.sql": finder,
        "pages/index.md": "---\ntitle: '{{ fruit }}'\ndescription: '\"><script>'\n---\n\n"
        "{{ fruit }}\n\n```{table} sales\n:caption: <script>\n```\n\n```{facts}\n```\n\n"
        "```{facts}\n:form: paragraph\n```\n",
    })  # fmt: skip
    site, gfm = built(root)
    shown = Reader(site)
    assert not {"i", "b", "em", "img"} & set(shown.tags)
    assert shown.tags.count("script") == 3  # of the site, of search and of tables
    assert 'href="javascript' not in site
    assert site.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 7
    on_github = Reader(markdown().render(gfm))
    assert not {"script", "i", "b", "img", "a"} & set(on_github.tags)
    assert "| 2024 | a\\|b \\*c\\* \\[d\\](javascript:x) | 2 |" in gfm
    assert "\\$x\\$" in gfm


def test_facts_as_a_list_and_as_a_paragraph(make_course: Any) -> None:
    front = '/*---\ntitle = "T"\ntell = "#fruit# sold #tonnes# t"\nscore = "tonnes"\n---*/\n'
    finder = f"{front}SELECT * FROM sales WHERE tonnes > 0"
    page = "# S\n\n```{facts} sold\n:limit: 2\n```\n\n```{facts}\n:form: paragraph\n:least: 11\n```\n"
    site, gfm = built(make_course({"facts/sold.sql": finder, "pages/index.md": page}))
    assert gfm == "# S\n\n- apple sold 12 t\n- apple sold 10 t\n\napple sold 12 t.\n"
    assert "<li>apple sold 12 t</li>\n<li>apple sold 10 t</li>" in site
    assert "<p>apple sold 12 t.</p>" in site


EVERYWHERE = """\
{{ p }} `a

<div title="{{ p }}" lang='{{ p }}'>{{ p }}</div>

a\\` {{ p }} \\` {{ p }}
"""


@pytest.mark.parametrize(
    "value",
    [
        *("' onerror='alert(1)", '" onerror="alert(1)', "a_b*c*", "<script>", "`x", "&lt;", "$x$", "[!NOTE]", "[^1]"),
        *(":::{note} a", ": a", "::: a", "https://a.b/c", "www.a.b", "jo@a.b", "[x] a", "^[a]", "$$x$$"),
    ],
)
def test_a_parameter_is_text_wherever_it_stands(make_course: Any, value: str) -> None:
    course = f'[course]\ntitle = "T"\n[parameters]\np = {json.dumps(value)}\n'
    site, _ = built(make_course({"course.toml": course, "pages/index.md": EVERYWHERE}))
    main = site.split("<main")[1].split("</main")[0]
    shown = Reader(main)
    assert shown.tags[1:] == ["p", "div", "p"]
    assert shown.text.count(value) == 4
    assert shown.attributes["div"] == {"title": value, "lang": value}


def test_a_parameter_in_an_address_is_one_part_of_it(make_course: Any) -> None:
    course = '[course]\ntitle = "T"\n[parameters]\np = "a b/c)?x=\\"_1"\n'
    page = (
        "[see](https://example.org/{{ p }}) <a href='https://example.org/{{ p }}'>{{ p }}</a>\n\n"
        "[two](https://a.b/{{ p }}/{{ p }}) https://a.b/{{ p }}/{{ p }} {{ p }}\n"
    )
    site, gfm = built(make_course({"course.toml": course, "pages/index.md": page}))
    encoded = "https://example.org/a%20b%2Fc%29%3Fx%3D%22_1"
    twice = "https://a.b/" + "/".join([encoded.rpartition("/")[2]] * 2)
    assert f"[see]({encoded}) <a href='{encoded}'>" in gfm
    assert f'<a href="{encoded}">see</a>' in site
    assert f'<a href="{twice}">two</a> <a href="{twice}">' in site
    assert "</a> a b/c)?x=&quot;_1</p>" in site


def test_a_directive_in_a_list_or_quotation_stays_in_it(make_course: Any) -> None:
    table = "```{table}\nSELECT 1 AS a\n```\n"
    page = (
        "# S\n\n1. one\n\n   "
        + table.replace("\n", "\n   ").rstrip()
        + "\n\n2. two\n\n> "
        + table.replace("\n", "\n> ")
    )
    site, gfm = built(make_course({"pages/index.md": page.rstrip("> ")}))
    assert "1. one\n\n   | a |\n   | ---: |\n   | 1 |\n\n2. two\n\n> | a |\n> | ---: |\n> | 1 |\n" in gfm
    tags = Reader(site.split("<main")[1]).tags
    assert tags[: tags.index("footer")] == [
        *("h1", "ol", "li", "p", "div", "table", "thead", "tr", "th", "tbody", "tr", "td", "li", "p"),
        *("blockquote", "div", "table", "thead", "tr", "th", "tbody", "tr", "td"),
    ]


def test_text_from_rows(make_course: Any) -> None:
    grammar = '{"origin": {"tonnes is missing": "No #fruit#!", "otherwise": "#tonnes# t of #fruit#."}}'
    page = (
        "# S\n\n```{tell} sold\n:rows: sales\n:form: list\n```\n\n"
        "```{tell} sold\nSELECT * FROM sales WHERE year = :year\n```\n\n"
        "```{tell} sold\n:rows: sales\n:form: paragraphs\n```\n"
    )
    site, gfm = built(make_course({"grammars/sold.json": grammar, "pages/index.md": page}))
    told = ["10 t of apple.", "4 t of pear.", "12 t of apple.", "No pear!"]
    paragraphs = "\n\n".join(told)
    assert gfm == f"# S\n\n- {told[0]}\n- {told[1]}\n- {told[2]}\n- {told[3]}\n\n{told[2]} {told[3]}\n\n{paragraphs}\n"
    assert "<p>12 t of apple. No pear!</p>" in site
    assert "<p>No pear!</p>" in site


def test_text_for_groups_of_rows(make_course: Any) -> None:
    page = "# S\n\n```{tell} sold\n:rows: sales\n:by: year\n```\n"
    site, _ = built(make_course({"grammars/sold.yaml": "origin: 'In #year#: #fruit.list#.'\n", "pages/index.md": page}))
    assert "<p>In 2023: apple and pear. In 2024: apple and pear.</p>" in site


def test_a_grammar_in_markdown_links_values_that_stay_text(make_course: Any) -> None:
    grammar = "origin: |-\n  \\#\\# #name#\n\n  \\[#name#\\](#link#) **won**\n"
    rows = (
        """SELECT '<b>*x*</b>' AS name, 'https://example.org/?a=1&b="2"' AS link """
        "UNION ALL SELECT 'y](z)', 'javascript:alert(1)'"
    )
    page = f"# S\n\n```{{tell}} won\n:markdown: true\n:form: paragraphs\n{rows}\n```\n"
    site, gfm = built(make_course({"grammars/won.yaml": grammar, "pages/index.md": page}))
    link = '<a href="https://example.org/?a=1&amp;b=%222%22">&lt;b&gt;*x*&lt;/b&gt;</a>'
    assert f"<p>{link} <strong>won</strong></p>" in site
    assert ">&lt;b&gt;*x*&lt;/b&gt;</h2>" in site
    assert "<p>[y](z)](javascript:alert(1)) <strong>won</strong></p>" in site
    assert gfm.startswith("# S\n\n## &#60;b&#62;&#42;x&#42;&#60;/b&#62;\n\n[&#60;b")


def test_markdown_in_a_list_stays_in_its_item(make_course: Any) -> None:
    page = "# S\n\n```{tell} sold\n:rows: sales\n:by: year\n:form: list\n:markdown: true\n```\n"
    grammar = 'origin: "#year#\\n\\n#fruit.each(one).join(\\n)#"\none: "- *#fruit#*"\n'
    site, _ = built(make_course({"grammars/sold.yaml": grammar, "pages/index.md": page}))
    inner = "<ul><li><em>apple</em></li><li><em>pear</em></li></ul>"
    assert f"<li>2023{inner}</li><li>2024{inner}</li>" in re.sub(r"\s+|</?p>", "", site)


def test_a_grammar_may_stand_in_the_page(make_course: Any) -> None:
    sentence = "```{tell}\n:rows: sales\n#fruit.capitalize#: #tonnes.or(no)# tonnes in #year#.\n```\n"
    rules = (
        '```{tell}\n:rows: sales\n:form: list\norigin: "#fruit# #went#"\n'
        "went: {tonnes < 5: fell, tonnes is missing: vanished, otherwise: rose}\n```\n"
    )
    _, gfm = built(make_course({"pages/index.md": f"# S\n\n{sentence}\n{rules}"}))
    told = "Apple: 10 tonnes in 2023. Pear: 4 tonnes in 2023. Apple: 12 tonnes in 2024. Pear: no tonnes in 2024."
    assert gfm == f"# S\n\n{told}\n\n- apple rose\n- pear fell\n- apple rose\n- pear vanished\n"


def test_another_grammar_is_another_build(make_course: Any) -> None:
    page = "```{tell} sold\n:rows: sales\n```\n"
    root = make_course({"grammars/sold.yaml": "origin: 'a'\n", "pages/index.md": page})
    assert "<p>a a a a</p>" in built(root)[0]
    (root / "grammars" / "sold.yaml").write_text("origin: 'b'\n")
    assert "<p>b b b b</p>" in built(root)[0]


def test_a_page_for_each_row(make_course: Any) -> None:
    each = "for_each: SELECT DISTINCT fruit FROM sales ORDER BY 1"
    page = f'---\ntitle: "{{{{ fruit }}}} in {{{{ year }}}}"\nname: "{{{{ fruit }}}}"\n{each}\n---\n{{{{ fruit }}}}\n'
    root = make_course({"pages/fruit.md": page})
    assert build(open_course(root)).pages == ("apple", "pear")
    assert (root / "build/markdown/pear.md").read_text() == "# pear in 2024\n\npear\n"
    index = (root / "build/site/index.html").read_text()
    assert '<a href="apple.html">apple in 2024</a>' in index


PASSAGES = """\
# S

Before.

::::{when} SELECT 1 FROM sales
WHERE year = :year AND fruit = 'apple'

## Apples in {{ year }}

```{table}
SELECT tonnes FROM sales WHERE year = :year AND fruit = 'apple'
```

:::{when} SELECT 1 FROM sales WHERE year = :year AND tonnes IS NULL

Not *all* was weighed.

:::
::::

After.
"""


def test_the_answer_to_a_question_is_folded_away_in_the_language_of_the_course(make_course: Any) -> None:
    course = '[course]\ntitle = "Obst"\nlanguage = "de"\n'
    question = "---\nkind: number\nanswer: 3\n---\n# Question\n\nWie viele?\n"
    files = {"course.toml": course, "questions/q.md": question, "pages/index.md": "# S\n\n```{question} q\n```\n"}
    assert "<summary>Antwort</summary>\n\n- [x] 3\n" in built(make_course(files))[1]


def test_a_passage_is_told_only_if_its_select_has_rows(make_course: Any) -> None:
    root = make_course({"pages/index.md": PASSAGES})
    told = "# S\n\nBefore.\n\n## Apples in {}\n\n| tonnes |\n| ---: |\n| {} |\n\n{}After.\n"
    site, gfm = built(root)
    assert gfm == told.format(2024, 12, "Not *all* was weighed.\n\n")
    assert "<p>Not <em>all</em> was weighed.</p>" in site
    assert ":::" not in site + gfm
    for year, expected in [(2023, told.format(2023, 10, "")), (2022, "# S\n\nBefore.\n\nAfter.\n")]:
        for executed in (1, 0):  # the second time from what the first has kept
            assert build(open_course(root, {"year": year})).executed == executed
            assert (root / "build/markdown/README.md").read_text() == expected
    assert "Apples" not in (root / "build/site/index.html").read_text()


def test_a_passage_in_a_quotation_and_one_that_says_its_dialect(make_course: Any) -> None:
    page = (
        "# S\n\n> a\n>\n> :::{when}\n> :dialect: sqlite\n> SELECT 1 FROM sales WHERE year >\n> 2000\n>\n"
        "> b\n> :::\n>\n> c\n\n"
        "1. one\n\n   :::{when} SELECT 1 WHERE 1 = 2\n\n   two\n\n   :::\n\n2. three\n\n"
        "```\n:::{when} code\n```\n\n::: is no passage\n"
    )
    _, gfm = built(make_course({"pages/index.md": page}))
    assert gfm == "# S\n\n> a\n>\n> b\n>\n> c\n\n1. one\n\n2. three\n\n```\n:::{when} code\n```\n\n::: is no passage\n"


def test_what_a_passage_leaves_out_is_still_checked(make_course: Any) -> None:
    page = (
        "# S\n\n:::{when} SELECT 1 WHERE 1 = 2\n\n{{ yaer }}\n\n"
        "```{tabel} sales\n```\n\n```{table}\n:limmit: 1\n```\n\n:::\n"
    )
    with pytest.raises(SeveralProblems) as raised:
        build(open_course(make_course({"pages/index.md": page})))
    assert [problem.message for problem in raised.value.problems] == [
        'no directive called "tabel"',
        'no option called "limmit"',
        'no parameter called "yaer"',
    ]


def test_a_page_whose_passages_hang_on_a_file_is_built_anew_with_it(make_course: Any) -> None:
    page = "# S\n\n:::{when} SELECT 1 FROM sales WHERE tonnes > 100\n\nMuch.\n\n:::\n"
    root = make_course({"pages/index.md": page})
    assert "Much" not in built(root)[1]
    (root / "data/sales.csv").write_text("year,fruit,tonnes\n2024,pear,101\n")
    assert "Much" in built(root)[1]


@pytest.mark.parametrize("name", ["../../escape", "/etc/passwd", "a/b", "..", "con:", "x\ny"])
def test_a_name_from_data_stays_in_the_folder(make_course: Any, name: str) -> None:
    files = {
        "data/sales.csv": f'fruit\n"{name}"\n',
        "pages/p.md": "---\nname: '{{ fruit }}'\nfor_each: SELECT fruit FROM sales\n---\n",
    }
    root = make_course(files)
    build(open_course(root))
    written = list(root.parent.rglob("*.html"))
    assert len(written) == 2  # the page and the index
    assert all(path.parent == root / "build" / "site" for path in written)


def test_a_heading_without_a_letter_has_no_anchor(make_course: Any) -> None:
    files = {"pages/index.md": "# ***\n\n# …\n\n## !\n\n## `a`\n\n## ![b](c.png)\n", "pages/c.png": ""}
    site, _ = built(make_course(files))
    assert 'id=""' not in site
    assert re.findall(r"<h\d[^>]*>", site) == ["<h1>", "<h1>", "<h2>", '<h2 id="a">', "<h2>"]


def test_the_index_that_is_made_has_a_way_past_its_head_too(make_course: Any) -> None:
    root = make_course({"pages/sales.md": "# Sales\n"})
    build(open_course(root))
    index = (root / "build/site/index.html").read_text()
    assert '<body>\n<a class="skip" href="#site.content">Skip to the content</a>\n' in index
    assert '<main id="site.content">' in index


def test_a_figure_without_its_extra_says_what_to_install(make_course: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_course({"figures/sold.py": "def draw(sales):\n    pass\n", "pages/a.md": "```{figure} sold\n```\n"})
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "pandas" else pytest.fail(name))
    with pytest.raises(SeveralProblems) as error:
        build(open_course(root))
    assert str(error.value) == (
        f'error: figures need pandas\n  --> {root}/pages/a.md:1, {{figure}}\nhint: pip install "coursewright[charts]"'
    )


def test_a_picture_is_a_png_too_on_request(make_course: Any) -> None:
    pytest.importorskip("plotnine", reason='pip install "coursewright[charts]"')
    figure = (
        "from coursewright.figures import lines\n\n\n"
        'def draw(sales):\n    return lines(sales, x="year", y="tonnes", group="fruit", title="Sold")\n'
    )
    root = make_course({
        "data/sales.csv": "year,fruit,tonnes\n2023,a|b,1\n2024,a|b,2\n2023,<script>,3\n2024,<script>,1\n",
        "figures/sold.py": figure,
        "pages/index.md": "# S\n\n```{figure} sold\n:png: true\n:caption: In {{ year }} *for real*\n```\n",
    })  # fmt: skip
    site, gfm = built(root)
    assert "](index/sold.png)\n\n*In 2024 \\*for real\\**\n" in gfm
    assert r"a\|b" in gfm
    assert "&lt;script&gt;" in gfm
    assert Reader(site).tags.count("script") == 2  # of the site and of search
    for folder in ("site", "markdown"):
        assert (root / "build" / folder / "index/sold.png").read_bytes().startswith(b"\x89PNG")
        assert "<script>" not in (root / "build" / folder / "index/sold.svg").read_text()


def test_numbers_are_shown_as_people_write_them(make_course: Any) -> None:
    numbers = "3.0::DOUBLE AS a, 0.1::DOUBLE AS b, 1e300::DOUBLE AS c, 2.50::DECIMAL(5, 2) AS d, true AS e"
    _, gfm = built(make_course({"pages/index.md": f"# S\n\n```{{table}}\nSELECT {numbers}\n```\n"}))
    assert gfm.endswith("| 3 | 0.1 | 1 × 10³⁰⁰ | 2.50 | yes |\n")


@given(
    st.text("-+=.)1 23x*_#>~`:", min_size=1, max_size=6).filter(str.strip),
    st.sampled_from([escape_anywhere, escape_markdown]),
    st.sampled_from(["", " x"]),
)
def test_a_value_begins_no_list_and_underlines_no_heading(value: str, escape: Any, after: str) -> None:
    shown = Reader(markdown().render(f"{escape(value)}{after}\n\nz\n\ny\n{escape(value)}{after}\n"))
    assert shown.tags == ["p", "p", "p"]
    assert shown.text.split("\n")[0] == " ".join(value.split()) + after


BARS = """
from coursewright.figures import bars

def draw(sales):
    return bars(sales.head(2), x="fruit", y="tonnes", title="Fruit & more")
"""


@pytest.mark.skipif(not importlib.util.find_spec("plotnine"), reason='pip install "coursewright[charts]"')
def test_a_chart_stands_in_the_page_with_its_text(make_course: Any) -> None:
    page = "# S\n\n```{figure} bars\n```\n\n```{figure} bars\n:alt: Two & one\n:narrow: true\n```\n"
    site, gfm = built(make_course({"pages/index.md": page, "figures/bars.py": BARS}))
    assert "<img" not in site
    assert site.count("Fruit &amp; more") >= 3  # to be found in the page: it is text
    assert 'aria-label="Two &amp; one"' in site
    assert len(re.findall(r'<svg[^>]* class="[^"]*\bnarrow\b', site)) == 1
    idents = re.findall(r' id="([^"]+)"', site)
    assert len(idents) == len(set(idents))
    assert gfm.count("(index/bars.svg)") == 2


def test_a_picture_that_is_not_ours_stays_in_a_file(make_course: Any) -> None:
    figure = "from coursewright.figures import Figure\n\ndef draw():\n    return Figure('<svg><script/></svg>', 'A')\n"
    site, _ = built(make_course({"pages/index.md": "# S\n\n```{figure} own\n```\n", "figures/own.py": figure}))
    assert '<img src="index/own.svg" alt="A">' in site
    assert "script" not in site[site.index("<main") :]
