"""A variant of every kind, as data: what exporters, marking and the self-marking page are tried on."""

from __future__ import annotations

from coursewright.questions.kinds.choice import Choice, Option
from coursewright.questions.kinds.choices import Choices
from coursewright.questions.kinds.description import Description
from coursewright.questions.kinds.essay import Essay
from coursewright.questions.kinds.match import Match, Pair
from coursewright.questions.kinds.order import Order
from coursewright.questions.kinds.text import Text, TextAnswer
from coursewright.questions.part import Case, Code, Formula, FormulaAnswer, Number, NumberAnswer, Part, Unit
from coursewright.questions.variant import Media, Variant
from coursewright.questions.writing.prose import CLOSE, OPEN, Gap, MediaReference, Prose, ProseGrid, Tex, Value, literal

NASTY = "]]> <script>alert(\"1\")</script> & 'é' \\ {x} ~ = # : * שלום \U0001f600"
PICTURE = Media(
    "plot.svg",
    "image/svg+xml",
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50"><rect width="99" height="50" fill="blue"/></svg>',
    'A blue "box" & no more',
    "Figure 1",
)
SOUND = Media("tone.wav", "audio/wav", b"RIFF\x24\x00\x00\x00WAVEfmt ", "A tone of 440 Hz")


def prose(markdown: str, *values: Value) -> Prose:
    """`{0}` in the Markdown is the place of the first value."""
    for number in range(len(values)):
        markdown = markdown.replace(f"{{{number}}}", f"{OPEN}{number}{CLOSE}")
    return Prose(markdown, values)


def said(text: str) -> tuple[Prose, ...]:
    return (Prose(text),)


NUMBER = Number(
    answers=(
        NumberAnswer(value=1157.63, low=1157.62, high=1157.64, shown="1157.63"),
        NumberAnswer(
            value=1150,
            low=1149.99,
            high=1150.01,
            shown="1150",
            fraction=0.0,
            feedback=said("That is *simple* interest."),
        ),
        NumberAnswer(value=1100, low=1099, high=1101, shown="1100", fraction=0.5, feedback=said("Nearly.")),
    ),
)
SPEED = Number(
    answers=(
        NumberAnswer(value=10.0, low=9.9, high=10.1, shown="10.0"),
        NumberAnswer(value=36.0, low=35.9, high=36.1, shown="36", fraction=0.0, feedback=said("That is in km/h.")),
    ),
    unit="m/s",
    units=(Unit("m/s"), Unit("km/h", 1 / 3.6)),
    unit_required=True,
    significant=3,
)
CHOICE = Choice(
    options=(
        Option(text=Prose("Paris"), right=True, fraction=1.0, feedback=said("Yes.")),
        Option(text=literal(NASTY), right=False, fraction=0.0, feedback=said("No: that is *not* a town.")),
        Option(text=prose("$x^2$ and {0}", Tex("\\frac{1}{2}")), right=False, fraction=0.0),
        Option(text=Prose("Lyon"), right=False, fraction=0.5, feedback=(Prose("Close."), Prose("Close again."))),
    )
)
CHOICES = Choices(
    options=(
        Option(text=Prose("2"), right=True, fraction=0.5),
        Option(text=Prose("3"), right=True, fraction=0.5, feedback=said("Yes, three.")),
        Option(text=Prose("4"), right=False, fraction=-0.5, feedback=said("Four is $2 \\times 2$.")),
        Option(text=Prose("6"), right=False, fraction=-0.5),
    )
)
WHOLE = Choices(options=CHOICES.options, whole=True)
TRUTH = Choice(
    options=(
        Option(text=Prose("True"), right=False, fraction=0.0, feedback=said("It is not.")),
        Option(text=Prose("False"), right=True, fraction=1.0),
    ),
    truth=True,
)
TEXT = Text(
    answers=(
        TextAnswer(text="São Paulo", shown="São Paulo"),
        TextAnswer(text="Rio*", shown="Rio*", fraction=0.0, feedback=said("That is another town.")),
        TextAnswer(text="S\\. ?Paulo", shown="S. Paulo", regex=True, fraction=0.5, feedback=said("In full, please.")),
    ),
    accents=False,
    distance=1,
)
PLAIN_TEXT = Text(
    answers=(
        TextAnswer(text="Paris", shown="Paris"),
        TextAnswer(text="paris", shown="paris", fraction=0.5),
        TextAnswer(text=NASTY, shown=NASTY, fraction=0.0, feedback=said("No.")),
    ),
    case=True,
)
FORMULA = Formula(
    answers=(
        FormulaAnswer(expression="2*x + 2", tex="2 x + 2", results=(3.0, 7.0, 1.0)),
        FormulaAnswer(
            expression="2*x", tex="2 x", results=(1.0, 5.0, -1.0), fraction=0.25, feedback=said("Plus a constant.")
        ),
    ),
    variables=("x",),
    samples=((0.5,), (2.5,), (-0.5,)),
    must_not=("sqrt",),
)
MATCH = Match(
    pairs=(
        Pair(Prose("France"), 2, said("Not that one.")),
        Pair(Prose("Italy & $x$"), 0),
        Pair(literal(NASTY), 1),
    ),
    choices=(Prose("Rome"), Prose("Bern"), Prose("Paris"), Prose("Oslo")),
)
ORDER = Order(items=(Prose("three"), Prose("one"), literal(NASTY), Prose("two")), right=(1, 3, 0, 2))
ESSAY = Essay(guide=Prose("- One point for **each** cause"), least=50, most=200, lines=10)
CODE = Code(
    function="mean",
    cases=(Case(call="mean([1, 2, 3])", expects="2"), Case(call="mean([0.5])", expects="0.5", points=2, shown=False)),
    starter="def mean(numbers):\n    ...\n",
    model="def mean(numbers):\n    return sum(numbers) / len(numbers)\n",
)


