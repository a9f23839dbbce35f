"""
A world in one process for crawls that believe they are out on the web: every name leads to one server here, over TLS too, and time passes
only when nobody has anything to do.

    python -m benchmarks.world MODULE [ARGUMENT ...]

imports MODULE into the world and calls its `live(world, arguments)`, a coroutine. Nothing of the house is changed: what is put in place of the
machine's is the clock, the event loop's way to wait, the answers to names, and the authority that vouches for servers. A crawl that keeps an
hour's pause takes as long as its requests do, and the server writes down by the world's clock when it was asked. Threads are waited for in
real time, and numbers are addresses as they stand: what listens on 127.0.0.1 outside of the world can be asked, too.
"""

import asyncio
import importlib
import os
import selectors
import ssl
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from ipaddress import ip_address
from pathlib import Path
from typing import Any

HERE = "127.0.0.1"
LOOKS = 3
"""How often the loop looks whether anything came before it lets time pass. It never waits: a busy machine would be long in coming back."""

THREADS_LOOK_S = 0.01
LARGEST_HEAD_BYTES = 2**16


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request: when by the world's clock, for what, with lower-case header names."""

    at: float
    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the world says."""

    status: int = HTTPStatus.OK
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class Clock:
    """The world's time: that of the machine when the world began, and what passed since. What the machine takes for its work takes none."""

    def __init__(self) -> None:
        self.passed_s = 0.0

    def take_over(self) -> None:
        """Be the clock of this process, for all that is imported from now on."""
        began, monotonic = float(int(time.time())), float(int(time.monotonic()))
        time.time = lambda: began + self.passed_s
        time.monotonic = lambda: monotonic + self.passed_s


class Skipping(selectors.DefaultSelector):
    """Waits by letting the clock go forward, unless something comes or a thread is at work."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self.threads = 0

    def select(self, timeout: float | None = None) -> Any:
        """What is ready; nothing where the time is over by the world's clock."""
        for _ in range(LOOKS if timeout != 0 else 1):
            if ready := super().select(0):
                return ready
        if timeout is None or self.threads:
            return super().select(THREADS_LOOK_S)
        self._clock.passed_s += timeout
        return []


class Loop(asyncio.SelectorEventLoop):
    """An event loop that skips, and knows how many threads work for it."""

    def __init__(self, selector: Skipping) -> None:
        super().__init__(selector)
        self._skipping = selector

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:
        """Run in a thread; time does not pass until it has ended."""
        running = super().run_in_executor(executor, func, *args)
        self._skipping.threads += 1
        running.add_done_callback(lambda _: self._ended())
        return running

    def _ended(self) -> None:
        self._skipping.threads -= 1


