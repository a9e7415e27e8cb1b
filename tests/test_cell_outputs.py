"""What becomes of the outputs of code: each is shown, or said to be left out, with what helps."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from coursewright import words
from coursewright.courses import build, check, open_course
from coursewright.pages.blocks.block import Equation, Markup, PrintedText
from coursewright.pages.blocks.elsewhere import asked_beside, asked_elsewhere
from coursewright.pages.engines import reads
from coursewright.pages.engines.failure import clean, failure_of
from coursewright.pages.engines.latex import of_latex
from coursewright.pages.formats.cleaned import cleaned, left_out
from test_cells import MakeCourse, needs_r

SVG = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E"


@pytest.mark.parametrize(
    ("written", "stays", "missed"),
    [
        ('<img src="https://a.org/b.png" alt="B">', None, ()),
        (f'<img src="{SVG}" alt="B">', None, ()),
        ('<img src="//a.org/b.png" alt="B">', '<img src="https://a.org/b.png" alt="B">', ()),
        ('<img src="b.png" alt="B">', '<img alt="B">', ("the picture b.png",)),
        ('<img src="data:text/html,x" alt="B">', '<img alt="B">', ("the picture data:text/html",)),
        ('<img srcset="b.png 2x" alt="B">', '<img alt="B">', ("the picture b.png 2x",)),
        ('<a href="b.csv">b</a>', "<a>b</a>", ("the link to b.csv",)),
        ('<a href="#b">b</a>', "<a>b</a>", ()),
        ("<p>a</p><video src=v></video>", "<p>a</p>", ("the <video>",)),
        ('<progress value="3" max="10"></progress>', None, ()),
        ('<math><mi>x</mi><mo stretchy="false">=</mo></math>', None, ()),
        ("<math><mtext><img src=x onerror=a()><style></style></mtext></math>", "<math><mtext></mtext></math>", None),
        ("<math><annotation-xml><p>a</p></annotation-xml></math>", "<math></math><p>a</p>", None),
        ("<x autofocus tabindex=0 onfocus=a()></x>", "", ()),
        ("<picture><source srcset=x onerror=a()></picture>", "", ("the <picture>",)),
        ('<p>a</p><p hidden>b</p><p style="color:red; Display: none">c</p>', "<p>a</p>", ()),
        ("<track onerror=a()><b>x</b>", "<b>x</b>", None),
        ("a<center>b</center>c", None, ()),
        ('<i style="color:red">a</i>', None, ()),
        (
            '<i style="color:#f00; background:url(https://a.org); position:fixed; width:calc(1px*9)">a</i>',
            '<i style="color:#f00">a</i>',
            ("the picture https://a.org",),
        ),
    ],
)
def test_html_is_cleaned_by_a_list_of_what_is_allowed(written: str, stays: str | None, missed: object) -> None:
    assert cleaned(written) == (written if stays is None else stays)
    assert cleaned(cleaned(written)) == cleaned(written)
    assert missed is None or left_out(written) == missed


@pytest.mark.parametrize(
    ("written", "web", "beside"),
    [
        ('<script src="https://a.org/b.js"></script><a href="https://c.org">c</a>', ["https://a.org/b.js"], []),
        ("<link rel=stylesheet href=//a.org/b.css><link rel=icon href=c.png>", ["//a.org/b.css"], []),
        ("<style>@import url('https://a.org/b.css'); p {background: url(c.png)}</style>", ["https://a.org/b.css"], 1),
        ("<iframe srcdoc=\"&lt;script src='https://a.org/b.js'>\"></iframe>", ["https://a.org/b.js"], []),
        ("<script>load('https://cdn.jsdelivr.net/npm/vega@6?noext')</script>", 1, []),
        ("<script>({'$schema': 'https://v.org/v6.json', 'ns': 'http://www.w3.org/2000/svg'})</script>", [], []),
        (f"<script>{'//' * 20_000}\n'https://cdn.a.org/b.js'</script>", [], []),
        ("<video src=v.mp4 poster='data:image/png;base64,AA'></video>", [], ["v.mp4"]),
        ("<svg><use href='#a'/><image href='https://a.org/b.png'/></svg>", ["https://a.org/b.png"], []),
    ],
)
def test_what_a_frame_asks_for_is_found(written: str, web: object, beside: object) -> None:
    found = asked_elsewhere(written), asked_beside(written)
    for expected, given in zip((web, beside), found, strict=True):
        assert (len(given) if isinstance(expected, int) else list(given)) == expected


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("abc\rX", "Xbc"),
        ("10%\r 50%\r100%\n", "100%\n"),
        ("ab\b\bc", "cb"),
        ("a\r\nb\r", "a\nb"),
        ("working…\x1b[2K\rdone", "done"),
        ("abcdef\rxy\x1b[K", "xy"),
        ("\x1b[31mred\x1b[0m \x1b[38;5;9mtoo\x1b[m", "red too"),
        ("\x1b]8;;https://a.org\x1b\\link\x1b]8;;\x1b\\ \x1b]0;title\x07end", "link end"),
        ("a\x00b\x07c\td", "abc\td"),
    ],
)
def test_printed_text_is_what_a_terminal_shows(printed: str, shown: str) -> None:
    assert clean(printed) == shown


def test_latex_is_a_formula_or_text_with_formulas_or_named() -> None:
    assert list(of_latex("$$x^2$$", "")) == [Equation("x^2")]
    assert list(of_latex(r"\[x^2\]", "")) == [Equation("x^2")]
    assert list(of_latex("\\begin{align}a &= b\\end{align}", "")) == [Equation("\\begin{align}a &= b\\end{align}")]
    (mixed,) = of_latex("The *root* is $x$ and $y$.", "")
    assert isinstance(mixed, Markup)
    assert re.sub("<math.*?</math>", "M", mixed.html) == "<p>The *root* is M and M.</p>\n"
    source = r"\section{A}"
    assert list(of_latex(source, "")) == [
        PrintedText(source),
        PrintedText("LaTeX that pages cannot show", "lost", "give one formula, or text with formulas between $"),
    ]
    assert next(of_latex(source, "<X object at 0x…>")) == PrintedText(source)
    assert list(of_latex(source, "as text")) == [PrintedText("as text")]


CELLS = {
    "kept": """
