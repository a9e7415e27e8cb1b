"""What a kernel gave, as notebooks keep it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from coursewright.pages.engines.apart import apart
from coursewright.pages.engines.failure import settled
from coursewright.pages.engines.kernel import Ran, left_out

_DATE = re.compile(r"\s*<dc:date>[^<]*</dc:date>")  # of its drawing, by which no two builds would be alike


def given(ran: Ran, kernel: str, language: str) -> bytes:
    """The outputs in JSON, without what is new in each run: no two builds would be alike.

    What a `kernel` of R gives as HTML with scripts is in a frame, which is called something in `language`.
    """
    outputs = list(_outputs(ran, kernel, language))
    return json.dumps(outputs, ensure_ascii=False).encode() if outputs else b""


def _outputs(ran: Ran, kernel: str, language: str) -> Iterator[dict[str, Any]]:
    for piece in ran.pieces:
        if "data" in piece:
            yield _of_data(apart(piece, language) if kernel == "r" else piece)
        elif piece["stream"] == "error" and ran.failure:
            name, _, value = ran.failure.message.partition(": ")
            yield {"output_type": "error", "ename": name, "evalue": value, "traceback": piece["text"].split("\n")}
        else:
            name = "stdout" if piece["stream"] == "stdout" else "stderr"
            yield {"output_type": "stream", "name": name, "text": settled(piece["text"])}
    if said := left_out(ran):
        yield {"output_type": "stream", "name": "stderr", "text": f"{said}\n"}


def _of_data(piece: dict[str, Any]) -> dict[str, Any]:
    data = {kind: _settled(kind, value) for kind, value in piece["data"].items()}
    output = {"output_type": "display_data", "data": data, "metadata": piece["metadata"]}
    return output | ({"output_type": "execute_result", "execution_count": None} if piece.get("last") else {})


def _settled(kind: str, value: Any) -> Any:
    if not isinstance(value, str) or (kind.startswith("image/") and kind != "image/svg+xml"):
        return value
    return _DATE.sub("", value) if kind == "image/svg+xml" else settled(value)
