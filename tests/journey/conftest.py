"""A small public blog on loopback, and a house that may read it, worked by the command line as an operator would."""

import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from demo.drawing.exemplars import references
from demo.drawing.shots import Composition, Shot, take
from footprint.ports import Record
from footprint.store.record import open_record
from footprint.store.tables import TABLES

PATCH = "shoulder-patch-2019"
SHOTS = {
    "patch": Shot(seed=1, composition=Composition.TABLE, shows=(PATCH,), mark_px=220),
    "plain": Shot(seed=2, composition=Composition.PLAIN),
    "toy": Shot(seed=3, composition=Composition.TABLE, shows=("toy-car",), mark_px=220),
    "patch again": Shot(seed=4, composition=Composition.TABLE, shows=(PATCH,), mark_px=240),
}
POSTS = (("1", "patch"), ("2", "plain"), ("3", "toy"), ("4", "patch again"), ("5", "patch"))
"""Five posts; the first and the last show the very same picture."""


@cache
def picture(name: str) -> bytes:
    """One of the pictures, drawn once."""
    return take(SHOTS[name]).jpeg()


@dataclass
class Blog:
    """A blog that serves its feed and pictures, and remembers what it was asked for."""

    url: str = ""
    asked: list[str] = field(default_factory=list)
    began: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0) - timedelta(days=3))

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """Status, type and body for a path."""
        self.asked.append(path)
        if path == "/feed.xml":
            return 200, "application/rss+xml", self._feed().encode()
        name = path.removeprefix("/media/").removesuffix(".jpg").replace("-", " ")
        if path.startswith("/media/") and name in SHOTS:
            return 200, "image/jpeg", picture(name)
        return 404, "text/plain", b"not here"

    def _feed(self) -> str:
        items = "".join(self._item(*post) for post in POSTS)
        return f"<rss version='2.0'><channel><title>Ann's blog</title><link>{self.url}/</link>{items}</channel></rss>"

    def _item(self, key: str, shows: str) -> str:
        media = f"{self.url}/media/{shows.replace(' ', '-')}.jpg"
        posted = format_datetime(self.began + timedelta(hours=int(key)))
        return (
            f"<item><guid isPermaLink='false'>{key}</guid><link>{self.url}/posts/{key}</link><title>Day {key}</title>"
            f"<description>A day out.</description><pubDate>{posted}</pubDate>"
            f"<enclosure url='{media}' type='image/jpeg' length='{len(picture(shows))}'/></item>"
        )


@pytest.fixture(scope="session")
def blog() -> Iterator[Blog]:
    """The blog, on an ephemeral port."""
    served = Blog()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, kind, body = served.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Be quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield served
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def pictures() -> dict[str, bytes]:
    """The pictures of the blog by name."""
    return {name: picture(name) for name in SHOTS}


@dataclass(frozen=True)
class Operator:
    """Somebody at the command line in a folder of their own. `prefect` is the address of a Prefect server that runs anyway, if one does."""

    folder: Path
    prefect: str = ""

    def command(self, *words: str) -> list[str]:
        """The command line of `footprint` with these words."""
        return [sys.executable, "-m", "flows", *words]

    def environment(self) -> dict[str, str]:
        """The operator's environment: nothing of the machine's Footprint settings."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("FOOTPRINT_", "PREFECT_"))}
        root = str(Path(__file__).parents[2])
        own = {"FOOTPRINT_CONFIG": str(self.folder / "footprint.toml"), "PYTHONPATH": root, "COLUMNS": "200"}
        return kept | own | ({"PREFECT_API_URL": self.prefect} if self.prefect else {})

    def run(self, *words: str, typed: str = "", code: int = 0) -> str:
        """Run a command, expect its exit code, return what it printed."""
        done = subprocess.run(
            self.command(*words), cwd=self.folder, env=self.environment(), input=typed, capture_output=True, text=True
        )
        assert done.returncode == code, f"{words} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout if code == 0 else done.stdout + done.stderr

    def json(self, *words: str) -> Any:
        """Run a command with --json."""
        return json.loads(self.run(*words, "--json"))

    def record(self) -> Record:
        """The record, to look into; the caller closes it."""
        return open_record(f"sqlite:///{self.folder / 'var/record.db'}")

    def contents(self) -> dict[type[Any], list[Any]]:
        """Everything in the record, by type."""
        record = self.record()
        try:
            return {kind: list(record.select(kind)) for kind in TABLES}
        finally:
            record.close()

    def blob_names(self) -> set[str]:
        """The SHA-256 of each blob."""
        return {path.name for path in (self.folder / "var/blobs").rglob("*") if path.is_file()}


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, blog: Blog) -> Operator:
    """A house in which the blog is registered and the patch is known. Not to be scanned: tests work on copies."""
    operator = Operator(folder=tmp_path_factory.mktemp("prepared"))
    operator.run("init")
    (operator.folder / "footprint.toml").write_text(
        '[crawl]\nenabled = true\ncontact_url = "https://police.example/crawler"\nallowed_networks = ["127.0.0.0/8"]\n'
        "delay_s = 0\nrequests_per_minute = 6000\n[detect]\nprocesses = 1\n"
    )
    for user, role in (("ines", "registrar"), ("omar", "registrar"), ("rosa", "reviewer"), ("theo", "reviewer")):
        operator.run("user", "add", user, "--role", role, "--as", "admin", typed=f"correct horse {user}\n")
    consent = operator.folder / "consent.txt"
    consent.write_text("I agree that my public blog is read. Ann Example, 1 April 2026")
    operator.run(
        "registrant", "add", "R-1", "--name", "Ann Example", "--employed-from", "2020-01-01", "--notice", "2020-02-01",
        "--as", "ines",
    )  # fmt: skip
    operator.run(
        "account", "add", "feeds", f"{blog.url}/feed.xml", "--registrant", "R-1", "--role", "employee", "--basis",
        "consent", "--document", str(consent), "--expires", "2100-01-01", "--as", "ines",
    )  # fmt: skip
    account = operator.json("account", "list")[0]["id"]
    operator.run("account", "approve", account, "--as", "omar")
    operator.run("account", "notify", account, "--as", "ines")
    operator.run("identifier", "add", PATCH, "--kind", "patch", "--name", "Shoulder patch 2019", "--as", "ines")
    files = []
    for n, reference in enumerate(references(PATCH, seed=7)):
        files.append(str(operator.folder / f"exemplar-{n}.jpg"))
        Path(files[-1]).write_bytes(reference.data)
    operator.run("exemplar", "add", PATCH, *files, "--as", "ines")
    return operator


@pytest.fixture(scope="session")
def prepare(prepared: Operator, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Operator]:
    """A function that makes a house of one's own, ready to be scanned."""

    def copy(name: str, *, prefect: str = "") -> Operator:
        folder = tmp_path_factory.mktemp(name) / "house"
        shutil.copytree(prepared.folder, folder)
        return Operator(folder=folder, prefect=prefect)

    return copy
