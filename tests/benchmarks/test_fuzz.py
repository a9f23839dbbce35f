"""Hostile files through the scan's limited processes: a short one of what `python -m benchmarks.fuzz` does with ten thousand."""

from benchmarks import fuzz, hostile


def test_every_hostile_file_is_answered() -> None:
    """Bombs and damaged files are looked at, or refused with a reason; no process is lost over one, and none takes the others with it."""
    inputs = len(hostile.BOMBS) + 60
    counts = fuzz.figures(fuzz.fates(inputs, seed=2), inputs)
    assert (counts["unanswered"], counts["without_a_reason"]) == (0, 0)
    assert counts["looked_at"] > 0
    assert counts["refused"] > 0
