"""The figures of the demo, computed on a record made by hand."""

import gzip
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from demo import measure
from demo.drawing.shots import Difficulty
from demo.simulators.server import Asked
from demo.truth import Row, Trap, Truth
from footprint.accounts import Account, AccountRole, Basis, Registrant
from footprint.acts import accounts, identifiers, permissions
from footprint.acts.permissions import search_for
from footprint.coverage import Outcome, PlannedFetch, Run, Target, ending
from footprint.findings import Detection, Finding, FindingDetection, Region, finding_id
from footprint.identifiers import Exemplar, Identifier, Kind
from footprint.permissions import Permission
from footprint.ports import Record
from footprint.posts import MediaAsset, Post, PostKind
from footprint.users import User

ACCOUNT = "mastodon:a@b"
IDENTIFIERS = ("patch", "star", "uniform")


def row(number: int, identifier: str = "patch", **changes: object) -> Row:
    """A clearly visible, reached, uncovered identifier in post number so and so."""
    fields: dict[str, object] = {
        "post": f"mastodon:{number}",
        "key": f"a-{number}",
        "identifier": identifier,
        "side_px": 100.0,
        "hidden": 0.0,
        "difficulty": Difficulty.CLEAR,
        "is_taught": True,
        "covered_by": None,
        "unreached": "",
    }
    return Row(**(fields | changes))  # type: ignore[arg-type]


def truth(*rows: Row, traps: tuple[Trap, ...] = ()) -> Truth:
    """A truth of these rows."""
    return Truth(seed=1, keys={}, rows=rows, traps=traps)


@pytest.fixture
def found(record: Record, person: Callable[[str], User], start: datetime) -> Callable[[int, str], str]:
    """Adds a finding of an identifier in post number so and so to the record. Returns its id."""
    registrant = Registrant(id="R-1", employed_from=start, registered_at=start)
    accounts.add_registrant(record, registrant, name="A B", actor=person("ines"), at=start)
    account = Account(
        id=ACCOUNT, platform="mastodon", native_id="a@b", address="https://b/@a", registrant_id="R-1",
        role=AccountRole.EMPLOYEE, basis=Basis.CONSENT, document_sha256="0" * 64, registered_by="ines",
        registered_at=start, expires_at=start.replace(year=start.year + 1),
    )  # fmt: skip
    accounts.register(record, account, actor=person("ines"), at=start)
    for name in IDENTIFIERS:
        known = Identifier(id=name, kind=Kind.PATCH, name=name, created_by="ines", created_at=start)
        identifiers.add_identifier(record, known, actor=person("ines"), at=start)
    with record.transaction() as tx:
        tx.add(Run(id="run", actor="ines", started_at=start))

    def add(number: int, identifier: str) -> str:
        post = f"mastodon:{number}"
        finding = finding_id(post, identifier)
        with record.transaction() as tx:
            tx.add(Post(id=post, account_id=ACCOUNT, kind=PostKind.POST, created_at=start, first_seen_at=start))
            tx.add(
                Finding(
                    id=finding, post_id=post, account_id=ACCOUNT, identifier_id=identifier, run_id="run", found_at=start
                )
            )
        return finding

    return add


def test_all_found_and_nothing_else_is_perfect(record: Record, found: Callable[[int, str], str]) -> None:
    """Where exactly the expected pairs are found, precision and recall are 1."""
    for number in (1, 2):
        found(number, "patch")
    score = measure.score(record, truth(row(1), row(2)))
    assert (score.precision, score.recall, score.missed, score.false) == (1.0, 1.0, (), {})


def test_misses_cost_recall(record: Record, found: Callable[[int, str], str]) -> None:
    """One of four expected pairs is found: recall is a quarter, and the misses are named."""
    found(1, "patch")
    score = measure.score(record, truth(row(1), row(2), row(3), row(1, "star", difficulty=Difficulty.HARD)))
    assert (score.precision, score.recall) == (1.0, 0.25)
    assert [(missed.key, missed.identifier) for missed in score.missed] == [
        ("a-1", "star"),
        ("a-2", "patch"),
        ("a-3", "patch"),
    ]
    assert (score.hard, score.found_of_hard) == (1, 0)


def test_false_findings_cost_precision(record: Record, found: Callable[[int, str], str]) -> None:
    """Two of three findings are false: precision is a third, each with the trap that it fell into."""
    for number in (1, 2, 3):
        found(number, "patch")
    traps = (Trap(post="mastodon:2", key="a-2", why="a toy"),)
    score = measure.score(record, truth(row(1), row(3, unreached="passed on"), traps=traps))
    assert score.precision == pytest.approx(1 / 3)
    assert score.false == {("mastodon:2", "patch"): "a toy", ("mastodon:3", "patch"): "passed on"}


def test_another_identifier_in_the_same_post_is_false(record: Record, found: Callable[[int, str], str]) -> None:
    """Pairs count, not posts: a star claimed where there is a patch is false, and the patch is missed."""
    found(1, "star")
    score = measure.score(record, truth(row(1)))
    assert (score.precision, score.recall) == (0.0, 0.0)


