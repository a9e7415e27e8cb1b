"""Widgets: a page of their own, in a frame that reaches nothing, and nothing asked of any network."""

from __future__ import annotations

import importlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conftest import COURSE
from coursewright.courses import build, check, open_course
from coursewright.errors import CoursewrightError, SeveralProblems
from coursewright.figures.widgets import widget
from r_sessions import need_r, r_library  # noqa: F401 - a fixture
from test_browser import NODE, audited, chromium  # noqa: F401 - a fixture

PAGE = '<!doctype html>\n<html lang="en"><title>W</title><p id="here">waits</p>{}</html>'
LIBRARY = "function shows(text) { document.getElementById('here').textContent = text }" + " " * 20_000
DRAW = """\
from coursewright.figures.widgets import widget

def draw(sales):
    return widget(f'''<!doctype html><html lang="en"><title>Sales</title><p id="here">waits</p>
<script>{"function shows(text) { document.getElementById('here').textContent = text }" + " " * 20_000}</script>
<script>shows("SAID " + {len(sales)})</script></html>''', alt="How much was \\"sold\\" <b>", caption="Sales")
"""


def seen(chromium: str, file: Path) -> dict[str, Any]:  # noqa: F811 - what the fixture gives
    """What a browser that reaches nothing outside sees."""
    done = subprocess.run(
        [str(shutil.which("node")), str(NODE / "media.js"), chromium, file.as_uri()],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    (found,) = json.loads(done.stdout)
    return dict(found)


def plotly() -> Any:
    return importlib.import_module("plotly.graph_objects").Figure({"data": [{"type": "bar", "y": [1, 3]}]})


def altair() -> Any:
    pytest.importorskip("vl_convert", reason="pip install vl-convert-python")
    module = importlib.import_module("altair")
    return module.Chart(module.Data(values=[{"a": "x", "b": 1}])).mark_bar().encode(x="a:N", y="b:Q")


def bokeh() -> Any:
    made = importlib.import_module("bokeh.plotting").figure(width=300, height=200)
    made.line([1, 2, 3], [1, 3, 2])
    return made


def anywidget() -> Any:
    module, traitlets = importlib.import_module("anywidget"), importlib.import_module("traitlets")

    class Count(module.AnyWidget):
        _esm = "export default { render({ model, el }) { el.textContent = `</script>${model.get('n')} 'STATE'` } }"
        n = traitlets.Int(3).tag(sync=True)

    return Count()


@pytest.mark.parametrize("make", [plotly, altair, bokeh, anywidget], ids=lambda make: make.__name__)
def test_a_widget_draws_in_its_frame_without_a_network(make: Any, chromium: str, tmp_path: Path) -> None:  # noqa: F811 - the fixture
    pytest.importorskip(make.__name__, reason=f"pip install {make.__name__}")
    made = widget(make(), alt="A thing")
    file = tmp_path / "widget.html"
    file.write_text(f'<!doctype html><meta charset="utf-8"><title>x</title>{made.bundle().html()}', encoding="utf-8")
    found = seen(chromium, file)
    (frame,) = found["frames"]
    assert (frame["title"], frame["reaches"]) == ("A thing", False)
    assert frame["content"] > 10
    assert (found["said"], found["outside"]) == ([], [])
    if make is anywidget:
        assert frame["text"].strip() == "</script>3 'STATE'"


def test_what_is_asked_for_elsewhere_is_named_or_put_inside(tmp_path: Path) -> None:
    address = "https://cdn.example.org/a/leaflet.js?v=1"
    page = PAGE.format(f'<script src="{address}"></script><link rel="stylesheet" href="//cdn.example.org/leaflet.css">')
    with pytest.raises(CoursewrightError) as caught:
        widget(page, alt="A map")
    assert str(caught.value) == (
        f"error: this widget needs {address} and 1 more, which is not there without a network\n"
        'hint: give it as a file: libraries={"leaflet.js?v=1": "…"}'
    )
    (tmp_path / "l.js").write_text("say('</script>')", encoding="utf-8")
    (tmp_path / "l.css").write_text("p { color: red }", encoding="utf-8")
    made = widget(
        page, alt="A map", libraries={"leaflet.js": tmp_path / "l.js", "leaflet.css": str(tmp_path / "l.css")}
    )
    assert "<script>say('<\\/script>')</script><style>p { color: red }</style>" in made.page
    with pytest.raises(CoursewrightError, match="this library cannot be read: No such file or directory"):
        widget(page, alt="A map", libraries={"leaflet.js": tmp_path / "none.js"})


def test_an_address_that_only_stands_in_a_script_is_no_request() -> None:
    assert widget(PAGE.format("<script>x = '<script src=\"https://a.org/b.js\">'</script>"), alt="A")


@pytest.mark.parametrize(
    ("thing", "said"),
    [
        (None, "nothing (None) is no widget"),
        ({"a": 1}, "a dict is no widget"),
        ("<b>bold</b>", "a str is no widget"),
        (Path("none.html"), "this widget cannot be read: No such file or directory"),
        (Path(__file__), "this file is no whole page of HTML"),
    ],
)
def test_what_is_no_widget_is_one_clear_message(thing: Any, said: str) -> None:
    with pytest.raises(CoursewrightError) as caught:
        widget(thing, alt="A thing")
    assert caught.value.problem.message == said


def test_a_widget_has_words() -> None:
    with pytest.raises(CoursewrightError, match="this widget has no alternative text"):
        widget(PAGE.format(""), alt=" ")


COURSE_PAGE = """\
# Widgets

```{widget} sales
:name: sold
:height: 90
```

```{widget} own.html
:alt: A page of my own
```
"""


def test_a_page_frames_its_widgets_and_a_site_has_their_library_once(chromium: str, make_course: Any) -> None:  # noqa: F811 - the fixture
    pytest.importorskip("pandas", reason='pip install "coursewright[charts]"')
    own = PAGE.format(f"<script>{LIBRARY}</script><script>shows('own')</script>")
    root = make_course(
        {
            "pages/index.md": COURSE_PAGE,
            "pages/more/b.md": "# B\n\n```{widget} sales\n```\n",
            "figures/sales.py": DRAW,
            "pages/own.html": own,
            "course.toml": COURSE,
        }
    )
    for _ in range(2):  # the second time, what the first has written is taken over
        build(open_course(root))
        site = root / "build" / "site"
        (library,) = (site / "libraries").iterdir()
        assert library.read_text(encoding="utf-8") == f'cwLibraries["{library.stem}"]={json.dumps(LIBRARY)};\n'
        for page, number in ((site / "index.html", 2), (site / "more" / "b.html", 1)):
            found = seen(chromium, page)
            assert [each["text"].strip() for each in found["frames"]] == ["SAID 4", "own"][:number]
            assert all(abs(each["height"] - each["content"]) <= 2 for each in found["frames"])
            assert not any(each["reaches"] for each in found["frames"])
            assert (found["said"], found["outside"]) == ([], [])
    html = (site / "index.html").read_text(encoding="utf-8")
    assert 'title="How much was &quot;sold&quot; &lt;b&gt;" height="90" data-page="' in html
    assert LIBRARY[:40] not in html
    assert LIBRARY in (root / "build" / "markdown" / "index" / "sales.html").read_text(encoding="utf-8")
    told = (root / "build" / "markdown" / "README.md").read_text(encoding="utf-8")
    assert "[How much was &quot;sold&quot; &lt;b&gt;](index/sales.html)\n\n*Sales*" in told
    for audit in audited(chromium, [(site / "index.html").as_uri()], "360"):
        assert (audit["violations"], audit["broken"], audit["over"]) == ([], [], 0)


def test_a_widget_that_needs_what_is_not_in_it_says_so(make_course: Any) -> None:
    own = PAGE.format('<script src="lib.js"></script><img src="data:image/png;base64,AA" alt="">')
    far = PAGE.format('<style>p { background: url("https://a.org/b.png") }</style>')
    block = "```{{widget}} {}.html\n:alt: A page\n```\n\n"
    files = {"pages/own.html": own, "pages/lib.js": "", "pages/far.html": far}
    root = make_course({"pages/index.md": f"# A\n\n{block.format('own')}{block.format('far')}", **files})
    noted: list[str] = []
    (problem,) = check(root, report=noted.append)
    assert str(SeveralProblems([problem])).replace(f"{root}/", "") == (
        "error: this widget is shown without the file lib.js\n  --> pages/index.md:3, {widget}\n"
        "hint: put it inside: an address that begins with data:, or the script or style itself"
    )
    assert [each.replace(f"{root}/", "") for each in noted if "network" in each] == [
        "pages/index.md:7, {widget}: this widget needs https://a.org/b.png, which is not there without a network; "
        "say in the text beside it what it shows, for readers without a network"
    ]


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ("```{widget}\n```", "error: which widget?\n  --> pages/index.md:1, {widget}"),
        (
            "```{widget} sals\n```",
            'error: no widget called "sals"\n  --> pages/index.md:1, {widget}\nhint: did you mean',
        ),
        (
            "```{widget} gone.html\n:alt: A\n```",
            'error: no widget called "gone.html"\n  --> pages/index.md:1, {widget}\n'
            'hint: did you mean "own.html"? Available: index.htm, own.html',
        ),
        ("```{widget} index.htm\n:alt: A\n```", "error: this file is no whole page of HTML\n  --> pages/index.md:1"),
        ("```{widget} own.html\n```", "error: this widget has no alternative text\n  --> pages/index.md:1, {widget}"),
        ("```{widget} figure\n```", "error: draw gave a str instead of a widget\n  --> figures/figure.py:1"),
    ],
)
def test_a_widget_that_cannot_stand_in_a_page_is_a_problem(block: str, said: str, make_course: Any) -> None:
    files = {"figures/sales.py": DRAW, "figures/figure.py": "def draw():\n    return 'x'\n"}
    files |= {"pages/own.html": PAGE.format(""), "pages/index.htm": "<p>"}
    root = make_course({"pages/index.md": block + "\n", **files})
    (problem,) = check(root)
    assert str(SeveralProblems([problem])).replace(f"{root}/", "").startswith(said)


