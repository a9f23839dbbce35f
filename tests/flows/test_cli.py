"""The command line: bad input gets a clear error that names the mend, an exit code that is not 0, and changes nothing."""

import json
import random
import re
import wave
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from networks import constant
from onnx import TensorProto

from detectors.models import CENTERFACE
from flows.wiring import now, wired
from footprint.audit import AuditEvent
from footprint.coverage import Run
from footprint.digests import sha256
from footprint.findings import AssetScan, ScanOutcome
from footprint.identifiers import Exemplar
from footprint.posts import MediaAsset
from footprint.settings import read
from footprint.specialists import IDLE
from footprint.store.record import open_record

Footprint = Callable[..., tuple[int, str, str]]


@pytest.fixture
def house(footprint: Footprint, staffed: Path, tmp_path: Path) -> Footprint:
    """A house with people of each role and a registrant."""
    (tmp_path / "var").mkdir()
    (tmp_path / "var/record.db").write_bytes(staffed.read_bytes())
    (tmp_path / "consent.txt").write_text("I agree.")
    for words in (
        ("init",),
        ("registrant", "add", "R-1", "--name", "Ann", "--employed-from", "2020-01-01", "--as", "ines"),
    ):
        code, _, err = footprint(*words)
        assert code == 0, err
    return footprint


def audit_length(folder: Path) -> int:
    """How many audit events there are."""
    record = open_record(f"sqlite:///{folder / 'var/record.db'}")
    try:
        return record.count(AuditEvent)
    finally:
        record.close()


ACCOUNT = (
    "--registrant", "R-1", "--role", "employee", "--basis", "consent", "--document", "consent.txt", "--expires", "2100-01-01",
)  # fmt: skip

