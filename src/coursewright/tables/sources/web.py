"""Bytes from an address on the web, with a clear word for whatever can go wrong on the way."""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from coursewright import __version__
from coursewright.errors import CoursewrightError, Place
from coursewright.tables.fetching.secrets import shown

if TYPE_CHECKING:
    import httpx

_REDIRECTS = 10
_PATIENCE = 20  # so many times the seconds without a byte may an answer take in all
_PACKED = {"gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}
_NETWORK = "check the address and the network"

Resolve = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class WebResponse:
    """What came with the bytes; `address` is the one that answered in the end, as it may be shown.

    `unpacked` is whether they were packed on the way, `open_ended` whether nothing told how long they are: they end
    where the connection does, which may have broken.
    """

    address: str
    etag: str = ""
    modified: str = ""
    content_type: str = ""
    charset: str = ""
    unpacked: bool = False
    open_ended: bool = False


def is_address(text: str) -> bool:
    """Whether `text` is a web address rather than a path."""
    return text.startswith(("http://", "https://"))


def resolved(host: str) -> list[str]:
    """The numbers that a host's name stands for; none if it is not known."""
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    except OSError:
        return []


def download(
    address: str,
    file: IO[bytes],
    *,
    limit: int,
    seconds: float,
    etag: str = "",
    modified: str = "",
    place: Place | None = None,
    resolve: Resolve = resolved,
) -> WebResponse | None:
    """Write what is at `address` into `file`; None if it is still what `etag` or `modified` say.

    No more than `limit` bytes are taken, and no more than `seconds` may go by without one. Raises CoursewrightError,
    with nothing secret in it, for everything that goes wrong; `file` is then of no use.
    """
    import httpx

    headers = {"User-Agent": f"coursewright/{__version__}", "Accept-Encoding": "gzip, deflate"}
    headers |= {"If-None-Match": etag} if etag else {"If-Modified-Since": modified} if modified else {}
    end = time.monotonic() + _PATIENCE * seconds
    with _told(address, seconds, place), httpx.Client(headers=headers, timeout=seconds) as client:
        request: httpx.Request | None = client.build_request("GET", address)
        for _ in range(_REDIRECTS):
            assert request is not None  # noqa: S101 - a redirect has led to it
            answer = client.send(request, stream=True)
            try:
                if answer.has_redirect_location:
                    request = _redirected(answer, address, place, resolve)
                    continue
                if answer.status_code == httpx.codes.NOT_MODIFIED:
                    return None
                return _taken(answer, address, file, limit=limit, end=end, place=place)
            finally:
                answer.close()
    raise CoursewrightError(f"{shown(address)} leads from one address to the next without an end", place, _NETWORK)


def _taken(
    answer: httpx.Response, address: str, file: IO[bytes], *, limit: int, end: float, place: Place | None
) -> WebResponse:
    """The body of an answer written to `file`, as long as it is neither too long nor too slow."""
    if not answer.is_success:
        reason = f"{answer.status_code} {answer.reason_phrase}".strip()
        raise CoursewrightError(f"{shown(address)} answered {reason}", place, "check the address")
    came = 0
    promised = answer.headers.get("Content-Length", "")
    too_long = promised.isdecimal() and int(promised) > limit
    for piece in () if too_long else _unpacked(answer):
        came += len(piece)
        if came > limit:
            too_long = True
            break
        if time.monotonic() > end:
            raise CoursewrightError(
                f"{shown(address)} is too slow: it was given up after {came:,} bytes", place, _NETWORK
            )
        file.write(piece)
    if too_long:
        hint = "if that is right, allow more in course.toml: [fetch] limit"
        raise CoursewrightError(f"{shown(address)} is larger than the limit of {limit:,} bytes", place, hint)
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    unpacked = bool(_packings(answer))
    return WebResponse(
        shown(str(answer.url)),
        answer.headers.get("ETag", ""),
        answer.headers.get("Last-Modified", ""),
        kind,
        answer.charset_encoding or "",
        unpacked,
        not (promised or unpacked or "Transfer-Encoding" in answer.headers),
    )


def _packings(answer: httpx.Response) -> list[str]:
    """How the body is packed on the way, beginning with what was done first."""
    named = answer.headers.get("Content-Encoding", "").lower().split(",")
    return [name.strip() for name in named if name.strip() in _PACKED]


def _unpacked(answer: httpx.Response) -> Iterator[bytes]:
    """The body in pieces, as it was before it was packed: to its end, which httpx does not look for.

    Raises httpx.RemoteProtocolError for a body that breaks off, and httpx.DecodingError for one that is not packed.
    """
    pieces = answer.iter_raw()
    for packing in reversed(_packings(answer)):
        pieces = _inflated(pieces, _PACKED[packing])
    return pieces


def _inflated(pieces: Iterator[bytes], bits: int) -> Iterator[bytes]:
    """What is in pieces of gzip, of which several may follow each other, or of deflate with its head or without."""
    import httpx

    unpacking, begun, ended = zlib.decompressobj(bits), False, False
    for piece in pieces:
        rest = piece
        while rest:
            try:
                given = unpacking.decompress(rest)
            except zlib.error as error:
                if ended:  # what follows is not packed: padding, which nobody reads
                    return
                if begun or bits == _PACKED["gzip"]:
                    raise httpx.DecodingError(str(error)) from None
                unpacking, begun = zlib.decompressobj(-bits), True
                continue
            begun, rest = True, unpacking.unused_data
            yield given
            ended = unpacking.eof
            if ended:
                unpacking = zlib.decompressobj(bits)
    if begun and not ended:
        raise httpx.RemoteProtocolError("what is packed is no complete message")


def _redirected(answer: httpx.Response, address: str, place: Place | None, resolve: Resolve) -> httpx.Request | None:
    """The request that a redirect asks for, unless it leads where no address of a course should."""
    import httpx

    to = answer.url.join(httpx.URL(answer.headers["Location"]))
    if to.scheme not in ("http", "https"):
        message = f"{shown(address)} leads to an address of the kind {to.scheme}:, which is not followed"
        raise CoursewrightError(message, place, "check the address")
    if not _private(answer.url.host, resolve) and _private(to.host, resolve):
        message = f"{shown(address)} leads into a private network, to {to.host}, which is not followed"
        raise CoursewrightError(message, place, "if you trust it, write that address into course.toml")
    follow: httpx.Request | None = answer.next_request
    return follow


def _private(host: str, resolve: Resolve) -> bool:
    """Whether a host is of this machine or its network, which strangers on the web are not to reach through us."""
    try:
        numbers = [str(ipaddress.ip_address(host.strip("[]")))]
    except ValueError:
        numbers = resolve(host)
    return any(not ipaddress.ip_address(number.partition("%")[0]).is_global for number in numbers)


@contextmanager
def _told(address: str, seconds: float, place: Place | None) -> Iterator[None]:
    """What goes wrong on the network, in words."""
    import httpx

    try:
        yield
    except httpx.TimeoutException:
        reason = f"nothing came for {seconds:g} seconds"
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError, ValueError):
        reason = "this is no address"
    except httpx.DecodingError:
        reason = "it is not compressed as it says"
    except httpx.RemoteProtocolError as error:
        short = re.search(r"received (\d+) bytes, expected (\d+)", str(error))
        whole = f"after {int(short[1]):,} of {int(short[2]):,} bytes" if short else "in the middle"
        reason = f"it broke off {whole}" if short or "complete message" in str(error) else "its answer is no HTTP"
    except (httpx.TransportError, OSError) as error:
        reason = _why(error)
    else:
        return
    raise CoursewrightError(f"{shown(address)} cannot be fetched: {reason}", place, _NETWORK)


def _why(error: BaseException) -> str:
    """The reason behind an error of the transport."""
    causes: list[BaseException] = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None:
        causes.append(cause)
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not to be trusted ({cause.verify_message})"
        if isinstance(cause, ssl.SSLError):
            return "no secure connection can be made"
        if isinstance(cause, socket.gaierror):
            return "there is no such host"
        if isinstance(cause, ConnectionRefusedError):
            return "the connection was refused"
        if isinstance(cause, ConnectionResetError | BrokenPipeError):
            return "the connection was broken"
    return "the network is down" if any(isinstance(cause, OSError) for cause in causes) else type(error).__name__
