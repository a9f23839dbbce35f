"""
How many pictures a second go through all detectors, and how many that were seen before.

    python -m benchmarks.scan --data FOLDER [--pictures 60] [--exemplars 50] [--processes 2] [--json]

A record and blobs in a temporary folder, detecting processes with their limits, `pipelines.scan` as a run calls it. Exemplars are half of them
photographs of the folder and half cut out of others, as patches, PATCH_VIEWS of each, so that their looks are learned; each patch has its wording, so that
pictures are read; the pictures to look at are further ones. `new_per_s` leaves out the
time in which processes start and build their detectors, told apart as `start_s`; `known_per_s` is for the same pictures in new posts:
bytes kept, use recorded, scan planned. `peak_mb` is the largest detecting process as often as there are processes, and the one that leads them.
"""

import argparse
import io
import os
import resource
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from benchmarks.setting import pictures_in, reference_of, show
from detectors.detector import Reference
from footprint import plugins
from footprint.accounts import Account, AccountRole, Basis, Registrant
from footprint.blobs.open import open_blobs
from footprint.coverage import Run
from footprint.digests import sha256
from footprint.findings import ScanOutcome
from footprint.identifiers import Kind
from footprint.ports import Blobs, Record
from footprint.posts import MediaAsset, MediaKind, MediaReference, MediaUse, Post, PostKind, PostVersion
from footprint.settings import Detect
from footprint.store.record import migrate, open_record
from footprint.wording import MIME, encoded
from pipelines.scan import Bank, Limits, scan_assets

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PATCH_VIEWS = 8
ACCOUNT = "mastodon:a@social.example"


