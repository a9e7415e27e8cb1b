"""What is fetched from elsewhere: kept copies, their limits, secrets in addresses, and the lock."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.tables.fetching.copies import Fetch
    from coursewright.tables.fetching.kept import CopyStore, single
else:
    __getattr__ = on_first_use(__name__, __file__)
