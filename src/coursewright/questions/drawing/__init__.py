"""From a question to a variant: its code is run behind the wall, its templates are filled."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.questions.drawing.draw import task_of
    from coursewright.questions.drawing.elsewhere import shown
    from coursewright.questions.drawing.finder import NothingToAsk, ask_finder
    from coursewright.questions.drawing.setting import set_pictures
    from coursewright.questions.drawing.worker import ARROW, UNSET_PICTURE, DrawResult, key
else:
    __getattr__ = on_first_use(__name__, __file__)
