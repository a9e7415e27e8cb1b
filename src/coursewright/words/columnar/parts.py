"""What a plan is made of: words, cells, choices, tests, phrases, and ways to put them together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from coursewright.words.language.conditions import Condition
from coursewright.words.language.phrases import Phrases, closed
from coursewright.words.language.rules import Alternatives
from coursewright.words.language.scan import SPECIAL, Modifier
from coursewright.words.rowwise.writer import EACH

if TYPE_CHECKING:
    from coursewright.words.grammar import Grammar

LARGEST = 4000  # beyond it one row at a time is no slower, and needs less memory
_LONGEST = 100_000
AS_TEXT = Modifier("", ())  # what follows works on the printed text, not on the value
CAPITAL = Modifier(" ", ())  # the first letter, which an author wrote, becomes a capital
AGAIN = Modifier("  ", ())  # what was saved is read as a rule again
FINISHED = Modifier("   ", ())  # escapes are taken away
ENDS = (AGAIN, FINISHED)  # what is done after all modifiers, also to what stands for a missing value


class NotColumnar(Exception):
    """The grammar cannot be planned; the message says why."""


class LeadsBack(NotColumnar):
    """A symbol leads back to itself."""


class HoldsEscapes(NotColumnar):
    """There are escapes in text that is saved or modified: a plan has to keep them until the text is shown."""


@dataclass(frozen=True, slots=True)
class FixedText:
    """The same text in every row."""

    text: str


@dataclass(frozen=True, slots=True)
class ColumnValue:
    """The value of a column with modifiers applied, and what stands for it where it is missing."""

    column: str
    modifiers: tuple[Modifier, ...]
    missing: Any


@dataclass(frozen=True, slots=True)
class Pick:
    """One of several, by the hash of the row's key, the seed and the place."""

    choice: Alternatives
    place: int
    options: tuple[Any, ...]
    option_of: tuple[int, ...] | None = None  # which option each text of the choice is, unless each has its own


@dataclass(frozen=True, slots=True)
class WordList:
    """One of many plain texts, by the same hash; a text that is not plain is empty here."""

    choice: Alternatives
    place: int
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Test:
    """The first whose condition holds; the last of the options if none does."""

    conditions: tuple[Condition, ...]
    options: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Concatenation:
    """Parts one after another."""

    parts: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class ModifiedPart:
    """Modifiers applied to the finished text of a part, and what stands for it if they leave nothing."""

    part: Any
    modifiers: tuple[Modifier, ...]
    missing: Any


@dataclass(frozen=True, slots=True)
class ClosingPhrases:
    """Phrases, and for every set of them that may vanish what is told then: bit i of an option's number is phrase i."""

    phrases: tuple[Any, ...]
    options: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Each:
    """The values of a column of lists after modifiers, a rule told for each of them, and modifiers after that."""

    column: str
    before: tuple[Modifier, ...]
    rule: Any  # the Plan of the rule, or its Growth
    place: int
    after: tuple[Modifier, ...]
    missing: Any


Part = FixedText | WordList | ColumnValue | Pick | Test | Concatenation | ModifiedPart | ClosingPhrases | Each


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What the text of every row is made of.

    `size` is how many places it has; with `escapes` it holds signs that are escaped until they are shown, and with
    `fails` it may lead to what a strict grammar refuses. `named` are the columns, and fields of structs, in all that
    it was made of, shown or not.
    """

    part: Part
    size: int
    escapes: bool = False
    fails: bool = False
    named: frozenset[str] = frozenset()


def within(plan: Part) -> Iterator[Part]:
    """Every part of a plan, once."""
    waiting, seen = [plan], {id(plan)}
    while waiting:
        part = waiting.pop()
        yield part
        named = [getattr(part, name, ()) for name in ("part", "missing", "options", "parts", "phrases")]
        for inner in (inner for some in named for inner in (some if isinstance(some, tuple) else (some,))):
            if id(inner) not in seen:
                seen.add(id(inner))
                waiting.append(inner)


class PlanParts:
    """The parts of one plan, each made once, and how many there are."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 0
        self.named: set[str] = set()  # the columns, and fields of structs, in all that was planned
        self.same: dict[Any, Part] = {}

    def one(self, part: Part) -> Part:
        """A part, the same object whenever it is the same: it is then worked out once for all its uses.

        What a part is made of is compared by identity, since it went through here before: comparing all of it could
        take for ever where parts share parts.
        """
        self.size += 1
        if self.size > self.most:
            few = "" if self.most == LARGEST else ", too many for so few rows"
            raise NotColumnar(f"it has more than {self.most:,} places{few}")
        if isinstance(part, Concatenation):
            part = Concatenation(tuple(map(self.one, part.parts)))
        return self.same.setdefault(_likeness(part), part)