class Authority:
    """Vouches for servers of any name. Its own certificate lies in `file`."""

    def __init__(self, folder: Path) -> None:
        from cryptography.hazmat.primitives.asymmetric import ec

        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._contexts: dict[str, ssl.SSLContext] = {}
        self.file = folder / "authority.pem"
        self.file.write_bytes(self._certificate("authority of the world", is_authority=True))

    def context(self) -> ssl.SSLContext:
        """For a server that shows a certificate of whatever name it is asked by."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.sni_callback = self._meet  # type: ignore[assignment]  # typeshed lacks the name that may be None
        return context

    def _meet(self, connection: ssl.SSLObject, name: str | None, context: ssl.SSLContext) -> None:
        connection.context = self._context_of(name or HERE)

    def _context_of(self, name: str) -> ssl.SSLContext:
        if name not in self._contexts:
            file = self._folder / f"{len(self._contexts)}.pem"
            file.write_bytes(self._certificate(name, is_authority=False))
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(file)
            self._contexts[name] = context
        return self._contexts[name]

    def _certificate(self, name: str, *, is_authority: bool) -> bytes:
        """Key and certificate as PEM. One key serves all; nobody here has secrets from the others."""
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization

        now = datetime.now(UTC)
        issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "authority of the world")])
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name[:64])])
        certificate = (
            x509.CertificateBuilder(issuer, subject, self._key.public_key(), x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name.replace(" ", "-"))]), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        pem = serialization.Encoding.PEM
        private = self._key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return private + certificate.public_bytes(pem)


class World:
    """Where crawls live: `answer` says what every host answers, and may be changed while they do."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder = folder
        self.answer: Callable[[Asked], Answer] = lambda asked: Answer(status=HTTPStatus.NOT_FOUND)
        self._clock = clock
        self._authority = Authority(folder)
        self._ports: dict[int, int] = {}

    def run(self, live: Callable[["World"], Awaitable[None]]) -> None:
        """Begin, let `live` happen, and end. Raises what it raises. Once a process, since Twisted's reactor is."""
        os.environ["SSL_CERT_FILE"] = str(self._authority.file)
        loop = Loop(Skipping(self._clock))
        asyncio.set_event_loop(loop)
        from twisted.internet import asyncioreactor

        asyncioreactor.install(loop)
        from scrapy.crawler import AsyncCrawlerProcess
        from scrapy.settings import Settings
        from twisted.internet import reactor

        loop.run_until_complete(self._listen())
        self._move(reactor)
        settings = Settings()
        settings.setmodule("crawlers.settings")
        settings.set("EGRESS_ALLOWED_NETWORKS", [f"{HERE}/32"])
        settings.set("LOG_LEVEL", "ERROR")
        settings.set("LOG_INSTALL_ROOT_HANDLER", False)
        process = AsyncCrawlerProcess(settings)
        living = loop.create_task(self._live(live, reactor))
        process.start(stop_after_crawl=False, install_signal_handlers=False)
        living.result()

    async def _live(self, live: Callable[["World"], Awaitable[None]], reactor: Any) -> None:
        try:
            await live(self)
        finally:
            reactor.callLater(0, reactor.stop)

    async def _listen(self) -> None:
        for port, context in ((80, None), (443, self._authority.context())):
            server = await asyncio.start_server(
                lambda reader, writer, s="https" if context else "http": self._serve(reader, writer, s),
                HERE,
                0,
                ssl=context,
                limit=LARGEST_HEAD_BYTES,
            )
            self._ports[port] = server.sockets[0].getsockname()[1]

    def _move(self, reactor: Any) -> None:
        """Have all names, and the web's ports, lead here."""
        connect = reactor.connectTCP
        reactor.installNameResolver(_Names())
        reactor.connectTCP = lambda host, port, *rest, **more: connect(host, self._ports.get(port, port), *rest, **more)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, scheme: str) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                first, *lines = head.decode("latin-1").split("\r\n")[:-2]
                method, path, _ = first.split(" ")
                headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                url = f"{scheme}://{headers['host']}{path}"
                answer = self.answer(Asked(at=time.time(), method=method, url=url, headers=headers, body=body))
                told = {"Content-Length": str(len(answer.body)), **answer.headers}
                lines = [f"HTTP/1.1 {answer.status} Status", *(f"{name}: {value}" for name, value in told.items())]
                writer.write("\r\n".join((*lines, "", "")).encode("latin-1") + answer.body)
                await writer.drain()
        writer.close()


class _Names:
    """A name resolver that finds everybody here; a number is found where it says."""

    def resolveHostName(self, receiver: Any, host: str, port: int = 0, *rest: Any) -> Any:  # noqa: N802 - Twisted's name
        from twisted.internet.address import IPv4Address, IPv6Address

        receiver.resolutionBegan(self)
        try:
            number = ip_address(host)
        except ValueError:
            number = ip_address(HERE)
        kind = IPv4Address if number.version == 4 else IPv6Address
        receiver.addressResolved(kind("TCP", str(number), port))
        receiver.resolutionComplete()
        return self

    def cancel(self) -> None:
        """Nothing is under way."""


def main() -> None:
    """Take over the clock before anything keeps the machine's, then bring the module in."""
    module, *arguments = sys.argv[1:]
    clock = Clock()
    clock.take_over()
    live = importlib.import_module(module).live
    with tempfile.TemporaryDirectory() as folder:
        World(Path(folder), clock).run(lambda world: live(world, arguments))


if __name__ == "__main__":
    main()
