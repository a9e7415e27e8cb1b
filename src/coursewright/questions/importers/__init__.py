"""Banks of questions that exist already, read into question files: one file each format."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.questions.importers._bank import Bank, Draft, read_bank
    from coursewright.questions.importers._keeping import keep_bank
else:
    __getattr__ = on_first_use(__name__, __file__)
