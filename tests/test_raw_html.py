"""Values in HTML among Markdown: text wherever they can be, refused where they would be more."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from coursewright.courses import build, open_course
from coursewright.errors import CoursewrightError, SeveralProblems
from coursewright.pages.reading import read_page
from coursewright.pages.text.fill import fill

QUOTES = ("in a tag a value stands between quotes", 'for instance class="…"')
DATA = 'give it to an element, for instance <div data-value="…">, and read that'
STYLE = ("in style a value is words, numbers and colours", "choose between classes")
ORDER = "write what it says yourself, or link to the address"
OTHER = "write it into an attribute of another name"
REFUSED = {
    "<div class={{ x }}>one</div>": QUOTES,
    "<div\nclass={{ x }}>one</div>": QUOTES,
    "<b {{ x }}>": QUOTES,
    '<b a="1" {{ x }}>': QUOTES,
    "<{{ x }} a='b'>": QUOTES,
    '<span style="color: {{ x }}">': STYLE,
    "<script>\nvar a = '{{ x }}'\n</script>": ("in <script> a value would be a program", DATA),
    "<STYLE>p { color: {{ x }} }</STYLE>": ("in <style> a value would be a program", DATA),
    "<b OnClick='f({{ x }})'>": ("in onclick a value would be a program", OTHER),
    '<iframe srcdoc="{{ x }}"></iframe>': ("in srcdoc a value would be a program", OTHER),
    '<meta http-equiv="refresh" content="0; url={{ x }}">': (
        "in <meta> a value would tell the browser what to do",
        ORDER,
    ),
    "<META content='0; url={{ x }}'\nHTTP-EQUIV=refresh>": (
        "in <meta> a value would tell the browser what to do",
        ORDER,
    ),
    '<meta content="a>b {{ x }}" http-equiv="refresh">': ("in <meta> a value would tell the browser what to do", ORDER),
    '<meta http-equiv="{{ x }}" content="1">': ("in <meta> a value would tell the browser what to do", ORDER),
    '<base href="{{ x }}">': ("in <base> a value would tell the browser what to do", ORDER),
    '<svg><a><set attributeName="href" to="{{ x }}"/></a></svg>': (
        "in <set> a value would tell the browser what to do",
        ORDER,
    ),
}
FINE = {
    '<meta name="author" content="{{ x }}">': '<meta name="author" content="a onclick=alert(1)">',
    '<b title="{{ x }}">t</b>': '<b title="a onclick=alert(1)">t</b>',
    "<!-- {{ x }} -->": "<!-- a onclick=alert(1) -->",
    '<form action = "\n{{ x }}">': '<form action = "\na%20onclick%3Dalert%281%29">',
    "3 <4 and <b {{ x }} c": "3 <4 and <b a onclick=alert(1) c",
    "`<b {{ x }}>` {{ n }}": "`<b {{ x }}>` 5",
    '<b style="width: {{ n }}%">w</b>': '<b style="width: 5%">w</b>',
    "<textarea>{{ x }}</textarea>": "<textarea>a onclick=alert(1)</textarea>",
    "<b title=\"a\n{{ x }}\" lang='{{ n }}'>": "<b title=\"a\na onclick=alert(1)\" lang='5'>",
}
VALUES = {"x": "a onclick=alert(1)", "n": 5}


def filled(text: str, values: dict[str, Any]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.md"
        file.write_text(text, encoding="utf-8")
        return fill(read_page(file), values).text.removeprefix("# T\n\n").rstrip("\n")


@pytest.mark.parametrize("text", REFUSED)
def test_a_value_that_would_be_more_than_text_is_refused(text: str) -> None:
    with pytest.raises(CoursewrightError) as caught:
        filled(f"# T\n\n{text}\n", VALUES)
    problem, (why, hint) = caught.value.problem, REFUSED[text]
    assert (problem.message, problem.hint) == (f"{{{{ x }}}} cannot stand there: {why}", hint)
    assert problem.where
    assert problem.where.line == 3 + text[: text.index("{{ x")].count("\n")


@pytest.mark.parametrize("text", FINE)
def test_elsewhere_it_is_text(text: str) -> None:
    assert filled(f"# T\n\n{text}\n", VALUES) == FINE[text]


@given(value=st.text(), style=st.text("ab;:%#(1), -", max_size=5))
def test_no_value_becomes_markup(value: str, style: str) -> None:
    text = filled("<p title=\"{{ v }}\" lang='{{ v }}'><i>{{ v }}</i><!-- {{ v }} --></p>", {"v": value})
    parsed = LexborHTMLParser(text)
    (p,) = parsed.css("body > *")
    words = " ".join(value.split())
    shown = LexborHTMLParser(f'<p title="{words.replace("&", "&amp;").replace(chr(34), "&quot;")}">').css_first("p")
    assert p.attributes == {"title": shown.attributes["title"], "lang": shown.attributes["title"]}
    assert [one.tag for one in p.iter()] == ["i", "-comment"]
    try:
        told = filled('<p style="width: {{ v }}"></p>', {"v": style})
    except CoursewrightError:
        assert set(style) & set(";:()")
    else:
        assert told == f'<p style="width: {style}"></p>'


GRAMMARS = {
    "<b title=#v#>w</b>": ("origin", "#v#", *QUOTES),
    '<form action="#v#">q</form>': (
        *("origin", "#v#", "nobody looks where this address leads"),
        "write its beginning, for instance https://, before it",
    ),
    "[x:<b title=#v#>]#x#": ("origin", "#v#", *QUOTES),
    "Told[?, <b title=#v#>].": ("origin", "#v#", *QUOTES),
    "<script>#v.capitalize#</script>": ("origin", "#v.capitalize#", "in <script> a value would be a program", DATA),
    '<b style="color: #v#">': ("origin", "#v#", *STYLE),
    "#k#\nk: <i lang=#m#>\nm: '#v#'": ("k", "#m#", *QUOTES),
}


@pytest.mark.parametrize("rule", GRAMMARS)
def test_a_rule_that_would_make_a_value_more_than_text_is_refused(make_course: Any, rule: str) -> None:
    first, _, others = rule.partition("\n")
    page = f"# T\n\n```{{tell}}\n:rows: t\n:markdown: true\norigin: '{first}'\n{others}\n```\n"
    root = make_course({"pages/index.md": page, "data/t.csv": "v\na b\n", "course.toml": COURSE})
    with pytest.raises(SeveralProblems) as caught:
        build(open_course(root))
    name, tag, why, hint = GRAMMARS[rule]
    (problem,) = caught.value.problems
    assert (problem.message, problem.hint) == (f"{tag} cannot stand there: {why}", hint)
    assert str(problem.where).endswith(f", rule {name}")


COURSE = '[course]\ntitle = "T"\n[tables]\nt = "data/t.csv"\n'


def test_what_an_author_wrote_may_stand_anywhere(make_course: Any) -> None:
    rule = """{origin: '<b lang=#l# title="#v#" style="color: #c#">#v#</b>', l: [en], c: [red]}"""
    page = f"# T\n\n```{{tell}}\n:rows: t\n:markdown: true\n{rule}\n```\n"
    root = make_course({"pages/index.md": page, "data/t.csv": 'v\n"a "" b<i>"\n', "course.toml": COURSE})
    build(open_course(root))
    shown = '<b lang=en title="a &#34; b&#60;i&#62;" style="color: red">a &quot; b&lt;i&gt;</b>'
    assert shown in (root / "build/site/index.html").read_text()
