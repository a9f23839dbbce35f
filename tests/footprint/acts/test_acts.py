"""Acts: the role is checked, all or nothing is recorded, and exactly one audit event says so."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from footprint.accounts import Account, AccountRole, AccountStep, Basis, Registrant
from footprint.acts import accounts, detectors, identifiers, permissions, reviews, thresholds, users
from footprint.audit import AuditEvent, verify
from footprint.coverage import Run
from footprint.digests import digest
from footprint.errors import BadInput, FootprintError, NotPermitted
from footprint.findings import Detection, Finding, FindingDetection, Region, finding_id
from footprint.identifiers import Exemplar, Identifier, Kind, Polarity
from footprint.permissions import EVERYBODY, Permission, PermissionSearch, Revocation
from footprint.ports import Blobs, Record
from footprint.posts import MediaAsset, MediaKind, MediaReference, MediaUse, Post, PostKind, PostVersion
from footprint.reviews import Element, FindingState, ReviewDecision, Verdict
from footprint.users import Role, User
from footprint.whatif import Change

Person = Callable[[str], User]


@dataclass(frozen=True)
class City:
    """A record in which one finding waits, and what the acts are tried with."""

    record: Record
    blobs: Blobs
    person: Person
    at: datetime
    finding: str

    def registrant(self, key: str = "R-2") -> Registrant:
        """A registrant who is not on record yet."""
        return Registrant(id=key, employed_from=self.at - timedelta(days=99), registered_at=self.at)

    def account(self, name: str = "bea", by: str = "ines") -> Account:
        """An account that is not on record yet."""
        return Account(
            id=f"mastodon:{name}@social.example",
            platform="mastodon",
            native_id=f"{name}@social.example",
            address=f"https://social.example/@{name}",
            registrant_id="R-1",
            role=AccountRole.EMPLOYEE,
            basis=Basis.CONSENT,
            document_sha256="0" * 64,
            registered_by=by,
            registered_at=self.at,
            expires_at=self.at + timedelta(days=365),
        )

    def identifier(self, key: str = "badge") -> Identifier:
        """An identifier that is not on record yet."""
        return Identifier(id=key, kind=Kind.BADGE, name="Star badge", created_by="ines", created_at=self.at)

    def permission(self, key: str = "P-1") -> Permission:
        """A permission for the finding's post."""
        return Permission(
            id=key,
            grantor="Chief Alder",
            grantees=(EVERYBODY,),
            identifiers=("patch",),
            purpose="town fair",
            valid_from=self.at - timedelta(days=30),
            document_sha256="0" * 64,
            granted_by="chief",
            granted_at=self.at,
        )

    def decision(self, reviewer: str, verdict: Verdict | None, **more: Any) -> ReviewDecision:
        """A decision on the finding, made now."""
        return ReviewDecision(
            id=digest(reviewer, verdict, len(more)),
            finding_id=self.finding,
            reviewer=reviewer,
            verdict=verdict,
            decided_at=self.at,
            **more,
        )


@pytest.fixture
def city(record: Record, blobs: Blobs, person: Person, start: datetime) -> City:
    """One registrant, one account, one post that shows the patch."""
    made = City(record, blobs, person, start, finding_id("mastodon:1", "patch"))
    accounts.add_registrant(record, made.registrant("R-1"), name="Ann Example", actor=person("ines"), at=start)
    accounts.register(record, made.account("ann"), actor=person("ines"), at=start)
    patch = replace(made.identifier("patch"), kind=Kind.PATCH, name="Shoulder patch")
    identifiers.add_identifier(record, patch, actor=person("ines"), at=start)
    exemplar = identifiers.add_exemplar(
        record, blobs, identifier_id="patch", data=b"picture", mime="image/png", polarity=Polarity.POSITIVE,
        label="front", actor=person("ines"), at=start,
    )  # fmt: skip
    region = Region(quad=((0, 0), (9, 0), (9, 9), (0, 9)), width_px=100, height_px=80)
    detection = Detection(
        id="d", asset_sha256="a" * 64, detector="marks", version="1", identifier_id="patch", exemplar_id=exemplar.id,
        region=region, measure=20.0, unit="inliers", probability=0.97, sentence="", evidence={},
    )  # fmt: skip
    account = made.account("ann").id
    with record.transaction() as tx:
        tx.add(Run(id="run", actor="ines", started_at=start))
        tx.add(Post(id="mastodon:1", account_id=account, kind=PostKind.POST, created_at=start, first_seen_at=start))
        tx.add(PostVersion(
            id="v", post_id="mastodon:1", content_hash="h", observed_at=start, edited_at=None, visibility="public",
            body_sha256=blobs.put(b"{}"), capture_sha256=None,
        ))  # fmt: skip
        tx.add(MediaAsset(sha256="a" * 64, mime="image/jpeg", size_bytes=1, first_fetched_at=start))
        tx.add(MediaReference(
            id="use", post_id="mastodon:1", version_id="v", key="k", url="https://social.example/a.jpg",
            kind=MediaKind.IMAGE, seen_at=start,
        ))  # fmt: skip
        tx.add(MediaUse(
            id="use", post_id="mastodon:1", asset_sha256="a" * 64, url="https://social.example/a.jpg", fetched_at=start
        ))  # fmt: skip
        tx.add(detection)
        tx.add(Finding(
            id=made.finding, post_id="mastodon:1", account_id=account, identifier_id="patch", run_id="run", found_at=start
        ))  # fmt: skip
        tx.add(FindingDetection(id="fd", finding_id=made.finding, detection_id="d"))
    return made


