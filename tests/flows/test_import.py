"""`footprint import`: what a holder handed over goes through the same rules as what was crawled."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from footprint.accounts import Account, AccountEvent, AccountRole, AccountStep, Basis
from footprint.audit import AuditEvent
from footprint.blobs.open import open_blobs
from footprint.coverage import CoverageEntry, Outcome, Run, RunEnd
from footprint.ports import Record
from footprint.posts import Capture, MediaAsset, MediaUse, Post, PostVersion, observed_post
from footprint.store.record import open_record

Footprint = Callable[..., tuple[int, str, str]]

MASTODON = "mastodon:dana@social.example"
KNOWN = ("--attest-public", "Seen on the public profile on 2026-03-09.")
INCOMPLETE = 6
CONTENT = (Post, PostVersion, MediaAsset, MediaUse, Capture)


def picture(colour: tuple[int, int, int]) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (32, 32), colour).save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def kept(department: Footprint, tmp_path: Path) -> Iterator[Record]:
    """The record of the department."""
    record = open_record(f"sqlite:///{tmp_path / 'var/record.db'}")
    yield record
    record.close()


@pytest.fixture
def account_on(kept: Record) -> Callable[[str, str], str]:
    """Registers another account of Dana's, which may be read; returns its id."""

    def register(platform: str, native_id: str) -> str:
        key, at = f"{platform}:{native_id}", datetime(2026, 1, 1, tzinfo=UTC)
        account = Account(
            id=key, platform=platform, native_id=native_id, address=f"https://{platform}.example/{native_id}", registrant_id="R-1",
            role=AccountRole.EMPLOYEE, basis=Basis.CONSENT, document_sha256="0" * 64, registered_by="ines", registered_at=at,
            expires_at=at.replace(year=2100),
        )  # fmt: skip
        with kept.transaction() as tx:
            tx.add(account)
            for step in (AccountStep.APPROVED, AccountStep.NOTIFIED):
                tx.add(AccountEvent(id=f"{key}-{step}", account_id=key, step=step, by="omar", at=at))
        return key

    return register


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder with two pictures and a table; one row is of before the policy was in force, one names a file that is none."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "a.png").write_bytes(picture((200, 0, 0)))
    (folder / "b.png").write_bytes(b"no picture")
    (folder / "posts.csv").write_text(
        "file,published,text\na.png,2026-03-07T21:30:00Z,At the fair\nb.png,2026-03-08,\na.png,2019-03-08,Long ago\n"
    )
    return folder


def imported(run: Footprint, file: Path, account: str, *more: str) -> dict[str, Any]:
    code, out, err = run("import", str(file), "--account", account, "--as", "ines", "--json", *more)
    assert code in (0, INCOMPLETE), err
    (row,) = json.loads(out)
    assert (isinstance(row, dict), row["complete"]) == (True, code == 0)
    return dict(row)


def test_an_import_is_recorded_like_a_crawl(department: Footprint, pictures: Path, kept: Record) -> None:
    """Posts come in by the same admission, media by their hash, and what could not be read is in the coverage."""
    row = imported(department, pictures, MASTODON, *KNOWN)
    assert (row["posts"], row["media"], row["refused"]) == (2, 1, {"published before the policy was in force": 1})
    assert [asset.mime for asset in kept.select(MediaAsset)] == ["image/png"]
    assert sorted(entry.outcome for entry in kept.select(CoverageEntry)) == [
        Outcome.FETCHED, Outcome.FETCHED, Outcome.UNSUPPORTED
    ]  # fmt: skip
    assert [end.outcome for end in kept.select(RunEnd)] == ["incomplete"]


def test_a_medium_that_the_export_lacks_is_planned_and_ends_as_not_looked_at(
    department: Footprint, pictures: Path, kept: Record
) -> None:
    """One coverage entry each, by the name in the table; handed over later, the picture joins the post that is there."""
    (pictures / "posts.csv").write_text("file,published\na.png,2026-03-07\nlost/c.png,2026-03-08\n")
    (entry,) = [e for e in _imported_entries(department, pictures, kept) if e.outcome is Outcome.ERROR]
    assert (entry.url, entry.detail) == ("https://export.invalid/lost/c.png", "not in the export")
    assert "export.invalid" not in department("scan", "--plan")[1]
    (pictures / "lost").mkdir()
    (pictures / "lost/c.png").write_bytes(picture((0, 0, 200)))
    row = imported(department, pictures, MASTODON, *KNOWN)
    assert (row["complete"], row["new_versions"], row["media"], kept.count(MediaUse)) == (True, 0, 1, 2)


