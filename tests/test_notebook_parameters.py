"""Parameters in the notebooks of pages: code there assigns as it likes, and what is told is what the page tells."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest

from coursewright.cli import main
from coursewright.notebooks.magic import session
from coursewright.notebooks.place import PageMagic
from coursewright.notebooks.problem import CellProblem
from r_sessions import r_library, run_r  # noqa: F401 - a fixture
from test_built_notebooks import cell, course, executed, outputs
from test_cells import needs_r

pytest.importorskip("ipykernel", reason='pip install "coursewright[notebooks]"')

FRONT = """\
---
parameters:
  own: {default: 4, choices: [4, 5]}
  town: {default: Bonn, choices: "SELECT town FROM towns WHERE land = :land"}
---
"""
TOLD = """\
```{table}
:caption: "{{ city }}, {{ rate }}"
SELECT :city AS city, :n AS n, :round AS round, :own AS own, :rate AS rate, :town AS town
```

```{facts} far
```

```{tell}
:rows: towns
#town# of #land#
```
"""
PYTHON = f"""\
{FRONT}
# In Python

```{{code-cell}} python
towns = ["Rome", "Oslo"]
for city in towns:
    pass
n, rate, own, town = 5, 9, 1, None
least = 99
print(round(2.567, 1), city, n, max(1, 2))
```

{TOLD}
```{{code-cell}} python
n = 6
with open("beside.txt") as land:
    print(land.read(), n)
```

{TOLD}
"""
R = f"""\
{FRONT}
# In R

```{{code-cell}} r
for (city in c("Rome", "Oslo")) NULL
n <- 5L; rate <- 9; own <- 1L; town <- NA; least <- 99
cat(round(2.567, 1), city, n, max(1, 2))
```

{TOLD}
```{{code-cell}} r
n <- 6
land <- readLines("beside.txt")
cat(land, n)
```

{TOLD}
"""
BOTH = """\
# Both

```{code-cell} python
n = 5
```

```{code-cell} r
n <- n + 1
cat(n)
```

```{code-cell} python
n = 7
print(n)
```

```{code-cell} r
cat(n, city)
```
"""
EACH = """\
---
for_each: SELECT town, far AS id, far * 1.5 AS part FROM towns
name: "{{ town }}"
---
# {{ town }}

```{code-cell} python
town = id(town) and "another"
```

```{table}
SELECT :town AS town, :id AS id, :part AS part
```
"""
FILES = {
    "course.toml": '[course]\ntitle = "T"\n[parameters]\ncity = "Paris"\nn = 3\nround = 2\nrate = 2.0\nmax = 1\n'
    'land = "de"\n[tables]\ntowns = "data/towns.csv"\n',
    "data/towns.csv": "town,land,far\nBonn,de,400\nKiel,de,900\nLyon,fr,390\n",
    "facts/far.sql": '/*---\ntitle = "Far"\ntell = "#town# is #far# km from #from#"\nscore = "far"\n[parameters]\n'
    'least = 395\n---*/\nSELECT town, far, :city AS "from" FROM towns WHERE far > :least AND far > :max',
    "pages/python.md": PYTHON,
    "pages/each.md": EACH,
    "pages/beside.txt": "beside",
}  # fmt: skip


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory, r_library: Path) -> Iterator[Path]:  # noqa: F811 - the fixture
    """A course whose pages assign to what is called as a parameter; notebooks find our package for R."""
    files = FILES | {"pages/r.md": R, "pages/both.md": BOTH}
    made = course(tmp_path_factory.mktemp("a [b] ü") / "course", files)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("R_LIBS", str(r_library))
        patch.setenv("RETICULATE_PYTHON", sys.executable)
        assert main(["build", str(made)]) == 0
        yield made


@pytest.fixture(scope="module")
def run(root: Path) -> Callable[[str], tuple[Any, Any]]:
    """A page's notebook as it was built, and as a kernel carries it out."""
    return cache(lambda name: executed(root / f"build/notebooks/{name}.ipynb"))


def told(notebook: Any) -> dict[str, list[Any]]:
    """What the cells of the page show, notes aside."""
    shown = {each.id: outputs(each) for each in notebook.cells if each.cell_type == "code"}
    return {name: [one for one in found if not is_note(one)] for name, found in shown.items()}


def is_note(shown: Any) -> bool:
    return isinstance(shown, tuple) and shown[0] == "stderr"


@needs_r
@pytest.mark.parametrize("name", ["python", "r", "both", "Bonn", "Lyon"])
def test_page_and_notebook_tell_the_same_whatever_code_assigns(
    run: Callable[[str], tuple[Any, Any]], name: str
) -> None:
    built, ran = run(name)
    assert told(ran) == told(built)
    shown = str(told(built))
    expected = {
        "python": ("2.6 Oslo 5 2", "beside 6", "Paris, 2.0", "Bonn of de", "400 km from Paris"),
        "r": ("2.6 Oslo 5 2", "beside 6", "Paris, 2.0", "Bonn of de", "400 km from Paris"),
        "both": ("'4'", "'4 Paris'"),
    }.get(name, (name,))
    assert [each for each in expected if each not in shown] == []


