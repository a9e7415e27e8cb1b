"""Kernels that are forked give what kernels with a command line of their own give, to the letter."""

from __future__ import annotations

import importlib
import json
import os
import re
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coursewright.cli import main
from coursewright.errors import Place
from coursewright.pages.engines import forking
from coursewright.pages.engines.beginning import Beginning, beginning_of
from coursewright.pages.engines.found import engine_for
from coursewright.pages.engines.kernel import OURS, Kernel
from coursewright.pages.engines.reads import read_by
from coursewright.pages.engines.sides import SIDES

pytest.importorskip("ipykernel", reason='pip install "coursewright[notebooks]"')

CASES = Path(__file__).parent / "cases" / "forked"
PLACE = Place(Path("a.md"), 1)
# Names of temporary folders, places in memory, times: what two kernels of one kind do not have in common either.
VOLATILE = re.compile(
    r"/cw-\w+/|/ipykernel_\d+/|0x[0-9a-f]+|\d+(?:\.\d+)? [nμm]?s\b|<dc:date>[^<]*</dc:date>"
    r"|(?:CPU times|Wall time): [^\\\"]*"  # which may be 1e+03 ns, or hold a minute
)

SELDOM = re.compile(r"(?:Compiler|Parser) *: [^\\\"]*\\n")  # lines of %%time, of what took a tenth of a second for once


def cells(name: str) -> list[tuple[str, str]]:
    """The kinds of cells in a file, with their code."""
    text = (CASES / f"{name}.txt").read_text(encoding="utf-8")
    return [tuple(part.split("\n", 1)) for part in re.split(r"^# %% ", text, flags=re.MULTILINE)[1:]]


def carried_out(codes: list[str], folder: Path, beginning: Beginning | None) -> Iterator[Any]:
    """What a kernel gives for each of the cells, and at last what it read."""
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    (folder / "beside.py").write_text("word = 'beside'\n", encoding="utf-8")
    (folder / "beside.py").touch()
    kernel = Kernel(engine_for("python", PLACE), folder, PLACE, beginning)
    try:
        forked = isinstance(kernel._manager.provisioner.process, forking.KernelProcess)
        assert forked is (beginning is not None), kernel.unsafe
        side = SIDES["python"]
        kernel.ask(side.begin(), PLACE)
        for code in codes:
            yield kernel.run(code, 60).pieces
        kernel.ask(side.report(kernel.folder / "report"), PLACE)
        yield sorted(map(str, read_by([kernel.folder / "report"], codes, folder, folder.parent, [OURS, kernel.folder])))
    finally:
        kernel.stop()


def masked(given: Any) -> str:
    """It as text, without what is another thing in each run."""
    return VOLATILE.sub("…", SELDOM.sub("", json.dumps(given, indent=1, ensure_ascii=False)))


@pytest.mark.parametrize("name", ["plain", "frames", "maths"])
def test_a_fork_gives_what_a_fresh_kernel_gives(name: str, tmp_path: Path) -> None:
    importlib.import_module("matplotlib.font_manager")  # which lists fonts for all processes, if nobody has yet
    kinds, codes = zip(*cells(name), strict=True)
    beginning = beginning_of(codes)
    forked = list(carried_out(list(codes), tmp_path / "page", beginning))
    fresh = list(carried_out(list(codes), tmp_path / "page", None))
    different = {}
    for kind, one, other in zip([*kinds, "what was read"], forked, fresh, strict=True):
        if masked(one) != masked(other):
            different[kind] = masked(one), masked(other)
    assert not different


def run(code: str, folder: Path, beginning: Beginning | None = None) -> tuple[str, str]:
    """What a forked kernel prints, and why it is not forked."""
    kernel = Kernel(engine_for("python", PLACE), folder, PLACE, beginning or beginning_of([code]))
    try:
        kernel.ask(SIDES["python"].begin(), PLACE)
        ran = kernel.run(code, 60)
        assert ran.failure is None, ran.failure
        return "".join(piece.get("text", "") for piece in ran.pieces), kernel.unsafe
    finally:
        kernel.stop()


@pytest.mark.parametrize(
    ("codes", "imports"),
    [
        (["import pandas as pd\nfrom numpy import random, linalg as la\npd.x()"],
         ["import pandas", "from numpy import random, linalg"]),
        (['"""Said."""\nimport os, numpy\n%matplotlib inline', "import matplotlib.pyplot as plt"],
         ["import numpy", "import matplotlib.pyplot"]),
        (["import os\nos.environ['MPLBACKEND'] = 'svg'\nimport matplotlib"], []),
        (["import helpers\nimport pandas"], []),
        (["import torch, pandas"], []),
        (["from . import pandas\nimport numpy"], []),
        (["import pandas\n%load_ext something\nimport numpy"], ["import pandas"]),
        (["%%time\nimport pandas"], []),
        (["if True:\n    import pandas"], []),
        (["import pandas\nimport (", "import numpy"], []),
        (["x = 1", "import pandas"], []),
        ([], []),
    ],
)  # fmt: skip
def test_a_page_begins_with_imports_before_which_nothing_of_it_ran(codes: list[str], imports: list[str]) -> None:
    assert list(beginning_of(codes).imports) == imports