def _imported_entries(run: Footprint, folder: Path, kept: Record) -> list[CoverageEntry]:
    row = imported(run, folder, MASTODON, *KNOWN)
    return list(kept.select(CoverageEntry, run_id=row["run"]))


def test_what_an_import_could_not_look_at_is_told(department: Footprint, pictures: Path) -> None:
    """In the words of a scan, and with its exit code: a picture that is none, one that does not decode, one that is not there."""
    (pictures / "cut.png").write_bytes(picture((0, 9, 0))[:60])
    with (pictures / "posts.csv").open("a") as table:
        table.write("cut.png,2026-03-09,\nlost.png,2026-03-10,\n")
    code, out, err = department("import", str(pictures), "--account", MASTODON, "--as", "ines", *KNOWN)
    assert code == INCOMPLETE, err
    told = " ".join(out.split())
    for words in (
        "Not looked at: lost.png: not in the export",
        "Not looked at: b.png: not a picture",
        "│ failed │ 3 │",
    ):
        assert words in told, out


def test_an_import_says_which_detector_cannot_look(
    department: Footprint, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the network that was named the others look, and the mend is told."""
    monkeypatch.setenv("FOOTPRINT_DETECT__FINDER", "no-such.onnx")
    (pictures / "posts.csv").write_text("file,published\na.png,2026-03-07\n")
    assert department("identifier", "add", "car", "--kind", "vehicle", "--name", "Cruiser", "--as", "ines")[0] == 0
    assert department("exemplar", "add", "car", "--text", "Harbor City Police", "--as", "ines")[0] == 0
    code, out, err = department("import", str(pictures), "--account", MASTODON, "--as", "ines", *KNOWN)
    assert code == INCOMPLETE, err
    told = " ".join(out.split())
    assert "│ failed │ 1 │ │ nothing │ 3 │" in told, out
    assert "Could not look: vehicles: " in told
    assert "Mend: set detect.finder" in told


def test_importing_twice_changes_nothing(department: Footprint, pictures: Path, kept: Record) -> None:
    """No post, version, medium or capture is added; the second run says that everything was known."""
    imported(department, pictures, MASTODON, *KNOWN)
    before = {kind: list(kept.select(kind)) for kind in CONTENT}
    row = imported(department, pictures, MASTODON, *KNOWN)
    assert (row["new_versions"], row["media"]) == (0, 0)
    assert {kind: list(kept.select(kind)) for kind in CONTENT} == before
    assert kept.count(Run) == 2


def test_the_attestation_is_kept(department: Footprint, pictures: Path, kept: Record) -> None:
    """Who says that posts were public, and why, stands in the audit log and with each post."""
    imported(department, pictures, MASTODON, *KNOWN)
    (event,) = kept.select(AuditEvent, action="export.imported")
    assert (event.actor, event.purpose) == ("ines", KNOWN[1])
    assert all(KNOWN[1] in version.visibility for version in kept.select(PostVersion))


def test_the_archive_of_x_must_be_the_accounts(
    department: Footprint, tmp_path: Path, kept: Record, account_on: Callable[[str, str], str]
) -> None:
    """The archive of somebody else is refused, and nothing of it is kept."""
    tweet = {"id_str": "7", "full_text": "Hi", "created_at": "Sat Mar 07 21:30:00 +0000 2026"}
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("data/tweets.js", f"window.YTD.tweets.part0 = {json.dumps([{'tweet': tweet}])}")
        archive.writestr(
            "data/account.js", 'window.YTD.account.part0 = [{"account": {"username": "Dana", "accountId": "9"}}]'
        )
    other, own = account_on("x", "mallory"), account_on("x", "dana")
    code, _, err = department("import", str(tmp_path / "x.zip"), "--account", other, "--as", "ines", *KNOWN)
    assert (code, "another account" in err) == (3, True), err
    assert kept.count(Run) == 0
    assert imported(department, tmp_path / "x.zip", own, *KNOWN)["posts"] == 1
    assert [post.id for post in kept.select(Post)] == ["x:7"]


def packed(file: Path, members: dict[str, str | bytes]) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def facebook(folder: Path) -> Path:
    """An export in two archives: words in one, the picture in the other."""
    (folder / "facebook").mkdir()
    entry = {
        "timestamp": 1772919000, "data": [{"post": "Stra\u00c3\u009fenfest"}],
        "attachments": [{"data": [{"media": {"uri": "your_facebook_activity/posts/media/1.png"}}]}],
    }  # fmt: skip
    name = "your_facebook_activity/posts/your_posts__check_ins__photos_and_videos_1.json"
    packed(folder / "facebook" / "facebook-dana-1.zip", {name: json.dumps([entry])})
    packed(
        folder / "facebook" / "facebook-dana-2.zip", {"your_facebook_activity/posts/media/1.png": picture((0, 90, 0))}
    )
    return folder / "facebook"


def instagram(folder: Path) -> Path:
    """An export in one archive."""
    item = {"uri": "media/posts/202603/1.png", "creation_timestamp": 1772919000, "title": "Stra\u00c3\u009fenfest"}
    members = {
        "your_instagram_activity/media/posts_1.json": json.dumps([{"media": [item]}]),
        "media/posts/202603/1.png": picture((0, 0, 90)),
    }
    packed(folder / "instagram.zip", members)
    return folder / "instagram.zip"


def linkedin(folder: Path) -> Path:
    """The table of a larger export, with the mark of byte order that spreadsheets leave."""
    row = '2026-03-07 21:30:00,https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A7,"Stra\u00dfenfest",,,MEMBER_NETWORK'
    table = f"\ufeffDate,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility\n{row}\n"
    packed(folder / "linkedin.zip", {"Shares.csv": table})
    return folder / "linkedin.zip"


@pytest.mark.parametrize(
    ("export", "native_id", "media"),
    [(facebook, "100012345", 1), (instagram, "dana.reed", 1), (linkedin, "in/dana-reed", 0)],
)
def test_employees_hand_over_their_own_exports(
    export: Callable[[Path], Path], native_id: str, media: int, department: Footprint, tmp_path: Path,
    kept: Record, account_on: Callable[[str, str], str],
) -> None:  # fmt: skip
    """Of a personal profile, which no API reads: its posts come in with words, time and pictures."""
    account = account_on(export.__name__, native_id)
    row = imported(department, export(tmp_path), account, *KNOWN)
    assert (row["posts"], row["media"], row["unreadable"], row["refused"]) == (1, media, 0, {})
    (post,), (version,) = kept.select(Post), kept.select(PostVersion)
    assert (post.account_id, post.created_at) == (account, datetime(2026, 3, 7, 21, 30, tzinfo=UTC))
    assert (
        observed_post(open_blobs(f"file:{tmp_path / 'var/blobs'}").get(version.body_sha256 or "")).text == "Straßenfest"
    )


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("pictures", "--account", MASTODON, "--as", "ines"), 3, "(Pictures with a table) does not prove"),
        (("pictures", "--account", MASTODON, "--as", "ines", "--attest-public", "seen"), 3, "'seen' is too short"),
        (("pictures", "--account", MASTODON, "--as", "rosa", *KNOWN), 4, "takes a registrar"),
        (("pictures", "--account", "mastodon:eve@social.example", "--as", "ines", *KNOWN), 3, "no account"),
        (("missing.zip", "--account", MASTODON, "--as", "ines", *KNOWN), 3, "missing.zip"),
        (("consent.txt", "--account", MASTODON, "--as", "ines", *KNOWN), 3, "pictures: Pictures with a table"),
    ],
)
def test_what_cannot_be_imported_is_refused_with_the_mend(
    words: tuple[str, ...], code: int, says: str, department: Footprint, pictures: Path, kept: Record
) -> None:
    """One line names the mend, and nothing is recorded."""
    events = kept.count(AuditEvent)
    ended, _, err = department("import", *words)
    assert (ended, says in err, err.count("\n")) == (code, True, 1), err
    assert (kept.count(AuditEvent), kept.count(Run)) == (events, 0)


def test_an_account_that_may_not_be_read_is_not_imported(department: Footprint, pictures: Path, kept: Record) -> None:
    """A paused registration refuses an export as it refuses a crawl."""
    assert department("account", "pause", MASTODON, "--reason", "Appeal", "--as", "ines")[0] == 0
    code, _, err = department("import", str(pictures), "--account", MASTODON, "--as", "ines", *KNOWN)
    assert (code, "paused" in err) == (4, True), err
    assert kept.count(Post) == 0
