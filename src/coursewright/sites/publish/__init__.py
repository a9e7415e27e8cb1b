"""Publishing: a built site on a branch of its course's repository, and the workflows that keep it there."""

from coursewright.sites.publish.branch import Destination, Put, find_destination, put, read
from coursewright.sites.publish.workflows import Job, Schedule, write_workflow

__all__ = ["Destination", "Job", "Put", "Schedule", "find_destination", "put", "read", "write_workflow"]
