"""The ways to type a number that marking accepts: what each exporter's platform makes of them is told by exporter.

An exporter whose platform marks numbers itself has `NOT_READ`: for each way that its platform takes for another number,
or for none, the reason. From there come the table of the guide and the cases of a test.
"""

from __future__ import annotations

from typing import NamedTuple


class Example(NamedTuple):
    """A number as it is typed, what it is, and the unit of the question ("" for none; others go with some)."""

    text: str
    value: float
    unit: str = ""


class Notation(NamedTuple):
    """A way to type numbers, in words, with examples."""

    words: str
    examples: tuple[Example, ...]


WAYS = {
    "digits": Notation("digits, a point, a sign", (Example("1234.5", 1234.5), Example("-3", -3), Example("+3", 3))),
    "bare point": Notation("a point first or last", (Example(".5", 0.5), Example("5.", 5))),
    "minus": Notation("a minus sign that is no hyphen", (Example("\u22123", -3),)),
    "commas": Notation("commas at the thousands", (Example("1,234", 1234), Example("1,234,567.5", 1234567.5))),
    "spaces": Notation("spaces at the thousands", (Example("1 234.5", 1234.5),)),
    "narrow": Notation(
        "narrow spaces or apostrophes there", (Example("1\u202f234.5", 1234.5), Example("1'234.5", 1234.5))
    ),
    "comma": Notation("a comma for the point", (Example("3,14", 3.14), Example("0,5", 0.5))),
    "e": Notation("a power of ten with e", (Example("1.2e3", 1200), Example("1.2E-3", 0.0012))),
    "times": Notation("a power of ten written out", (Example("1.2×10^3", 1200), Example("1.2*10**-3", 0.0012))),
    "raised": Notation("a power of ten with raised digits", (Example("1.2 × 10³", 1200), Example("1.2·10⁻³", 0.0012))),
    "alone": Notation("a power of ten alone", (Example("10^4", 10000), Example("10⁴", 10000))),
    "currency": Notation("a currency in front", (Example("£12.50", 12.5, "£"), Example("£ 12.50", 12.5, "£"))),
    "debt": Notation("a minus before the currency", (Example("-£5", -5, "£"),)),
    "currency behind": Notation("a currency behind", (Example("12.50 £", 12.5, "£"), Example("12.50£", 12.5, "£"))),
    "currency's name": Notation(
        "the name of a currency in front", (Example("CHF 12.50", 12.5, "CHF"), Example("kr12.50", 12.5, "kr"))
    ),
    "currency's other name": Notation("another name of the same currency", (Example("12.50 GBP", 12.5, "£"),)),
    "unit": Notation("a unit behind", (Example("57 cm", 57, "cm"), Example("57cm", 57, "cm"))),
    "other unit": Notation("another unit of the question", (Example("0.57 m", 57, "cm"), Example("0.29 m", 29, "cm"))),
    "capitals": Notation("a unit in other capitals", (Example("0.57 M", 57, "cm"),)),
    "other writing": Notation(
        "a unit written in another way", (Example("57000 mm3", 57, "cm^3"), Example("5700 cm s⁻²", 57, "m/s^2"))
    ),
    "unit left out": Notation("no unit, where none is required", (Example("57", 57, "cm"), Example("12.5", 12.5, "£"))),
}

WITH_UNIT = tuple(name for name, way in WAYS.items() if way.examples[0].unit and name != "unit left out")
"""The ways that have a unit in them."""
