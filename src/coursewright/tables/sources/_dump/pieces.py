"""The rows of an INSERT in pieces, however long it is and however many follow each other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from coursewright.tables.sources._dump.rows import BadRow, CommentInRows, DumpRows, find
from coursewright.tables.sources._dump.statements import DumpStream, Insert

_WHOSE = "nothing in this dump says that MySQL or MariaDB wrote it, and so what the backslash in this row means"
_OURS = "if SQLite wrote it: sqlite3 new.db < dump.sql; if MySQL did, put SET NAMES utf8mb4; at its top"


def pieces(stream: DumpStream, insert: Insert, width: int | None) -> Iterator[DumpRows]:
    """The rows of `insert`, and of those with the same head that follow it.

    `width` is the number of values in a row; None passes over the rows. The stream goes on behind a piece when the next
    one is asked for. Raises BadRow; CoursewrightError when the file ends within the statement.
    """
    stream.take(len(insert.text))
    line = insert.line
    while True:
        text, near = stream.window(), True
        joint = (b";\r\n" if b";\r\n" in text[: 1 << 16] else b";\n") + insert.text
        while True:
            end, joins = _joins(text, joint, near)
            try:
                found = find(text[:end], joins, len(joint), width, stream.escapes)
            except CommentInRows as remark:  # seldom: programs write none here
                stream.uncomment(remark.at)
                text, near = stream.window(), True
                continue
            if found.length:
                break
            if end < len(text):
                near = False  # the end that seemed near stands in a text
            elif stream.grow():
                text, near = stream.window(), True
            else:
                raise stream.cut_off(line)
        if found.rows:
            if found.rows.slash is not None and not stream.own:
                row = found.rows.starts[np.searchsorted(found.rows.starts, found.rows.slash) - 1]
                raise BadRow(row, _WHOSE, _OURS)
            yield found.rows
        stream.take(found.length)
        if found.ended:
            return


def _joins(text: bytes, joint: bytes, near: bool) -> tuple[int, list[int]]:
    """The first end of a statement behind which no other has the same head, and where others do.

    `near` is False when that end is not to be looked for, since it stands in a text.
    """
    joins: list[int] = []
    sign = joint[: joint.index(b"\n") + 1]
    joinable = b"'" not in joint  # its quotes would count among those of the values
    at = text.find(sign)
    while at >= 0:
        if joinable and text.startswith(joint, at):
            joins.append(at)
        elif near:
            return at + 1, joins
        at = text.find(sign, at + 1)
    return len(text), joins
