"""Admonitions: a note, a warning, an activity, set apart from the text.

All ways of writing one give the same tokens: GitHub's alerts, `:::{note} Title` up to `:::`, and MyST's fences.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from coursewright.errors import did_you_mean
from coursewright.pages.syntax.finding import Finding, found
from coursewright.pages.syntax.labels import label, marks

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

# The names, each with the alert that GitHub has for it.
ALERTS: Mapping[str, str] = {
    "note": "NOTE", "seealso": "NOTE", "admonition": "NOTE", "learner": "NOTE", "tutor": "NOTE",
    "tip": "TIP", "hint": "TIP", "solution": "TIP",
    "important": "IMPORTANT", "activity": "IMPORTANT", "exercise": "IMPORTANT",
    "warning": "WARNING", "attention": "WARNING",
    "caution": "CAUTION", "danger": "CAUTION", "error": "CAUTION",
}  # fmt: skip
NAMES = tuple(ALERTS)

_OPENING = re.compile(rf"\s*\{{({'|'.join(NAMES)})\}}(?:\s+(.*?))?\s*$")
_OPTION = re.compile(r":([A-Za-z][\w-]*):(?:\s+(.*))?$")
OPEN, TITLE, _CLOSE = "container_admonition_open", "admonition_title_open", "container_admonition_close"


def plugin(parser: MarkdownIt) -> None:
    """Let `parser` know admonitions in all three forms."""
    from mdit_py_plugins.container import container_plugin

    for marker in ":`~":
        container_plugin(parser, "admonition", marker, validate=_opens)
    parser.options["alerts"] = True
    parser.core.ruler.after("block", "admonitions", _same_tokens)
    for name in (OPEN, _CLOSE, TITLE, "admonition_title_close"):
        parser.add_render_rule(name, _RULES[name])


def _opens(words: str, markup: str) -> bool:
    return _OPENING.match(words) is not None and not ("`" in markup and "`" in words)


def _same_tokens(state: StateCore) -> None:
    """Give every admonition a name, its options and a title, whichever way it was written."""
    tokens: list[Token] = []
    waiting = iter(state.tokens)
    for token in waiting:
        tokens.append(token)
        if token.type == "alert_open":
            token.type, token.meta = OPEN, _meta(str(token.meta["kind"]).lower(), "")
            tokens += _title(token)
            for _ in range(3):  # the alert's own title, which is English
                next(waiting)
        elif token.type == "alert_close":
            token.type = _CLOSE
        elif token.type == OPEN:
            opening = _OPENING.match(token.info)
            name, title = (opening[1], opening[2] or "") if opening else ("note", "")
            token.meta = _meta(name, title)
            tokens += _title(token)
            _check(token, state)
    state.tokens = tokens
    for number, token in enumerate(tokens):
        if token.type == OPEN and token.markup != ">":
            _take_options(tokens, number, found(state.env))
    _mark_ends(tokens)


def _meta(name: str, title: str) -> dict[str, Any]:
    """What is known of an admonition; `closed` says whether a line of its own closes it, as no alert has one."""
    return {"name": name, "title": title, "options": {}, "option_lines": 0, "closed": False}


def _title(opening: Token) -> list[Token]:
    from markdown_it.token import Token

    text = opening.meta["title"]
    start = Token(TITLE, "p", 1, meta=opening.meta, block=True)
    inside = Token("inline", "", 0, content=text, children=[], map=opening.map and [opening.map[0], opening.map[0] + 1])
    end = Token("admonition_title_close", "p", -1, meta=opening.meta, block=True)
    return [start, *([inside] if text else []), end]


def _take_options(tokens: list[Token], number: int, findings: list[Finding]) -> None:
    """Take the lines `:class: dropdown` and `:name: x` above the content, which have been read as a paragraph."""
    opening = tokens[number]
    first = next(at for at in range(number, len(tokens)) if tokens[at].type == "admonition_title_close") + 1
    if tokens[first].type != "paragraph_open" or (tokens[first].map or [-1])[0] != (opening.map or [0])[0] + 1:
        return
    inside = tokens[first + 1]
    lines = inside.content.split("\n")
    while lines and (option := _OPTION.match(lines[0].strip())):
        opening.meta["options"][option[1]] = (option[2] or "").strip()
        opening.meta["option_lines"] += 1
        _check_option(option[1], option[2] or "", (inside.map or [0])[0], findings)
        lines.pop(0)
        inside.map = inside.map and [inside.map[0] + 1, inside.map[1]]
    inside.content = "\n".join(lines)
    if not lines:
        del tokens[first : first + 3]


def _check_option(name: str, value: str, line: int, findings: list[Finding]) -> None:
    if name not in ("class", "name"):
        findings.append(Finding(line, f":{name}:", f'no option called "{name}"', did_you_mean(name, ("class", "name"))))
    for each in value.split() if name == "class" else ():
        if each != "dropdown" and each not in NAMES:
            hint = did_you_mean(each, ("dropdown", *NAMES))
            findings.append(Finding(line, ":class:", f'no class called "{each}"', hint))


def _check(token: Token, state: StateCore) -> None:
    """See whether an admonition is closed, and note one that is not, and one that needs a title."""
    first, last = token.map or (0, 0)
    part = f"{{{token.meta['name']}}}"
    lines = state.src.split("\n")
    token.meta["closed"] = last < len(lines) and re.fullmatch(rf"[>\s]*{token.markup[0]}{{3,}}\s*", lines[last])
    if not token.meta["closed"]:
        hint = f"write {token.markup} on a line of its own below it"
        found(state.env).append(Finding(first, part, "this admonition is not closed", hint))
    if token.meta["name"] == "admonition" and not token.meta["title"]:
        hint = "write it behind {admonition}, or say {note}, which has a title of its own"
        found(state.env).append(Finding(first, part, "an admonition of no kind needs a title", hint))


def _mark_ends(tokens: Sequence[Token]) -> None:
    """Let the end of each admonition know what it ends."""
    open_ones: list[Token] = []
    for token in tokens:
        if token.type == OPEN:
            open_ones.append(token)
        elif token.type == _CLOSE:
            token.meta = open_ones.pop().meta


def kind_of(token: Token, env: MutableMapping[str, Any]) -> str:
    """What is said in front of the title: "Activity" for "1.1 Who won?", "Solution:" for "One way"."""
    name, title = token.meta["name"], token.meta["title"]
    said = "" if name == "admonition" else label(name, env)
    return f"{said}:" if said and title and not title[0].isdigit() else said


def drops_down(token: Token) -> bool:
    """Whether an admonition opens by a click."""
    return "dropdown" in token.meta["options"].get("class", "").split()


def _open(_self: object, tokens: Sequence[Token], number: int, _options: object, _env: object) -> str:
    token = tokens[number]
    classes = [each for each in token.meta["options"].get("class", "").split() if each in NAMES]
    named = token.meta["options"].get("name")
    attributes = f' class="{" ".join(dict.fromkeys(["admonition", token.meta["name"], *classes]))}"'
    attributes += f' id="{escape(named)}"' if named else ""
    return f"<details{attributes}>\n" if drops_down(token) else f'<div{attributes} role="note">\n'


def _close(_self: object, tokens: Sequence[Token], number: int, _options: object, _env: object) -> str:
    return "</details>\n" if drops_down(tokens[number]) else "</div>\n"


def _title_open(
    _self: object, tokens: Sequence[Token], number: int, _options: object, env: MutableMapping[str, Any]
) -> str:
    token = tokens[number]
    kind = kind_of(token, env)
    gap = " " if kind and token.meta["title"] else ""
    tag = "summary" if drops_down(token) else "p"
    spoken = marks(str(env.get("language", "")))
    return f'<{tag} class="title">' + (f'<span class="kind"{spoken}>{escape(kind)}</span>{gap}' if kind else "")


def _title_close(_self: object, tokens: Sequence[Token], number: int, _options: object, _env: object) -> str:
    return "</summary>\n" if drops_down(tokens[number]) else "</p>\n"


_RULES = {
    OPEN: _open,
    _CLOSE: _close,
    TITLE: _title_open,
    "admonition_title_close": _title_close,
}
