"""The networks that an operator names by path: whether each is there, the one that was meant, and can be used."""

from dataclasses import dataclass
from pathlib import Path

from footprint.errors import NetworkUnusable
from footprint.settings import Loaded


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """A file of the operator's. `sha256` is None where it cannot be used; `says` why, or what holds of it."""

    path: Path
    sha256: str | None
    says: str

    @property
    def ok(self) -> bool:
        """Whether it can be used."""
        return self.sha256 is not None


def own_finder(loaded: Loaded) -> Own | None:
    """The network of detect.finder, loaded and tried on a black picture; None where none is named."""
    detect = loaded.settings.detect
    if not detect.finder:
        return None
    from detectors._boxes import Finder  # seconds, that other commands need not wait

    path = loaded.path(detect.finder)
    try:
        found = Finder(path, expected_sha256=detect.finder_sha256).sha256
    except NetworkUnusable as error:
        return Own(path=path, sha256=None, says=str(error))
    held = "as detect.finder_sha256 asks" if detect.finder_sha256 else "not pinned: detect.finder_sha256 would hold it"
    return Own(path=path, sha256=found, says=f"SHA-256 {found}, {held}")
