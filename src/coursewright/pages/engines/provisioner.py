"""How a kernel of Python comes to its process: forked where that is the same, else with a command line of its own."""

from __future__ import annotations

import os
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from coursewright.pages.engines.beginning import Beginning
from coursewright.pages.engines.forking import Unsafe, fork


class ForkingProvisioner(LocalProvisioner):
    """`beginning` are the imports of the page. `unsafe` says why nothing was forked, if somebody should know."""

    beginning = Beginning()
    unsafe = ""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Begin the kernel."""
        try:
            self.process = self._fork(cmd, **kwargs)
        except Unsafe as reason:
            self.unsafe = str(reason)
        if self.process is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.pid = self.pgid = self.process.pid
        self.cwd = kwargs["cwd"]
        return self.connection_info

    def _fork(self, cmd: list[str], *, cwd: str, env: dict[str, str], stdout: Any, stderr: Any, **_: Any) -> Any:
        empty, end = os.pipe()
        os.close(end)  # as for a process of its own: there is nothing to read
        try:
            environment = {**env, "JPY_PARENT_PID": str(os.getpid())}
            return fork(cmd, self.beginning, cwd, environment, [empty, stdout.fileno(), stderr.fileno()])
        finally:
            os.close(empty)
