"""Patterns that would keep a page busy for ever are refused where a question is read; harmless ones are not."""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product
from math import inf
from pathlib import Path

import pytest

from coursewright.errors import CoursewrightError
from coursewright.questions import read_question
from coursewright.questions.drawing.variants import Drawing
from coursewright.questions.kinds.text import Text, TextAnswer
from coursewright.questions.marking.ambiguity import steps
from coursewright.questions.marking.marks import mark_part
from coursewright.questions.marking.pattern import LONGEST, NoPattern, spelt
from pages import data_of, marked_by_the_page
from variants import MARKED

ROOT = Path(__file__).parent.parent
SLOW = (
    "(a+)+b", r"(\w|\d)*x", "(a*)*", "(a|a)*", "(a|aa)+", "(a?){30}a{30}", r"(\w+\s*)+", r"(\w+ ?)*", "(.*)*",
    "(a?b?)*", "(x+x+)+y", r"([a-z]+)*\d", r"(?=(a+)+b)\w", "(a|b|ab)*c", "((ab)*)*", r"(\d+,?)+", "(.*a){20}",
    "(a+){12}b", r"(é|\w)*z", "([^,]*,?)*;", r"(.|\s)*x", r"(\S+|\s+)+\S", r"(\w{1,10} ?){10}", r"(?:\w+-?)+",
    "(a|a)" * 35, ".*.*.*.*x", r"\w*\w*\w*\w*x", r"(?:(?!(?:.*)*x)a)*", r"(a|\x61)+", "(a{0,30}){30}", "((a{1,5})+,)*",
    "(a+b?)+c", "(a|b?)+(a|b?)+(a|b?)+(a|b?)+c",
)  # fmt: skip
HARMLESS = (
    "colou?r", r"\w+", ".*foo.*", ".*mitosis.*meiosis.*cell.*", r"(\w+ )*\w+", r"\w+( \w+)*", r"[+-]?\d+([.,]\d+)?",
    "(ab|cd)+", "(a|b)*c", r"\d{1,3}(,\d{3})*", "(the )?(big |small )?cat", r".*\bcat\b.*", "(?!.*not).*",
    "(?=.*a)(?=.*b)(?=.*c)(?=.*d).*", "[a-z]{2,20}", "(?:(?!foo).)*", r"\s*x\s*=\s*4\s*", r"(\d+, )*\d+", ".*a.*b",
    "x" * 400, "(a{1,3}){2}", r"(\d{1,3}\.){3}\d{1,3}", "a?b?c?d", ".*photo.*synth.*light.*dioxide.*", r"\d+\s*\w+",
    r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", r"[\w.+-]+@[\w-]+(\.[\w-]+)+", "(a|e|i)?o*u+", "(ab?)*", "(ab*)*", "a*b*c*",
    "((the|a) )?(quick )*fox(es)?", r"\$?\d+(\.\d\d)?", "(?:ha)+!*",
)  # fmt: skip


def texts_of(pattern: str) -> Iterator[str]:
    """Texts that lead an engine far into the pattern, and then fail."""
    signs = sorted(set(re.sub(r"\\.|[^\w ,.-]", "", pattern))) or ["a"]
    pieces = [*signs[:8], *re.findall(r"[a-z]{2,}", pattern)[:4], "ab", "a ", "1,", "a-"]
    for piece in pieces:
        yield (piece * LONGEST)[: LONGEST - 1] + "\N{SNOWMAN}"


@pytest.mark.parametrize("pattern", SLOW)
def test_a_pattern_that_may_take_for_ever_is_refused(pattern: str) -> None:
    with pytest.raises(NoPattern, match="for ever"):
        spelt(pattern, False)


def test_it_is_refused_with_its_place_and_a_remedy() -> None:
    text = "---\nkind: text\n---\n# Question\n\nWhat?\n\n# Answers\n\n- [x] aab\n- [x] /(a+)+b/\n"
    with pytest.raises(CoursewrightError) as error:
        Drawing(read_question(Path("q.md"), text), "0").variant("1")
    assert str(error.value) == (
        "error: this pattern may take for ever to find out that a text does not fit it\n"
        "  --> q.md:11\n"
        r"hint: repeat once what can be repeated in two ways: a+ for (a+)+, \w* for (\w|\d)*, \w+( \w+)* for (\w+ ?)*"
    )


def test_harmless_patterns_pass_and_take_no_time_in_the_page() -> None:
    tried = []
    for pattern in HARMLESS:
        part = Text(answers=(TextAnswer(text=pattern, shown="", regex=True),), case=True)
        assert spelt(pattern, True)
        tried += [{"parts": data_of((part,)), "response": text, "cloze": False} for text in texts_of(pattern)]
    assert len(tried) > 250
    try:
        marked_by_the_page([{**each, "attempt": 1} for each in tried])
    except subprocess.TimeoutExpired:  # pragma: no cover - so that it is seen which test it is
        pytest.fail("the page takes for ever")


