"""The dashboard of a small town, and people who sign in."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response

from dashboards.app import create_app
from footprint.audit import AuditEvent
from footprint.blobs.open import open_blobs
from footprint.errors import BadInput
from footprint.index.memory import MemoryIndex
from footprint.ports import Blobs, Record
from footprint.settings import Settings
from footprint.store.record import open_record
from town import Town, build
from town_pictures import PlainPictures, encoded, patch

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


class TwoPlatforms:
    """The port: two platforms whose accounts are told apart by the last part of the address."""

    def names(self) -> tuple[str, ...]:
        return ("forum", "mastodon")

    def native_id(self, platform: str, address: str) -> str:
        if platform not in self.names():
            raise BadInput(f"There is no platform '{platform}'. There is: {', '.join(self.names())}.")
        native_id = address.rstrip("/").rpartition("/")[2]
        if not address.startswith("https://") or not native_id:
            raise BadInput("An address is such as https://social.example/@name.")
        return native_id


class Clock:
    """A clock that a test sets."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, duration: timedelta) -> None:
        self.at += duration


@pytest.fixture(scope="session")
def seeded(staffed: Path, tmp_path_factory: pytest.TempPathFactory, cheapen: Callable[[Path], None]) -> Town:
    """The town, made once: tests work on copies."""
    town = build(tmp_path_factory.mktemp("town"), staffed, NOON)
    cheapen(town.folder / "record.db")
    return town


@pytest.fixture
def town(seeded: Town, tmp_path: Path) -> Town:
    """A town of this test's own."""
    return replace(seeded, folder=shutil.copytree(seeded.folder, tmp_path / "town"))


@pytest.fixture
def record(town: Town) -> Iterator[Record]:
    """The town's record."""
    opened = open_record(f"sqlite:///{town.folder / 'record.db'}")
    yield opened
    opened.close()


@pytest.fixture
def blobs(town: Town) -> Blobs:
    """The town's bytes."""
    return open_blobs(f"file:{town.folder / 'blobs'}")


@pytest.fixture
def index(town: Town) -> MemoryIndex:
    """The town's index."""
    index = MemoryIndex()
    index.put(town.documents)
    return index


@pytest.fixture
def clock() -> Clock:
    """Noon of the town's today; a test lets time pass."""
    return Clock(NOON)


@pytest.fixture
def settings() -> Settings:
    """Of a department that lives eight hours west of Greenwich in winter."""
    department = {"name": "Riverside Police Department", "time_zone": "America/Los_Angeles", "policy_version": "3"}
    return Settings.model_validate({"department": department})


@pytest.fixture
def pictures() -> PlainPictures:
    """What turns media into what a page may show."""
    return PlainPictures()


@pytest.fixture
def serve(
    record: Record, blobs: Blobs, index: MemoryIndex, pictures: PlainPictures, settings: Settings, clock: Clock
) -> Callable[..., FastAPI]:
    """Makes a dashboard of the town, with other ports where a test names them."""

    def make(**ports: Any) -> FastAPI:
        usual = {
            "record": record, "blobs": blobs, "index": index, "pictures": pictures, "platforms": TwoPlatforms(),
            "settings": settings, "clock": clock,
        }  # fmt: skip
        return create_app(**usual | ports)

    return make


@pytest.fixture
def app(serve: Callable[..., FastAPI]) -> FastAPI:
    """The dashboard of the town."""
    return serve()


class Person:
    """Somebody with a browser. Forms carry the token of the page that they were last shown."""

    def __init__(self, app: FastAPI) -> None:
        self.client = TestClient(app, follow_redirects=False)

    def get(self, path: str) -> Response:
        return self.client.get(path)

    def follow(self, response: Response) -> Response:
        """The page that a redirect leads to."""
        assert response.status_code == 303, response.text
        return self.client.get(response.headers["location"])

    def token(self, page: str = "/") -> str:
        found = re.search(r'name="csrf" value="([0-9a-f]{64})"', self.client.get(page).text)
        assert found is not None
        return found[1]

    def send(
        self, path: str, *, files: dict[str, tuple[str, bytes]] | None = None, page: str = "/", **fields: Any
    ) -> Response:
        return self.client.post(path, data={"csrf": self.token(page), **fields}, files=files)

    def sign_in(self, name: str, password: str | None = None) -> Response:
        return self.send("/signin", page="/signin", name=name, password=password or f"correct horse {name}")


@pytest.fixture
def stranger(app: FastAPI) -> Person:
    """Somebody who is not signed in."""
    return Person(app)


@pytest.fixture
def signed_in(app: FastAPI) -> Callable[..., Person]:
    """Somebody of the department, signed in; at another dashboard where a test names one."""

    def sign_in(name: str, other: FastAPI | None = None) -> Person:
        person = Person(other or app)
        assert person.sign_in(name).status_code == 303
        return person

    return sign_in


@pytest.fixture
def events(record: Record) -> Callable[..., list[AuditEvent]]:
    """The audit events of an action, in order."""

    def find(action: str) -> list[AuditEvent]:
        return list(record.select(AuditEvent, action=action))

    return find


@pytest.fixture
def drawn() -> Callable[..., bytes]:
    """Draws a picture that no post of the town shows."""

    def draw(side: int = 200) -> bytes:
        return encoded(patch(side, ground=(10, 90, 60)), "PNG")

    return draw
