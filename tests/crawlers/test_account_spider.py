"""One account, read from end to end: what comes in, what stays out, and what each address ended as."""

import gzip
import json
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from footprint.accounts import AccountEvent, AccountStep
from footprint.audit import AuditEvent
from footprint.posts import Capture, Cursor, MediaAsset, MediaReference, MediaUse, Post, PostVersion, observed_post

RECORDED = (Capture, MediaAsset, MediaReference, MediaUse, Post, PostVersion)


def counts(house: Any) -> dict[str, int]:
    return {kind.__name__: house.record.count(kind) for kind in RECORDED}


def texts(house: Any) -> list[str]:
    """The text of each version that has one, in order of time."""
    versions = sorted(house.record.select(PostVersion), key=lambda v: v.observed_at)
    return [observed_post(house.blobs.get(v.body_sha256)).text for v in versions if v.body_sha256]


@pytest.fixture(scope="module")
def read_twice(sites: Any, houses: Any) -> Any:
    """An account of two pages, read, and read again while nothing has changed."""
    site = sites()
    site.says["/alice/posts"] = site.page(
        site.post(1, media={"a": f"{site.origin}/a.png", "b": f"{site.origin}/b.png"}),
        site.post(2, author="bob", text="by-bob"),
        site.post(3, kind="repost", text="a-repost"),
        site.post(4, at="2019-01-01T00:00:00+00:00", text="before-the-policy"),
        next=["/alice/2"],
        state={"newest": 4},
    )
    site.says["/alice/2"] = site.page(site.post(5), site.post(5, media={"a": f"{site.origin}/a.png"}))
    site.says |= {"/a.png": site.picture(1), "/b.png": site.picture(2)}
    house = houses(site)
    first = house.crawl()
    after_first, asked = counts(house), len(site.asked)
    second = house.crawl()
    return (
        site,
        house,
        (first, after_first, site.paths()[: asked - 1]),
        (second, counts(house), site.paths()[asked - 1 :]),
    )


def test_holders_own_posts_come_in(read_twice: Any) -> None:
    """Posts by others, reposts and posts from before the policy stay out."""
    _, house, (first, _, _), _ = read_twice
    assert sorted(post.id for post in house.record.select(Post)) == ["board:1", "board:5"]
    assert (first.posts_seen, first.versions_added, first.ok) == (2, 2, True)


@pytest.mark.parametrize("text", ["by-bob", "a-repost", "before-the-policy"])
def test_what_stays_out_leaves_no_byte(read_twice: Any, text: str) -> None:
    """Not in the record, not among the blobs, not in the capture of the page that showed it."""
    assert text.encode() not in read_twice[1].kept_bytes()


def test_refusals_are_audited_in_sum(read_twice: Any) -> None:
    """One audit event a crawl says how many posts were refused why, and names nobody."""
    event = next(iter(read_twice[1].record.select(AuditEvent)))
    assert (event.action, event.detail["refused"]) == (
        "posts.refused",
        {
            "published by somebody else": 1,
            "repost of somebody else's": 1,
            "published before the policy was in force": 1,
        },
    )


def test_one_picture_in_two_posts_is_fetched_once(read_twice: Any) -> None:
    """One asset, two uses, one request."""
    _, house, (first, _, paths), _ = read_twice
    uses = [(use.post_id, use.asset_sha256) for use in house.record.select(MediaUse)]
    assert len(uses) == 3
    assert len({asset for _, asset in uses}) == 2
    assert paths.count("/a.png") == 1
    assert first.media_fetched == 2


def test_pages_are_durable_before_the_cursor_moves(read_twice: Any) -> None:
    """The cursor holds what the pages of a whole crawl said."""
    _, house, _, _ = read_twice
    assert '"newest": 4' in house.record.get(Cursor, house.account.id).state


def test_second_crawl_of_an_unchanged_account_adds_nothing(read_twice: Any) -> None:
    """No version, no capture, no medium: only coverage and audit."""
    _, house, (_, after_first, _), (second, after_second, paths) = read_twice
    assert after_second == after_first
    assert (second.posts_seen, second.versions_added, second.media_fetched) == (2, 0, 0)
    assert paths == ["/alice/posts", "/alice/2"]
    assert house.outcomes() == {"/alice/posts": "unchanged", "/alice/2": "unchanged"}


