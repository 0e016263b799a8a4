"""Another system of our own: a real web server that keeps what it is sent, and can misbehave on demand."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

Answer = tuple[int, Mapping[str, str]]
WELL: Answer = (204, {})


@dataclass
class Received:
    """One request, as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """What came, and what is answered: `answer` is asked with the number of the request, from nought."""

    port: int = 0
    requests: list[Received] = field(default_factory=list)
    answer: Callable[[int], Answer] = lambda _number: WELL
    lock: Lock = field(default_factory=Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks"

    @property
    def ids(self) -> list[str]:
        return [request.headers["webhook-id"] for request in list(self.requests)]

    def take(self, request: Received) -> Answer:
        with self.lock:
            number = len(self.requests)
            self.requests.append(request)
        return self.answer(number)


@contextmanager
def open_receiver() -> Iterator[Receiver]:
    """Listen at a free port of this machine."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            if (
                len(body) < length
            ):  # the sender died in the middle of it: as a real server, this one heard nothing
                self.close_connection = True
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, more = receiver.take(Received(self.path, headers, body))
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.port = server.server_address[1]
    serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    serving.start()
    yield receiver
    server.shutdown()
    server.server_close()
    serving.join()