def _likeness(part: Part) -> Any:
    """What two parts have in common that are the same, when those that they are made of are the same objects."""
    if isinstance(part, FixedText):
        return part
    own: dict[Any, Callable[[Any], Any]] = {
        WordList: lambda part: (id(part.choice), part.place),
        Pick: lambda part: (part.choice.written or id(part.choice), part.place, part.option_of, *map(id, part.options)),
        Test: lambda part: (part.conditions, *map(id, part.options)),
        Concatenation: lambda part: tuple(map(id, part.parts)),
        ColumnValue: lambda part: (part.column, part.modifiers, id(part.missing)),
        ModifiedPart: lambda part: (id(part.part), part.modifiers, id(part.missing)),
        ClosingPhrases: lambda part: (*map(id, part.phrases), None, *map(id, part.options)),
        Each: lambda part: (part.column, part.before, id(part.rule), part.place, part.after, id(part.missing)),
    }
    return type(part), own[type(part)](part)


def joined(parts: list[Part]) -> Part:
    """Parts one after another, neighbouring words made one."""
    flat: list[Part] = []
    for part in parts:
        for piece in part.parts if isinstance(part, Concatenation) else (part,):
            if isinstance(piece, FixedText) and flat and isinstance(flat[-1], FixedText):
                flat[-1] = FixedText(flat[-1].text + piece.text)
            elif piece != FixedText(""):
                flat.append(piece)
    if not flat:
        return FixedText("")
    if len(flat) > LARGEST or any(isinstance(piece, FixedText) and len(piece.text) > _LONGEST for piece in flat):
        raise NotColumnar("its text grows too long")
    return flat[0] if len(flat) == 1 else Concatenation(tuple(flat))


def with_words(part: Part, most: int) -> Part:
    """A part in which lists of more than so many words take in the fixed words beside them: then less is joined."""
    out: list[Part] = []
    for piece in part.parts if isinstance(part, Concatenation) else ():
        before = out[-1] if out else None
        if isinstance(piece, WordList) and len(piece.texts) > most and isinstance(before, FixedText):
            out[-1] = replace(piece, texts=tuple([before.text + text for text in piece.texts]))
        elif isinstance(piece, FixedText) and isinstance(before, WordList) and len(before.texts) > most:
            out[-1] = replace(before, texts=tuple([text + piece.text for text in before.texts]))
        else:
            out.append(piece)
    return joined(out) if out else part


def check_modifiers(grammar: Grammar, modifiers: tuple[Modifier, ...], *, literal: bool) -> None:
    """Raises NotColumnar for what only the row path can modify; signs in `literal` arguments are no grammar."""
    for modifier in modifiers:
        unknown = modifier.name not in grammar.all_modifiers and modifier.name not in {"or", EACH}
        if unknown and grammar.strict:
            raise NotColumnar(f'no modifier called "{modifier.name}"')
        if not literal and not SPECIAL.isdisjoint("".join((modifier.name, *modifier.arguments))):
            raise NotColumnar(f"the arguments of .{modifier.name} hold an escape")


def closings(group: Phrases, phrases: list[Part], shown: Callable[[str], str], one: Callable[[Part], Part]) -> Part:
    """What is told of phrases side by side, for every set of them that may vanish."""
    options = []
    for which in range(1 << len(phrases)):
        left = closed(group, frozenset(number for number in range(len(phrases)) if which >> number & 1))
        parts: list[Part] = [FixedText(shown(left.words[0]))]
        told = [number for number in range(len(phrases)) if not which >> number & 1]
        for number, after in zip(told, left.words[1:], strict=True):
            phrase = phrases[number]
            if number in left.capitals:
                phrase = one(ModifiedPart(phrase, (CAPITAL,), one(FixedText(""))))
            parts += [phrase, FixedText(shown(after))]
        options.append(one(joined(parts)))
    return one(ClosingPhrases(tuple(phrases), tuple(options)))
