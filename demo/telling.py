"""What the demo prints and writes: the summary, and the same in tables for people."""

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from demo.measure import Score
from demo.registry import Staff, account_of
from demo.simulators.hostile import HOSTILE
from demo.simulators.server import Stage
from demo.truth import Truth
from footprint.coverage import CoverageEntry
from footprint.ports import Reader

PROMISED = (
    "requests_denied_paths",
    "requests_for_refused_accounts",
    "requests_without_contact",
    "login_wall_bytes_kept",
    "unaccounted",
)
"""Figures that are zero in a house that keeps its rules."""


def summary(
    outcomes: Counter[str],
    score: Score,
    *,
    by_detector: Mapping[str, Score],
    behaviour: Mapping[str, int],
    seconds: Mapping[str, float],
) -> dict[str, Any]:
    """The figures of a run, JSON-able. A detector's recall is its share of all that was to be found, by whichever."""
    return {
        "planned": outcomes.total() + behaviour["unaccounted"],
        "coverage": dict(sorted(outcomes.items())),
        "findings": score.found,
        "expected": score.expected,
        "precision": round(score.precision, 4),
        "recall": round(score.recall, 4),
        "hard": {"expected": score.hard, "found": score.found_of_hard},
        "beyond_the_method": {"visible": score.beyond, "found": score.found_of_beyond},
        "without_exemplar": score.untaught,
        "false_findings": len(score.false),
        "permission_searches_wrong": len(score.wrongly_permitted),
        "by_detector": {
            name: {"findings": own.found, "precision": round(own.precision, 4), "recall": round(own.recall, 4)}
            for name, own in by_detector.items()
        },
        **behaviour,
        "seconds": {stage: round(value, 1) for stage, value in seconds.items()},
    }


def broken(figures: Mapping[str, Any]) -> list[str]:
    """The promises that were not kept, in words: figures that have to be zero and are not."""
    return [f"{name} is {figures[name]}, and has to be 0" for name in PROMISED if figures[name]]


def write(figures: Mapping[str, Any], file: Path) -> None:
    """Write the summary."""
    file.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def coverage(console: Console, record: Reader, stage: Stage) -> None:
    """Every account, and how what was planned for it ended; with what stood in the way."""
    entries = tuple(record.select(CoverageEntry))
    table = Table("account", "looked at", "not looked at", "obstacle", title="What was looked at", title_justify="left")
    for holding in stage.city.holdings:
        account = account_of(stage, holding)
        own = [entry for entry in entries if entry.account_id == account.id]
        table.add_row(f"{holding.person} {holding.platform} {holding.handle}", *_ended(own), holding.unread)
    console.print(table)
    obstacles = Table("medium", "ended as", "detail", title="Hostile media", title_justify="left")
    for name, what in HOSTILE.items():
        ended = next((entry for entry in entries if f"/{name}." in entry.url), None)
        if ended is not None:
            obstacles.add_row(what, ended.outcome.value, ended.detail)
    console.print(obstacles)


def findings(console: Console, score: Score, known: Truth) -> None:
    """What was found and what was missed, against the truth, and how many fell into which trap."""
    table = Table("", "there", "found", title="Findings against the truth", title_justify="left")
    easy, found_of_easy = score.expected - score.hard, score.found_of_expected - score.found_of_hard
    table.add_row("clearly visible", str(easy), str(found_of_easy))
    table.add_row("hard to see: shaken, dark, small, half hidden", str(score.hard), str(score.found_of_hard))
    table.add_row("too small or too far hidden (not counted)", str(score.beyond), str(score.found_of_beyond))
    table.add_row("uniforms, for which there is no exemplar (not counted)", str(score.untaught), "")
    table.add_row("nothing there", "", str(len(score.false)))
    console.print(table)
    for (post, identifier), why in score.false.items():
        console.print(f"False: {identifier} in {known.keys.get(post, post)}: {why}", markup=False)
    for row in score.missed:
        how = f"{row.side_px:.0f} px, {row.hidden:.0%} hidden, {row.difficulty.value}"
        console.print(f"Missed: {row.identifier} in {row.key} ({how})", markup=False)
    fallen = Counter(why for why in score.false.values())
    for why, count in Counter(trap.why for trap in known.traps).items():
        console.print(f"Trap: {why}: {count} posts, {fallen[why]} false findings", markup=False)
    console.print(f"Precision {score.precision:.3f}, recall {score.recall:.3f}.")


def detectors(console: Console, scores: Mapping[str, Score]) -> None:
    """What each detector found, by itself or with others."""
    table = Table("detector", "findings", "precision", "share of all", title="By detector", title_justify="left")
    for name, own in scores.items():
        table.add_row(name, str(own.found), f"{own.precision:.3f}", f"{own.recall:.3f}")
    console.print(table)


def sign_in(console: Console, staff: Staff, *, port: int) -> None:
    """How to get in."""
    table = Table("name", "role", title=f"Sign in at http://127.0.0.1:{port}/", title_justify="left")
    for name, user in staff.by_name.items():
        table.add_row(name, ", ".join(user.roles))
    console.print(table)
    console.print(f"Everybody's password, made for this run: {staff.password}", markup=False)


def later(console: Console, config: Path) -> None:
    """How to serve the dashboard once the demo has ended."""
    command = Path(sys.executable).with_name("footprint")
    console.print(f"Serve it: {command} serve --config {config}", markup=False, soft_wrap=True)


def _ended(entries: Sequence[CoverageEntry]) -> tuple[str, str]:
    """Counts of outcomes, those that mean that something was seen first."""
    seen = Counter(entry.outcome.value for entry in entries if entry.outcome.value in ("fetched", "unchanged", "gone"))
    unseen = Counter(entry.outcome.value for entry in entries) - seen
    texts = (", ".join(f"{count} {outcome}" for outcome, count in sorted(part.items())) for part in (seen, unseen))
    first, second = texts
    return first or "-", second or "-"
