"""What the pages work with: the ports that were handed in, and what this process remembers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from zoneinfo import ZoneInfo

from jinja2 import Environment

from dashboards.auth import Doorkeeper
from dashboards.memory import Album, Memories, SessionMemory, Verified
from dashboards.throttle import Throttle
from footprint.connectors import Connector
from footprint.errors import RecordUnavailable
from footprint.ports import Blobs, FindingIndex, Pictures, Platforms, Record
from footprint.projection import drain
from footprint.settings import Settings

ALBUM_BYTES = 96 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One dashboard."""

    record: Record
    blobs: Blobs
    index: FindingIndex
    pictures: Pictures
    settings: Settings
    clock: Callable[[], datetime]
    platforms: Platforms
    templates: Environment
    advise: Callable[[str], Sequence[str]]
    connectors: Callable[[], Sequence[Connector]]
    doorkeeper: Doorkeeper = field(default_factory=Doorkeeper)
    throttle: Throttle = field(default_factory=Throttle)
    memories: Memories[SessionMemory] = field(default_factory=lambda: Memories(SessionMemory))
    album: Album = field(default_factory=lambda: Album(ALBUM_BYTES))
    verified: dict[str, Verified] = field(default_factory=dict)
    indexing: Lock = field(default_factory=Lock)
    warming: Lock = field(default_factory=Lock)

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which days are typed and times are shown."""
        return ZoneInfo(self.settings.department.time_zone)

    def catch_up(self) -> None:
        """Bring the index up to the record. Where the index is down, the outbox keeps what waits and the next call carries it."""
        with self.indexing:
            try:
                drain(self.record, self.blobs, self.index, at=self.clock())
            except RecordUnavailable:
                return
