"""A small town to look at: a real record, drawn pictures, findings of every state, and people who sign in."""

import io
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response
from PIL import Image, ImageDraw, ImageFilter, UnidentifiedImageError

from dashboards.app import create_app
from footprint.accounts import Account, AccountRole, AccountStep, Basis, Registrant
from footprint.acts import accounts, identifiers, permissions, reviews, users
from footprint.audit import AuditEvent
from footprint.blobs.open import open_blobs
from footprint.coverage import Outcome, PlannedFetch, Run, RunEnd, Target, ending, plan_id
from footprint.digests import digest
from footprint.documents import FindingDocument
from footprint.errors import BadInput, UnreadableMedia
from footprint.findings import (
    AssetScan,
    Detection,
    Finding,
    FindingDetection,
    Quad,
    Region,
    ScanOutcome,
    detection_id,
    finding_id,
)
from footprint.identifiers import Identifier, Kind, Polarity
from footprint.index.memory import MemoryIndex
from footprint.permissions import EVERYBODY, Permission
from footprint.ports import Blobs, Record
from footprint.posts import (
    Capture,
    MediaAsset,
    MediaKind,
    MediaReference,
    MediaUse,
    ObservedMedia,
    ObservedPost,
    Post,
    PostKind,
    PostVersion,
    body,
    content_hash,
)
from footprint.projection import rebuild
from footprint.query import Query
from footprint.reports import ReportFile
from footprint.reviews import Element, ReviewDecision, Verdict
from footprint.settings import Settings
from footprint.store.record import open_record
from footprint.users import Role, User

WIDTH, HEIGHT = 960, 640
NAVY, GOLD, SKY = (18, 48, 92), (224, 182, 74), (169, 198, 221)
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOSTILE = 'Come to the fair! <script>document.title="taken"</script><img src=x onerror=alert(1)>'


class PlainPictures:
    """The port on Pillow alone: it cannot look for faces, so it blurs the whole picture. It counts what it renders."""

    def __init__(self) -> None:
        self.rendered = 0

    def render(self, data: bytes, *, frame_s: float | None = None, max_side_px: int = 1600, blur: bool = True) -> bytes:
        self.rendered += 1
        picture = _opened(data).convert("RGB")
        picture.thumbnail((max_side_px, max_side_px))
        if blur:
            picture = picture.filter(ImageFilter.GaussianBlur(max(picture.size) / 200))
        return _encoded(picture, "JPEG")

    def media_type(self, data: bytes) -> str:
        return "image/" + str(_opened(data).format).lower()

    def spectrogram(
        self, data: bytes, *, stretch_s: tuple[float, float] | None = None, max_side_px: int = 1600
    ) -> bytes:
        """Grey, as wide as the stretch has seconds."""
        first, last = stretch_s or (0.0, 1.0)
        return _encoded(Image.new("L", (round(last - first), 8)), "JPEG")

    def overlay(self, exemplar: bytes, region: Region) -> bytes:
        left, top = (round(min(corner[axis] for corner in region.quad)) for axis in (0, 1))
        right, bottom = (round(max(corner[axis] for corner in region.quad)) for axis in (0, 1))
        layer = Image.new("RGBA", (region.width_px, region.height_px))
        layer.paste(_opened(exemplar).convert("RGBA").resize((right - left, bottom - top)), (left, top))
        return _encoded(layer, "PNG")

    def cut(self, data: bytes, region: Region) -> bytes:
        left, top = (round(min(corner[axis] for corner in region.quad)) for axis in (0, 1))
        right, bottom = (round(max(corner[axis] for corner in region.quad)) for axis in (0, 1))
        return _encoded(_opened(data).convert("RGB").crop((left, top, right, bottom)), "PNG")


def _opened(data: bytes) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(data))
        picture.load()
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise UnreadableMedia("these bytes are no picture") from error
    return picture


def _encoded(picture: Image.Image, form: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, quality=95)
    return out.getvalue()


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


