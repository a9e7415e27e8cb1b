"""QTI 3.0: a package of items, one for each variant, and a test that draws one variant of each question."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from coursewright.questions.export import Item, Quiz
from coursewright.questions.exporters._qti import package
from coursewright.questions.exporters._qti.item import LIMITS, NOT_READ
from coursewright.questions.variant import Variant

__all__ = ["LIMITS", "NOT_READ", "SPLITS", "TITLE", "item", "write"]

TITLE = "QTI 3.0"
SPLITS = True

_PURL = "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd"
_VERSION = package.Version(
    namespace="http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    schema=f"{_PURL}/imsqti_asiv3p0_v1p0.xsd",
    manifest_namespace="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    manifest_schema=f"{_PURL}/imsqtiv3p0_imscpv1p2_v1p0.xsd",
    kind=("QTI Package", "3.0.0"),
    item_type="imsqti_item_xmlv3p0",
    test_type="imsqti_test_xmlv3p0",
    renamed=str,
)


def item(variant: Variant) -> Item:
    """The variant as an item of QTI 3."""
    return package.item(variant, _VERSION)


def write(items: Iterable[Item], quiz: Quiz, folder: Path) -> None:
    """`NAME-qti3.zip`, a package of all the items."""
    package.write(items, quiz, folder / f"{quiz.name}-qti3.zip", _VERSION)
