"""What a crawl saw, as the record has it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from footprint.accounts import Account, AccountEvent, AccountStep, Registrant
from footprint.coverage import CoverageEntry, Outcome, Run, Target
from footprint.errors import NotPermitted
from footprint.jurisdiction import Policy
from footprint.ports import Blobs, Record
from footprint.posts import (
    Capture,
    MediaAsset,
    MediaReference,
    MediaUse,
    ObservedMedia,
    ObservedPost,
    Post,
    PostVersion,
)
from pipelines.admission import Admission
from pipelines.recording import Exchange, GonePost, Recorder, SeenPage

AT = datetime(2026, 5, 4, 12, tzinfo=UTC)
URL = "https://mastodon.example/api/posts"
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@pytest.fixture
def recorder_of(record: Record, blobs: Blobs, story: Any) -> Callable[[str], Recorder]:
    """A recorder for an account, of a crawl of its own."""
    ticks = iter(range(1000))

    def build(account_id: str) -> Recorder:
        account = record.get(Account, account_id)
        assert account is not None
        registrant = record.get(Registrant, account.registrant_id)
        assert registrant is not None
        run_id = f"crawl {next(ticks)}"
        with record.transaction() as tx:
            tx.add(Run(id=run_id, actor="ines", started_at=AT))
        policy = Policy(version="1", effective_from=AT - timedelta(days=100))
        admission = Admission(
            account=account, registrant=registrant, policy=policy, is_author=lambda post, _: post.author != "bob"
        )
        clock = lambda: AT + timedelta(seconds=next(ticks))  # noqa: E731
        return Recorder(record, blobs, admission=admission, run_id=run_id, clock=clock)

    return build


@pytest.fixture
def recorder(recorder_of: Callable[[str], Recorder], story: Any) -> Recorder:
    return recorder_of(story.account())


def post(native_id: str = "1", **fields: Any) -> ObservedPost:
    defaults: dict[str, Any] = {
        "platform": "mastodon", "native_id": native_id, "author": "ann", "permalink": f"https://m.example/{native_id}",
        "text": "hello", "created_at": AT - timedelta(days=1), "visibility": "public",
    }  # fmt: skip
    return ObservedPost(**defaults | fields)


def picture(key: str, url: str) -> ObservedMedia:
    return ObservedMedia(key=key, url=url)


def see(recorder: Recorder, *posts: ObservedPost, url: str = URL) -> tuple[str, ...]:
    """Record a page that shows the posts. Returns the media to fetch."""
    recorder.ledger.plan_all(Target.PAGE, [url])
    exchange = Exchange(url=url, status=200, at=recorder.clock(), warc=lambda whole: b"whole" if whole else b"withheld")
    return recorder.page(SeenPage(exchange=exchange, posts=posts))


def outcomes(record: Record) -> list[Outcome]:
    return [entry.outcome for entry in record.select(CoverageEntry)]


def test_new_post_is_recorded_with_its_page(record: Record, blobs: Blobs, recorder: Recorder) -> None:
    """Post, version, reference, capture and coverage come together."""
    assert see(recorder, post(media=(picture("m", "https://m.example/m.png"),))) == ("https://m.example/m.png",)
    (version,), (reference,) = record.select(PostVersion), record.select(MediaReference)
    assert (reference.version_id, reference.post_id) == (version.id, "mastodon:1")
    assert blobs.get(version.capture_sha256 or "") == b"whole"
    assert outcomes(record) == [Outcome.FETCHED]


def test_page_with_posts_of_others_is_captured_without_its_payload(
    blobs: Blobs, record: Record, recorder: Recorder
) -> None:
    """What others wrote is not kept in a capture either."""
    see(recorder, post(), post("2", author="bob"))
    (capture,) = record.select(Capture)
    assert blobs.get(capture.sha256) == b"withheld"


def test_page_that_shows_nothing_new_leaves_its_coverage_only(record: Record, recorder_of: Any, story: Any) -> None:
    """Known and unchanged posts make no version and no capture."""
    account = story.account()
    for _ in range(2):
        see(recorder_of(account), post())
    assert [record.count(kind) for kind in (Post, PostVersion, Capture)] == [1, 1, 1]
    assert sorted(outcomes(record)) == [Outcome.FETCHED, Outcome.UNCHANGED]


def test_post_of_one_account_is_not_taken_over_by_another(record: Record, recorder_of: Any, story: Any) -> None:
    """Where two accounts show the same post, it stays with the first."""
    one, other = story.account(), story.account()
    see(recorder_of(one), post())
    second = recorder_of(other)
    see(second, post(text="mine now"))
    assert [p.account_id for p in record.select(Post)] == [one]
    assert record.count(PostVersion) == 1
    assert second.refused == {"recorded for another account": 1}


def test_page_of_an_account_that_was_paused_is_not_kept(record: Record, recorder: Recorder) -> None:
    """The basis is asked for with each page."""
    with record.transaction() as tx:
        tx.add(AccountEvent(id="p", account_id=recorder.account.id, step=AccountStep.PAUSED, by="chief", at=AT))
    with pytest.raises(NotPermitted, match="paused"):
        see(recorder, post())
    assert record.count(Post) == 0


def test_medium_that_two_pages_show_is_fetched_once(record: Record, recorder: Recorder) -> None:
    """Posts that show one address wait for one fetch, or are served by one that is done."""
    url = "https://m.example/m.png"
    assert see(recorder, post("1", media=(picture("a", url),))) == (url,)
    assert see(recorder, post("2", media=(picture("b", url),)), url=URL + "?2") == ()
    recorder.media.keep(url, b"bytes", "image/png")
    assert see(recorder, post("3", media=(picture("c", url),)), url=URL + "?3") == ()
    assert sorted(use.post_id for use in record.select(MediaUse)) == ["mastodon:1", "mastodon:2", "mastodon:3"]
    assert record.count(MediaAsset) == 1


def test_known_medium_is_not_asked_for_under_a_new_address(recorder_of: Any, story: Any) -> None:
    """The platform's key tells a medium; a new signature in its address changes nothing."""
    account = story.account()
    first, second = recorder_of(account), recorder_of(account)
    see(first, post(media=(picture("a", "https://m.example/a?sig=1"),)))
    first.media.keep("https://m.example/a?sig=1", b"bytes", "image/png")
    assert see(second, post(media=(picture("a", "https://m.example/a?sig=2"),))) == ()


