"""The question that marks itself in the reader's browser, in the manner of OpenMark.

A variant becomes a `<section>` that can be read as it stands, with its marking rules as JSON inside. The script makes a
form of it: several tries, feedback that fits the slip and how often it was made, hints, the worked solution. The
answers are in the page for whoever looks there; it is for practice, not for examinations.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Container, Sequence
from dataclasses import replace
from functools import cache
from html import escape
from importlib import resources
from typing import Any

import msgspec

from coursewright.errors import CoursewrightError
from coursewright.labels import foreign, labels_in, spoken, words
from coursewright.questions.formulas.tex import mathml
from coursewright.questions.kind import Page
from coursewright.questions.kinds import KINDS, kind_called, kind_of, name_of
from coursewright.questions.marking.key import finite
from coursewright.questions.part import Part
from coursewright.questions.variant import Media, Variant
from coursewright.questions.writing.markup import MarkupDialect, html
from coursewright.questions.writing.prose import Prose


class _OnPage(Container[str]):
    def __contains__(self, name: object) -> bool:
        kind = kind_called(str(name))
        return kind.page is not None or not kind.asks


ON_PAGE = _OnPage()
"""The names of the kinds that mark themselves, or are only to be read."""
Address = Callable[[Variant, str], str]  # where the picture or sound of a name is


def widget(
    variants: Sequence[Variant],
    *,
    level: int = 2,
    titled: Callable[[str], str] = escape,
    address: Address | None = None,
) -> str:
    """The variants as one fragment of HTML; of several of one question, one is shown and the others offered after it.

    `level` is the level of the heading, and `titled` writes what is in it. Pictures and sounds are where `address` says
    that the one of a name is, else inside. The page includes `assets` once, the script after the fragment or deferred.
    CoursewrightError for a formula that cannot be written as MathML.
    """
    sections = (section(variant, level=level, titled=titled, address=address) for variant in variants)
    return f'<div class="cw-set">\n{"".join(sections)}</div>\n'


def kind_not_on_page(variants: Sequence[Variant]) -> str:
    """The name of the first kind among their parts that does not mark itself in a page; "" if all do."""
    names = (name_of(part) for variant in variants for part in variant.parts)
    return next((name for name in names if name not in ON_PAGE), "")


def assets(language: str) -> tuple[str, str]:
    """The style sheet and the script, complete in themselves, for pages in `language`, a BCP 47 tag or ""."""
    style, script, of_kinds = assets_apart(language)
    return style, f"{of_kinds};\n{script}"


def assets_apart(language: str) -> tuple[str, str, str]:
    """The style sheet, the script, and what stands before the script where `asks_formulas`: the scripts of kinds."""
    said = {"words": words("questions", language), "language": spoken("questions", language)}
    encoded = _json(said | {"marks": foreign("questions", language)})
    script = ";\n".join(map(_script, ("letters.js", "units.js", "marking.js", "question.js")))
    own = dict.fromkeys(kind.script for kind in map(kind_called, KINDS) if kind.script)
    of_kinds = ";\n".join(map(_script, ("letters.js", *own)))  # which stand alone, in front
    return _file("question.css"), script.replace("'SAID'", encoded), of_kinds


def asks_formulas(variant: Variant) -> bool:
    """Whether some part of a variant, such as a formula, is of a kind with a script of its own."""
    return any(kind_of(part).script for part in variant.parts)


def section(
    variant: Variant, *, level: int = 2, titled: Callable[[str], str] = escape, address: Address | None = None
) -> str:
    """One variant as HTML, in whose heading is what `titled` makes of its title; the rest is as in `widget`."""
    dialect = _dialect(variant, address)
    if not variant.asks:
        return _text_to_read(variant, dialect, level)
    return (
        f'<section class="cw-question" data-question="{escape(variant.question)}">\n'
        f"{_readable(variant, dialect, level, titled)}"
        f'<script type="application/json">{_json(_data_of(variant, dialect))}</script>\n</section>\n'
    )


def _text_to_read(variant: Variant, dialect: MarkupDialect, level: int) -> str:
    """A variant that asks nothing. It counts as started, so that the script leaves it alone."""
    after = "".join(html(prose, dialect) for prose in (variant.feedback, variant.solution) if prose)
    more = labels_in("questions", variant.language).more.__html__()
    folded = f"<details><summary>{more}</summary>\n{after}</details>\n" if after else ""
    return (
        f'<section class="cw-question" data-question="{escape(variant.question)}" data-started="">\n'
        f"{_readable(variant, dialect, level)}{folded}</section>\n"
    )


def readable(variant: Variant, *, level: int = 2) -> str:
    """The question as HTML to be read where no script runs: no answers, words for pictures, TeX for formulas."""
    dialect = replace(_dialect(variant), maths=_tex, medium=lambda name: f"[{escape(variant.medium(name).alt)}]")
    return _readable(variant, dialect, level)


def to_read(variant: Variant, medium: Callable[[str], str], *, level: int = 2) -> str:
    """The question as HTML to be read elsewhere: no answers; `medium` writes the picture or sound of a name."""
    return _readable(variant, replace(_dialect(variant), medium=medium), level)


def _tex(tex: str, display: bool) -> str:
    return escape(rf"\[{tex}\]" if display else rf"\({tex}\)")


def _readable(variant: Variant, dialect: MarkupDialect, level: int, titled: Callable[[str], str] = escape) -> str:
    given = "" if variant.kind == "cloze" else _given(variant.part, dialect)
    return (
        f'<h{level} class="cw-title">{titled(variant.title)}</h{level}>\n'
        f'<div class="cw-text">\n{html(variant.text, dialect)}</div>\n{given}'
    )


def _dialect(variant: Variant, address: Address | None = None) -> MarkupDialect:
    return MarkupDialect(
        maths=mathml,
        medium=lambda name: medium_html(variant.medium(name), address(variant, name) if address else ""),
        gap=lambda name: f'<span data-gap="{escape(name)}">____</span>',
    )


def medium_html(medium: Media, address: str = "") -> str:
    """A picture or sound as HTML, at its address or with its bytes inside; a sound's words stand beneath it."""
    inside = address or f"data:{medium.media_type};base64,{b64encode(medium.data).decode()}"
    source = f'src="{escape(inside)}"'
    if medium.media_type.startswith("audio/"):
        shown = f'<audio controls="controls" {source}></audio>'
        under = " ".join(filter(None, (medium.caption, medium.alt)))
    else:
        shown = f'<img {source} alt="{escape(medium.alt)}" />'
        under = medium.caption
    caption = f'<span class="cw-caption">{escape(under)}</span>' if under else ""
    return f'<span class="cw-figure">{shown}{caption}</span>'


