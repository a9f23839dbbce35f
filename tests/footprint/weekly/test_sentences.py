"""What a week's figures say in words, and that they say first what was not looked at."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from footprint.coverage import Outcome, Target
from footprint.reports import summarise
from footprint.reviews import Verdict
from footprint.weekly.facts import AccountFact, AssetLook, Facts, FindingFact, Looks, PermissionFact, RunFact
from footprint.weekly.sentences import counted, days, listed, sentences, words

FactsOf = Callable[..., Facts]
FindingOf = Callable[..., FindingFact]
C, N = Verdict.CONFIRMED, Verdict.NOT_DEPARTMENT_MATERIAL
WEEK_H = 168


def looks(outcome: Outcome | None, count: int, *, platform: str = "city", target: Target = Target.PAGE) -> Looks:
    """Fetches of the one account of a platform."""
    return Looks(account_id=platform, platform=platform, target=target, outcome=outcome, count=count)


@pytest.fixture
def scanned(facts: FactsOf, monday: datetime) -> FactsOf:
    """Facts of a week with a scan in it."""
    run = RunFact(started_at=monday, has_ended=True, was_cut_off=False)
    return lambda **given: facts(**({"runs": (run,)} | given))


def said(facts: Facts) -> tuple[str, ...]:
    """The sentences of a week."""
    return sentences(summarise(facts))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ((), "Nothing was looked at: the scans had no page to read."),
        ((looks(Outcome.FETCHED, 1200),), "All of the 1,200 planned pages were looked at."),
        (
            (looks(Outcome.GONE, 9), looks(Outcome.ERROR, 1)),
            "1 of 10 planned pages was not looked at, 1 failed.",
        ),
        (
            (looks(Outcome.UNCHANGED, 90), looks(Outcome.NOT_PUBLIC, 3), looks(Outcome.ROBOTS_DENIED, 6), looks(None, 1)),
            "10 of 100 planned pages were not looked at, 6 denied by robots.txt, 3 behind a login and 1 without an end on record.",
        ),
        (
            (looks(Outcome.FETCHED, 8), looks(Outcome.UNSUPPORTED, 1, target=Target.MEDIA)),
            "All of the 8 planned pages were looked at, but one picture or video could not be.",
        ),
    ],
)  # fmt: skip
def test_the_first_sentence_says_what_was_not_looked_at(
    scanned: FactsOf, given: tuple[Looks, ...], sentence: str
) -> None:
    """With its denominator and its reasons, the most first."""
    assert said(scanned(looks=given))[0] == sentence


def test_media_that_no_detector_could_look_at_are_said_with_the_pages(scanned: FactsOf) -> None:
    """Not fetched and not decoded add up: neither was looked at."""
    given = (looks(Outcome.FETCHED, 1), looks(Outcome.ERROR, 1), looks(Outcome.ERROR, 2, target=Target.MEDIA))
    first = said(scanned(looks=given, assets={AssetLook.FAILED: 3, AssetLook.LOOKED_AT: 9}))[0]
    assert first == "1 of 2 planned pages was not looked at, 1 failed; nor were five pictures or videos."


def test_a_week_without_a_scan_says_that_first(facts: FactsOf) -> None:
    """Nothing found and nothing looked at are not the same."""
    assert said(facts())[0] == "Nothing was looked at, because no scan began in this week."


@pytest.mark.parametrize(
    ("given", "accounts", "cut_off", "sentence"),
    [
        (
            (looks(Outcome.ROBOTS_DENIED, 2), looks(Outcome.FETCHED, 1, platform="feeds")),
            ("city", "feeds"),
            True,
            "Nothing can be said about City, where no page was read.",
        ),
        (
            (looks(Outcome.FETCHED, 1),),
            ("city", "feeds", "mastodon"),
            False,
            "Nothing can be said about Feeds and Mastodon, where no page was read.",
        ),
        ((looks(Outcome.FETCHED, 1),), ("city",), True, "One of two scans was cut off."),
        ((looks(Outcome.FETCHED, 1),), ("city",), False, "No exposure was confirmed"),
    ],
)
def test_the_second_sentence_names_what_nothing_can_be_said_about(
    scanned: FactsOf,
    monday: datetime,
    given: tuple[Looks, ...],
    accounts: tuple[str, ...],
    cut_off: bool,
    sentence: str,
) -> None:
    """Platforms before accounts before scans; where there is no such gap there is no such sentence."""
    runs = tuple(RunFact(started_at=monday, has_ended=True, was_cut_off=cut) for cut in (False, cut_off))
    known = tuple(AccountFact(id=name, platform=name, in_scope=True) for name in accounts)
    assert said(scanned(looks=given, accounts=known, runs=runs))[1].startswith(sentence)


def test_accounts_of_which_no_page_was_read_are_counted(scanned: FactsOf) -> None:
    """On a platform of which others were read; they are counted, not named."""
    accounts = tuple(AccountFact(id=name, platform="city", in_scope=True) for name in ("city", "hall", "park"))
    second = said(scanned(looks=(looks(Outcome.FETCHED, 1),), accounts=accounts))[1]
    assert second == "Nothing can be said about two of three accounts, none of whose pages was read."


@pytest.mark.parametrize(
    ("this_week", "week_before", "sentence"),
    [
        (
            0,
            0,
            "No exposure was confirmed, as many as in the week before and inside the range of the two weeks before.",
        ),
        (
            1,
            2,
            "One exposure was confirmed, one fewer than in the week before and below the range of the two weeks before.",
        ),
        (
            13,
            0,
            "13 exposures were confirmed, 13 more than in the week before and above the range of the two weeks before.",
        ),
    ],
)
def test_confirmed_exposures_are_compared(
    scanned: FactsOf, finding: FindingOf, monday: datetime, this_week: int, week_before: int, sentence: str
) -> None:
    """With the week before and with the range."""
    findings = [finding((C, 1), (C, 2)) for _ in range(this_week)]
    findings += [finding((C, back - 1), (C, back), found=-999) for back in (-1, -170) for _ in range(week_before)]
    runs = tuple(
        RunFact(started_at=monday - timedelta(days=back), has_ended=True, was_cut_off=False) for back in (0, 1, 8)
    )
    assert sentence in said(scanned(findings=tuple(findings), runs=runs))


def test_a_week_before_without_a_scan_is_nothing_to_compare_with(
    scanned: FactsOf, finding: FindingOf, monday: datetime
) -> None:
    """The range of earlier ones is; of a single one there is none."""

    def second(*days_back: int) -> str:
        runs = (RunFact(started_at=monday - timedelta(days=d), has_ended=True, was_cut_off=False) for d in days_back)
        return said(scanned(findings=(finding((C, 1), (C, 2)),), runs=tuple(runs)))[1]

    assert second(0, 8, 15) == "One exposure was confirmed, above the range of the two weeks before."
    assert second(0, 8) == "One exposure was confirmed; there is no earlier week to compare with."


def test_one_week_before_is_no_range(scanned: FactsOf, monday: datetime) -> None:
    """It is compared with, and that is all."""
    runs = tuple(
        RunFact(started_at=monday - timedelta(days=back), has_ended=True, was_cut_off=False) for back in (0, 1)
    )
    assert said(scanned(runs=runs))[1] == "No exposure was confirmed, as many as in the week before."


def test_a_draft_says_so_far(facts: FactsOf, finding: FindingOf, monday: datetime) -> None:
    """And compares with nothing where there was nothing before."""
    given = facts(findings=(finding((C, 1), (C, 2)),), as_of=monday + timedelta(days=2))
    assert said(given)[1] == "One exposure was confirmed so far; there is no earlier week to compare with."


@pytest.mark.parametrize(
    ("gone", "public", "earlier", "sentence"),
    [
        (0, 1, 0, "Its post is still public."),
        (1, 0, 0, "Its post was gone when last looked up."),
        (2, 0, 1, "All of their posts were gone when last looked up; one of earlier weeks is still public."),
        (0, 2, 0, "All of their posts are still public."),
        (1, 2, 3, "Of these, one is gone and two still public; three of earlier weeks are still public."),
        (0, 0, 2, "Two of earlier weeks are still public."),
    ],
)
def test_what_is_public_still_is_said(
    scanned: FactsOf, finding: FindingOf, monday: datetime, gone: int, public: int, earlier: int, sentence: str
) -> None:
    """Of the week's matters, and of earlier ones."""
    findings = [finding((C, 1), (C, 2), gone_at=monday) for _ in range(gone)]
    findings += [finding((C, 1), (C, 2)) for _ in range(public)]
    findings += [finding((C, -2), (C, -1), found=-3) for _ in range(earlier)]
    assert sentence in said(scanned(findings=tuple(findings)))


