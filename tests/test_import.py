"""Banks of questions that exist already: what of them arrives in question files, and what is said of the rest."""

from __future__ import annotations

import re
from base64 import b64encode
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import moodle_import
from coursewright.errors import CoursewrightError
from coursewright.questions import draw, read_question
from coursewright.questions.exporters import moodle
from coursewright.questions.importers import aiken, gift
from coursewright.questions.importers import moodle as moodle_importer
from coursewright.questions.importers._bank import Bank, Draft, read_bank
from coursewright.questions.importers._drafting.markdown import from_html, from_markdown, from_plain
from coursewright.questions.kinds.choice import Choice, Option
from coursewright.questions.marking.marks import mark
from coursewright.questions.question import Question
from coursewright.questions.writing.features import features
from coursewright.questions.writing.markup import MarkupDialect, html
from coursewright.questions.writing.prose import Prose, literal
from moodle_import import words
from test_moodle import ALL, CASES, EXPORTERS, QUIZ, SHOWN, same
from variants import variant

FILE = Path("bank.xml")
READERS = (moodle_importer, gift, aiken)


def question(draft: Draft) -> Question:
    return read_question(Path(f"{draft.name}.md"), draft.text)


def only(bank: Bank) -> Question:
    assert not bank.problems, bank.problems[0]
    (draft,) = bank.questions
    return question(draft)


def xml(inside: str, kind: str = "shortanswer", name: str = "A name") -> str:
    """A question of Moodle XML."""
    text = "<questiontext format='html'><text>Why?</text></questiontext>" if "<questiontext" not in inside else ""
    return f'<quiz><question type="{kind}"><name><text>{name}</text></name>{text}{inside}</question></quiz>'


def answer(text: str, fraction: float, more: str = "") -> str:
    return f'<answer fraction="{fraction}"><text>{text}</text>{more}</answer>'


PNG = b"\x89PNG\r\n\x1a\n and so on"


def shown(name: str, data: bytes, alt: str = "A dot") -> str:
    """The text of a question that shows a file."""
    text = f"&lt;img src='@@PLUGINFILE@@/{quote(name)}' alt='{alt}'&gt;"
    file = f'<file name="{escape(name)}" path="/" encoding="base64">{b64encode(data).decode()}</file>'
    return f"<questiontext><text>{text}</text>{file}</questiontext>"


def marks(asked: Question, gap: str = "") -> list[tuple[str, float]]:
    return [(each.text.markdown, each.mark or 0.0) for each in asked.answers[gap]]


# Round trips


@pytest.mark.parametrize(("name", "which"), [case for case in CASES if case[0] == "moodle" and case[1] != "cloze"])
def test_what_moodle_gets_comes_back_and_is_drawn_alike(name: str, which: str, tmp_path: Path) -> None:
    exporter, ending = EXPORTERS[name]
    exporter.write([exporter.item(ALL[which])], QUIZ, tmp_path)
    (draft,) = read_bank(tmp_path / f"sums.{ending}").questions
    for file in draft.files:
        (tmp_path / file.path).write_bytes(file.data)
    (drawn,) = draw(read_question(tmp_path / f"{draft.name}.md", draft.text), ["1"])
    assert drawn.variant is not None
    before, after = (
        moodle_import.read(f"<quiz>{moodle.item(each).body}</quiz>")[0] for each in (ALL[which], drawn.variant)
    )
    assert said(after) == said(before)
    assert [each.fraction for each in after.answers] == [each.fraction for each in before.answers]
    assert [gap.points for gap in after.gaps] == [gap.points for gap in before.gaps]
    assert (after.type, after.tags, after.units) == (before.type, before.tags, before.units)


def said(asked: moodle_import.Question) -> list[str]:
    texts = moodle_import.texts(asked)
    return ["".join(words(text).split()) for text in (texts[1:] if asked.gaps else texts)]