Act = Callable[[City, User], object]
REGISTRAR, REVIEWER, CHIEF, ADMINISTRATOR = (
    {role} for role in (Role.REGISTRAR, Role.REVIEWER, Role.CHIEF, Role.ADMINISTRATOR)
)

ACTS: dict[str, tuple[set[Role], str, Act]] = {
    "add a registrant": (REGISTRAR, "registrant.added", lambda c, u: accounts.add_registrant(
        c.record, c.registrant(), name="Bea Example", actor=u, at=c.at)),
    "reveal an identity": (REVIEWER | CHIEF | REGISTRAR, "identity.revealed", lambda c, u: accounts.reveal(
        c.record, "R-1", actor=u, at=c.at, purpose="contacting the holder")),
    "register an account": (REGISTRAR, "account.registered", lambda c, u: accounts.register(
        c.record, c.account(by=u.name), actor=u, at=c.at)),
    "pause an account": (REGISTRAR, "account.paused", lambda c, u: (
        accounts.step(c.record, c.account("ann").id, AccountStep.PAUSED, actor=u, at=c.at, reason="asked for"))),
    "add an identifier": (REGISTRAR, "identifier.added", lambda c, u: identifiers.add_identifier(
        c.record, c.identifier(), actor=u, at=c.at)),
    "add an exemplar": (REGISTRAR, "exemplar.added", lambda c, u: identifiers.add_exemplar(
        c.record, c.blobs, identifier_id="patch", data=b"another", mime="image/png", polarity=Polarity.LOOK_ALIKE,
        label="", actor=u, at=c.at)),
    "disable an exemplar": (REGISTRAR, "exemplar.disabled", lambda c, u: identifiers.switch_exemplar(
        c.record, _exemplar(c), enabled=False, actor=u, at=c.at, reason="worn out")),
    "try a threshold": (REGISTRAR | CHIEF, "threshold.tried", lambda c, u: thresholds.try_out(
        c.record, "patch", Change(threshold=0.8), weeks=8, actor=u, at=c.at)),
    "suspend a detector": (REGISTRAR, "detector.suspended", lambda c, u: detectors.suspend(
        c.record, "marks", actor=u, at=c.at, reason="it claims every star")),
    "grant a permission": (CHIEF, "permission.granted", lambda c, u: permissions.grant(
        c.record, c.permission(), actor=u, at=c.at)),
    "decide": (REVIEWER, "finding.decided", lambda c, u: reviews.decide(
        c.record, c.decision(u.name, Verdict.NOT_DEPARTMENT_MATERIAL), actor=u, at=c.at)),
    "add a user": (ADMINISTRATOR, "user.added", lambda c, u: users.add_user(
        c.record, name="zoe", roles=[Role.AUDITOR], password="correct horse zoe", actor=u, at=c.at)),
}  # fmt: skip


def _exemplar(city: City) -> str:
    return next(city.record.select(Exemplar)).id