@needs_r
@pytest.mark.parametrize("name", ["python", "r"])
def test_what_a_variable_is_instead_is_said(run: Callable[[str], tuple[Any, Any]], name: str) -> None:
    shown = [one for each in run(name)[1].cells if each.cell_type == "code" for one in outputs(each)]
    said = "".join(one[1] for one in shown if is_note(one))
    assert "city is Paris here; the variable city of this notebook, Oslo, is another thing\n" in said
    assert "n is 3 here; the variable n of this notebook, 5, is another thing\n" in said
    hint = "hint: parameters have the values of the cell that is tagged so: run it again, and the one below it\n"
    assert hint in said


def test_a_name_that_means_something_else_to_python_is_given_back(root: Path) -> None:
    built = nbformat.read(root / "build/notebooks/python.ipynb", as_version=4)
    assert [each.id for each in built.cells][:3] == ["about", "parameters", "coursewright"]
    assert cell(built, "coursewright").source == (
        "%load_ext coursewright\n%page python.md city n round rate max land own town --hide 'round max'"
    )
    each = nbformat.read(root / "build/notebooks/Bonn.ipynb", as_version=4)
    assert cell(each, "coursewright").source.endswith("\n%page each.md town id part --hide id")


@pytest.fixture
def magic(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PageMagic]:
    """`%page` in a notebook of its own beside the others."""
    monkeypatch.chdir(root / "build/notebooks")
    session.cache_clear()
    yield PageMagic({"In": [""], "own": 4, "land": "de", "town": "Bonn", "round": 2, "max": 1})
    session().close()
    session.cache_clear()


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"own": 9}, "error: own cannot be 9\n"),
        ({"land": "fr"}, "error: town cannot be Bonn when land = fr\n"),
        ({"own": None}, "error: own is a whole number, not None\n"),
        ({"own": "4"}, "error: own is a whole number, not '4'\n"),
        ({"own": [4]}, "error: own is a list, and a parameter is a number, a text or a date\n  --> cell 0:1, %page\n"),
    ],
)
def test_a_value_that_the_page_does_not_allow_fails_where_it_is_taken(
    magic: PageMagic, variables: dict[str, Any], said: str
) -> None:
    magic.variables |= variables
    with pytest.raises(CellProblem) as caught:
        magic("python.md own land town")
    assert str(caught.value).startswith(said)


def test_what_is_wrong_with_the_line_is_said(magic: PageMagic) -> None:
    hint = "hint: run the cell above, which gives it one"
    for line, said in [
        ("python.md year", f"error: the parameter year has no value\n  --> cell 0:1, %page\n{hint}"),
        ("python.md 'own", "error: cannot read the line: No closing quotation\n  --> cell 0:1, %page\n"),
        ("python.md --hid own", 'error: no option called "hid"\n'),
    ]:
        with pytest.raises(CellProblem) as caught:
            magic(line)
        assert str(caught.value).startswith(said)


def test_what_was_hidden_keeps_its_value_and_a_form_gives_it_another(magic: PageMagic) -> None:
    for _ in range(2):  # to run the cell again is no problem
        magic("python.md own round max --hide 'round max'")
        assert not {"round", "max"} & magic.variables.keys()
    session().let(magic.variables, "round", 5)
    session().let(magic.variables, "own", 5)
    assert "round" not in magic.variables
    now = session().materials(magic.variables, "").parameters
    assert (now["round"], now["own"], now["max"], now["city"]) == (5, 5, 1, "Paris")


@needs_r
def test_in_r_values_are_checked_where_they_are_taken(
    root: Path,
    r_library: Path,  # noqa: F811 - the fixture
    tmp_path: Path,
) -> None:
    tried = [
        "own <- 9L; at_page('r.md', 'own')",
        "own <- 4L; town <- 'Bonn'; land <- 'fr'; at_page('r.md', 'own', 'town', 'land')",
        "own <- c(4, 5); at_page('r.md', 'own')",
        "at_page('r.md', 'nobody')",
        "directive('form', 'own')",
        "own <- 5; land <- 'de'; at_page('r.md', 'own', 'land', 'town'); form(names = 'own')",
        "own <- as.Date('2020-01-01'); at_page('r.md', 'own')",
        "own <- 4; directive('tell', content = ':rows: towns\n\n{{ own }} #town#\n')",
    ]
    code = "library(coursewright)\nsetwd(where)\n" + "\n".join(
        f"tryCatch({{{each}}}, error = function(e) cat(conditionMessage(e), sep = '\n'))" for each in tried
    )
    done = run_r(f"where <- '{root / 'build/notebooks'}'\n{code}", r_library, tmp_path)
    assert done.returncode == 0, done.stderr
    for said in [
        "own cannot be 9\n",
        "town cannot be Bonn when land = fr\n",
        "own is of the kind numeric, and a parameter is one number, text or date\n",
        "the parameter nobody has no value\n",
        "own is a whole number, not datetime.date(2020, 1, 1)\n",
        "own: 5\n",
    ]:
        assert said in done.stdout
