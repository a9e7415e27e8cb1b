"""Sites: links lead where their authors meant, in every format, and pictures and downloads go along."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from coursewright.courses import build, check, open_course
from coursewright.errors import CoursewrightError, SeveralProblems
from coursewright.sites import Entry, Index
from coursewright.sites.around.navigation import around
from coursewright.sites.references.paths import page_file

CITIES = (
    "---\ntitle: '{{ fruit }} of {{ year }}'\n"
    "for_each: SELECT DISTINCT fruit, year FROM sales ORDER BY year, fruit\nname: '{{ fruit }}-{{ year }}'\n---\n"
)


def written(root: Path, name: str = "index") -> tuple[str, str]:
    """The HTML and the Markdown of a page."""
    build(open_course(root))
    site, gfm = root / "build/site" / f"{name}.html", root / "build/markdown" / page_file(name, ".md", "README")
    return site.read_text(encoding="utf-8"), gfm.read_text(encoding="utf-8")


def problems(root: Path) -> list[str]:
    """What is wrong, as `build` says it and as `check` does."""
    with pytest.raises(SeveralProblems) as raised:
        build(open_course(root))
    assert check(root) == list(raised.value.problems)
    return [str(type(raised.value)([problem])).replace(f"{root}/", "") for problem in raised.value.problems]


@pytest.mark.parametrize(
    ("link", "html", "gfm"),
    [
        ("[B](b.md)", '<a href="b.html">B</a>', "[B](b.md)"),
        ("[B](<b.md> 'T')", '<a href="b.html" title="T">B</a>', "[B](b.md 'T')"),
        ("[B](b.md#two-words)", '<a href="b.html#two-words">B</a>', "[B](b.md#two-words)"),
        ("[B](b.html)", '<a href="b.html">B</a>', "[B](b.md)"),
        ("[B](page:bee)", '<a href="b.html">B</a>', "[B](b.md)"),
        ("[](b.md)", '<a href="b.html">Bee</a>', "[Bee](b.md)"),
        ("[C](more/c.md)", '<a href="more/c.html">C</a>', "[C](more/c.md)"),
        ("[more](more/)", '<a href="more/index.html">more</a>', "[more](more/README.md)"),
        ("[A](fruit:apple-2023)", '<a href="apple-2023.html">A</a>', "[A](apple-2023.md)"),
        ("[](fruit:pear-2024)", '<a href="pear-2024.html">pear of 2024</a>', "[pear of 2024](pear-2024.md)"),
        ("[A](fruit:apple-{{ year }})", '<a href="apple-2024.html">A</a>', "[A](apple-2024.md)"),
        ("[D][d]\n\n[d]: b.md 'T'", '<a href="b.html" title="T">D</a>', "[D][d]\n\n[d]: b.md 'T'"),
        ("[D]\n\n[D]: <page:bee>", '<a href="b.html">D</a>', "[D]\n\n[D]: b.md"),
        ("> - a [B](page:bee)", '<a href="b.html">B</a>', "> - a [B](b.md)"),
        ("| x\\|y [B](page:bee) |\n| - |\n| [A](fruit:apple-2023) |", '<a href="b.html">B</a>', "| x\\|y [B](b.md) |"),
        ("`[B](page:bee)` [B](page:bee)", '<a href="b.html">B</a>', "`[B](page:bee)` [B](b.md)"),
        ("[B](page:bee) `[B](page:bee)`", '<a href="b.html">B</a>', "[B](b.md) `[B](page:bee)`"),
        ('<a href="page:bee">B</a>', '<a href="b.html">B</a>', '<a href="b.md">B</a>'),
        ('<div>\n<a href=\'page:bee\'>B</a>\n</div>', "<a href='b.html'>B</a>", "<a href='b.md'>B</a>"),
        ("![a map](map.png)", '<img src="map.png" alt="a map"', "![a map](map.png)"),
        ("![a map](../data/my%20map.png)", '<img src="data/my%20map.png" alt="a map"', "![a map](data/my%20map.png)"),
        ("[rows](../data/sales.csv)", '<a href="data/sales.csv">rows</a>', "[rows](data/sales.csv)"),
        ("[![m](map.png)](b.md)", '<a href="b.html"><img src="map.png" alt="m"', "[![m](map.png)](b.md)"),
        ("[x](https://example.org/b.md)", '<a href="https://example.org/b.md">', "[x](https://example.org/b.md)"),
        ("[x](mailto:a@example.org)", '<a href="mailto:a@example.org">', "[x](mailto:a@example.org)"),
        ("[x](#) [y](zoommtg://x?y:z)", '<a href="#">x</a> <a href="zoommtg://x?y:z">', "[x](#) [y](zoommtg://x?y:z)"),
        ("[x](more%20of/d.md) [](more%20of/many:Ko%3Fln)", '<a href="more%20of/Ko-ln.html">', "(more%20of/Ko-ln.md)"),
        ("[x](#here)\n\n## Here", '<a href="#here">x</a>', "[x](#here)"),
    ],
)  # fmt: skip
def test_a_link_leads_where_it_says(make_course: Any, link: str, html: str, gfm: str) -> None:
    files = {
        "pages/index.md": f"# A\n\n{link}\n",
        "pages/b.md": "# Bee\n\n## Two words\n",
        "pages/more/index.md": "# More\n",
        "pages/more/c.md": "# C\n\n[up](../b.md) ![m](../map.png)\n",
        "pages/fruit.md": f"{CITIES}\n# {{{{ fruit }}}}\n\n[first](index.md)\n",
        "pages/more of/d.md": "# D\n",
        "pages/more of/many.md": "---\nfor_each: SELECT 'Ko?ln' AS n\nname: '{{ n }}'\n---\n# {{ n }}\n",
        "pages/map.png": "png",
        "data/my map.png": "png",
    }
    root = make_course(files)
    site, text = written(root)
    assert html in site
    assert gfm in text
    below_site, below_text = written(root, "more/c")
    assert '<a href="../b.html">up</a> <img src="../map.png" alt="m"' in below_site
    assert "[up](../b.md) ![m](../map.png)" in below_text
    for form in ("site", "markdown"):
        assert (root / "build" / form / "map.png").exists() == ("map.png" in link or form != "")
        if "data/" in link:
            assert any((root / "build" / form / "data").iterdir())


BESIDE = "Available: b.md, fruit.md, index.md"
KEYS = "Available: apple-2023, apple-2024, pear-2023, pear-2024"
TITLES = "Available: A, Bee, apple of 2023, apple of 2024, pear of 2023, pear of 2024"


@pytest.mark.parametrize(
    ("link", "message", "hint"),
    [
        ("[B](bb.md)", 'no page or file "bb.md"', f'did you mean "b.md"? {BESIDE}'),
        ("![B](m.png)", 'no picture "m.png"', BESIDE),
        ("![B](b.md)", '"b.md" is a page, not a picture', "leave out the ! to link to it"),
        ("[B](b.md#nowhere)", 'no heading or name "#nowhere" in b.md', "Available: bee, two-words"),
        ("[B](#b)", 'no heading or name "#b" in index.md', "Available: a"),
        ("[B](fruit.md)", "fruit.md makes 4 pages", "say which one, such as fruit:apple-2023"),
        ("[B](fruit:aple-2023)", 'fruit.md has no page for "aple-2023"', f'did you mean "apple-2023"? {KEYS}'),
        ("[B](froot:x)", 'no page called "froot"', 'did you mean "fruit"? Available: b, fruit, index'),
        ("[B](b:x)", 'b.md has no page for "x"', "b.md is one page: link to it by its file"),
        ("[B](page:Beee)", 'no page has the title "Beee"', f'did you mean "Bee"? {TITLES}'),
        (
            "[B](/b.md)",
            '"/b.md" begins at the root of the web server',
            "write it as seen from this page, such as b.md: a site may live in a folder",
        ),
        (
            "[B](../../b.md)",
            '"../../b.md" is outside the course',
            "copy it into the course, beside this page or into data/",
        ),
        ("[B](../.env)", '"../.env" is not published', "hidden files and build/ stay at home"),
        ('<img alt="x" src="m.png">', 'no page or file "m.png"', BESIDE),
    ],
)
def test_a_link_that_leads_nowhere_is_a_problem(make_course: Any, link: str, message: str, hint: str) -> None:
    files = {
        "pages/index.md": f"# A\n\n{link}\n",
        "pages/b.md": "# Bee\n\n## Two words\n",
        "pages/fruit.md": f"{CITIES}\n# {{{{ fruit }}}}\n",
        ".env": "SECRET=1",
    }
    assert problems(make_course(files)) == [f"error: {message}\n  --> pages/index.md:3\nhint: {hint}"]


def test_a_definition_that_leads_nowhere_is_named_where_it_stands(make_course: Any) -> None:
    root = make_course({"pages/index.md": "# A\n\n[B]\n\n[B]: bb.md\n"})
    assert 'error: no page or file "bb.md"\n  --> pages/index.md:5\nhint: Available: index.md' in problems(root)


def test_a_picture_that_keeps_readers_waiting_is_a_problem(make_course: Any) -> None:
    root = make_course({"pages/index.md": "# A\n\n![x](x.png)\n"})
    with (root / "pages/x.png").open("wb") as file:
        file.truncate(80_000_000)
    assert problems(root) == [
        'error: the picture "x.png" has 80 MB\n  --> pages/index.md:3\n'
        "hint: make it smaller: readers would wait; 20 MB is the most"
    ]


def test_a_link_out_of_the_course_by_a_symbolic_link_is_a_problem(make_course: Any, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    root = make_course({"pages/index.md": "# A\n\n[x](x.txt)\n"})
    (root / "pages/x.txt").symlink_to(tmp_path / "secret.txt")
    assert problems(root)[0].startswith('error: "x.txt" is outside the course\n')


@pytest.mark.parametrize(
    ("file", "owner"),
    [
        ("a.html", "what pages/a.md gives"),
        ("STYLE.css", "what every site has"),
        ("favicon.svg", "what every site has"),
        ("index/sales.svg", "what pages/index.md gives"),
    ],
)
def test_two_things_never_share_a_file(make_course: Any, file: str, owner: str) -> None:
    figure = "from coursewright.figures import Figure\n\ndef draw():\n    return Figure('<svg></svg>', 'S')\n"
    page = f"# Home\n\n![mine]({file})\n\n```{{figure}} sales\n```\n"
    mine = {f"pages/{file}": "mine", "figures/sales.py": figure}
    root = make_course({"pages/index.md": page, "pages/a.md": "# A\n", **mine})
    with pytest.raises(CoursewrightError) as raised:
        build(open_course(root))
    assert str(raised.value) == (
        f'error: two things would be "{file}": {owner}, and the file pages/{file}\nhint: give one of them another name'
    )


def test_pages_come_in_the_order_that_is_said(make_course: Any) -> None:
    course = '[course]\ntitle = "T"\n[site]\norder = ["z", "m"]\n'
    files = {
        "course.toml": course,
        "pages/a.md": "# A\n",
        "pages/b.md": "---\norder: 1\n---\n# B\n",
        "pages/index.md": "# I\n",
        "pages/m/x.md": "# X\n",
        "pages/z.md": "# Z\n",
        "pages/n/index.md": "# N\n",
    }
    root = make_course(files)
    assert build(open_course(root)).pages == ("z", "m/x", "index", "b", "a", "n/index")
    (root / "course.toml").write_text(course.replace('"m"', '"nn"'))
    assert problems(root) == [
        'error: no page or section called "nn"\n  --> course.toml:4, [site] order\n'
        'hint: did you mean "n"? Available: a, b, index, m, m/x, n, n/index, z'
    ]


def test_a_page_lists_what_is_near_and_no_more(make_course: Any) -> None:
    many = "---\nfor_each: SELECT range AS n FROM range(100)\nname: 'n-{{ n }}'\n---\n# Page {{ n }}\n"
    files = {
        "pages/index.md": "# Home\n",
        "pages/about.md": "# About\n",
        "pages/deep/index.md": "# Deep\n",
        "pages/deep/many.md": many,
        "pages/deep/one.md": "# One\n",
        "pages/other/x.md": "# X\n",
    }
    root = make_course(files)
    home, _ = written(root)
    inside, _ = written(root, "deep/n-7")
    assert [title in home for title in ("About", ">Deep<", ">One<", ">X<", "Page 1")] == [
        True,
        True,
        False,
        True,
        False,
    ]
    assert ">One<" in inside
    assert '<a rel="prev" href="n-6.html"><small>Previous</small> Page 6</a>' in inside
    assert '<a rel="next" href="n-8.html"><small>Next</small> Page 8</a>' in inside
    assert inside.count("Page ") < 8
    assert inside.count(">Deep</a>") == 2  # in the menu and in the trail
    assert 'class="trail"' not in home
    trail = inside[inside.index('class="trail"') : inside.index("<main")]
    assert trail.index('href="../index.html">Home') < trail.index('href="index.html">Deep')


def test_a_menu_of_very_many_pages_lists_those_around_the_reader() -> None:
    pages = [Entry(f"p{number:03}", f"p{number:03}.md", f"Page {number}") for number in range(100)]
    index = Index([Entry("index", "index.md", "Home"), *pages, Entry("more/index", "more/index.md", "More")])
    listed = [item.title for item in around(pages[50], index).menu]
    assert listed == ["Home", *(f"Page {number}" for number in range(40, 61)), "More"]
    at_the_end = [item.title for item in around(pages[99], index).menu]
    assert at_the_end == ["Home", *(f"Page {number}" for number in range(89, 100)), "More"]
    inside = around(index.by_address["more/index"], index).menu
    assert [item.title for item in inside if item.here] == ["More"]
    assert len(inside) == 12
    few = Index(pages[:60])
    assert len(around(pages[0], few).menu) == 60


def test_prose_alone_carries_nothing_out_again(make_course: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A directive is carried out again when what it read has changed, and not when the text around it has."""
    page = "# A\n\nText.\n\n```{table}\nSELECT fruit FROM sales WHERE year = :year\n```\n\n{{ other }}\n"
    course = (
        '[course]\ntitle = "T"\n[tables]\nsales = "data/sales.csv"\n[parameters]\nyear = 2023\nother = 1\nunused = 1\n'
    )
    root = make_course({"course.toml": course, "pages/index.md": page, "pages/b.md": "# B\n"})
    run = []
    from coursewright.pages.directives import table

    original = table.run
    monkeypatch.setattr(table, "run", lambda *given: run.append(1) or original(*given))
    build(open_course(root))
    assert len(run) == 1
    changes = [
        ("pages/index.md", page.replace("Text.", "More text.\n\nAnd more."), 1, 0),
        ("course.toml", course.replace("[tables]", "# a comment\n[tables]"), 0, 0),
        ("course.toml", course.replace("unused = 1", "unused = 2"), 0, 0),
        ("course.toml", course.replace("other = 1", "other = 2"), 1, 0),
        ("course.toml", course.replace("year = 2023", "year = 2024"), 1, 1),
        ("data/sales.csv", "year,fruit\n2024,fig\n", 1, 1),
    ]
    for name, text, executed, carried_out in changes:
        (root / name).write_text(text)
        run.clear()
        assert (build(open_course(root)).executed, len(run)) == (executed, carried_out), (name, text)
    assert "fig" in (root / "build/site/index.html").read_text()


