"""Known recordings are heard again after what people do to them, and others are not taken for them."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.making import SECONDS, noisy, recorded, tune
from detectors import _spectrogram, audio, copies, worker
from detectors._decode import decode, listen
from detectors._landmarks import RATE_HZ
from detectors.detector import Reference
from footprint.documents import FOUND_FROM
from footprint.errors import UnreadableMedia, UnsupportedMedia
from footprint.findings import Detection, ScanOutcome
from footprint.identifiers import Kind, Polarity

Samples = NDArray[np.float32]
Make = Callable[..., Reference]


@pytest.fixture(scope="module")
def anthem() -> Samples:
    return tune(1)


@pytest.fixture(scope="module")
def reference(anthem: Samples, reference_of: Make) -> Reference:
    return reference_of(recorded(anthem), identifier="anthem", kind=Kind.AUDIO, mime="audio/wav")


@pytest.fixture(scope="module")
def find(reference: Reference) -> Callable[[bytes], tuple[Detection, ...]]:
    detector = audio.build([reference], {})
    return lambda data: detector.detect(listen(data))


ATTACKS: dict[str, Callable[[Samples], bytes]] = {
    "as it is": recorded,
    "poor MP3": lambda s: recorded(s, "mp3", "libmp3lame", 24_000),
    "AAC in MP4": lambda s: recorded(s, "mp4", "aac", 32_000),
    "Opus in Ogg": lambda s: recorded(s, "ogg", "libopus", 16_000),
    "quiet": lambda s: recorded(s * np.float32(0.05)),
    "noise": lambda s: recorded(noisy(s, 0.5)),
    "begun later, between two samples of a landmark": lambda s: recorded(np.pad(s, (3 * RATE_HZ + 131, 0))),
    "a part": lambda s: recorded(s[3 * RATE_HZ + 77 : 9 * RATE_HZ]),
    "over other music": lambda s: recorded(np.asarray(s + 0.4 * tune(4), np.float32) * np.float32(0.6)),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_known_recording_is_heard_again(attack: str, anthem: Samples, find: Any) -> None:
    """What people do to recordings leaves one sure claim."""
    (claim,) = find(ATTACKS[attack](anthem))
    assert claim.identifier_id == "anthem"
    assert claim.probability >= FOUND_FROM


def test_claims_say_when_and_from_where(anthem: Samples, find: Any) -> None:
    """Five seconds of a recording, put into another sound at second ten, are found there, from where they were taken."""
    around = tune(2, 24)
    around[10 * RATE_HZ : 15 * RATE_HZ] = anthem[4 * RATE_HZ : 9 * RATE_HZ]
    (claim,) = find(recorded(around))
    assert claim.region.span_s == pytest.approx((10, 15), abs=1.2)
    assert claim.evidence["starts_s"] == pytest.approx(4, abs=1.2)


def test_claims_lie_on_the_picture_of_the_sound(anthem: Samples, find: Any) -> None:
    """The box holds the span, and the peaks that agree lie on ink: where the spectrogram is darkest around."""
    around = tune(2, 24)
    around[10 * RATE_HZ : 15 * RATE_HZ] = anthem[4 * RATE_HZ : 9 * RATE_HZ]
    (claim,) = find(recorded(around))
    first, last = (_spectrogram.column(second, (0, 24)) for second in claim.region.span_s)
    assert sorted({x for x, _ in claim.region.quad}) == pytest.approx([first, last], abs=0.1)
    ink = 255 - _spectrogram.drawn(around, (0, 24)).mean(axis=2)
    points = [(round(x), round(y)) for _, _, x, y in claim.evidence["points"]]
    assert all(first <= x <= last for x, _ in points)
    assert np.mean([ink[y, x] for x, y in points]) > 1.5 * ink[:, round(first) : round(last)].mean()


@pytest.mark.parametrize(
    ("span_s", "length_s", "stretch_s"),
    [((5, 9), 40, (0, 40)), ((100, 104), 600, (87, 117)), ((2, 6), 600, (0, 30)), ((300, 400), 405, (205, 405))],
    ids=["all of a short one", "around the claim", "at the beginning", "twice as long, at the end"],
)
def test_a_claim_is_drawn_where_it_can_be_seen(
    span_s: tuple[float, float], length_s: float, stretch_s: tuple[float, float]
) -> None:
    """Five seconds of an hour are not two pixels wide."""
    assert _spectrogram.shown_s(span_s, length_s) == stretch_s


def test_a_recording_without_pictures_is_a_sound_whatever_holds_it(anthem: Samples) -> None:
    """MP4 and Ogg may hold films: what is in them tells."""
    assert listen(recorded(anthem, "mp4", "aac")).mime == "audio/mp4"


def test_a_film_of_what_is_heard_is_no_picture(anthem: Samples, reference_of: Make) -> None:
    """An exemplar of the kind audio does not make its container's pictures, or their absence, trouble for detectors of pictures."""
    data = recorded(anthem, "mp4", "aac")
    reference = reference_of(data, identifier="anthem", kind=Kind.AUDIO, mime="video/mp4")
    assert copies.build([reference], {}).gallery.wholes == ()


def test_a_recording_heard_twice_is_two_spans(anthem: Samples, find: Any) -> None:
    """Each time is a claim of its own."""
    part = anthem[: 5 * RATE_HZ]
    claims = find(recorded(np.concatenate([part, tune(3, 8), part])))
    assert [round(start) for start, _ in sorted(c.region.span_s for c in claims)] == [0, 13]


