"""When cells are carried out again: when what they hang on has changed, and not otherwise; and what is said of it."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from coursewright.cli import main
from coursewright.courses import build, open_course
from test_cells import markdown, needs_r, why, wrong

pytest.importorskip("ipykernel", reason='pip install "coursewright[notebooks]"')

MakeCourse = Callable[[Mapping[str, str]], Path]

FILES = {
    "course.toml": '[course]\ntitle = "T"\n[parameters]\nyear = 2024\nother = 1\n[tables]\nsales = "data/sales.csv"\n',
    "data/x.txt": "one",
    "data/y.txt": "one\n",
    "pages/lib.py": "def f():\n    return 1\n",
    "pages/p.md": "# P\n\n```{code-cell} python\nx = year\n```\n\nProse.\n\n```{code-cell} python\nx, 'p'\n```\n",
    "pages/file.md": '# F\n\n```{code-cell} python\nopen("../da" + "ta/x.t" + "xt").read()\n```\n',
    "pages/table.md": "# T\n\n```{code-cell} python\n:in: sales\nlen(sales)\n```\n",
    "pages/module.md": "# M\n\n```{code-cell} python\nimport lib\nlib.f()\n```\n",
    "pages/package.md": "# K\n\n```{code-cell} python\nimport small\nsmall.X\n```\n",
    "pages/r.md": "# R\n\n```{code-cell} r\n"
    'readLines(file.path("..", paste0("da", "ta"), "y.txt"))\n'
    'Sys.glob(file.path("..", paste0("mo", "re"), "*.csv"))\n'
    'file.exists(file.path("..", paste0("da", "ta"), "later.txt"))\n'
    'source(paste0("own", ".R"))\n```\n',
    "pages/own.R": "Sys.getenv(c('CW_OF_R', 'HOME'))[[1]]\n",
    "more/a.csv": "a\n",
    "pages/drawn.md": "# D\n\n```{code-cell} r\n#| alt: A point\nplot(1)\n```\n",
}
DONE = re.compile(r"^(\S+): (?:made|written) again\n((?:  .*\n)*)", re.MULTILINE)


def done(told: str) -> dict[str, list[str]]:
    """The cells that a build carried out again, by page, each with its reasons."""
    again = {
        page: re.findall(r"\{code-cell\} (on line \d+: carried out again: .*)", lines)
        for page, lines in DONE.findall(told)
    }
    return {page: cells for page, cells in again.items() if cells}


@pytest.fixture
def course(make_course: MakeCourse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course whose pages read different things, built once; with a package that has a version."""
    package = tmp_path / "site-packages"
    (package / "small-1.0.dist-info").mkdir(parents=True)
    (package / "small.py").write_text("X = 1\n", encoding="utf-8")
    (package / "small-1.0.dist-info/METADATA").write_text("Name: small\nVersion: 1.0\n", encoding="utf-8")
    (package / "small-1.0.dist-info/RECORD").write_text("small.py,,\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(package))
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    root = make_course(FILES)
    assert wrong(root) == []
    return root


@needs_r
def test_a_cell_is_carried_out_again_when_what_it_read_changed(
    course: Path, capsys: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert done(why(course, capsys)) == {}
    assert list((tmp_path / "temporary").iterdir()) == []  # R keeps its pictures in such a folder, and leaves it behind

    def change(name: str, text: str) -> dict[str, list[str]]:
        (course / name).write_text(text, encoding="utf-8")
        return done(why(course, capsys))

    again = "carried out again:"
    assert change("data/x.txt", "two") == {"file": [f"on line 3: {again} data/x.txt"]}
    assert "```text\n'two'\n```" in markdown(course, "file")
    assert change("data/y.txt", "two\n") == {"r": [f"on line 3: {again} data/y.txt"]}
    assert '[1] "two"' in markdown(course, "r")
    assert change("data/later.txt", "") == {"r": [f"on line 3: {again} data/later.txt, which was not there"]}
    monkeypatch.setenv("CW_OF_R", "new")
    assert change("more/b.csv", "b\n") == {"r": [f"on line 3: {again} the variable CW_OF_R; more"]}
    assert change("data/sales.csv", "year\n1\n") == {"table": [f"on line 3: {again} data/sales.csv (the table sales)"]}
    assert change("pages/lib.py", "def f():\n    return 22\n") == {"module": [f"on line 3: {again} pages/lib.py"]}
    assert "```text\n22\n```" in markdown(course, "module")
    site = tmp_path / "site-packages"
    (site / "small.py").write_text("X = 2\n", encoding="utf-8")
    (site / "small-1.0.dist-info/METADATA").write_text("Name: small\nVersion: 2.0\n", encoding="utf-8")
    assert done(why(course, capsys)) == {"package": [f"on line 3: {again} the package small"]}
    assert "```text\n2\n```" in markdown(course, "package")


TWO = "Metadata-Version: 2.1\nName: small\nVersion: 2.0\n"
CODES = {
    "absent": "try:\n    print(open('../da' + 'ta/later.txt').read())\nexcept FileNotFoundError:\n    print('none')",
    "named": "from pathlib import Path\nPath('../data/flag').exists()",
    "variable": "import lib\nlib.f()",
    "shell": "!echo $CW_OWN",
    "optional": "try:\n    import later\nexcept ImportError:\n    print('none')",
    "egg": "import eggy\neggy.X",
    "version": "from importlib.metadata import version\nversion('small')",
    "plain": "import plain\nplain.X",
    "compiled": "from lxml import etree\netree.parse('../da' + 'ta/x.xml').getroot().text",
    "drawn": "#| alt: A line\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]);",
}


def test_what_a_cell_looked_for_in_vain_and_what_its_modules_read_counts_too(
    make_course: MakeCourse, capsys: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site-packages"
    for folder, file in (("small-1.0.dist-info", "METADATA"), ("eggy-1.0.egg-info", "PKG-INFO")):
        (site / folder).mkdir(parents=True)
        (site / folder / file).write_text("Metadata-Version: 2.1\nName: small\nVersion: 1.0\n", encoding="utf-8")
    (site / "eggy-1.0.egg-info/top_level.txt").write_text("eggy\n", encoding="utf-8")
    for name in ("eggy", "plain"):
        (site / f"{name}.py").write_text("X = 1\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(site))
    pages = {f"pages/{name}.md": f"# {name}\n\n```{{code-cell}} python\n{code}\n```\n" for name, code in CODES.items()}
    own = {"pages/lib.py": "import os\ndef f():\n    return os.environ.get('CW_OWN')\n", "data/x.xml": "<a>x</a>"}
    root = make_course({**pages, **own, "data/other.txt": "x"})
    build(open_course(root))
    (root / "pages/section").mkdir()
    for new in ("pages/new.md", "pages/section/index.md"):  # which is nothing that code reads
        (root / new).write_text("# New\n", encoding="utf-8")
    assert done(why(root, capsys)) == {}
    for new in ("data/later.txt", "data/flag", "pages/matplotlibrc"):
        (root / new).write_text("", encoding="utf-8")
    for file in ("small-1.0.dist-info/METADATA", "eggy-1.0.egg-info/PKG-INFO", "plain.py", "later.py"):
        (site / file).write_text(
            "X = 2\nMetadata-Version: 2.1\nVersion: 2.0\n".replace("X = 2\n", "") if "/" in file else "X = 2\n"
        )
    monkeypatch.setenv("CW_OWN", "new")
    found = {page: cells[0].partition("again: ")[2] for page, cells in done(why(root, capsys)).items()}
    assert found == {
        "absent": "data/later.txt, which was not there",
        "named": "data/flag, which was not there",
        "variable": "the variable CW_OWN",
        "shell": "data; the variable CW_OWN",
        "optional": f"{site}/later.py, which was not there",
        "egg": "the package eggy",
        "version": "the package small; the modules in pages",
        "plain": f"{site}/plain.py",
        "compiled": "data",
        "drawn": "the modules in pages",
    }


@needs_r
def test_what_a_page_writes_and_then_reads_is_nothing_that_it_hangs_on(make_course: MakeCourse, capsys: Any) -> None:
    python = 'open("../data/out.csv", "w").write("a")\nopen("../data/out.csv").read()\n%run -n own.py\n'
    r = 'write.csv(data.frame(a = 1), "../more/r.csv")\nread.csv("../more/r.csv")\n'
    root = make_course(
        {
            "pages/own.py": "",
            "pages/p.md": f"# P\n\n```{{code-cell}} python\n{python}```\n",
            "pages/r.md": f"# R\n\n```{{code-cell}} r\n{r}```\n",
            "data/out.csv": "before",
            "more/r.csv": "before",
        }
    )
    assert wrong(root) == []
    assert done(why(root, capsys)) == {}


def test_code_and_parameters_count_and_prose_and_places_do_not(make_course: MakeCourse, capsys: Any) -> None:
    course = make_course({name: FILES[name] for name in ("course.toml", "pages/p.md")})
    build(open_course(course))
    page = FILES["pages/p.md"]

    def change(text: str, *options: str) -> dict[str, list[str]]:
        (course / "pages/p.md").write_text(text, encoding="utf-8")
        return done(why(course, capsys, *options))

    assert change(page.replace("Prose.", "Other prose.\n\nAnd more.")) == {}
    assert change(page.replace("# P", "# P\n\nIt moves.")) == {}
    assert change(page.replace("python\nx, ", "python\n:tags: [hide-input]\n:caption: C\n#| alt: words\nx, ")) == {}
    assert change(page, "--set", "other=2") == {}
    assert change(page, "--set", "year=7") == {
        "p": ["on line 3: carried out again: year: 2024 → 7", "on line 9: carried out again: year: 2024 → 7"]
    }
    assert "(7, 'p')" in markdown(course, "p")
    assert change(page.replace("x = year", "x = year + 1")) == {
        "p": [
            "on line 3: carried out again: what is written in it",
            "on line 9: carried out again: the code of another cell that it hangs together with",
        ]
    }
    assert "(2025, 'p')" in markdown(course, "p")


def test_a_name_that_code_works_out_may_be_any_parameter(make_course: MakeCourse, capsys: Any) -> None:
    page = "# P\n\n```{code-cell} python\nprint(globals()['ye' + 'ar'])\n```\n"
    root = make_course({"pages/p.md": page})
    build(open_course(root))
    assert list(done(why(root, capsys, "--set", "year=7"))) == ["p"]
    assert "```text\n7\n```" in markdown(root, "p")


def built(root: Path) -> dict[str, str]:
    """What is in the built pages."""
    files = (file for kind in ("site", "markdown") for file in (root / "build" / kind).rglob("*") if file.is_file())
    return {str(file.relative_to(root)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


DRAWN = """# D

```{code-cell} python
import warnings
warnings.warn("careful")
print({"b", "a", "c"})
```

```{code-cell} python
%config InlineBackend.figure_formats = ["svg"]
import matplotlib.pyplot as plt
plt.plot([1, 2]);
```
"""


def test_several_processes_give_the_same_bytes(make_course: MakeCourse) -> None:
    pytest.importorskip("matplotlib", reason='pip install "coursewright[charts]"')
    files = {f"pages/p{number}.md": DRAWN for number in range(2)}
    root = make_course(files)
    build(open_course(root))
    one = built(root)
    shutil.rmtree(root / "build")
    build(open_course(root), jobs=2)
    assert built(root) == one


def test_a_build_that_was_killed_is_repeated_rightly(make_course: MakeCourse) -> None:
    slow = "# S\n\n```{code-cell} python\nimport os, time\nopen('../pid', 'w').write(str(os.getpid()))\n"
    slow += "time.sleep(float(open('../data/wait').read()))\nprint('done')\n```\n"
    root = make_course(
        {"pages/a.md": "# A\n\n```{code-cell} python\n6 * 7\n```\n", "pages/b.md": slow, "data/wait": "600"}
    )
    process = subprocess.Popen([sys.executable, "-m", "coursewright", "build", str(root)], stderr=subprocess.DEVNULL)
    kernel = root / "pid"
    while not kernel.is_file() or not kernel.read_text(encoding="utf-8"):
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    while is_running(int(kernel.read_text(encoding="utf-8"))):  # a kernel ends with the build
        time.sleep(0.05)
    (root / "data/wait").write_text("0", encoding="utf-8")
    assert main(["build", str(root)]) == 0
    assert "```text\n42\n```" in markdown(root)
    assert "```text\ndone\n```" in markdown(root, "b")


def is_running(process: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{process}/stat")
    return not status.exists() or status.read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