@pytest.fixture(scope="module")
def changed(sites: Any, houses: Any) -> Any:
    """Four crawls of an account whose posts are edited, deleted, hidden from the list, and come back."""
    site = sites()
    span = ["2026-01-01T00:00:00+00:00", "2026-02-01T00:00:00+00:00"]
    site.says["/post/3"] = site.page(site.post(3))
    house = houses(site)
    results = []
    for posts in (
        [site.post(1), site.post(2), site.post(3)],
        [site.post(1, text="edited", media={"m": f"{site.origin}/m.png"})],
        [site.post(1)],
        [site.post(1), site.post(2)],
    ):
        site.says["/alice/posts"] = site.page(*posts, covers=span)
        results.append((house.crawl(), house.outcomes(), [v.is_tombstone for v in versions_of(house, "board:2")]))
    return site, house, results


def versions_of(house: Any, post_id: str) -> list[PostVersion]:
    return sorted(house.record.select(PostVersion, post_id=post_id), key=lambda v: v.observed_at)


def test_edit_is_a_new_version(changed: Any) -> None:
    """An edit, and its being taken back, are versions of one post; each names the one before by its id."""
    _, house, _ = changed
    first, edited, taken_back, *more = versions_of(house, "board:1")
    assert first.content_hash == taken_back.content_hash != edited.content_hash
    assert len({first.id, edited.id, taken_back.id}) == 3
    assert not more
    assert texts(house).count("edited") == 1


def test_deleted_post_gets_a_tombstone(changed: Any) -> None:
    """A post that the page lacks and that a direct look-up does not find is gone; the exchange that says so is kept."""
    _, house, results = changed
    assert results[1][1] == {"/alice/posts": "fetched", "/post/2": "gone", "/post/3": "unchanged", "/m.png": "gone"}
    tombstone = versions_of(house, "board:2")[1]
    (capture,) = house.record.select(Capture, sha256=tombstone.capture_sha256)
    assert (tombstone.body_sha256, capture.status) == (None, 404)


def test_absence_from_a_list_is_no_deletion(changed: Any) -> None:
    """A post that the page lacks, and that is still there, stays as it is."""
    assert len(versions_of(changed[1], "board:3")) == 1


def test_gone_post_is_not_looked_up_again(changed: Any) -> None:
    """What has its tombstone is not asked for in the next crawl."""
    assert "/post/2" not in changed[2][2][1]


def test_post_that_comes_back_gets_a_version(changed: Any) -> None:
    """A post that is shown again after its tombstone is a new version."""
    assert changed[2][3][2] == [False, True, False]


FAILURES = {
    "missing": ("gone", "gone"),
    "410": ("gone", "gone"),
    "400": ("error", "error"),
    "500": ("error", "error"),
    "hangs": ("error", "error"),
    "drips": ("error", "error"),
    "cut off": ("error", "error"),
    "huge": ("error", "error"),
    "endless": ("error", "error"),
    "bomb": ("error", "error"),
    "loop": ("error", "error"),
    "not JSON": ("error", "unsupported"),
    "mislabelled": ("error", "unsupported"),
    "nonsense": ("error", "unsupported"),
    "svg": ("error", "unsupported"),
}
ADDRESSES = {"relative": "a.png", "broken": "http://[::1", "scheme": "gopher://127.0.0.1/a", "empty": "http://"}


def endless(handler: Any) -> None:
    for _ in range(200):
        handler.wfile.write(b"x" * 65536)


def drip(handler: Any) -> None:
    for _ in range(100):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


