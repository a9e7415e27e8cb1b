"""Where a part stands in an item, and what has become of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

from coursewright.questions.exporters._markup import tag
from coursewright.questions.exporters._qti.rules import assign, score, value
from coursewright.questions.part import Feedback
from coursewright.questions.writing.markup import MarkupDialect
from coursewright.questions.writing.prose import Prose


@dataclass(slots=True)
class PartFrame:
    """Where a part stands in an item: the names of its variables, its points, and whether it is a gap in a text."""

    response: str
    outcome: str
    points: float
    dialect: MarkupDialect
    gap: bool
    said: list[tuple[str, Prose]] = field(default_factory=list)  # feedback by the outcome that shows it
    counted: list[str] = field(default_factory=list)  # outcomes on the way to the score
    notes: list[str] = field(default_factory=list)

    def scores(self, fraction: float) -> str:
        """The rule that gives a fraction of the points, which is never below 0 for a part."""
        return assign(self.outcome, score(max(0.0, fraction) * self.points))

    def says(self, feedback: Feedback) -> str:
        """The rule that shows feedback, or nothing."""
        if not feedback or not feedback[0]:
            return ""
        outcome = f"FEEDBACK_{self.response}_{len(self.said) + 1}"
        self.said.append((outcome, feedback[0]))
        return assign(outcome, value("identifier", "said"))

    def declares(self, kind: str, right: list[str], cardinality: str = "single", mapping: str = "") -> str:
        """The declaration of the response."""
        correct = tag("qti-correct-response", *(tag("qti-value", escape(each, quote=False)) for each in right))
        return tag(
            "qti-response-declaration",
            correct if right else "",
            mapping,
            identifier=self.response,
            cardinality=cardinality,
            base_type=kind,
        )


@dataclass(frozen=True, slots=True)
class QtiPart:
    """A part in QTI."""

    declaration: str
    interaction: str
    rules: str
