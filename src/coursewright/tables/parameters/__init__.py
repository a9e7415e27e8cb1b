"""Parameters: the values that a course, a page or a reader chooses, and what they can be."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.tables.parameters.choices import (
        Field,
        check_values,
        choices_of,
        depends,
        in_order,
        is_ordered,
        read_field,
        settled,
    )
    from coursewright.tables.parameters.parameter import Declaration, Scalar, assigned, declare
else:
    __getattr__ = on_first_use(__name__, __file__)
