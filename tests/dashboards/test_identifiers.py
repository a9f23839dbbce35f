"""Identifiers and their exemplars."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from footprint import wording
from footprint.acts import identifiers
from footprint.digests import sha256
from footprint.errors import BadConfiguration
from footprint.identifiers import Exemplar, ExemplarEvent, Identifier, Kind, Polarity, enabled
from footprint.ports import Blobs, Record
from footprint.users import User


def test_an_identifier_is_named_by_a_slug(signed_in: Callable[[str], Any], record: Record) -> None:
    """It can be asked for in search by it."""
    ines = signed_in("ines")
    answer = ines.send("/identifiers", name="City Seal, 2nd edition", kind="emblem")
    assert answer.headers["location"] == "/identifiers/city-seal-2nd-edition"
    identifier = record.get(Identifier, "city-seal-2nd-edition")
    assert identifier is not None
    assert (identifier.kind, identifier.created_by) == (Kind.EMBLEM, "ines")
    assert "cannot be found yet" in ines.follow(answer).text


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("Star badge", "badge", "already"),
        ("", "badge", "Name is missing"),
        ("!!!", "badge", "letters"),
        ("Hat", "hat", "Kind: choose"),
    ],
)
def test_an_identifier_that_cannot_be_is_refused(
    name: str, kind: str, words: str, signed_in: Callable[[str], Any]
) -> None:
    """With the reason, and the form open."""
    ines = signed_in("ines")
    page = ines.follow(ines.send("/identifiers", name=name, kind=kind)).text
    assert words in page
    assert 'class="card form" open' in page


def test_an_exemplar_is_added_with_its_polarity(
    signed_in: Callable[[str], Any], record: Record, drawn: Callable[..., bytes]
) -> None:
    """What it teaches is kept with it; its sort is told by its bytes, not by its name."""
    ines, data = signed_in("ines"), drawn()
    ines.send(
        "/identifiers/star-badge/exemplars",
        files={"picture": ("x.txt", data)},
        polarity="look_alike",
        label="toy badge",
    )
    (exemplar,) = record.select(Exemplar, sha256=sha256(data))
    assert (exemplar.polarity, exemplar.label, exemplar.mime) == (Polarity.LOOK_ALIKE, "toy badge", "image/png")


def test_an_upload_without_a_label_is_called_by_its_file(
    signed_in: Callable[[str], Any], record: Record, drawn: Callable[..., bytes]
) -> None:
    """As on the command line; the card shows the id that `exemplar disable` takes."""
    ines, data = signed_in("ines"), drawn()
    answer = ines.send(
        "/identifiers/star-badge/exemplars", files={"picture": ("worn badge.jpg", data)}, polarity="positive"
    )
    (exemplar,) = record.select(Exemplar, sha256=sha256(data))
    assert exemplar.label == "worn badge"
    assert f'mono">{exemplar.id}<' in ines.follow(answer).text


def test_wording_is_added_by_a_form(signed_in: Callable[[str], Any], record: Record, blobs: Blobs) -> None:
    """As the command line takes it."""
    ines = signed_in("ines")
    answer = ines.send("/identifiers/star-badge/wording", words=" Unit  ### patrol ", polarity="positive")
    (exemplar,) = record.select(Exemplar, mime=wording.MIME)
    assert (exemplar.label, blobs.get(exemplar.sha256)) == ("Unit ### patrol", b"Unit ### patrol")
    assert "The next scan reads for it" in ines.follow(answer).text


@pytest.mark.parametrize(("words", "says"), [("", "Wording is missing"), ("##", "at least 3 letters")])
def test_wording_that_identifies_nothing_is_refused(
    words: str, says: str, signed_in: Callable[[str], Any], record: Record
) -> None:
    """With the reason, and nothing is kept."""
    ines = signed_in("ines")
    page = ines.follow(ines.send("/identifiers/star-badge/wording", words=words, polarity="positive")).text
    assert says in page
    assert not record.count(Exemplar, mime=wording.MIME)


def test_wording_is_shown_as_what_it_says(signed_in: Callable[[str], Any], record: Record, blobs: Blobs) -> None:
    """An exemplar that is text is drawn, and cannot bring markup with it."""
    ines = signed_in("ines")
    user = next(u for u in record.select(User) if u.name == "ines")
    exemplar = identifiers.add_exemplar(
        record,
        blobs,
        identifier_id="star-badge",
        data=wording.encoded("Harbor <b>City"),
        mime=wording.MIME,
        polarity=Polarity.POSITIVE,
        label="name",
        actor=user,
        at=datetime(2026, 1, 2, tzinfo=UTC),
    )
    answer = ines.get(f"/exemplars/{exemplar.id}.jpg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "Harbor &lt;b&gt;City" in answer.text


def _unusable(identifier_id: str) -> tuple[str, ...]:
    raise BadConfiguration(f"An exemplar of {identifier_id} cannot be used.")


@pytest.mark.parametrize(
    ("advise", "words"),
    [
        (
            lambda key: (f"Good: 240 points of {key}.", "Expected recall: 9 of 12."),
            "Good: 240 points of star-badge. Expected",
        ),
        (_unusable, "cannot be told: An exemplar of star-badge cannot be used."),
    ],
)
def test_an_exemplar_is_judged_at_once(
    advise: Any, words: str, signed_in: Callable[..., Any], serve: Callable[..., Any], drawn: Callable[..., bytes]
) -> None:
    """The page says how good the pictures are, or why that cannot be told; the exemplar is added either way."""
    ines = signed_in("ines", serve(advise=advise))
    answer = ines.send("/identifiers/star-badge/exemplars", files={"picture": ("x.png", drawn())}, polarity="positive")
    page = ines.follow(answer).text
    assert words in page
    assert "Added." in page


@pytest.mark.parametrize("data", [b"<svg onload=alert(1)>", b"\x89PNG\r\n\x1a\n broken", b"%PDF-1.7"])
def test_what_does_not_decode_is_no_exemplar(data: bytes, signed_in: Callable[[str], Any], record: Record) -> None:
    """It is refused before anything is kept."""
    ines, before = signed_in("ines"), record.count(Exemplar)
    answer = ines.send("/identifiers/star-badge/exemplars", files={"picture": ("seal.png", data)}, polarity="positive")
    assert "cannot be used as a picture" in ines.follow(answer).text
    assert record.count(Exemplar) == before


def test_an_exemplar_is_switched_off_with_a_reason(signed_in: Callable[[str], Any], record: Record, town: Any) -> None:
    """It stays on the record, and can be switched on again."""
    key = town.exemplars["star-badge positive"]
    path = f"/identifiers/star-badge/exemplars/{key}/switch"
    ines = signed_in("ines")
    assert "Say why." in ines.follow(ines.send(path, enabled="no")).text
    page = ines.follow(ines.send(path, enabled="no", reason="too plain")).text
    assert "“too plain”" in page
    assert "is disabled already" in ines.follow(ines.send(path, enabled="no", reason="again")).text
    assert "Switch on again" in page
    exemplars = tuple(record.select(Exemplar, identifier_id="star-badge"))
    assert key not in {exemplar.id for exemplar in enabled(exemplars, record.select(ExemplarEvent))}


def test_reviewers_look_and_change_nothing(signed_in: Callable[[str], Any]) -> None:
    """Their pages have no form but the way out and search."""
    rosa = signed_in("rosa")
    for path in ("/identifiers", "/identifiers/star-badge"):
        assert rosa.get(path).text.count('method="post"') == 1


def test_an_identifier_that_is_not_there_says_so(signed_in: Callable[[str], Any]) -> None:
    """Not found is an answer."""
    assert signed_in("ines").get("/identifiers/none").status_code == 404
