"""Cells: code in pages, carried out by the real kernels of Python and R."""

from __future__ import annotations

import csv
import html
import json
import math
import re
import shutil
import statistics
import subprocess
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from coursewright.cli import main
from coursewright.courses import build, check, open_course
from coursewright.errors import CoursewrightError, Problem
from coursewright.pages.engines import found as engines
from coursewright.pages.engines import kernel as kernels

pytest.importorskip("ipykernel", reason='pip install "coursewright[notebooks]"')

MakeCourse = Callable[[Mapping[str, str]], Path]


@cache
def has_r() -> bool:
    """Whether R and its kernel are there."""
    rscript = shutil.which("Rscript")
    return (
        bool(rscript)
        and not subprocess.run([str(rscript), "-e", "library(IRkernel)"], capture_output=True, check=False).returncode
    )


needs_r = pytest.mark.skipif(not has_r(), reason="r-cran-irkernel is not installed")


def markdown(root: Path, page: str = "a") -> str:
    """The Markdown of a page of the built course."""
    return (root / f"build/markdown/{page}.md").read_text(encoding="utf-8")


def site(root: Path, page: str = "a") -> str:
    """The HTML of a page of the built course, without what stands around it."""
    text = (root / f"build/site/{page}.html").read_text(encoding="utf-8")
    return text[text.index("<main") : text.index("</main>")]


def why(root: Path, capsys: Any, *options: str) -> str:
    """What a build says of why it did something again."""
    capsys.readouterr()
    assert main(["build", str(root), *options, "--why"]) == 0
    return str(capsys.readouterr().out)


def wrong(root: Path) -> list[Problem]:
    """What is wrong when the course is built, without the folder in which it is."""
    try:
        build(open_course(root))
    except CoursewrightError as error:
        return list(error.problems)
    return []


def said(root: Path) -> list[str]:
    """The same as text."""
    return [str(problem).replace(f"{root}/", "") for problem in wrong(root)]


BOTH = """# A

```{code-cell} python
:in: sales
:out: df
import datetime
import pandas as pd
df = sales.assign(
    whole=pd.array([1, None, 3, 2**31], dtype="Int64"), flag=[True, None, False, True], tiny=[0.1, None, 1e-300, 3.0],
    text=["NA", None, "x,'\\"\\n", "é ü"], day=[datetime.date(2020, 2, 29), None, None, datetime.date(1960, 1, 1)],
    kind=pd.Categorical(["b", None, "a", "b"], categories=["b", "a", "unused"], ordered=True),
    at=pd.to_datetime([1591009200250, None, -500, 1577836800000], unit="ms", utc=True).tz_convert("Europe/London"),
)
df["a b"] = range(4)
df["name"] = "n"
```

```{code-cell} r
:in: df
:out: back
for (n in names(df)) cat(n, "is", class(df[[n]]), "with", sum(is.na(df[[n]])), "missing\\n")
cat(format(df$tiny[1], digits = 17), levels(df$kind), attr(df$at, "tzone"), format(df$at[1], "%H:%M:%OS2"), "\\n")
stopifnot(identical(df$text, c("NA", NA, "x,'\\"\\n", "é ü")), is.integer(df[["a b"]]), is.double(df$whole))
back <- df
back$mine <- c(NA, TRUE, FALSE, NA)
back$int <- c(1L, NA, -3L, 2147483647L)
```

```{code-cell} python
:in: back
pd.testing.assert_frame_equal(df.astype({"flag": "boolean"}), back.drop(columns=["mine", "int"]), check_dtype=False)
for name, kind in back.dtypes.items(): print(name, kind)
print(back["mine"].tolist(), back["int"].tolist(), back["text"].isna().tolist())
```
"""


@needs_r
def test_frames_go_between_python_and_r_with_their_types(make_course: MakeCourse) -> None:
    root = make_course({"pages/a.md": BOTH})
    assert wrong(root) == []
    told = markdown(root)
    for line in (
        "whole is numeric with 1 missing",
        "flag is logical with 1 missing",
        "tiny is numeric with 1 missing",
        "text is character with 1 missing",
        "day is Date with 2 missing",
        "kind is ordered factor with 1 missing",
        "at is POSIXct POSIXt with 1 missing",
        "year is integer with 0 missing",
        "tonnes is integer with 1 missing",
        "0.10000000000000001 b a unused Europe/London 12:00:00.25",
        "[<NA>, True, False, <NA>]".replace("<NA>", "None") + " [1, None, -3, 2147483647] [False, True, False, False]",
    ):
        assert line in told.replace("<NA>", "None"), line
    assert "at datetime64[us, Europe/London]" in told
    assert "kind category" in told


