"""Prose with values in it, as HTML and as Markdown."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.questions.writing.lacks import Lack, listed
    from coursewright.questions.writing.markup import dollar_maths, markdown, tex_escape
    from coursewright.questions.writing.prose import plain
    from coursewright.questions.writing.showing import asked_and_told, show
else:
    __getattr__ = on_first_use(__name__, __file__)