def test_what_is_beyond_the_method_counts_in_neither(record: Record, found: Callable[[int, str], str]) -> None:
    """Something too small to be asked for is neither missed nor, where it is found nevertheless, false."""
    found(1, "patch")
    found(2, "patch")
    tiny = {"difficulty": Difficulty.BEYOND}
    score = measure.score(record, truth(row(1), row(2, **tiny), row(3, **tiny), row(1, "uniform", is_taught=False)))
    assert (score.precision, score.recall) == (1.0, 1.0)
    assert (score.beyond, score.found_of_beyond, score.untaught) == (2, 1, 1)


def test_a_detector_answers_for_what_it_claimed(
    record: Record, found: Callable[[int, str], str], person: Callable[[str], User], start: datetime
) -> None:
    """Of two findings one is supported by the detector asked for, and that one is false."""
    found(1, "patch")
    false = found(2, "patch")
    exemplar = Exemplar(
        id="e", identifier_id="patch", sha256="0" * 64, mime="image/png", added_by="ines", added_at=start
    )
    region = Region(quad=((0, 0), (9, 0), (9, 9), (0, 9)), width_px=100, height_px=80)
    claim = Detection(
        id="d", asset_sha256="a" * 64, detector="lettering", version="1", identifier_id="patch", exemplar_id="e",
        region=region, measure=0.0, unit="letters", probability=0.9, sentence="", evidence={},
    )  # fmt: skip
    with record.transaction() as tx:
        tx.add(exemplar)
        tx.add(MediaAsset(sha256="a" * 64, mime="image/jpeg", size_bytes=1, first_fetched_at=start))
        tx.add(claim)
        tx.add(FindingDetection(id="fd", finding_id=false, detection_id="d"))
    assert measure.detectors(record) == ["lettering"]
    assert measure.score(record, truth(row(1)), detector="lettering").precision == 0.0


def test_an_empty_record_has_found_nothing(record: Record) -> None:
    """Without findings nothing is false, and everything is missed."""
    score = measure.score(record, truth(row(1)))
    assert (score.precision, score.recall) == (1.0, 0.0)


def test_permission_searches_are_compared(
    record: Record, found: Callable[[int, str], str], person: Callable[[str], User], start: datetime
) -> None:
    """A search that came to another end than the truth is named, one that agrees is not."""
    permission = Permission(
        id="P-1", grantor="Chief", grantees=("R-1",), identifiers=("patch",), purpose="a fair", valid_from=start,
        document_sha256="0" * 64, granted_by="chief", granted_at=start,
    )  # fmt: skip
    permissions.grant(record, permission, actor=person("chief"), at=start)
    for finding in (found(1, "patch"), found(2, "patch")):
        with record.transaction() as tx:
            search_for(tx, finding, at=start)
    score = measure.score(record, truth(row(1, covered_by="P-1"), row(2, covered_by=None)))
    assert score.wrongly_permitted == (("mastodon:2", "patch"),)


def test_every_plan_needs_an_end(record: Record, found: Callable[[int, str], str], start: datetime) -> None:
    """Plans without an entry are unaccounted for; entries count by outcome."""
    plans = [
        PlannedFetch(
            id=str(k), run_id="run", account_id=ACCOUNT, target=Target.PAGE, url=f"https://b/{k}", planned_at=start
        )
        for k in range(3)
    ]
    with record.transaction() as tx:
        for plan in plans:
            tx.add(plan)
        for plan in plans[:2]:
            tx.add(ending(plan, Outcome.FETCHED, start))
    assert measure.unaccounted(record) == 1
    assert measure.coverage(record) == {"fetched": 2}


def asked(path: str, *, agent: str = "Footprint (+https://c)", denied: bool = False) -> Asked:
    """A request."""
    return Asked(host="h", path=path, user_agent=agent, denied=denied)


def test_requests_are_judged() -> None:
    """Denied paths, nameless askers and requests about protected accounts are told apart."""
    log = [asked("/a"), asked("/private/b", denied=True), asked("/c", agent="curl"), asked("/@dora/1")]
    assert [entry.path for entry in measure.denied(log)] == ["/private/b"]
    assert [entry.path for entry in measure.unnamed(log, contact_url="https://c")] == ["/c"]
    assert [entry.path for entry in measure.concerning(log, ["@dora"])] == ["/@dora/1"]


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lambda data: gzip.compress(b"first") + gzip.compress(data)])
def test_kept_bytes_are_found_wherever_they_lie(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    """Words from behind a wall are found in any file, packed or not, and counted by bytes."""
    (tmp_path / "blobs" / "ab").mkdir(parents=True)
    (tmp_path / "blobs" / "ab" / "x").write_bytes(pack(b"..words-behind-the-wall.."))
    secrets = {"wall": b"words-behind-the-wall", "other": b"never-said"}
    assert measure.kept(tmp_path, secrets) == {"wall": 21}
