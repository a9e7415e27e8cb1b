"""Values over the rows of a SELECT, as an engine is asked for them beside which the hashes of keys are made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coursewright.words.in_sql.value import named


@dataclass(frozen=True)
class Over:
    """`told` is the SELECT of the values. Where the choices of words hang on a key it is in two parts, between which
    come the rows of VALUES: the position of each row, the hash of its key, and that hash at each of `places`.

    Then `make` makes a table of the rows, `keys` is the SELECT of their positions and the texts of the key's columns,
    whose types are `kinds`; a key of no columns is the position. `more` is as `told`, of values for later.
    """

    told: tuple[str, ...]
    make: str = ""
    keys: str = ""
    kinds: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    more: tuple[str, ...] = ()

    def tried(self) -> Iterator[str]:
        """The statements, with some hash in the place of each: to see whether an engine takes them."""
        yield from filter(None, (self.make, self.keys))
        hashes = f"({', '.join(['0', *['0::UBIGINT'] * (1 + len(self.places))])})"
        yield from (hashes.join(parts) for parts in (self.told, self.more) if parts)


def over(
    values: Sequence[str],
    rows: str,
    key: Sequence[tuple[str, str]] | None = None,
    places: Sequence[int] = (),
    *,
    table: str = "_rows",
    in_order: bool = False,
    later: Sequence[str] = (),
) -> Over:
    """The values over `rows`, by a `key` of columns with their types where one is needed; `table` holds them then.

    `in_order` asks for them in the order of the rows. `later` are values that are seldom asked for, by a key alone.
    """
    wanted = ", ".join(values)
    last = " ORDER BY _position" if in_order else ""
    numbered = f"SELECT row_number() OVER () - 1 AS _position, * FROM ({rows})"
    if key is None:
        return Over((f"SELECT {wanted} FROM ({numbered if in_order else rows}){last}",))
    made = named(table)
    texts = "".join(f", CAST({named(name)} AS VARCHAR)" for name, _ in key)
    hashes = ", ".join(["_position", "_key", *(f"_h{at}" for at in range(len(places)))])
    joined = f" FROM {made} JOIN (VALUES ", f") _keys({hashes}) USING (_position){last}"
    return Over(
        (f"SELECT {wanted}{joined[0]}", joined[1]),
        f"CREATE OR REPLACE TEMP TABLE {made} AS {numbered}",
        f"SELECT _position{texts} FROM {made} ORDER BY _position",
        tuple(kind for _, kind in key),
        tuple(map(str, places)),
        (f"SELECT {', '.join(later)}{joined[0]}", joined[1]) if later else (),
    )