def variant(name: str, kind: str, *parts: Part, text: Prose | None = None, **more: object) -> Variant:
    defaults: dict[str, object] = {
        "title": f"The {name} question",
        "who": "1",
        "seed": "2026",
        "text": text or prose("What is it? {0} and $x^2 < {1}$.", NASTY, "5"),
        "points": 2.0,
        "tries": 3,
        "penalty": 0.25,
        "hints": (Prose("Think *again*."), prose("It begins with {0}.", "P & <b>")),
        "feedback": Prose("See chapter 3."),
        "solution": prose("It is {0}, since\n\n$$\nx^2 = 4\n$$", NASTY),
        "tags": ("finance", "a, b"),
        "difficulty": "easy",
        "category": "Basics",
    }
    return Variant(question=name, kind=kind, parts=parts, **{**defaults, **more})


def _gap(part: Part, name: str, points: float = 1.0) -> Part:
    import msgspec

    return msgspec.structs.replace(part, name=name, points=points)


CLOZE = variant(
    "cloze",
    "cloze",
    _gap(NUMBER, "total", 2),
    _gap(CHOICE, "town"),
    _gap(TEXT, "city"),
    _gap(PLAIN_TEXT, "plain"),
    text=prose(
        "The total is {0}.\n\n| town | city |\n| --- | --- |\n| {1} | {2} |\n\nAnd {3} in {4}.",
        Gap("total"),
        Gap("town"),
        Gap("city"),
        Gap("plain"),
        NASTY,
    ),
)
SIMPLE_CLOZE = variant(
    "simple-cloze",
    "cloze",
    _gap(NUMBER, "total", 2),
    _gap(PLAIN_TEXT, "plain"),
    _gap(TRUTH, "truth"),
    text=prose("The total is {0}; {1}; {2}", Gap("total"), Gap("plain"), Gap("truth")),
)
ILLUSTRATED = variant(
    "illustrated",
    "number",
    NUMBER,
    text=prose(
        "Look:\n\n{0}\n\n{1}\n\nHow much? {2}",
        MediaReference("plot.svg"),
        ProseGrid(("a|b", "n"), ((NASTY, "1"), ("y", "2.5")), (False, True)),
        MediaReference("tone.wav"),
    ),
    media=(PICTURE, SOUND),
)

VARIANTS: dict[str, Variant] = {
    each.question: each
    for each in (
        variant("number", "number", NUMBER),
        variant("speed", "number", SPEED),
        variant("choice", "choice", CHOICE),
        variant("choices", "choices", CHOICES),
        variant("whole", "choices", WHOLE),
        variant("truefalse", "truefalse", TRUTH),
        variant("text", "text", TEXT),
        variant("plain-text", "text", PLAIN_TEXT),
        variant("formula", "formula", FORMULA),
        variant("match", "match", MATCH),
        variant("order", "order", ORDER),
        variant("essay", "essay", ESSAY),
        variant("code", "code", CODE),
        CLOZE,
        SIMPLE_CLOZE,
        ILLUSTRATED,
        variant("bare", "choice", CHOICE, hints=(), feedback=Prose(""), solution=Prose(""), tries=1, penalty=0.0),
    )
}  # fmt: skip

