"""The album draws each picture once and keeps it."""

from pathlib import Path

import pytest

from demo.drawing import marks
from demo.drawing.album import Copy, Film, Picture, Plan, Sound, Still, Studio, album, draw, grade
from demo.drawing.remakes import Remake
from demo.drawing.scene import Mark
from demo.drawing.shots import Composition, Difficulty, Shot
from demo.drawing.sounds import JINGLE, Take

PLAIN = Shot(seed=1, composition=Composition.PLAIN, place="jacket", width=64, height=48)
STAR = Shot(seed=2, composition=Composition.CLOSE_UP, shows=(marks.STAR,), mark_px=60, width=160, height=120)
PLANS: tuple[Plan, ...] = (
    Still(name="still", shot=STAR),
    Copy(name="copy", of=STAR, how=Remake(quality=50)),
    Film(name="film", form="mp4", shots=(PLAIN, PLAIN), seconds_each=0.2),
    Studio(name="studio", mark=marks.SEAL, view="front", seed=1),
)


def mark(side_px: float, hidden: float) -> Mark:
    """A square mark of that size."""
    return Mark(what="x", quad=((0, 0), (side_px, 0), (side_px, side_px), (0, side_px)), hidden=hidden)


def test_what_was_drawn_is_kept(tmp_path: Path) -> None:
    """A second album of the same folder has the same pictures, and draws none of them."""
    told: list[tuple[int, int]] = []
    first = album(PLANS, tmp_path, progress=lambda done, total: told.append((done, total)))
    told.clear()
    second = album(PLANS, tmp_path, progress=lambda done, total: told.append((done, total)))
    assert second == first
    assert told == [(4, 4)]


def test_a_picture_that_was_cut_off_is_drawn_again(tmp_path: Path) -> None:
    """Bytes without their description count for nothing."""
    (first,) = album(PLANS[:1], tmp_path, progress=lambda done, total: None).values()
    (description,) = tmp_path.glob("pictures-*/*.json")
    description.unlink()
    description.with_suffix("").write_bytes(first.data[:10])
    assert album(PLANS[:1], tmp_path, progress=lambda done, total: None) == {"still": first}


def test_a_name_alone_is_no_picture(tmp_path: Path) -> None:
    """Another description under the same name is another picture, as another seed's city needs it."""
    plans = [Still(name="still", shot=shot) for shot in (STAR, PLAIN)]
    one, other = (album([plan], tmp_path, progress=lambda done, total: None)["still"] for plan in plans)
    assert one.data != other.data


def test_pictures_of_older_code_go(tmp_path: Path) -> None:
    """What another version of the code drew is not kept."""
    (tmp_path / "pictures-0123456789ab").mkdir()
    album(PLANS[:1], tmp_path, progress=lambda done, total: None)
    assert not (tmp_path / "pictures-0123456789ab").exists()


def test_formats_are_what_they_are_called() -> None:
    """Photographs are JPEGs, films are MP4."""
    drawn: list[Picture] = [draw(plan) for plan in (PLANS[1], PLANS[2])]
    assert [picture.mime for picture in drawn] == ["image/jpeg", "video/mp4"]
    assert drawn[0].data.startswith(b"\xff\xd8\xff")
    assert drawn[1].data[4:8] == b"ftyp"


def test_a_film_says_when_a_mark_is_seen() -> None:
    """What is in the second scene is seen in the second scene's seconds."""
    drawn = draw(Film(name="film", form="gif", shots=(PLAIN, STAR_SMALL), seconds_each=1.5))
    assert [(visible.what, visible.span_s) for visible in drawn.visible] == [(marks.STAR, (1.5, 3.0))]


def test_a_film_says_when_the_jingle_is_heard() -> None:
    """What its sound track plays is told like what it shows; other music is not."""
    film = Film(name="film", form="mp4", shots=(PLAIN, PLAIN), seconds_each=1.0, sound=Take(melody=JINGLE, seconds=2))
    assert [(visible.what, visible.span_s) for visible in draw(film).visible] == [(JINGLE, (0.0, 2.0))]
    assert draw(Sound(name="other", take=Take(melody="ferry", seconds=2))).visible == ()


STAR_SMALL = Shot(seed=2, composition=Composition.CLOSE_UP, shows=(marks.STAR,), mark_px=30, width=64, height=48)


@pytest.mark.parametrize(
    ("side_px", "hidden", "drawn_as", "difficulty"),
    [
        (100, 0.0, Difficulty.CLEAR, Difficulty.CLEAR),
        (100, 0.0, Difficulty.HARD, Difficulty.HARD),
        (47, 0.0, Difficulty.CLEAR, Difficulty.HARD),
        (100, 0.4, Difficulty.CLEAR, Difficulty.HARD),
        (23, 0.0, Difficulty.CLEAR, Difficulty.BEYOND),
        (100, 0.8, Difficulty.HARD, Difficulty.BEYOND),
    ],
)
def test_difficulty_is_graded(side_px: float, hidden: float, drawn_as: Difficulty, difficulty: Difficulty) -> None:
    """Small and hidden marks are hard; very small and far hidden ones are beyond what can be asked for."""
    assert grade(mark(side_px, hidden), drawn_as) is difficulty