IN_R = """\
# A

```{code-cell} r
library(coursewright)
widget(DT::datatable(data.frame(name = c("Jo", "<b>Sam"))), title = "Two <names>", height = 300, caption = "Both")
```

```{code-cell} r
widget(DT::datatable(data.frame(name = "Ann")), title = "One name")
```
"""


def test_widgets_of_r_share_their_libraries_and_are_printed_as_they_are_drawn(
    make_course: Any,
    r_library: Path,  # noqa: F811 - the fixture
    chromium: str,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    need_r("IRkernel", "DT")
    monkeypatch.setenv("R_LIBS", str(r_library))
    monkeypatch.setenv("RETICULATE_PYTHON", sys.executable)
    root = make_course({"pages/a.md": IN_R})
    build(open_course(root))
    page = (root / "build/site/a.html").read_text()
    frames = re.findall(r'<iframe class="cw-frame" sandbox="allow-scripts" title="([^"]*)" height="(\d+)"', page)
    assert frames == [("Two &lt;names&gt;", "300"), ("One name", "400")]
    assert "<figcaption>Both</figcaption>" in page
    libraries = [file.read_text() for file in (root / "build/site/libraries").iterdir()]
    assert sum(map(len, libraries)) > 200_000
    assert sum(".dataTables_wrapper{" in re.sub(r"\s", "", library) for library in libraries) == 1  # its style
    assert len(page) < 70_000
    command = [str(shutil.which("node")), str(NODE / "printed.js"), chromium, (root / "build/site/a.html").as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    first, second = json.loads(done.stdout)
    assert "Showing 1 to 2 of 2 entries" in first
    assert "<b>Sam" in first
    assert "Showing 1 to 1 of 1 entries" in second
