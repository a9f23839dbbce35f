"""What a process remembers is bounded, and made once."""

import threading
from datetime import datetime, timedelta

from dashboards.memory import Album, Memories, Reply, SessionMemory


def test_an_album_makes_a_picture_once() -> None:
    """What was rendered is not rendered again."""
    made: list[str] = []
    album = Album(100)
    for _ in range(3):
        album.get("a", lambda: made.append("a") or b"picture")  # type: ignore[func-returns-value]
    assert made == ["a"]


def test_an_album_forgets_the_least_used() -> None:
    """Beyond its bytes the picture goes that was not asked for the longest."""
    album = Album(10)
    album.get("a", lambda: b"aaaa")
    album.get("b", lambda: b"bbbb")
    album.get("a", lambda: b"")
    album.get("c", lambda: b"cccc")
    assert album.get("a", lambda: b"again") == b"aaaa"
    assert album.get("b", lambda: b"again") == b"again"


def test_two_who_ask_at_once_wait_for_one_picture() -> None:
    """A picture is not rendered twice because two pages want it."""
    album, entered, leave, made = Album(100), threading.Event(), threading.Event(), []

    def slow() -> bytes:
        entered.set()
        leave.wait(10)
        made.append("slow")
        return b"picture"

    first = threading.Thread(target=album.get, args=("a", slow))
    first.start()
    entered.wait(10)
    second = threading.Thread(target=album.get, args=("a", lambda: made.append("second") or b"other"))
    second.start()
    leave.set()
    first.join(10)
    second.join(10)
    assert made == ["slow"]


def test_memories_of_old_sessions_go() -> None:
    """The latest used are kept."""
    memories = Memories(SessionMemory, size=2)
    memories.of("a").purpose = "review"
    memories.of("b")
    memories.of("a")
    memories.of("c")
    assert memories.of("a").purpose == "review"
    memories.of("c").purpose = "other"
    assert memories.of("b").purpose == ""


def test_a_reply_is_said_once() -> None:
    """The page after the next says nothing of it."""
    memory = SessionMemory(reply=Reply(done="Done."))
    assert memory.take_reply().done == "Done."
    assert memory.take_reply().done == ""


def test_a_revealed_name_is_hidden_again(start: datetime) -> None:
    """A name stays on the page for a while, not for the session."""
    memory = SessionMemory(names={"R-1": ("Ada", start + timedelta(minutes=5))})
    assert memory.name_of("R-1", start) == "Ada"
    assert memory.name_of("R-1", start + timedelta(minutes=5)) == ""