def test_another_title_is_told_wherever_it_stands(make_course: Any) -> None:
    root = make_course({"pages/index.md": "# Home\n\n[](b.md)\n", "pages/b.md": "# Bee\n"})
    assert ">Bee</a>" in written(root)[0]
    (root / "pages/b.md").write_text("# Wasp\n")
    site, gfm = written(root)
    assert site.count("Bee") == 0
    assert "[Wasp](b.md)" in gfm


LINKED = (
    "# A\n\n```{table}\n:link: fruit = fruit, t = fruit\n:hide: year\n"
    "SELECT fruit, 2024 AS year, tonnes AS t FROM sales WHERE year = 2024\nUNION ALL SELECT 'fig', 2024, 1\n"
    "UNION ALL SELECT NULL, 2024, 2 ORDER BY ALL NULLS LAST\n```\n"
)


def test_cells_lead_to_the_page_of_their_row(make_course: Any) -> None:
    root = make_course({"pages/index.md": LINKED, "pages/fruit.md": f"{CITIES}\n# {{{{ fruit }}}}\n"})
    site, gfm = written(root)
    assert '<tr><td><a href="apple-2024.html">apple</a></td><td class="number"><a href="apple-2024.html">12</a>' in site
    assert '<tr><td>fig</td><td class="number">1</td></tr>' in site  # it has no page
    assert gfm.endswith(
        "| fruit | t |\n| --- | ---: |\n| [apple](apple-2024.md) | [12](apple-2024.md) |\n| fig | 1 |\n"
        "| [pear](pear-2024.md) |  |\n|  | 2 |\n"
    )


