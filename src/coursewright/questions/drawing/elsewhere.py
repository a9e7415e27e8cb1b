"""A variant drawn in another process, such as the browser's Python: the question as data, the variant as HTML.

What is drawn there is shown only if it is what was drawn, and looked at, where the page was built: the digest says so.
"""

from __future__ import annotations

from base64 import b64decode
from functools import lru_cache
from hashlib import blake2b

import msgspec

from coursewright.questions.drawing.variants import Drawing
from coursewright.questions.drawing.worker import Task, opened
from coursewright.questions.variant import Variant
from coursewright.questions.widget import section


class VariantView(msgspec.Struct, frozen=True):
    """A variant as a page shows it, and the digest of that."""

    html: str
    digest: str


class _DrawTask(msgspec.Struct, frozen=True):
    task: str
    who: str


def shown(variant: Variant) -> VariantView:
    """The variant as a page shows it."""
    html = section(variant)
    return VariantView(html, blake2b(html.encode(), digest_size=8).hexdigest())


def answer(asked: str) -> str:
    """The variant for `who` of a question, as JSON: `html` and `digest`. `task` is a Task in MessagePack and Base64.

    Raises whatever the author's code raises, and ImportError for what is not there.
    """
    given = msgspec.json.decode(asked, type=_DrawTask)
    return msgspec.json.encode(shown(_drawing(given.task).variant(given.who))).decode()


@lru_cache(maxsize=8)
def _drawing(task: str) -> Drawing:
    return opened(msgspec.msgpack.decode(b64decode(task), type=Task))