from IPython.display import GeoJSON, HTML, Image, JSON, Javascript, Latex, Markdown, clear_output, display
display(Image(url="https://example.org/a.png", alt="A cat"))
display(Markdown("# A *head*\\n\\nwith $x^2$"))
display(JSON({"a": [1]}), GeoJSON({"type": "Point"}))
""",
    "named": "h = display('one', display_id='n'); display('two', display_id='n'); _ = display('kept', display_id='k')",
    "changing": "h.update('changed')\nprint('said')",
    "waiting": "for i in range(3):\n    print(i)\n    clear_output(wait=True)",
    "cleared": "print('one')\nclear_output()\nprint('two')",
    "help": "def f(): 'Says why.'\nf?",
    "after": "print('after')",
    "wordless": "HTML(\"<img src='https://example.org/a.png'>\")",
    "local": 'Markdown("![A map](map.png) and [rows](rows.csv)")',
    "script": "Javascript('1')",
    "file": "HTML('<video src=\"v.mp4\"></video>')",
    "chart": "HTML('<script>load(\"https://cdn.jsdelivr.net/npm/vega@6?noext\")</script>')",
    "widget": "display({'application/vnd.jupyter.widget-view+json': {}, 'text/plain': 'IntSlider()'}, raw=True)",
    "hidden": "#| tags: remove-output\nJavascript('1')",
}


def page_of(cells: dict[str, str], language: str = "python") -> str:
    return "# A\n" + "".join(f"\n{name}:\n\n```{{code-cell}} {language}\n{c}\n```\n" for name, c in cells.items())


def parts(root: Path, page: str) -> dict[str, str]:
    """What the site shows after each cell's own name."""
    text = (root / f"build/site/{page}.html").read_text(encoding="utf-8")
    _, *found = re.split(r"<p>(\w+):</p>", text[: text.index("</main>")])
    return {
        name: html.unescape(each.partition("</pre>")[2]).strip()
        for name, each in zip(found[::2], found[1::2], strict=True)
    }


