"""Question files: their sections, templates and parts."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.questions.reading.rows import files_read, named
else:
    __getattr__ = on_first_use(__name__, __file__)
