"""Images: what they are called, built from and locked to, and what is unsafe in them."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.environments.images import image, lock
    from coursewright.environments.images.image import GRACE
    from coursewright.environments.images.reference import ImageReference, is_tag, read_reference
    from coursewright.environments.images.safety import check
else:
    __getattr__ = on_first_use(__name__, __file__)
