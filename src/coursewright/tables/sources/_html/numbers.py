"""How numbers are written on a page: which sign is before the fraction, and which between thousands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from coursewright.tables.sources._html.cells import SIGNS, THIN, as_thin

# No number begins with 0, except 0 itself: 007 is a name. Eighteen digits are what 64 bits hold.
_PLAIN = "0|[1-9][0-9]{0,17}"
_SIGN = "[-\u2212]?"
_SIGNS = frozenset(".,'’")


@dataclass(frozen=True, slots=True)
class NumberSigns:
    """The sign before the fraction of a number, and those that may stand between its thousands, beside a thin space."""

    decimal: str = "."
    thousands: str = ","

    @property
    def whole(self) -> str:
        """The pattern of a whole number."""
        return f"^{_SIGN}(?:{self._digits})$"

    @property
    def number(self) -> str:
        """The pattern of a number."""
        point = re.escape(self.decimal)
        return f"^{_SIGN}(?:(?:{self._digits})|(?:{self._digits})?{point}[0-9]+)$"

    @property
    def _digits(self) -> str:
        groups = (f"[1-9][0-9]{{0,2}}(?:{re.escape(sign)}[0-9]{{3}}){{1,5}}" for sign in (*self.thousands, THIN))
        return "|".join((_PLAIN, *groups))

    def plain(self, numbers: Any) -> Any:
        """Numbers in a column of text as programs write them."""
        import pyarrow.compute as pc

        between = re.escape(self.thousands).replace("-", "\\-")
        numbers = pc.replace_substring_regex(numbers, f"[{between}{THIN}]", "")
        if self.decimal != ".":
            numbers = pc.replace_substring(numbers, self.decimal, ".")
        return pc.replace_substring(numbers, "\u2212", "-")


def signs_of(language: str, *, decimal: str, thousands: str) -> NumberSigns:
    """The signs that the course says, or those of the language of a table.

    Without either a point is before the fraction. In a language with a decimal comma, a point stands between thousands
    only where that is its custom: in German 1.320 is 1320, and in French it is no number.
    """
    if decimal or thousands:
        decimal = decimal or ("," if thousands == "." else ".")
        return NumberSigns(decimal, thousands or ("." if decimal == "," else ","))
    return _of_language(language)


def language_of(table: Any) -> str:
    """The language that the table or what is around it says that it is in, "" for none."""
    while table is not None:
        if language := _language(table):
            return language
        table = table.parent
    return ""


def write_alike(table: Any, signs: NumberSigns) -> None:
    """Write the numbers of cells in another language than their table's with the signs of the table."""
    for node in table.css("[lang]"):
        own = _of_language(_language(node)) if _language(node) and node.mem_id != table.mem_id else signs
        if own == signs:
            continue
        for cell in node.css("td, th") if node.tag in ("thead", "tbody", "tfoot", "tr") else [node]:
            text: str = cell.text()
            ends = "".join(sign for sign in text if sign in SIGNS)
            written = as_thin("".join(sign for sign in text if sign not in SIGNS).strip())
            if re.search(own.number, written) and not written.isdecimal():
                for child in list(cell.iter(include_text=True)):
                    child.decompose()
                plain = re.sub(f"[{re.escape(own.thousands)}{THIN}]", "", written)
                cell.insert_child(plain.replace(own.decimal, signs.decimal) + ends)


def _language(node: Any) -> str:
    attributes = node.attributes
    return (attributes.get("lang") or attributes.get("xml:lang") or "").strip()


@cache
def _of_language(language: str) -> NumberSigns:
    from babel import Locale, UnknownLocaleError
    from babel.numbers import get_decimal_symbol, get_group_symbol

    language = language.replace("-", "_")
    if language.lower().split("_")[0] in ("", "en"):
        return NumberSigns()
    try:
        own, base = Locale.parse(language), Locale.parse(language.split("_", maxsplit=1)[0])
    except (UnknownLocaleError, ValueError):
        return NumberSigns()
    decimal = get_decimal_symbol(own)
    groups = {get_group_symbol(own), get_group_symbol(base)} & _SIGNS - {decimal}
    if "’" in groups:
        groups.add("'")
    return NumberSigns(decimal, "".join(sorted(groups))) if decimal in ".," else NumberSigns()
