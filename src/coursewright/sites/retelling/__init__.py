"""Retelling: a page's facts and sentences, found and told again in the reader's browser."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.sites.index import can_be_retold, is_retold
    from coursewright.sites.retelling.anchors import CHOICE
    from coursewright.sites.retelling.engine import ENGINE, EngineAnswer, look_for_engine, run
    from coursewright.sites.retelling.told import (
        FOLDER,
        ChoicesSelect,
        DerivedSelect,
        OwnTables,
        RetoldBlock,
        RetoldBody,
        RetoldPage,
        When,
        can_draw,
        can_retell,
        charts_file,
        charts_files,
        check_size,
        check_tables,
        engine_file,
        engine_files,
        table_file,
    )
else:
    __getattr__ = on_first_use(__name__, __file__)