def events(city: City) -> list[AuditEvent]:
    """The audit chain."""
    return list(city.record.select(AuditEvent))


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("who", ["admin", "ines", "rosa", "chief", "vera", "emil"])
def test_each_act_takes_its_role(city: City, name: str, who: str) -> None:
    """Who holds none of an act's roles is refused, and nothing is recorded; who does leaves one audit event."""
    allowed, action, act = ACTS[name]
    actor, before = city.person(who), events(city)
    if allowed & set(actor.roles):
        act(city, actor)
        added = events(city)[len(before) :]
        assert [(e.action, e.actor) for e in added] == [(action, who)]
    else:
        with pytest.raises(NotPermitted):
            act(city, actor)
        assert events(city) == before
    assert verify(events(city)) is None


def test_a_user_who_was_switched_off_may_do_nothing(city: City) -> None:
    """An inactive user's roles count for nothing."""
    users.change_user(city.record, "ines", actor=city.person("admin"), at=city.at, is_active=False)
    with pytest.raises(NotPermitted, match="no longer a user"):
        accounts.add_registrant(city.record, city.registrant(), name="B", actor=city.person("ines"), at=city.at)


def test_names_stay_out_of_the_audit_log(city: City) -> None:
    """Revealing an identity is audited without the name (G24, G29)."""
    name = accounts.reveal(city.record, "R-1", actor=city.person("rosa"), at=city.at, purpose="contacting the holder")
    assert name == "Ann Example"
    assert "Ann" not in repr(events(city))


def test_the_registrar_cannot_approve(city: City) -> None:
    """Who wrote an account down cannot approve it, another registrar can (G3)."""
    account = city.account("ann").id
    with pytest.raises(NotPermitted, match="second person"):
        accounts.step(city.record, account, AccountStep.APPROVED, actor=city.person("ines"), at=city.at)
    assert accounts.step(city.record, account, AccountStep.APPROVED, actor=city.person("omar"), at=city.at).by == "omar"


BAD: dict[str, tuple[str, Act]] = {
    "an unknown registrant": ("no registrant R-9", lambda c, u: accounts.register(
        c.record, replace(c.account(), registrant_id="R-9"), actor=u, at=c.at)),
    "an account twice": ("registered already", lambda c, u: accounts.register(
        c.record, c.account("ann"), actor=u, at=c.at)),
    "an expired basis": ("expired already", lambda c, u: accounts.register(
        c.record, replace(c.account(), expires_at=c.at), actor=u, at=c.at)),
    "an employee's account as official": ("for official accounts", lambda c, u: accounts.register(
        c.record, replace(c.account(), basis=Basis.OFFICIAL), actor=u, at=c.at)),
    "resuming what is not paused": ("cannot be resumed", lambda c, u: accounts.step(
        c.record, c.account("ann").id, AccountStep.RESUMED, actor=u, at=c.at)),
    "withdrawing without a reason": ("Say why", lambda c, u: accounts.step(
        c.record, c.account("ann").id, AccountStep.WITHDRAWN, actor=u, at=c.at)),
    "a purpose that says nothing": ("Say for what", lambda c, u: accounts.reveal(
        c.record, "R-1", actor=u, at=c.at, purpose="why not")),
    "an identifier twice": ("already", lambda c, u: identifiers.add_identifier(
        c.record, c.identifier("patch"), actor=u, at=c.at)),
    "an exemplar twice": ("very reference", lambda c, u: identifiers.add_exemplar(
        c.record, c.blobs, identifier_id="patch", data=b"picture", mime="image/png", polarity=Polarity.POSITIVE, label="",
        actor=u, at=c.at)),
    "a sound of what is seen": ("of the kind audio", lambda c, u: identifiers.add_exemplar(
        c.record, c.blobs, identifier_id="patch", data=b"x", mime="audio/wav", polarity=Polarity.POSITIVE, label="",
        actor=u, at=c.at)),
    "an exemplar of nothing": ("no identifier", lambda c, u: identifiers.add_exemplar(
        c.record, c.blobs, identifier_id="none", data=b"x", mime="image/png", polarity=Polarity.POSITIVE, label="",
        actor=u, at=c.at)),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_is_refused_whole(city: City, name: str) -> None:
    """An act that cannot be says why, and leaves neither a record nor an audit event."""
    says, act = BAD[name]
    before = events(city)
    with pytest.raises(BadInput, match=says):
        act(city, city.person("ines"))
    assert events(city) == before


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"identifiers": ()}, "Name what is permitted"),
        ({"grantees": ()}, "Name whom"),
        ({"valid_until": datetime(2020, 1, 1, tzinfo=UTC)}, "ends before it begins"),
    ],
)
def test_an_empty_permission_is_refused(city: City, change: dict[str, Any], says: str) -> None:
    """A permission covers something, for somebody, for some time."""
    with pytest.raises(BadInput, match=says):
        permissions.grant(city.record, replace(city.permission(), **change), actor=city.person("chief"), at=city.at)