@pytest.mark.parametrize("which", [which for name, which in CASES if name == "gift"])
def test_what_gift_gets_comes_back(which: str, tmp_path: Path) -> None:
    for name, (exporter, _) in EXPORTERS.items():
        exporter.write([exporter.item(ALL[which])], msgspec.structs.replace(QUIZ, name=name), tmp_path)
    of_gift, of_moodle = (question(read_bank(tmp_path / name).questions[0]) for name in ("gift.gift", "moodle.xml"))
    assert of_gift.settings.kind == of_moodle.settings.kind
    assert of_gift.text.markdown == of_moodle.text.markdown
    assert of_gift.feedback.markdown == ("" if which == "passage" else of_moodle.feedback.markdown)
    assert of_gift.settings.tags == of_moodle.settings.tags
    for ours, theirs in zip(of_gift.answers.get("", ()), of_moodle.answers.get("", ()), strict=True):
        assert (ours.text.markdown, ours.mark) == (theirs.text.markdown, theirs.mark)
        assert [each.markdown for each in ours.feedback] == [each.markdown for each in theirs.feedback]


@given(SHOWN, SHOWN)
@settings(max_examples=60)
def test_any_text_comes_back_as_it_was(one: str, other: str) -> None:
    right = Option(text=literal(f"1{one}"), right=True, fraction=1.0, feedback=(literal(other),))
    wrong = Option(text=literal(f"2{other}"), right=False, fraction=0.0)
    each = variant("any", "choice", Choice(options=(right, wrong)), text=literal(one), title=other, hints=(), tries=1)
    for name in ("moodle", "gift"):
        exporter = EXPORTERS[name][0]
        body = exporter.item(each).body
        importer = moodle_importer if name == "moodle" else gift
        asked = only(importer.read(f"<quiz>{body}</quiz>" if name == "moodle" else body, FILE))
        assert same(read_as(asked.text.markdown), one)
        assert [same(read_as(answer.text.markdown), text) for answer, text in zip(asked.answers[""], (f"1{one}", f"2{other}"), strict=True)] == [True, True]  # fmt: skip  # noqa: E501 - one comparison
        assert same(read_as(asked.answers[""][0].feedback[0].markdown), other)


def read_as(markdown: str) -> str:
    """What a reader of the Markdown sees."""
    return words(html(Prose(markdown), MarkupDialect(maths=lambda tex, _: tex, medium=str)))


# What formats have


def test_one_of_several_right_options_is_enough() -> None:
    inside = "<single>true</single>" + answer("2", 100) + answer("3", 100) + answer("9", 0)
    asked = only(moodle_importer.read(xml(inside, "multichoice"), FILE))
    assert (asked.settings.kind, asked.own.any_right) == ("choice", True)
    assert marks(asked) == [("2", 1.0), ("3", 1.0), ("9", 0.0)]
    (drawn,) = draw(asked, ["1"])
    assert drawn.variant is not None
    (part,) = drawn.variant.parts
    assert isinstance(part, Choice)
    given = {each.text.markdown: mark(drawn.variant, at).fraction for at, each in enumerate(part.options)}
    assert given == {"2": 1.0, "3": 1.0, "9": 0.0}
    assert marks(only(gift.read("Prime? {=2 =3 ~9}", FILE))) == [("2", 1.0), ("3", 1.0), ("9", 0.0)]


def word(text: str, group: int, tag: str = "selectoption") -> str:
    return f"<{tag}><text>{text}</text><group>{group}</group></{tag}>"


def test_words_that_are_selected_are_menus_of_their_groups() -> None:
    text = "<questiontext><text>A [[1]] [[2]], a [[1]] &lt;b&gt;[[4]]&lt;/b&gt; [[ 1 ]].</text></questiontext>"
    words = word("cat", 1) + word("sat &amp; ran", 2) + word("mat", 1) + word("&lt;slept", 2)
    inside = f"{text}<defaultgrade>3</defaultgrade><shuffleanswers>0</shuffleanswers>{words}"
    asked = only(moodle_importer.read(xml(inside, "gapselect"), FILE))
    assert asked.text.gaps == ("gap1", "gap2", "gap3", "gap4")
    assert asked.settings.points == 3
    assert [marks(asked, gap) for gap in asked.text.gaps] == [
        [("cat", 1.0), ("mat", 0.0)],
        [("sat & ran", 1.0), ("\\<slept", 0.0)],
        [("cat", 1.0), ("mat", 0.0)],
        [("sat & ran", 0.0), ("\\<slept", 1.0)],
    ]
    assert asked.own.gaps["gap1"] == {"kind": "choice", "shuffle": "false"}


