"""The composition root: settings in, a working house out. Nobody else chooses an implementation."""

import stat
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from footprint import plugins, specialists, wording
from footprint.blobs.open import open_blobs
from footprint.errors import BadConfiguration
from footprint.index.open import open_index
from footprint.ports import Blobs, FindingIndex, Record
from footprint.settings import Loaded, Settings
from footprint.store.record import open_record
from footprint.suspensions import DetectorEvent, suspended
from pipelines.scan import Bank, Limits, Progress, bank

SPIDERS = "crawlers.spiders"


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Everything that a command or a flow works with. Closed by `wired`."""

    loaded: Loaded
    record: Record
    blobs: Blobs
    index: FindingIndex

    @property
    def settings(self) -> Settings:
        """The settings."""
        return self.loaded.settings

    def bank(self) -> Bank:
        """The detectors that are not suspended and their references, as the record has them now."""
        idle = suspended(self.record.select(DetectorEvent))
        names = [name for name in self.settings.detect.detectors if name not in idle]
        detect = self.settings.detect
        options = {
            "finder": str(self.loaded.path(detect.finder)) if detect.finder else "",
            "finder_sha256": detect.finder_sha256,
            "learn_from": detect.learn_from,
            "negatives_dir": str(self.loaded.path(detect.negatives)) if detect.negatives else None,
            "cache_dir": str(self.loaded.path(self.settings.storage.work) / "learned"),
            "mistakes_dir": str(self.mistakes),
        }
        return bank(self.record, self.blobs, names=names, options=options)

    @property
    def mistakes(self) -> Path:
        """Where it is kept what was wrongly taken for marks."""
        return self.loaded.path(self.settings.storage.work) / "mistakes"

    def advice(
        self,
        identifier_id: str,
        *,
        only: Collection[str] | None = None,
        is_quick: bool = False,
        progress: Progress = lambda *_: None,
    ) -> tuple[str, ...]:
        """
        How good an identifier's exemplars are, those in `only` one by one (None: each), and all together, in sentences.

        `is_quick` looks at half of the bank's photographs, for who waits for a page.
        """
        # seconds, that other commands need not wait
        from detectors import audio, lettering, marks, stamps, uniforms, vehicles

        bank = self.bank()
        references = bank.references
        own = [r for r in references if r.identifier.id == identifier_id]
        asked = [r for r in own if only is None or r.exemplar.id in only]
        each = (*marks.assess(own, only, progress), *lettering.assess(asked), *audio.assess(asked))
        together = marks.expect(references, identifier_id, bank.options, every=2 if is_quick else 1, tell=progress)
        sentences = [*(assessed.sentence for assessed in each), *((together.sentence,) if together else ())]
        if any(r.exemplar.mime != wording.MIME for r in own):
            lacks = specialists.off(own[0].identifier.kind, self.settings.detect.detectors)
            lacks = (
                lacks or vehicles.lacks(own, references, bank.options) or uniforms.lacks(own, references, bank.options)
            )
            sentences += [said for said in (lacks, stamps.advice(own)) if said]
        if marks.NAME in bank.names and marks.is_due(references, bank.options, identifier_id):
            sentences.append("What it looks like is learned when the next scan begins.")
        return tuple(sentences)

    def limits(self) -> Limits:
        """What a detecting process may take."""
        detect = self.settings.detect
        return Limits(
            processes=detect.processes,
            timeout_s=detect.timeout_s,
            memory_mb=detect.memory_mb,
            max_pixels=detect.max_pixels,
        )


class SpiderPlatforms:
    """The platforms that there are spiders for."""

    def names(self) -> tuple[str, ...]:
        """Their names, in order."""
        return plugins.names(SPIDERS, offers="MANIFEST")

    def native_id(self, platform: str, address: str) -> str:
        """How the platform tells an account apart. Raises BadInput with the mend."""
        native_id: str = plugins.load(SPIDERS, platform, what="platform", offers="MANIFEST").native_id(address)
        return native_id


def now() -> datetime:
    """The clock: aware UTC."""
    return datetime.now(UTC)


@contextmanager
def wired(loaded: Loaded) -> Iterator[House]:
    """
    Open record, blobs and index as the settings say; close them at the end.

    Raises BadConfiguration or RecordUnavailable that names the mend.
    """
    record = open_record(record_url(loaded))
    try:
        index = index_of(loaded)
        try:
            yield House(loaded=loaded, record=record, blobs=open_blobs(blobs_url(loaded)), index=index)
        finally:
            index.close()
    finally:
        record.close()


def record_url(loaded: Loaded) -> str:
    """URL of the record, with an absolute path."""
    url = loaded.settings.storage.record
    scheme, found, path = url.partition(":///")
    return f"{scheme}:///{loaded.path(path)}" if found and scheme.startswith("sqlite") else url


def blobs_url(loaded: Loaded) -> str:
    """URL of the blobs, with an absolute path."""
    return _absolute(loaded, loaded.settings.storage.blobs, "file")


def index_of(loaded: Loaded) -> FindingIndex:
    """Open the index that the settings name."""
    storage = loaded.settings.storage
    return open_index(
        _absolute(loaded, storage.index, "embedded"),
        api_key=secret(loaded.path(storage.index_api_key_file)) if storage.index_api_key_file else None,
        ca_file=str(loaded.path(storage.index_ca_file)) if storage.index_ca_file else None,
    )


def secret(file: Path) -> str:
    """Read a secret. Raises BadConfiguration where the file is missing or others may read it."""
    try:
        mode = file.stat().st_mode
        content = file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadConfiguration(f"The secret {file} cannot be read: {error.strerror}.") from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise BadConfiguration(f"Others may read the secret {file}. Mend: chmod 600 {file}")
    return content


def _absolute(loaded: Loaded, url: str, scheme: str) -> str:
    found, _, path = url.partition(":")
    return f"{scheme}:{loaded.path(path)}" if found == scheme else url
