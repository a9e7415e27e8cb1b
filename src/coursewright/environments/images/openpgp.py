"""The fingerprints of the keys in a file, as RFC 9580 has them (sections 4.2, 5.5.4 and 6.2).

Enough to say, without GnuPG on the author's machine, whether a file holds the one key that it should: nothing is
verified with it here. In an image apt verifies, and GnuPG picks the key by its fingerprint.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator

_KEY, _ARMOUR = 6, rb"-----BEGIN PGP PUBLIC KEY BLOCK-----\s*?\n(?:[^\n]+: [^\n]*\n)*\s*\n(.*?)\n(?:=[^\n]*\n)?-----END"


def fingerprints(data: bytes) -> list[str]:
    """The fingerprints of the primary keys in the bytes of a file, armoured or not, in capitals.

    Raises ValueError for bytes that are no keys, and for keys older than the fourth version.
    """
    blocks = re.findall(_ARMOUR, data.replace(b"\r\n", b"\n"), re.DOTALL)
    try:
        binary = b"".join(base64.b64decode(block, validate=False) for block in blocks) or data
        return [_fingerprint(body) for tag, body in _packets(binary) if tag == _KEY]
    except (IndexError, binascii.Error):
        raise ValueError("it holds no OpenPGP key") from None


def _fingerprint(body: bytes) -> str:
    if body[0] == 4:
        return hashlib.sha1(b"\x99" + len(body).to_bytes(2, "big") + body).hexdigest().upper()  # noqa: S324 - what a fingerprint is
    if body[0] == 6:
        return hashlib.sha256(b"\x9b" + len(body).to_bytes(4, "big") + body).hexdigest().upper()
    raise ValueError(f"its key is of version {body[0]}, which apt does not take")


def _packets(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The packets, each with its tag."""
    at = 0
    while at < len(data):
        head = data[at]
        if not head & 0x80:
            raise ValueError("it holds no OpenPGP key")
        tag, size, at = (_new if head & 0x40 else _old)(data, at)
        if at + size > len(data):
            raise ValueError("its key is cut off")
        yield tag, data[at : at + size]
        at += size


def _old(data: bytes, at: int) -> tuple[int, int, int]:
    octets = (1, 2, 4, 0)[data[at] & 3]
    start = at + 1 + octets
    size = int.from_bytes(data[at + 1 : start], "big") if octets else len(data) - start
    return (data[at] >> 2) & 0x0F, size, start


def _new(data: bytes, at: int) -> tuple[int, int, int]:
    tag, first = data[at] & 0x3F, data[at + 1]
    if first < 192:
        return tag, first, at + 2
    if first < 224:
        return tag, ((first - 192) << 8) + data[at + 2] + 192, at + 3
    if first == 255:
        return tag, int.from_bytes(data[at + 2 : at + 6], "big"), at + 6
    raise ValueError("its key is in parts, which keys are not")
