"""Open this site in a browser, from a web server for this machine alone: python open.py

Browsers let a page that is opened from a folder load nothing that runs. It needs Python 3.8 or later, and nothing else.
"""

import contextlib
import functools
import hashlib
import http.server
import pathlib
import sys
import webbrowser
from typing import Any

KINDS = {".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".css": "text/css"}


class LocalHandler(http.server.SimpleHTTPRequestHandler):
    """Answers with the files of the site, whatever this system takes their kinds to be, to who asks this machine."""

    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, **KINDS}

    def send_head(self) -> Any:
        """The file, if it is asked for by a name of this machine: another that leads here is somebody's trick."""
        if self.headers.get("Host", "").rpartition(":")[0] not in ("127.0.0.1", "localhost"):
            self.send_error(403)
            return None
        return super().send_head()

    def end_headers(self) -> None:
        """Have the browser ask again each time: of two editions of the site it would mix the files."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def copyfile(self, source: Any, outputfile: Any) -> None:
        """Send it, unless the browser has gone to another page."""
        with contextlib.suppress(ConnectionError):
            super().copyfile(source, outputfile)

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


class LocalServer(http.server.ThreadingHTTPServer):
    """A server that shares its port with no other; Windows would let it."""

    allow_reuse_address = sys.platform != "win32"


def usual_port(folder: pathlib.Path) -> int:
    """The same for the same folder: browsers keep by the port what readers change."""
    return (
        20000
        + int.from_bytes(hashlib.sha256(str(folder).encode("utf-8", "surrogateescape")).digest()[:4], "big") % 12000
    )


def open_server(folder: pathlib.Path) -> LocalServer:
    """A server of the folder, at its usual port unless something else is there."""
    handler = functools.partial(LocalHandler, directory=str(folder))
    try:
        return LocalServer(("127.0.0.1", usual_port(folder)), handler)
    except OSError:
        print("Another program has this site's usual port: what you changed in it before is not shown here", flush=True)
        return LocalServer(("127.0.0.1", 0), handler)


def main() -> int:
    """Serve the folder in which this file is, until Ctrl-C."""
    with open_server(pathlib.Path(__file__).resolve().parent) as server:
        address = f"http://127.0.0.1:{server.server_port}/"
        print(f"This site is at {address} until you press Ctrl-C", flush=True)
        webbrowser.open(address)
        with contextlib.suppress(KeyboardInterrupt):
            server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