@pytest.mark.parametrize(
    ("first", "second", "ending", "sentence"),
    [
        (0, 0, 0, "No finding waits for review."),
        (0, 0, 1, "No finding waits for review; one permission ends within 30 days."),
        (1, 0, 0, "One finding waits for a first review, the oldest for 6 days."),
        (0, 2, 0, "Two findings wait for a second review, the oldest for 6 days."),
        (3, 1, 2, "Three findings wait for a first review and one for a second, the oldest for 6 days; two permissions end within 30 days."),
    ],
)  # fmt: skip
def test_the_last_sentence_says_what_waits(
    scanned: FactsOf, finding: FindingOf, monday: datetime, first: int, second: int, ending: int, sentence: str
) -> None:
    """For reviewers, and for the Chief."""
    findings = [finding(found=24) for _ in range(first)] + [finding((C, 25), found=24) for _ in range(second)]
    soon = PermissionFact(valid_from=monday, valid_until=monday + timedelta(days=9), revoked_at=None)
    last = said(scanned(findings=tuple(findings), permissions=(soon,) * ending))[-1]
    assert last == sentence.replace("6 days", "six days")


def test_there_are_at_most_five_sentences(scanned: FactsOf, finding: FindingOf) -> None:
    """Also when there is something to say of everything."""
    everything = scanned(
        looks=(looks(Outcome.ERROR, 2), looks(Outcome.FETCHED, 1, platform="feeds")),
        findings=(finding((C, 1), (C, 2)), finding(), finding((C, -2), (C, -1), found=-3)),
    )
    assert len(said(everything)) == 5


def test_counts_and_lists_read_as_prose() -> None:
    """In words up to twelve."""
    assert [words(0), words(12), words(1300)] == ["no", "twelve", "1,300"]
    assert [counted(0, "page"), counted(1, "page"), counted(2, "page")] == ["no page", "one page", "two pages"]
    assert [listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert [days(86_399), days(86_400), days(20 * 86_400)] == ["less than a day", "one day", "20 days"]