@needs_r
def test_parameters_are_variables_in_both_languages(make_course: MakeCourse) -> None:
    course = '[course]\ntitle = "T"\n[parameters]\nyear = 2024\nword = "a\'b\\"c\\\\d é"\nshare = 0.1\nready = true\n'
    page = "# A\n\n```{code-cell} python\nprint([year, word, share, ready])\n```\n\n"
    page += "```{code-cell} r\nstopifnot(is.integer(year), share == 0.1, ready)\ncat(year, word)\n```\n"
    root = make_course({"course.toml": course, "pages/a.md": page})
    assert wrong(root) == []
    assert "[2024, 'a\\'b\"c\\\\d é', 0.1, True]" in markdown(root)
    assert "2024 a'b\"c\\d é" in markdown(root)
    build(open_course(root, {"year": 1999}))
    assert "[1999, " in markdown(root)
    assert "1999 a'b" in markdown(root)


def test_a_parameter_may_be_called_like_a_function(make_course: MakeCourse, capsys: Any) -> None:
    course = '[course]\ntitle = "T"\n[parameters]\nround = 2\nyear = 2024\n'
    page = "# A\n\n```{code-cell} python\nx = year\n(1, 2)\nprint(round(2.567, 1), f'in {year}')\n```\n"
    root = make_course({"course.toml": course, "pages/a.md": page})
    assert wrong(root) == []
    assert "2.6 in 2024" in markdown(root)
    assert "1 page: nothing changed" in why(root, capsys, "--set", "round=3")
    assert "year: 2024 → 7" in why(root, capsys, "--set", "year=7")
    assert "2.6 in 7" in markdown(root)


def test_cells_share_a_kernel_and_say_what_they_gave(make_course: MakeCourse) -> None:
    page = """# A

```{code-cell} python
x = 40
print("one", end="")
```

```{code-cell} ipython3
import sys
print("<b>&", file=sys.stderr)
x + 2
```
"""
    root = make_course({"pages/a.md": page})
    assert wrong(root) == []
    assert '```python\nx = 40\nprint("one", end="")\n```\n\n```text\none\n```' in markdown(root)
    assert "```text\n<b>&\n```\n\n```text\n42\n```" in markdown(root)
    assert '<pre tabindex="0" class="printed notice"><samp>&lt;b&gt;&amp;</samp></pre>' in site(root)
    assert '<pre tabindex="0" class="printed output"><samp>42</samp></pre>' in site(root)


PICTURES = """# A

```{code-cell} python
:caption: Growth
#| alt: A line that rises from 1 to 2
import matplotlib.pyplot as plt
plt.plot([1, 2]);
```

```{code-cell} python
from IPython.display import SVG, display
svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="alert(1)"/>'
display(SVG(svg), metadata={"alt": "A <dot>"})
```

```{code-cell} python
plt.plot([2, 1]);
```
"""


def test_pictures_have_their_words(make_course: MakeCourse) -> None:
    pytest.importorskip("matplotlib", reason='pip install "coursewright[charts]"')
    root = make_course({"pages/a.md": PICTURES})
    assert wrong(root) == []
    pictures = re.findall(r'<img src="(.*?)" alt="(.*?)"', site(root))
    assert [alt for _, alt in pictures] == ["A line that rises from 1 to 2", "A &lt;dot&gt;", "Picture drawn by code"]
    assert all(
        (root / "build/site" / file).is_file() and (root / "build/markdown" / file).is_file() for file, _ in pictures
    )
    assert "<figcaption>Growth</figcaption>" in site(root)
    assert "![A line that rises from 1 to 2](a/code-" in markdown(root)
    assert "onload" not in re.sub("<pre.*?</pre>", "", site(root), flags=re.DOTALL)
    assert [str(problem).replace(f"{root}/", "") for problem in check(root)] == [
        "error: this picture has no alternative text\n  --> pages/a.md:16, {code-cell} python\n"
        "hint: say what it shows, in a comment of the cell: #| alt: A line that rises"
    ]


