"""
One host of the city on loopback: answers, keeps a log of what was asked, and misbehaves where it is told to.

All hosts run in threads of one process and share one `Stage`, whose day the demo moves between the scans.
"""

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from demo.city import City
from demo.drawing.album import Picture
from footprint.errors import BadInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request that a host got."""

    host: str
    path: str
    user_agent: str
    denied: bool


@dataclass(slots=True)
class Stage:
    """What all hosts share: the city, its pictures, the day that it is, where everybody is found, and what was asked."""

    city: City
    pictures: Mapping[str, Picture]
    day: float
    bases: dict[str, str] = field(default_factory=dict)
    log: list[Asked] = field(default_factory=list)
    secrets: dict[str, bytes] = field(default_factory=dict)

    def secret(self, place: str) -> str:
        """Words that stand nowhere but behind the wall or denied path `place`: whoever keeps them has kept what was not public."""
        words = f"only-behind-{place}-{self.city.seed:06d}-{sum(place.encode()) * 7919 % 1_000_003}"
        self.secrets[place] = words.encode()
        return words


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A request as a host sees it: path, parameters, lower-case header names."""

    path: str
    parameters: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """
    A response. `drip_s` makes each byte wait so many seconds; `announced_bytes` lies about the length and then sends no more than
    the body.
    """

    status: int = HTTPStatus.OK
    mime: str = "text/html; charset=utf-8"
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    drip_s: float = 0.0
    announced_bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """One host: where it listens, what it answers, what its robots.txt says and with which status."""

    name: str
    address: str
    answer: Callable[[Query], Answer]
    robots: str = "User-agent: *\nDisallow:\n"
    robots_status: int = HTTPStatus.OK

    def denies(self, path: str) -> bool:
        """Whether robots.txt denies a path to everybody: a host that fails to answer for robots.txt denies all."""
        if path == "/robots.txt":
            return False
        if self.robots_status >= 400:
            return self.robots_status != HTTPStatus.NOT_FOUND
        rules = (line.partition(":") for line in self.robots.splitlines())
        return any(key == "Disallow" and _matches(value.strip(), path) for key, _, value in rules)


def serve(host: Host, stage: Stage, *, port: int = 0) -> ThreadingHTTPServer:
    """
    Start a host in a thread and write its address into the stage. Port 0 takes a free one; `close` ends it.

    Raises BadInput where the address or the port cannot be had.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            """Answer, and write down what was asked."""
            url = urlsplit(self.path)
            agent = self.headers.get("User-Agent", "")
            stage.log.append(Asked(host=host.name, path=self.path, user_agent=agent, denied=host.denies(url.path)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            query = Query(path=url.path, parameters=dict(parse_qsl(url.query)), headers=headers)
            answer = _robots(host) if url.path == "/robots.txt" else host.answer(query)
            try:
                self._send(answer)
            except OSError:  # whoever asked has hung up, as it should on some of these answers
                self.close_connection = True

        def _send(self, answer: Answer) -> None:
            length = len(answer.body) if answer.announced_bytes is None else answer.announced_bytes
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.mime)
            self.send_header("Content-Length", str(length))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            for piece in _pieces(answer):
                self.wfile.write(piece)
                self.wfile.flush()
            self.close_connection = answer.announced_bytes is not None

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """The log is the stage's."""

    try:
        server = ThreadingHTTPServer((host.address, port), Handler)
    except OSError as error:
        why = f"{host.address} cannot be listened on: {error.strerror}."
        raise BadInput(f"{why} The demo needs all of 127.0.0.0/8 on loopback, as Linux has it.") from error
    server.daemon_threads = True
    stage.bases[host.name] = f"http://{host.address}:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.05,), name=host.name, daemon=True).start()
    return server


def close(server: ThreadingHTTPServer) -> None:
    """Stop a host."""
    server.shutdown()
    server.server_close()


def not_found() -> Answer:
    """What a host answers to a path that it does not know."""
    return Answer(
        status=HTTPStatus.NOT_FOUND, body=b"<!doctype html><title>Not found</title><body><h1>Not found</h1></body>"
    )


def _matches(rule: str, path: str) -> bool:
    """RFC 9309, as far as the hosts use it: a rule is the beginning of paths, `*` stands for anything."""
    return bool(rule) and re.match(".*".join(map(re.escape, rule.split("*"))), path) is not None


def _robots(host: Host) -> Answer:
    return Answer(status=host.robots_status, mime="text/plain; charset=utf-8", body=host.robots.encode())


def _pieces(answer: Answer) -> Iterator[bytes]:
    if not answer.drip_s:
        yield answer.body
        return
    for byte in answer.body:
        time.sleep(answer.drip_s)
        yield bytes((byte,))