_MONEY = Number(
    answers=(
        NumberAnswer(value=1234.5, low=1234.495, high=1234.505, shown="1234.50"),
        NumberAnswer(value=-5, low=-5, high=-5, shown="-5", fraction=0.25, feedback=said("A debt?")),
    ),
    unit="£",
    units=(Unit("£"), Unit("p", 0.01)),
)
_PERCENT = Number(answers=(NumberAnswer(value=12.5, low=12.4, high=12.6, shown="12.5"),), unit="%", units=(Unit("%"),))
_HEAT = Number(
    answers=(NumberAnswer(value=37, low=36.99, high=37.01, shown="37"),),
    unit="°C",
    units=(Unit("°C"), Unit("°F", 5 / 9, -160 / 9), Unit("K", 1, -273.15)),
    unit_required=True,
)
_POWER = Number(
    answers=(NumberAnswer(value=2, low=1.999, high=2.001, shown="2"),),
    unit="mW",
    units=(Unit("mW"), Unit("MW", 1e9), Unit("kW", 1e6)),
)
_FIGURES = Number(
    answers=(
        NumberAnswer(value=1200, low=1190, high=1210, shown="1200"),
        NumberAnswer(value=0, low=0, high=0, shown="0"),
    ),
    significant=3,
    significant_penalty=0.25,
)
_SPELLING = Text(
    answers=(
        TextAnswer(text="Wellington", shown="Wellington"),
        TextAnswer(text="Willington", shown="Willington", fraction=0.25, feedback=said("A village.")),
    ),
    case=True,
    distance=2,
)
_PATTERN = Text(answers=(TextAnswer(text="[a-f]+\\d{2}|café", shown="ab12", regex=True),), accents=False)
_WILD = Text(
    answers=(
        TextAnswer(text="grey", shown="grey"),
        TextAnswer(text=".*grey.*", shown="grey", regex=True),
        TextAnswer(text="5 \\*.*", shown="5 *", regex=True, fraction=0.5),
    )
)
_EITHER = Choice(
    options=(
        Option(text=Prose("2"), right=True, fraction=1.0, feedback=said("The *even* prime.")),
        Option(text=Prose("9"), right=False, fraction=0.0),
        Option(text=Prose("3"), right=True, fraction=1.0),
    )
)
_STRICT = Text(answers=(TextAnswer(text="Straße", shown="Straße"), TextAnswer(text="ΟΔΟΣ", shown="ΟΔΟΣ", fraction=0.5)))
_TWO = Formula(
    answers=(FormulaAnswer(expression="x*y**2 + 1", tex="x y^2 + 1", results=(3.0, 13.0, 1.5)),),
    variables=("x", "y"),
    samples=((0.5, 2.0), (3.0, 2.0), (2.0, -0.5)),
)
_EXPANDED = Formula(
    answers=(
        FormulaAnswer(expression="x**2 + 3*x + 2", tex="x^2 + 3x + 2", results=(3.75, 12.0, 0.75), factors=(2, 0)),
    ),
    variables=("x",),
    samples=((0.5,), (2.0,), (-0.5,)),
    form="expanded",
)
_SINE = Formula(
    answers=(
        FormulaAnswer(
            expression="2*sin(x)*cos(x)",
            tex="2 \\sin x \\cos x",
            results=(0.8414709848078965, 0.9092974268256817, -0.7568024953079282),
        ),
    ),
    variables=("x",),
    samples=((0.5,), (1.0,), (2.0,)),
    must=("sin", "cos"),
    must_not=("^",),
)
_POWERS = Formula(
    answers=(
        FormulaAnswer(
            expression="exp(2*x)", tex="e^{2x}", results=(2.718281828459045, 7.38905609893065, 0.36787944117144233)
        ),
    ),
    variables=("x",),
    samples=((0.5,), (1.0,), (-0.5,)),
)


def _replaced(part: Part, **more: object) -> Part:
    import msgspec

    return msgspec.structs.replace(part, **more)


PASSAGE = variant(
    "passage",
    "description",
    Description(points=0.0),
    text=prose("## A tale\n\nOnce there *was* {0} and $x^2$.", NASTY),
    points=0.0,
    tries=1,
    penalty=0.0,
    hints=(),
)
"""What asks nothing."""

MARKED: dict[str, Variant] = {
    **VARIANTS,
    **{
        each.question: each
        for each in (
            variant("money", "number", _MONEY),
            variant("percent", "number", _PERCENT),
            variant("heat", "number", _HEAT),
            variant("power", "number", _POWER),
            variant("figures", "number", _FIGURES),
            variant("spelling", "text", _SPELLING),
            variant("pattern", "text", _PATTERN),
            variant("strict", "text", _STRICT),
            variant("two", "formula", _TWO),
            variant("expanded", "formula", _EXPANDED),
            variant("factorised", "formula", _replaced(_EXPANDED, form="factorised")),
            variant("simplified", "formula", _replaced(_EXPANDED, form="simplified")),
            variant("sine", "formula", _SINE),
            variant("powers", "formula", _POWERS),
            variant("whole-order", "order", _replaced(ORDER, whole=True)),
            variant("either", "choice", _EITHER),
            variant("wild", "text", _WILD),
        )
    },
}
"""More of them than exporters need: what tests/cases/marking.yaml marks."""