def patch(side: int, *, ground: tuple[int, int, int] = NAVY) -> Image.Image:
    """A shoulder patch, drawn."""
    scale = side / 100
    picture = Image.new("RGBA", (side, side))
    draw = ImageDraw.Draw(picture)
    shield = [(50, 3), (92, 17), (92, 52), (84, 74), (50, 97), (16, 74), (8, 52), (8, 17)]
    draw.polygon([(x * scale, y * scale) for x, y in shield], fill=ground, outline=GOLD, width=max(1, round(4 * scale)))
    draw.line([(20 * scale, 32 * scale), (80 * scale, 32 * scale)], fill=GOLD, width=max(1, round(3 * scale)))
    draw.ellipse(
        [32 * scale, 40 * scale, 68 * scale, 76 * scale],
        fill=(61, 120, 184),
        outline=GOLD,
        width=max(1, round(3 * scale)),
    )
    draw.text((50 * scale, 24 * scale), "CITY POLICE", fill=GOLD, anchor="mm", font_size=10 * scale)
    return picture


def scene(seed: int, patch_side: int = 0, *, ground: tuple[int, int, int] = NAVY) -> tuple[bytes, Quad]:
    """A street with somebody who wears a patch, and where the patch is."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), SKY)
    draw = ImageDraw.Draw(picture)
    draw.polygon(
        [(0, 340), (220 + 20 * seed, 240), (480, 320), (700, 210), (960, 300), (960, 640), (0, 640)],
        fill=(127, 159, 134),
    )
    draw.rectangle([0, 470, 960, 640], fill=(115, 119, 125))
    left = 60 + 37 * seed % 200
    draw.rectangle([left, 200, left + 220, 470], fill=(185, 159, 134))
    draw.polygon([(left - 20, 204), (left + 110, 124), (left + 240, 204)], fill=(143, 95, 75))
    at = 560 + 23 * seed % 180
    draw.rounded_rectangle([at, 260, at + 230, 640], 60, fill=(31, 47, 77))
    draw.ellipse([at + 70, 150, at + 160, 250], fill=(211, 169, 138))
    corner = (at + 18, 320)
    if patch_side:
        badge = patch(patch_side, ground=ground)
        picture.paste(badge, corner, badge)
    x, y, side = float(corner[0]), float(corner[1]), float(patch_side)
    return _encoded(picture, "JPEG"), ((x, y), (x + side, y), (x + side, y + side), (x, y + side))


@dataclass(frozen=True, kw_only=True)
class Town:
    """The seeded folder and the names that tests use for what is in it."""

    folder: Path
    documents: tuple[FindingDocument, ...]
    findings: dict[str, str]
    posts: dict[str, str]
    assets: dict[str, str]
    exemplars: dict[str, str]
    report: str


class Builder:
    """Writes the town: people act through the acts, the machine's part is written as a scan writes it."""

    def __init__(self, record: Record, blobs: Blobs, start: datetime) -> None:
        self.record, self.blobs, self.start = record, blobs, start
        self.run = Run(id="run-2026-04-30", actor="system", started_at=start - timedelta(hours=3))
        self.document = blobs.put(b"%PDF-1.7 a signed writing")
        self.findings: dict[str, str] = {}
        self.posts: dict[str, str] = {}
        self.assets: dict[str, str] = {}
        self.exemplars: dict[str, str] = {}

    def user(self, name: str) -> User:
        found = users.find_user(self.record, name)
        assert found is not None
        return found

    def people(self) -> None:
        for number, name in ((101, "Ada Example"), (102, "Ben Sample"), (103, "Cleo Muster")):
            registrant = Registrant(
                id=f"R-0{number}",
                employed_from=self.start - timedelta(days=900),
                notice_acknowledged_at=self.start - timedelta(days=400),
                registered_at=self.start - timedelta(days=90),
            )
            accounts.add_registrant(
                self.record, registrant, name=name, actor=self.user("ines"), at=self.start - timedelta(days=90)
            )
        for name, roles in (("eva", [Role.EMPLOYEE]), ("rex", [Role.REVIEWER, Role.EMPLOYEE])):
            users.add_user(
                self.record, name=name, roles=roles, password=f"correct horse {name}", actor=self.user("admin"),
                at=self.start - timedelta(days=80), registrant_id="R-0101" if name == "eva" else "R-0102",
            )  # fmt: skip

    def account(self, key: str, registrant_id: str, steps: Sequence[AccountStep], *, days: int = 300) -> Account:
        platform, _, native_id = key.partition(":")
        at = self.start - timedelta(days=60)
        account = Account(
            id=key, platform=platform, native_id=native_id, address=f"https://{platform}.example/{native_id}",
            registrant_id=registrant_id, role=AccountRole.EMPLOYEE, basis=Basis.CONSENT, document_sha256=self.document,
            registered_by="ines", registered_at=at, expires_at=self.start + timedelta(days=days),
        )  # fmt: skip
        accounts.register(self.record, account, actor=self.user("ines"), at=at)
        for number, step in enumerate(steps, 1):
            accounts.step(
                self.record, key, step, actor=self.user("omar"), at=at + timedelta(days=number), reason="by letter"
            )
        return account

    def identifier(self, key: str, kind: Kind, name: str, ground: tuple[int, int, int]) -> None:
        at, ines = self.start - timedelta(days=50), self.user("ines")
        identifier = Identifier(id=key, kind=kind, name=name, created_by="ines", created_at=at)
        identifiers.add_identifier(self.record, identifier, actor=ines, at=at)
        for polarity, colour in ((Polarity.POSITIVE, ground), (Polarity.LOOK_ALIKE, (90, 20, 20))):
            exemplar = identifiers.add_exemplar(
                self.record, self.blobs, identifier_id=key, data=_encoded(patch(300, ground=colour), "PNG"), mime="image/png",
                polarity=polarity, label=f"{name}, {polarity.value.replace('_', '-')}", actor=ines, at=at,
            )  # fmt: skip
            self.exemplars[f"{key} {polarity.value}"] = exemplar.id

    def post(self, name: str, account: Account, text: str, pictures: Sequence[bytes], *, days: float) -> str:
        at = self.start - timedelta(days=days)
        post_id = f"{account.platform}:{name}"
        media = tuple(
            ObservedMedia(
                key=f"{name}-{n}", url=f"https://{account.platform}.example/{name}-{n}.jpg", kind=MediaKind.IMAGE
            )
            for n, _ in enumerate(pictures)
        )
        observed = ObservedPost(
            platform=account.platform, native_id=name, author=account.native_id, permalink=f"https://{account.platform}.example/posts/{name}",
            text=text, created_at=at, visibility="visibility=public, read without signing in", media=media,
        )  # fmt: skip
        url = f"https://{account.platform}.example/api/{name}"
        warc = self.blobs.put(f"WARC of {name}".encode())
        plan = PlannedFetch(
            id=plan_id(self.run.id, account.id, url),
            run_id=self.run.id,
            account_id=account.id,
            target=Target.PAGE,
            url=url,
            planned_at=self.run.started_at,
        )
        version = PostVersion(
            id=digest(post_id, content_hash(observed), ""), post_id=post_id, content_hash=content_hash(observed), observed_at=self.run.started_at,
            edited_at=None, visibility=observed.visibility, body_sha256=self.blobs.put(body(observed)), capture_sha256=warc,
        )  # fmt: skip
        with self.record.transaction() as tx:
            tx.add(plan)
            tx.add(
                Post(
                    id=post_id,
                    account_id=account.id,
                    kind=PostKind.POST,
                    created_at=at,
                    first_seen_at=self.run.started_at,
                )
            )
            tx.add(version)
            tx.add(
                Capture(
                    id=digest(self.run.id, url, warc),
                    sha256=warc,
                    run_id=self.run.id,
                    url=url,
                    status=200,
                    fetched_at=self.run.started_at,
                )
            )
            tx.add(ending(plan, Outcome.FETCHED, self.run.started_at, status=200))
            for medium, data in zip(media, pictures, strict=True):
                self._medium(tx, post_id, version.id, medium, data)
        self.posts[name] = post_id
        return post_id

    def _medium(self, tx: Any, post_id: str, version_id: str, medium: ObservedMedia, data: bytes) -> None:
        sha256, key, at = self.blobs.put(data), digest(post_id, medium.key), self.run.started_at
        tx.add(
            MediaReference(
                id=key,
                post_id=post_id,
                version_id=version_id,
                key=medium.key,
                url=medium.url,
                kind=medium.kind,
                seen_at=at,
            )
        )
        tx.add(MediaAsset(sha256=sha256, mime="image/jpeg", size_bytes=len(data), first_fetched_at=at))
        tx.add(MediaUse(id=key, post_id=post_id, asset_sha256=sha256, url=medium.url, fetched_at=at))

    def finding(
        self, name: str, account: Account, identifier_id: str, claims: Sequence[tuple[bytes, Quad, float]]
    ) -> str:
        post_id = self.posts[name]
        key = finding_id(post_id, identifier_id)
        with self.record.transaction() as tx:
            tx.add(
                Finding(
                    id=key,
                    post_id=post_id,
                    account_id=account.id,
                    identifier_id=identifier_id,
                    run_id=self.run.id,
                    found_at=self.start - timedelta(hours=2),
                )
            )
            for data, quad, probability in claims:
                detection = self._detection(self.blobs.put(data), identifier_id, quad, probability)
                tx.add(detection)
                tx.add(FindingDetection(id=digest(key, detection.id), finding_id=key, detection_id=detection.id))
                self.assets[name] = detection.asset_sha256
            tx.enqueue(key)
        self.findings[f"{name} {identifier_id}"] = key
        return key

    def _detection(self, sha256: str, identifier_id: str, quad: Quad, probability: float) -> Detection:
        region = Region(quad=quad, width_px=WIDTH, height_px=HEIGHT)
        exemplar = self.exemplars[f"{identifier_id} positive"]
        name = identifier_id.replace("-", " ").capitalize()
        return Detection(
            id=detection_id(sha256, "marks", "3", identifier_id, exemplar, region), asset_sha256=sha256, detector="marks", version="3",
            identifier_id=identifier_id, exemplar_id=exemplar, region=region, measure=41, unit="inliers", probability=probability,
            sentence=f"41 of 55 points of “{name}” agree on one placement.", evidence={"points": [[0, 0, quad[0][0] + 20, quad[0][1] + 30]]},
        )  # fmt: skip

    def coverage(self, account: Account) -> None:
        """Pages beside those of the posts: some unchanged, some that could not be looked at."""
        outcomes = [Outcome.UNCHANGED] * 6 + [Outcome.NOT_PUBLIC] * 3 + [Outcome.ROBOTS_DENIED] * 2 + [Outcome.ERROR]
        with self.record.transaction() as tx:
            for number, outcome in enumerate(outcomes):
                url = f"https://{account.platform}.example/page/{number}"
                plan = PlannedFetch(
                    id=plan_id(self.run.id, account.id, url),
                    run_id=self.run.id,
                    account_id=account.id,
                    target=Target.PAGE,
                    url=url,
                    planned_at=self.run.started_at,
                )
                tx.add(plan)
                tx.add(ending(plan, outcome, self.run.started_at))
            tx.add(RunEnd(id=self.run.id, ended_at=self.run.started_at + timedelta(minutes=7), outcome="complete"))

    def verdict(
        self, finding: str, reviewer: str, verdict: Verdict, *, hours: float = 1, permission: str | None = None
    ) -> None:
        at = self.start - timedelta(hours=hours)
        decision = ReviewDecision(
            id=digest(finding, reviewer, at.isoformat()), finding_id=finding, reviewer=reviewer, verdict=verdict,
            elements=tuple(Element), permission_id=permission, decided_at=at,
        )  # fmt: skip
        reviews.decide(self.record, decision, actor=self.user(reviewer), at=at)


