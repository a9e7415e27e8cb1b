"""Pages that include other files: as if it was written there, and every problem where it was written."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursewright.courses import build, check, open_course
from coursewright.errors import SeveralProblems
from coursewright.pages.text.including import Including
from coursewright.sites.references.paths import page_file

PAGE = """---
title: Fruit
---
# Fruit

Before.
```{include} ../parts/table.md
```
After [](#sold) in {{ year }}.

- a
- ```{include} ../parts/list.md
  ```
  end

> ```{include} ../parts/more/deep.md
> ```

````markdown
```{include} nowhere.md
```
````
"""
FILES = {
    "pages/index.md": PAGE,
    "pages/b.md": "# B\n",
    "parts/table.md": "---\norder: 3\n---\n\n## Sold\n\n```{table} sales\n:caption: In {{ year }}\n:limit: 1\n```\n\n",
    "parts/list.md": "x [B](b.md)\n\n- y\n",
    "parts/more/deep.md": "Deep.\n\n```{include} ../list.md\n```\n",
}


def written(root: Path, name: str = "index") -> tuple[str, str]:
    """The HTML and the Markdown of a page."""
    build(open_course(root))
    site, gfm = root / "build/site" / f"{name}.html", root / "build/markdown" / page_file(name, ".md", "README")
    return site.read_text(encoding="utf-8"), gfm.read_text(encoding="utf-8")


def problems(root: Path) -> list[str]:
    """What is wrong with a course."""
    return [str(SeveralProblems([each])).replace(f"{root}/", "") for each in check(root)]


def test_what_is_included_is_as_if_it_was_written_there(make_course: Any) -> None:
    root = make_course(FILES)
    site, gfm = written(root)
    assert '<h2 id="sold">Sold</h2>' in site
    assert 'After <a href="#sold">Sold</a> in 2024.' in site
    assert "<caption>In 2024</caption>" in site
    assert 'x <a href="b.html">B</a>' in site
    assert "\n```{include} nowhere.md\n```\n" in gfm
    assert gfm.startswith("# Fruit\n\nBefore.\n\n## Sold\n\n**In 2024**\n\n| year |")
    assert "\n\nAfter [Sold](#sold) in 2024.\n\n- a\n- x [B](b.md)\n\n  - y\n\n  end\n" in gfm
    assert "\n> Deep.\n>\n> x [B](b.md)\n>\n> - y\n" in gfm


def test_another_text_of_an_included_file_makes_the_page_anew(make_course: Any) -> None:
    root = make_course(FILES)
    build(open_course(root))
    assert build(open_course(root)).executed == 0
    (root / "parts/list.md").write_text("z\n")
    assert build(open_course(root)).executed == 1
    assert "Deep.\n>\n> z\n" in (root / "build/markdown/README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            {"parts/list.md": "x\n\n```{include} ../pages/index.md\n```\n"},
            "error: a circle of includes: pages/index.md → parts/list.md → pages/index.md\n"
            "  --> parts/list.md:3, {include}\nhint: take one of them out",
        ),
        (
            {"parts/list.md": "```{include} list.md\n```\n"},
            "error: a circle of includes: parts/list.md → parts/list.md\n"
            "  --> parts/list.md:1, {include}\nhint: take one of them out",
        ),
        (
            {"parts/list.md": "x\n```{include} lists.md\n```\n"},
            'error: no file "lists.md" to include\n  --> parts/list.md:2, {include}\n'
            'hint: did you mean "list.md"? Available: list.md, table.md',
        ),
        (
            {"parts/list.md": "```{include} ../../x.md\n```\n"},
            'error: "../../x.md" is outside the course\n  --> parts/list.md:1, {include}\n'
            "hint: copy it into the course",
        ),
        (
            {"parts/list.md": "\n```{include}\n```\n"},
            "error: which file?\n  --> parts/list.md:2, {include}\n"
            "hint: write its path after {include}, such as ../parts/licence.md",
        ),
        (
            {"parts/list.md": "x\n\n{{ yaer }}\n"},
            'error: no parameter called "yaer"\n  --> parts/list.md:3',
        ),
        (
            {"parts/list.md": "x\n\n[B](bb.md)\n"},
            'error: no page or file "bb.md"\n  --> parts/list.md:3\n'
            'hint: did you mean "b.md"? Available: b.md, index.md',
        ),
        (
            {"parts/table.md": "## Sold\n\n```{table}\nSELECT friut\nFROM sales\n```\n"},
            'error: SQL: no column called "friut"\n  --> parts/table.md:4',
        ),
        (
            {"parts/table.md": "## Sold\n\n:::{when} SELECT 1\nFROM sale\n\nx\n\n:::\n"},
            'error: SQL: no table called "sale"\n  --> parts/table.md:4',
        ),
        (
            {"parts/table.md": "## Sold\n\n[[x]]\n"},
            "error: links are not written in two brackets here\n  --> parts/table.md:3, [[x]]\n"
            "hint: write [text](page.md); to show it as it stands, write a backslash in front of it",
        ),
    ],
)
def test_what_is_wrong_is_named_where_it_was_written(make_course: Any, files: dict[str, str], said: str) -> None:
    assert problems(make_course({**FILES, **files}))[0].startswith(said)


def test_a_file_in_another_encoding_is_named(make_course: Any) -> None:
    root = make_course(FILES)
    (root / "parts/list.md").write_bytes(b"a\n\xe9\n")
    assert problems(root)[0].startswith("error: this file is not UTF-8 text\n  --> parts/list.md:2\n")


def test_terms_of_an_included_file_are_named_where_they_stand(make_course: Any) -> None:
    page = "---\nglossary: true\n---\n# G\n\n```{include} ../parts/g.md\n```\n"
    files = {"pages/index.md": page, "pages/h.md": page, "parts/g.md": "x\n\nLap\n: y\n"}
    assert problems(make_course(files)) == [
        'error: the term "Lap" is explained already\n  --> parts/g.md:3, Lap\n'
        "hint: keep one of them; the other is in index.md, line 3"
    ]


LINES = st.lists(
    st.sampled_from(["a", "b *c*", "", "- d", "  e", "> f", "", "```", "x", "```", "# g"]), min_size=1, max_size=8
)


@given(st.recursive(LINES.map("\n".join), lambda inner: st.lists(inner, min_size=1, max_size=3), max_leaves=6))
def test_a_text_in_parts_is_the_text_and_each_line_has_its_place(
    tmp_path_factory: pytest.TempPathFactory, text: Any
) -> None:
    folder = tmp_path_factory.mktemp("parts")
    numbers = itertools.count()

    def put(part: Any) -> Path:
        file = folder / f"{next(numbers)}.md"
        if isinstance(part, str):
            file.write_text(part, encoding="utf-8")
        else:
            names = [put(each).name for each in part]
            file.write_text("\n\n".join(f"```{{include}} {name}\n```" for name in names), encoding="utf-8")
        return file

    including = Including(folder)
    lines = including.lines((first := put(text)).read_text(encoding="utf-8"), first, 1)
    assert not including.problems
    for line, (file, number) in lines:
        written = file.read_text(encoding="utf-8").split("\n")[number - 1]
        assert line == written or (not line and written.startswith("```{include}"))
    leaves = " ".join(
        each.read_text(encoding="utf-8") for each in sorted(folder.glob("*.md"), key=lambda f: int(f.stem))
    )
    told = [line for line in leaves.replace("{include}", "\n").split() if not re.fullmatch(r"\d+\.md|```", line)]
    assert [word for line, _ in lines for word in line.split() if word != "```"] == told