def test_outstanding_medium_is_asked_for_where_it_lies_now(recorder_of: Any, story: Any) -> None:
    """What an earlier crawl could not fetch is asked for once: at the address on the page, else at the one on record."""
    account = story.account()
    see(
        recorder_of(account), post(media=(picture("a", "https://m.example/a?1"), picture("b", "https://m.example/b?1")))
    )
    second = recorder_of(account)
    assert see(second, post(text="edited", media=(picture("a", "https://m.example/a?2"),))) == (
        "https://m.example/a?2",
    )
    assert second.media.outstanding(account) == ("https://m.example/b?1",)
    assert second.media.outstanding(account) == ()


def test_tombstone_and_return(record: Record, recorder: Recorder) -> None:
    """A post that is gone and comes back has three versions, and is known again."""
    see(recorder, post())
    url = "https://m.example/1"
    for _ in range(2):
        recorder.ledger.plan_all(Target.PAGE, [url])
        exchange = Exchange(url=url, status=404, at=recorder.clock(), warc=lambda whole: b"gone")
        recorder.gone(GonePost(exchange=exchange, post_id="mastodon:1"))
    assert list(recorder.still_known(["mastodon:1"])) == []
    see(recorder, post(), url=URL + "?2")
    states = sorted(record.select(PostVersion), key=lambda version: version.observed_at)
    assert [version.is_tombstone for version in states] == [False, True, False]
    assert [known.native_id for known in recorder.still_known(["mastodon:1"])] == ["1"]


@pytest.mark.parametrize(
    ("oldest", "newest", "found"),
    [
        (AT, AT + timedelta(seconds=2), {"mastodon:1", "mastodon:2"}),
        (AT + timedelta(seconds=1), AT + timedelta(seconds=1), set()),
        (AT - timedelta(microseconds=1), AT, {"mastodon:0"}),
        (FIRST, LAST, {"mastodon:0", "mastodon:1", "mastodon:2"}),
        (AT + timedelta(seconds=1), LAST, {"mastodon:2"}),
    ],
)
def test_span_is_open_below_and_closed_above(recorder: Recorder, oldest: Any, newest: Any, found: set[str]) -> None:
    """(oldest, newest] holds its newest moment, and not its oldest."""
    see(recorder, *(post(str(n), created_at=AT + timedelta(seconds=n)) for n in range(3)))
    assert recorder.known_within(oldest, newest) == found


def test_retired_post_is_not_looked_up(blobs: Blobs, record: Record, recorder: Recorder) -> None:
    """A post whose body has been retired needs no tombstone."""
    see(recorder, post())
    (version,) = record.select(PostVersion)
    blobs.delete(version.body_sha256 or "")
    assert list(recorder.still_known(["mastodon:1"])) == []
