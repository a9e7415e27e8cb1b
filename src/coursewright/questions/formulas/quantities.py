"""Quantities in the units that make them up: 100 cm is 1 m, and 3.6 km/h is 1 m/s."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

_PREFIXES = {
    "T": 12,
    "G": 9,
    "M": 6,
    "k": 3,
    "h": 2,
    "da": 1,
    "d": -1,
    "c": -2,
    "m": -3,
    "µ": -6,
    "μ": -6,
    "n": -9,
    "p": -12,
}
_PREFIXED = frozenset(
    {"m", "g", "s", "L", "l", "t", "J", "W", "Wh", "V", "A", "N", "Pa", "Hz", "mol", "Ω", "F", "bar", "eV", "B"}
)
_MADE_OF: dict[str, tuple[Fraction, dict[str, int]]] = {
    "min": (Fraction(60), {"s": 1}),
    "h": (Fraction(3600), {"s": 1}),
    "hour": (Fraction(3600), {"s": 1}),
    "d": (Fraction(86400), {"s": 1}),
    "L": (Fraction(1, 1000), {"m": 3}),
    "l": (Fraction(1, 1000), {"m": 3}),
    "t": (Fraction(1_000_000), {"g": 1}),
    "ha": (Fraction(10_000), {"m": 2}),
    "Hz": (Fraction(1), {"s": -1}),
    "N": (Fraction(1000), {"g": 1, "m": 1, "s": -2}),
    "Pa": (Fraction(1000), {"g": 1, "m": -1, "s": -2}),
    "bar": (Fraction(100_000_000), {"g": 1, "m": -1, "s": -2}),
    "J": (Fraction(1000), {"g": 1, "m": 2, "s": -2}),
    "W": (Fraction(1000), {"g": 1, "m": 2, "s": -3}),
    "Wh": (Fraction(3_600_000), {"g": 1, "m": 2, "s": -2}),
}
_PREFIX = re.compile(rf"({'|'.join(sorted(_PREFIXES, key=len, reverse=True))})({'|'.join(_PREFIXED)})")


def quantity(value: Decimal | Fraction, unit: str) -> tuple[Fraction, str]:
    """The value and the unit, as `canonical` writes it, by what both are in units that nothing else makes up."""
    number, powers = Fraction(value), dict[str, int]()
    for piece in unit.split("·"):
        name, _, power = piece.partition("^")
        if not re.fullmatch(r"-?\d+", power):
            return Fraction(value), unit
        factor, base = _base(name)
        number *= factor ** int(power)
        for each, times in base.items():
            powers[each] = powers.get(each, 0) + times * int(power)
    return number, "·".join(f"{name}^{powers[name]}" for name in sorted(powers) if powers[name])


def _base(name: str) -> tuple[Fraction, dict[str, int]]:
    """How many of what one of a unit is."""
    if name in _MADE_OF or name in _PREFIXED:
        return _MADE_OF.get(name, (Fraction(1), {name: 1}))
    if found := _PREFIX.fullmatch(name):
        factor, base = _base(found[2])
        return factor * Fraction(10) ** _PREFIXES[found[1]], base
    return Fraction(1), {name: 1}