def test_words_that_are_dragged_are_menus_and_this_is_told() -> None:
    text = "<questiontext><text>A [[2]].</text></questiontext>"
    bank = moodle_importer.read(xml(text + word("cat", 1, "dragbox") + word("&lt;i&gt;dog&lt;/i&gt;", 1, "dragbox"), "ddwtos"), FILE)  # fmt: skip  # noqa: E501 - one question
    assert marks(question(bank.questions[0]), "gap1") == [("cat", 0.0), ("*dog*", 1.0)]
    assert [each.message for each in bank.problems] == [
        '"A name": words are chosen from menus, and not dragged into the text'
    ]


def test_a_description_is_a_text_to_read() -> None:
    text = (
        "<questiontext><text>&lt;p&gt;Once [[1]] {{ x }}&lt;/p&gt;</text></questiontext><defaultgrade>0</defaultgrade>"
    )
    asked = only(moodle_importer.read(xml(text, "description"), FILE))
    assert (asked.settings.kind, asked.text.markdown) == ("description", "Once \\[\\[1\\]\\] {{ x }}")
    (drawn,) = draw(asked, ["1"])
    assert drawn.variant is not None
    assert (drawn.variant.points, mark(drawn.variant, "a").points) == (0.0, 0.0)


BACK = [
    ("shortanswer", answer("*grey*", 100)),
    ("shortanswer", answer("gr*y", 50) + answer(r"a\*b [c]", 100) + answer("*", 0)),
    ("shortanswer", answer(r"5 \* *", 100) + "<usecase>1</usecase><penalty>0</penalty>"),
    ("ordering", f"<gradingtype>ALL_OR_NOTHING</gradingtype>{answer('a', 1)}{answer('b', 2)}<penalty>0.2</penalty>"),
    ("multichoice", f"<single>true</single>{answer('a', 100)}{answer('b', 100)}{answer('c', 0)}<penalty>1</penalty>"),
    ("description", "<questiontext><text>Once</text></questiontext>"),
    ("essay", "<graderinfo><text>Look</text></graderinfo>"),
    ("gapselect", f"<questiontext><text>[[1]]</text></questiontext>{word('a', 1)}{word('b', 1)}"),
]


@pytest.mark.parametrize(("kind", "inside"), BACK)
def test_what_came_from_moodle_goes_back_and_stays(kind: str, inside: str) -> None:
    """Export, import, export: what Moodle has the second time is what it had the first."""
    written = []
    text = xml(inside, kind)
    for _ in range(2):
        (draft,) = moodle_importer.read(text, FILE).questions
        (drawn,) = draw(question(draft), ["1"])
        assert drawn.variant is not None
        refused = [each for each in features(drawn.variant) if (it := moodle.LIMITS.get(each)) and it.refused]
        assert not refused
        written.append(moodle_import.read(f"<quiz>{moodle.item(drawn.variant).body}</quiz>")[0])
        text = f"<quiz>{moodle.item(drawn.variant).body.replace(' [a-name-1]', '')}</quiz>"
    for name in ("type", "text", "answers", "gaps", "after", "hints", "points", "tags"):
        assert getattr(written[1], name) == getattr(written[0], name), name
    assert written[1].fields.get("penalty") == written[0].fields.get("penalty")
    assert written[1].fields.get("gradingtype") == written[0].fields.get("gradingtype")


def test_the_stars_and_the_penalty_are_those_that_came() -> None:
    inside = answer("*grey*", 100) + answer(r"5 \* *", 50) + "<penalty>0.25</penalty>"
    asked = only(moodle_importer.read(xml(inside), FILE))
    (drawn,) = draw(asked, ["1"])
    assert drawn.variant is not None
    back = moodle_import.read(f"<quiz>{moodle.item(drawn.variant).body}</quiz>")[0]
    assert [(each.text, each.fraction) for each in back.answers] == [("grey", 1), ("*grey*", 1), (r"5 \* *", 0.5)]
    assert back.fields["penalty"] == "0.25"


@pytest.mark.parametrize(
    ("penalty", "hints", "cost"),
    [("0.3333333", 1, 1 / 3), ("0.3333333", 0, 0.3333333), ("0.5000000", 1, 0.5), ("0.0000000", 2, 0), ("1", 1, 1)],
)
def test_a_penalty_is_what_it_was_and_goes_back(penalty: str, hints: int, cost: float) -> None:
    """Moodle writes a third with seven digits: it is a third, and is written so again."""
    inside = answer("yes", 100) + f"<penalty>{penalty}</penalty>" + "<hint><text>Think</text></hint>" * hints
    (drawn,) = draw(only(moodle_importer.read(xml(inside), FILE)), ["1"])
    assert drawn.variant is not None
    assert drawn.variant.penalty == cost
    back = moodle_import.read(f"<quiz>{moodle.item(drawn.variant).body}</quiz>")[0]
    assert float(back.fields["penalty"]) == float(penalty)