def build(folder: Path, staffed: Path, start: datetime) -> Town:
    """Seed a town in a folder."""
    shutil.copy(staffed, folder / "record.db")
    record, blobs = open_record(f"sqlite:///{folder / 'record.db'}"), open_blobs(f"file:{folder / 'blobs'}")
    b = Builder(record, blobs, start)
    b.people()
    told = (AccountStep.APPROVED, AccountStep.NOTIFIED)
    ada, ben = b.account("mastodon:@ada", "R-0101", told), b.account("forum:ben", "R-0102", told, days=20)
    b.account("forum:cleo", "R-0103", ())
    b.account("mastodon:@cleo", "R-0103", told[:1])
    b.identifier("shoulder-patch-2019", Kind.PATCH, "Shoulder patch 2019", NAVY)
    b.identifier("star-badge", Kind.BADGE, "Star badge", (120, 96, 30))
    b.identifier("patrol-car-livery", Kind.VEHICLE, "Patrol car livery", (40, 40, 40))
    with record.transaction() as tx:
        tx.add(b.run)
    permissions.grant(
        record,
        Permission(
            id="P-2026-004", grantor="Chief", grantees=(EVERYBODY,), kinds=(Kind.VEHICLE,), platforms=("forum",), purpose="open day",
            valid_from=start - timedelta(days=200), valid_until=start + timedelta(days=12), document_sha256=b.document,
            granted_by="chief", granted_at=start - timedelta(days=40),
        ),
        actor=b.user("chief"), at=start - timedelta(days=40),
    )  # fmt: skip
    fair, fair_at = scene(1, 70)
    parade, parade_at = scene(2, 64)
    car, car_at = scene(3, 80, ground=(40, 40, 40))
    night, night_at = scene(4, 48)
    away, away_at = scene(5, 66)
    desk, desk_at = scene(6, 58)
    b.post(
        "fair", ada, "Great turnout at the town fair this weekend. Thanks to everybody who stopped by.", [fair], days=6
    )
    b.post("again", ben, "Same picture, another place.", [fair], days=5)
    b.post("hostile", ada, HOSTILE, [parade], days=4)
    b.post("car", ben, "Washed and ready.", [car], days=3)
    b.post("night", ada, "Night shift.", [night, parade], days=2)
    b.post("union", ada, "Meeting of the association on Tuesday.", [away], days=2)
    b.post("costume", ben, "Carnival!", [desk], days=1)
    b.finding("fair", ada, "shoulder-patch-2019", [(fair, fair_at, 0.97)])
    b.finding("again", ben, "shoulder-patch-2019", [(fair, fair_at, 0.96)])
    b.finding("hostile", ada, "shoulder-patch-2019", [(parade, parade_at, 0.95)])
    b.finding("car", ben, "patrol-car-livery", [(car, car_at, 0.93)])
    b.finding("night", ada, "star-badge", [(night, night_at, 0.64), (parade, parade_at, 0.61)])
    b.finding("union", ada, "shoulder-patch-2019", [(away, away_at, 0.94)])
    b.finding("costume", ben, "star-badge", [(desk, desk_at, 0.58)])
    b.finding("fair", ada, "star-badge", [(fair, fair_at, 0.92)])
    b.coverage(ada)
    with record.transaction() as tx:
        tx.add(
            AssetScan(
                id=digest(b.assets["night"], "copies", "2"),
                asset_sha256=b.assets["night"],
                detector="copies",
                version="2",
                run_id=b.run.id,
                outcome=ScanOutcome.FAILED,
                detail="too large",
                scanned_at=b.run.started_at,
            )
        )
        html = blobs.put(
            b"<!doctype html><title>Week 17</title><style>body{margin:40px}</style><h1>Week 17 of 2026</h1>"
        )
        figures = blobs.put(b'{"week":"2026-W17"}')
        report = ReportFile(
            id=digest("2026-W17"), week="2026-W17", as_of=start - timedelta(days=4), is_draft=False, html_sha256=html, json_sha256=figures,
            audit_sequence=12, audit_head="7c1e" + "0" * 60, generated_by="system", generated_at=start - timedelta(days=4),
        )  # fmt: skip
        tx.add(report)
    confirmed, dismissed = b.findings["fair star-badge"], b.findings["costume star-badge"]
    b.verdict(confirmed, "rosa", Verdict.CONFIRMED, hours=2)
    b.verdict(confirmed, "theo", Verdict.CONFIRMED, hours=1)
    b.verdict(dismissed, "rosa", Verdict.NOT_DEPARTMENT_MATERIAL)
    b.verdict(b.findings["union shoulder-patch-2019"], "theo", Verdict.PROTECTED_ACTIVITY)
    index = MemoryIndex()
    rebuild(record, blobs, index, at=start - timedelta(minutes=30))
    documents = index.search(Query(), size=1000).hits
    record.close()
    return Town(
        folder=folder,
        documents=documents,
        findings=b.findings,
        posts=b.posts,
        assets=b.assets,
        exemplars=b.exemplars,
        report=report.id,
    )


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
        return _encoded(patch(side, ground=(10, 90, 60)), "PNG")

    return draw
