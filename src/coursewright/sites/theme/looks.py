"""What the author of a site decides about how it looks: `[site]` of `course.toml`, checked before anything is made."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

import msgspec

from coursewright.errors import Place, Problem, did_you_mean
from coursewright.figures.pictures import LETTERS, contrast, on_dark, on_light

# The grounds on which letters stand, each on its paper: that of the page, and that of code and of what is set apart.
LIGHT, DARK = {"page": "#fdfdfc", "shaded part": "#f3f4f5"}, {"page": "#15181c", "shaded part": "#1e2228"}

_EASY = 6.5  # the contrast of an accent that is made for dark colours, where the least that will do looks dull
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_EDIT = re.compile(r"https?://[^\s\"'<>\\^`|{}]+\{file\}[^\s\"'<>\\^`|{}]*", re.ASCII)
_FONTS = (".woff2", ".woff", ".ttf", ".otf")
_PICTURES = (".svg", ".png", ".jpg", ".jpeg", ".webp", ".gif")


class Logo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[site] logo`: a picture that stands in front of the title, and what it says in words."""

    file: str
    alt: str


class Fonts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[site.fonts]`: files of fonts that the site carries. Alone, `text` is for bold and for slanted letters too."""

    text: str = ""
    bold: str = ""
    italic: str = ""
    headings: str = ""
    code: str = ""


class SiteLooks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[site]`: `order` names pages and sections, by their paths in `pages/` without `.md`, that come first.

    With `numbered`, what has a caption has a number too, on every page that does not say otherwise. `groups` are
    headings of the menu with the pages and sections below each. `edit` is the address at which a page is changed, with
    `{file}` for its file. The rest are colours as `#rrggbb`, and files of the course. A site that is not `listed` asks
    search engines to leave it out.
    """

    order: tuple[str, ...] = ()
    numbered: bool = False
    groups: dict[str, tuple[str, ...]] = {}
    edit: str = ""
    accent: str = ""
    accent_dark: str = ""
    css: str = ""
    icon: str = ""
    picture: str = ""
    logo: Logo | None = None
    fonts: Fonts = Fonts()
    listed: bool = True

    @property
    def in_order(self) -> tuple[str, ...]:
        """What comes first: what stands in groups, after the front page, and then what `order` names."""
        grouped = [name for names in self.groups.values() for name in names]
        front = ["index"] if grouped and "index" not in (*grouped, *self.order) else []
        return tuple(dict.fromkeys([*front, *grouped, *self.order]))

    @property
    def accents(self) -> tuple[str, str]:
        """The accent on light and on dark paper, each "" where it is the theme's own."""
        light, dark = (_long(colour) for colour in (self.accent, self.accent_dark))
        return light, dark or (on_dark(light, _EASY) if light else "")

    @property
    def files(self) -> tuple[str, ...]:
        """The files of the course that the site carries for its looks, by their paths there."""
        fonts = msgspec.structs.astuple(self.fonts)
        named = (self.css, self.icon, self.picture, self.logo.file if self.logo else "", *fonts)
        return tuple(dict.fromkeys(filter(None, named)))


def check(looks: SiteLooks, root: Path, place: Callable[..., Place]) -> Iterator[Problem]:
    """What is wrong with `looks`, in the course at `root`; `place` gives the place of a key of `course.toml`."""
    if looks.edit and not _EDIT.fullmatch(looks.edit):
        hint = "write it whole, with {file} once, such as https://github.com/ou/course/edit/main/{file}"
        yield Problem(f'"{looks.edit}" is no address to edit a page at', place("site", "edit"), hint)
    yield from _colours(looks, place)
    yield from _grouped(looks, place)
    named = [
        (looks.css, (".css",), ("css",)),
        (looks.icon, (".svg", ".png", ".ico"), ("icon",)),
        (looks.picture, (".png", ".jpg", ".jpeg"), ("picture",)),
        *((getattr(looks.fonts, name), _FONTS, ("fonts", name)) for name in Fonts.__struct_fields__),
    ]
    if looks.logo:
        named.append((looks.logo.file, _PICTURES, ("logo",)))
        if not looks.logo.alt.strip():
            hint = 'say what it shows, such as alt = "The Open University"'
            yield Problem("the logo has no alternative text", place("site", "logo"), hint)
    for name, endings, keys in named:
        if name and (said := _unfit(root, name, endings)):
            yield Problem(said[0], place("site", *keys), said[1])


def _colours(looks: SiteLooks, place: Callable[..., Place]) -> Iterator[Problem]:
    papers = {"accent": ("light", LIGHT), "accent_dark": ("dark", DARK)}
    for key, (paper, grounds) in papers.items():
        colour = getattr(looks, key)
        if not colour:
            continue
        if not _COLOUR.fullmatch(colour):
            yield Problem(f'"{colour}" is no colour', place("site", key), 'write it as "#b00020"')
            continue
        least, ground = min((contrast(_long(colour), on), name) for name, on in grounds.items())
        if least < LETTERS:
            near = _on_light(_long(colour)) if paper == "light" else _on_dark(_long(colour))
            message = f"{colour} on a {ground} in {paper} colours has a contrast of {int(least * 100) / 100:.2f}"
            hint = f"letters need {LETTERS}: the nearest that has it is {near}"
            yield Problem(message, place("site", key), hint)


def _grouped(looks: SiteLooks, place: Callable[..., Place]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for title, names in looks.groups.items():
        for name in names:
            if "/" in name:
                message = f'"{name}" is inside a section, and groups have what is not'
                yield Problem(message, place("site", "groups"), f'name the section, "{name.partition("/")[0]}"')
            if seen.setdefault(name, title) != title or names.count(name) > 1:
                message = f'"{name}" is in the groups twice'
                yield Problem(message, place("site", "groups"), "name it once")
                return


def _unfit(root: Path, name: str, endings: tuple[str, ...]) -> tuple[str, str] | None:
    """Why the file `name` of the course cannot be used, and what to do."""
    path, file = PurePosixPath(name), root / name
    if path.is_absolute() or ".." in path.parts or "\\" in name or not _inside(file, root):
        return f'"{name}" is outside the course', "copy it into the course and write its path from there"
    if any(part.startswith(".") for part in path.parts) or path.parts[0] == "build":
        return f'"{name}" is not published', "hidden files and build/ stay at home"
    if path.suffix.lower() not in endings:
        return f'"{name}" is no file of the kind that is wanted here', f"its name ends in {' or '.join(endings)}"
    if not file.is_file():
        beside = [each.name for each in file.parent.iterdir() if each.is_file()] if file.parent.is_dir() else []
        return f'no file "{name}"', did_you_mean(file.name, beside)
    return None


def _inside(file: Path, root: Path) -> bool:
    return not file.exists() or file.resolve().is_relative_to(root.resolve())


def _long(colour: str) -> str:
    """`#rgb` as `#rrggbb`."""
    digits = colour[1:].lower()
    return f"#{digits if len(digits) == 6 else ''.join(digit * 2 for digit in digits)}" if colour else ""


def _on_light(colour: str) -> str:
    return on_light(colour, LETTERS * contrast(*LIGHT.values()))


def _on_dark(colour: str) -> str:
    return on_dark(colour, LETTERS * contrast(*DARK.values()))
