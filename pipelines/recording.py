"""Writes what a crawl saw into the record, so that a crash at any moment loses nothing and repeats nothing."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from footprint.coverage import Outcome
from footprint.digests import digest
from footprint.dossiers import body_of
from footprint.ports import Between, Blobs, Record, Transaction
from footprint.posts import (
    EXPORTED,
    Capture,
    Cursor,
    MediaReference,
    ObservedPost,
    Post,
    PostVersion,
    body,
    content_hash,
)
from pipelines.admission import Admission, Sorted, post_id, require_live, sort
from pipelines.ledger import Clock, Ledger
from pipelines.media import Media, reference_id

ACTOR = "crawler"
TOMBSTONE = "gone"
"""Content hash of a tombstone."""

LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """
    One answered fetch. `url` is the planned one.

    `warc` makes the WARC records of request and response; called with False, the response comes without its payload.
    """

    url: str
    status: int
    at: datetime
    warc: Callable[[bool], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPage:
    """One page that was fetched and read, with the posts on it as shown; `detail` is for its coverage entry."""

    exchange: Exchange
    posts: tuple[ObservedPost, ...]
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GonePost:
    """One known post that a direct look-up found gone."""

    exchange: Exchange
    post_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutstandingMedia:
    """The wish to fetch what earlier crawls could not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPost:
    """A post of the record, as it was last seen."""

    id: str
    native_id: str
    permalink: str


