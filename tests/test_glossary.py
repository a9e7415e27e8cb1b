"""Terms that a glossary explains, and links that lead to what they mean."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from coursewright.courses import build, check, open_course
from coursewright.errors import SeveralProblems
from coursewright.sites.references.paths import page_file

GLOSSARY = """---
glossary: true
---
# Words

Lap
: Once around the *circuit*, "from"
  line to line.

Pit stop & *more*
: Where tyres are changed.

> Zoë's `grid`
>
> : The order at the start.
> : A second meaning.
"""
PAGE = """# A

[laps](term:lap), [](term:Lap), [](<term:pit stop & more>) [p](term:pit-stop--more "mine") and [g][].

[g]: term:zo%C3%ABs-grid

| a |
|---|
| x\\|y [lap](term:LAP) |
"""


def written(root: Path, name: str = "index") -> tuple[str, str]:
    """The HTML and the Markdown of a page."""
    build(open_course(root))
    site, gfm = root / "build/site" / f"{name}.html", root / "build/markdown" / page_file(name, ".md", "README")
    return site.read_text(encoding="utf-8"), gfm.read_text(encoding="utf-8")


def problems(root: Path) -> list[str]:
    """What is wrong with a course."""
    return [str(SeveralProblems([each])).replace(f"{root}/", "") for each in check(root)]


def test_a_link_leads_to_what_a_term_means_and_says_it(make_course: Any) -> None:
    root = make_course({"pages/index.md": PAGE, "pages/more/words.md": GLOSSARY})
    site, gfm = written(root)
    meaning = "Once around the circuit, &quot;from&quot; line to line."
    href = 'href="more/words.html#term:lap"'
    assert f'<a title="{meaning}" {href}>laps</a>, <a title="{meaning}" {href}>Lap</a>' in site
    assert 'href="more/words.html#term:pit-stop--more">Pit stop &amp; more</a> ' in site
    assert '<a title="mine" href="more/words.html#term:pit-stop--more">p</a>' in site
    assert 'title="The order at the start." href="more/words.html#term:zo%C3%ABs-grid">g</a>' in site
    assert f'[laps](more/words.md#term:lap "{meaning}"), [Lap](more/words.md#term:lap "{meaning}"), ' in gfm
    assert '[Pit stop &amp; more](more/words.md#term:pit-stop--more "Where tyres are changed.") ' in gfm
    assert '[p](more/words.md#term:pit-stop--more "mine") and [g][].\n\n[g]: more/words.md#term:zoës-grid\n' in gfm
    assert f'| x\\|y [lap](more/words.md#term:lap "{meaning}") |' in gfm
    site, gfm = written(root, "more/words")
    assert '<dt id="term:lap">Lap</dt>' in site
    assert '<dt id="term:zoës-grid">' in site
    assert '\n<a id="term:lap"></a>Lap\n: Once around the *circuit*' in gfm
    assert '\n> <a id="term:zoës-grid"></a>Zoë\'s `grid`\n>\n> : The order' in gfm


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            {"pages/index.md": "# A\n\n[x](term:lapp)\n", "pages/g.md": GLOSSARY},
            'error: no term called "lapp"\n  --> pages/index.md:3\n'
            'hint: did you mean "lap"? Available: lap, pit stop & more, zoë\'s grid',
        ),
        (
            {"pages/index.md": "# A\n\n[x](term:lap)\n", "pages/g.md": GLOSSARY.replace("glossary: true", "order: 1")},
            'error: no term called "lap"\n  --> pages/index.md:3\n'
            "hint: explain it on a page with glossary: true in its front matter: the term on one line, and "
            '": what it means" on the next',
        ),
        (
            {"pages/index.md": "# A\n", "pages/g.md": GLOSSARY, "pages/h.md": "---\nglossary: yes\n---\nLAP\n: x\n"},
            'error: the term "Lap" is explained already\n  --> pages/h.md:4, LAP\n'
            "hint: keep one of them; the other is in g.md, line 6",
        ),
        (
            {"pages/index.md": "# A\n\n[x](term:lap)\n", "pages/term.md": GLOSSARY},
            'error: term.md has no page for "lap"\n  --> pages/index.md:3\n'
            "hint: term.md is one page: link to it by its file",
        ),
    ],
)
def test_a_term_that_is_not_there_or_there_twice_is_a_problem(make_course: Any, files: Any, said: str) -> None:
    assert problems(make_course(files)) == [said]


def test_another_meaning_is_told_wherever_the_term_stands(make_course: Any) -> None:
    root = make_course({"pages/index.md": "# A\n\n[x](term:lap)\n", "pages/g.md": GLOSSARY})
    assert "Once around" in written(root)[0]
    (root / "pages/g.md").write_text(GLOSSARY.replace("Once around", "One turn of"), encoding="utf-8")
    assert 'title="One turn of the circuit' in written(root)[0]


def test_a_long_meaning_is_cut_at_a_word(make_course: Any) -> None:
    page = f"---\nglossary: true\n---\n# G\n\n[](term:a)\n\nA\n: {'word ' * 100}\n"
    page += "\nB\n: One. Two, as [](#g) says. Three.\n\n[](term:b)\n"
    site, _ = written(make_course({"pages/index.md": page}))
    assert 'title="One."' in site
    assert f'title="{"word " * 38}word …"' in site
    assert 'href="#term:a"' in site


def test_the_example_of_the_guide_is_right(make_course: Any) -> None:
    guide = (Path(__file__).parents[1] / "docs/guides/writing-pages.md").read_text(encoding="utf-8")
    glossary, page = guide.split("## Terms")[1].split("```markdown\n")[1:3]
    files = {"pages/glossary.md": glossary.split("```")[0], "pages/index.md": f"# A\n\n{page.split('```')[0]}"}
    site, _ = written(make_course(files))
    assert site.count('href="glossary.html#term:grid"') == 2
