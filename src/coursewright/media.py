"""A thing to look at or to listen to, in one or more media types, with what it is in words."""

from __future__ import annotations

import warnings
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from types import MappingProxyType
from typing import Any

from coursewright.errors import CoursewrightError, Place
from coursewright.outputs import whole

TYPES: Mapping[str, str] = MappingProxyType(
    {
        ".svg": "image/svg+xml",
        ".png": "image/png",
        ".jpg": "image/jpeg",
        ".jpeg": "image/jpeg",
        ".gif": "image/gif",
        ".webp": "image/webp",
        ".wav": "audio/wav",
        ".mp3": "audio/mpeg",
        ".ogg": "audio/ogg",
        ".flac": "audio/flac",
    }
)  # how the name of a file ends, and its media type

LARGEST = 10_000_000
"""Bytes of one thing that a notebook embeds at the most."""

_SVG, _HTML = "image/svg+xml", "text/html"
_PAGE = {".html": _HTML}  # which is no picture or sound, and can be saved all the same
# A frame tells how tall its content is; a page takes nothing but that number from it, and from no other frame.
_SIZE = (
    "<script>{const of=document.documentElement,tell=()=>parent.postMessage("
    "{cwHeight:Math.ceil(of.getBoundingClientRect().height)},'*');"
    "addEventListener('load',tell);new ResizeObserver(tell).observe(of)}</script>"
)
FRAMES = (
    "window.cwFrames||(window.cwFrames=1,addEventListener('message',e=>{const h=e.data&&e.data.cwHeight;"
    "if(h>0)for(const f of document.querySelectorAll('iframe.cw-frame'))"
    "if(f.contentWindow===e.source)f.style.height=Math.min(Math.max(h,40),4000)+'px'}))"
)
"""The script of a page that gives each frame the height of what is in it."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """The bytes of one thing by media type, the best for a reader first; `alt` says in words what it is.

    `source` says where it comes from: who made it, or its address; `transcript` has every word that is heard. A
    notebook shows it as it is: a picture, a player,
    a page in a frame of its own, in which no script can reach the notebook. Raises CoursewrightError for one without
    bytes or without words.
    """

    data: Mapping[str, bytes]
    alt: str
    caption: str = ""
    source: str = ""
    transcript: str = ""

    def __post_init__(self) -> None:
        if not self.data:
            raise CoursewrightError("this picture or sound has no data", hint='Bundle({"image/png": …}, alt="…")')
        if not self.alt.strip():
            raise CoursewrightError("this picture or sound has no alternative text", hint="say what it shows: alt=…")
        object.__setattr__(self, "data", MappingProxyType(dict(self.data)))

    def best(self, *accepted: str) -> str | None:
        """The first media type of the bundle that is one of those `accepted`, of which none stands for all."""
        return next((media_type for media_type in self.data if not accepted or media_type in accepted), None)

    def html(self) -> str:
        """The thing in HTML, complete in itself, with its words; "" for a media type that pages cannot show."""
        return next(filter(None, (_shown(self, media_type) for media_type in self.data)), "")

    def save(self, path: Path | str) -> Path:
        """The file that now has the thing, in the media type that the name of `path` ends like.

        Without an ending it gets that of the best one. Raises CoursewrightError for an ending that it has not, and
        when the file cannot be written.
        """
        types = {**TYPES, **_PAGE}
        file, endings = Path(path), [end for each in self.data for end in list(types) if types[end] == each]
        if not file.suffix and endings:
            file = file.with_name(file.name + endings[0])
        content = self.data.get(types.get(file.suffix.lower(), ""))
        if content is None:
            hint = f"Available: {', '.join(endings)}" if endings else ""
            raise CoursewrightError(f'this cannot be saved as "{file.suffix}"', Place(file), hint)
        if not file.parent.is_dir():
            raise CoursewrightError("this cannot be saved: No such file or directory", Place(file))
        with whole(file) as new:
            new.write(content)
        return file

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: ARG002 - Jupyter passes them
        """What Jupyter shows; of what is too large, the words and a warning."""
        size = max(map(len, self.data.values()))
        if size > LARGEST:
            said = f"this is too large for a notebook: {size / 1e6:.1f} MB, of at most {LARGEST / 1e6:g} MB"
            hint = 'keep it in a file: .save("…"), and make it smaller to show it'
            warnings.warn(f"{said}\nhint: {hint}", stacklevel=2)
            return {"text/plain": f"{self.alt} ({said})"}, {}
        shown = {"text/html": self.html(), "text/plain": self.alt}
        picture = {_SVG: self.data[_SVG].decode()} if _SVG in self.data else {}
        return {**shown, **picture}, {key: {"alt": self.alt} for key in picture}


class JupyterDisplay:
    """For what has a `bundle`: Jupyter shows that."""

    __slots__ = ()

    def bundle(self) -> Bundle:
        """The thing by media types."""
        raise NotImplementedError

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
        """What Jupyter shows."""
        return self.bundle()._repr_mimebundle_(include, exclude)


def ending(media_type: str) -> str:
    """How the name of a file of `media_type` ends, with its dot; "" for one that we do not know."""
    return next((end for end, each in TYPES.items() if each == media_type), "")


def frame(page: str, title: str, *, height: int = 400, forms: bool = False) -> str:
    """HTML with `page`, a whole one, in a frame that its scripts cannot leave, `height` pixels tall.

    Where the page around it runs `FRAMES`, the frame becomes as tall as what is in it. With `forms` its scripts hear of
    forms that are sent.
    """
    inside, allowed = escape(telling(page)), "allow-scripts allow-forms" if forms else "allow-scripts"
    return (
        f'<iframe class="cw-frame" sandbox="{allowed}" title="{escape(title)}" srcdoc="{inside}" '
        f'style="width:100%;height:{height}px;border:0"></iframe>'
    )


def telling(page: str) -> str:
    """A whole page that tells the frame that it stands in how tall it is."""
    return page + _SIZE


def untold(page: str) -> str:
    """The page without what `telling` added to it."""
    return page.removesuffix(_SIZE)


def _shown(bundle: Bundle, media_type: str) -> str:
    """One medium of a bundle in HTML; a picture is an <img>, in which no script runs and no id meets another."""
    data, alt = bundle.data[media_type], escape(bundle.alt)
    address = f'src="data:{escape(media_type)};base64,{b64encode(data).decode()}"'
    under = [bundle.caption, bundle.source]
    if media_type.startswith("image/"):
        light = "max-width:100%;background:#fff;color-scheme:light"
        shown = f'<img {address} alt="{alt}" style="{light}">'
    elif media_type.startswith("audio/"):
        shown = f'<audio controls {address} aria-label="{alt}"></audio>'
        under = [bundle.caption or bundle.alt, bundle.source]
    elif media_type == _HTML:
        shown = f"{frame(data.decode(), bundle.alt)}<script>{FRAMES}</script>"
    else:
        return ""
    caption = " ".join(filter(None, under))
    below = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    if bundle.transcript:
        said = escape(bundle.transcript)
        below += f'<details><summary>Transcript</summary><p style="white-space:pre-line">{said}</p></details>'
    return f'<figure style="margin:0">{shown}{below}</figure>'