def test_what_is_said_to_a_whole_response_is_told_of() -> None:
    kept = "<correctfeedback><text>Your answer is correct.</text></correctfeedback>"
    assert not moodle_importer.read(xml(kept, "essay"), FILE).problems
    own = "<incorrectfeedback><text>&lt;p&gt;Read page 3.&lt;/p&gt;</text></incorrectfeedback>"
    assert [each.message for each in moodle_importer.read(xml(own, "essay"), FILE).problems] == [
        '"A name": what is said to a right, a partly right or a wrong response as a whole is left out'
    ]


def test_a_wildcard_becomes_a_pattern_and_an_example() -> None:
    asked = only(moodle_importer.read(xml(answer("col*r", 100) + answer(r"5 \* 2", 50) + answer("*", 0)), FILE))
    assert marks(asked) == [("colr", 1.0), ("/col.*r/", 1.0), ("5 * 2", 0.5), ("/.*/", 0.0)]


def test_numbers_keep_their_tolerance_and_say_what_they_lose() -> None:
    inside = answer("3.5", 100, "<tolerance>0.1</tolerance>") + answer("4", 50, "<tolerance>1</tolerance>")
    bank = moodle_importer.read(xml(inside + answer("*", 0), "numerical"), FILE)
    asked = question(bank.questions[0])
    assert (asked.own.answer, asked.own.tolerance, marks(asked)) == ("3.5", "0.1", [("4", 0.5)])
    assert [each.message for each in bank.problems] == [
        '"A name": what is said to any other answer is left out',
        '"A name": all answers have the tolerance of the right one now, 0.1',
    ]


def test_numbers_near_an_answer_are_told_of() -> None:
    bank = gift.read("How many? {#=%50%1822:2#Near =1822:0#Yes =7:0}", FILE)
    assert marks(question(bank.questions[0])) == [("1822", 1.0), ("7", 1.0)]
    assert bank.problems[1].message == '"How many?": what a number near an answer brings is left out'


def units_of(bank_units: list[tuple[str, str]], more: str = "") -> tuple[Any, tuple[str, ...]]:
    listed = "".join(
        f"<unit><multiplier>{many}</multiplier><unit_name>{name}</unit_name></unit>" for name, many in bank_units
    )
    bank = moodle_importer.read(xml(f"{answer('5', 100)}<units>{listed}</units>{more}", "numerical"), FILE)
    own = question(bank.questions[0]).own if bank.questions else None
    return own, tuple(problem.message for problem in bank.problems)


def test_the_unit_of_the_answers_is_the_one_whose_multiplier_is_one() -> None:
    own, problems = units_of([("cm", "100"), ("m", "1"), ("mm", "1000")])
    assert (own.unit, own.units, problems) == ("m", ("cm", "mm"), ())
    own, problems = units_of([("kg", "1"), ("lb", "2.205")])
    assert (own.unit, own.units, problems) == ("kg", ("lb",), ())


def test_a_unit_that_counts_otherwise_in_the_bank_is_left_out() -> None:
    own, problems = units_of([("m", "1"), ("cm", "0.01"), ("mm", "1000")])
    assert (own.unit, own.units) == ("m", ("mm",))
    assert problems == ('"A name": there, 0.01 cm are one m; here it is 100, so it is left out',)
    own, problems = units_of([("cm", "100"), ("mm", "1000")])
    assert own is None
    assert problems == (
        '"A name" is left out: none of its units is that of its answers: each has another multiplier than 1',
    )


def test_what_a_wrong_unit_costs_is_told() -> None:
    graded = "<unitgradingtype>1</unitgradingtype><unitpenalty>{}</unitpenalty>"
    assert units_of([("m", "1")], graded.format("0.5"))[1] == (
        '"A name": a wrong unit costs all the points, and not 50%',
    )
    assert units_of([("m", "1")], graded.format("1"))[1] == ()


