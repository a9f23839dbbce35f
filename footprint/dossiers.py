"""Everything about one finding, gathered from the record: for the index, the review page and the report."""

from dataclasses import dataclass
from typing import TypeVar

from footprint.accounts import Account, AccountEvent, Registrant
from footprint.documents import FindingDocument, document_of
from footprint.errors import BadInput
from footprint.findings import Detection, Finding, FindingDetection
from footprint.identifiers import Exemplar, Identifier
from footprint.permissions import PermissionSearch
from footprint.ports import Blobs, Reader
from footprint.posts import Capture, MediaAsset, MediaUse, ObservedPost, Post, PostVersion, observed_post
from footprint.reviews import FindingState, ReviewDecision, status_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """
    One finding with all that a reviewer may ask about.

    `versions` and `decisions` are in order of time; `body` is the last version that was seen (tombstones have none); `exemplars` are those
    that its detections name; `detections` come the surest first.
    """

    finding: Finding
    account: Account
    account_events: tuple[AccountEvent, ...]
    registrant: Registrant
    identifier: Identifier
    exemplars: tuple[Exemplar, ...]
    post: Post
    versions: tuple[PostVersion, ...]
    body: ObservedPost
    captures: tuple[Capture, ...]
    uses: tuple[MediaUse, ...]
    assets: tuple[MediaAsset, ...]
    detections: tuple[Detection, ...]
    permission_search: PermissionSearch | None
    decisions: tuple[ReviewDecision, ...]

    @property
    def state(self) -> FindingState:
        """Where the finding stands."""
        return status_of(self.decisions)

    @property
    def is_gone(self) -> bool:
        """Whether a direct look-up last found the post deleted."""
        return self.versions[-1].is_tombstone

    def document(self) -> FindingDocument | None:
        """The finding as the index holds it, None where it must not be there."""
        return document_of(
            self.finding,
            account=self.account,
            identifier=self.identifier,
            post=self.body,
            detections=self.detections,
            permission_search=self.permission_search,
            decisions=self.decisions,
        )


def dossier(record: Reader, blobs: Blobs, finding_id: str) -> Dossier:
    """Gather one finding. Raises BadInput where there is none of that id."""
    finding = record.get(Finding, finding_id)
    if finding is None:
        raise BadInput(f"There is no finding {finding_id}.")
    account = require_recorded(record, Account, finding.account_id)
    versions = versions_of(record, finding.post_id)
    uses = tuple(record.select(MediaUse, post_id=finding.post_id))
    detections = detections_of(record, finding_id)
    captures = {version.capture_sha256 for version in versions if version.capture_sha256}
    return Dossier(
        finding=finding,
        account=account,
        account_events=tuple(sorted(record.select(AccountEvent, account_id=account.id), key=lambda e: e.at)),
        registrant=require_recorded(record, Registrant, account.registrant_id),
        identifier=require_recorded(record, Identifier, finding.identifier_id),
        exemplars=tuple(record.select(Exemplar, id={d.exemplar_id for d in detections})),
        post=require_recorded(record, Post, finding.post_id),
        versions=versions,
        body=body_of(blobs, versions),
        captures=tuple(record.select(Capture, sha256=captures)),
        uses=uses,
        assets=tuple(record.select(MediaAsset, sha256={use.asset_sha256 for use in uses})),
        detections=detections,
        permission_search=latest_search(record, finding_id),
        decisions=tuple(
            sorted(record.select(ReviewDecision, finding_id=finding_id), key=lambda d: (d.decided_at, d.id))
        ),
    )


def versions_of(record: Reader, post_id: str) -> tuple[PostVersion, ...]:
    """The observed states of a post in order of time."""
    return tuple(sorted(record.select(PostVersion, post_id=post_id), key=lambda v: (v.observed_at, v.is_tombstone)))


def body_of(blobs: Blobs, versions: tuple[PostVersion, ...]) -> ObservedPost:
    """The post as it was last seen. Raises KeyError where its body was retired."""
    body = next(v.body_sha256 for v in reversed(versions) if v.body_sha256 is not None)
    return observed_post(blobs.get(body))


def detections_of(record: Reader, finding_id: str) -> tuple[Detection, ...]:
    """The detections that support a finding, the surest first."""
    supports = [support.detection_id for support in record.select(FindingDetection, finding_id=finding_id)]
    return tuple(sorted(record.select(Detection, id=supports), key=lambda d: (-d.probability, d.id)))


def assets_shown(record: Reader, finding_id: str) -> tuple[str, ...]:
    """The assets on which a finding's identifier was detected, in order."""
    return tuple(sorted({detection.asset_sha256 for detection in detections_of(record, finding_id)}))


def latest_search(record: Reader, finding_id: str) -> PermissionSearch | None:
    """The last search for a permission that covers a finding's post, None where none was made yet."""
    return max(
        record.select(PermissionSearch, finding_id=finding_id), key=lambda s: (s.searched_at, s.id), default=None
    )


def require_recorded(record: Reader, kind: type[T], key: str) -> T:
    """A record that another one refers to. Raises BadInput where it is missing: the record is damaged."""
    found = record.get(kind, key)
    if found is None:
        raise BadInput(
            f"The record has no {kind.__name__} {key}, though something refers to it. Run `footprint doctor`."
        )
    return found