def test_outputs_are_shown_or_named(make_course: MakeCourse) -> None:
    root = make_course({"pages/a.md": page_of(CELLS), "course.toml": '[course]\ntitle = "T"\nurl = "https://e.org/"\n'})
    built = build(open_course(root))
    said = "warning: 7 outputs of code lack something, or alternative text\n  --> pages/a.md\n"
    assert [each.replace(f"{root}/", "") for each in built.remarks if "lack" in each] == [
        f"{said}hint: coursewright check says what each lacks"
    ]
    assert build(open_course(root)).remarks == built.remarks  # where nothing changed, too
    shown = parts(root, "a")
    assert '<img src="https://example.org/a.png" alt="A cat">' in shown["kept"]
    assert "<h1>A <em>head</em></h1>" in shown["kept"]
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in shown["kept"]
    assert '"a": [\n    1\n  ]' in shown["kept"]
    assert '"type": "Point"' in shown["kept"]
    printed = re.findall("<samp>(.*?)</samp>", shown["named"] + shown["changing"])
    assert printed == ["'changed'", "'changed'", "'kept'", "said"]
    printed = re.findall("<samp>(.*?)</samp>", shown["waiting"] + shown["cleared"] + shown["after"])
    assert printed == ["2", "two", "after"]
    assert "Says why." in shown["help"]
    said = "an output that pages cannot show: application/javascript"
    assert (
        shown["script"].removesuffix("</div>").strip()
        == f'<pre tabindex="0" class="printed lost"><samp>{said}</samp></pre>'
    )
    assert "srcdoc" not in (root / "build/site/feed.xml").read_text(encoding="utf-8")
    noted: list[str] = []
    found = [str(each).replace(f"{root}/", "") for each in check(root, report=noted.append)]
    lines = {name: page_of(CELLS).split(f"\n{name}:\n")[0].count("\n") + 4 for name in CELLS}
    here = "hint: show the file itself, such as by Image(filename=…) or audio(…), or link to it in the text of the page"
    words = "hint: say what it shows, in a comment of the cell: #| alt: A line that rises"
    assert found == [
        f"error: {message}\n  --> pages/a.md:{lines[name]}, {{code-cell}} python\n{hint}"
        for name, message, hint in [
            (
                "wordless",
                "this picture has no alternative text",
                'hint: say what it shows: <img alt="…">, or Image(…, alt="…")',
            ),
            ("local", "this output is shown without the picture map.png and 1 more", here),
            (
                "script",
                "an output that pages cannot show: application/javascript",
                "hint: give HTML with a <script> in it, which stands in a frame of its own",
            ),
            ("file", "this output is shown without the file v.mp4", here),
            ("file", "this output has no alternative text", words),
            ("chart", "this output has no alternative text", words),
            (
                "widget",
                "an output that pages cannot show: application/vnd.jupyter.widget-view+json (IntSlider())",
                'hint: show what it shows, as a picture or a table; a widget of anywidget by widget(thing, alt="…")',
            ),
        ]
    ]
    assert [each.replace(f"{root}/", "") for each in noted if "network" in each] == [
        f"pages/a.md:{lines['chart']}, {{code-cell}} python: this output needs "
        "https://cdn.jsdelivr.net/npm/vega@6?noext, which is not there without a network; give the chart as data: "
        'alt.renderers.enable("mimetype"), or by widget(chart, alt="…")'
    ]


@needs_r
def test_outputs_of_r_are_shown(make_course: MakeCourse) -> None:
    cells = {
        "marked": 'IRdisplay::display_markdown("**b**")\nIRdisplay::display_latex("$x^2$")',
        "tag": 'htmltools::tags$b("tag")',
        "help": "?mean",
        "after": 'print("after")',
    }
    root = make_course({"pages/a.md": page_of(cells, "r")})
    build(open_course(root))
    shown = parts(root, "a")
    assert "<strong>b</strong>" in shown["marked"]
    assert "<msup>" in shown["marked"]
    assert "<b>tag</b>" in shown["tag"]
    assert "Arithmetic Mean" in shown["help"]
    assert "Arithmetic Mean" not in shown["after"]


@pytest.mark.parametrize(
    ("name", "value", "message", "hint"),
    [
        ("CoursewrightError", "error: no such file\n  --> a.ogg\nhint: b.ogg", "no such file (a.ogg)", "b.ogg"),
        ("MissingPart", "error: no pandas", "no pandas", ""),
        ("ValueError", "error: no\nhint: yes", "ValueError: error: no", ""),
        ("ERROR", "Error in f(): no", "Error in f(): no", ""),
        ("ERROR", "Error: no widget\n  --> widget\nhint: DT::datatable(x)", "no widget (widget)", "DT::datatable(x)"),
        ("ERROR", "Error in table(1): no name\nhint: yes", "no name", "yes"),
    ],
)
def test_an_error_of_ours_is_said_as_everywhere(name: str, value: str, message: str, hint: str) -> None:
    found = failure_of({"ename": name, "evalue": value, "traceback": []}, "1")
    assert (found.message, found.hint) == (message, hint)


