"""YAML in which every value is the text that stands there: `1:30`, `1.50`, `012`, `no` and `2024-01-01` stay.

The one reader for grammars, for the front matter of pages and questions, and for directives. Whoever wants a number or
a truth value makes one of the text. What YAML has beyond lists, maps and texts is refused, since it changes or hides
what an author wrote: keys that are there twice, aliases, anchors, tags, merge keys, and texts that a `#` cuts short.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_DEEPEST = 50
_EMPTIED = re.compile(r"#[^\s#][^\n]*")
_ARGUMENTS = r"\((?:'[^'\n]*'|\"[^\"\n]*\"|[^()'\"#\n])*\)"
_TAG_ALONE = re.compile(
    rf"#(?:`[^`\n]+`|[^\s#:\"',`\[\]{{}}][^\s#:\"'\[\]{{}}]*?)(?:[.]\w+(?:{_ARGUMENTS})?)*#"
)  # nobody begins a comment so


class Bare(str):
    """A text that was written without quotes, which a reader may take for a number."""

    __slots__ = ()


class NotRead(ValueError):
    """What cannot be read: the message, the line counted from 0, and the remedy."""

    def __init__(self, message: str, line: int | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.line = line
        self.hint = hint


class NotYaml(NotRead):
    """Text that is no YAML at all."""


def read(text: str, *, bare: bool = False) -> Any:
    """The lists, maps and texts of a YAML document; None for what is empty. Raises NotRead.

    With `bare`, texts without quotes are `Bare`.
    """
    import yaml

    try:
        events = list(yaml.parse(text, Loader=yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line if error.problem_mark else None
        hint = "a text that starts with #, %, @, `, [, { or * or holds a colon needs quotes in YAML"
        if "'\\t'" in str(error):
            hint = "indent with spaces, not with tabs"
        raise NotYaml(str(error.problem), line, hint) from None
    except (yaml.YAMLError, ValueError) as error:
        raise NotYaml(str(error).splitlines()[0]) from None
    documents = [at for at, event in enumerate(events) if isinstance(event, yaml.DocumentStartEvent)]
    if len(documents) > 1:
        mark: Any = events[documents[1]].start_mark
        raise NotRead("a second document begins here", mark.line, "remove the line ---, or make it a file of its own")
    _refuse_cut_texts(text, events)
    found = _Builder(events[documents[0] + 1 :]).value(0) if documents else None
    return found if bare else _plain(found)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return str(value) if isinstance(value, Bare) else value


class _Builder:
    def __init__(self, events: list[Any]) -> None:
        self.events = iter(events)

    def value(self, depth: int, event: Any = None) -> Any:
        import yaml

        event = event or next(self.events)
        line = event.start_mark.line
        _refuse(event, line)
        if depth > _DEEPEST:
            raise NotRead("this is nested too deeply", line, f"lists and maps go {_DEEPEST} deep at most")
        if isinstance(event, yaml.ScalarEvent):
            if event.style is not None:
                return str(event.value)
            return Bare(event.value) if event.value else None
        items = self.items(depth + 1)
        return list(items) if isinstance(event, yaml.SequenceStartEvent) else self.mapping(items)

    def items(self, depth: int) -> Iterator[Any]:
        import yaml

        while not isinstance(event := next(self.events), yaml.SequenceEndEvent | yaml.MappingEndEvent):
            self.line = event.start_mark.line
            yield self.value(depth, event)

    def mapping(self, items: Iterator[Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key in items:
            line = self.line
            name = "" if key is None else key
            if not isinstance(name, str):
                raise NotRead("a key is a text, not a list or map", line, "put it in quotes if it starts with [ or {")
            if name in found:
                raise NotRead(f'"{name}" is there twice', line, "rename or remove one")
            if isinstance(key, Bare) and name == "<<":
                raise NotRead("YAML's merge key << is not read here", line, "write out what is meant")
            found[str(name)] = next(items)
        return found


def _refuse(event: Any, line: int) -> None:
    import yaml

    if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
        hint = "write out what is meant; a text that starts with * or & needs quotes in YAML"
        raise NotRead("YAML's aliases (*name) and anchors (&name) are not read here", line, hint)
    if event.tag is not None:
        hint = "remove it; a text that starts with ! needs quotes in YAML"
        raise NotRead("YAML's tags (!name) are not read here", line, hint)


def _refuse_cut_texts(text: str, events: list[Any]) -> None:
    """A comment that begins without a space, behind a value or in place of one, was meant to be text."""
    inside = [
        (e.start_mark.index, e.end_mark.index) for e in events if hasattr(e, "style") and e.start_mark is not None
    ]
    at = 0
    for line, written in enumerate(text.split("\n")):
        start = at
        at += len(written) + 1
        for sign in re.finditer(r"(?:^|(?<=[ \t]))#", written):
            place = start + sign.start()
            if any(first <= place < last for first, last in inside):
                continue
            alone = not written[: sign.start()].strip()
            form = _TAG_ALONE if alone else _EMPTIED
            if (cut := form.match(written, sign.start())) and (not alone or sign.start()):
                hint = "put the whole text in quotes: in YAML # begins a comment (which has a space after it)"
                raise NotRead(f'the text is cut short at "{cut[0].rstrip()}"', line, hint)
            break
