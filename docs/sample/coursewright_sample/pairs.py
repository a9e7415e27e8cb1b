"""Pairs: a line for each question, what is asked and the one right answer, with ` => ` between."""

import json
from pathlib import Path

from coursewright.errors import Place, Problem
from coursewright.names import slug
from coursewright.questions.importers import Bank, Draft

TITLE = "Pairs"
_BETWEEN = " => "


def recognises(text: str) -> bool:
    """Whether a file looks like this format; it is asked of every file for which nobody said the format."""
    lines = [line for line in text.splitlines() if line.strip()]
    return bool(lines) and all(line.count(_BETWEEN) == 1 for line in lines)


def read(text: str, file: Path) -> Bank:
    """The questions of a file; what cannot be taken over is told with its line, and the others are taken."""
    drafts, problems = [], []
    for number, line in enumerate(text.splitlines(), 1):
        asked, _, answer = (part.strip() for part in line.partition(_BETWEEN))
        if not line.strip():
            continue
        if not answer or "{" in line:
            problems.append(Problem(f'"{asked}" has no answer, or braces in it', Place(file, number)))
            continue
        about = f"---\ntitle: {json.dumps(asked, ensure_ascii=False)}\nkind: text\n---\n"
        draft = f"{about}# Question\n\n{asked}\n\n# Answers\n\n- [x] {answer}\n"
        drafts.append(Draft(slug(f"{number} {asked}", "question"), draft))
    return Bank(tuple(drafts), tuple(problems))
