"""Options that are the same to a reader: no variant is drawn that has two of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursewright.errors import CoursewrightError
from coursewright.questions import read_question
from coursewright.questions.checking.alike import as_read
from coursewright.questions.drawing.setting import set_pictures
from coursewright.questions.drawing.variants import Drawing
from coursewright.questions.drawing.worker import UNSET_PICTURE, DrawResult
from coursewright.questions.kinds.choice import Choice, Option
from coursewright.questions.kinds.match import Match
from coursewright.questions.reading.language import decimal_sign
from coursewright.questions.variant import Media, Variant
from coursewright.questions.writing.prose import MediaReference, Prose, Tex, literal, plain
from variants import variant as made_of

SAME = {  # two ways to write four, or a thousand, or a name; and the language of the course
    "units": ("{{ a * b }} cm", "{{ a + b:.1f }} cm", ""),
    "a unit close to its number": ("{{ a * b }}cm", "{{ a + b }} cm", ""),
    "pounds": ("£{{ a * b }}", "£{{ a + b:.2f }}", ""),
    "dollars": ("${{ a * b }}", "${{ a + b:.2f }}", ""),
    "a currency in front and behind": ("€{{ a * b }}", "{{ a + b }} €", ""),
    "crowns": ("kr {{ a * b }}", "{{ a + b }},00 kr", "sv"),
    "francs": ("CHF {{ a * b }}", "{{ a + b:.2f }} CHF", "de-CH"),
    "per cent": ("{{ a * b }}%", "{{ a + b:.1f }} %", ""),
    "a formula": ("${{ a * b }}x$", "${{ a + b }} x$", ""),
    "a formula and a number": ("${{ a * b }}$", "{{ a + b }}", ""),
    "decimals in a formula": ("$x = {{ a * b }}$", "$x = {{ a + b }}.0$", ""),
    "a name and its number": ("$x = {{ a * b }}$", "x = {{ a + b }}", ""),
    "braces of TeX": ("$2^{ {{ a * b }} }$", "$2^{{ a + b }}$", ""),
    "bold type": ("**{{ a * b }}**", "{{ a + b }}", ""),
    "thousands of German": ("{{ 1000 * a * b }}", "{{ a + b }}.000", "de"),
    "decimals of German": ("{{ a * b }}.50", "{{ f'{a + b},5' }}", "de"),
    "thin spaces": ("{{ 1000 * a * b }} m", "{{ f'{a + b}\u202f000' }}\u00a0m", "fr"),
    "a power of ten": ("{{ 1000 * a * b }}", "{{ a + b }}e3", ""),
    "a pair": ("({{ a * b }}, {{ a }})", "({{ a + b }}.0, {{ b }})", ""),
    "an interval": ("[{{ a * b }}; 9]", "[ {{ a + b }}.0;9.0]", "de-CH"),
    "a unit in a formula": ("${{ a * b }}\\,\\text{m}$", "{{ a + b }} m", ""),
    "another unit": ("{{ a * b }} m", "{{ (a + b) * 100 }} cm", ""),
    "units of other kinds": ("{{ a * b }} kWh", "{{ (a + b) * 3.6 }} MJ", ""),
    "a speed": ("{{ (a * b) * 3.6 }} km/h", "{{ a + b }} m/s", ""),
    "a volume": ("{{ a * b }} L", "{{ (a + b) * 1000 }} cm³", ""),
    "a unit written otherwise": ("{{ a * b }} m/s²", "{{ a + b }} m s^-2", ""),
    "the name of a currency": ("€{{ a * b }}", "{{ a + b }} EUR", ""),
    "per cent and a decimal": ("{{ a * b }}%", "{{ (a + b) / 100 }}", ""),
    "a fraction and a decimal": ("$\\frac{ {{ a * b }} }{8}$", "{{ (a + b) / 8 }}", ""),
    "a fraction of a unit": ("{{ a * b }}/8 m", "{{ (a + b) * 12.5 }} cm", ""),
    "a fraction in German": ("{{ a * b }}/8", "{{ f'{(a + b) / 8}'.replace('.', ',') }}", "de"),
    "a fraction and per cent": ("{{ Fraction(a * b, 25) }}", "{{ (a + b) * 4 }} %", ""),
    "a minus": ("-{{ a * b }}", "\N{MINUS SIGN}{{ a + b }}", ""),
    "an accent of two signs": ("{{ 'Caf\u00e9' + 'x' * (a * b) }}", "{{ 'Cafe\u0301' + 'x' * (a + b) }}", ""),
}
DRAWN = "from fractions import Fraction; a, b = pick([(2, 2), (3, 2), (5, 2)])"


def drawn(front: str, answers: str, language: str = "", code: str = DRAWN) -> list[Variant]:
    text = f"---\n{front}\n---\n```python\n{code}\n```\n# Question\n\nWhat? [[m]]\n\n# Answers\n\n{answers}\n"
    if "cloze" not in front:
        text = text.replace(" [[m]]", "")
    drawing = Drawing(read_question(Path("q.md"), text), "0", point=decimal_sign(language))
    return [drawing.variant(str(who)) for who in range(12)]


@pytest.mark.parametrize("written", SAME)
def test_no_draw_has_a_wrong_option_that_is_the_right_one(written: str) -> None:
    right, wrong, language = SAME[written]
    for variant in drawn("kind: choice", f"- [x] {right}\n- [ ] {wrong}\n- [ ] none", language):
        assert isinstance(variant.part, Choice)
        texts = [plain(option.text) for option in variant.part.options]
        assert len(texts) == 3
        assert not any("4" in text for text in texts if "Caf" not in text)
        assert "Caf\u00e9xxxx" not in texts


def test_no_choice_of_a_match_is_another_ones_answer_too() -> None:
    for answers in (
        "- p -> {{ a * b }} cm\n- q -> 1\n- -> {{ a + b }}.0 cm",
        "- p -> {{ a * b }}\n- q -> {{ a + b }}.0",
    ):
        for variant in drawn("kind: match", answers):
            assert isinstance(variant.part, Match)
            assert not any(plain(choice).startswith("4") for choice in variant.part.choices)


def test_no_menu_of_a_gap_has_the_answer_twice() -> None:
    code = f"{DRAWN}\nm = f'{{a * b}} %'"
    for variant in drawn("kind: cloze\ngaps:\n  m: { kind: choice }", "## m\n\n- {{ a + b }}.0%\n- none", code=code):
        (menu,) = variant.parts
        assert isinstance(menu, Choice)
        assert not any(plain(option.text).startswith("4") for option in menu.options)


def test_no_two_options_are_the_same_picture() -> None:
    code = """a, b = pick([(1, 1), (1, 2), (2, 2)])