def test_units_that_nobody_can_convert_are_told_of() -> None:
    units = "".join(
        f"<unit><unit_name>{name}</unit_name><multiplier>{factor}</multiplier></unit>"
        for name, factor in (("m", 1), ("cm", 100), ("€", 2), ("s", 3), ("x +", 1))
    )
    bank = moodle_importer.read(xml(f"{answer('3', 100)}<units>{units}</units>", "numerical"), FILE)
    asked = question(bank.questions[0])
    assert (asked.own.unit, asked.own.units) == ("m", ("cm",))
    assert "convert €, s, x + to m" in bank.problems[0].message


def test_pictures_come_along() -> None:
    bank = moodle_importer.read(xml(shown("a b.png", PNG) + answer("a", 100)), FILE)
    (draft,) = bank.questions
    assert [(each.path, each.data) for each in draft.files] == [("a-name-1.png", PNG)]
    assert "![A dot](a-name-1.png)" in draft.text
    assert not bank.problems


def test_a_picture_without_words_is_told_of() -> None:
    bank = moodle_importer.read(xml(shown("a.png", PNG, alt="")), FILE)
    assert bank.problems[0].message == '"A name" is left out: none of its answers brings all the points'
    bank = moodle_importer.read(xml(shown("a.png", PNG, alt=""), "essay"), FILE)
    assert "a picture has no alternative text" in bank.problems[0].message


def test_pictures_have_names_of_our_own_and_one_for_the_same() -> None:
    both = ""
    for name, data in (("One", PNG), ("Two", PNG + b"2"), ("Three", PNG)):
        both += xml(shown("a.png", data), "essay", name).removeprefix("<quiz>").removesuffix("</quiz>")
    drafts = moodle_importer.read(f"<quiz>{both}</quiz>", FILE).questions
    assert [draft.files[0].path for draft in drafts] == ["one-1.png", "two-1.png", "one-1.png"]
    assert "![A dot](one-1.png)" in drafts[2].text


def test_each_text_has_pictures_of_its_own() -> None:
    feedback = shown("a.png", PNG + b"2").replace("questiontext", "generalfeedback")
    (draft,) = moodle_importer.read(xml(shown("a.png", PNG) + feedback, "essay"), FILE).questions
    assert [each.data for each in draft.files] == [PNG, PNG + b"2"]
    assert re.findall(r"\]\((.*?)\)", draft.text) == ["a-name-1.png", "a-name-2.png"]


def test_options_that_cost_nothing_say_so() -> None:
    inside = "<single>false</single>" + "".join(answer(text, 50) for text in "ab") + answer("c", 0)
    bank = moodle_importer.read(xml(inside, "multichoice"), FILE)
    assert "- [50%] a\n- [50%] b\n- [0%] c\n" in bank.questions[0].text
    assert not bank.problems


def test_gaps_of_every_kind_are_read() -> None:
    text = (
        "<questiontext format='html'><text>&lt;p&gt;{2:NM:=3:0.5#Yes} {MC:~%50%A~=B &amp;amp; C#&lt;b&gt;No&lt;/b&gt;} "
        "{1:SAC:=\\} \\#} {:MRS:=x~=y~z} [[name]]&lt;/p&gt;</text></questiontext>"
    )
    asked = only(moodle_importer.read(xml(text.replace("{MC:", "{:MC:").replace("{:MRS", "{1:MRS"), "cloze"), FILE))
    assert asked.text.gaps == ("gap1", "gap2", "gap3", "gap4")
    assert asked.own.gaps == {
        "gap1": {"kind": "number", "points": "2", "answer": "3", "tolerance": "0.5"},
        "gap2": {"kind": "choice", "shuffle": "false"},
        "gap3": {"kind": "text", "case": "true"},
        "gap4": {"kind": "choices"},
    }
    assert marks(asked, "gap2") == [("A", 0.5), ("B & C", 1.0)]
    assert asked.answers["gap2"][1].feedback[0].markdown == "**No**"
    assert marks(asked, "gap3") == [("} #", 1.0)]
    assert marks(asked, "gap4") == [("x", 0.5), ("y", 0.5), ("z", -0.5)]


GIFT = """\
// [tag:capitals] [tag:a\\]b]
::Capital::What is {=Paris =%50%Lyon#Close.} the capital?

$CATEGORY: $course$/top/A//B

::Range:: How many? {#
 =3..4#Yes
 =%50%2:0.5####See *page* 3.}

The sun is cold.{F#No#Right}

::Pairs::[html]<b>Match</b>{=a -> 1 =b -> 2 = -> 3}

[markdown]# Write
about *it* {}

// a comment

Nothing to ask.
"""


