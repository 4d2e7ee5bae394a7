"""A server on this machine that speaks the chat API, and answers as a test tells it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server sends: a body that is no JSON yet is what the model wrote."""

    content: object = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    finish: str = "stop"
    raw: bytes | None = None
    delay: float = 0.0

    def body(self) -> bytes:
        if self.raw is not None:
            return self.raw
        if self.status != 200:
            return json.dumps({"error": {"message": self.content}}).encode()
        written = self.content if isinstance(self.content, str | None) else json.dumps(self.content)
        message = {"role": "assistant", "content": written}
        return json.dumps({"choices": [{"index": 0, "message": message, "finish_reason": self.finish}]}).encode()


class Model:
    """The server's side: `asked` are the questions, in order; `reply` is called with each."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.signed: list[str | None] = []
        self.times: list[float] = []
        self.address = ""
        self.reply: Callable[[str], Reply] = lambda text: Reply(answer())

    def say(self, *replies: Reply) -> None:
        """Give these replies in turn, and the last one for ever."""
        left = list(replies)
        self.reply = lambda text: left.pop(0) if len(left) > 1 else left[0]

    @property
    def texts(self) -> list[str]:
        """What was sent of articles."""
        return [question["messages"][1]["content"] for question in self.asked]


@contextmanager
def serving() -> Iterator[Model]:
    model = Model()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            model.times.append(time.monotonic())
            model.signed.append(self.headers["Authorization"])
            model.asked.append(question)
            reply = model.reply(question["messages"][1]["content"])
            time.sleep(reply.delay)
            body = reply.body()
            status = reply.status if self.path == "/v1/chat/completions" else 404
            try:
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                self.close_connection = True  # who asked waits no longer

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    model.address = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield model
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answer(*parts: dict[str, Any]) -> Answer:
    """An answer of entities and facts."""
    return {
        "entities": [part for part in parts if "name" in part],
        "facts": [part for part in parts if "relation" in part],
    }


def entity(name: str, kind: str, *others: str) -> dict[str, Any]:
    return {"name": name, "other_names": list(others), "type": kind}


def side(entity: str | None, text: str | None = None) -> dict[str, Any]:
    return {"entity": entity, "text": entity if text is None else text}


def fact(
    subject: dict[str, Any], relation: str, value: dict[str, Any], evidence: str, **qualifiers: dict[str, Any]
) -> dict[str, Any]:
    return {
        "relation": relation,
        "subject": subject,
        "object": value,
        "evidence": evidence,
        "qualifiers": [{"qualifier": key, **found} for key, found in qualifiers.items()],
    }
