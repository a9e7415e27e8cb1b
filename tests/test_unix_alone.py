"""What only Unix has is asked for only by what only Unix can do: courses are built on Windows too."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

UNIX = ("fcntl", "grp", "pty", "pwd", "resource", "syslog", "termios", "tty")
WITHOUT = f"""
import sys
sys.modules |= dict.fromkeys({UNIX})
from coursewright.cli import main
for command in (["check"], ["build"], ["up"]):
    print(command, main(command))
"""


def test_a_course_is_built_without_what_only_unix_has(make_course: Any) -> None:
    root = make_course({"pages/index.md": "# Fruit\n\n```{table} sales\n```\n"})
    ran = subprocess.run([sys.executable, "-c", WITHOUT], cwd=root, capture_output=True, text=True, check=False)
    assert ran.stdout.splitlines() == ["['check'] 0", "['build'] 0", "['up'] 1"], ran.stderr
    hint = "hint: on Windows, in its Linux (WSL), or in a container: coursewright image\n"
    assert ran.stderr.endswith(f"error: services run on Linux and macOS\n{hint}")