def test_a_grant_asks_for_every_finding_to_be_searched_again(city: City) -> None:
    """After a grant the findings wait in the outbox, so that search shows what it covers."""
    permissions.grant(city.record, city.permission(), actor=city.person("chief"), at=city.at)
    assert [finding for _, finding in city.record.outbox(10)] == [city.finding]


def test_a_permission_search_is_kept_once_per_state_of_the_registry(city: City) -> None:
    """Searching twice keeps one proof; a revocation makes another one."""
    chief = city.person("chief")
    permissions.grant(city.record, city.permission(), actor=chief, at=city.at)
    for _ in range(2):
        with city.record.transaction() as tx:
            assert permissions.search_for(tx, city.finding, at=city.at).covering == "P-1"
    permissions.revoke(city.record, "P-1", actor=chief, at=city.at, reason="the fair is over")
    with city.record.transaction() as tx:
        assert permissions.search_for(tx, city.finding, at=city.at).covering is None
    assert city.record.count(PermissionSearch) == 2


def test_a_permission_is_revoked_once(city: City) -> None:
    """Revoking twice is an error that changes nothing."""
    chief = city.person("chief")
    permissions.grant(city.record, city.permission(), actor=chief, at=city.at)
    permissions.revoke(city.record, "P-1", actor=chief, at=city.at, reason="over")
    with pytest.raises(BadInput, match="revoked before"):
        permissions.revoke(city.record, "P-1", actor=chief, at=city.at + timedelta(days=1), reason="again")
    assert [r.revoked_at for r in city.record.select(Revocation)] == [city.at]


def test_confirming_takes_two_reviewers(city: City) -> None:
    """The first confirmation asks for a second one; the second confirms (G16)."""
    states = [
        reviews.decide(
            city.record,
            city.decision(who, Verdict.CONFIRMED, elements=tuple(Element)),
            actor=city.person(who),
            at=city.at,
        )
        for who in ("rosa", "theo")
    ]
    assert states == [FindingState.SECOND_REVIEW, FindingState.CONFIRMED]


def test_a_permission_granted_meanwhile_stops_a_confirmation(city: City) -> None:
    """Confirming searches the registry at that moment, not as it was when the page was drawn (G14)."""
    permissions.grant(city.record, city.permission(), actor=city.person("chief"), at=city.at)
    made = city.decision("rosa", Verdict.CONFIRMED, elements=tuple(Element))
    with pytest.raises(NotPermitted, match="P-1 covers"):
        reviews.decide(city.record, made, actor=city.person("rosa"), at=city.at)
    assert city.record.count(ReviewDecision) == 0


def test_nobody_decides_for_another(city: City) -> None:
    """A decision in another's name, or at another time, is refused."""
    with pytest.raises(NotPermitted, match="own"):
        reviews.decide(city.record, city.decision("theo", Verdict.INSUFFICIENT), actor=city.person("rosa"), at=city.at)


@pytest.mark.parametrize(
    "pair", [(Role.AUDITOR, Role.REVIEWER), (Role.REGISTRAR, Role.CHIEF), (Role.REVIEWER, Role.CHIEF)]
)
def test_toxic_roles_are_two_people(city: City, pair: tuple[Role, ...]) -> None:
    """Roles that would let one person both act and watch, or ask and grant, are refused (G25)."""
    with pytest.raises(BadInput, match="two people"):
        users.add_user(
            city.record, name="zoe", roles=pair, password="correct horse zoe", actor=city.person("admin"), at=city.at
        )


def test_somebody_stays_administrator(city: City) -> None:
    """The last administrator cannot be switched off."""
    with pytest.raises(FootprintError, match="stay administrator"):
        users.change_user(city.record, "admin", actor=city.person("admin"), at=city.at, is_active=False)


def test_only_the_very_first_user_needs_no_leave(city: City) -> None:
    """Once there are users, nobody becomes administrator without one."""
    with pytest.raises(NotPermitted, match="very first"):
        users.add_user(
            city.record, name="eve", roles=[Role.ADMINISTRATOR], password="correct horse eve", actor=None, at=city.at
        )