def test_gift_is_read_as_moodle_reads_it() -> None:
    bank = gift.read(GIFT, Path("bank.gift"))
    names = [draft.name for draft in bank.questions]
    assert names == ["capital", "range", "the-sun-is-cold", "pairs", "write-about-it", "nothing-to-ask"]
    capital, span, truth, pairs, essay, told = map(question, bank.questions)
    assert capital.text.markdown == "What is \\_\\_\\_\\_\\_ the capital?"
    assert capital.settings.tags == ("capitals", "a]b")
    assert marks(capital) == [("Paris", 1.0), ("Lyon", 0.5)]
    assert (span.own.answer, span.own.tolerance, span.settings.category) == ("3.5", "0.5", "A/B")
    assert span.feedback.markdown == "See \\*page\\* 3."
    assert (truth.own.answer, [each.feedback[0].markdown for each in truth.answers[""]]) == ("false", ["No", "Right"])
    assert marks(pairs) == [("a -> 1", 0.0), ("b -> 2", 0.0), ("-> 3", 0.0)]
    assert essay.text.markdown == "## Write\nabout *it*"
    assert (told.settings.kind, told.text.markdown, told.settings.category) == ("description", "Nothing to ask.", "A/B")
    assert not bank.problems


@pytest.mark.parametrize(
    ("source", "markdown"),
    [
        ("<h1>One</h1><p># two<br/>- three</p>", "## One\n\n\\# two\\\n\\- three"),
        ("x<sup>2</sup>, H<sub>2</sub>O, 3\\(x\\)", "x$^{2}$, H$_{2}$O, $3x$"),
        ("<p>{{ code }} [[gap]] $5</p>", "\\{{ code }} \\[\\[gap\\]\\] \\$5"),
        ("<p>\\[ a &lt; b \\] and $$c$$</p>", "$$a < b$$ and $$c$$"),
        ("<pre><code># x\n{{ y }}</code></pre>", "```\n# x\n\\{{ y }}\n```"),
        ("<script>alert(1)</script><style>p{}</style>a", "a"),
        ('<img src="@@PLUGINFILE@@/a%20b.png" alt="An &quot;a&quot; ]"/>', 'An "a" )'),
        ('<a href="@@PLUGINFILE@@/a.pdf">a</a> <a href="javascript:b()">b</a>', "a b"),
        ('<a href="https://c.org">c</a>', "[c](https://c.org)"),
        ("<table><tr><th>a|b</th></tr><tr><td>1</td></tr></table>", "| a\\|b |\n| --- |\n| 1 |"),
        ("a &amp;lt; b", "a \\&lt; b"),
    ],
)
def test_html_becomes_markdown_that_shows_the_same(source: str, markdown: str) -> None:
    assert from_html(source) == markdown


def test_other_texts_become_markdown() -> None:
    assert from_plain("# a\n1. b *c*") == "\\# a\\\n1\\. b \\*c\\*"
    assert from_markdown("```\n# x") == "```\n# x\n```"
    assert from_markdown("# a\n\n\\\\(x\\\\) costs $5 {{ b }}") == "## a\n\n$x$ costs \\$5 \\{{ b }}"


# What cannot come


LEFT_OUT = [
    ("calculated", "", "its numbers are drawn by Moodle's own formulas"),
    ("ddimageortext", "", "words or pictures are dragged onto a picture (ddimageortext)"),
    ("ddmarker", "", "markers are dragged onto places in a picture, hotspots (ddmarker)"),
    ("gapselect", "<selectoption><text>a</text></selectoption>", "it has no gaps"),
    ("gapselect", "<questiontext><text>[[2]]</text></questiontext>", "the gap [[2]] has no word"),
    ("description", "<questiontext><text> </text></questiontext>", "it says nothing"),
    ("stack", "", "it is written for the plugin STACK"),
    ("pmatch", "", 'nothing here is like the type "pmatch"'),
    ("multichoice", answer("a", 100), "it has fewer than two options"),
    ("multichoice", answer("a", 100) + answer("a", 0), "two of its options are alike"),
    ("multichoice", answer("a", 50) + answer("b", 50), "no option brings all the points"),
    ("multichoice", answer("a", 100) + answer("b", 100), "all of its options are right"),
    ("multichoice", "<single>0</single>" + answer("a", 50) + answer("b", 0), "bring 50% of the points together"),
    ("shortanswer", answer("a", 50), "none of its answers brings all the points"),
    ("shortanswer", answer("*", 100), "has no form that could be shown"),
    ("numerical", answer("x", 100), "none of its answers is a number"),
    ("truefalse", answer("yes", 100), "its answers are not true and false"),
    ("matching", "", "it has fewer than two pairs"),
    ("ordering", "<answer><text>a</text></answer>", "it has fewer than two items"),
    ("cloze", "", "it has no gaps"),
    ("essay", '<questiontext><text> </text></questiontext>', "it asks nothing"),
    ("essay", '<file name="a.png">?</file>', 'its file "a.png" is damaged'),
    ("essay", f"<questiontext><text>{'&lt;b&gt;' * 3000}x</text></questiontext>", "its HTML is nested too deeply"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "inside", "why"), LEFT_OUT)
