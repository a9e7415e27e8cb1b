"""The process itself: it waits for the session that started it, answers its requests one by one, and ends with it."""

from __future__ import annotations

import hmac
import json
import os
import secrets
import socket
import traceback
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

from coursewright.errors import CoursewrightError, Problem, SeveralProblems

_LONGEST = 60.0  # seconds in which the session has to come, after this process has said where it listens
_SHORT = 0.5


def serve(folder: Path, caller: int) -> None:
    """Answers requests until the session whose process is `caller` lets go.

    `folder` belongs to the session alone. Its file `secret` holds what the session says first; a file `port` there says
    where to knock, on this machine's loopback, and which process this is. Files of columns come and go through it.
    """
    secret = (folder / "secret").read_bytes()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        told = folder / f"port.{secrets.token_hex(4)}"
        told.write_text(f"{listening.getsockname()[1]}\n{os.getpid()}\n")
        told.replace(folder / "port")  # whole, or not yet there
        session = _accept(listening, secret, caller)
    if session is None:
        return
    with session, session.makefile("rb") as asked, suppress(BrokenPipeError, ConnectionResetError):
        for line in asked:
            session.sendall(_reply(line, folder))


def _accept(listening: socket.socket, secret: bytes, caller: int) -> socket.socket | None:
    """The session, once somebody knocks who knows the secret; None if it has gone."""
    listening.settimeout(_SHORT)
    for _ in range(int(_LONGEST / _SHORT)):
        with suppress(TimeoutError):
            session, _address = listening.accept()
            session.settimeout(5)
            with suppress(OSError):
                said = session.recv(len(secret), socket.MSG_WAITALL)
                if hmac.compare_digest(said, secret):
                    session.settimeout(None)
                    return session
            session.close()
        if not _is_alive(caller):
            return None
    return None


def _is_alive(process: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(process, 0)
        return True
    return False


def _reply(line: bytes, folder: Path) -> bytes:
    """The answer to one request, as one line: what it gave, or what went wrong, and what is to be told besides."""
    told: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        answer = _answer(line, folder, told)
    answer["messages"] = told
    answer["warnings"] = [str(each.message) for each in caught if issubclass(each.category, UserWarning)]
    return json.dumps(answer).encode() + b"\n"


def _answer(line: bytes, folder: Path, told: list[str]) -> dict[str, Any]:
    from coursewright.replies.arguments import check
    from coursewright.replies.calls import CALLS, CallSession

    try:
        request = json.loads(line)
        os.chdir(request.pop("at"))
        session = CallSession(folder, told)
        call = CALLS[request.pop("call")]
        check(call, request)
        return {"value": call(session, **request)}
    except CoursewrightError as error:
        return {"problems": [_said(problem) for problem in error.problems], "kind": type(error).__name__}
    except OSError as error:
        said = error.strerror or str(error)
        return {"problems": [{"message": f"{said}: {error.filename}" if error.filename else said}], "kind": "OSError"}
    except Exception:  # noqa: BLE001 - a fault of ours ends this request, not the session
        return {"problems": [{"message": "Coursewright stopped, and should not have"}], "fault": traceback.format_exc()}


def _said(problem: Problem) -> dict[str, str]:
    return {
        "message": problem.message,
        "place": str(problem.where) if problem.where else "",
        "hint": problem.hint,
        "text": str(SeveralProblems([problem])).removeprefix("error: "),
    }
