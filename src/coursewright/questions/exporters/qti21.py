"""QTI 2.1: a package of items, one for each variant, and a test that draws one variant of each question."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from coursewright.questions.export import Item, Quiz
from coursewright.questions.exporters._qti import package
from coursewright.questions.exporters._qti.item import LIMITS, NOT_READ
from coursewright.questions.variant import Variant

__all__ = ["LIMITS", "NOT_READ", "SPLITS", "TITLE", "item", "write"]

TITLE = "QTI 2.1"
SPLITS = True

_TAG = re.compile(r"<(/?)qti-([a-z-]+)([^<>]*)>")
_ATTRIBUTE = re.compile(r' ([a-z-]+)="')
# What QTI 3 added: this is left out.
_NEW_ATTRIBUTES = re.compile(r' (?:external-scored|use)="[^"]*"')
_NEW_ELEMENTS = ("content-body",)


def _renamed(written: str) -> str:
    """Names of QTI 3 as those of QTI 2.1: `<qti-base-value base-type="float">` is `<baseValue baseType="float">`."""
    return _TAG.sub(_older, written)


def _older(found: re.Match[str]) -> str:
    end, name, attributes = found.groups()
    if name in _NEW_ELEMENTS:
        return ""
    if attributes:
        attributes = _NEW_ATTRIBUTES.sub("", attributes)
        attributes = _ATTRIBUTE.sub(lambda each: f' {_camel(each[1])}="', attributes)
    return f"<{end}{_camel(name)}{attributes}>"


@lru_cache(maxsize=1024)
def _camel(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(word.capitalize() for word in rest)


_VERSION = package.Version(
    namespace="http://www.imsglobal.org/xsd/imsqti_v2p1",
    schema="http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd",
    manifest_namespace="http://www.imsglobal.org/xsd/imscp_v1p1",
    manifest_schema="http://www.imsglobal.org/xsd/imscp_v1p1.xsd",
    kind=("IMS Content", "1.1"),
    item_type="imsqti_item_xmlv2p1",
    test_type="imsqti_test_xmlv2p1",
    renamed=_renamed,
)


def item(variant: Variant) -> Item:
    """The variant as an item of QTI 2.1."""
    return package.item(variant, _VERSION)


def write(items: Iterable[Item], quiz: Quiz, folder: Path) -> None:
    """`NAME-qti21.zip`, a package of all the items."""
    package.write(items, quiz, folder / f"{quiz.name}-qti21.zip", _VERSION)
