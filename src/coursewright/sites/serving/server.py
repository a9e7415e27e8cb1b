"""The verb: serve a folder on loopback to browsers of this machine, and to nobody else."""

from __future__ import annotations

import http.server
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from coursewright.errors import UsageError
from coursewright.sites.serving.handler import SiteHandler
from coursewright.sites.serving.preview import Preview


class SiteServer(http.server.ThreadingHTTPServer):
    """Serves `folder` at `address`, as a `preview` if there is one.

    Raises UsageError for a port that cannot be used.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, folder: Path, port: int = 0, preview: Preview | None = None) -> None:
        self.preview = preview
        try:
            super().__init__(("127.0.0.1", port), partial(SiteHandler, folder=folder, preview=preview))
        except (OSError, OverflowError) as error:
            reason = error.strerror if isinstance(error, OSError) else "ports go up to 65535"
            hint = "leave out --port for a free one"
            raise UsageError(f"port {port} cannot be used: {reason}", None, hint) from None

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://127.0.0.1:{self.server_port}/"

    @contextmanager
    def running(self) -> Iterator[None]:
        """Serve while the block runs."""
        thread = threading.Thread(target=partial(self.serve_forever, poll_interval=0.05), daemon=True)
        thread.start()
        try:
            yield
        finally:
            if self.preview:
                self.preview.close()
            self.shutdown()
            thread.join()
            self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that has gone away."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)