def patterns_of_the_project() -> Iterator[str]:
    for part in (part for each in MARKED.values() for part in each.parts if isinstance(part, Text)):
        yield from (answer.text for answer in part.answers if answer.regex)
    for file in [*ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*/questions/*.md"), *ROOT.glob("tests/*.yaml")]:
        for found in re.finditer(r"^ *- (?:\[x\] )?/(.+)/$", file.read_text(encoding="utf-8"), re.MULTILINE):
            yield found[1]


def test_patterns_of_guide_and_bank_pass() -> None:
    patterns = list(patterns_of_the_project())
    assert len(patterns) >= 3
    for pattern in patterns:
        try:
            why = spelt(pattern, False)
        except NoPattern as error:
            why = str(error)
        assert "for ever" not in why, pattern


def test_a_pattern_is_tried_on_a_thousand_signs() -> None:
    part = Text(answers=(TextAnswer(text="a*", shown="a", regex=True), TextAnswer(text="b" * 2000, shown="b")))
    tried = [("a" * LONGEST, 1), ("a" * (LONGEST + 1), 0), ("\N{SNOWMAN}" * 2000, 0), ("b" * 2000, 1)]
    given = [{"parts": data_of((part,)), "response": text, "cloze": False, "attempt": 1} for text, _ in tried]
    assert [mark_part(part, text).fraction for text, _ in tried] == [fraction for _, fraction in tried]
    assert [each["fraction"] for each in marked_by_the_page(given)] == [fraction for _, fraction in tried]


WORDS = ("a", "b", "ab", "aab", "abb", "aabb")
LONGER = tuple("".join(word) for size in (2, 3, 4, 5) for word in product("ab", repeat=size))
Tree = tuple[str, tuple["Tree", ...] | str]


def grown(chance: random.Random, depth: int) -> Tree:
    """A small pattern of a and b, made by chance."""
    kind = chance.choice(("sign", "sign", "row", "either", "*", "+", "?") if depth else ("sign",))
    if kind == "sign":
        return ("sign", chance.choice(("a", "b", "[ab]")))
    return (kind, tuple(grown(chance, depth - 1) for _ in range(2 if kind in ("row", "either") else 1)))


def written(tree: Tree) -> str:
    kind, inner = tree
    if isinstance(inner, str):
        return inner
    return f"(?:{('|' if kind == 'either' else '').join(map(written, inner))}){kind if kind in '*+?' else ''}"


def work(tree: Tree, text: str) -> int:  # noqa: C901 - one branch for each kind of node
    """How many signs an engine that goes back looks at in a text that the pattern does not fit."""

    @cache
    def tried(tree: Tree, at: int) -> tuple[int, tuple[tuple[int, int], ...]]:
        """The signs looked at, and where and in how many ways the tree ends."""
        kind, inner = tree
        found: dict[int, int] = {}
        looked = 0

        def add(tree: Tree, at: int, times: int = 1) -> None:
            nonlocal looked
            more, ends = tried(tree, at)
            looked += more * times
            for end, count in ends:
                found[end] = found.get(end, 0) + count * times

        if isinstance(inner, str):
            return 1, ((at + 1, 1),) if at < len(text) and text[at] in inner.strip("[]") else ()
        if kind == "either":
            add(inner[0], at)
            add(inner[1], at)
            return looked, tuple(found.items())
        looked, ends = tried(inner[0], at)
        for middle, count in ends:
            if kind == "row":
                add(inner[1], middle, count)
            elif middle > at and kind in "*+":
                add(("*", inner), middle, count)
            elif middle > at or kind == "+":
                found[middle] = found.get(middle, 0) + count
        if kind in ("*", "?"):
            found[at] = found.get(at, 0) + 1
        return looked, tuple(found.items())

    return tried(tree, 0)[0]


def is_slow(tree: Tree, starts: Sequence[str]) -> bool:
    """Whether some text of twice the length takes more than a polynomial of a pattern this small could grow."""
    texts = [(start, word) for start in starts for word in WORDS]
    return any(work(tree, start + word * 40) > 600 * work(tree, start + word * 20) for start, word in texts)


def test_what_is_refused_is_what_takes_exponential_time() -> None:
    chance = random.Random("ambiguity")  # noqa: S311 - it chooses what to try
    trees = [grown(chance, 4) for _ in range(4000)]
    slow = [tree for tree in trees if steps(written(tree), LONGEST) == inf]
    fast = [tree for tree in trees if steps(written(tree), LONGEST) < inf and len(written(tree)) > 20]
    for tree in slow[:40]:
        assert is_slow(tree, ("", "a", "b")) or is_slow(tree, LONGER), written(tree)
    for tree in fast[:40]:
        assert not is_slow(tree, ("", "a", "b")), written(tree)