SOUNDS = """# A

```{code-cell} python
#| alt: Half a <second>
from IPython.display import HTML, Audio, display
Audio("../data/a.ogg")
```

```{code-cell} python
from coursewright.figures.sound import audio
audio("../data/a.ogg", alt="A tone", caption="Do <re>", transcript="La.\\n\\nLa & la.")
```

```{code-cell} python
display(HTML('<audio src="https://example.org/x.mp3"></audio><p>after it</p>'))
display(HTML('<audio src="data:audio/wav;base64,AAAA"></audio>'))
display(HTML('<video src="data:video/mp4;base64,AAAA"></video>'))
```

```{code-cell} python
Audio("../data/a.ogg")
```
"""


def test_sounds_play_in_the_page_with_their_words(make_course: MakeCourse) -> None:
    root = make_course({"pages/a.md": SOUNDS})
    content = Path("tests/cases/sounds/half-a-second.ogg").read_bytes()
    (root / "data/a.ogg").write_bytes(content)
    assert wrong(root) == []
    players = re.findall(r'<audio controls preload="metadata" src="(.*?)" aria-label="(.*?)"></audio>', site(root))
    assert [name for _, name in players] == ["Half a &lt;second&gt;", "A tone", "Output"]
    assert all(
        (root / "build" / kind / file).read_bytes() == content for kind in ("site", "markdown") for file, _ in players
    )
    assert "<figcaption>Do &lt;re&gt;</figcaption>" in site(root)
    assert "<p>La.</p>\n<p>La &amp; la.</p>" in site(root)
    assert "[Half a &lt;second&gt;](a/code-" in markdown(root)
    assert "the sound https://example.org/x.mp3 is not in the page" in site(root)
    assert "<p>after it</p>" in site(root)
    assert "this is no sound that browsers play" in site(root)
    assert re.findall('<iframe class="cw-frame" .*?video.*?</iframe>', site(root))
    assert [str(problem).replace(f"{root}/", "") for problem in check(root)] == [
        "error: this sound has no alternative text\n  --> pages/a.md:20, {code-cell} python\n"
        "hint: say what is heard, in a comment of the cell: #| alt: A tone that rises",
        "error: the sound https://example.org/x.mp3 is not in the page\n  --> pages/a.md:14, {code-cell} python\n"
        "hint: give its samples, or its file, to audio()",
        "error: this is no sound that browsers play\n  --> pages/a.md:14, {code-cell} python\n"
        "hint: give its samples, or its file, to audio()",
        "error: this output has no alternative text\n  --> pages/a.md:14, {code-cell} python\n"  # the film
        "hint: say what it shows, in a comment of the cell: #| alt: A line that rises",
    ]


WIDGETS = """# A

```{code-cell} python
:caption: Wins <so far>
#| alt: Two bars
import plotly.graph_objects as go
from IPython.display import display
go.Figure(go.Bar(x=["a", "b"], y=[1, 3]))
```

```{code-cell} python
go.Figure(go.Bar(x=["</script>"], y=[2]))
```

```{code-cell} python
display({"application/x-own": "1"}, raw=True)
```
"""


def test_a_chart_of_plotly_is_a_widget_of_the_page(make_course: MakeCourse) -> None:
    pytest.importorskip("plotly", reason="pip install plotly")
    root = make_course({"pages/a.md": WIDGETS})
    assert wrong(root) == []
    titles = re.findall(
        '<iframe class="cw-frame" sandbox="allow-scripts" title="(.*?)" height="400" data-page', site(root)
    )
    assert titles == ["Two bars", "Output"]
    assert "<figcaption>Wins &lt;so far&gt;</figcaption>" in site(root)
    assert len(list((root / "build/site/libraries").iterdir())) == 1
    (path,) = re.findall(r"\[Two bars\]\((a/code-.*?\.html)\)", markdown(root))
    assert '"y":[1,3]' in (root / "build/markdown" / path).read_text(encoding="utf-8").replace(" ", "")
    assert "an output that pages cannot show: application/x-own" in site(root)
    assert [str(problem).replace(f"{root}/", "") for problem in check(root)] == [
        "error: this widget has no alternative text\n  --> pages/a.md:11, {code-cell} python\n"
        "hint: say what it shows, in a comment of the cell: #| alt: A line that rises",
        "error: an output that pages cannot show: application/x-own\n  --> pages/a.md:15, {code-cell} python\n"
        "hint: give it as a picture, a table, HTML or text",
    ]


