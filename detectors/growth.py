"""How the bank of negatives grows: by what marks are taken for in pictures that people say show none of ours. Kept are numbers, no pictures (see `mistakes`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from detectors import _decode, _mining, marks, mistakes
from detectors._learned import LOOK_ALIKE, Learned
from detectors.detector import Frame, Reference
from detectors.mistakes import Mistakes
from footprint.errors import BadConfiguration, UnreadableMedia


@dataclass(frozen=True, slots=True, kw_only=True)
class Grower:
    """Adds to the bank in `folder` by what was learned of marks so far."""

    learned: Learned
    folder: Path

    def knows(self) -> frozenset[str]:
        """Sources of what the bank grew by so far, as far as it still can be learned from."""
        return mistakes.sources(self.folder, seen_by=_mining.seen_by())

    def add(self, source: str, data: bytes, *, at: datetime, of: str | None = None) -> bool:
        """
        Keep what a picture shows that is most like a mark: like `of`, an identifier, or each there is. False where nothing can be kept.

        Calling twice for one source keeps the later. It is learned from when marks are next learned.
        """
        names = [m for m in self.learned.marks if (m == of if of else not m.startswith(LOOK_ALIKE))]
        try:
            rgb, _ = _decode.picture(data)
        except UnreadableMedia:
            return False
        if not names:
            return False
        seen = Mistakes(*_mining.mistaken(self.learned, Frame(rgb=rgb), names))
        mistakes.keep(self.folder, source, seen, seen_by=_mining.seen_by(), at=at)
        return True


def grower(references: Sequence[Reference], options: Mapping[str, Any]) -> Grower:
    """What grows the bank that these options name. Raises BadConfiguration where nothing was learned that could be mistaken."""
    learned = marks.build(references, options).taught.learned
    if learned is None:
        raise BadConfiguration(
            "No mark was learned by its look yet, so nothing was mistaken for one: register detect.learn_from exemplars of one first."
        )
    return Grower(learned=learned, folder=Path(options["mistakes_dir"]))
