"""Retelling: a page's facts, tables and sentences, found and told again in the reader's browser."""

from coursewright.sites.retelling.engine import ENGINE, Answer, run

__all__ = ["ENGINE", "Answer", "run"]