class Recorder:
    """
    The record as one crawl of one account writes it.

    Blobs are put before the transaction that names them; each page and each look-up is one transaction together with
    its coverage entry. What writes raises RecordUnavailable where that fails.
    """

    def __init__(self, record: Record, blobs: Blobs, *, admission: Admission, run_id: str, clock: Clock) -> None:
        self.account = admission.account
        self.clock = clock
        self.ledger = Ledger(record, run_id=run_id, account_id=self.account.id, clock=clock)
        self.media = Media(record, blobs, self.ledger, clock)
        self.refused: Counter[str] = Counter()
        self.posts_seen = 0
        self.versions_added = 0
        self._record = record
        self._blobs = blobs
        self._admission = admission
        self._run_id = run_id
        self._exported = post_id(self.account, EXPORTED)
        self._was_read = record.get(Cursor, self.account.id) is not None

    def require_live(self) -> None:
        """Raise NotPermitted unless the account may be read now, by what the record says now."""
        require_live(self._record, self.account, self.clock)

    def page(self, page: SeenPage) -> tuple[str, ...]:
        """
        Record a page. Returns the addresses of media to fetch now; each is planned.

        Raises NotPermitted where the account may no longer be read; then nothing of the page is kept.
        """
        self.require_live()
        posts = self._admit(page.posts)
        latest = self._latest(posts.admitted)
        versions = tuple(self._changes(posts.admitted, latest, page.exchange.at))
        capture = self._capture(page.exchange, whole=not posts.refused) if versions else None
        with self._record.transaction() as tx:
            if capture is not None:
                self._add(tx, posts.admitted, versions, capture)
            shown = {**latest, **{version.post_id: version for version in versions}}
            wanted = self.media.ask(tx, _references(posts.admitted, shown, page.exchange.at))
            outcome = self._outcome(posts.admitted, versions)
            self.ledger.end(tx, page.exchange.url, outcome, detail=page.detail, status=page.exchange.status)
        self.posts_seen += len(posts.admitted)
        self.versions_added += len(versions)
        self.refused.update(posts.refused)
        return wanted

    def _outcome(self, posts: Collection[str], versions: Collection[PostVersion]) -> Outcome:
        """A page without posts is unchanged only against an earlier crawl."""
        is_new = versions or not (posts or self._was_read)
        return Outcome.FETCHED if is_new else Outcome.UNCHANGED

    def gone(self, gone: GonePost) -> None:
        """Record a tombstone, where the post has none yet."""
        self.require_live()
        latest = self._latest([gone.post_id]).get(gone.post_id)
        tombstone = None if latest is None or latest.is_tombstone else self._tombstone(gone, latest)
        with self._record.transaction() as tx:
            for item in tombstone or ():
                tx.add(item)
            self.ledger.end(tx, gone.exchange.url, Outcome.GONE, status=gone.exchange.status)
        self.versions_added += tombstone is not None

    def _tombstone(self, gone: GonePost, latest: PostVersion) -> tuple[Capture, PostVersion]:
        capture = self._capture(gone.exchange, whole=True)
        version = _version(gone.post_id, TOMBSTONE, latest, gone.exchange.at)
        return capture, replace(version, capture_sha256=capture.sha256, is_tombstone=True)

    def known_within(self, oldest: datetime, newest: datetime) -> frozenset[str]:
        """Ids of the account's posts created in (oldest, newest], but for those that an export told without a number."""
        step = timedelta.resolution  # Between is [start, end)
        span = Between(min(oldest, LAST - step) + step, min(newest, LAST - step) + step)
        posts = self._record.select(Post, account_id=self.account.id, created_at=span)
        return frozenset(post.id for post in posts if not post.id.startswith(self._exported))

    def still_known(self, posts: Collection[str]) -> Iterator[KnownPost]:
        """Those of the posts that are the account's, not known to be gone, and whose last state is still kept; in order."""
        own = [post.id for post in self._record.select(Post, id=list(posts), account_id=self.account.id)]
        for key, version in sorted(self._latest(own).items()):
            if version.body_sha256 is not None and self._blobs.has(version.body_sha256):
                seen = body_of(self._blobs, (version,))
                yield KnownPost(id=key, native_id=seen.native_id, permalink=seen.permalink)

    def finish(self, cursor: Cursor | None) -> None:
        """Audit what was refused, in sum, and move the cursor where it is to move. Called when the crawl is over."""
        with self._record.transaction() as tx:
            if self.refused:
                detail = {"run": self._run_id, "refused": dict(self.refused)}
                tx.audit(at=self.clock(), actor=ACTOR, action="posts.refused", subject=self.account.id, detail=detail)
            if cursor is not None:
                tx.move_cursor(cursor)

    def _admit(self, shown: Iterable[ObservedPost]) -> Sorted:
        posts = sort(shown, self._admission)
        for post in self._record.select(Post, id=list(posts.admitted)):
            if post.account_id != self.account.id:
                del posts.admitted[post.id]
                posts.refused.append("recorded for another account")
        return posts

    def _latest(self, posts: Collection[str]) -> dict[str, PostVersion]:
        versions = self._record.select(PostVersion, post_id=list(posts))
        return {v.post_id: v for v in sorted(versions, key=lambda v: (v.observed_at, v.is_tombstone))}

    def _changes(
        self, posts: dict[str, ObservedPost], latest: dict[str, PostVersion], at: datetime
    ) -> Iterator[PostVersion]:
        """A version for each post that is new, or not as it was last seen. Bodies are put among the blobs."""
        for key, post in posts.items():
            known = latest.get(key)
            if known is None or known.content_hash != content_hash(post):
                version = _version(key, content_hash(post), known, at)
                yield replace(
                    version,
                    edited_at=post.edited_at,
                    visibility=post.visibility,
                    body_sha256=self._blobs.put(body(post)),
                )

    def _capture(self, exchange: Exchange, *, whole: bool) -> Capture:
        sha256 = self._blobs.put(exchange.warc(whole))
        return Capture(
            id=digest(self._run_id, exchange.url, sha256),
            sha256=sha256,
            run_id=self._run_id,
            url=exchange.url,
            status=exchange.status,
            fetched_at=exchange.at,
        )

    def _add(
        self,
        tx: Transaction,
        posts: dict[str, ObservedPost],
        versions: Iterable[PostVersion],
        capture: Capture,
    ) -> None:
        tx.add(capture)
        for version in versions:
            post = posts[version.post_id]
            tx.add(
                Post(
                    id=version.post_id,
                    account_id=self.account.id,
                    kind=post.kind,
                    created_at=post.created_at,
                    first_seen_at=version.observed_at,
                )
            )
            tx.add(replace(version, capture_sha256=capture.sha256))
            for reference in _references({version.post_id: post}, {version.post_id: version}, version.observed_at):
                tx.add(reference)


def _version(post_id: str, hash_: str, before: PostVersion | None, at: datetime) -> PostVersion:
    """The version that follows another: the same content after something else is a new one, right after itself it is none."""
    return PostVersion(
        id=digest(post_id, hash_, before.id if before else ""),
        post_id=post_id,
        content_hash=hash_,
        observed_at=at,
        edited_at=None,
        visibility="",
        body_sha256=None,
        capture_sha256=None,
    )


def _references(posts: dict[str, ObservedPost], shown: dict[str, PostVersion], at: datetime) -> list[MediaReference]:
    return [
        MediaReference(
            id=reference_id(key, medium.key),
            post_id=key,
            version_id=shown[key].id,
            key=medium.key,
            url=medium.url,
            kind=medium.kind,
            seen_at=at,
        )
        for key, post in posts.items()
        for medium in post.media
    ]