def test_what_is_drawn_by_chance_is_new_in_each_fork(tmp_path: Path) -> None:
    code = """import random, uuid, tempfile
import numpy
from sympy.core.random import rng
import multiprocessing
print(random.random(), numpy.random.rand(), rng.random(), uuid.uuid4())
print(bytes(multiprocessing.current_process().authkey).hex())
print(next(tempfile._get_candidate_names()))
"""
    one, other = (run(code, tmp_path)[0].split() for _ in range(2))
    assert len(one) == len(other) == 6
    assert not set(one) & set(other)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A package that counts as usual, whose code can be set."""
    (tmp_path / "own" / "sympy").mkdir(parents=True)
    (tmp_path / "pages").mkdir()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "own"))

    def printed(code: str) -> tuple[str, str]:
        (tmp_path / "own/sympy/__init__.py").write_text(code + "\n", encoding="utf-8")
        return run("import sympy\nprint(sympy.value)", tmp_path / "pages")

    yield printed
    forking.close()


UNSAFE = {
    "import threading, time; value = 1; threading.Thread(target=time.sleep, args=(60,), daemon=True).start()":
        "it leaves threads: python",
    "value = 1; print('hello')": "it says something",
    "value = 1; import warnings; warnings.warn('old')": "it says something",
    "value = 1; import os; os.environ['OWN'] = 'x'": "it changes the variables of the environment",
    "value = 1; import os; os.chdir('/tmp')": "it changes the working folder",
    "value = 1; import sys; sys.path.append('/own')": "it changes where modules are found",
    "value = 1; import locale; locale.setlocale(locale.LC_ALL, 'C')": "it changes the locale",
    "value = 1; import signal; signal.signal(signal.SIGUSR1, signal.SIG_IGN)": "it changes signals",
    "value = 1; import logging; logging.basicConfig()": "it changes where logs are written",
    "value = 1; kept = open('/dev/zero')": "it leaves files or devices open",
    "value = 1; import IPython; shell = IPython.get_ipython()": "it asks the kernel while it is imported",
}  # fmt: skip


def test_where_forking_is_unsafe_a_fresh_kernel_gives_the_same_and_says_so(package: Any) -> None:
    for code, reason in UNSAFE.items():
        printed, unsafe = package(code)
        assert "1" in printed.split("\n")
        assert unsafe == f"import sympy: {reason}"


def test_a_package_that_changed_is_loaded_again_and_one_that_fails_fails_in_the_page(package: Any) -> None:
    assert package("value = 1") == ("1\n", "")
    assert package("value = 'two'") == ("two\n", "")
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        package("value = 1 / 0")


def test_a_file_beside_the_page_stands_before_what_is_loaded(make_course: Any, capsys: Any) -> None:
    code = "import matplotlib.pyplot as plt\nprint(plt.rcParams['figure.dpi'])"
    root = make_course(
        {"pages/a.md": f"# A\n\n```{{code-cell}} python\n{code}\n```\n", "pages/matplotlibrc": "figure.dpi: 50\n"}
    )
    assert main(["check", str(root)]) == 0
    said = "a kernel is begun afresh, not forked: matplotlibrc stands beside the page, and may be what it imports"
    assert said in " ".join(capsys.readouterr().err.split())
    assert main(["build", str(root)]) == 0
    assert "50.0" in (root / "build/markdown/a.md").read_text(encoding="utf-8")


def test_forking_can_be_switched_off_for_a_course_or_a_page(make_course: Any) -> None:
    cell = "```{code-cell} python\nimport os\nprint('fresh', os.getppid() == int(os.environ['JPY_PARENT_PID']))\n```\n"
    root = make_course(
        {
            "course.toml": '[course]\ntitle = "C"\n[cells]\nfresh = true\n',
            "pages/a.md": f"# A\n\n{cell}",
            "pages/b.md": f"---\ncells: {{fresh: false}}\n---\n\n# B\n\n{cell}",
        }
    )
    assert main(["build", str(root)]) == 0
    for page, fresh in (("a", True), ("b", False)):
        assert f"fresh {fresh}" in (root / f"build/markdown/{page}.md").read_text(encoding="utf-8")


def test_a_server_that_is_killed_is_named_by_its_kernels_and_begun_again(tmp_path: Path) -> None:
    kernel = Kernel(engine_for("python", PLACE), tmp_path, PLACE, Beginning())
    try:
        for root in forking._roots.servers():
            root._process.kill()
        with pytest.raises(RuntimeError, match="it was ended by the signal SIGKILL"):
            kernel.run("import time; time.sleep(60)", 50)
    finally:
        kernel.stop()
    assert run("print('again')", tmp_path) == ("again\n", "")


def test_nothing_is_left_of_a_build_that_was_killed(tmp_path: Path) -> None:
    script = """if True:
        import sys, time
        from pathlib import Path
        from coursewright.errors import Place
        from coursewright.pages.engines.beginning import beginning_of
        from coursewright.pages.engines.found import engine_for
        from coursewright.pages.engines import forking
        from coursewright.pages.engines.kernel import Kernel
        place = Place(Path("a.md"), 1)
        kernel = Kernel(engine_for("python", place), Path(sys.argv[1]), place, beginning_of(["import numpy"]))
        roots, grown = forking._roots.servers(), forking._grown.servers()
        servers = [*(root._process.pid for root in roots), *(one._number for one in grown)]
        print(kernel._manager.provisioner.process.pid, *servers, flush=True)
        time.sleep(600)
    """
    process = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    numbers = [int(number) for number in process.stdout.readline().split()]
    handles = [os.pidfd_open(number) for number in numbers]
    process.kill()
    process.communicate()
    assert len(handles) == 3
    for handle in handles:
        assert select.select([handle], [], [], 60)[0], "a process lives on"
        os.close(handle)