BAD: dict[str, tuple[tuple[str, ...], int, str]] = {
    "an unknown platform": (
        ("account", "add", "myspace", "https://myspace.example/ann", *ACCOUNT, "--as", "ines"), 3, "There is: "),
    "an address of another sort": (("account", "add", "mastodon", "ann", *ACCOUNT, "--as", "ines"), 3, "https://"),
    "a date that is none": (
        ("account", "add", "feeds", "https://a.example/feed", *ACCOUNT[:-1], "soon", "--as", "ines"), 3, "2026-04-01"),
    "a document that is not there": (
        ("account", "add", "feeds", "https://a.example/feed", *ACCOUNT[:7], "none.pdf", *ACCOUNT[8:], "--as", "ines"), 3, "none.pdf cannot be read"),
    "an unknown user": (("account", "add", "feeds", "https://a.example/feed", *ACCOUNT, "--as", "eve"), 3, "no user 'eve'"),
    "a user without the role": (("account", "add", "feeds", "https://a.example/feed", *ACCOUNT, "--as", "chief"), 4, "takes a registrar"),
    "an account that is not there": (("account", "approve", "feeds:x", "--as", "omar"), 3, "no account feeds:x"),
    "an exemplar that is no image": (("exemplar", "add", "patch", "consent.txt", "--as", "ines"), 3, "consent.txt cannot be an exemplar"),
    "an exemplar of nothing": (("exemplar", "add", "patch", "--as", "ines"), 3, "wording with --text"),
    "wording that identifies nothing": (("exemplar", "add", "patch", "--text", "##", "--as", "ines"), 3, "at least 3 letters"),
    "a week that does not exist": (("report", "--week", "2026-W60"), 3, "2026-W60"),
    "a week of another year's length": (("report", "--week", "2025-W53"), 3, "2025-W53"),
    "words that are no week": (("report", "--week", "last"), 3, "Write one such as"),
    "a report that was never written": (("report", "--verify", "--week", "2026-W14"), 3, "no report of 2026-W14"),
    "a search by an unknown field": (("search", "mood:angry", "--as", "rosa"), 3, "mood"),
    "a search by who may not": (("search", "patch", "--as", "ines"), 4, "takes a reviewer or chief"),
    "a permission for nothing": (
        ("permission", "grant", "P-1", "--document", "consent.txt", "--purpose", "fair", "--from", "2026-01-01", "--as", "chief"), 3, "Name what is permitted"),
    "a scan while crawling is off": (("scan", "--as", "ines"), 4, "switched off"),
    "a CSV without columns": (("account", "import", "consent.txt", "--as", "ines"), 3, "lacks the columns platform"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_with_the_mend(house: Footprint, tmp_path: Path, name: str) -> None:
    """What cannot be is answered with one line that names the mend and an exit code; nothing is recorded."""
    words, code, says = BAD[name]
    before = audit_length(tmp_path)
    ended, _, err = house(*words)
    assert (ended, says in err, err.count("\n")) == (code, True, 1), err
    assert audit_length(tmp_path) == before


def test_malformed_settings_are_named(footprint: Footprint, tmp_path: Path) -> None:
    """A settings file that is not TOML is an error of its own, for every command."""
    (tmp_path / "footprint.toml").write_text("[crawl\n")
    code, _, err = footprint("account", "list")
    assert (code, "is not TOML" in err) == (3, True)


def test_without_a_record_the_mend_is_init(footprint: Footprint) -> None:
    """Before `footprint init` a command says to run it."""
    code, _, err = footprint("account", "list")
    assert (code, "footprint init" in err) == (5, True)


def test_an_unreachable_index_loses_nothing(house: Footprint, tmp_path: Path) -> None:
    """With the index away, a search says so and a permission is still entered."""
    away = {"FOOTPRINT_STORAGE__INDEX": "elasticsearch+http://127.0.0.1:9/findings"}
    code, _, err = house("search", "patch", "--as", "rosa", **away)
    assert (code, "The index cannot be reached" in err) == (5, True), err
    words = (
        "permission",
        "grant",
        "P-1",
        "--document",
        "consent.txt",
        "--purpose",
        "fair",
        "--from",
        "2026-01-01",
        "--kind",
        "patch",
    )
    assert house(*words, "--as", "chief", **away)[0] == 0
    assert json.loads(house("permission", "list", "--json")[1])[0]["id"] == "P-1"


@pytest.fixture
def learner(house: Footprint, tmp_path: Path) -> Footprint:
    """The house, with a mark that three pictures are to be learned of, beside one photograph without marks."""
    noise = np.random.default_rng(5)
    folder = tmp_path / "bank"
    folder.mkdir()
    cv2.imwrite(str(folder / "ground.png"), cv2.resize(noise.integers(0, 255, (30, 40, 3), np.uint8), (320, 240)))
    for name in ("one", "two", "three"):
        coarse = noise.integers(0, 255, (16, 16, 3), np.uint8)
        cv2.imwrite(str(tmp_path / f"{name}.png"), cv2.resize(coarse, (160, 160), interpolation=cv2.INTER_NEAREST))
    toml = (tmp_path / "footprint.toml").read_text()
    toml = re.sub("^#? ?learn_from = .*$", "learn_from = 3", toml, flags=re.M)
    (tmp_path / "footprint.toml").write_text(re.sub("^#? ?negatives = .*$", 'negatives = "bank"', toml, flags=re.M))
    assert house("identifier", "add", "patch", "--kind", "patch", "--name", "Patch", "--as", "ines")[0] == 0
    return house


def test_a_mark_is_learned_when_it_is_registered(learner: Footprint, tmp_path: Path) -> None:
    """Adding enough pictures learns what they look like right then, so that no scan waits for it."""
    code, out, err = learner("exemplar", "add", "patch", "one.png", "two.png", "three.png", "--as", "ines")
    assert code == 0, err
    assert len(list(tmp_path.glob("var/**/learned/marks-*.npz"))) == 1
    assert "next scan begins" not in out


def test_learning_may_wait_for_the_scan(learner: Footprint, tmp_path: Path) -> None:
    """With --later nothing is learned now, and it is said when it will be."""
    code, out, err = learner("exemplar", "add", "patch", "one.png", "two.png", "three.png", "--later", "--as", "ines")
    assert code == 0, err
    assert list(tmp_path.glob("var/**/learned/*")) == []
    assert "What it looks like is learned when the next scan begins." in out


def test_wording_is_an_exemplar(house: Footprint) -> None:
    """Text is registered as pictures are; its worth is told at once."""
    words = ("identifier", "add", "name", "--kind", "wordmark", "--name", "Our name", "--as", "ines")
    assert house(*words)[0] == 0
    code, out, _ = house("exemplar", "add", "name", "--text", "Harbor  City Police", "--as", "ines")
    assert (code, "Harbor City Police: good" in out, "detect.detectors" in out) == (0, True, False)
    (row,) = json.loads(house("exemplar", "list", "name", "--json")[1])
    assert row["label"] == "Harbor City Police"


def test_a_recording_is_an_exemplar(house: Footprint, tmp_path: Path) -> None:
    """Sounds are registered as pictures are, for what is heard, and their worth is told at once."""
    with wave.open(str(tmp_path / "call.wav"), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(random.Random(1).randbytes(6 * 2 * 8000))
    words = ("identifier", "add", "call", "--kind", "audio", "--name", "Radio call", "--as", "ines")
    assert house(*words)[0] == 0
    code, out, _ = house("exemplar", "add", "call", "call.wav", "--as", "ines")
    assert (code, "call: good (6.0 s" in out, "detect.detectors" in out) == (0, True, False)


def test_a_detector_of_one_kind_looks_once_there_is_an_exemplar(house: Footprint) -> None:
    """Registering is enough: before, the detector costs nothing, afterwards it looks."""
    assert house("identifier", "add", "car", "--kind", "vehicle", "--name", "Cruiser", "--as", "ines")[0] == 0
    with wired(read()) as opened:
        assert opened.bank().names == ("copies", "marks", "lettering")
    assert house("exemplar", "add", "car", "--text", "Harbor City Police", "--as", "ines")[0] == 0
    with wired(read()) as opened:
        assert opened.bank().names == ("copies", "marks", "lettering", "vehicles")


def test_wording_that_nobody_reads_is_told(house: Footprint, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands on vehicles is read by a detector that may be switched off."""
    monkeypatch.setenv("FOOTPRINT_DETECT__DETECTORS", "copies,marks")
    assert house("identifier", "add", "car", "--kind", "vehicle", "--name", "Cruiser", "--as", "ines")[0] == 0
    _, out, _ = house("exemplar", "add", "car", "--text", "Harbor City Police", "--as", "ines")
    assert "add vehicles to detect.detectors" in out


def test_init_twice_changes_nothing(house: Footprint, tmp_path: Path) -> None:
    """A second `init` keeps settings, record and users."""
    before = audit_length(tmp_path), (tmp_path / "footprint.toml").read_text()
    code, out, _ = house("init")
    assert (code, "users already" in out) == (0, True)
    assert (audit_length(tmp_path), (tmp_path / "footprint.toml").read_text()) == before


def test_a_csv_with_one_wrong_row_imports_nothing(house: Footprint, tmp_path: Path) -> None:
    """The wrong row is named by its line; the good one is not imported either."""
    header = "platform,address,registrant,role,basis,document,expires\n"
    good = "feeds,https://a.example/feed,R-1,employee,consent,consent.txt,2100-01-01\n"
    bad = "feeds,https://b.example/feed,R-9,employee,consent,consent.txt,2100-01-01\n"
    (tmp_path / "accounts.csv").write_text(header + good + bad)
    code, _, err = house("account", "import", "accounts.csv", "--as", "ines")
    assert (code, "line 3: there is no registrant R-9" in err) == (3, True)
    assert json.loads(house("account", "list", "--json")[1]) == []
    (tmp_path / "accounts.csv").write_text(header + good)
    assert house("account", "import", "accounts.csv", "--as", "ines")[0] == 0
    assert [row["state"] for row in json.loads(house("account", "list", "--json")[1])] == ["proposed"]


def look_for(identifier_id: str) -> None:
    """An hour ago a scan looked for an identifier at one picture."""
    with wired(read()) as opened, opened.record.transaction() as tx:
        at = now() - timedelta(hours=1)
        tx.add(Exemplar(
            id="ex", identifier_id=identifier_id, sha256="e" * 64, mime="image/png", added_by="ines", added_at=at
        ))  # fmt: skip
        tx.add(Run(id="run", actor="ines", started_at=at))
        tx.add(MediaAsset(sha256="a" * 64, mime="image/png", size_bytes=9, first_fetched_at=at))
        tx.add(AssetScan(
            id="look", asset_sha256="a" * 64, detector="marks", version="1", run_id="run", outcome=ScanOutcome.NOTHING, scanned_at=at
        ))  # fmt: skip


def test_a_threshold_is_tried_proposed_and_approved(house: Footprint) -> None:
    """Three commands by two people; the identifier then shows it with who approved it."""
    words = ("identifier", "add", "patch", "--kind", "patch", "--name", "Shoulder patch", "--as", "ines")
    assert house(*words)[0] == 0
    propose = ("identifier", "threshold", "patch", "0.8", "--reason", "too many stars", "--as", "ines")
    code, _, err = house(*propose)
    assert (code, "footprint identifier whatif patch --threshold 0.8" in err) == (4, True)
    code, out, _ = house("identifier", "whatif", "patch", "--threshold", "0.8", "--as", "ines")
    assert (code, "Of 0 findings would go: none" in out, "Not known:" in out) == (0, True, True)
    assert "No picture was looked at for patch" in house(*propose)[2]
    look_for("patch")
    code, out, _ = house("identifier", "whatif", "patch", "--threshold", "0.8", "--as", "ines")
    assert (code, "0 false alarms in 1 picture looked at for it" in out) == (0, True)
    assert house(*propose)[0] == 0
    approve = ("identifier", "threshold", "patch", "0.8", "--approve", "--as")
    assert [house(*approve, name)[0] for name in ("ines", "chief")] == [4, 0]
    (row,) = json.loads(house("identifier", "show", "patch", "--json")[1])
    assert (row["what"], row["is"], row["by"]) == (
        "threshold, version 1", "0.8: too many stars", "ines, approved by chief",
    )  # fmt: skip


def test_a_suspended_detector_is_shown_until_it_is_resumed(house: Footprint) -> None:
    """`doctor` and `detector list` say so, with the mend (G33)."""
    assert house("detector", "suspend", "marks", "--reason", "it claims every star", "--as", "ines")[0] == 0
    checks = {check["check"]: check for check in json.loads(house("doctor", "--json")[1])}
    assert "marks: it claims every star" in checks["suspensions"]["says"]
    states = {row["name"]: row["state"] for row in json.loads(house("detector", "list", "--json")[1])}
    assert states == {
        "copies": "looks", "marks": "suspended", "lettering": "looks", "vehicles": IDLE, "uniforms": IDLE, "stamps": IDLE,
            "audio": IDLE,
    }  # fmt: skip
    with wired(read()) as opened:
        assert opened.bank().names == ("copies", "lettering")
    assert house("detector", "resume", "marks", "--reason", "look-alikes were added", "--as", "omar")[0] == 0
    checks = {check["check"]: check for check in json.loads(house("doctor", "--json")[1])}
    assert checks["suspensions"]["ok"]


def test_doctor_names_what_is_missing(house: Footprint) -> None:
    """A fresh house is healthy but for the exemplars that it has none of."""
    code, out, _ = house("doctor", "--json")
    failed: dict[str, Any] = {check["check"]: check["says"] for check in json.loads(out) if not check["ok"]}
    assert (code, list(failed)) == (1, ["detectors"])
    assert "exemplar add" in failed["detectors"]


def test_a_broken_boards_file_is_named_before_a_scan(house: Footprint, tmp_path: Path) -> None:
    """A mistake in the boards file ends doctor and scan with its place; nothing is asked for."""
    (tmp_path / "boards.toml").write_text('["board.example"]\ntime_zone = "Mars/Base"\n')
    settings = {"ENABLED": "true", "CONTACT_URL": "https://d.example/", "BOARDS_FILE": "boards.toml"}
    environment = {f"FOOTPRINT_CRAWL__{name}": value for name, value in settings.items()}
    code, out, _ = house("doctor", "--json", **environment)
    failed = {check["check"]: check["says"] for check in json.loads(out) if not check["ok"]}
    assert (code, "board.example.time_zone" in failed["accounts"]) == (1, True)
    code, _, err = house("scan", "--as", "ines")
    assert (code, "board.example.time_zone" in err) == (3, True)


def test_models_are_listed_with_their_checksum(footprint: Footprint) -> None:
    """Weights are shown with package, version and licence, and that each is the examined file; no settings are needed."""
    code, out, _ = footprint("models", "--json")
    rows = {row["name"]: row for row in json.loads(out)}
    assert (code, rows["centerface"]["ok"], rows["centerface"]["licence"]) == (0, True, "MIT")
    assert rows["centerface"]["sha256"] == CENTERFACE.sha256
    assert all(row["version"] for row in rows.values())
    assert {rows[name]["package"] for name in ("pp-ocrv6-det-small", "pp-ocrv6-rec-small")} == {"rapidocr"}


OWN = "detect.finder"
"""How the operator's own network is called."""

NETWORK = constant(np.zeros((1, 4, 6)))
CHANGE = "set detect.finder to"

FINDERS: dict[str, tuple[bytes | None, str, bool, str]] = {
    "a network that nothing pins": (NETWORK, "", True, "not pinned"),
    "the network that was meant": (NETWORK, sha256(NETWORK), True, "as detect.finder_sha256 asks"),
    "another network than was meant": (NETWORK, sha256(b"other"), False, f"detect.finder_sha256 to {sha256(NETWORK)}"),
    "a file that is not there": (None, "", False, CHANGE),
    "an empty file": (b"", "", False, CHANGE),
    "no network": (b"\xff\xd8\xff\xe0 a JPEG", "", False, CHANGE),
    "a network whose answer is of no use": (constant(np.zeros((1, 10))), "", False, CHANGE),
    "a network that takes no colours": (constant(np.zeros((1, 4, 6)), takes=(1, 1, 320, 320)), "", False, CHANGE),
    "a network that takes words": (constant(np.zeros((1, 4, 6)), of=TensorProto.INT64), "", False, CHANGE),
    "a network that takes many pictures": (constant(np.zeros((1, 4, 6)), takes=(8, 3, 320, 320)), "", False, CHANGE),
}


@pytest.mark.parametrize("name", FINDERS)
def test_an_operators_own_network_is_listed_and_tried(house: Footprint, tmp_path: Path, name: str) -> None:
    """By path, with its checksum; `models` and `doctor` say with the mend when it cannot be used, before a vehicle is registered."""
    content, pin, ok, says = FINDERS[name]
    if content is not None:
        (tmp_path / "own.onnx").write_bytes(content)
    named = {"FOOTPRINT_DETECT__FINDER": "own.onnx", "FOOTPRINT_DETECT__FINDER_SHA256": pin}
    code, out, _ = house("models", "--json", **named)
    row = next(row for row in json.loads(out) if row["name"] == OWN)
    assert (code, row["ok"], says in row["says"]) == (0 if ok else 1, ok, True), row
    assert (row["source"], row["sha256"]) == (str(tmp_path / "own.onnx"), sha256(NETWORK) if ok else None)
    checks = {check["check"]: check for check in json.loads(house("doctor", "--json")[1])}
    assert (checks["models"]["ok"], says in checks["models"]["says"]) == (ok, True)


def test_no_command_finds_accounts(house: Footprint) -> None:
    """The commands are these; none looks for a person's accounts, followers or friends (G2)."""
    import typer.main

    from flows.cli import app

    tree: Any = typer.main.get_command(app)
    names = {
        f"{group} {name}" for group, command in tree.commands.items() for name in getattr(command, "commands", {"": 0})
    }
    assert names == {
        "init ", "settings ", "doctor ", "models ", "scan ", "report ", "search ", "reindex ", "serve ",
        "parse ", "capture ", "import ", "platforms renew", "platforms approve", "new platform",
        "account nonce", "account prove",
        "registrant add", "registrant list",
        "account add", "account import", "account approve", "account notify", "account pause", "account resume",
        "account withdraw", "account list",
        "identifier add", "identifier list", "identifier show", "identifier whatif", "identifier threshold",
        "detector list", "detector suspend", "detector resume", "detector grow", "exemplar add", "exemplar list", "exemplar disable", "exemplar enable",
        "exemplar from-finding",
        "permission grant", "permission revoke", "permission list",
        "user add", "user password", "user deactivate", "user list",
        "audit verify", "audit list",
    }  # fmt: skip


def test_the_plan_is_told_before_crawling_is_switched_on(house: Footprint) -> None:
    """What a scan would ask for is shown on a fresh install, with the word that it would be refused."""
    address = "https://a.example/feed"
    assert house("account", "add", "feeds", address, *ACCOUNT, "--as", "ines")[0] == 0
    for step, who in (("approve", "omar"), ("notify", "ines")):
        assert house("account", step, f"feeds:{address}", "--as", who)[0] == 0
    code, out, _ = house("scan", "--plan", "--json")
    assert (code, [row["url"] for row in json.loads(out)]) == (0, [address])
    assert "switched off (crawl.enabled)" in house("scan", "--plan")[1]


def test_brackets_are_no_markup_in_a_table(house: Footprint) -> None:
    """What somebody wrote stands in a table as they wrote it."""
    assert house("identifier", "add", "p", "--kind", "patch", "--name", "Patch [red]", "--as", "ines")[0] == 0
    assert "Patch [red]" in house("identifier", "list")[1]


def test_each_step_of_a_registration_names_the_next(house: Footprint) -> None:
    """Who approves an account reads that its holder must be told, and by which command that is recorded."""
    assert house("account", "add", "feeds", "https://a.example/feed", *ACCOUNT, "--as", "ines")[0] == 0
    assert (
        "footprint account notify feeds:"
        in house("account", "approve", "feeds:https://a.example/feed", "--as", "omar")[1]
    )


def test_a_table_says_yes_and_no(house: Footprint) -> None:
    """Tables are for people; `--json` keeps true and false."""
    assert " yes " in house("doctor")[1]
    assert '"ok": true' in house("doctor", "--json")[1]


def test_the_bank_grows_by_a_registrar_and_from_what_was_learned(house: Footprint) -> None:
    """Without the role nobody may, and without a mark that was learned nothing was mistaken for one."""
    code, _, err = house("detector", "grow", "--as", "rosa")
    assert (code, "registrar" in err) == (4, True)
    code, _, err = house("detector", "grow", "--as", "ines")
    assert (code, "detect.learn_from" in err) == (3, True)