def test_the_page_of_a_row_may_be_in_any_section_as_for_links(make_course: Any) -> None:
    root = make_course({"pages/index.md": LINKED, "pages/a [b]/c/fruit.md": f"{CITIES}\n# {{{{ fruit }}}}\n"})
    assert '<tr><td><a href="a%20%5Bb%5D/c/apple-2024.html">apple</a></td>' in written(root)[0]


@pytest.mark.parametrize(
    ("old", "new", "message", "line"),
    [
        ("fruit = fruit,", "fruit,", '"fruit" is no link', 4),
        ("fruit = fruit,", "fruits = fruit,", 'no column called "fruits"', 4),
        ("fruit = fruit,", "fruit = froot,", 'no page called "froot"', 3),
        ("fruit = fruit,", "fruit = index,", "index.md makes one page, whatever the row", 4),
        (":hide: year", ":hide: yaer", 'no column called "yaer"', 5),
        ("2024 AS year", "2024 AS years", 'no column called "year"', 4),
        ("2024 AS year", "1999 AS year", 'fruit.md has no page for "apple-1999"', 3),
    ],
)
def test_a_link_of_cells_that_cannot_lead_anywhere_is_a_problem(
    make_course: Any, old: str, new: str, message: str, line: int
) -> None:
    page = LINKED.replace(old, new).replace("UNION ALL SELECT 'fig', 2024, 1\n", "")
    page = page.replace(":hide: year\n", "") if "years" in new else page
    course = '[course]\ntitle = "T"\n[tables]\nsales = "data/sales.csv"\n'
    root = make_course(
        {"course.toml": course, "pages/index.md": page, "pages/fruit.md": f"{CITIES}\n# {{{{ fruit }}}}\n"}
    )
    assert problems(root)[0].startswith(f"error: {message}\n  --> pages/index.md:{line}")


