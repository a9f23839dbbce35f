"""Pictures are blurred, kept by no cache, and shown to those who may see their finding."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

from footprint.audit import AuditEvent
from footprint.findings import FindingDetection
from footprint.ports import Record
from footprint.posts import MediaAsset, MediaReference, MediaUse

Events = Callable[[str], list[AuditEvent]]


@pytest.fixture
def fair(town: Any) -> str:
    """An open finding."""
    return str(town.findings["fair shoulder-patch-2019"])


@pytest.fixture
def address(town: Any, fair: str) -> str:
    """Address of its picture."""
    return f"/findings/{fair}/media/{town.assets['fair']}.jpg"


def _picture(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def _difference(a: bytes, b: bytes) -> float:
    """Mean difference of two pictures, in steps of 256."""
    return sum(ImageStat.Stat(ImageChops.difference(_picture(a), _picture(b))).mean) / 3


def test_a_picture_comes_blurred_and_is_kept_by_no_cache(
    signed_in: Callable[[str], Any], address: str, blobs: Any, town: Any
) -> None:
    """What is shown differs from the original where there is detail (G11)."""
    answer = signed_in("rosa").get(address)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "private, no-store"
    assert _difference(answer.content, blobs.get(town.assets["fair"])) > 1


def test_a_small_picture_is_small(signed_in: Callable[[str], Any], address: str) -> None:
    """Lists do not carry large pictures."""
    assert max(_picture(signed_in("rosa").get(f"{address}?size=small").content).size) == 240


def test_without_a_grant_nobody_sees_it_clear(signed_in: Callable[[str], Any], address: str) -> None:
    """Knowing the address is not enough (G11)."""
    assert signed_in("rosa").get(f"{address}?clear=1").status_code == 403


def test_a_grant_takes_a_reason_and_ends(
    signed_in: Callable[[str], Any], address: str, fair: str, town: Any, blobs: Any, clock: Any, events: Events
) -> None:
    """It is for that picture and that session, for five minutes, with the reason in the log (G24)."""
    rosa, theo, asset = signed_in("rosa"), signed_in("theo"), town.assets["fair"]
    refused = rosa.follow(rosa.send(f"/findings/{fair}/unmask", asset=asset, reason="why not"))
    assert "at least 10 characters" in refused.text
    page = rosa.follow(rosa.send(f"/findings/{fair}/unmask", asset=asset, reason="to read the lettering")).text
    assert f"{address}?clear=1" in page
    assert [(e.subject, e.purpose, e.detail["asset"]) for e in events("picture.unmasked")] == [
        (fair, "to read the lettering", asset)
    ]
    assert _difference(rosa.get(f"{address}?clear=1").content, blobs.get(asset)) < 0.5
    assert theo.get(f"{address}?clear=1").status_code == 403
    clock.pass_by(timedelta(minutes=5))
    assert rosa.get(f"{address}?clear=1").status_code == 403


def test_a_picture_of_another_post_is_not_shown_or_granted(
    signed_in: Callable[[str], Any], fair: str, town: Any, events: Events
) -> None:
    """A finding opens its own post's pictures only."""
    rosa, other = signed_in("rosa"), town.assets["union"]
    assert rosa.get(f"/findings/{fair}/media/{other}.jpg").status_code == 404
    rosa.send(f"/findings/{fair}/unmask", asset=other, reason="to read the lettering")
    assert events("picture.unmasked") == []


@pytest.mark.parametrize("name", ["chief", "eva"])
def test_pictures_are_for_those_who_may_see_the_finding(
    name: str, signed_in: Callable[[str], Any], address: str
) -> None:
    """An open finding's picture is the reviewers'."""
    assert signed_in(name).get(address).status_code == 403


def test_pictures_of_what_is_with_counsel_are_nobody_s(signed_in: Callable[[str], Any], town: Any) -> None:
    """They vanish with the finding (G13)."""
    path = f"/findings/{town.findings['union shoulder-patch-2019']}/media/{town.assets['union']}.jpg"
    assert signed_in("rosa").get(path).status_code == 403


