"""The first page: what waits, and what could not be looked at."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest


@pytest.mark.parametrize("name", ["rosa", "ines", "chief", "vera", "admin", "eva"])
def test_everybody_is_told_first_what_was_not_looked_at(name: str, signed_in: Callable[[str], Any]) -> None:
    """Pages with their denominator and the reasons, then pictures."""
    page = signed_in(name).get("/").text
    assert "19 pages planned" in page
    assert "6 not looked at" in page
    assert "3 behind a login" in page
    assert "1 picture or video could not be looked at" in page


def test_no_run_is_not_nothing_found(signed_in: Callable[[str], Any], clock: Any) -> None:
    """Where nothing looked lately, the page says that it says nothing."""
    clock.pass_by(timedelta(days=61))
    assert "No run in the last 60 days." in signed_in("rosa").get("/").text


def test_a_reviewer_is_told_what_waits(signed_in: Callable[[str], Any]) -> None:
    """By certainty, with one press to begin."""
    page = signed_in("rosa").get("/").text
    assert "<b>5</b>findings wait for you" in page
    assert "3 found, 1 possible, 1 covered" in page
    assert 'rel="next" href="/review/next"' in page


def test_a_registrar_is_told_what_they_may_approve(signed_in: Callable[[str], Any]) -> None:
    """What Ines wrote down waits for Omar."""
    assert "<b>1</b>account awaits your approval" in signed_in("omar").get("/").text
    page = signed_in("ines").get("/").text
    assert "<b>0</b>accounts await your approval" in page
    assert "1 of your own await another registrar" in page


def test_the_chief_is_told_what_was_confirmed_and_what_ends(signed_in: Callable[[str], Any], town: Any) -> None:
    """Confirmed findings, permissions that end, the latest report."""
    page = signed_in("chief").get("/").text
    assert town.findings["fair star-badge"] in page
    assert "1 permission ends within 30 days" in page
    assert f"/reports/{town.report}" in page


def test_the_auditor_is_told_what_people_did(signed_in: Callable[[str], Any]) -> None:
    """Counts of acts, and whether somebody hunts."""
    signed_in("rosa").get("/audit")
    page = signed_in("vera").get("/").text
    assert "Nobody looked one registrant up again and again" in page
    assert "<b>1</b>refusals" in page
