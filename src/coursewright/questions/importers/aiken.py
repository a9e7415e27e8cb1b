"""Aiken: a question on a line, options below it as A. and B., ANSWER: B, and perhaps Feedback: what it says then."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from coursewright.errors import Problem
from coursewright.questions.importers._bank import Bank
from coursewright.questions.importers._drafting import kinds
from coursewright.questions.importers._drafting.asked import ImportedAnswer, ImportedQuestion, NotTaken
from coursewright.questions.importers._drafting.file import bank, not_taken
from coursewright.questions.importers._drafting.markdown import clean, from_plain

TITLE = "Aiken"
_ANSWER = re.compile(r"answer\s*:\s*(.*)$|answers?\s*=?\s*([a-z])[.)]?$", re.IGNORECASE)
_OPTION = re.compile(r"\(?([A-Za-z])\s*[.):\]](\s+|(?![a-z]\.))(.*)$")  # "e.g." begins no option
_FEEDBACK = re.compile(r"(?:feedback|explanation|rationale)\s*:\s*(.*)$", re.IGNORECASE)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def recognises(text: str) -> bool:
    """Whether the text looks like Aiken: an answer on a line of its own, or two options one below the other."""
    if re.search(r"\A\s*<|^::|\{\s*[=~#]", text, re.MULTILINE):  # XML and GIFT
        return False
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if any(re.match(r"answer\s*:", line, re.IGNORECASE) for line in lines):
        return True
    starts = [(found[1].upper() if (found := _OPTION.match(line)) else "") for line in lines]
    return "{" not in text and ("A", "B") in pairwise(starts)


def read(text: str, file: Path) -> Bank:
    """The questions of a file in Aiken; those without options or an answer are among the problems."""
    problems: list[Problem] = []
    return bank(list(_questions(clean(text), file, problems)), problems, file)


@dataclass
class _Piece:
    """What was read of a question: its text, its options by letter, what stands below these, its answer, its feedback.

    `heard` are the numbers of the lines of the feedback that was met last.
    """

    line: int
    stem: list[str] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)
    below: list[str] = field(default_factory=list)
    apart: tuple[int, int] | None = None  # what of `below` stands apart from here on, and on which line that is
    answer: str | None = None
    feedback: list[str] = field(default_factory=list)
    heard: range = range(0)
    wrong: str = ""

    @property
    def expected(self) -> str:
        """The letter of the next option."""
        return _LETTERS[len(self.options) : len(self.options) + 1]

    @property
    def title(self) -> str:
        """The first words of the question."""
        return " ".join(" ".join(self.stem).split())[:80] or f"Question on line {self.line}"

    def hears(self, lines: Sequence[str], number: int) -> bool:
        """Whether a line is feedback, which is taken in."""
        begins = _FEEDBACK.match(lines[number - 1]) if self.options else None
        if begins and number not in self.heard:
            self.heard = _feedback(lines, number, answered=self.answer is not None)
        if number in self.heard:
            self.feedback.append(begins[1] if begins and number == self.heard[0] else lines[number - 1])
        return number in self.heard

    def take(self, line: str, number: int, option: re.Match[str] | None, *, apart: bool) -> None:
        """Take in a line that is no answer, and perhaps an option."""
        letter = option[1].upper() if option else ""
        if option and letter == self.expected:
            self.option(letter, option[3])
            return
        if option and option[2] and self.options and not apart and not self.apart:
            self.wrong = self.wrong or f"its option {letter} stands where {self.expected or 'none'} should"
        self.add(line, number, apart=apart)

    def add(self, line: str, number: int, *, apart: bool) -> None:
        """Take in a line that is no option and no answer; `apart` says that an empty one is above it."""
        if not self.options:
            self.stem.append(line)
            return
        if apart and self.apart is None:
            self.apart = (len(self.below), number)
        self.below.append(line)

    def option(self, letter: str, text: str) -> None:
        """Take in an option; lines below the one before belong to that, unless they stand apart from it."""
        if self.apart:
            self.wrong = self.wrong or f'"{self.below[self.apart[0]]}" stands between its options'
        self.join()
        self.options[letter], self.apart = text, None

    def join(self) -> None:
        """Make the lines below the last option more of it."""
        if self.below:
            self.options[list(self.options)[-1]] += "\n" + "\n".join(self.below)
        self.below = []

    def next(self, number: int) -> _Piece:
        """The question that the lines below the options begin, or what is on line `number`."""
        start, line = self.apart or (0, number - len(self.below))
        return _Piece(line, stem=self.below[start:])


def _questions(text: str, file: Path, problems: list[Problem]) -> Iterator[ImportedQuestion]:
    for piece in _pieces([line.strip() for line in text.split("\n")]):
        try:
            yield _asked(piece)
        except NotTaken as reason:
            problems.append(not_taken(piece.title, str(reason), file, piece.line))


def _pieces(lines: Sequence[str]) -> Iterator[_Piece]:
    """The questions, each from its first line to its answer or to where the next one begins."""
    piece: _Piece | None = None
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        if piece and piece.hears(lines, number):
            continue
        if piece and piece.answer is not None:
            yield piece
            piece = None
        apart = number > 1 and not lines[number - 2]
        piece = piece or _Piece(number)
        option, answer = _OPTION.match(line), _ANSWER.match(line)
        letter = option[1].upper() if option else ""
        if answer:
            if piece.apart:  # what stands apart is a question without options, and the one above has no answer
                yield piece
                piece = piece.next(number)
            piece.join()
            piece.answer = answer[1] if answer[1] is not None else answer[2]
        elif option and letter == "A" and piece.options:  # another question has begun, and this one has no answer
            yield piece
            piece = piece.next(number)
            piece.option("A", option[3])
        else:
            piece.take(line, number, option, apart=apart)
    if piece:
        yield piece
        if piece.apart:
            yield piece.next(len(lines))


def _feedback(lines: Sequence[str], start: int, *, answered: bool) -> range:
    """The numbers of the lines of the feedback that begins on line `start`: down to an empty line, or to the answer.

    Where the next question begins without an empty line, it is one line; and none where it is that question itself.
    """
    end = start
    while end < len(lines) and lines[end] and not _ANSWER.match(lines[end]):
        end += 1
    begins = any((found := _OPTION.match(line)) and found[1] in "Aa" for line in lines[start:end])
    if not (answered and begins):
        return range(start, end + 1)
    apart = not lines[start - 2] or _OPTION.match(lines[start])
    return range(0) if apart else range(start, start + 1)


def _asked(piece: _Piece) -> ImportedQuestion:
    if not piece.stem:
        raise NotTaken("it asks nothing")
    if piece.wrong:
        raise NotTaken(piece.wrong)
    if piece.answer is None:
        raise NotTaken("a line such as ANSWER: A is missing below it")
    right = _right(piece.answer, piece.options)
    given = [ImportedAnswer(from_plain(text), float(letter == right)) for letter, text in piece.options.items()]
    part = kinds.choice(given, single=True)
    said = from_plain("\n".join(piece.feedback).strip())
    return ImportedQuestion(
        title=piece.title, text=from_plain("\n".join(piece.stem)), part=part, feedback=said, line=piece.line
    )


def _right(answer: str, options: Mapping[str, str]) -> str:
    """The letter of the right option, behind which its text may stand."""
    found = re.fullmatch(r"\(?([A-Za-z])(?:\s*[.):\]]\s*(.*))?", answer)
    if not found or (found[2] and found[2].casefold() != options.get(found[1].upper(), "").casefold()):
        raise NotTaken(f'its answer "{answer}" is not the letter of one option')
    if found[1].upper() not in options:
        raise NotTaken(f"its answer {found[1].upper()} is none of its options")
    return found[1].upper()
