"""The city of one seed on loopback, with small stand-ins for its photographs: what servers answer does not depend on what is drawn."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from http.client import HTTPConnection
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from PIL import Image

from demo.city import FIRST_SCAN_DAY, City
from demo.drawing.album import Film, Picture, Plan, Sound, Visible, audible, mime_of
from demo.drawing.shots import Difficulty
from demo.simulators.server import Stage
from demo.simulators.town import town
from demo.story import build
from demo.truth import shots_of

ANCHOR = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture(scope="session")
def city() -> City:
    """The city of seed 1."""
    return build(1, ANCHOR)


@pytest.fixture(scope="session")
def pictures(city: City) -> Mapping[str, Picture]:
    """For every picture a plain little one of the right format, that claims to show what it was to show."""
    return {plan.name: _stand_in(plan, number) for number, plan in enumerate(city.plans)}


@pytest.fixture(scope="session")
def stage(city: City, pictures: Mapping[str, Picture]) -> Iterator[Stage]:
    """The city on loopback, on the day of the first scan."""
    with town(city, pictures, day=FIRST_SCAN_DAY) as opened:
        yield opened


def _stand_in(plan: Plan, number: int) -> Picture:
    out = BytesIO()
    Image.new("RGB", (32, 24), (number, 90, 99)).save(out, "JPEG", comment=plan.name)
    shows = dict.fromkeys(name for shot in shots_of(plan) for name in shot.shows)
    visible = tuple(Visible(what=w, side_px=120.0, hidden=0.0, difficulty=Difficulty.CLEAR) for w in shows)
    played = plan.take if isinstance(plan, Sound) else plan.sound if isinstance(plan, Film) else None
    return Picture(name=plan.name, data=out.getvalue(), mime=mime_of(plan), visible=visible + audible(played))


@dataclass(frozen=True, slots=True)
class Got:
    """An answer over HTTP."""

    status: int
    headers: Message
    body: bytes


@pytest.fixture(scope="session")
def get() -> Callable[..., Got]:
    """Ask a host, without following redirects. Keyword arguments are header fields, with _ for -."""

    def ask(url: str, **fields: str) -> Got:
        parts = urlsplit(url)
        connection = HTTPConnection(parts.netloc, timeout=10)
        headers = {name.replace("_", "-"): text for name, text in fields.items()}
        connection.request("GET", f"{parts.path}?{parts.query}" if parts.query else parts.path, headers=headers)
        response = connection.getresponse()
        got = Got(status=response.status, headers=response.headers, body=response.read())
        connection.close()
        return got

    return ask
