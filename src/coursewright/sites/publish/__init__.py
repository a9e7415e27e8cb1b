"""Publishing: a built site on a branch of its course's repository, repositories of their own, and their workflows."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.sites.publish.branch import Destination, find_destination, put, read
    from coursewright.sites.publish.preview import PREVIEWS, put_preview
    from coursewright.sites.publish.repository import Aim, find_target, put_repository
    from coursewright.sites.publish.tree import CommitSummary
    from coursewright.sites.publish.workflows import WORKFLOWS, Job, Schedule, image_workflow, workflow, write_workflow
else:
    __getattr__ = on_first_use(__name__, __file__)
