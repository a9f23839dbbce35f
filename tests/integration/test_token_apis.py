"""The platforms that answer to the operator's token alone, from the account to the tombstone, against APIs on loopback that speak as theirs do."""

import gzip
import json
import os
import subprocess
import sys
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from footprint.blobs.open import open_blobs
from footprint.coverage import CoverageEntry, Outcome
from footprint.posts import Post, PostVersion, observed_post
from footprint.store.record import open_record

ROOT = Path(__file__).parents[2]
COUNTS = {
    "x": 5, "facebook": 5, "instagram": 5, "threads": 5, "linkedin": 104, "youtube": 5, "reddit": 5, "tiktok": 5, "tumblr": 24, "flickr": 5,
}  # fmt: skip
"""How many posts each account shows; by its API's size of a page all of them take more than one."""

RENEWED = {"reddit", "tiktok"}
SECRETS = ("token-of-the-operator", "secret-of-the-app", "-of-reddit", "-of-tiktok", "refresh-", "appsecret_proof=0")


@dataclass(frozen=True)
class Scanned:
    """What two scans of all accounts came to: what each API was asked, and all that was kept."""

    scans: list[dict[str, Any]]
    posts: list[Post]
    versions: list[PostVersion]
    texts: dict[str, str]
    coverage: list[CoverageEntry]
    kept: bytes

    def platforms_of(self, versions: list[PostVersion]) -> Counter[str]:
        return Counter(version.post_id.partition(":")[0] for version in versions)


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    folder = tmp_path_factory.mktemp("apis")
    command = [sys.executable, "-m", "benchmarks.world", "token_apis", str(folder)]
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests/servers'}"}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, timeout=300)
    blobs = open_blobs(f"file:{folder / 'blobs'}")
    with closing(open_record(f"sqlite:///{folder / 'record.db'}")) as record:
        versions = list(record.select(PostVersion))
        return Scanned(
            scans=json.loads(done.stdout),
            posts=list(record.select(Post)),
            versions=versions,
            texts={v.id: observed_post(blobs.get(v.body_sha256)).text for v in versions if v.body_sha256},
            coverage=list(record.select(CoverageEntry)),
            kept=b"".join(kept_in(folder)),
        )


def kept_in(folder: Path) -> list[bytes]:
    """All that lies in a folder, captures unpacked, but for the vault, where tokens belong."""
    files = [file for file in folder.rglob("*") if file.is_file() and not file.name.startswith("tokens.db")]
    contents = [file.read_bytes() for file in files]
    return [gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content for content in contents]


def test_accounts_are_read_to_their_end(scanned: Scanned) -> None:
    """Both scans of every account end as they should."""
    ended = {(name, told["reason"], *told["errors"]) for scan in scanned.scans for name, told in scan.items()}
    assert ended == {(name, "finished") for name in COUNTS}


def test_every_post_is_seen(scanned: Scanned) -> None:
    """All pages of every list are read, whatever way of paging an API has."""
    assert Counter(post.id.partition(":")[0] for post in scanned.posts) == COUNTS


def test_an_edit_is_a_version(scanned: Scanned) -> None:
    """The second scan finds one post of each account changed, and keeps what it said before."""
    edited = [version for version in scanned.versions if scanned.texts.get(version.id, "").endswith(", edited")]
    before = {v.post_id for v in scanned.versions if scanned.texts.get(v.id) == "post 1"}
    assert scanned.platforms_of(edited) == Counter(dict.fromkeys(COUNTS, 1))
    assert {version.post_id for version in edited} == before


def test_a_deletion_is_a_tombstone(scanned: Scanned) -> None:
    """Of two posts that are listed no more the one that a direct look-up finds gone gets a tombstone."""
    tombstones = {version.post_id: version for version in scanned.versions if version.is_tombstone}
    said = {scanned.texts[v.id] for v in scanned.versions if v.post_id in tombstones and v.id in scanned.texts}
    assert scanned.platforms_of(list(tombstones.values())) == Counter(dict.fromkeys(COUNTS, 1))
    assert said == {"post 2"}


def test_a_post_that_only_the_list_lacks_stands(scanned: Scanned) -> None:
    """Each account's other missing post is looked up, too, and found."""
    outcomes = Counter((entry.outcome, entry.detail) for entry in scanned.coverage if entry.outcome != Outcome.FETCHED)
    assert outcomes[Outcome.UNCHANGED, "not listed, but still there"] == len(COUNTS)
    assert sum(count for (outcome, _), count in outcomes.items() if outcome == Outcome.GONE) == len(COUNTS)


def test_withdrawn_bearers_are_renewed_once(scanned: Scanned) -> None:
    """An API refuses nobody in the first scan, and in the second once those whose bearers were withdrawn meanwhile."""
    refused = [
        {name: n for name, told in scan.items() if (n := [status for _, status in told["asked"]].count(401))}
        for scan in scanned.scans
    ]
    assert refused == [{}, dict.fromkeys(RENEWED, 1)]


def test_no_secret_is_kept(scanned: Scanned) -> None:
    """Tokens, the app's secret and its proof lie neither in the record nor in a capture."""
    assert b"appsecret_proof=***" in scanned.kept
    assert [secret for secret in SECRETS if secret.encode() in scanned.kept] == []