def references_of(files: Sequence[Path]) -> tuple[Reference, ...]:
    """The first half as photographs; of as many of the others as that takes, PATCH_VIEWS of their middles each, as patches with wording."""
    half = len(files) // 2
    photographs = [reference_of(p.read_bytes(), identifier=p.name, kind=Kind.PHOTOGRAPH) for p in files[:half]]
    views = [(files[half + view // PATCH_VIEWS], view % PATCH_VIEWS) for view in range(len(files) - half)]
    patches = [reference_of(_middle(p, shift_px=view), identifier=p.name, kind=Kind.PATCH) for p, view in views]
    wording = [
        reference_of(encoded(f"Town of {p.stem}"), identifier=p.name, kind=Kind.PATCH, mime=MIME)
        for p, view in views
        if view == 0
    ]
    return (*photographs, *patches, *wording)


def _middle(file: Path, *, shift_px: int) -> bytes:
    with Image.open(file) as picture:
        width, height = picture.size
        left, top = width // 3 + shift_px, height // 3 + shift_px
        out = io.BytesIO()
        picture.convert("RGB").crop((left, top, left + width // 3, top + height // 3)).save(out, "PNG")
    return out.getvalue()


class Desk:
    """A record and blobs with one account, whose posts show pictures."""

    def __init__(self, folder: Path) -> None:
        url = f"sqlite:///{folder / 'record.db'}"
        migrate(url)
        self.record: Record = open_record(url)
        self.blobs: Blobs = open_blobs(f"file:{folder / 'blobs'}")
        self.posts = 0
        with self.record.transaction() as tx:
            tx.add(Registrant(id="R", employed_from=NOW, registered_at=NOW))
            tx.add(
                Account(
                    id=ACCOUNT,
                    platform="mastodon",
                    native_id="a@social.example",
                    address="https://social.example/@a",
                    registrant_id="R",
                    role=AccountRole.EMPLOYEE,
                    basis=Basis.CONSENT,
                    document_sha256="0" * 64,
                    registered_by="benchmark",
                    registered_at=NOW,
                    expires_at=NOW,
                )
            )
            tx.add(Run(id="run", actor="benchmark", started_at=NOW))

    def show(self, data: bytes) -> None:
        """Record one more post that shows a picture, as a fetch of it would."""
        self.posts += 1
        post, url = f"p{self.posts}", f"https://social.example/{self.posts}.jpg"
        kept = self.blobs.put(data)
        with self.record.transaction() as tx:
            tx.add(Post(id=post, account_id=ACCOUNT, kind=PostKind.POST, created_at=NOW, first_seen_at=NOW))
            tx.add(
                PostVersion(
                    id=f"v{post}",
                    post_id=post,
                    content_hash=sha256(post.encode()),
                    observed_at=NOW,
                    edited_at=None,
                    visibility="public",
                    body_sha256=sha256(post.encode()),
                    capture_sha256=None,
                )
            )
            if self.record.get(MediaAsset, kept) is None:
                tx.add(MediaAsset(sha256=kept, mime="image/jpeg", size_bytes=len(data), first_fetched_at=NOW))
            tx.add(
                MediaReference(
                    id=f"m{post}",
                    post_id=post,
                    version_id=f"v{post}",
                    key="1",
                    url=url,
                    kind=MediaKind.IMAGE,
                    seen_at=NOW,
                )
            )
            tx.add(MediaUse(id=f"m{post}", post_id=post, asset_sha256=kept, url=url, fetched_at=NOW))

    def scan(self, bank: Bank, versions: Mapping[str, str], limits: Limits) -> tuple[int, list[float]]:
        """Let all detectors look at what is new. Returns how many looks failed, and when each picture was done."""
        done: list[float] = []
        outcomes = scan_assets(
            self.record,
            self.blobs,
            bank,
            versions=versions,
            run_id="run",
            limits=limits,
            clock=lambda: NOW,
            progress=lambda _stage, _done, _total: done.append(time.perf_counter()),
        )
        return outcomes[ScanOutcome.FAILED], done


def measure(data: Path, *, pictures: int, exemplars: int, processes: int) -> tuple[dict[str, object], list[str]]:
    """Scan new pictures, then the same ones again in new posts. Returns the figures and a table of them."""
    files = pictures_in(data)
    shown = [p.read_bytes() for p in files[exemplars : exemplars + pictures]]
    names = plugins.names("detectors", offers="build")
    detect = Detect()
    limits = Limits(
        processes=processes, timeout_s=detect.timeout_s, memory_mb=detect.memory_mb, max_pixels=detect.max_pixels
    )
    with tempfile.TemporaryDirectory() as folder:
        bank = Bank(names=names, references=references_of(files[:exemplars]), options={"cache_dir": folder})
        versions = bank.versions()
        desk = Desk(Path(folder))
        for picture in shown:
            desk.show(picture)
        start = time.perf_counter()
        failed, done = desk.scan(bank, versions, limits)
        first, last = done[processes], done[-1]  # by then every process is at work
        new_per_s = (len(shown) - processes - 1) / (last - first)
        known_start = time.perf_counter()
        for picture in shown:
            desk.show(picture)
        left = list(desk.record.unscanned(versions))
        known_per_s = len(shown) / (time.perf_counter() - known_start)
        desk.record.close()
    peak_mb = (
        processes * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        + resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ) // 1024
    figures = {
        "new_per_s": round(new_per_s, 2),
        "known_per_s": round(known_per_s, 1),
        "peak_mb": peak_mb,
        "start_s": round(first - start, 1),
        "failed": failed,
        "left": len(left),
        "detectors": list(names),
        "load": round(os.getloadavg()[0], 1),
    }
    lines = [f"{len(shown)} pictures, {exemplars} exemplars, {processes} processes, load average {figures['load']}"]
    lines += [f"detectors: {', '.join(names)}"]
    lines += [f"new {new_per_s:.2f} a second, known {known_per_s:.0f} a second, {len(left)} of them looked at again"]
    lines += [f"first pictures after {first - start:.1f} s; peak {peak_mb} MiB; {failed} looks failed"]
    return figures, lines


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scan", description=__doc__.splitlines()[1])
    parser.add_argument("--data", type=Path, required=True, help="folder of photographs")
    parser.add_argument("--pictures", type=int, default=60)
    parser.add_argument("--exemplars", type=int, default=50)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    figures, lines = measure(given.data, pictures=given.pictures, exemplars=given.exemplars, processes=given.processes)
    show(figures, as_json=given.json, lines=lines)


if __name__ == "__main__":
    main()