def test_the_pages_of_a_file_or_a_section_are_listed(make_course: Any) -> None:
    files = {
        "pages/index.md": "# Home\n\n```{pages} fruit\n```\n\n- ```{pages} more\n  ```\n",
        "pages/fruit.md": f"{CITIES}\n# {{{{ fruit }}}}\n".replace("title:", "description: The {{ fruit }}*\ntitle:"),
        "pages/more/index.md": "# More\n\n```{pages} more\n```\n",
        "pages/more/x.md": "# X & Y\n",
    }
    site, gfm = written(make_course(files))
    assert '<li><a href="pear-2024.html">pear of 2024</a>: The pear*</li>' in site
    assert "- [apple of 2023](apple-2023.md): The apple\\*\n- [pear of 2023](pear-2023.md)" in gfm
    assert "- - [More](more/README.md)\n  - [X &amp; Y](more/x.md)" in gfm
    inside, _ = written(make_course(files), "more/index")
    assert inside.count("X &amp; Y") == 3  # in the menu, in the list, and the page after
    root = make_course({**files, "pages/index.md": "# Home\n\n```{pages} froot\n```\n\n```{pages}\n```\n"})
    assert problems(root) == [
        "error: which pages?\n  --> pages/index.md:6, {pages}\n"
        "hint: write the name of a file of pages/ with for_each, or of a section, after {pages}",
        'error: no page or section called "froot"\n  --> pages/index.md:3\n'
        'hint: did you mean "fruit"? Available: fruit, index, more, more/index, more/x, x',
    ]
    root = make_course({"pages/index.md": "# Home\n\n```{pages} froot\n```\n"})
    assert problems(root) == [
        'error: no page or section called "froot"\n  --> pages/index.md:3\n'
        'hint: did you mean "fruit"? Available: fruit, index, more, more/index, more/x, x'
    ]
