"""Citations: sources from BibTeX and CSL-JSON, told by a style, in every format; and what is wrong with them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import html

from coursewright.courses import build, check, open_course
from coursewright.errors import MissingPart, SeveralProblems
from coursewright.pages import read_document
from coursewright.pages.citing.bibliography import read_bibliography
from coursewright.pages.citing.cited import cite
from coursewright.pages.citing.csl_json import as_biblatex
from coursewright.pages.citing.spans import Span, as_html, as_markdown, as_text
from coursewright.pages.executing import ExecutedPage
from coursewright.pages.reading import Conventions, read_page
from coursewright.pages.syntax import markdown
from coursewright.pages.syntax.citations import CITES, CitationItem, cited_in
from coursewright.sites.references.paths import page_file

BIBTEX = r"""
@string{oup = "Oxford University Press"}
@article{muller2008a, author = {M{\"u}ller, J{\"u}rgen and van der Berg, Jan}, title = {On <b>it</b> \& {DNA}},
  journal = {Journal of X}, year = 2008, month = may, volume = 3, number = 2, pages = {1--9}, doi = {10.1000/xyz}}
@book{muller2008b, author = "M{\"u}ller, J{\"u}rgen and van der Berg, Jan", title = {On B}, publisher = oup,
  year = 2008}
@misc{f1db, author = {{The F1DB Team}}, title = {F1DB}, url = {https://github.com/f1db/f1db}, urldate = {2026-03-01}}
@article{many, author = {A, X and B, Y and C, Z and D, W and E, V}, title = {Many}, journal = {J}, year = 2010,
  volume = 1}
@book{nobody, title = {Nobody}, year = 1999}
@online{bad, author = {Cruz, Ana}, title = {Bad}, url = {javascript:alert(1)}, date = {2020-03-04}}
"""
CSL = [
    {
        "id": "ga_p",
        "type": "book",
        "title": "C# & F#",
        "author": [{"family": "García Pérez", "given": "Ana"}, {"literal": "OU, and others"}],
        "issued": {"date-parts": [[1999]]},
        "publisher": "OUP",
    }
]
PAGE = """# Cites

@muller2008a [p. 3] say so [see @muller2008b, p. 3;
@f1db]. Mail a@b.org, `@code`, \\@handle and https://m.social/@user.
Also [-@muller2008b] and[^n] @ga_p.

> - quoted [@f1db;
>   @ga_p] end

[^n]: In a note [@f1db].

| a |
|---|
| x\\|y [@f1db] |
"""
COURSE = '[course]\ntitle = "T"\n[bibliography]\nfiles = ["a.bib", "b.json"]\n[parameters]\nwho = "x @f1db [@f1db]"\n'
FILES = {"course.toml": COURSE, "a.bib": BIBTEX, "b.json": json.dumps(CSL), "pages/index.md": PAGE}


def written(root: Path, name: str = "index") -> tuple[str, str]:
    """The HTML and the Markdown of a page."""
    build(open_course(root))
    site, gfm = root / "build/site" / f"{name}.html", root / "build/markdown" / page_file(name, ".md", "README")
    return site.read_text(encoding="utf-8"), gfm.read_text(encoding="utf-8")


def told(tmp_path: Path, *written: str, style: str = "harvard-cite-them-right", language: str = "en-GB") -> list[str]:
    """What becomes of citations, then the list of what they cite, as text."""
    file = tmp_path / "a.bib"
    file.write_text(BIBTEX, encoding="utf-8")
    tokens = markdown().parse("\n\n".join(written), {CITES: True})
    items = tuple(token.meta["items"] for token, _ in cited_in(tokens))
    cited = cite(read_bibliography([file]), items, style, language)
    return [as_text(each) for each in (*cited.citations, *(text for _, text in cited.references))]


def test_citations_are_told_wherever_text_is_and_their_sources_below(make_course: Any) -> None:
    site, gfm = written(make_course(FILES))
    f1db = '<a href="#ref:f1db" role="doc-biblioref">The F1DB Team, no date</a>'
    assert '<a href="#ref:muller2008a" role="doc-biblioref">Müller and Berg (2008a, p. 3)</a></span> say so' in site
    assert f"(see {f1db}; " in site
    assert f'<li>quoted <span class="citation">({f1db}; ' in site
    assert f'<td>x|y <span class="citation">({f1db})</span></td>' in site
    assert f'In a note <span class="citation">({f1db})</span>' in site
    assert "<code>@code</code>, @handle and " in site
    assert '<section class="references" role="doc-bibliography" aria-labelledby="references">' in site
    assert (
        '<li id="ref:f1db">The F1DB Team (no date) <em>F1DB</em>. Available at: '
        '<a href="https://github.com/f1db/f1db">https://github.com/f1db/f1db</a> (Accessed: 1 March 2026).</li>'
    ) in site
    assert "‘On &lt;b&gt;it&lt;/b&gt; &amp; DNA’" in site
    assert gfm.startswith(
        "# Cites\n\n[Müller and Berg (2008a, p. 3)](#ref:muller2008a) say so (see [The F1DB Team, no date](#ref:f1db); "
        "[Müller and Berg, 2008b, p. 3](#ref:muller2008b)). Mail a@b.org, `@code`, \\@handle and https://m.social/@user."
        "\nAlso [(2008b)](#ref:muller2008b) and[^n] [García Pérez and OU, and others (1999)](#ref:ga_p).\n\n"
        "> - quoted ([The F1DB Team, no date](#ref:f1db); [García Pérez and OU, and others, 1999](#ref:ga_p)) end\n"
    )
    assert "| x\\|y ([The F1DB Team, no date](#ref:f1db)) |" in gfm
    assert '## References\n\n- <a id="ref:f1db"></a>The F1DB Team (no date) *F1DB*. Available at: ' in gfm
    assert "<em>C\\# &amp; F\\#</em>. OUP." in gfm


def test_a_list_stands_where_it_is_asked_for_and_values_cite_nothing(make_course: Any) -> None:
    page = "---\nbibliography: a.bib\n---\n# A\n\n{{ who }} @nobody\n\n```{bibliography}\n:name: list\n```\n\n"
    page += "End. [x](#list)\n"
    everything = "---\nbibliography: [a.bib]\n---\n# B\n\n## References\n\n```{bibliography}\n:all: true\n```\n"
    course = COURSE.replace('files = ["a.bib", "b.json"]', 'style = "ieee"')
    files = {**FILES, "course.toml": course, "pages/index.md": page, "pages/b.md": everything}
    site, gfm = written(make_course(files))
    assert "x @f1db [@f1db] <span" in site
    assert "x &#64;f1db &#91;&#64;f1db&#93; [\\[1\\]](#ref:nobody)" in gfm
    assert site.count("<li id=") == 1
    assert (
        '<div id="list">\n<div class="references">\n<ul>\n<li id="ref:nobody">[1] <em>Nobody</em>. 1999.</li>' in site
    )
    assert '- <a id="ref:nobody"></a>\\[1\\] *Nobody*. 1999.\n\nEnd.' in gfm
    assert written(make_course(files), "b")[0].count("<li id=") == 6


@pytest.mark.parametrize(
    ("style", "language", "citation", "said"),
    [
        ("harvard-cite-them-right", "en-GB", "[@many, pp. 3-4]", "(A et al., 2010, pp. 3-4)"),
        ("harvard-cite-them-right", "de", "[@f1db]", "(The F1DB Team, ohne Datum)"),
        ("harvard-cite-them-right", "en-GB", "@nobody", "(Nobody, 1999)"),
        ("harvard-cite-them-right", "en-GB", "[-@nobody]", "(Nobody, 1999)"),
        ("harvard-cite-them-right", "en-GB", "[cf. @nobody]", "(cf. Nobody, 1999)"),
        ("apa", "fr", "[@muller2008b]", "(Müller & Berg, 2008)"),
        ("chicago-author-date", "en-US", "@muller2008b [p. 3]", "Müller and Berg (2008, p. 3)"),
        ("ieee", "en-GB", "[@nobody; @many, p. 2]", "[1], [2, p. 2]"),
        ("ieee", "en-GB", "[see @nobody]", "[see 1]"),
        ("nature", "en-GB", "[@nobody]", "1"),
        ("springer-basic", "en-GB", "[@nobody]", "[1]"),
        ("american-medical-association", "en-GB", "[@nobody]", "1"),
    ],
)
def test_what_styles_and_languages_make_of_a_citation(
    tmp_path: Path, style: str, language: str, citation: str, said: str
) -> None:
    assert told(tmp_path, citation, style=style, language=language)[0] == said


def test_names_years_months_and_addresses_are_told_as_the_style_has_them(tmp_path: Path) -> None:
    assert told(tmp_path, "[@muller2008a; @muller2008b]", "[@bad]", style="apa", language="de-DE") == [
        "(Müller & Berg, 2008a; 2008b)",
        "(Cruz, 2020)",
        "Cruz, A. (2020, März 4). Bad. javascript:alert(1)",
        "Müller, J., & Berg, J. van der. (2008a). On <b>it</b> & DNA. Journal of X, 3(2), 1–9. "
        "https://doi.org/10.1000/xyz",
        "Müller, J., & Berg, J. van der. (2008b). On B. Oxford University Press.",
    ]


def test_only_links_to_the_web_are_links(tmp_path: Path) -> None:
    file = tmp_path / "a.bib"
    file.write_text(BIBTEX, encoding="utf-8")
    cited = cite(read_bibliography([file]), ((CitationItem("", "bad", "", "normal"),),), "apa", "en-GB")
    assert "<a" not in as_html(cited.references[0][1])
    assert "](" not in as_markdown(cited.references[0][1])


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("@a [@b; see @c, p. 3]", [["a"], ["b", "c"]]),
        ("(@a) *@b* @c. @d's @e: —@f", [["a"], ["b"], ["c"], ["d"], ["e"], ["f"]]),
        ("@a_b:c.d-e/f, @{g h} @{x:y.}", [["a_b:c.d-e/f"], ["x:y."]]),
        ("me@a.org <me@a.org> mailto:me@a.org https://x.org/@a www.x.org/@a", []),
        ("`@a` ``[@a]`` $@a$ \\@a \\[\\@a] a@b x/@a", []),
        ("[@a](b.md) [see @a](b.md) [@a][x] [@x] [x @a]: ![by @a](c.png)\n\n[x]: b.md\n[@x]: b.md", [["a"]]),
        ("<a href='@a'>@b</a>", []),
        ("# @a and [x](y)\n\n    @b\n\n```\n@c\n```\n", []),
        ("[@] @ [] @- [a; b] [@a; b]", [["a"]]),
        ("@a [p. 3] @b [x](y) @c [x]\n\n[x]: y", [["a"], ["b"], ["c"]]),
        ("[@a]: [@b][@c][x] {[@d]} [@e][@f]\n\n[x]: y", [["a"], ["b"], ["d"], ["e"], ["f"]]),
    ],
)
def test_what_is_a_citation(text: str, keys: list[list[str]]) -> None:
    tokens = markdown().parse(text, {CITES: True})
    assert [[item.key for item in token.meta["items"]] for token, _ in cited_in(tokens)] == keys


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (
            "# A\n\nSee\n[@f1dp, p. 3].\n",
            'error: no source called "f1dp"\n  --> pages/index.md:4, [@f1dp, p. 3]\nhint: did you mean "f1db"? '
            "Available: bad, f1db, ga_p, many, muller2008a, muller2008b, nobody; to show it as it stands, write a "
            "backslash in front of it",
        ),
        (
            "# A\n\n[@many; but @f1db]\n",
            "error: words stand before the second source\n  --> pages/index.md:3, [@many; but @f1db]\n"
            "hint: cite it in brackets of its own: [see @a] [but @b]",
        ),
        (
            "# A\n\n[@many; -@f1db]\n",
            "error: a source without its author stands among others\n  --> pages/index.md:3, [@many; -@f1db]\n"
            "hint: cite it in brackets of its own: [-@a]",
        ),
        (
            "# A [@many]\n",
            "error: nothing is cited in a heading\n  --> pages/index.md:1, [@many]\nhint: cite it in the text below",
        ),
        (
            "---\nbibliography: refs.bib\n---\n# A\n",
            'error: no bibliography "refs.bib"\n  --> pages/index.md:2, bibliography\n'
            'hint: did you mean "a.bib"? Available: a.bib, b.json',
        ),
        (
            "# A\n\n```{bibliography}\n```\n\n```{bibliography}\n```\n",
            "error: there are two bibliographies on this page\n  --> pages/index.md:6, {bibliography}\n"
            "hint: take one of them out",
        ),
        (
            "# A\n\n```{bibliography} a.bib\n```\n",
            "error: nothing can stand in a bibliography\n  --> pages/index.md:3, {bibliography}\n"
            "hint: files are named in course.toml, [bibliography], or in the front matter, bibliography:",
        ),
    ],
)
def test_what_cannot_be_cited_is_a_problem(make_course: Any, page: str, said: str) -> None:
    root = make_course({**FILES, "pages/index.md": page})
    assert str(SeveralProblems(check(root)[:1])).replace(f"{root}/", "") == said


def test_without_a_bibliography_only_what_is_nothing_else_is_named(make_course: Any) -> None:
    page = "# A\n\nThanks to @somebody, [@x](https://x.org) and \\[@y].\n\n- [ ] ask @ann\n\n[@f1db, p. 3]\n\n"
    page += "```{bibliography}\n```\n"
    root = make_course({"pages/index.md": page})
    assert [str(SeveralProblems([each])).replace(f"{root}/", "") for each in check(root)] == [
        "error: there is no bibliography to cite from\n  --> pages/index.md:7, [@f1db, p. 3]\n"
        'hint: name one in course.toml, [bibliography] files = ["references.bib"], or in the front matter, '
        "bibliography: references.bib; to show it as it stands, write a backslash in front of it"
    ]
    (root / "pages/index.md").write_text(page.replace("[@f1db, p. 3]", ""))
    assert [str(SeveralProblems([each])).replace(f"{root}/", "") for each in check(root)] == [
        "error: there is no bibliography to list\n  --> pages/index.md:9, {bibliography}\n"
        'hint: name a file in course.toml: [bibliography] files = ["references.bib"]'
    ]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            {"a.bib": "@book{x, title = {X}}\n\n@book{y\n  title = {Y}}\n"},
            "error: this is not BibTeX: expected comma\n  --> a.bib:4\n"
            "hint: a comma or a closing brace is missing above this line",
        ),
        (
            {"a.bib": "@book{x, title = {X}}\n@book{x, title = {Y}}\n"},
            'error: this is not BibTeX: duplicate key "x"\n  --> a.bib:2\nhint: give one of them another key',
        ),
        (
            {"a.bib": "@book{x, title = {X},\n publisher = oup}\n"},
            'error: this is not BibTeX: unknown abbreviation "oup"\n  --> a.bib:2\n'
            "hint: write it in braces, {…}, or define it with @string",
        ),
        *(
            (
                {"a.bib": f"@book{{x, title = {{X}},\n {field}}}\n"},
                f'error: "{value}" is no date\n  --> a.bib:2\nhint: write 2008, 2008-03 or 2008-03-16, '
                "2008/2010 for a period, a ? behind it if it is uncertain, and all else in note = {…}",
            )
            for field, value in (
                ("date = {in press}", "in press"),
                ("date = {May 2008}", "May 2008"),
                ("date = {98}", "98"),
                ("date = {19xx}", "19xx"),
                ('date = "2008-13"', "2008-13"),
                ("date = {2008--2010}", "2008--2010"),
                ("year = {1950s}", "1950s"),
                ("Year = {200{X}}", "200X"),
                ("date = {-0044/-0010}", "-0044/-0010"),
                ("date = {2008/}", "2008/"),
            )
        ),
        *(
            (
                {"b.json": f'[{{"id": "x", "type": "book", "title": "X", "issued": {issued}}}]'},
                'error: "x" has no date in "issued"\n  --> b.json, source 1\n'
                'hint: write "date-parts": [[2008, 3, 16]], or leave "issued" out and say it in "note"',
            )
            for issued in ('{"season": 2}', '{"date-parts": [[]]}', '{"literal": "{}"}', '{"date-parts": [[0]]}')
        ),
        *(
            (
                {"b.json": f'[{{"id": "x", "type": "book", "title": "X", "{name}": {issued}}}]'},
                'error: "x" is not understood\n  --> b.json, source 1\n'
                "hint: write it as CSL-JSON has it, or export it anew",
            )
            for name, issued in (
                ("issued", '"2008"'),
                ("issued", '{"date-parts": [[12008]]}'),
                ("issued", '{"date-parts": [["May"]]}'),
                ("issued", '{"date-parts": [[-44], [-10]]}'),
                ("issued", '{"date-parts": [[-44]], "circa": true}'),
                ("issued", '{"date-parts": [[2001], [2002], [2003]]}'),
                ("accessed", '{"literal": "yesterday"}'),
            )
        ),
        (
            {"a.bib": "@book{x, title = {X},\n author = {Ann Smith and B = C Jones}}\n"},
            'error: the name "B = C Jones" has an equals sign\n  --> a.bib:2\n'
            "hint: write the source in a file of CSL-JSON, where names have no signs of their own",
        ),
        (
            {"b.json": '[{"id": "f1db", "type": "book", "title": "X"}]'},
            'error: two sources have the key "f1db"; the other is in a.bib\n  --> b.json\n'
            "hint: give one of them another key",
        ),
        (
            {"b.json": '[\n{"id": "x",}]'},
            "error: this is not JSON: JSON is malformed: trailing comma in object (byte 13)\n  --> b.json:2",
        ),
        (
            {"b.json": '{"id": "x"}'},
            'error: CSL-JSON is a list of sources\n  --> b.json\nhint: write [{"id": "key", "type": "book"}]',
        ),
        (
            {"b.json": '[{"id": "x"}, {"type": "book"}]'},
            "error: this source has no id\n  --> b.json, source 2\n"
            "hint: a key is a word without commas and braces, such as knuth1984",
        ),
        (
            {"b.json": '[{"id": "x", "author": "Ann"}]'},
            'error: "x" is not understood\n  --> b.json, source 1\n'
            "hint: write it as CSL-JSON has it, or export it anew",
        ),
        (
            {"course.toml": COURSE.replace("a.bib", "aa.bib")},
            'error: no bibliography "aa.bib"\n  --> course.toml:4, [bibliography] files\n'
            'hint: did you mean "a.bib"? Available: a.bib, b.json',
        ),
        (
            {"course.toml": COURSE.replace("a.bib", "../a.bib")},
            'error: "../a.bib" is outside the course\n  --> course.toml:4, [bibliography] files\n'
            "hint: copy it into the course",
        ),
        (
            {"course.toml": COURSE.replace("a.bib", "course.toml")},
            'error: "course.toml" is no bibliography\n  --> course.toml:4, [bibliography] files\n'
            "hint: name a file of BibTeX, references.bib, or of CSL-JSON, references.json",
        ),
        (
            {"course.toml": COURSE.replace("[parameters]", 'style = "harvard"\n[parameters]')},
            'error: no style of citing called "harvard"\n  --> course.toml:5, [bibliography] style\n'
            "hint: Available: american-medical-association, apa, chicago-author-date, harvard-cite-them-right, ieee, "
            "nature, springer-basic",
        ),
        (
            {
                "course.toml": COURSE.replace("[parameters]", 'style = "x.csl"\n[parameters]'),
                "x.csl": '<style class="note"/>',
            },
            'error: "x.csl" cites in footnotes\n  --> course.toml:5, [bibliography] style\n'
            "hint: take one that cites by author and date, or by number",
        ),
        (
            {
                "course.toml": COURSE.replace("[parameters]", 'style = "x.csl"\n[parameters]'),
                "x.csl": '<style class="in-text"><info/></style>',
            },
            "error: failed to load CSL style (Deserialization error occured at `info`)\n"
            "  --> course.toml, [bibliography] style\nhint: correct the file of the style, or take another one",
        ),
    ],
)
def test_a_bibliography_that_is_wrong_is_named_with_its_line(
    make_course: Any, files: dict[str, str], said: str
) -> None:
    root = make_course({**FILES, **files, "pages/index.md": "# A\n\n[@f1db]\n", "pages/b.md": "# B\n\n@f1db\n"})
    with pytest.raises(SeveralProblems) as raised:
        build(open_course(root))
    assert [str(SeveralProblems([each])).replace(f"{root}/", "") for each in raised.value.problems] == [said]


def test_a_bibliography_in_another_encoding_is_named(make_course: Any) -> None:
    root = make_course({**FILES, "pages/index.md": "# A\n\n[@x]\n"})
    (root / "a.bib").write_bytes("@book{x, title = {Ä}}".encode("latin-1"))
    assert str(SeveralProblems(check(root))).startswith("error: this file is not UTF-8 text")


def test_without_typst_it_is_said_what_to_install(make_course: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_course({**FILES, "pages/b.md": "# B\n"})
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(MissingPart) as raised:
        read_bibliography([root / "a.bib"])
    assert str(raised.value) == (
        'error: citations need Typst, which knows the styles\nhint: pip install "coursewright[citations]"'
    )
    (root / "pages/index.md").write_text("# A\n\nNothing is cited.\n")
    assert build(open_course(root)).executed == 2


def test_another_bibliography_makes_only_the_pages_anew_that_cite(make_course: Any) -> None:
    root = make_course({**FILES, "pages/index.md": "# A\n\n[@f1db]\n", "pages/b.md": "# B\n"})
    build(open_course(root))
    assert build(open_course(root)).executed == 0
    (root / "a.bib").write_text(BIBTEX.replace("The F1DB Team", "The F1DB People"))
    assert build(open_course(root)).executed == 1
    assert '(<a href="#ref:f1db" role="doc-biblioref">The F1DB People, no date</a>)' in (
        root / "build/site/index.html"
    ).read_text(encoding="utf-8")


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="\u0600\u0601"),
    min_size=1,
    max_size=12,
)


@given(title=WORDS, family=WORDS)
def test_a_title_and_a_name_are_told_as_they_are_whatever_is_in_them(
    tmp_path_factory: pytest.TempPathFactory, title: str, family: str
) -> None:
    source = {"id": "x", "type": "book", "title": title, "author": [{"literal": family}]}
    file = tmp_path_factory.mktemp("csl") / "x.json"
    file.write_text(json.dumps([source]), encoding="utf-8")
    ((_, said),) = cite(read_bibliography([file]), ((CitationItem("", "x", "", "normal"),),), "apa", "en-GB").references
    assert title in as_text(said)
    assert family in as_text(said)


@given(st.lists(st.tuples(st.text(max_size=6), st.sampled_from(["", "em", "strong"]), st.sampled_from(["", "#x"]))))
def test_a_text_is_shown_as_it_stands_in_both_formats(pieces: list[tuple[str, str, str]]) -> None:
    spans = [Span("x"), *(Span(text.replace("\x00", ""), form, href) for text, form, href in pieces), Span("x")]
    clean = [Span("".join(c for c in span.text if c.isprintable()), span.form, span.href) for span in spans]
    want = " ".join(as_text(clean).split())
    for shown in (as_html(clean), markdown().render(as_markdown(clean))):
        assert " ".join(html.fromstring(f"<div>{shown}</div>").text_content().split()) == want


DATES = [
    ({"date-parts": [[2019], [2021]]}, "2019–2021"),
    ({"date-parts": [["2019", "5"], ["2021", "3", "1"]]}, "2019–2021"),
    ({"date-parts": [[2019, 3, 1], [2019, 3, 5]]}, "2019"),
    ({"date-parts": [[2008]], "circa": True}, "ca. 2008"),
    ({"date-parts": [[2008]], "season": 2}, "2008"),
    ({"date-parts": [[2008, 21]]}, "2008"),
    ({"date-parts": [[2008, 2, 0]]}, "2008"),
    ({"date-parts": [[-44]]}, "44 BC"),
    ({"date-parts": [[-1]]}, "1 BC"),
    ({"date-parts": [[44]]}, "44 AD"),
    ({"literal": "in press & <b>"}, "in press & <b>"),
    ({"raw": "2019-03/2021"}, "2019–2021"),
    ({"raw": "Spring 2008"}, "Spring 2008"),
    ({"date-parts": [[2019], [2021]], "circa": 1}, "ca. 2019–ca. 2021"),
]


@pytest.mark.parametrize("style", ["harvard-cite-them-right", "ieee"])
def test_every_date_of_csl_json_is_told_whole(tmp_path: Path, style: str) -> None:
    sources = [
        {
            "id": f"x{number}",
            "type": "book",
            "title": f"T{number} of 2020",
            "author": [{"family": f"N{number}"}],
            "issued": issued,
        }
        for number, (issued, _) in enumerate(DATES)
    ]
    file = tmp_path / "x.json"
    file.write_text(json.dumps(sources))
    items = tuple((CitationItem("", f"x{number}", "", "normal"),) for number in range(len(DATES)))
    cited = cite(read_bibliography([file]), items, style, "en-GB")
    for number, (_, said) in enumerate(DATES):
        ((_, listed),) = (each for each in cited.references if each[0] == f"ref:x{number}")
        assert said in as_text(listed)
        assert f"T{number} of 2020" in as_text(listed)
        if style != "ieee":
            assert as_text(cited.citations[number]) == f"(N{number}, {said})"


def test_dates_of_bibtex_are_told_whole_and_two_of_one_have_letters(tmp_path: Path) -> None:
    file = tmp_path / "a.bib"
    dates = {"a": "2019/2021", "b": "2019/2021", "c": "2020~", "d": "2018?", "e": "2020", "f": "2018-02/2018-04"}
    file.write_text(
        "".join(f"@book{{{key}, title={{T {key}}}, author={{N}}, date={{{date}}}}}\n" for key, date in dates.items())
    )
    cited = cite(
        read_bibliography([file]),
        tuple((CitationItem("", key, "p. 2022", "normal"),) for key in dates),
        "harvard-cite-them-right",
        "de",
    )
    said = ("2019–2021a", "2019–2021b", "ca. 2020", "2018?", "2020", "2018")
    assert [as_text(each) for each in cited.citations] == [f"(N, {each}, p. 2022)" for each in said]


def test_sources_of_one_author_have_letters_only_if_they_are_of_one_year(tmp_path: Path) -> None:
    file = tmp_path / "a.bib"
    years = {"a": 2011, "b": 2012, "c": 2012, "d": 2013}
    file.write_text(
        "".join(
            f"@book{{{key}, title={{T {key}}}, author={{Smith, Jo}}, date={{{year}}}}}\n" for key, year in years.items()
        )
    )
    for form, said in (("normal", "(Smith, {})"), ("prose", "Smith ({})"), ("year", "({})")):
        cited = cite(read_bibliography([file]), tuple((CitationItem("", key, "", form),) for key in years), "apa", "en")
        told = [said.format(year) for year in ("2011", "2012a", "2012b", "2013")]
        assert [as_text(each) for each in cited.citations] == told


def test_csl_json_is_written_as_biblatex_has_it(tmp_path: Path) -> None:
    source = {
        "id": "x",
        "type": "chapter",
        "title": "50% {of} $x$",
        "container-title": "All",
        "author": [{"family": "Beethoven", "given": "Ludwig", "non-dropping-particle": "van"}, {"family": "Plato"}],
        "editor": [{"family": "Smith", "given": "Jo, and Co", "suffix": "Jr", "dropping-particle": "zu"}],
        "issued": {"date-parts": [[2008, 3, 16], [2010]]},
        "page": "3-9",
        "URL": "https://x.org/{a}_b",
    }
    assert as_biblatex(json.dumps([source]), tmp_path / "x.json") == (
        "@incollection{x,\n  author = {family={van Beethoven}, given={Ludwig} and family={Plato}},\n"
        "  editor = {family={Smith}, given={Jo, and Co}, prefix={zu}, suffix={Jr}},\n"
        "  title = {{50\\% \\{of\\} \\$x\\$}},\n  booktitle = {{All}},\n  pages = {3--9},\n"
        "  url = {https://x.org/%7Ba%7D_b},\n  date = {2008-03-16/2010},\n}\n"
    )


def test_the_example_of_the_guide_says_what_the_guide_says(make_course: Any) -> None:
    guide = (Path(__file__).parents[1] / "docs/guides/writing-pages.md").read_text(encoding="utf-8")
    part = guide.split("## Citations")[1]
    settings, page = part.split("```toml\n")[1].split("```")[0], part.split("```markdown\n")[1].split("```")[0]
    sources = (
        "@misc{f1db, author = {{The F1DB Team}}, title = {F1DB}}\n"
        "@book{fisher1925, author = {Fisher, Ronald}, title = {Statistical Methods}, year = 1925}\n"
    )
    course = f'[course]\ntitle = "T"\n{settings}'
    site, _ = written(make_course({"course.toml": course, "references.bib": sources, "pages/index.md": page}))
    said = " ".join(html.fromstring(site).find(".//main/p").text_content().split())
    assert f'This becomes "{said}"' in " ".join(part.split())


WRITTEN = """[@nobody];;@nobody;;@f1db [p. 2];;[-@nobody];;*x* [@nobody];;`[@nobody]`;;text;;\\@nobody;;|
;;[@nobody](x.md);;\n\n;;\n;;> ;;- ;;1. ;;# h\n\n;;[^1];;    ;;\t;;a@b.org;;<b>@f1db</b>;;~~@f1db~~;;$@nobody$
;;<div>\n@f1db\n</div>\n;;[see @nobody, p. 3; @f1db];;\n\n| a | b |\n|---|---|\n| [@nobody] | x\\|y @f1db |\n\n
;;\n\n[^1]: note [@nobody]\n\n;;Term\n: def [@nobody]\n\n;;:::{note} T [@nobody]\nx @f1db\n:::\n;;[@nobody,\np. 3]"""
PIECES = st.sampled_from(WRITTEN.replace("\n;;", ";;").split(";;"))


@settings(max_examples=50)
@given(st.lists(PIECES, max_size=9))
def test_every_citation_is_found_where_it_stands(tmp_path_factory: pytest.TempPathFactory, pieces: list[str]) -> None:
    """So that both formats tell all of them, whatever they stand in."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "a.bib").write_text(BIBTEX, encoding="utf-8")
    (folder / "p.md").write_text("# H\n\n" + " ".join(pieces), encoding="utf-8")
    try:
        document = read_document(
            ExecutedPage(read_page(folder / "p.md"), "p", {}, (), ()), Conventions(bibliography=("a.bib",), root=folder)
        )
    except SeveralProblems:
        assume(False)
    places = [each for each in document.references if each.kind == "citation"]
    assert len(places) == len(document.cited.citations)
    for place in places:
        first, *_, last = document.text[place.start : place.end]
        assert place.start >= 0
        assert first in "[@"
        assert last in "]yb"


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("date = {2008}", "2008"),
        ("date = {{2008}}", "2008"),
        ("date = {2008-3-6}", "2008"),
        ("date = {1850~}", "ca. 1850"),
        ("date = {}", "n.d."),
        ('year = "2008"', "2008"),
        ("year = {2008a}", "2008"),
        ("year = {98}", "98 C.E."),
        ("urldate = {last week}", "n.d."),
    ],
)
def test_a_date_is_told_as_it_is(tmp_path: Path, field: str, told: str) -> None:
    (tmp_path / "a.bib").write_text(f"@book{{x, author = {{B, A}}, title = {{X}}, {field}}}\n", encoding="utf-8")
    found = read_bibliography([tmp_path / "a.bib"])
    (text,) = cite(found, ((CitationItem("", "x", "", "normal"),),), "apa", "en").citations
    assert as_text(text) == f"(B, {told})"