def test_a_frame_is_a_table(make_course: MakeCourse) -> None:
    page = "# A\n\n```{code-cell} python\n:in: sales\n:caption: All <sales>\nsales\n```\n"
    root = make_course({"pages/a.md": page})
    assert wrong(root) == []
    assert "| year | fruit | tonnes |\n| ---: | --- | ---: |\n| 2023 | apple | 10 |" in markdown(root)
    assert "<caption>All &lt;sales&gt;</caption>" in site(root)


EVIL = """# A

```{code-cell} python
from IPython.display import HTML, Javascript, Latex, Markdown, display
display(HTML("<b onclick='steal()'>bold</b> <a href='javascript:steal()'>x</a> <img src=x onerror='steal()'>"))
display(HTML("<script>parent.steal()</script><p>framed</p>"))
display(HTML("<p>safe <i>words</i><!-- steal() --></p>"))
display(Javascript("steal()"))
display(Markdown("<script>steal()</script>"))
display(Markdown("A **bold** word."))
display(Latex("$x^2$"))
print(object())
print("</samp></pre><script>steal()</script>")
```
"""


def test_nothing_that_code_gives_runs_in_the_page(make_course: MakeCourse) -> None:
    root = make_course({"pages/a.md": EVIL})
    assert wrong(root) == []
    told = site(root)
    frames = re.findall(r"<iframe.*?</iframe>", told, re.DOTALL)
    code = re.findall(r"<pre.*?</pre>", told, re.DOTALL)
    rest = told
    for each in (*frames, *code):
        rest = rest.replace(each, "")
    assert "steal" not in rest
    assert "<script" not in rest
    assert '<div class="made"><p>safe <i>words</i></p></div>' in rest
    assert '<div class="made"><p>A <strong>bold</strong> word.</p></div>' in rest
    assert "```text\nsafe words\n```" in markdown(root)
    assert "<object object at 0x…>" in markdown(root)
    assert "<math" in rest
    assert len(frames) == 3
    assert all('sandbox="allow-scripts" title="Output"' in frame and "&lt;" in frame for frame in frames)
    assert "<script" not in html.unescape(code[-1]) or "<script" not in code[-1]


TAGS = {
    "remove-input": (False, True, False),
    "hide-input": (True, True, True),
    "remove-output": (True, False, False),
    "hide-output": (True, True, True),
    "remove-cell": (False, False, False),
    "remove_input": (False, True, False),
}


def test_tags_say_what_is_seen_and_carry_nothing_out(make_course: MakeCourse, capsys: Any) -> None:
    page = "# A\n\n```{code-cell} python\n:tags: [%s]\nprint(6 * 7)\n```\n"
    root = make_course({"pages/a.md": page % "mine"})
    assert wrong(root) == []
    for tag, (code, output, hidden) in TAGS.items():
        (root / "pages/a.md").write_text(page % f'mine, "{tag}"', encoding="utf-8")
        assert "{code-cell} on line 3: kept" in why(root, capsys)
        for told in (markdown(root), re.sub("<[^>/d][^>]*>|</[^d][^>]*>", "", site(root))):
            assert ("print" in told, "42" in told, "<details>" in told) == (code, output, hidden), (tag, told)


