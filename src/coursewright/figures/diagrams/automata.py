"""Finite automata, deterministic or not: what they accept, and their picture.

The notions are those of Hopcroft, Motwani and Ullman: Introduction to automata theory, languages, and computation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

from coursewright.errors import CoursewrightError, did_you_mean
from coursewright.figures.diagrams.layout import automaton_places
from coursewright.figures.diagrams.letters import plain
from coursewright.figures.diagrams.network import Arrow, Network, clearest, picture
from coursewright.figures.diagrams.said import said
from coursewright.figures.figure import Figure
from coursewright.figures.pictures.kept import kept
from coursewright.media import Bundle, JupyterDisplay

MOST_STATES = 24  # in one picture
MOST_WORDS = 100_000
_EMPTY = ("", "ε")  # a move that reads nothing


@dataclass(frozen=True)
class Automaton(JupyterDisplay):
    """States, and which of them each symbol leads to; it may be put on a page or into a question as it is."""

    states: tuple[str, ...]
    alphabet: tuple[str, ...]
    moves: tuple[tuple[str, str, str], ...]  # from, symbol ("" reads nothing), to
    start: str
    accept: frozenset[str]
    caption: str = ""

    @cached_property
    def _table(self) -> dict[tuple[str, str], frozenset[str]]:
        table: dict[tuple[str, str], set[str]] = {}
        for source, symbol, target in self.moves:
            table.setdefault((source, symbol), set()).add(target)
        return {key: frozenset(targets) for key, targets in table.items()}

    @property
    def deterministic(self) -> bool:
        """Whether every symbol leads from every state to at most one state, and nothing moves unread."""
        return all(symbol and len(targets) == 1 for (_, symbol), targets in self._table.items())

    def steps(self, word: str | Sequence[str]) -> list[tuple[str, ...]]:
        """The states that it may be in at the start and after each symbol of `word`."""
        here = self._closed({self.start})
        visited = [here]
        for symbol in word:
            here = self._after(here, symbol)
            visited.append(here)
        return [tuple(state for state in self.states if state in each) for each in visited]

    def run(self, word: str | Sequence[str]) -> list[str]:
        """The states that it visits as it reads `word`, beginning with the start.

        A deterministic automaton stops where no move is possible. Of one that is not deterministic each step is
        written as a set, such as "{A, B}", or "∅".
        """
        steps = self.steps(word)
        if self.deterministic:
            return [step[0] for step in steps if step]
        return ["{" + ", ".join(step) + "}" if step else "∅" for step in steps]

    def accepts(self, word: str | Sequence[str]) -> bool:
        """Whether it accepts `word`: a text of one-letter symbols, or a list of symbols.

        A word with a symbol that it does not know is not accepted.
        """
        return not self.accept.isdisjoint(self.steps(word)[-1])

    def words(self, longest: int) -> list[str]:
        """The accepted words of at most `longest` symbols, by length and then by alphabet.

        Raises CoursewrightError when there are more than 100,000.
        """
        found, front = [], [("", self._closed({self.start}))]
        for length in range(longest + 1):
            found += [word for word, here in front if here & self.accept]
            if length == longest:
                break
            further = ((word + symbol, self._after(here, symbol)) for word, here in front for symbol in self.alphabet)
            front = [(word, here) for word, here in further if here & self._live]
            if len(front) + len(found) > MOST_WORDS:
                raise CoursewrightError(
                    f"there are more than {MOST_WORDS:,} words of up to {longest} symbols", hint="ask for shorter ones"
                )
        return found

    @cached_property
    def _live(self) -> frozenset[str]:
        """The states from which an accepting one can be reached."""
        live = set(self.accept)
        while more := {source for source, _, target in self.moves if target in live} - live:
            live |= more
        return frozenset(live)

    def _after(self, here: frozenset[str], symbol: str) -> frozenset[str]:
        if not symbol:
            return here
        return self._closed(set().union(*(self._table.get((state, symbol), frozenset()) for state in here)))

    def _closed(self, states: set[str]) -> frozenset[str]:
        """`states` and what is reached from them without reading."""
        while more := set().union(*(self._table.get((state, ""), frozenset()) for state in states)) - states:
            states = states | more
        return frozenset(states)

    @property
    def alt(self) -> str:
        """The automaton in words: what its picture shows, and no more."""
        own, kind = said(), "automaton" if self.deterministic else "nondeterministic"
        accepting = own.listed([state for state in self.states if state in self.accept])
        ends = own("accepts", names=accepting) if self.accept else own("accepts_nowhere")
        parts = [own(kind, states=own.counted("state", "states", self.states), start=plain(self.start), ends=ends)]
        for state in self.states:
            moves = [(label, target) for source, target, label in self._labels() if source == state]
            ways = "; ".join(own("way", label=label, target=plain(target)) for label, target in moves)
            parts.append(own("from", name=plain(state), ways=ways or own("nothing")))
        return " ".join(parts)

    @property
    def svg(self) -> str:
        """Its picture as SVG."""
        return self.figure().svg

    def bundle(self) -> Bundle:
        """Its picture as SVG on white paper."""
        return self.figure().on_white().bundle()

    def figure(self, highlight: Iterable[str] = ()) -> Figure:
        """Its picture; the states in `highlight` are coloured, as are the moves between two that follow one another.

        `machine.figure(machine.run("aab"))` shows a run. Raises CoursewrightError for a state that does not exist, and
        for more than 24 states.
        """
        marked = [highlight] if isinstance(highlight, str) else list(highlight)
        for state in marked:
            _known(state, self.states, "to highlight")
        if len(self.states) > MOST_STATES:
            message = f"an automaton of {len(self.states)} states is too large for a picture"
            raise CoursewrightError(message, hint=f"draw at most {MOST_STATES}")
        number = {state: index for index, state in enumerate(self.states)}
        taken = set(pairwise(marked))
        network = Network(
            names=self.states,
            arrows=tuple(
                Arrow(number[source], number[target], label, bold=(source, target) in taken)
                for source, target, label in self._labels()
            ),
            start=number[self.start],
            double=frozenset(number[state] for state in self.accept),
            bold=frozenset(number[state] for state in marked),
        )
        coloured = [state for state in self.states if state in marked]
        alt = self.alt + (f" {said()('highlighted', names=said().listed(coloured))}" if coloured else "")
        drawn = kept(
            (
                "automaton",
                network.names,
                network.arrows,
                network.start,
                sorted(network.double),
                sorted(network.bold),
                alt,
            ),
            lambda: picture(clearest(network, automaton_places(network)), alt),
        )
        return replace(drawn, caption=self.caption)

    def _labels(self) -> list[tuple[str, str, str]]:
        """From, to, and the symbols of all moves between these two."""
        together: dict[tuple[str, str], list[str]] = {}
        for source, symbol, target in self.moves:
            together.setdefault((source, target), []).append(symbol or "ε")
        return [(*pair, plain(", ".join(symbols))) for pair, symbols in together.items()]


def automaton(
    transitions: Mapping[str, Mapping[str, str | Iterable[str]]],
    *,
    start: str,
    accept: Iterable[str],
    caption: str = "",
) -> Automaton:
    """The automaton whose `transitions` say for each state which state, or which states, a symbol leads to.

    `"a, b"` is short for two symbols that lead to the same place; `""` or `"ε"` reads nothing. A state without moves
    may be left out when it is an accepting one. Raises CoursewrightError for a state that is not known.
    """
    if not isinstance(transitions, Mapping) or not all(isinstance(moves, Mapping) for moves in transitions.values()):
        raise CoursewrightError("these are no transitions", hint='write {"A": {"0": "A", "1": "B"}, "B": {…}}')
    ends = [str(state) for state in ([accept] if isinstance(accept, str) else accept)]
    moves = [
        (str(source), symbol, target)
        for source, ways in transitions.items()
        for symbols, targets in ways.items()
        for symbol in _symbols(symbols)
        for target in _targets(targets)
    ]
    states = tuple(dict.fromkeys([*(str(state) for state in transitions), *ends]))
    named = {str(state) for state in transitions} | {target for _, _, target in moves}
    _known(str(start), states, "to start in")
    for state in ends:
        _known(state, named | {str(start)}, "to accept in")
    for source, symbol, target in moves:
        _known(target, states, f'that "{symbol or "ε"}" leads to from "{source}"')
    alphabet = tuple(sorted({symbol for _, symbol, _ in moves if symbol}))
    return Automaton(states, alphabet, tuple(dict.fromkeys(moves)), str(start), frozenset(ends), caption)


def _symbols(text: Any) -> list[str]:
    parts = [part.strip() for part in str(text).split(",")]
    return ["" if part in _EMPTY else part for part in parts] if all(parts) or len(parts) == 1 else [str(text)]


def _targets(targets: Any) -> list[str]:
    if isinstance(targets, Iterable) and not isinstance(targets, str):
        return [str(target) for target in targets]
    return [str(targets)]


def _known(state: object, states: Iterable[str], what: str) -> None:
    if str(state) not in set(states):
        raise CoursewrightError(f'no state called "{plain(state)}" {what}', hint=did_you_mean(str(state), states))
