"""Files that are taken for UTF-8 by their first bytes, until their reader objects, which looks at all it reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from coursewright.tables.sources.encodings import NotUtf8, is_utf8
from coursewright.tables.sources.opened import Lazy, SourceFile

Open = Callable[[], Lazy | None]


def believed(file: SourceFile, opened: Open, anew: Open) -> Lazy | None:
    """What `opened` gives, or `anew`, by all the bytes of the `file`, as soon as one is found to be no UTF-8."""
    try:
        lazy = opened()
    except NotUtf8:
        return anew()
    if lazy is None or lazy.file.path != file.path:
        return lazy
    mend, settled = lazy.mend, lazy.settled
    return replace(
        lazy,
        mend=lambda said: believed(file, partial(mend, said), anew),
        settled=settled and (lambda: believed(file, settled, anew) or lazy),
        sure=lambda: lazy if is_utf8(file) else anew(),
    )
