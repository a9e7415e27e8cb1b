"""What variants and their categories are called in Moodle, unique and no longer than it keeps."""

from __future__ import annotations

import re
from hashlib import sha256

from coursewright.questions.export import Item, Quiz
from coursewright.questions.variant import Variant

_NAME, _IDNUMBER = 251, 100  # signs that Moodle keeps
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that neither XML nor a database of Moodle's takes."""


def name(variant: Variant) -> str:
    """A name that is unique and not cut by Moodle: the title may be cut, the ident may not."""
    end = f" [{variant.ident[-100:]}]"
    return " ".join(variant.title.split())[: _NAME - len(end)] + end


def idnumber(variant: Variant) -> str:
    """What tells this variant from all others: the seed is in it, so that another draw is not taken for the same."""
    ident = f"{variant.ident} {variant.seed}".strip()
    if len(ident) <= _IDNUMBER:
        return ident
    return f"{ident[:79]} {sha256(ident.encode('utf-8', 'replace')).hexdigest()[:20]}"


def category(first: Item, quiz: Quiz, taken: dict[str, str]) -> str:
    """The path of the category that holds the variants of a question, to draw from at random.

    `taken` remembers which question has which, for two questions of one title.
    """
    title = first.title.strip() or first.question
    if taken.setdefault(first.path_in_bank, first.question) != first.question:
        title = f"{title} [{first.question}]"
    steps = (" ".join(step.split()) for step in (quiz.title.strip() or quiz.name, first.category, title))
    kept = (step[:_NAME].replace("/", "//") for step in steps if step)
    return NOT_XML.sub("\ufffd", "/".join(("$course$", "top", *kept)))
