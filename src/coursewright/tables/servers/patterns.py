"""Texts that are matched: LIKE, and regular expressions of the kind that all engines read alike."""

from __future__ import annotations

import re
from typing import Any

from sqlglot import exp

from coursewright.tables.servers.kinds import BOOLEAN, NULL, TEXT
from coursewright.tables.servers.meaning import Meaning, Meant
from coursewright.tables.servers.said import said

_CLASSES = {"d": "0-9", "w": "0-9A-Za-z_", "s": r"\t\n\f\r "}
# One piece of a pattern; anything else is refused.
_PIECE = re.compile(
    r"""(?P<class>\[\^?(?:\\[dws\\\]\[^.*+?()|{}/-]|[^\]\\\[])+\]) | \\(?P<short>[dws])
      | (?P<escaped>\\[.^$*+?()\[\]{}|\\/-])
      | (?P<any>\.) | (?P<end>\$) | (?P<start>\^) | (?P<open>\((?:\?:)?)(?!\?) | (?P<close>\)) | (?P<either>\|)
      | (?P<times>[*+?]|\{\d+(?:,\d*)?\}) | (?P<plain>[^\\\[\](){}|*+?.^$])""",
    re.VERBOSE | re.DOTALL,
)


def like(meaning: Meaning, node: Any, value: Any, pattern: Any, *, small: bool = False) -> Any:
    """LIKE, in which a backslash is a sign like any other; with `small`, capitals do not count."""
    if isinstance(pattern, exp.Escape):
        meaning.refuse(node, "ILIKE with ESCAPE")
    texts = [text_of(meaning, node, each) for each in (value, pattern)]
    negated = "NOT " if node.args.get("negate") else ""
    if small:
        texts = [meaning.call(node, "lower", (each, TEXT))[0] for each in texts]
    if meaning.to in ("sqlite", "trino"):
        return said(f"({{0}} {negated}LIKE {{1}})", *texts)
    backslash = exp.Literal.string("\\")
    return said(f"({{0}} {negated}LIKE REPLACE({{1}}, {{2}}, {{3}}))", *texts, backslash, exp.Literal.string("\\\\"))


def text_of(meaning: Meaning, node: Any, value: Any) -> Any:
    """A value that has to be a text."""
    meant, kind = meaning.mean(value)
    if kind not in (TEXT, NULL):
        meaning.disagree(node, f"LIKE of {kind}")
    return meant


def regexp(meaning: Meaning, node: Any, name: str, given: list[Any]) -> Meant:
    """A function of regular expressions, with a pattern that is written out."""
    if len(given) < 2 or not given[1].is_string:
        meaning.disagree(node, f"{name} with a pattern that is not written out")
    value, kind = meaning.mean(given[0])
    if kind not in (TEXT, NULL):
        meaning.disagree(node, f"{name} of {kind}")
    pattern = exp.Literal.string(_pattern(meaning, node, given[1].name, extracts=name == "regexp_extract"))
    if name == "regexp_matches" and len(given) == 2:
        return _matches(meaning, value, pattern), BOOLEAN
    if name == "regexp_extract" and len(given) in (2, 3):
        group = given[2].name if len(given) == 3 else "0"
        if not group.isdigit() or int(group) > given[1].name.count("("):
            meaning.disagree(node, f"the group {group} of {name}")
        return meaning.settled(_extract(meaning, value, pattern, int(group)), TEXT)
    return meaning.disagree(node, f"the function {name} with {len(given)} arguments")


def _matches(meaning: Meaning, value: Any, pattern: Any) -> Any:
    ways = {
        "postgres": "({0} ~ {1})",
        "mysql": "(REGEXP_INSTR({0}, {1}) > 0)",
        "sqlite": "regexp({1}, {0})",
        "trino": "REGEXP_LIKE({0}, {1})",
        "spark": "({0} RLIKE {1})",
    }
    return said(ways[meaning.to], value, pattern)


def _extract(meaning: Meaning, value: Any, pattern: Any, group: int) -> Any:
    """What a group matched; an empty text where it, or all of the pattern, took no part."""
    if meaning.to == "sqlite":
        return said(f"regexp_extract({{0}}, {{1}}, {group})", value, pattern)
    if meaning.to == "spark":
        return said(f"REGEXP_EXTRACT({{0}}, {{1}}, {group})", value, pattern)
    if meaning.to == "trino":
        found = f"COALESCE(REGEXP_EXTRACT({{0}}, {{1}}, {group}), '')"
        return said(f"CASE WHEN {{0}} IS NOT NULL THEN {found} END", value, pattern)
    if meaning.to == "postgres":
        whole = exp.Literal.string(f"({pattern.name})")
        found = f"COALESCE((REGEXP_MATCH({{0}}, {{1}}))[{group + 1}], '')"
        return said(f"CASE WHEN {{0}} IS NOT NULL THEN {found} END", value, whole)
    if not group:
        return said("REGEXP_SUBSTR({0}, {1})", value, pattern)
    back = exp.Literal.string(f"\\{group}")
    return said("REGEXP_REPLACE(REGEXP_SUBSTR({0}, {1}), {1}, {2})", value, pattern, back)


def _pattern(meaning: Meaning, node: Any, pattern: str, *, extracts: bool) -> str:
    """A pattern of RE2's as the server's engine reads it. Raises CoursewrightError for what they read unlike."""
    made, at, before = [], 0, ""
    whole = pattern.startswith("^") and pattern.endswith("$")
    while at < len(pattern):
        found = _PIECE.match(pattern, at)
        kind = found.lastgroup if found else ""
        extracts = extracts and meaning.to == "postgres" and not whole
        unlike = kind == "either" and extracts
        # PostgreSQL takes the longest of all matches, the others the first: alike where one piece is repeated.
        unlike |= kind == "times" and extracts and before == "close"
        if found is None or (kind == "times" and before in ("times", "", "open", "either", "start", "end")) or unlike:
            meaning.disagree(node, f"the pattern '{pattern}'")
        assert found is not None  # noqa: S101 - refused above
        made.append(_piece(meaning.to, str(kind), found))
        at, before = found.end(), str(kind)
    flags = "(?-i)" if meaning.to == "mysql" else ""
    return flags + "".join(made)


def _piece(to: str, kind: str, found: re.Match[str]) -> str:
    text = found[0]
    if kind == "short":
        return f"[{_CLASSES[found['short']]}]"
    if kind == "class":
        return re.sub(r"\\([dws])", lambda short: _CLASSES[short[1]], text)
    if kind == "any":
        return r"[^\n]"
    if kind == "end":
        return {"postgres": "$", "sqlite": r"\Z"}.get(to, r"\z")
    return text
