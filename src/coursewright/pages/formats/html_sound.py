"""A sound as HTML: a player with its words, and the transcript behind a summary."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from coursewright.pages.blocks.as_markdown import paragraphs
from coursewright.pages.blocks.block import Sound
from coursewright.pages.syntax.labels import label, marked, marks, naming


def write_sound(sound: Sound, folder: str, language: str, ident: str = "") -> str:
    """The sound, whose file is in `folder`, on a page in `language`; `ident` stands before all ids in it."""

    def say(word: str) -> str:
        return escape(label(word, {"language": language}))

    called = sound.alt or sound.caption or label("output", {"language": language})
    name, told = naming(called, language, "" if sound.alt else ident)
    player = f'<audio controls preload="metadata" src="{quote(f"{folder}/{sound.name}")}"{name}></audio>'
    below = f"<figcaption{told}>{marked(sound.caption or sound.alt or say('output'), language)}</figcaption>"
    if sound.transcript:
        said = "".join(f"<p>{escape(each)}</p>\n" for each in paragraphs(sound.transcript))
        below += f"\n<details>\n<summary{marks(language)}>{say('transcript')}</summary>\n{said}</details>"
    return f'<figure class="sound">\n{player}\n{below}\n</figure>\n'
