"""The verb of this room: one text for each row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from coursewright import chance
from coursewright.errors import SeveralProblems
from coursewright.words import scan
from coursewright.words.rows import Draw, Writer
from coursewright.words.values import guard_rule, is_missing, plain

if TYPE_CHECKING:
    from coursewright.words.grammar import Grammar


def tell(
    grammar: Grammar,
    rows: Any,
    rule: str = "origin",
    *,
    seed: int | str = 0,
    key: str | Sequence[str] | None = None,
) -> Any:
    """The text of each row, every column being a symbol; the answer is of the kind that `rows` is."""
    rows = list(rows)
    _check(grammar, rows, rule)
    hashed = chance.seed_hash(seed)
    start = scan.read(guard_rule(f"#{rule}#"))
    return [
        Writer(grammar, row, Draw(row_key(row, key, position), hashed, position)).write(start)
        for position, row in enumerate(rows)
    ]


def row_key(row: Mapping[str, Any], key: str | Sequence[str] | None, position: int) -> int:
    """The hash of a row's key: of the columns named, or of its position."""
    if key is None:
        return chance.key_hash(position)
    values = [plain(row[name]) for name in ([key] if isinstance(key, str) else key)]
    return chance.keys_hash([chance.key_hash("" if is_missing(value) else value) for value in values])


def _check(grammar: Grammar, rows: Iterable[Mapping[str, Any]], rule: str) -> None:
    if not grammar.strict:
        return
    columns = dict.fromkeys(name for row in rows for name in row)
    problems = [problem for problem in grammar.check(columns, [rule]) if problem.rule.startswith("unknown")]
    if problems:
        raise SeveralProblems(problems)