def test_code_runs_again_for_what_it_read_and_for_nothing_else_from_inside_the_course(
    make_course: MakeCourse, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = 'from pathlib import Path\nimport matplotlib.pyplot as plt\nplt.plot([1]); Path("../data/a.txt").read_text()'
    page = f"# A\n\n```{{code-cell}} python\n#| alt: A dot\n{code}\n```\n"
    root = make_course({"pages/a.md": page, "data/a.txt": "1"})
    monkeypatch.chdir(root)
    assert wrong(root) == []
    assert build(open_course(root)).executed == 0
    (root / "data/other.txt").write_text("2", encoding="utf-8")
    assert build(open_course(root)).executed == 0
    (root / "data/a.txt").write_text("2", encoding="utf-8")
    assert "carried out again: data/a.txt" in why(root, capsys)


def test_a_cell_that_is_not_run_or_fails_on_purpose(make_course: MakeCourse) -> None:
    page = """# A

```{code-cell} python
:tags: [skip-execution]
raise SystemExit
```

```{code-cell} python
:tags: [raises-exception]
print("before")
1 / 0
```

```{code-cell} python
print("after")
```
"""
    root = make_course({"pages/a.md": page})
    assert wrong(root) == []
    assert "ZeroDivisionError: division by zero\n```" in markdown(root)
    assert "\x1b" not in markdown(root)
    assert "```text\nafter\n```" in markdown(root)
    assert 'class="printed error"' in site(root)
    (root / "pages/a.md").write_text(page.replace("raises-exception", "mine"), encoding="utf-8")
    assert said(root) == [
        "error: ZeroDivisionError: division by zero\n  --> pages/a.md:11, {code-cell} python\n"
        "hint: correct the cell, or tag it: :tags: [raises-exception]"
    ]


PYTHON_WRONG = {
    "an error in a function": (
        "def f():\n    return 1 / 0\n\nf()",
        "error: ZeroDivisionError: division by zero\n  --> pages/a.md:5, {code-cell} python\n"
        "hint: correct the cell; to show the error to readers, tag it: :tags: [raises-exception]",
    ),
    "code that is none": (
        "x = 1\ny = (",
        "error: SyntaxError: incomplete input\n  --> pages/a.md:5, {code-cell} python\n"
        "hint: correct the cell; to show the error to readers, tag it: :tags: [raises-exception]",
    ),
    "an endless cell": (
        "while True: pass",
        "error: this cell takes longer than 2 seconds\n  --> pages/a.md:3, {code-cell} python\n"
        "hint: allow more: :seconds: … in the cell, or [cells] seconds = … in course.toml",
    ),
    "a kernel that dies": (
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
        "error: the kernel for python died: it was ended by the signal SIGKILL\n"
        "  --> pages/a.md:3, {code-cell} python\n"
        "hint: perhaps it needs more memory than there is, or the code ends it; the rest of the page was not run",
    ),
    "a question to nobody": (
        "input()",
        "error: StdinNotImplementedError: raw_input was called, but this frontend does not support input requests.\n"
        "  --> pages/a.md:4, {code-cell} python\n"
        "hint: correct the cell; to show the error to readers, tag it: :tags: [raises-exception]",
    ),
}


@pytest.mark.parametrize("case", PYTHON_WRONG)
def test_what_is_wrong_in_python_is_said_with_its_line(make_course: MakeCourse, case: str) -> None:
    code, message = PYTHON_WRONG[case]
    files = {
        "course.toml": '[course]\ntitle = "T"\n[cells]\nseconds = 2\n',
        "pages/a.md": f"# A\n\n```{{code-cell}} python\n{code}\n```\n",
        "pages/b.md": "# B\n\n```{table} nothing\n```\n",
    }
    told = said(make_course(files))
    assert told[0] == message
    assert told[1].startswith('error: no table called "nothing"')  # other pages were looked at


@needs_r
def test_what_is_wrong_in_r_is_said_with_its_line(make_course: MakeCourse) -> None:
    page = "# A\n\n```{code-cell} r\nx <- 1\n\nstop('no ', \"good\")\n```\n"
    root = make_course({"pages/a.md": page, "pages/b.md": "# B\n\n```{code-cell} r\nx <- 1\ny <- (\n```\n"})
    hint = "hint: correct the cell; to show the error to readers, tag it: :tags: [raises-exception]"
    assert said(root) == [
        f"error: Error in eval(expr, envir, enclos): no good\n  --> pages/a.md:6, {{code-cell}} r\n{hint}",
        "error: Error in parse(text = x, srcfile = src): <text>:3:0: unexpected end of input\n"
        f"  --> pages/b.md:5, {{code-cell}} r\n{hint}",
    ]


BAD = {
    "a language that has no kernel": (
        "```{code-cell} pythn\n1\n```\n",
        'error: no kernel for "pythn" is installed\n  --> pages/a.md:3, {code-cell} pythn\n'
        'hint: did you mean "python"?',
    ),
    "no language": (
        "```{code-cell}\n1\n```\n",
        "error: which language?\n  --> pages/a.md:3, {code-cell}\n"
        "hint: write it after {code-cell}: python, r, or another that Jupyter has a kernel for",
    ),
    "a tag that nearly is one": (
        "```{code-cell} python\n:tags: [hide-inputs]\n1\n```\n",
        'error: no tag called "hide-inputs"\n  --> pages/a.md:4, {code-cell} :tags:\nhint: did you mean "hide-input"?',
    ),
    "an option that is none": (
        "```{code-cell} python\n:input: df\n1\n```\n",
        'error: no option called "input"\n  --> pages/a.md:4, {code-cell} :input:\n'
        "hint: Available: alt, caption, in, kernel, out, seconds, tags",
    ),
    "a frame that nobody gave": (
        "```{code-cell} python\n:in: salse\n1\n```\n",
        'error: no frame and no table called "salse"\n  --> pages/a.md:4, {code-cell} :in:\n'
        'hint: did you mean "sales"?',
    ),
    "a frame that is not there": (
        "```{code-cell} python\n:out: df\n1\n```\n",
        'error: there is no variable called "df": it cannot be handed over\n  --> pages/a.md:4, {code-cell} :out:\n'
        "hint: a frame has columns of numbers, texts, truth values, dates and times",
    ),
    "a frame of lists": (
        "```{code-cell} python\n:out: df\ndf = {'a': [1], 'b': [[1]]}\n```\n",
        'error: the column "b" of df has values of the kind list: it cannot be handed over\n'
        "  --> pages/a.md:4, {code-cell} :out:\n"
        "hint: a frame has columns of numbers, texts, truth values, dates and times",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_in_a_cell_is_said(make_course: MakeCourse, case: str) -> None:
    text, message = BAD[case]
    (told,) = said(make_course({"pages/a.md": f"# A\n\n{text}"}))
    assert told.startswith(message)


def test_a_kernel_that_is_not_installed_says_what_to_install(
    make_course: MakeCourse, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    root = make_course({"pages/a.md": "# A\n\n```{code-cell} r\n1\n```\n"})
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("jupyter_client.kernelspec.SYSTEM_JUPYTER_PATH", [])
    monkeypatch.setattr("jupyter_core.paths.SYSTEM_JUPYTER_PATH", [])
    engines._known.cache_clear()
    try:
        assert said(root) == [
            'error: no kernel for "r" is installed\n  --> pages/a.md:3, {code-cell} r\n'
            'hint: in R: install.packages("IRkernel"); on Debian and Ubuntu: apt install r-cran-irkernel'
        ]
    finally:
        engines._known.cache_clear()


def test_two_hundred_megabytes_are_cut(make_course: MakeCourse) -> None:
    page = "# A\n\n```{code-cell} python\nfor _ in range(200): print('x' * 999_999)\nprint('end')\n```\n"
    root = make_course({"pages/a.md": page})
    assert wrong(root) == []
    assert len(markdown(root)) < 110_000
    assert "This output has 200,000,004 characters, of which the first 100,000 are shown." in markdown(root)


def test_all_cells_of_a_page_have_a_limit_too(make_course: MakeCourse) -> None:
    cell = "```{code-cell} python\nimport time; time.sleep(1)\n```\n\n"
    root = make_course({"pages/a.md": f"---\ncells: {{page: 1.5}}\n---\n# A\n\n{cell * 3}"})
    assert said(root) == [
        "error: the cells of this page take longer than 1.5 seconds\n  --> pages/a.md:10, {code-cell} python\n"
        "hint: allow more: [cells] page = … in course.toml"
    ]


def test_a_page_without_code_starts_no_kernel(make_course: MakeCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(kernels.Kernel, "__init__", never)
    page = "# A\n\n```python\n1 / 0\n```\n\n```{code-cell} python\n:tags: [skip-execution]\n1 / 0\n```\n"
    assert wrong(make_course({"pages/a.md": page})) == []


def test_the_example_says_what_two_languages_find(built: Any) -> None:
    """Kepler's third law, worked out once more: a line through the logarithms, whose slope is nearly 1.5."""
    root = built("show-and-tell")
    rows = [line.split(",") for line in (root / "data/planets.csv").read_text(encoding="utf-8").splitlines()[1:]]
    points = [(math.log(float(row[2])), math.log(float(row[3]))) for row in rows]
    x, y = (statistics.fmean(each) for each in zip(*points, strict=True))
    slope = sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)
    misses = [math.exp(abs(b - y - slope * (a - x))) - 1 for a, b in points]
    worst = rows[misses.index(max(misses))][0]
    assert abs(slope - 1.5) < 0.01
    told = markdown(root, "kepler")
    assert (
        f"The line rises by {slope:.3f}.\nThe planet that is furthest from it is {worst}, by {max(misses):.1%}." in told
    )
    assert "A year on Mars has 687 days of ours." in markdown(root, "python")
    assert "| 8 | Neptune | 13.24 |" in markdown(root, "r")


def test_a_frame_of_html_reaches_nothing_of_the_page(make_course: MakeCourse, tmp_path: Path) -> None:
    node, chromium = shutil.which("node"), shutil.which("chromium")
    core = Path(__file__).parent / "node/node_modules/playwright-core"
    if not (node and chromium and core.is_dir()):
        pytest.skip("needs Node.js, Chromium and playwright-core")
    tried = 'try { parent.document.title = "stolen"; x.textContent = "reached" }'
    script = f"<script>{tried} catch (e) {{ x.textContent = 'refused' }}</script>"
    code = f"from IPython.display import HTML\nHTML({'<p id=x></p>' + script!r})"
    root = make_course({"pages/a.md": f"# A\n\n```{{code-cell}} python\n{code}\n```\n"})
    assert wrong(root) == []
    look = tmp_path / "look.cjs"
    look.write_text(
        f"const {{ chromium }} = require({json.dumps(str(core))});\n"
        "(async () => { const browser = await chromium.launch("
        f"{{ executablePath: {json.dumps(chromium)}, args: ['--no-sandbox'] }});\n"
        "const page = await browser.newPage(); await page.goto(process.argv[2]);\n"
        "const frame = page.frames()[1]; await frame.waitForSelector('#x:not(:empty)');\n"
        "console.log(await page.title(), await frame.textContent('#x')); await browser.close(); })();\n",
        encoding="utf-8",
    )
    seen = subprocess.run(
        [node, str(look), (root / "build/site/a.html").as_uri()], capture_output=True, text=True, check=True
    )
    assert seen.stdout == "A · Fruit refused\n"


def test_frames_need_no_pandas(make_course: MakeCourse) -> None:
    page = """# A

```{code-cell} python
:out: given
import sys
sys.modules["pandas"] = None  # as if it were not installed
import polars
given = polars.DataFrame({"n": [1, None], "text": ["NA", None], "share": [0.1, float("inf")]})
```

```{code-cell} python
:in: sales, given
print(sales["tonnes"], given)
```
"""
    root = make_course({"pages/a.md": page})
    assert wrong(root) == []
    told = "[10, 4, 12, None] {'n': [1, None], 'text': ['NA', None], 'share': [0.1, inf]}"
    assert told in markdown(root)


def test_the_example_counts_a_poem(built: Any) -> None:
    root = built("show-and-tell")
    with (root / "data/jabberwocky.csv").open(encoding="utf-8", newline="") as file:
        lines = [(row["stanza"], row["words"]) for row in csv.DictReader(file)]
    told = markdown(root, "text")
    for stanza in sorted({stanza for stanza, _ in lines}):
        letters = sum(character.isalpha() for each, words in lines if each == stanza for character in words)
        assert re.search(rf"^\| {stanza} \| .* \| {letters} \| ", told, re.MULTILINE)
    first = [re.findall(r"[a-z]{4,}", words.lower()) for stanza, words in lines if stanza != "7"]
    counts = {word: sum(line.count(word) for line in first) for line in first for word in line}
    assert dict(re.findall(r"^\| (\w+) \| (\d+) \| \d+ \|$", told, re.MULTILINE)) == {
        word: str(times) for word, times in counts.items() if times > 1
    }
    assert len(re.findall(r"^[1-7]\.[1-4] .* the ", told, re.MULTILINE | re.IGNORECASE)) == 19
