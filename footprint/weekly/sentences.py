"""What the figures of a week say in words: at most five sentences from templates, first of what was not looked at."""

from collections.abc import Sequence

from footprint.weekly.figures import Assets, Band, Coverage, Fetches, Outcomes, Review, WeeklyReport

UNSEEN = {
    "not_public": "behind a login",
    "robots_denied": "denied by robots.txt",
    "rate_deferred": "put off by a rate limit",
    "error": "failed",
    "unsupported": "in a form that cannot be read",
    "unfinished": "without an end on record",
}
"""How planned fetches end that were not looked at, in words."""

UNEXAMINED = {
    "failed": "could not be decoded or examined",
    "unsupported": "of a sort that no detector can read",
    "waiting": "waiting",
}
"""Why no detector looked at media, in words."""

DAY_S = 86_400

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def sentences(report: WeeklyReport) -> tuple[str, ...]:
    """The summary: what was not looked at, of what nothing can be said, what was confirmed, what of it is public, what waits."""
    said = (
        _unseen(report.coverage),
        _blind(report.coverage),
        _confirmed(report),
        _public(report),
        _waiting(report.outcomes, report.review, len(report.permissions.ending)),
    )
    return tuple(sentence[0].upper() + sentence[1:] for sentence in said if sentence)


def words(count: int) -> str:
    """A count as it stands in a sentence: in words up to twelve, then in figures."""
    return _WORDS[count] if count < len(_WORDS) else f"{count:,}"


def counted(count: int, one: str, many: str = "") -> str:
    """ "no page", "one page", "two pages", "1,204 pages"."""
    return f"{words(count)} {one if count < 2 else many or one + 's'}"


def listed(parts: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join((", ".join(parts[:-1]), parts[-1])) if len(parts) > 1 else "".join(parts)


def reasons(figures: Fetches | Assets) -> tuple[tuple[str, int], ...]:
    """Why fetches or media were not looked at, in words, with how many; the most first."""
    texts = UNSEEN if isinstance(figures, Fetches) else UNEXAMINED
    counts = [(text, count) for name, text in texts.items() if (count := getattr(figures, name))]
    return tuple(sorted(counts, key=lambda reason: -reason[1]))


def blind_platforms(coverage: Coverage) -> tuple[str, ...]:
    """Platforms of which no planned page was looked at, though there are accounts in scope or pages planned."""
    return tuple(p.platform for p in coverage.platforms if not p.pages.looked_at)


def _unseen(coverage: Coverage) -> str:
    pages = coverage.pages
    if not coverage.runs.started:
        return "nothing was looked at, because no scan began in this week."
    if not pages.planned:
        return "nothing was looked at: the scans had no page to read."
    media = _media(coverage.media, coverage.assets)
    if not pages.not_looked_at:
        return f"all of the {pages.planned:,} planned pages were looked at{f', but {media} could not be' if media else ''}."
    why = listed([f"{count:,} {text}" for text, count in reasons(pages)])
    also = f"; nor were {media}" if media else ""
    verb = "was" if pages.not_looked_at == 1 else "were"
    return f"{pages.not_looked_at:,} of {pages.planned:,} planned pages {verb} not looked at, {why}{also}."


def _media(fetches: Fetches, assets: Assets) -> str:
    missing = fetches.not_looked_at + assets.not_looked_at
    return counted(missing, "picture or video", "pictures or videos") if missing else ""


def _blind(coverage: Coverage) -> str:
    if not coverage.pages.looked_at:
        return ""
    if platforms := blind_platforms(coverage):
        return f"nothing can be said about {listed([name.capitalize() for name in platforms])}, where no page was read."
    if unread := coverage.accounts.not_at_all:
        return f"nothing can be said about {words(unread)} of {words(coverage.accounts.in_scope)} accounts, none of whose pages was read."
    if cut_off := coverage.runs.cut_off:
        return (
            f"{words(cut_off)} of {counted(coverage.runs.started, 'scan')} {'was' if cut_off == 1 else 'were'} cut off."
        )
    return ""


def _confirmed(report: WeeklyReport) -> str:
    confirmed = report.outcomes.confirmed
    said = f"{counted(confirmed, 'exposure')} {'was' if confirmed < 2 else 'were'} confirmed{' so far' if report.is_draft else ''}"
    compared = [part for part in (_change(report), _place(confirmed, report.band)) if part]
    return f"{said}, {listed(compared)}." if compared else f"{said}; there is no earlier week to compare with."


def _change(report: WeeklyReport) -> str:
    """Against the week before; one in which nothing was looked at is nothing to compare with."""
    before = report.series[-2]
    if not before.runs:
        return ""
    difference = report.outcomes.confirmed - before.total
    if not difference:
        return "as many as in the week before"
    return f"{words(abs(difference))} {'more' if difference > 0 else 'fewer'} than in the week before"


def _place(confirmed: int, band: Band | None) -> str:
    """Where a count lies in the range of several weeks; a single one is no range."""
    if band is None or band.weeks == 1:
        return ""
    position = "below" if confirmed < band.low else "above" if confirmed > band.high else "inside"
    return f"{position} the range of the {words(band.weeks)} weeks before"


def _public(report: WeeklyReport) -> str:
    earlier = report.earlier_still_public
    said = [_fate(len(report.matters), sum(matter.gone_at is not None for matter in report.matters))]
    if earlier:
        said.append(f"{words(earlier)} of earlier weeks {'is' if earlier == 1 else 'are'} still public")
    clauses = "; ".join(clause for clause in said if clause)
    return f"{clauses}." if clauses else ""


def _fate(confirmed: int, gone: int) -> str:
    if not confirmed:
        return ""
    if not gone:
        return "its post is still public" if confirmed == 1 else "all of their posts are still public"
    if gone == confirmed:
        return (
            "its post was gone when last looked up" if gone == 1 else "all of their posts were gone when last looked up"
        )
    public = confirmed - gone
    return f"of these, {words(gone)} {'is' if gone == 1 else 'are'} gone and {words(public)} still public"


def _waiting(outcomes: Outcomes, review: Review, ending: int) -> str:
    first, second = outcomes.open, outcomes.second_review
    waits = [
        f"{words(second)} for a second"
        if first
        else f"{counted(second, 'finding')} {_wait(second)} for a second review"
    ]
    if first:
        waits = [f"{counted(first, 'finding')} {_wait(first)} for a first review", *(waits if second else [])]
    said = listed(waits) if first or second else "no finding waits for review"
    if review.oldest_open_s is not None:
        said += f", the oldest for {days(review.oldest_open_s)}"
    if ending:
        said += f"; {counted(ending, 'permission')} {'ends' if ending == 1 else 'end'} within 30 days"
    return f"{said}."


def _wait(count: int) -> str:
    return "waits" if count == 1 else "wait"


def days(seconds: int) -> str:
    """An age as a sentence says it."""
    return "less than a day" if seconds < DAY_S else counted(seconds // DAY_S, "day")
