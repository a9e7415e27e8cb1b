"""How requests pass through Jupyter to the services behind it: large files, long answers, and websockets.

jupyter-server-proxy holds a whole upload, and a whole answer, in memory before it hands on the first byte, gives up
after five minutes, and promises the browser a websocket's protocol before the service has chosen one. The configuration
of Jupyter loads this file by its place, in Jupyter's own Python: it imports nothing of ours.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import Any

from tornado.httputil import HTTPHeaders
from tornado.web import HTTPError, RequestHandler

LARGE = (
    8_000_000  # bytes from which on an answer is handed on as it comes, and an upload is in a file: no page has so many
)
_PIECE = 1_000_000  # bytes of an upload that are in memory at once
_OF_THE_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade"}
_UNAVAILABLE = 503


def let_through(handler: type[Any], seconds: Mapping[str, float], otherwise: float) -> None:
    """Let a handler of jupyter-server-proxy's do all of it; `seconds` are those that services have for an answer."""
    _wait(handler, seconds, otherwise)
    if hasattr(handler, "_proxy_buffered"):
        _stream(handler)
        _spool(handler)
    _let_choose(handler)


def _wait(handler: type[Any], seconds: Mapping[str, float], otherwise: float) -> None:
    options_of = handler.proxy_request_options

    def proxy_request_options(self: Any) -> dict[str, Any]:
        patience = seconds.get(getattr(self, "name", ""), otherwise)
        return {**options_of(self), "request_timeout": patience}

    handler.proxy_request_options = proxy_request_options


def _stream(handler: type[Any]) -> None:
    buffered, progressive = handler._proxy_buffered, handler._proxy_progressive

    async def _proxy_buffered(self: Any, *asked: Any) -> None:
        *where, client = asked
        await buffered(self, *where, _Streaming(self, client))

    async def _proxy_progressive(self: Any, *asked: Any) -> None:
        *where, client = asked
        await progressive(self, *where, _Uploading(self, client))

    handler._proxy_buffered, handler._proxy_progressive = _proxy_buffered, _proxy_progressive


def _spool(handler: type[Any]) -> None:
    """Take what is uploaded as it comes, once its sender is known to be logged in; a large one into a file."""
    proxy_of = handler.proxy
    handler._stream_request_body = True  # what tornado's decorator of that name sets

    def data_received(self: Any, chunk: bytes) -> None:
        if self._finished or not self.current_user:
            return
        if not hasattr(self, "upload"):
            self.upload = SpooledTemporaryFile(LARGE)  # noqa: SIM115 - closed in `proxy`
        self.upload.write(chunk)

    async def proxy(self: Any, *where: Any) -> Any:
        if not hasattr(self, "upload"):
            return await proxy_of(self, *where)
        with self.upload as upload:
            if upload.tell() <= LARGE:
                upload.seek(0)
                self.request.body = upload.read()
            return await proxy_of(self, *where)

    handler.data_received, handler.proxy = data_received, proxy


class _Uploading:
    """A client of HTTP that gives a large upload piece by piece."""

    def __init__(self, handler: Any, client: Any) -> None:
        self.handler, self.client = handler, client

    async def fetch(self, request: Any, **how: Any) -> Any:
        """The answer to a request."""
        upload = getattr(self.handler, "upload", None)
        if upload is not None and not self.handler.request.body:
            upload.seek(0)
            request.body, request.body_producer = None, partial(_give, upload)
        return await self.client.fetch(request, **how)


async def _give(upload: Any, write: Callable[[bytes], Awaitable[None]]) -> None:
    while piece := upload.read(_PIECE):
        await write(piece)


