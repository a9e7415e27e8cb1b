"""Publishing: a built site on a branch of its course's repository, repositories of their own, and their workflows."""

from coursewright.sites.publish.branch import Destination, find_destination, put, read
from coursewright.sites.publish.preview import put_preview
from coursewright.sites.publish.repository import Aim, find_target, put_repository
from coursewright.sites.publish.tree import Put
from coursewright.sites.publish.workflows import Job, Schedule, image_workflow, workflow, write_workflow

__all__ = [
    "Aim",
    "Destination",
    "Job",
    "Put",
    "Schedule",
    "find_destination",
    "find_target",
    "image_workflow",
    "put",
    "put_preview",
    "put_repository",
    "read",
    "workflow",
    "write_workflow",
]