def test_a_picture_is_logged_once_a_session(signed_in: Callable[[str], Any], address: str, events: Events) -> None:
    """A list of thumbnails does not drown the log, and no picture is seen without an event (G24)."""
    rosa, theo = signed_in("rosa"), signed_in("theo")
    for person in (rosa, rosa, theo):
        person.get(address)
    assert [event.actor for event in events("picture.viewed")] == ["rosa", "theo"]


def test_the_view_of_a_finding_accounts_for_its_pictures(
    signed_in: Callable[[str], Any], address: str, fair: str, town: Any, events: Events
) -> None:
    """Its event names them, so they leave none of their own."""
    rosa = signed_in("rosa")
    rosa.get(f"/findings/{fair}")
    rosa.get(address)
    assert events("picture.viewed") == []
    assert [event.detail["assets"] for event in events("finding.viewed")] == [[town.assets["fair"]]]


def test_bytes_that_were_retired_are_said_to_be(
    signed_in: Callable[[str], Any], address: str, blobs: Any, town: Any
) -> None:
    """Not kept is another answer than not there."""
    blobs.delete(town.assets["fair"])
    assert signed_in("rosa").get(address).status_code == 410


def test_what_cannot_be_decoded_is_said_to_be(
    signed_in: Callable[[str], Any], record: Record, blobs: Any, fair: str, town: Any
) -> None:
    """Hostile bytes are an answer, not a crash."""
    (use,) = record.select(MediaUse, post_id=town.posts["fair"])
    reference = record.get(MediaReference, use.id)
    assert reference is not None
    broken = blobs.put(b"\xff\xd8\xff\xe0 not a picture")
    with record.transaction() as tx:
        tx.add(MediaAsset(sha256=broken, mime="image/jpeg", size_bytes=20, first_fetched_at=use.fetched_at))
        tx.add(replace(reference, id="broken"))
        tx.add(replace(use, id="broken", asset_sha256=broken))
    answer = signed_in("rosa").get(f"/findings/{fair}/media/{broken}.jpg")
    assert answer.status_code == 422
    assert "could not be looked at" in answer.text


@pytest.mark.parametrize("second", ["soon", "-1", "1e9", "nan"])
def test_a_place_in_a_recording_is_a_second_of_it(second: str, signed_in: Callable[[str], Any], address: str) -> None:
    """Anything else is refused in words."""
    assert signed_in("rosa").get(f"{address}?frame_s={second}").status_code == 422


def test_a_sound_is_played_by_the_span_and_logged_once(
    signed_in: Callable[[str], Any], address: str, events: Events
) -> None:
    """From the second asked for, two minutes at most; who listens is on the record."""
    rosa, sound = signed_in("rosa"), address.replace(".jpg", ".wav")
    assert [len(rosa.get(f"{sound}?from_s=2&to_s={end}").content) for end in (9, 500)] == [7, 120]
    assert rosa.get(f"{sound}?from_s=2&to_s=9").headers["content-type"] == "audio/wav"
    assert len(events("sound.played")) == 1


def test_a_sound_is_for_those_who_may_see_the_finding(signed_in: Callable[[str], Any], address: str) -> None:
    """Nobody else listens by knowing the address."""
    assert signed_in("ines").get(address.replace(".jpg", ".wav")).status_code == 403


def test_the_exemplar_lies_over_the_hit(signed_in: Callable[[str], Any], fair: str, record: Record) -> None:
    """A transparent layer of the picture's size, for detections of this finding only."""
    rosa = signed_in("rosa")
    (support,) = record.select(FindingDetection, finding_id=fair)
    layer = Image.open(io.BytesIO(rosa.get(f"/findings/{fair}/overlays/{support.detection_id}.png").content))
    assert (layer.size, layer.mode) == ((960, 640), "RGBA")
    assert rosa.get(f"/findings/{fair}/overlays/{'0' * 32}.png").status_code == 404


def test_an_exemplar_is_shown_small(signed_in: Callable[[str], Any], town: Any) -> None:
    """Registrars see what they taught."""
    path = f"/exemplars/{town.exemplars['star-badge positive']}.jpg"
    ines = signed_in("ines")
    assert _picture(ines.get(path).content).size == (300, 300)
    assert ines.get("/exemplars/none.jpg").status_code == 404
