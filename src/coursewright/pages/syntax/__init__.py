"""The language of pages: what people write, and what of it is shown how."""

from coursewright.pages.syntax.admonitions import TITLE
from coursewright.pages.syntax.citations import CITATION, CITES, Item, cited_in
from coursewright.pages.syntax.finding import Finding
from coursewright.pages.syntax.footnotes import numbers, without_footnotes
from coursewright.pages.syntax.foreign import between_colons
from coursewright.pages.syntax.github import with_alerts, without_alerts
from coursewright.pages.syntax.labels import label
from coursewright.pages.syntax.maths import block as formula
from coursewright.pages.syntax.parser import markdown, read, reader, slug
from coursewright.pages.syntax.plain import plain

__all__ = [
    "CITATION",
    "CITES",
    "TITLE",
    "Finding",
    "Item",
    "between_colons",
    "cited_in",
    "formula",
    "label",
    "markdown",
    "numbers",
    "plain",
    "read",
    "reader",
    "slug",
    "with_alerts",
    "without_alerts",
    "without_footnotes",
]
