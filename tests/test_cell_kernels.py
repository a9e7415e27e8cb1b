"""Which kernel carries a cell out, and all that is wrong with what it asks for."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coursewright.cli import main
from coursewright.pages.engines import found as engines
from r_sessions import r_library  # noqa: F401 - a fixture
from test_cells import MakeCourse, markdown, needs_r, said


@pytest.fixture
def own_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A kernel for Python called "mine", in which a variable of the environment says so."""
    folder = tmp_path / "jupyter/kernels/mine"
    folder.mkdir(parents=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": "Mine", "language": "python", "env": {"WHOSE": "mine"}}
    (folder / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    engines._known.cache_clear()
    yield
    engines._known.cache_clear()


def notebook(kernel: str, code: str = "1") -> str:
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": code, "outputs": [], "execution_count": None}
    named = {"kernelspec": {"name": kernel, "display_name": kernel, "language": "python"}}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": named, "cells": [cell]})


WHOSE = "import os; print(os.environ.get('WHOSE', 'usual'))"


@pytest.mark.usefixtures("own_kernel")
def test_a_notebook_and_a_cell_are_carried_out_by_the_kernel_that_they_name(make_course: MakeCourse) -> None:
    named = ("name: mine", "display_name: Mine", "language: python")
    head = "".join(f"#     {each}\n" for each in named)
    script = f"# ---\n# jupyter:\n#   kernelspec:\n{head}# ---\n# %%\n{WHOSE}\n"
    cells = ("x = 1", f":kernel: mine\n{WHOSE}")
    root = make_course(
        {
            "pages/a.ipynb": notebook("mine", WHOSE),
            "pages/b.ipynb": notebook("python3", WHOSE),
            "pages/c.md": "# C\n\n" + "".join(f"```{{code-cell}} python\n{each}\n```\n\n" for each in cells),
            "pages/d.py": script,
        }
    )
    assert said(root) == []
    for page, whose in (("a", "mine"), ("b", "usual"), ("c", "mine"), ("d", "mine")):
        assert f"```text\n{whose}\n```" in markdown(root, page)


@pytest.mark.usefixtures("own_kernel")
def test_a_kernel_that_cannot_be_is_refused(make_course: MakeCourse) -> None:
    two = "".join(f"```{{code-cell}} python\n:kernel: {name}\n1\n```\n\n" for name in ("mine", "other"))
    root = make_course(
        {
            "pages/a.ipynb": notebook("mini"),
            "pages/b.md": f"# B\n\n{two}",
            "pages/c.md": "# C\n\n```{code-cell} r\n:kernel: mine\n1\n```\n",
        }
    )
    assert said(root) == [
        'error: no kernel called "mini" is installed\n  --> pages/a.ipynb, cell 1, line 1, {code-cell} python\n'
        'hint: did you mean "mine"? Available: mine, python3; or make it: '
        "python -m ipykernel install --user --name mini",
        'error: cells of one language share a kernel, and these name two: "mine" and "other"\n'
        "  --> pages/b.md:9, {code-cell} :kernel:\nhint: name the same one in all of them",
        'error: the kernel "mine" is one for python, not for r\n  --> pages/c.md:3, {code-cell} r\n'
        "hint: name python as the language, or another kernel",
    ]


def test_all_that_is_wrong_with_a_cell_is_said(make_course: MakeCourse) -> None:
    page = (
        "# A\n\n```{code-cell} python\n:sconds: 3\n:seconds: x\n:tags: [hide-inptu, remove-outpt]\n:out: 1df\n1\n```\n"
    )
    assert [each.partition("\n")[0] for each in said(make_course({"pages/a.md": page}))] == [
        'error: no option called "sconds"',
        'error: "seconds" should be a number or nothing, not "x"',
        'error: "1df" is no name of a frame',
        'error: no tag called "hide-inptu"',
        'error: no tag called "remove-outpt"',
    ]
    page = "# A\n\n```{code-cell} python\n:in: [planets\n:out: 2x\n:tags: hide-input]\n1\n```\n"
    where = "  --> pages/a.md:{}, {{code-cell}} :{}:\nhint: "
    assert said(make_course({"pages/a.md": page})) == [
        'error: "[planets" has one bracket\n' + where.format(4, "in") + "write [planets], or no brackets",
        'error: "2x" is no name of a frame\n' + where.format(5, "out") + "such as df",
        'error: "hide-input]" has one bracket\n' + where.format(6, "tags") + "write [hide-input], or no brackets",
        'error: no frame and no table called "planets"\n' + where.format(4, "in") + "Available: sales",
    ]


def page_of(language: str, *codes: str) -> str:
    return "# A\n\n" + "".join(f"```{{code-cell}} {language}\n{code}\n```\n\n" for code in codes)


ENDS = ["python exit()", "python quit()", pytest.param("r q()", marks=needs_r)]


@pytest.mark.parametrize("fresh", ["true", "false"])
@pytest.mark.parametrize("call", ENDS)
def test_a_cell_that_ends_its_kernel_is_the_last(call: str, fresh: str, make_course: MakeCourse, capsys: Any) -> None:
    language, code = call.split()
    settings = f'[course]\ntitle = "C"\n[cells]\nfresh = {fresh}\n'
    first = f"x <- 1\n{code}\nprint('after')" if language == "r" else f"x = 1\n{code}\nprint('after')"
    root = make_course({"course.toml": settings, "pages/a.md": page_of(language, first, "1 + 1")})
    name = code.removesuffix("()")
    assert said(root) == [
        "error: this cell ends its kernel, which cells after it need\n"
        f"  --> pages/a.md:5, {{code-cell}} {language}\n"
        f"hint: take {name}() away; to keep cells from being run, tag them: :tags: [skip-execution]"
    ]
    (root / "pages/a.md").write_text(page_of(language, "1 + 1", first), encoding="utf-8")
    assert said(root) == []
    assert "after" in markdown(root)
    assert main(["check", str(root)]) == 0
    told = f"{name}() ends a kernel when its cell is done; what stands behind it in the cell was run"
    assert told in " ".join(capsys.readouterr().err.split())


def test_who_keeps_the_kernel_goes_on(make_course: MakeCourse) -> None:
    root = make_course({"pages/a.md": page_of("python", "exit(keep_kernel=True)", "print('on')")})
    assert said(root) == []
    assert "```text\non\n```" in markdown(root)


@needs_r
def test_what_stays_in_r_of_a_frame_is_told_by_its_name(make_course: MakeCourse, capsys: Any) -> None:
    given = ":out: df\ndf <- mtcars[1:2, 1:2]\nattr(df$mpg, 'label') <- 'Miles'"
    root = make_course({"pages/a.md": page_of("r", given) + page_of("python", ":in: df\nprint(len(df))")})
    assert main(["check", str(root)]) == 0
    told = 'of df, there stays in R: the names of its rows, label of the column "mpg"; to have them as a column:'
    assert told in " ".join(capsys.readouterr().err.split())


@needs_r
def test_r_in_a_page_asks_the_python_that_builds_it(
    make_course: MakeCourse,
    r_library: Path,  # noqa: F811 - the fixture
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("R_LIBS", str(r_library))
    for name in ("RETICULATE_PYTHON", "VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    code = 'cat(coursewright:::find_python(), coursewright::tell(list(origin = "#x#!"), data.frame(x = "told")))'
    root = make_course({"pages/a.md": page_of("r", code) + page_of("r", "coursewright::widget(3)")})
    assert said(root) == [
        "error: this is no widget, but of the class numeric (widget)\n  --> pages/a.md:10, {code-cell} r\n"
        "hint: make one first, such as DT::datatable(x); "
        "to show the error to readers, tag it: :tags: [raises-exception]"
    ]
    (root / "pages/a.md").write_text(page_of("r", code), encoding="utf-8")
    assert said(root) == []
    assert f"{sys.executable} told!" in markdown(root)
