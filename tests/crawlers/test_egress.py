"""Where a crawl may connect to, however an address is spelled and whoever names it."""

import asyncio
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any

import pytest
from twisted.internet.address import IPv4Address

from crawlers.egress import AddressRules, GuardedResolver, target
from footprint.errors import NotPermitted

CANARY = "127.0.0.1"
"""A server here sees whatever gets through; the tests' own servers lie at another loopback address."""

SPELLINGS = {
    "dotted": CANARY,
    "short": "127.1",
    "decimal": "2130706433",
    "hexadecimal": "0x7f.1",
    "octal": "0177.0.0.1",
    "any": "0.0.0.0",
    "mapped": "[::ffff:127.0.0.1]",
    "six": "[::1]",
    "name": "localhost",
}


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1",
        "::1", "::", "fc00::1", "fe80::1", "ff02::1", "2001:db8::1",
        "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:c0a8:101::1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    """Loopback, private, link-local, reserved, multicast: none, in no disguise."""
    assert not AddressRules([]).permits(ip_address(address))


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.215.14", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_public_addresses_are_permitted(address: str) -> None:
    """What the world can reach may be fetched."""
    assert AddressRules([]).permits(ip_address(address))


def test_listed_network_is_permitted_and_no_other() -> None:
    """The operator's list opens what it names."""
    rules = AddressRules(["10.0.0.0/8", "fd00::/8"])
    found = [rules.permits(ip_address(a)) for a in ("10.1.2.3", "::ffff:10.1.2.3", "fd00::1", "192.168.0.1", "fc00::1")]
    assert found == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://town.example/a", ("town.example", 80)),
        ("https://town.example", ("town.example", 443)),
        ("https://town.example:8443/", ("town.example", 8443)),
        ("http://[::1]:8000/", ("::1", 8000)),
    ],
)
def test_target(url: str, expected: tuple[str, int]) -> None:
    """Host and port are those that a URL leads to."""
    assert target(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "ftp://town.example/a", "file:///etc/passwd", "data:text/plain,a", "//town.example/a", "a.png", "http:///a",
        "http://user:secret@town.example/", "http://user@town.example/", "http://town.example:99999/", "http://[::1/",
    ],
)  # fmt: skip
def test_addresses_that_are_never_fetched(url: str) -> None:
    """Other schemes, credentials and broken addresses are refused before anything is looked up."""
    with pytest.raises((NotPermitted, ValueError)):
        target(url)


