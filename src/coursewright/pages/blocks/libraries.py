"""The libraries of widgets: scripts and styles that several of them share, taken out of their pages.

A frame that its scripts cannot leave can load no file where a site is read from a disk. So the page around it does:
what it loads holds the library as a text, which is put into the page of the widget before the frame shows it.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from hashlib import blake2b

FOLDER = "libraries"
"""The folder of the libraries in a site; each is called by a hash of what is in it."""

_TEXT = re.compile(r"<(?P<tag>script|style)(?P<said>[^>]*)>(?P<code>.*?)</(?P=tag)>", re.IGNORECASE | re.DOTALL)
_LARGE = {"script": 20_000, "style": 5_000}  # letters: one of so many is a library
_PLAIN = re.compile(r"""\s*(?:type\s*=\s*["']?(?:text/javascript|application/javascript)["']?)?\s*""", re.IGNORECASE)


@lru_cache(maxsize=8)
def apart(page: str) -> tuple[str, dict[str, str]]:
    """A page without its libraries, each of which has left its place, and the libraries by their names."""
    found: dict[str, str] = {}

    def place(text: re.Match[str]) -> str:
        tag = text["tag"].lower()
        if len(text["code"]) < _LARGE[tag] or not _PLAIN.fullmatch(text["said"]):
            return text[0]
        name = blake2b(text["code"].encode(), digest_size=10).hexdigest()
        found[name] = text["code"]
        return f'<{tag} data-library="{name}"></{tag}>'

    return _TEXT.sub(place, page), found


def held(name: str, code: str) -> str:
    """The file of a library: a script that gives its text to the page that loads it, and runs nothing of it."""
    return f"cwLibraries[{json.dumps(name)}]={json.dumps(code)};\n"


FILL = r"""
addEventListener('DOMContentLoaded', () => {
  const held = window.cwLibraries = {}, asked = {}
  const load = path => asked[path] ||= new Promise(done => {
    const script = document.createElement('script')
    script.src = path
    script.onload = script.onerror = done
    document.head.append(script)
  })
  for (const frame of document.querySelectorAll('iframe[data-page]')) {
    const paths = frame.dataset.libraries.split(' ').filter(Boolean)
    Promise.all(paths.map(load)).then(() => {
      frame.srcdoc = frame.dataset.page.replace(/<(script|style) data-library="(\w+)"><\/\1>/g,
        (_, tag, name) => `<${tag}>${held[name] || ''}</${tag}>`)
    })
  }
})
"""
"""The script of a site that fills the frames of widgets."""
