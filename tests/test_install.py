"""What is installed: the package carries what it needs and no build, and rooms load only what they need."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, made in a clone in which an example was built."""
    clone = tmp_path_factory.mktemp("a [b] ü")
    for name in ("src", "examples", "r"):
        shutil.copytree(ROOT / name, clone / name, ignore=shutil.ignore_patterns("build", "__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, clone)
    (clone / "examples/starter/build/site").mkdir(parents=True)
    (clone / "examples/starter/build/site/index.html").write_text("built")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", clone / "dist", clone], check=True)
    (made,) = (clone / "dist").glob("*.whl")
    return made


def test_the_package_has_every_file_of_the_source_and_no_build(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as package:
        names = set(package.namelist())
    unmade = re.compile(r"/(build|__pycache__)/")
    files = [
        *((file.relative_to(ROOT / "src").as_posix(), file) for file in (ROOT / "src").rglob("*")),
        *((f"coursewright/_{file.relative_to(ROOT).as_posix()}", file) for file in (ROOT / "examples").rglob("*")),
        *((f"coursewright/_{file.relative_to(ROOT).as_posix()}", file) for file in (ROOT / "r").rglob("*")),
    ]
    expected = {name for name, file in files if file.is_file() and not unmade.search(file.as_posix())}
    assert len(expected) > 500
    assert expected - names == set()
    assert [name for name in names if name.startswith("coursewright/_examples/starter/build/")] == []


def test_an_installed_package_shows_the_demo_without_the_extra_for_charts(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as package:
        package.extractall(tmp_path / "installed")
    script = (
        "import sys; sys.modules['plotnine'] = None; from coursewright.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "demo", "shown", "--no-serve"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "installed")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = 'The charts are left out: they need plotnine (pip install "coursewright[charts]").\n'
    assert said in done.stderr
    page = (tmp_path / "shown/build/site/index.html").read_text(encoding="utf-8")
    assert "Chart left out: title-race" in page
    assert "<svg" not in page


WITHOUT_FRAMES = "import sys; sys.modules.update(dict.fromkeys(['numpy', 'pandas', 'polars', 'pyarrow', 'scipy']))"
NEED_NO_FRAMES = {
    "words": "from coursewright.words import Grammar; Grammar({'origin': '#a.s#', 'a': 'egg'}).flatten('#origin#')",
    "pages": "sys.exit(main(['build', 'prose']))",
    "questions": "sys.exit(main(['ask', 'sum.md', '--to', 'moodle', '--output', 'quiz']))",
}


@pytest.mark.parametrize("room", NEED_NO_FRAMES)
def test_what_needs_no_frames_works_without_their_libraries(room: str, tmp_path: Path) -> None:
    (tmp_path / "prose/pages").mkdir(parents=True)
    (tmp_path / "prose/course.toml").write_text('[course]\ntitle = "Prose"\n')
    (tmp_path / "prose/pages/index.md").write_text("# Prose\n\nWithout a table.\n")
    (tmp_path / "sum.md").write_text(
        "---\ntitle: A sum\nkind: number\n---\n```python\na = pick(range(2, 9))\nanswer = a + 2\n```\n\n"
        "# Question\n\nWhat is {{ a }} + 2?\n\n# Solution\n\n{{ answer }}\n"
    )
    script = f"{WITHOUT_FRAMES}\nfrom coursewright.cli import main\n{NEED_NO_FRAMES[room]}"
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_tables_and_facts_need_nothing_that_only_charts_need(tmp_path: Path) -> None:
    script = (
        "import sys; sys.modules.update(dict.fromkeys(['matplotlib', 'pandas', 'plotnine', 'scipy']))\n"
        "from coursewright.cli import main\nsys.exit(main(sys.argv[1:]))"
    )
    course = tmp_path / "starter"
    shutil.copytree(ROOT / "examples/starter", course, ignore=shutil.ignore_patterns("build"))
    done = subprocess.run(
        [sys.executable, "-c", script, "build"], cwd=course, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
