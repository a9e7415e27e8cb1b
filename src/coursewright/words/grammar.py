"""The noun of this room: a grammar, its rules read once, from a dictionary or a file."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, field, fields, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursewright.chance import mix, seed_hash
from coursewright.errors import Place, Problem, SeveralProblems
from coursewright.words.language import scan
from coursewright.words.language.files import line_of, read_rules
from coursewright.words.language.rules import BadRules, RuleSet, compile_rules
from coursewright.words.marks import guard_rule
from coursewright.words.printing import languages
from coursewright.words.printing import modifiers as all_modifiers
from coursewright.words.rowwise.draw import Draw
from coursewright.words.rowwise.steps import Step
from coursewright.words.rowwise.trouble import MissingValueWarning, NotToldWarning, unfit_said, warn_unknown
from coursewright.words.rowwise.writer import RowWriter

if TYPE_CHECKING:
    from coursewright.words.printing.modifiers import Modify


@dataclass(frozen=True, eq=False)
class Grammar:
    """Tracery rules, compiled: what each symbol may become.

    `rules` maps the name of a symbol to a text, a list of texts, a map of texts to weights, a map of conditions to any
    of these, or `{"no repeat": [...]}`. `place` says where they were written, for messages. With `strict` an unknown
    symbol or modifier is an error; without, it is shown in the text as `((symbol))` and `((.modifier))`, as in Tracery,
    and a NotToldWarning says so.
    `modifiers` adds functions of a text (or value) and texts; `max_depth` and `max_length` limit one text. `escape` is
    what makes a value safe in the language that the rules are written in, such as Markdown; rules stay as they are.

    Raises `SeveralProblems` for rules in no known form, CoursewrightError for a language that is not known.
    The language is that of Kate Compton's Tracery.
    """

    rules: Mapping[str, Any]
    _: KW_ONLY
    place: Place | None = None
    language: str = "en-GB"
    strict: bool = False
    modifiers: Mapping[str, Modify] = field(default_factory=dict)
    escape: Callable[[str], str] | None = None
    max_depth: int = 150
    max_length: int = 1_000_000
    source: str = field(default="", repr=False)
    compiled: Mapping[str, RuleSet] = field(init=False, repr=False)
    all_modifiers: Mapping[str, Modify] = field(init=False, repr=False)
    text_of: Callable[[object], str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        languages.check(self.language, self.place)
        compiled, problems = {}, []
        for name, raw in self.rules.items():
            try:
                compiled[str(name)] = compile_rules(raw)
            except BadRules as error:
                problems.append(Problem(f'rule "{name}": {error}', self.where(str(name)), error.hint, "grammar-form"))
        if problems:
            raise SeveralProblems(problems)
        object.__setattr__(self, "compiled", compiled)
        object.__setattr__(self, "text_of", languages.printer(self.language))
        object.__setattr__(self, "all_modifiers", {**all_modifiers.table(self.language), **self.modifiers})

    def __reduce__(self) -> Any:
        """Travels as what it was made of, and is compiled again where it arrives."""
        given = {one.name: getattr(self, one.name) for one in fields(self) if one.init}
        return partial(type(self), **given), ()

    @classmethod
    def read(cls, path: str | Path, **options: Any) -> Grammar:
        """The grammar in a `.json`, `.yaml` or `.yml` file; `options` are those of `Grammar`.

        Raises CoursewrightError with file and line if it cannot be read.
        """
        rules, source = read_rules(Path(path))
        return cls(rules, place=options.pop("place", Place(path)), source=source, **options)

    def flatten(self, text: str, *, seed: int | str = 0, values: Mapping[str, Any] | None = None) -> str:
        """One text, `#symbols#` expanded; the same seed gives the same text. `values` are symbols that are data.

        Nothing is left over for the next call: what one text saves another does not see. Where a value is missing and
        nothing stands for it the text is empty, and a MissingValueWarning says so.
        """
        writer = self._writer(seed, values or {})
        told = writer.write(scan.read(guard_rule(text)))
        if writer.gap:
            message, where, hint = writer.gap.problem
            warnings.warn(
                f"{message}, so there is no text\n  --> {where}\nhint: {hint}", MissingValueWarning, stacklevel=2
            )
        if writer.unfit:
            warnings.warn(unfit_said(writer.unfit), NotToldWarning, stacklevel=2)
        if "((" in told and not self.strict:
            warn_unknown(self._unknown_in(text, values or {}), stacklevel=2)
        return told

    def _unknown_in(self, text: str, values: Mapping[str, Any]) -> list[Problem]:
        """What is not known in a text, or in the rules that it leads to."""
        from coursewright.words.language.checks import OF_A_TEXT

        asked = replace(self, rules={**self.rules, OF_A_TEXT: text})
        return [problem for problem in asked.check(values, [OF_A_TEXT]) if problem.rule.startswith("unknown")]

    def explain(self, text: str, *, seed: int | str = 0, values: Mapping[str, Any] | None = None) -> list[Step]:
        """The rules that fired for `flatten(text)` with this seed, in order."""
        steps: list[Step] = []
        self._writer(seed, values or {}, steps).write(scan.read(guard_rule(text)))
        return steps

    def check(
        self,
        columns: Iterable[str] | None = None,
        start: Iterable[str] = ("origin",),
        *,
        missing: Collection[str] = (),
        each: Collection[str] = (),
    ) -> list[Problem]:
        """What is wrong with the grammar, before there is a row: see `coursewright.words.language.checks`.

        `columns` are the names that rows will bring (None: not known, so nothing is said about unknown symbols that
        could be columns); `start` the rules that texts begin with; `missing` the columns with missing values;
        `each` those with missing values in the rows of a group, where texts are those of groups.
        """
        from coursewright.words.language.checks import check_grammar
        from coursewright.words.language.idle import idle
        from coursewright.words.language.unfilled import unfilled

        starts, known = list(start), None if columns is None else set(columns)
        found = [*check_grammar(self, known, starts), *idle(self, known), *unfilled(self, missing, starts, each)]
        return list(dict.fromkeys(found))

    def where(self, rule: str, text: str = "") -> Place:
        """The place of a rule, or of one of its texts, for a message."""
        place = self.place or Place("grammar")
        if place.part:
            return place
        line = (line_of(self.source, rule, text) if self.source else None) or place.line
        return Place(place.file, line, f"rule {rule}" if rule else "")

    def _writer(self, seed: int | str, values: Mapping[str, Any], trace: list[Step] | None = None) -> RowWriter:
        return RowWriter(self, values, Draw(mix(0), seed_hash(seed), 0), trace)
