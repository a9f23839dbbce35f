"""The truth says of every post what is visible, what is reached, and what is permitted."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.cast import NAME, RECRUITING, UNIFORM
from demo.drawing import marks
from demo.drawing.shots import Difficulty
from demo.drawing.sounds import JINGLE
from demo.simulators import town
from demo.simulators.server import Stage
from demo.truth import Row, Truth, truth


@pytest.fixture(scope="module")
def known(stage: Stage) -> Truth:
    """The truth of the city."""
    return truth(stage)


def of(known: Truth, account: str) -> Iterator[Row]:
    """The rows of an account."""
    return (row for row in known.rows if row.key.startswith(f"{account}-"))


def test_every_row_is_a_post_and_an_identifier(known: Truth, stage: Stage) -> None:
    """Rows name posts as the record does, identifiers as they are registered, each pair once."""
    posts = {town.record_id(stage, post) for post in stage.city.posts}
    things = {thing.id for thing in stage.city.things}
    pairs = [(row.post, row.identifier) for row in known.rows]
    assert {post for post, _ in pairs} <= posts
    assert {identifier for _, identifier in pairs} == things
    assert len(set(pairs)) == len(pairs)


def test_look_alikes_are_in_no_row(known: Truth, stage: Stage) -> None:
    """A post that shows only what looks like the Department's has no row, and is a trap."""
    alike = {post.key for post in stage.city.posts if post.trap == "look_alike"}
    assert alike
    assert alike.isdisjoint(row.key for row in known.rows)
    assert alike <= {trap.key for trap in known.traps}


def test_what_a_row_says_is_drawn(known: Truth, stage: Stage) -> None:
    """Each row's identifier is shown by a picture of its post; a photograph's by the photograph or a copy of it."""
    posts = {post.key: post for post in stage.city.posts}
    for row in known.rows:
        post = posts[row.key]
        names = [*post.pictures, *(name for edit in post.edits for name in edit.pictures)]
        shown = {visible.what for name in names if name in stage.pictures for visible in stage.pictures[name].visible}
        copied = {stage.city.of_photograph.get(name) for name in names}
        assert row.identifier in shown | copied | {UNIFORM, NAME}


@pytest.mark.parametrize(
    ("account", "reason"),
    [
        ("victor", "has left the Department"),
        ("dora", "nobody has approved the registration"),
        ("silvia", "robots.txt answers 503"),
        ("grace", "published before the policy notice was acknowledged"),
    ],
)
def test_what_nobody_reaches_says_why(known: Truth, account: str, reason: str) -> None:
    """All rows of an account that cannot, must not or need not be read name the reason."""
    assert {row.unreached for row in of(known, account)} <= {reason, "published before the policy was in force"}


def test_times_decide_who_is_reached(known: Truth, stage: Stage) -> None:
    """Before his notice Daniel's posts are not reached, afterwards they are."""
    days = {post.key: post.day for post in stage.city.posts_of("daniel") if not post.trap}
    notice = next(p.notice_day for p in stage.city.people if p.id == stage.city.holding("daniel").person)
    assert notice is not None
    rows = [row for row in of(known, "daniel") if row.key in days and row.unreached != "deleted before anybody looked"]
    assert {row.key for row in rows if row.unreached == ""} == {row.key for row in rows if days[row.key] >= notice}


def test_posts_of_others_are_not_the_holders(known: Truth, stage: Stage) -> None:
    """What was passed on, published by another, or not for everybody is visible, but not reached."""
    others = {p.key for p in stage.city.posts if p.trap in ("passed_on", "by_another", "not_public")}
    rows = [row for row in known.rows if row.key in others]
    assert rows
    assert all(row.unreached for row in rows)


def test_a_deleted_post_that_was_seen_counts(known: Truth, stage: Stage) -> None:
    """A post deleted between the scans was there at the first; one deleted before never was."""
    deleted = {p.key: p.deleted_day for p in stage.city.posts if p.deleted_day is not None}
    rows = {row.key: row.unreached for row in known.rows if row.key in deleted}
    assert {key: reason == "deleted before anybody looked" for key, reason in rows.items()} == {
        key: deleted[key] <= 83.0 for key in rows
    }


