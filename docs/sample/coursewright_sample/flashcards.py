"""Flash cards as Anki reads them: a line for each question, what is asked and what is right, with a tab between."""

from collections.abc import Iterable
from pathlib import Path

from coursewright.questions import Item, Limit, Quiz, Variant
from coursewright.questions.writing import markdown

TITLE = "Flash cards"
_TEXT = "a card holds text only"
LIMITS = {
    "picture": Limit(_TEXT, refused=True),  # nothing is written for such a question
    "sound": Limit(_TEXT, refused=True),
    "hints": Limit("a card has no hints"),  # it is written without them, and the author is told
    "tries": Limit("a card counts no tries"),
}


def item(variant: Variant) -> Item:
    """One variant. It is called in several processes, and may know nothing of the others."""
    sides = [markdown(side, medium=str, gap=lambda _name: "____") for side in (variant.text, variant.solution)]
    return Item.of(variant, "\t".join(" ".join(side.split()) for side in sides))


def write(items: Iterable[Item], quiz: Quiz, folder: Path) -> None:
    """The files. The items come one by one: there may be more of them than memory holds."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{quiz.name}.tsv").open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{each.body}\n" for each in items)
