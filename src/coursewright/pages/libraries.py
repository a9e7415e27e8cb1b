"""The libraries of widgets: scripts that several of them share, taken out of their pages.

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

_SCRIPT = re.compile(r"<script(?P<said>[^>]*)>(?P<code>.*?)</script>", re.IGNORECASE | re.DOTALL)
_LARGE = 20_000  # letters: a script of so many is a library
_PLAIN = re.compile(r"""\s*(?:type\s*=\s*["']?(?:text/javascript|application/javascript)["']?)?\s*""", re.IGNORECASE)


@lru_cache(maxsize=8)
def apart(page: str) -> tuple[str, dict[str, str]]:
    """A page without its libraries, each of which has left its place, and the libraries by their names."""
    found: dict[str, str] = {}

    def place(script: re.Match[str]) -> str:
        if len(script["code"]) < _LARGE or not _PLAIN.fullmatch(script["said"]):
            return script[0]
        name = blake2b(script["code"].encode(), digest_size=10).hexdigest()
        found[name] = script["code"]
        return f'<script data-library="{name}"></script>'

    return _SCRIPT.sub(place, page), found


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
      frame.srcdoc = frame.dataset.page.replace(/<script data-library="(\w+)"><\/script>/g,
        (_, name) => `<script>${held[name] || ''}</script>`)
    })
  }
})
"""
"""The script of a site that fills the frames of widgets."""