@pytest.mark.parametrize(
    ("account", "day", "mark", "paper"),
    [
        ("ingrid", 33.5, marks.PATCH_2019, "P-2026-011"),
        ("ingrid", 71.5, marks.CAR, None),
        ("marcus", 18.5, marks.STAR, "P-2026-014"),
        ("marcus", 58.5, marks.STAR, None),
        ("mai", 8.5, marks.SEAL, "P-2025-032"),
        ("mai", 29.5, marks.SEAL, None),
        ("tomas", 72.5, marks.SEAL, "P-2026-019"),
        ("lena", 79.5, marks.SEAL, None),
        ("carl", 52.5, RECRUITING, "P-2026-021"),
        ("mai", 4.5, RECRUITING, None),
    ],
)
def test_permissions_cover_their_time(
    known: Truth, stage: Stage, account: str, day: float, mark: str, paper: str | None
) -> None:
    """In force, ended, revoked, for a memorial week: a post is covered by the time at which it was published."""
    post = next(p for p in stage.city.posts_of(account) if p.day == day)
    (row,) = (row for row in known.rows if row.key == post.key and row.identifier == mark)
    assert (row.covered_by, row.unreached) == (paper, "")


def test_an_official_account_has_a_standing_permission(known: Truth) -> None:
    """What the information office shows is covered, whichever identifier."""
    rows = [row for row in of(known, "pio") if row.identifier != UNIFORM]
    assert rows
    assert {row.covered_by for row in rows} == {"P-2024-001"}


def test_only_the_approved_bytes_may_be_shared(known: Truth, stage: Stage) -> None:
    """The recruiting photograph is covered for everybody; somebody's copy of it is other bytes, and is not."""
    copies = {name for name, of in stage.city.of_photograph.items() if of == RECRUITING} - {RECRUITING}
    keys = {post.key for post in stage.city.posts if copies.intersection(post.pictures)}
    rows = [row for row in known.rows if row.key in keys and row.identifier == RECRUITING]
    assert rows
    assert "P-2026-021" not in {row.covered_by for row in rows}


def test_uniforms_have_no_exemplar(known: Truth) -> None:
    """Uniforms are visible, and no detector was taught them."""
    assert {row.is_taught for row in known.rows if row.identifier == UNIFORM} == {False}
    assert {row.is_taught for row in known.rows if row.identifier != UNIFORM} == {True}


def test_the_jingle_is_expected_where_it_is_played(known: Truth, stage: Stage) -> None:
    """In sounds and in a film, whole or in part; permitted to the unit whose it is; other music is a trap."""
    rows = [row for row in known.rows if row.identifier == JINGLE]
    played = {post.key: post for post in stage.city.posts if set(post.pictures) & {JINGLE, "film-played"}}
    assert played.keys() <= {row.key for row in rows}
    assert {row.covered_by for row in rows if row.key.startswith("recruiting")} == {"P-2024-002"}
    assert {row.difficulty for row in rows} == {Difficulty.CLEAR, Difficulty.HARD}
    others = {post.key for post in stage.city.posts if any(name.startswith("sound-other") for name in post.pictures)}
    assert others <= {trap.key for trap in known.traps}


def test_the_name_is_where_marks_are_and_legible_where_they_are_large(known: Truth) -> None:
    """The city's name stands on every mark, so that a mark's post has a row for it; letters of less than 12 px are not asked for."""
    named = {row.post: row for row in known.rows if row.identifier == NAME}
    marked = {row.post for row in known.rows if row.identifier in marks.OURS}
    assert named.keys() == marked
    assert all((row.side_px < 12.0) <= (row.difficulty is Difficulty.BEYOND) for row in named.values())


def test_the_file_holds_everything(known: Truth, tmp_path: Path) -> None:
    """The truth file is JSON with all rows and traps."""
    known.write(tmp_path / "truth.json")
    read = json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))
    assert (len(read["rows"]), len(read["traps"])) == (len(known.rows), len(known.traps))
    assert read["rows"][0]["difficulty"] == Difficulty.CLEAR.value
