"""Sounds are made from their description alone, and are as long and as loud as it says."""

from io import BytesIO

import av
import numpy as np
import pytest

from demo.drawing.sounds import AROUND_S, JINGLE, RATE_HZ, Take, heard, melody, recorded


def test_a_melody_is_the_same_again_and_another_is_not() -> None:
    """The name is all that tells melodies of the band apart."""
    assert np.array_equal(melody(JINGLE), melody(JINGLE))
    assert not np.array_equal(melody(JINGLE), melody("ferry"))


@pytest.mark.parametrize(
    ("take", "seconds"),
    [
        (Take(melody=JINGLE, begins_s=4, seconds=6), 6),
        (Take(melody=JINGLE, seconds=6, around="ferry"), 6 + 2 * AROUND_S),
        (Take(melody=JINGLE, seconds=6, over="crowd", share=0.5), 6),
    ],
    ids=["a part", "between another", "under a crowd"],
)
def test_a_take_is_as_long_as_it_says_and_within_full_scale(take: Take, seconds: float) -> None:
    """What is put around makes it longer, what is put over does not."""
    sound = heard(take)
    assert len(sound) == seconds * RATE_HZ
    assert 0.5 < np.abs(sound).max() <= 1.0
    assert take.span_s[1] - take.span_s[0] == take.seconds


def test_a_part_is_from_its_place_in_the_melody() -> None:
    """The middle of it begins where the description says."""
    part = heard(Take(melody=JINGLE, begins_s=4, seconds=6))
    there = melody(JINGLE)[4 * RATE_HZ : 10 * RATE_HZ]
    assert np.corrcoef(part, there)[0, 1] == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("over", ["street", "crowd", "ferry"])
def test_what_lies_over_it_is_as_loud_as_it_says(over: str) -> None:
    """At a share of 1 half of the energy is the melody's, whatever lies over it."""
    covered = heard(Take(melody=JINGLE, over=over, share=1.0))
    assert np.corrcoef(covered, melody(JINGLE))[0, 1] == pytest.approx(np.sqrt(0.5), abs=0.1)


def test_a_recording_is_an_mp3_of_that_length() -> None:
    """And the same bytes again."""
    take = Take(melody=JINGLE, seconds=3)
    data = recorded(take)
    with av.open(BytesIO(data)) as container:
        assert container.format.name == "mp3"
        assert float(container.duration / av.time_base) == pytest.approx(3, abs=0.2)
    assert recorded(take) == data