@pytest.fixture(scope="module")
def failing(sites: Any, houses: Any) -> Any:
    """One crawl in which every page and every medium but one fails, each in another way."""
    site = sites()
    says = {
        "410": site.answer(status=410),
        "400": site.answer(status=400),
        "500": site.answer(status=500),
        "hangs": site.answer(headers={"Content-Length": "9"}, then=lambda _: time.sleep(2)),
        "drips": site.answer(headers={"Content-Length": "100"}, then=drip),
        "cut off": site.answer(headers={"Content-Length": "9"}, then=lambda handler: handler.connection.close()),
        "huge": site.answer(headers={"Content-Length": str(10**9)}, then=lambda _: time.sleep(2)),
        "endless": site.answer(headers={"Connection": "close", "Content-Length": ""}, then=endless),
        "bomb": site.answer(gzip.compress(b"0" * 50_000_000), headers={"Content-Encoding": "gzip"}),
        "loop": site.answer(status=302, headers={"Location": "?"}),
        "not JSON": site.answer(b"<p>Hello</p>", headers={"Content-Type": "text/plain"}),
        "mislabelled": site.answer(b"MZ\x90\x00 a program", headers={"Content-Type": "image/png"}),
        "nonsense": site.answer(b'{"posts": [{"id": 1}]}'),
        "svg": site.answer(b"<svg xmlns='http://www.w3.org/2000/svg'/>", headers={"Content-Type": "image/svg+xml"}),
        "missing": site.answer(status=404),
    }
    site.says |= {f"/page/{n}": answer for n, answer in enumerate(says.values())}
    site.says |= {f"/media/{n}": answer for n, answer in enumerate(says.values())}
    site.says["/good.png"] = site.picture()
    media = {name: f"{site.origin}/media/{n}" for n, name in enumerate(says)}
    pages = {name: f"{site.origin}/page/{n}" for n, name in enumerate(says)}
    site.says["/alice/posts"] = site.page(
        site.post(1, media=media | ADDRESSES), site.post(2, media={"g": f"{site.origin}/good.png"}),
        next=[*pages.values(), *ADDRESSES.values()],
    )  # fmt: skip
    house = houses(site)
    sizes = {"max_page_bytes": 2**20, "max_media_bytes": 2**20}
    result = house.crawl(timeout_s=0.7, **sizes)
    return site, house, result, {name: (f"/page/{n}", f"/media/{n}") for n, name in enumerate(says)}


@pytest.mark.parametrize("name", FAILURES)
def test_failure_is_the_ending_of_its_address(failing: Any, name: str) -> None:
    """Each page and each medium that fails ends as one entry, whatever happened to it."""
    outcomes = failing[1].outcomes()
    assert tuple(outcomes[path] for path in failing[3][name]) == FAILURES[name]


def test_medium_that_drips_is_given_up(failing: Any) -> None:
    """A server that sends a byte now and then does not hold up the media behind it until the long timeout of media."""
    assert "came too slowly" in failing[1].coverage()[failing[3]["drips"][1]][1]


@pytest.mark.parametrize("name", ADDRESSES)
def test_address_that_is_none_is_the_ending_of_its_plan(failing: Any, name: str) -> None:
    """Relative and broken addresses stop nothing and end as errors."""
    assert failing[1].outcomes()[ADDRESSES[name]] == "error"


def test_failures_do_not_hide_what_is_well(failing: Any) -> None:
    """The post whose medium can be had has it, and the posts of the failing ones are recorded all the same."""
    _, house, _, _ = failing
    assert [use.post_id for use in house.record.select(MediaUse)] == ["board:2"]
    assert house.record.count(Post) == 2


def test_failed_pages_keep_the_cursor(failing: Any) -> None:
    """A crawl that could not read everything does not say that it did."""
    cursor = failing[1].record.get(Cursor, failing[1].account.id)
    assert json.loads(cursor.state)["state"] == {}


def test_parser_that_breaks_is_reported(failing: Any) -> None:
    """An exception of a platform's parser is the ending of its page and an error of the crawl."""
    _, house, result, paths = failing
    assert result.finish_reason == "failed"
    assert any("KeyError" in error for error in result.errors)
    assert "KeyError" in house.coverage()[paths["nonsense"][0]][1]


def test_outstanding_media_are_fetched_by_a_later_crawl(site: Any, house: Any) -> None:
    """A medium that could not be had is asked for again, also when no page shows its post any more."""
    site.says["/alice/posts"] = [site.page(site.post(1, media={"a": f"{site.origin}/a.png"})), site.page()]
    site.says["/a.png"] = [site.answer(status=400), site.picture()]
    house.crawl()
    assert house.record.count(MediaUse) == 0
    assert house.crawl().media_fetched == 1
    assert house.outcomes() == {"/alice/posts": "unchanged", "/a.png": "fetched"}


