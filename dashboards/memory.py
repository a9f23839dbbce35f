"""What one process remembers between requests: never the truth, always bounded, lost without harm."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")

SESSIONS = 1000
STRIPES = 16


@dataclass(slots=True)
class Reply:
    """What the next page says about the last act: that it was done, or why it was refused and what had been typed."""

    done: str = ""
    refused: str = ""
    typed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class SessionMemory:
    """
    What one session has been told and granted.

    `purpose` is what its searches are for; `shown` names the assets that logged pages of this session account for, so that each picture
    on them leaves no event of its own. `unmasked` says until when an asset may be seen unblurred, `names` which names were revealed and
    until when they stay on the page.
    """

    purpose: str = ""
    shown: set[str] = field(default_factory=set)
    unmasked: dict[str, datetime] = field(default_factory=dict)
    names: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    reply: Reply = field(default_factory=Reply)

    def take_reply(self) -> Reply:
        """What is to be said about the last act, once."""
        reply, self.reply = self.reply, Reply()
        return reply

    def name_of(self, registrant_id: str, at: datetime) -> str:
        """The revealed name, "" where it was not revealed or is to be hidden again."""
        name, until = self.names.get(registrant_id, ("", at))
        return name if at < until else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """The last check of the whole chain: `broken_at` is the sequence at which it breaks, None where it is intact."""

    at: datetime
    events: int
    broken_at: int | None


class Memories(Generic[T]):
    """The latest memories by key, made when first asked for."""

    def __init__(self, make: Callable[[], T], size: int = SESSIONS) -> None:
        self._make, self._size = make, size
        self._kept: OrderedDict[str, T] = OrderedDict()
        self._lock = Lock()

    def of(self, key: str) -> T:
        with self._lock:
            memory = self._kept.pop(key, None) or self._make()
            self._kept[key] = memory
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
            return memory


class Album:
    """Rendered pictures, the latest used, up to a number of bytes. Each is made by one thread while others wait for it."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes, self._bytes = max_bytes, 0
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = Lock()
        self._stripes = [Lock() for _ in range(STRIPES)]

    def get(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        with self._stripes[hash(key) % STRIPES]:
            with self._lock:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    return self._kept[key]
            picture = make()
            with self._lock:
                self._kept[key] = picture
                self._bytes += len(picture)
                while self._bytes > self._max_bytes and len(self._kept) > 1:
                    self._bytes -= len(self._kept.popitem(last=False)[1])
            return picture
