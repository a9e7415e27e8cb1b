"""Serving: a site on this machine alone, and a preview of it that tells its pages what has become of them."""

from coursewright.sites.serving.preview import Preview
from coursewright.sites.serving.server import Server

__all__ = ["Preview", "Server"]
