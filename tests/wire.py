"""What goes over the wire between a program and a database: a relay on loopback that counts the bytes."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Wire:
    """A relay: whoever connects to `port` speaks with what listens at the other; `fetched` bytes came from there."""

    port: int = 0
    fetched: int = 0
    sent: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, *, fetched: int = 0, sent: int = 0) -> None:
        """Add some bytes."""
        with self._lock:
            self.fetched += fetched
            self.sent += sent

    @contextlib.contextmanager
    def counting(self) -> Iterator[list[int]]:
        """What is fetched and sent within, in a list when it is over."""
        before, spent = (self.fetched, self.sent), list[int]()
        yield spent
        spent += [self.fetched - before[0], self.sent - before[1]]


@contextlib.contextmanager
def relay(port: int) -> Iterator[Wire]:
    """A relay to a port of this machine."""
    wire, ends = Wire(), list[socket.socket]()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        wire.port = listening.getsockname()[1]
        threading.Thread(target=_accept, args=(listening, port, wire, ends), daemon=True).start()
        try:
            yield wire
        finally:
            for end in ends:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)


def _accept(listening: socket.socket, port: int, wire: Wire, ends: list[socket.socket]) -> None:
    while True:
        try:
            near, _ = listening.accept()
        except OSError:  # it was closed
            return
        far = socket.create_connection(("127.0.0.1", port))
        ends += [near, far]
        threading.Thread(target=_pass_on, args=(near, far, wire, "sent"), daemon=True).start()
        threading.Thread(target=_pass_on, args=(far, near, wire, "fetched"), daemon=True).start()


def _pass_on(source: socket.socket, sink: socket.socket, wire: Wire, word: str) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            wire.count(**{word: len(data)})
            sink.sendall(data)
    for end in (source, sink):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
