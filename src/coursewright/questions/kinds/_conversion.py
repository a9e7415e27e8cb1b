"""Converting units, by Pint."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import Any

from coursewright.errors import CoursewrightError, MissingPart
from coursewright.questions.formulas.units import canonical, is_currency
from coursewright.questions.part import Unit


@lru_cache(maxsize=1024)
def converted(name: str, unit: str) -> Unit:
    """How to convert from the unit `name` to `unit`, by Pint."""
    if canonical(name) == canonical(unit):
        return Unit(name)  # another way to write it, such as EUR for €
    try:
        import pint
    except ModuleNotFoundError:
        raise MissingPart("units are converted by Pint", hint='pip install "coursewright[units]"') from None
    if is_currency(name) or is_currency(unit):
        hint = "money of two kinds has no fixed rate: ask for one, or for a number of pence without a unit"
        raise CoursewrightError(f'"{name}" cannot be converted to "{unit}"', None, hint)
    registry: Any = _registry()
    try:
        one, other = (each if each in registry else canonical(each) for each in (name, unit))  # Pint knows no cm3
        at_0, at_1 = (Fraction(registry.Quantity(Fraction(at), one).to(other).magnitude) for at in (0, 1))
    except pint.errors.UndefinedUnitError as error:
        hint = "write it as Pint does, such as m/s, km/hour, degC"
        names = error.unit_names if isinstance(error.unit_names, str) else ", ".join(error.unit_names)
        raise CoursewrightError(f'there is no unit "{names}"', None, hint) from None
    except Exception:  # noqa: BLE001 - Pint reads units by Python's tokens, and fails as these do
        raise CoursewrightError(f'"{name}" cannot be converted to "{unit}"') from None
    return Unit(name, float(at_1 - at_0), float(at_0))


@lru_cache(maxsize=1)
def _registry() -> object:
    import pint

    return pint.UnitRegistry(autoconvert_offset_to_baseunit=True, non_int_type=Fraction)
