"""A Gemini with no rules and next to no work: calls `get_record` as often as asked, then says "Done.".

Run as a process: it prints its port. The text of the question says how many calls: "calls: 10". The first
chunk of every answer says when it was sent, by the machine's monotonic clock.
"""

import json
import re
import socket
import time
from typing import Any

import uvicorn

_CALLS = re.compile(rb"calls: (\d+)")


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answer a streamGenerateContent or generateContent request."""
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    wanted = [int(number) for number in _CALLS.findall(body)]
    answered = body.rpartition(b"calls: ")[2].count(b"functionResponse")
    parts = _call(answered) if wanted and answered < wanted[-1] else [{"text": "Done."}]
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]}
    )
    is_stream = scope["path"].endswith(":streamGenerateContent")
    if is_stream:
        first = {
            "candidates": [{"content": {"role": "model", "parts": [{"text": f"sent {time.monotonic_ns()}"}]}}]
        }
        await send({"type": "http.response.body", "body": _frame(first), "more_body": True})
    last = {
        "candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": "STOP"}],
        "usageMetadata": {"promptTokenCount": 100, "candidatesTokenCount": 10, "totalTokenCount": 110},
        "modelVersion": "gemini-3.8-flash",
    }
    await send(
        {"type": "http.response.body", "body": _frame(last) if is_stream else json.dumps(last).encode()}
    )


def _call(number: int) -> list[dict[str, Any]]:
    call = {"id": f"c{number}", "name": "get_record", "args": {"record_id": f"rec{number}"}}
    return [{"functionCall": call, "thoughtSignature": "c2lnbmVk"}]


def _frame(value: Any) -> bytes:
    return b"data: " + json.dumps(value).encode() + b"\r\n\r\n"


if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    config = uvicorn.Config(app, lifespan="off", log_config=None)
    uvicorn.Server(config).run(sockets=[listener])