def test_signed_copy_of_a_known_medium_is_not_fetched_again(site: Any, house: Any) -> None:
    """What tells a medium is the platform's key; a new signature in its address is no new medium, but heals a failed one."""
    signed = [site.page(site.post(1, media={k: f"{site.origin}/{k}?sig={n}" for k in "ab"})) for n in (1, 2, 3)]
    site.says["/alice/posts"] = signed
    site.says |= {"/a?sig=1": site.picture(1), "/b?sig=1": site.answer(status=400), "/b?sig=2": site.picture(2)}
    for _ in signed:
        house.crawl()
    media = [path for path in site.paths() if path != "/alice/posts"]
    assert media == ["/a?sig=1", "/b?sig=1", "/b?sig=2"]
    assert house.record.count(MediaUse) == 2


def test_unmodified_page_is_not_sent_again(site: Any, house: Any) -> None:
    """The platform's validators go out with the next request; a 304 ends as unchanged."""
    site.says["/alice/posts"] = [site.page(site.post(1), state={"etag": '"1"'}), site.answer(status=304)]
    house.crawl()
    assert house.crawl().ok
    assert site.asked[-1].headers["If-None-Match"] == '"1"'
    assert house.outcomes() == {"/alice/posts": "unchanged"}


def test_pages_beyond_the_limit_wait_for_the_next_crawl(site: Any, house: Any) -> None:
    """A long account is read in several crawls; what is left is on record as deferred, and none is read twice."""
    for n in range(5):
        site.says[f"/alice/{n}"] = site.page(site.post(n + 2), next=[f"/alice/{n + 1}"])
    site.says["/alice/posts"] = site.page(site.post(1), next=["/alice/0"], state={"newest": 1})
    site.says["/alice/5"] = site.page()
    reasons = [house.crawl(max_pages=3).finish_reason for _ in range(3)]
    assert reasons == ["page_limit", "page_limit", "finished"]
    assert site.paths() == ["/alice/posts", *(f"/alice/{n}" for n in range(6))]
    assert house.record.count(Post) == 6


def test_account_that_is_paused_meanwhile_is_left_alone(site: Any, house: Any) -> None:
    """Whoever pauses an account during its crawl stops it: the page on its way is not kept, and nothing more is asked."""

    def pause(handler: Any) -> None:
        at = datetime.now(UTC)
        event = AccountEvent(id="pause", account_id=house.account.id, step=AccountStep.PAUSED, by="chief", at=at)
        with house.record.transaction() as tx:
            tx.add(event)
        handler.wfile.write(body)

    body = site.page(site.post(1, media={"a": f"{site.origin}/a.png"}), next=["/alice/2"]).body
    site.says["/alice/posts"] = site.answer(headers={"Content-Length": str(len(body))}, then=pause)
    assert house.crawl().finish_reason == "not_permitted"
    assert house.record.count(Post) == 0
    assert "/a.png" not in site.paths()
    assert set(house.outcomes().values()) == {"error"}


def test_platform_that_cannot_start_is_reported(site: Any, houses: Any) -> None:
    """An exception of a platform's first step ends the crawl as failed, with its reason."""
    result = houses(site, address=f"{site.origin}/broken").crawl()
    assert (result.finish_reason, result.errors) == ("failed", ("RuntimeError: cannot start",))


def test_certificates_are_verified(sites: Any, houses: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server is talked to when somebody whom the machine trusts vouches for it, and only then."""
    certificate = self_signed(tmp_path)
    site = sites(certificate=certificate)
    site.says["/alice/posts"] = site.page(site.post(1))
    house = houses(site)
    house.crawl()
    assert site.asked == []
    assert house.outcomes() == {"/alice/posts": "robots_denied"}
    monkeypatch.setenv("SSL_CERT_FILE", certificate)
    house.crawl()
    assert house.outcomes() == {"/alice/posts": "fetched"}


def self_signed(folder: Any) -> str:
    """A PEM file with a key and a certificate for 127.0.0.1 that the key itself signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "self-signed.pem"
    file.write_bytes(private + certificate.public_bytes(pem))
    return str(file)


def test_a_field_that_no_answer_had_before_is_told(site: Any, house: Any) -> None:
    """Once the platform's first weeks are over; the page counts as read all the same."""
    site.says["/alice/posts"] = site.page(site.post(1))
    house.crawl()
    with closing(sqlite3.connect(house.folder / "work" / "budget.db", isolation_level=None)) as file:
        file.execute("UPDATE field SET at = 0")
    site.says["/alice/posts"] = site.page(site.post(1) | {"badge": "gold"})
    house.crawl()
    assert house.coverage()["/alice/posts"][1] == "new fields: posts.badge"
