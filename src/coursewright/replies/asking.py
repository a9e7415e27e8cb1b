"""Questions asked from a session: variants as rows of Markdown, or in files of formats."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursewright.courses import quizzes
from coursewright.errors import SeveralProblems, UsageError
from coursewright.questions import Variant, ask, draw
from coursewright.questions.writing import asked_and_told

if TYPE_CHECKING:
    import pyarrow as pa

Asked = tuple[tuple[str, ...], Path, dict[str, Any]]


def as_rows(told: list[str], asked: Asked, who: Sequence[str], *, seed: str) -> pa.Table:
    """A row for each variant: its question, its number, its title, what is asked and what the answer is, in Markdown.

    Raises SeveralProblems for questions that cannot be read or drawn.
    """
    import pyarrow as pa

    chosen = quizzes.choose(*asked, told.append)
    if chosen.problems:
        raise SeveralProblems(chosen.problems)
    rows: list[dict[str, Any]] = []
    for question, materials in chosen.questions:
        for drawn in draw(question, who, seed=seed, materials=materials):
            if variant := drawn.variant:
                alone, answer = asked_and_told(variant, partial(_carried, variant))
                texts = {"question": question.name, "title": variant.title, "text": alone, "answer": answer}
                rows.append({**texts, "variant": int(variant.who)})
    schema = {"question": pa.string(), "variant": pa.int32(), "title": pa.string()}
    return pa.Table.from_pylist(rows, pa.schema({**schema, "text": pa.string(), "answer": pa.string()}))


def _carried(variant: Variant, name: str) -> str:
    """The picture or sound of a variant in its own address: there is no file beside a text."""
    medium = variant.medium(name)
    return f"data:{medium.media_type};base64,{b64encode(medium.data).decode()}"


def write(told: list[str], asked: Asked, who: Sequence[str], *, seed: str, to: list[str], folder: Path) -> list[str]:
    """The files of formats that hold the variants. Raises SeveralProblems for questions that cannot be asked."""
    if folder.exists() and not folder.is_dir():
        raise UsageError(f'"{folder}" is a file, not a folder', None, "name a folder as output")
    chosen = quizzes.choose(*asked, told.append)
    done = ask(chosen.questions, who, quiz=quizzes.quiz(chosen), to=to, folder=folder, seed=seed)
    if problems := [*chosen.problems, *done.problems]:
        raise SeveralProblems(problems)
    told.extend(done.notes)
    told.extend(f"{lack.format} lacks {', '.join(lack.without)}: {lack.reason}" for lack in done.lacks)
    return [str(file) for file in done.files]
