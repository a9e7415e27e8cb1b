"""The verb: a plan as one SQL expression over the columns of the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from coursewright import chance
from coursewright.markup import escape_anywhere
from coursewright.words.columnar.parts import (
    ClosingPhrases,
    ColumnValue,
    Concatenation,
    Each,
    FixedText,
    ModifiedPart,
    Part,
    Pick,
    Plan,
    Test,
    WordList,
    within,
)
from coursewright.words.columnar.plan import plan
from coursewright.words.in_sql import hashes, lists, value
from coursewright.words.in_sql.conditions import Conditions
from coursewright.words.in_sql.modifiers import applied
from coursewright.words.in_sql.value import (
    NEVER,
    TEXT,
    NotInSql,
    Value,
    ValueKind,
    bound,
    fresh,
    named,
    once,
    quoted,
    text,
)
from coursewright.words.language import quoting
from coursewright.words.marks import END, FAILED, FILLED, GAP, guard_rule

if TYPE_CHECKING:
    from coursewright.words.columnar.cells import ValuePrinter
    from coursewright.words.grammar import Grammar

KEY, POSITION = "_key", "_position"
_LONGEST = 1_000_000  # characters of SQL
_GONE = f"({GAP}|{FILLED}[^{FILLED}{END}]*{END})+"


@dataclass(frozen=True)
class InSql:
    """The text of a row as an expression over its columns, NULL where it cannot be told.

    With `by_key` it also names `_key`, the hash of the row's key (`words.door.keys.row_key`), with `by_position` the
    position of the row, `_position`. Where hashes are given, it names no key, but `_h0`, `_h1` and so on: for each of
    `places`, the hash of the key at it, `mix(key ^ place)`.
    """

    text: str
    by_key: bool
    by_position: bool
    places: tuple[int, ...] = ()

    def over(self, rows: str) -> str:
        """The texts of the rows of a SELECT, which brings what is named besides its columns."""
        return f"SELECT {self.text} AS text FROM ({rows})"


def in_sql(
    grammar: Grammar,
    columns: Mapping[str, str],
    rule: str = "origin",
    *,
    seed: int | str = 0,
    given: list[int] | None = None,
) -> InSql:
    """The text of every row as one expression; `columns` are the types of the columns as DuckDB writes them.

    With `given`, hashes come with the rows: it collects the places, those of other texts of the same rows first.
    Raises NotInSql, which is a NotColumnar, with the reason.
    """
    if grammar.escape not in (None, escape_anywhere):
        raise NotInSql("values escaped by a function of Python")
    made = plan(grammar, guard_rule(quoting.tag(rule)), columns)
    if made.escapes:
        raise NotInSql("escapes in text that is saved or modified")
    maker = _Maker(grammar, columns, chance.seed_hash(seed), given)
    sql = maker.shown(made)
    if len(sql) > _LONGEST:
        raise NotInSql(f"SQL of more than {_LONGEST:,} characters")
    choices = [part.choice for part in maker.parts if isinstance(part, Pick | WordList) and len(part.choice.texts) > 1]
    return InSql(
        sql, not all(choice.dealt for choice in choices), any(choice.dealt for choice in choices), tuple(given or ())
    )


class _Maker:
    """Makes SQL of the parts of a plan, for a row or for one item of a group."""

    def __init__(self, grammar: Grammar, columns: Mapping[str, str], seed: int, given: list[int] | None = None) -> None:
        self.given = given
        self.grammar = grammar
        self.columns = columns
        self.seed = seed
        self.key, self.position = KEY, POSITION
        self.item: tuple[str, str] | None = None  # the position of the item that is told, and how many there are
        self.parts: list[Part] = []
        self.length = 0
        self.escaped: dict[str, int] = {}  # texts of values in Markdown, which are escaped together, by their places
        self.all_escaped = fresh()

    def shown(self, plan: Plan) -> str:
        """The finished text."""
        self.parts += within(plan.part)
        made = self.made(plan.part)
        longest = self.grammar.max_length

        def finished(told: str) -> str:
            gone = f"regexp_matches({told}, '[{GAP}{FAILED}]')"
            bare = f"replace(replace({told}, '{FILLED}', ''), '{END}', '')"
            return f"CASE WHEN {gone} OR length({told}) > {longest} THEN NULL ELSE {bare} END"

        told = bound(made, finished)
        values = f"list_transform([{', '.join(self.escaped)}], lambda _value: cw_markdown(_value))"
        return f"list_transform([{values}], lambda {self.all_escaped}: {told})[1]" if self.escaped else told

    def made(self, part: Part) -> str:
        """The text of a part in the making, with marks where something is missing."""
        sql = str(self._work[type(part)](self, part))
        self.length += len(sql)
        if self.length > 20 * _LONGEST:
            raise NotInSql("a grammar whose parts grow too long in SQL")
        return sql

    def column(self, name: str) -> Value:
        """The value of a column in the row, or of the item of it that is told."""
        if name not in self.columns:
            raise NotInSql(f'the field "{name}" of a column')
        declared, sql = self.columns[name], named(name)
        if self.item is None or not declared.endswith("[]"):
            return value.column(sql, declared)
        at, rows = self.item  # a list of another length than the group's would be itself, and is not told
        item = value.column(f"{sql}[{at} + 1]", declared[:-2])
        alike = f"len({sql}) = {rows}"
        told = f"CASE WHEN {alike} THEN {item.sql} END"
        return replace(item, sql=told, missing=f"({alike} AND {item.missing})", may_fail=True)

    def _words(self, part: FixedText) -> str:
        return quoted(part.text)

    def _word_list(self, part: WordList) -> str:
        which = self._chosen(part)
        return f"[{', '.join(map(quoted, part.texts))}][{which} + 1]"

    def _chosen(self, part: Pick | WordList) -> str:
        choice, place = part.choice, part.place ^ self.seed
        if len(choice.texts) == 1:
            return "0"
        if choice.dealt:
            return hashes.dealt(choice, part.place, self.seed, self.position)
        if self.given is None or self.item:
            return hashes.picked(choice.picker, hashes.hashed(self.key, place))
        if place not in self.given:
            self.given.append(place)
        return hashes.picked(choice.picker, f"_h{self.given.index(place)}")

    def _pick(self, part: Pick) -> str:
        options = [self.made(option) for option in part.options]
        if len(options) == 1:
            return options[0]
        if part.option_of is not None:
            raise NotInSql("a choice whose options are shared")
        cases = " ".join(f"WHEN {number} THEN {option}" for number, option in enumerate(options))
        return f"CASE {self._chosen(part)} {cases} END"

    def _test(self, part: Test) -> str:
        conditions = Conditions(self.column)
        cases = []
        for condition, option in zip(part.conditions, part.options, strict=False):
            holds, undecided = conditions.holds(condition)
            if undecided:
                cases.append(f"WHEN {undecided} THEN NULL")
            cases.append(f"WHEN {holds} THEN {self.made(option)}")
        return f"CASE {' '.join(cases)} ELSE {self.made(part.options[-1])} END"

    def _joined(self, part: Concatenation) -> str:
        return f"({' || '.join(map(self.made, part.parts))})"

    def _cell(self, part: ColumnValue) -> str:
        told = applied(self.grammar, self.column(part.column), part.modifiers)
        return self._filled(told, part.missing, escaped=True)

    def _filled(self, told: Value, missing: Part, *, escaped: bool = False) -> str:
        """The text of a value, with what stands for it where it is missing."""
        if told.kind.inner:
            told = lists.listed(told)
        sql = text(told)
        if escaped and self.grammar.escape:
            sql = self._in_markdown(sql)
        return sql if told.missing == NEVER else f"CASE WHEN {told.missing} THEN {self.made(missing)} ELSE {sql} END"

    def _in_markdown(self, sql: str) -> str:
        """The text of a value, escaped: together with the others, since the engine plans it anew for each."""
        if self.item:  # it hangs on the item
            return once(sql, "cw_markdown({})".format)
        place = self.escaped.setdefault(sql, len(self.escaped) + 1)
        return f"{self.all_escaped}[{place}]"

    @cached_property
    def _cells(self) -> ValuePrinter:
        from coursewright.words.columnar.cells import (
            ValuePrinter,  # it needs the libraries of frames, and most courses need no SQL
        )

        return ValuePrinter(self.grammar)

    def _modified(self, part: ModifiedPart) -> str:
        """Modifiers over a finished text: words are modified now, by Python; of the rest what is missing stays so."""
        if isinstance(part.part, FixedText) and not value.has_marks(part.part.text):
            done = self._cells.modified(part.part.text, part.modifiers)
            return quoted(done) if done is not None else self.made(part.missing)
        if isinstance(part.part, WordList):
            return self._modified_list(part, part.part)
        return bound(self.made(part.part), partial(self._around_gaps, part))

    def _modified_list(self, part: ModifiedPart, listed: WordList) -> str:
        done = [self._cells.modified(words, part.modifiers) for words in listed.texts]
        if None in done:
            raise NotInSql("modifiers that leave nothing of some words")
        return self._word_list(WordList(listed.choice, listed.place, tuple(map(str, done))))

    def _around_gaps(self, part: ModifiedPart, told: str) -> str:
        """`marks.around_gaps`: modifiers see a text without its gaps, and nothing where it is missing."""
        bare = f"replace(replace(replace({told}, '{GAP}', ''), '{FILLED}', ''), '{END}', '')"
        there = applied(self.grammar, Value(bare, TEXT), part.modifiers)
        if there.missing != NEVER:
            raise NotInSql("modifiers that may leave nothing of a text")
        sql, has_gap = text(there), f"regexp_matches({told}, '[{GAP}{FILLED}]')"
        after = f"CASE WHEN contains({told}, '{GAP}') THEN '{GAP}' WHEN {has_gap} THEN '{FILLED}{END}' ELSE '' END"
        stays = [modifier for modifier in part.modifiers if modifier.name == "or"]
        gone = f"WHEN {has_gap} AND regexp_full_match({told}, '{_GONE}') THEN "
        if stays:
            raise NotInSql("the modifier .or over a text")
        return f"CASE {gone}{told} ELSE {sql} || {after} END"

    def _closing(self, part: ClosingPhrases) -> str:
        """Phrases: for each set of them that vanish, what is told then."""
        gaps = [
            f"CASE WHEN regexp_matches({self.made(phrase)}, '[{GAP}{FILLED}]') THEN {1 << number} ELSE 0 END"
            for number, phrase in enumerate(part.phrases)
        ]
        cases = " ".join(f"WHEN {number} THEN {self.made(option)}" for number, option in enumerate(part.options))
        return f"CASE {' + '.join(gaps)} {cases} END"

    def _each(self, part: Each) -> str:
        """A rule told for each row of a group; where there is a gap in one of the texts, all are missing."""
        if (
            self.item
            or part.before
            or not isinstance(part.rule, Plan)
            or not self.columns.get(part.column, "").endswith("[]")
        ):
            raise NotInSql("a rule for each row of something else than a group")
        group, at = named(part.column), fresh()
        maker = _Maker(self.grammar, self.columns, self.seed)
        maker.position, maker.item = at, (at, f"len({group})")
        key = f"cw_mix(xor(xor({self.key}, {hashes.number(part.place)}), cw_mix({at}::UBIGINT)))"

        def told(own: str) -> str:
            maker.key = own
            return maker.made(part.rule.part)

        self.parts += within(part.rule.part)
        items = f"list_transform(range(len({group})), lambda {at}: {bound(key, told)})"

        def listed(items: str) -> str:
            gap, item = f"list_filter({items}, lambda x: contains(x, '{GAP}'))", fresh()
            bare = f"replace(replace({item}, '{FILLED}', ''), '{END}', '')"
            shown = f"CASE WHEN cw_known({items}) THEN list_transform({items}, lambda {item}: {bare}) END"
            texts = Value(shown, ValueKind("list", TEXT), f"({group} IS NULL OR len({gap}) > 0)")
            return self._filled(applied(self.grammar, texts, part.after), part.missing)

        return bound(items, listed)

    _work: Mapping[type, Any] = {
        FixedText: _words,
        WordList: _word_list,
        ColumnValue: _cell,
        Pick: _pick,
        Test: _test,
        Concatenation: _joined,
        ModifiedPart: _modified,
        ClosingPhrases: _closing,
        Each: _each,
    }
