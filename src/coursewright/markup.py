"""Values in Markdown: text that shows itself as it stands, whatever signs are in it."""

from __future__ import annotations

import re

# What would begin a list, underline a heading, define the term above or set a passage apart at the start of a line:
# "- ", "1. ", "===", ": ", ":::" (but not -3 or 0.1).
_STARTS = re.compile(r"^(\d*)([-+.)](?=\s|$)|[-=](?=[-=\s]*$))|^(:)(?=[:\s]|$)")
# What would make a link of an address that stands in text.
_LINKS = r"(?<=http):|(?<=https):|(?<=mailto):|(?<=xmpp):|(?<=www)\.|@(?=[A-Za-z0-9])"
_SIGNS = re.compile(rf"[\\`*_\[\]|~$#{{}}]|{_LINKS}")
_SIGNS_ANYWHERE = re.compile(rf"[&<>\"'\\`*_\[\]|~$#{{}}!]|{_LINKS}")


def escape_anywhere(value: object) -> str:
    """`value` as text wherever an author may put it: in Markdown, in raw HTML, in an attribute, in a link.

    Character references mean the character and nothing else in all of these; they are only hard to read.
    """

    def reference(found: re.Match[str]) -> str:
        return f"&#{ord(found[0])};"

    text = _SIGNS_ANYWHERE.sub(reference, " ".join(str(value).split()))
    return _STARTS.sub(lambda found: (found[1] or "") + f"&#{ord(found[2] or found[3])};", text)


def escape_markdown(value: object) -> str:
    """`value` as a piece of Markdown text that shows it as it stands, on one line, and that people can read.

    Backslashes keep it text for Markdown and for GitHub's maths and tables.
    """
    text = " ".join(str(value).split())
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    text = _SIGNS.sub(r"\\\g<0>", text)
    return _STARTS.sub(lambda found: f"{found[1] or ''}\\{found[2] or found[3]}", text)