p = number_line(0, 5, points={"A": a}, alt="A line with a point.")
r = number_line(0, 5, points={"A": b}, alt="A line with a point.")"""
    for variant in drawn("kind: choice", "- [x] {{ p }}\n- [ ] {{ r }}\n- [ ] neither", code=code):
        assert len({medium.data for medium in variant.media}) == 2


def test_no_two_options_look_the_same_whatever_their_words_say() -> None:
    code = """a, b = pick([(1, 1), (1, 2), (2, 2)])
p = number_line(0, 5, points={"A": a}, alt=f"Point A is at {a}.")
r = number_line(0, 5, points={"A": b}, alt=f"A point is at {b}.")"""
    for kind, answers in (
        ("choice", "- [x] {{ p }}\n- [ ] {{ r }}\n- [ ] neither"),
        ("match", "- the first -> {{ p }}\n- the second -> none\n- -> {{ r }}"),
        ("order", "1. {{ p }}\n2. {{ r }}\n3. none"),
    ):
        for variant in drawn(f"kind: {kind}", answers, code=code):
            assert {medium.alt for medium in variant.media} == {"Point A is at 1.", "A point is at 2."}


@pytest.mark.parametrize("number", [5, 40])
def test_two_pictures_of_tex_that_come_out_the_same_are_refused(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def set_by(sources: list[str]) -> list[str]:
        return [source.replace("\\relax", "") for source in sources]

    monkeypatch.setattr("coursewright.figures.diagrams.tikz_pictures.tikz_batch", set_by)
    one, other = (Media(name, UNSET_PICTURE, source, "A dot.") for name, source in (("p", b"."), ("r", b".\\relax")))
    options = tuple(
        Option(text=Prose("\ue0000\ue001", (MediaReference(m.name),)), right=m is one, fraction=0.0)
        for m in (one, other)
    )
    drawn = made_of("dots", "choice", Choice(options=options), media=(one, other), who=str(number))
    with pytest.raises(CoursewrightError) as error:
        list(set_pictures([DrawResult(who=str(number), attempt=0, key=b"", variant=drawn)], {}))
    assert str(error.value) == (
        f'error: question "dots", variant {number}: the wrong option "r" is the right answer, "p"\n'
        "hint: give options that differ, in every draw"
    )


def test_what_is_always_the_same_is_an_error_with_its_line() -> None:
    with pytest.raises(CoursewrightError) as error:
        drawn("kind: choice", "- [x] {{ a }} m\n- [ ] {{ a }}.0 m\n- [ ] none")
    assert str(error.value).splitlines()[:2] == [
        'error: the wrong option "2.0 m" is the right answer, "2 m", and 1,000 draws were tried',
        "  --> q.md:14",
    ]


@pytest.mark.parametrize(
    "answers",
    [
        "- [x] {{ 1 }}/{{ a }}\n- [ ] {{ 2 }}/{{ 2 * a }}\n- [ ] none",  # which is in lowest terms?
        "- [x] none\n- [ ] {{ 1 }}/2\n- [ ] {{ 50 }}%\n- [ ] {{ 0.5 }}",  # which is not a half?
        "- [x] 1/2\n- [ ] 0.5\n- [ ] 50%",
    ],
)
def test_values_that_are_asked_for_in_one_way_may_stand_in_others(answers: str) -> None:
    for variant in drawn("kind: choice", answers):
        assert isinstance(variant.part, Choice)
        assert len(variant.part.options) == answers.count("[")


def test_what_somebody_wrote_down_twice_is_two_things() -> None:
    (choice,) = {type(variant.part) for variant in drawn("kind: choice", "- [x] 1.1 GB\n- [ ] 1.10 GB\n- [ ] none")}
    assert choice is Choice


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (literal("007"), literal("7")),
        (literal("3.1."), literal("3.10.")),
        (literal("(4, 2)"), literal("[4, 2]")),
        (literal("(4, 2)"), literal("(2, 4)")),
        (literal("(007)"), literal("(7)")),
        (literal("(3.1.1)"), literal("(3.1.10)")),
        (literal("1.1.1"), literal("1.1.10")),
        (literal("Python 3.1"), literal("Python 3.10")),
        (literal("10000000000000001"), literal("10000000000000002")),
        (literal("4 cm"), literal("4 m")),
        (literal("x\u00b2"), literal("x2")),
        (literal("*a*"), literal("a")),
        (Prose("$x_{12}$"), Prose("$x_12$")),
        (literal("\\frac{1}{2}"), Prose("\ue0000\ue001", (Tex("\\frac{2}{1}"),))),
    ],
    ids=str,
)
def test_what_is_not_the_same_to_a_reader(one: Prose, other: Prose) -> None:
    assert as_read(one) != as_read(other)