class _Streaming(_Uploading):
    """One that also hands on an answer by itself once it is large, and then returns it without its body."""

    def __init__(self, handler: Any, client: Any) -> None:
        super().__init__(handler, client)
        self.headers: list[str] = []
        self.kept: list[bytes] = []
        self.size = 0
        self.is_begun = False

    async def fetch(self, request: Any, **how: Any) -> Any:
        """The answer to a request."""
        request.header_callback, request.streaming_callback = self._hear, self._take
        try:
            response = await super().fetch(request, **how)
        except Exception:
            if self.is_begun:  # what is cut off must not look whole
                self.handler.request.connection.close()
            raise
        response.buffer = BytesIO(b"".join(self.kept))
        return response

    @property
    def _is_streaming(self) -> bool:
        return self.size > LARGE and self._is_let_be

    @property
    def _is_let_be(self) -> bool:
        """Whether nothing in the body is rewritten; what others than ours do to it is not known."""
        rewrite = self.handler.rewrite_response
        kinds = getattr(rewrite, "kinds", None) if rewrite else ()
        return kinds is not None and self._kind not in kinds

    @property
    def _kind(self) -> str:
        said = (line.partition(":") for line in self.headers)
        kinds = (value for name, _, value in said if name.lower() == "content-type")
        return next(kinds, "").partition(";")[0].strip().lower()

    def _hear(self, line: str) -> None:
        if line.startswith("HTTP/"):
            self.headers.clear()
        self.headers.append(line)

    def _take(self, chunk: bytes) -> Any:
        """Keep a piece or hand it on; what is returned is over when the browser has taken it."""
        self.size += len(chunk)
        self.kept.append(chunk)
        if not self._is_streaming:
            return None
        if not self.is_begun:
            self._begin()
        self.handler.write(b"".join(self.kept))
        self.kept.clear()
        return RequestHandler.flush(self.handler)

    def _begin(self) -> None:
        status, *lines = self.headers
        self.is_begun = True
        self.handler.set_status(int(status.split()[1]))
        self.handler._headers = HTTPHeaders()
        for name, _, value in (line.strip().partition(":") for line in lines if ":" in line):
            if name.lower() not in _OF_THE_CONNECTION:
                self.handler.add_header(name, value.strip())


def _let_choose(handler: type[Any]) -> None:
    """Shake hands with the service first, and with the browser then, so that the service chooses the protocol."""
    protocol_of = handler.get_websocket_protocol

    def get_websocket_protocol(self: Any) -> Any:
        made = protocol_of(self)
        if made is not None:
            accept = made.accept_connection

            async def accept_connection(_: Any) -> None:
                await _connect(self, made)
                await accept(self)

            made.accept_connection = accept_connection
        return made

    def select_subprotocol(self: Any, _: list[str]) -> str | None:
        chosen: str | None = self.ws.selected_subprotocol
        return chosen

    handler.get_websocket_protocol, handler.select_subprotocol = get_websocket_protocol, select_subprotocol


class _Early:
    """Stands for the browser's websocket before there is one, and keeps what the service says until then."""

    def __init__(self, handler: Any) -> None:
        self.handler = handler
        self.said: list[tuple[Any, bool]] = []
        self.is_over = False

    @property
    def selected_subprotocol(self) -> str | None:
        """What the service has chosen."""
        chosen: str | None = self.handler.ws.selected_subprotocol
        return chosen

    def is_closing(self) -> bool:
        """Whether nothing more can be said."""
        return False

    def write_message(self, message: Any, binary: bool = False) -> None:
        """Keep a message."""
        self.said.append((message, binary))

    def write_ping(self, data: bytes) -> None:
        """Keep nothing: a browser would not tell its page of it."""

    def close(self, *_: Any) -> None:
        """Note that the service has nothing more to say."""
        self.is_over = True


async def _connect(handler: Any, browser: Any) -> None:
    """Open the service's websocket before that of the browser; what it says by then is handed on afterwards."""
    early = _Early(handler)
    wanted = handler.request.headers.get("Sec-WebSocket-Protocol", "")
    handler._requested_subprotocols = [one for one in re.split(r"[,\s]+", wanted) if one] or None
    handler.ws_connection = early
    try:
        await handler.open(*handler.open_args, **handler.open_kwargs)
    except OSError as error:
        raise HTTPError(_UNAVAILABLE, f"the service does not answer: {error.strerror or error}") from None
    finally:
        handler.ws_connection = browser

    async def hand_on(*_: Any, **__: Any) -> None:
        for message, binary in early.said:
            await handler.write_message(message, binary=binary)
        if early.is_over:
            handler.close()

    handler.open = hand_on
