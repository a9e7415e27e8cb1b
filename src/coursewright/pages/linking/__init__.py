"""What pages cite and refer to, and what others may refer to in them."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.pages.linking.references import Link, Reference
    from coursewright.pages.linking.targets import BlockNumber, Target, with_number
    from coursewright.pages.linking.terms import Term, key_of
else:
    __getattr__ = on_first_use(__name__, __file__)
