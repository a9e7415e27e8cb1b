"""The ways out of the house: sites, repositories, hubs, images and links, and what is looked at before."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.courses.publishing.audience import check_audience, would_be_public
    from coursewright.courses.publishing.locking import lock
    from coursewright.courses.publishing.preview import publish_preview, remove_preview
    from coursewright.courses.publishing.site import PublishOptions, publish_pages, publish_workflow
else:
    __getattr__ = on_first_use(__name__, __file__)