def test_what_cannot_come_is_told_and_the_others_come(kind: str, inside: str, why: str) -> None:
    good = xml(answer("a", 100), name="Good")
    bank = moodle_importer.read(xml(inside, kind, "Bad").removesuffix("</quiz>") + good.removeprefix("<quiz>"), FILE)
    assert [draft.name for draft in bank.questions] == ["good"]
    assert bank.problems[0].message.startswith('"Bad" is left out: ')
    assert why in bank.problems[0].message
    assert str(bank.problems[0].where) == "bank.xml:1"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<quiz>\n<question>\n</quiz>", "this is not XML: Opening and ending tag mismatch"),
        ("<test/>", "this is not Moodle XML, but <test>"),
        ("", "this is not XML"),
        ("<quiz>" + "<a>" * 100_000, "this is not XML: Excessive depth"),
    ],
)
def test_a_file_that_is_none_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(CoursewrightError, match=re.escape(message)):
        moodle_importer.read(text, FILE)


def test_entities_are_never_expanded(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    doctype = f'<!DOCTYPE quiz [<!ENTITY a "Aha"><!ENTITY file SYSTEM "file://{tmp_path}/secret">]>'
    bank = moodle_importer.read(doctype + xml(answer("a &a; &file;", 100)), FILE)
    assert "Aha" not in bank.questions[0].text
    assert "secret" not in bank.questions[0].text
    bombs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    with pytest.raises(CoursewrightError, match="this is not XML: "):
        moodle_importer.read(f'<!DOCTYPE quiz [<!ENTITY a0 "ha">{bombs}]>' + xml(answer("a &a9;", 100)), FILE)


def test_a_file_in_no_format_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "bank.txt"
    file.write_text("Hello.")
    with pytest.raises(CoursewrightError) as error:
        read_bank(file)
    assert str(error.value) == (
        f"error: this file is in no format of questions that we know\n  --> {file}\n"
        "hint: say which it is with --format. Available: aiken, gift, moodle"
    )


def test_names_of_files_are_safe_and_unique() -> None:
    titles = ["../../etc/passwd", "CON", "Über & so", "שלום", "über so", ""]
    text = "\n\n".join(f"::{title.replace(':', '')}::x{{=a}}" for title in titles)
    names = [draft.name for draft in gift.read(text, FILE).questions]
    assert names == ["etc-passwd", "question-con", "uber-so", "question", "uber-so-2", "x"]


# Anything at all

SEEDS = [
    *(f"<quiz>{moodle.item(ALL[which]).body}</quiz>" for name, which in CASES if name == "moodle"),
    *(EXPORTERS["gift"][0].item(ALL[which]).body for name, which in CASES if name == "gift"),
    GIFT,
]
SIGNS = st.sampled_from([*"{}~=#%:\\<>&;[]$\n*->./", "<!--", "]]>", "<![", "&#0;", "\x00", "{1:SA:=", "####", "nan"])


@given(st.data())
@settings(max_examples=300)
def test_a_damaged_bank_is_read_or_refused(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(SEEDS))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(SIGNS | st.text(max_size=4)) + text[at + data.draw(st.integers(0, 20)) :]
    check(text)


@given(st.text(SIGNS.map(lambda sign: sign[0]) | st.characters(), max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    check(text)
    check(xml(f"<![CDATA[{text.replace(']]>', '')}]]>"))


def check(text: str) -> None:
    for importer in READERS:
        importer.recognises(text)
        try:
            bank = importer.read(text, FILE)
        except CoursewrightError:
            continue
        for draft in bank.questions:
            question(draft)
