"""What directives give: data that every format can write."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.pages.blocks.as_markdown import medium_file, write_grid
    from coursewright.pages.blocks.block import (
        Block,
        Cell,
        EmbeddedPage,
        Form,
        Grid,
        Markup,
        Output,
        PageChoice,
        Picture,
        PrintedText,
        QuestionBlock,
        Raster,
        Sentences,
        Sound,
        pictures,
        shown_in,
    )
    from coursewright.pages.blocks.libraries import FILL, FOLDER, apart, held
    from coursewright.pages.blocks.lost import losses, of_the_web
else:
    __getattr__ = on_first_use(__name__, __file__)