TRACEBACK = """KeyError                                  Traceback (most recent call last)
File {base}/lib/python3.11/site-packages/pandas/core/indexes/base.py:3816, in Index.get_loc(self, key)
   3815 try:
-> 3816     return self._engine.get_loc(casted_key)

File pandas/_libs/index.pyx:172, in pandas._libs.index.IndexEngine.get_loc()
--> 172 'Could not get source, probably due dynamically evaluated source code.'

KeyError: 'b'

The above exception was the direct cause of the following exception:

KeyError                                  Traceback (most recent call last)
Cell In[4], line 2
      1 import mine
----> 2 mine.look(frame)

File {base}/course/pages/mine.py:3, in look(frame)
      2 def look(frame):
----> 3     return frame["b"]

File {ours}/words/telling.py:56, in tell(grammar)
---> 56 teller = _simple(grammar)

File /usr/lib/python3.11/json/decoder.py:337, in decode(self)
--> 337     obj

KeyError: 'b'"""


def test_a_traceback_has_the_lines_of_its_author_alone() -> None:
    base, ours = "/home/ada", Path(words.__file__).parents[1]
    asked = {"ename": "KeyError", "evalue": "'b'", "traceback": TRACEBACK.format(base=base, ours=ours).split("\n")}
    failure = failure_of(asked, "1\n2", Path(base, "course/pages"))
    assert failure.line == 2
    assert failure.traceback.split("\n") == [
        "KeyError                                  Traceback (most recent call last)",
        "Cell In[4], line 2",
        "      1 import mine",
        "----> 2 mine.look(frame)",
        "",
        "File mine.py:3, in look(frame)",
        "      2 def look(frame):",
        '----> 3     return frame["b"]',
        "",
        "KeyError: 'b'",
    ]


def test_a_traceback_of_r_ends_with_what_its_author_called() -> None:
    lines = [
        "Error: no question",
        "Traceback:\n",
        '1. ask("nope")',
        '2. ask_python("ask", questions = as_array(c(...)), ',
        " .     course = course)",
    ]
    failure = failure_of({"ename": "ERROR", "evalue": "Error: no question", "traceback": lines}, 'ask("nope")')
    assert failure.traceback == 'Error: no question\nTraceback:\n\n1. ask("nope")'


LATE = {
    "begun": """
import asyncio, threading, time

def work():
    time.sleep(0.3)
    print("from a thread")

async def say():
    await asyncio.sleep(0.5)
    print("from a task")

threading.Thread(target=work).start()
task = asyncio.create_task(say())
threading.Timer(0.7, print, ["from a timer"]).start()
""",
    "last": """
from concurrent.futures import ThreadPoolExecutor
pool = ThreadPoolExecutor(1)  # whose thread waits for work then
print(*pool.map(abs, [-1]))
""",
}
ENDLESS = """
import threading, time

def tick():
    while True:
        time.sleep(1)

threading.Thread(target=tick, name="ticker", daemon=True).start()
"""


def test_what_comes_after_the_last_cell_is_shown_or_named(
    make_course: MakeCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_course({"pages/late.md": page_of(LATE)})
    assert not any("lack" in each for each in build(open_course(root)).remarks)
    assert "<samp>from a task</samp>" in parts(root, "late")["begun"]  # a task knows its cell, and a thread does not
    assert "<samp>1\nfrom a thread\nfrom a timer</samp>" in parts(root, "late")["last"]
    monkeypatch.setattr(reads, "_PATIENCE", 0.2)
    (root / "pages/late.md").write_text(page_of({"endless": ENDLESS}), encoding="utf-8")
    assert "warning: 1 output of code lacks something" in "".join(build(open_course(root)).remarks)
    said = '"ticker" ran on when the last cell of this page had ended: what came later is not shown'
    hint = "wait for it in a cell: thread.join(), or await task; or end it there"
    assert [str(each).replace(f"{root}/", "") for each in check(root)] == [
        f"error: {said}\n  --> pages/late.md:5, {{code-cell}} python\nhint: {hint}"
    ]
