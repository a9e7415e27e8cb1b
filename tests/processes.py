"""What processes are called, of which any may end at any moment."""

from __future__ import annotations

import psutil


def name_of(process: psutil.Process) -> str:
    """The name of its program; "" of one that has ended."""
    try:
        return process.name()
    except psutil.Error:
        return ""


def command_of(process: psutil.Process) -> list[str]:
    """Its command line; nothing of one that has ended."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def listening_of(process: psutil.Process) -> list[str]:
    """The addresses, without ports, at which it listens; none of one that has ended."""
    try:
        return [one.laddr.ip for one in process.net_connections("inet") if one.status == psutil.CONN_LISTEN]
    except psutil.Error:
        return []
