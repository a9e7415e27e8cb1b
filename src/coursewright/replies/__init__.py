"""Replies: what a session of another program, R for one, asks Coursewright, and what it gets, in one process kept open.

Frames come and go as files of typed columns, everything else as lines of JSON over a socket of this machine.
"""

from coursewright.replies.columns import ExactFrame, read_columns, write_columns
from coursewright.replies.serve import serve

__all__ = ["ExactFrame", "read_columns", "serve", "write_columns"]