class Names:
    """A resolver that answers each question with the next answer of its list, the last one again and again."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)

    def resolveHostName(self, receiver: Any, host: str, port: int = 0, *_: Any) -> Any:
        receiver.resolutionBegan(self)
        for address in self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]:
            receiver.addressResolved(IPv4Address("TCP", address, port))
        receiver.resolutionComplete()
        return self


class Reactor:
    """As much of a reactor as a resolver needs."""

    def __init__(self, names: Names) -> None:
        self.nameResolver = names


class Told:
    """A receiver that remembers what it was told."""

    def __init__(self) -> None:
        self.addresses: list[str] = []

    def resolutionBegan(self, resolution: Any) -> None:
        pass

    def addressResolved(self, address: IPv4Address) -> None:
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None:
        pass


def resolver(names: Names) -> GuardedResolver:
    guarded = GuardedResolver(Reactor(names), 100)
    guarded.rules = AddressRules([])
    return guarded


def test_resolver_gives_out_permitted_addresses_only() -> None:
    """Where a name has a private address beside a public one, a connection never learns of it."""
    told = Told()
    resolver(Names(["10.0.0.1", "1.1.1.1"])).resolveHostName(told, "mixed.example", 80)
    assert told.addresses == ["1.1.1.1"]


def test_guard_sees_all_addresses() -> None:
    """To refuse with a reason, the guard is told what the connection is not."""
    found = asyncio.run(resolver(Names(["10.0.0.1", "1.1.1.1"])).look_up("all.example"))
    assert [str(address) for address in found] == ["10.0.0.1", "1.1.1.1"]


def test_name_that_changes_its_address_keeps_the_checked_one() -> None:
    """DNS rebinding: after a look-up that passed, the connection goes to what was looked up, not to a newer answer."""
    guarded, told = resolver(Names(["1.1.1.1"], ["127.0.0.1"])), Told()
    asyncio.run(guarded.look_up("rebinding.example"))
    guarded.resolveHostName(told, "rebinding.example", 80)
    assert told.addresses == ["1.1.1.1"]


def test_name_that_turns_private_has_no_address() -> None:
    """An answer that was never checked before is checked when the connection asks."""
    told = Told()
    resolver(Names(["127.0.0.1"])).resolveHostName(told, "turned.example", 80)
    assert told.addresses == []


@pytest.fixture(scope="module")
def probed(sites: Any, houses: Any) -> Any:
    """One crawl in which pages, media and redirects name the canary in every spelling."""
    home, canary = sites("127.0.0.9"), sites(CANARY)
    port = canary.origin.rpartition(":")[2]
    probes = {name: f"http://{host}:{port}/probe" for name, host in SPELLINGS.items()}
    canary.says["/probe"] = home.page(home.post(2))
    for name, probe in probes.items():
        home.says[f"/to/{name}"] = home.answer(status=302, headers={"Location": probe})
    home.says["/alice/posts"] = home.page(
        home.post(1, media={name: f"{probe}.png" for name, probe in probes.items()}),
        home.post(3, media={name: f"{home.origin}/to/{name}?media" for name in probes}),
        next=[*probes.values(), *(f"/to/{name}" for name in probes), "http://metadata.invalid/", "ftp://127.0.0.9/x"],
    )
    home.says |= {
        f"/to/{n}?media": home.answer(status=302, headers={"Location": f"{p}.png"}) for n, p in probes.items()
    }
    house = houses(home)
    house.crawl(allowed_networks=["127.0.0.9/32"])
    return home, canary, probes, house.coverage()


def test_nothing_reaches_an_address_that_is_not_listed(probed: Any) -> None:
    """Not one connection is made: no page, no picture, no robots.txt, no redirect."""
    assert probed[1].asked == []


@pytest.mark.parametrize("name", SPELLINGS)
def test_probe_is_on_record_as_refused(probed: Any, name: str) -> None:
    """Each probe ends as an error that says why: as a page, as a medium, and behind a redirect of either."""
    _, _, probes, coverage = probed
    for url in (probes[name], f"{probes[name]}.png", f"/to/{name}", f"/to/{name}?media"):
        outcome, detail = coverage[url]
        assert outcome == "error"
        assert "not in crawl.allowed_networks" in detail


def test_name_without_an_address_is_an_error(probed: Any) -> None:
    """A host that cannot be resolved is on record as such."""
    assert probed[3]["http://metadata.invalid/"] == ("error", "SourceError: metadata.invalid has no address")


def test_other_scheme_is_refused(probed: Any) -> None:
    """Only HTTP is spoken."""
    assert probed[3]["ftp://127.0.0.9/x"] == ("error", "refused: only http and https are fetched, not ftp")


def test_rebinding_in_a_crawl(sites: Any, houses: Any) -> None:
    """A name that points to the canary once it has been checked leads to the server that was checked, behind a redirect too."""
    home = sites("127.0.0.9")
    port = int(home.origin.rpartition(":")[2])
    canary = sites(CANARY, port)
    page, picture = f"http://rebinding.example:{port}/page", f"http://rebinding.example:{port}/a.png"
    home.says["/alice/posts"] = home.page(home.post(1, media={"a": picture}), next=[page, "/hop"])
    home.says["/hop"] = home.answer(status=302, headers={"Location": f"http://rebinding.example:{port}/behind"})
    home.says["/behind"] = home.page(home.post(3))
    home.says["/page"] = home.page(home.post(2))
    home.says["/a.png"] = home.picture()
    house = houses(home)
    house.crawl(child="rebinding_child.py", allowed_networks=["127.0.0.9/32"])
    assert house.outcomes() == {"/alice/posts": "fetched", "/hop": "fetched", page: "fetched", picture: "fetched"}
    assert canary.asked == []