@pytest.mark.parametrize("seed", range(20, 28))
def test_other_music_is_not_taken_for_it(seed: int, find: Any) -> None:
    """Sounds of the same make share no span."""
    assert find(recorded(tune(seed))) == ()


def test_a_steady_tone_is_not_taken_for_a_recording(find: Any) -> None:
    """A siren's or a test tone's landmarks are all alike, and tell nothing."""
    t = np.arange(20 * RATE_HZ) / RATE_HZ
    assert find(recorded(np.asarray(0.4 * np.sin(2 * np.pi * 440 * t), np.float32))) == ()


def test_a_look_alike_that_agrees_better_keeps_a_claim_away(anthem: Samples, reference_of: Make) -> None:
    """A song that is also heard in the exemplar is named as such, and copies of the song are no claims."""
    song = tune(5)
    ours = np.concatenate([anthem[: 6 * RATE_HZ], noisy(song, 0.3)[: 6 * RATE_HZ]])
    bank = [
        reference_of(recorded(ours), identifier="anthem", kind=Kind.AUDIO, mime="audio/wav"),
        reference_of(
            recorded(song), identifier="anthem", kind=Kind.AUDIO, mime="audio/wav", polarity=Polarity.LOOK_ALIKE
        ),
    ]
    assert audio.build(bank[:1], {}).detect(listen(recorded(song)))
    assert audio.build(bank, {}).detect(listen(recorded(song))) == ()


def test_a_look_alike_that_is_heard_less_is_named(anthem: Samples, reference_of: Make) -> None:
    """Where much of a look-alike is heard in the same place, the claim says with how many landmarks; one that only begins there is no rival."""
    song = recorded(np.concatenate([anthem[: 8 * RATE_HZ], tune(5, 6)]))
    bank = [
        reference_of(recorded(anthem), identifier="anthem", kind=Kind.AUDIO, mime="audio/wav"),
        reference_of(song, identifier="anthem", kind=Kind.AUDIO, mime="audio/wav", polarity=Polarity.LOOK_ALIKE),
    ]
    detector = audio.build(bank, {})
    (claim,) = detector.detect(listen(recorded(anthem)))
    assert claim.evidence["look_alike"]["exemplar_id"] == bank[1].exemplar.id
    assert 0 < claim.evidence["look_alike"]["landmarks"] < claim.measure
    short = reference_of(
        recorded(anthem[: 4 * RATE_HZ]),
        identifier="anthem",
        kind=Kind.AUDIO,
        mime="audio/wav",
        polarity=Polarity.LOOK_ALIKE,
    )
    (claim,) = audio.build([bank[0], short], {}).detect(listen(recorded(anthem)))
    assert claim.evidence["look_alike"] is None


def test_claims_are_plain_numbers_and_the_same_again(anthem: Samples, reference: Reference, find: Any) -> None:
    """Evidence is JSON, and another building gives the same."""
    data = recorded(anthem)
    claims = find(data)
    json.dumps([c.evidence for c in claims], allow_nan=False)
    assert audio.build([reference], {}).detect(listen(data)) == claims


def test_a_worker_lets_each_detector_have_what_it_needs(anthem: Samples, reference: Reference) -> None:
    """Of a recording, the detector of sounds finds it; a detector of pictures says that it could not look."""
    looks = worker.look(
        recorded(anthem), [copies.build([reference], {}), audio.build([reference], {})], max_pixels=10_000
    )
    assert {look.detector: look.outcome for look in looks} == {
        "copies": ScanOutcome.UNSUPPORTED,
        "audio": ScanOutcome.FOUND,
    }


@pytest.mark.parametrize(
    ("samples", "words"),
    [(np.zeros(8 * RATE_HZ, np.float32), "silent"), (tune(1, 2), "short"), (tune(1), "good")],
    ids=["silent", "short", "good"],
)
def test_recordings_are_judged_when_registered(samples: Samples, words: str, reference_of: Make) -> None:
    """What will find nothing, or little, is told at once."""
    (told,) = audio.assess([reference_of(recorded(samples), kind=Kind.AUDIO, mime="audio/wav")])
    assert words in told.sentence


def test_a_recording_is_no_picture(anthem: Samples) -> None:
    """Decoding it for detectors of pictures says what it is."""
    with pytest.raises(UnsupportedMedia, match="sound without a picture"):
        decode(recorded(anthem))


@pytest.mark.parametrize("data", [b"ID3", b"RIFF\x10\0\0\0WAVEfmt ", b"fLaC" + bytes(400), b"", b"OggS\0"])
def test_a_damaged_recording_is_unreadable(data: bytes) -> None:
    """Hostile bytes are refused in words."""
    with pytest.raises(UnreadableMedia):
        listen(data)


def test_long_sounds_are_heard_to_their_end(anthem: Samples, find: Any) -> None:
    """What lies beyond the first stretch of two minutes, and across its end, is found at its own time."""
    start_s = 126
    long = np.zeros((start_s + SECONDS + 2) * RATE_HZ, np.float32)
    long[start_s * RATE_HZ : (start_s + SECONDS) * RATE_HZ] = anthem
    (claim,) = find(recorded(long))
    assert claim.region.span_s == pytest.approx((start_s, start_s + SECONDS), abs=1.2)
