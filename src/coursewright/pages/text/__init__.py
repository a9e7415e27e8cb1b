"""What stands in the text of a page: parameters, passages, inclusions, HTML of the author's."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.pages.text.body import Passage, standing_alone
    from coursewright.pages.text.fill import fill_text, named_in
    from coursewright.pages.text.mistakes import slips
else:
    __getattr__ = on_first_use(__name__, __file__)
