"""What pictures, fields and lists in a table show: `<input value="3">` is 3, and `<select>` what is chosen in it."""

from __future__ import annotations

from typing import Any

from coursewright.tables.sources._html.cells import END, HEAD

_UNSHOWN = {"hidden", "password", "file", "image", "color"}
_TICKS = {"checkbox": "☐☑", "radio": "○◉"}


def show_pictures(table: Any) -> None:
    """Put the text of each picture in `table` in its place, as a reader hears it who cannot see."""
    for picture in table.css("img[alt]"):
        picture.replace_with(f" {picture.attributes['alt'] or ''} ")


def show_controls(table: Any) -> None:
    """Make text of what is in fields, and leave in each list what is chosen; ticks count where nothing else stands."""
    for field in table.css("input"):
        about = field.attributes
        kind = (about.get("type") or "text").lower()
        if kind in _TICKS:
            if not _text(_cell(field)):
                field.insert_child(f" {_TICKS[kind]['checked' in about]} ")
        elif kind not in _UNSHOWN and (value := _without_ends(about.get("value") or "")):
            field.insert_child(f" {value} ")
    for chosen in table.css("select"):
        _show_chosen(chosen)
    for hints in table.css("datalist"):
        hints.decompose()


def _show_chosen(choice: Any) -> None:
    """Take out of a `<select>` all that is not chosen: without a word, that is the first that can be."""
    options = choice.css("option")
    shown = [option for option in options if "selected" in option.attributes]
    if "multiple" not in choice.attributes:
        possible = [option for option in options if "disabled" not in option.attributes]
        shown = shown[-1:] or possible[:1]
    kept = {option.mem_id for option in shown}
    for option in options:
        label = _without_ends(option.attributes.get("label") or "")
        if option.mem_id in kept:
            option.insert_before(f" {label or _text(option)} ")
    for option in options:
        option.decompose()


def _cell(node: Any) -> Any:
    while node.tag not in ("td", "th", "table"):
        node = node.parent
    return node


def _text(node: Any) -> str:
    return _without_ends(node.text()).strip()


def _without_ends(text: str) -> str:
    return text.replace(HEAD, "").replace(END, "")