def _given(part: Part, dialect: MarkupDialect) -> str:
    """What there is to choose from, for readers without JavaScript."""

    def listed(proses: Sequence[Prose]) -> str:
        return "<ol>" + "".join(f"<li>{html(prose, dialect, inline=True)}</li>" for prose in proses) + "</ol>"

    kind = kind_of(part)
    shown = "".join(map(listed, kind.lists(part)))
    if begins := kind.begins(part):
        shown += f"<pre><code>{escape(begins)}</code></pre>"
    if not shown:
        return ""
    return f'<div class="cw-given">\n{shown}\n</div>\n'


def _data_of(variant: Variant, dialect: MarkupDialect) -> dict[str, Any]:
    """What the script needs to know."""
    said = {name: _data(getattr(variant, name), dialect) for name in ("parts", "hints", "feedback", "solution")}
    plain = {name: getattr(variant, name) for name in ("kind", "points", "tries", "penalty")}
    return plain | said


def _data(value: Any, dialect: MarkupDialect, name: str = "") -> Any:
    """`value` for JSON: prose as HTML, in one line where it stands in one (`text`, `prompt`, `choices`, `items`)."""
    match value:
        case Prose():
            return html(value, dialect, inline=name in ("text", "prompt", "choices", "items"))
        case Part():
            return _page(value)(value, _fields(value, dialect) | {"kind": name_of(value)})
        case msgspec.Struct():
            return _fields(value, dialect)
        case tuple():
            return [_data(one, dialect, name) for one in value]
        case float():
            return finite(value)
    return value


def _page(part: Part) -> Page[Any]:
    if page := kind_of(part).page:
        return page
    message = f'no question of the kind "{name_of(part)}" marks itself in a page'
    raise CoursewrightError(message, None, "export it to a platform that has such questions")


def _fields(value: msgspec.Struct, dialect: MarkupDialect) -> dict[str, Any]:
    """The fields by name."""
    return {name: _data(getattr(value, name), dialect, name) for name in value.__struct_fields__}


def _json(data: dict[str, Any]) -> str:
    """JSON that may stand inside `<script>`: no `<` in it, which could end the element."""
    return msgspec.json.encode(data).decode().replace("<", "\\u003c").replace("\u2028", "\\u2028")


@cache
def _script(name: str) -> str:
    """A script without what only its readers need: the space before its lines, and lines that are comments."""
    return re.sub(r"^\s*(//.*\n|\n)?", "", _file(name), flags=re.MULTILINE)


@cache
def _file(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
