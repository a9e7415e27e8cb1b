"""```` ```{share} ````: a sentence on how large a part is, from a SELECT of two numbers, the part and the whole."""

import msgspec

from coursewright.errors import CoursewrightError
from coursewright.pages import Directive, Materials, Sentences
from coursewright.tables import Sql


class Options(msgspec.Struct, frozen=True):
    """What the author may write below the first line; `of` has no default, so that it must be there."""

    of: str
    digits: int = 0


def run(directive: Directive, options: Options, materials: Materials) -> Sentences:
    """The block that stands in the page. What is asked of `materials` is noted: if that changes, this is run again."""
    place = directive.place()
    rows = materials.query(Sql(directive.content, directive.file, directive.content_line)).to_pylist()
    if len(rows) != 1 or len(rows[0]) != 2:
        raise CoursewrightError("{share} wants one row with two numbers", place, "SELECT part, whole FROM …")
    part, whole = rows[0].values()
    if not whole:
        raise CoursewrightError("{share} cannot tell a part of nothing", place)
    return Sentences((f"{part} of {whole} {options.of}: {part / whole:.{options.digits}%}.",), "paragraph")
