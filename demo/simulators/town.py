"""All hosts of the city, each on a loopback address of its own, so that budgets and robots rules are theirs alone."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from http import HTTPStatus
from types import MappingProxyType

from demo.city import City, CityPost
from demo.drawing.album import Picture
from demo.simulators import city, discourse, feeds, mastodon
from demo.simulators.server import Host, Stage, close, serve

FORMS: Mapping[str, str] = MappingProxyType(
    {
        "grace": "rss",
        "family": "atom",
        "carl": "json",
        "recruiting": "rss",
        "silent": "rss",
        "bomb": "rss",
        "gate": "rss",
        "drip": "rss",
    }
)
"""Which dialect each blog's feed speaks."""

REFUSALS = 2
"""How often the busy server asks to come back later."""


@contextmanager
def town(city: City, pictures: Mapping[str, Picture], *, day: float) -> Iterator[Stage]:
    """Serve the whole city on free ports of 127.0.0.0/8 until the block ends."""
    stage = Stage(city=city, pictures=pictures, day=day)
    with ExitStack() as stack:
        for host in _hosts(stage):
            stack.callback(close, serve(host, stage))
        yield stage


def address(stage: Stage, account: str) -> str:
    """The address of an account, as a person would type it."""
    holding = stage.city.holding(account)
    base = stage.bases[holding.site]
    match holding.platform:
        case "mastodon":
            return f"{base}/@{holding.handle}"
        case "discourse":
            return f"{base}/u/{holding.handle}"
        case "feeds":
            return feeds.address(stage, holding.site, FORMS[holding.site])
    return f"{base}/{holding.handle}/"


def record_id(stage: Stage, post: CityPost) -> str:
    """How the record names a post."""
    holding = stage.city.holding(post.account)
    match holding.platform:
        case "mastodon":
            native = mastodon.native_id(stage, post, holding.site)
        case "discourse":
            native = discourse.native_id(stage, post, holding.site)
        case "feeds":
            native = feeds.native_id(stage, post, holding.site, FORMS[holding.site])
        case _:
            native = city.native_id(stage, post, holding.site)
    return f"{holding.platform}:{native}"


def _hosts(stage: Stage) -> Iterator[Host]:
    forum, blog, page = partial(discourse.site, stage), partial(feeds.site, stage), partial(city.site, stage)
    yield Host(name="harbor", address="127.0.0.11", answer=mastodon.site(stage, "harbor"), robots=mastodon.ROBOTS)
    busy = mastodon.busy(stage, "busy", refusals=REFUSALS)
    yield Host(name="busy", address="127.0.0.12", answer=busy, robots=mastodon.ROBOTS)
    yield Host(name="closed", address="127.0.0.13", answer=mastodon.closed(stage, "closed"), robots=mastodon.ROBOTS)
    yield Host(name="talk", address="127.0.0.21", answer=forum("talk"), robots=discourse.ROBOTS)
    members = discourse.members_only(stage, "members")
    yield Host(name="members", address="127.0.0.22", answer=members, robots=discourse.ROBOTS)
    for number, name in enumerate(("grace", "family", "carl", "recruiting"), start=31):
        yield Host(name=name, address=f"127.0.0.{number}", answer=blog(name, FORMS[name]), robots=feeds.ROBOTS)
    yield Host(
        name="silent", address="127.0.0.35", answer=blog("silent", "rss"), robots="try again later",
        robots_status=HTTPStatus.SERVICE_UNAVAILABLE,
    )  # fmt: skip
    yield Host(name="bomb", address="127.0.0.36", answer=feeds.bomb(stage, "bomb"))
    yield Host(name="gate", address="127.0.0.37", answer=feeds.gate(stage, "gate"))
    yield Host(name="drip", address="127.0.0.38", answer=feeds.drip(stage, "drip"))
    yield Host(name="cityhall", address="127.0.0.41", answer=page("cityhall", "json-ld"), robots=city.ROBOTS)
    yield Host(name="association", address="127.0.0.42", answer=page("association", "h-entry"), robots=city.ROBOTS)
    yield Host(name="noor", address="127.0.0.43", answer=page("noor", "open-graph"), robots=city.ROBOTS)
