"""The page of a report: valid, self-contained, legible without colour or pictures, and never mistaking unseen for nothing."""

import re
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import html5lib
import pytest
from lxml import html

from footprint.coverage import Outcome, Target
from footprint.identifiers import Kind
from footprint.ports import Blobs, Record
from footprint.settings import Department
from footprint.weeks import Week
from pipelines.page import duration
from pipelines.report import write

WEEK = Week(2026, 19)
ZONE = ZoneInfo("America/Los_Angeles")
MONDAY = WEEK.bounds(ZONE).start
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def page(record: Record, blobs: Blobs) -> Callable[..., str]:
    """Write the week's report and read its page."""

    def draw(*, name: str = "Riverton Police Department", as_of: datetime = MONDAY + 8 * DAY) -> str:
        department = Department(name=name, time_zone=str(ZONE), policy_version="3")
        written = write(record, blobs, week=WEEK, as_of=as_of, actor="chief", department=department)
        return blobs.get(written.html_sha256).decode()

    return draw


@pytest.fixture
def busy(story: Any) -> Any:
    """Weeks with findings of several kinds on two platforms, one of which could not be read in the last week."""
    story.start = MONDAY
    mastodon, city = story.account(), story.account("city")
    identifiers = [story.identifier(kind) for kind in (Kind.PATCH, Kind.VEHICLE, Kind.BADGE, Kind.LOGO, Kind.UNIFORM)]
    for back in (3, 1, 0):
        monday = WEEK.previous(back).bounds(ZONE).start
        run = story.run(monday)
        story.fetch(run, mastodon, Outcome.FETCHED, times=400)
        story.fetch(run, mastodon, Outcome.GONE)
        story.fetch(run, mastodon, Outcome.FETCHED, times=9, target=Target.MEDIA)
        story.fetch(run, city, Outcome.FETCHED if back else Outcome.ROBOTS_DENIED)
        for number, identifier in enumerate(identifiers):
            post = story.post(mastodon, monday, media=[f"{back} {number}".encode()])
            finding = story.find(run, post, identifier, at=monday + HOUR)
            if number != 2:
                story.confirm(finding, at=monday + DAY)
    story.permission(until=MONDAY + 9 * DAY)
    return story


def cells(page: str, region: str) -> list[list[str]]:
    """The rows of the table in a region."""
    rows = html.document_fromstring(page).xpath(f"//div[@aria-label='{region}']//tr")
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("th|td")] for row in rows]


def test_the_page_is_valid_html(page: Callable[..., str], busy: Any) -> None:
    """A strict parser of the standard's algorithm finds no error; no id stands twice."""
    drawn = page()
    html5lib.HTMLParser(strict=True).parse(drawn)
    ids = html.document_fromstring(drawn).xpath("//@id")
    assert len(ids) == len(set(ids))


def test_an_empty_week_is_a_valid_page_too(page: Callable[..., str]) -> None:
    """There is always something to say."""
    drawn = page()
    html5lib.HTMLParser(strict=True).parse(drawn)
    assert "No detector looked at anything in this week." in drawn


def test_the_page_brings_everything_with_it(page: Callable[..., str], busy: Any) -> None:
    """No script, picture, frame, link, form or import; every url() points into the page itself."""
    drawn = page()
    tree = html.document_fromstring(drawn)
    assert not tree.xpath(
        "//script|//img|//iframe|//link|//object|//embed|//form|//base|//@style|//@*[starts-with(name(), 'on')]"
    )
    assert not [value for value in tree.xpath("//@href|//@src|//@srcset|//@action") if not value.startswith("#")]
    assert "@import" not in drawn
    assert {target[0] for target in re.findall(r"url\(([^)]*)\)", drawn)} == {"#"}
    ids = set(tree.xpath("//@id"))
    assert {target[1:] for target in re.findall(r"url\(([^)]*)\)", drawn)} <= ids
    assert not re.findall(r"(?:https?:)?//[\w.]+", re.sub(r"<style>.*?</style>", "", drawn, flags=re.S))


def test_the_page_forbids_itself_everything_but_its_own_style(page: Callable[..., str]) -> None:
    """Its policy names the hash of the one style sheet in it."""
    drawn = page()
    (style,) = re.findall(r"<style>(.*?)</style>", drawn, flags=re.S)
    (policy,) = html.document_fromstring(drawn).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy == f"default-src 'none'; style-src 'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'"


def test_a_department_cannot_write_markup_into_the_page(page: Callable[..., str]) -> None:
    """Every value is escaped."""
    drawn = page(name="<script>alert('&')</script>")
    assert "<script>" not in drawn
    assert "&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;" in drawn


def test_every_drawing_has_words_for_it(page: Callable[..., str], busy: Any) -> None:
    """Either a label with the figures, or it is decoration beside them."""
    tree = html5lib.parse(page())
    for drawing in tree.iter(f"{SVG}svg"):
        if drawing.get("aria-hidden") == "true":
            continue
        named = " ".join(
            "".join(element.itertext())
            for key in drawing.get("aria-labelledby", "").split()
            for element in tree.iter()
            if element.get("id") == key
        )
        assert drawing.get("role") == "img"
        assert re.search(r"\d", drawing.get("aria-label") or named)


def test_what_was_not_looked_at_comes_first(page: Callable[..., str], busy: Any) -> None:
    """Its bar is as wide as it is true, and wide enough to be seen: one page of four hundred and two."""
    tree = html.document_fromstring(page())
    assert tree.xpath("//h2/text()")[0] == "What was not looked at"
    bar = tree.xpath("//*[local-name()='svg'][@class='bar']")[0]
    assert bar.get("aria-label") == "402 pages planned: 401 looked at, 1 not looked at"
    unseen = bar.xpath("*[@class='not']")[0]
    assert float(unseen.get("width").rstrip("%")) >= 0.5
    assert "1 not looked at: 1 denied by robots.txt" in tree.text_content()


def test_a_platform_that_was_not_read_does_not_look_like_one_without_findings(
    page: Callable[..., str], busy: Any
) -> None:
    """In the table of what was found its row says so, instead of zeros."""
    rows = cells(page(), "New findings by platform and kind")
    assert rows[0] == ["Platform", "Logo", "Patch", "Badge", "Uniform", "Vehicle", "All"]
    assert ["City", "no page was read"] in rows
    assert ["Mastodon", "1", "1", "1", "1", "1", "5"] in rows


def test_the_chart_and_its_table_say_the_same(page: Callable[..., str], busy: Any) -> None:
    """A week without a scan is hatched in the one and called so in the other."""
    drawn = page()
    (figures,) = html.document_fromstring(drawn).xpath("//*[@id='chart-figures']/text()")
    assert figures.split(". ")[0].endswith("W15: no scan, W16: 4, W17: no scan, W18: 4, W19: 4")
    rows = cells(drawn, "Confirmed findings by week")
    assert ["2026-W18", "1", "1", "1", "1", "1", "4"] in rows
    assert ["2026-W17", "0", "no scan began"] in rows
    chart = html.document_fromstring(drawn).xpath("//*[local-name()='svg'][@class='chart']")[0]
    assert len(chart.xpath("*[@class='not']")) == 10
    assert [text.text for text in chart.xpath("*[@class='total']")] == ["4", "4", "4"]


def test_matters_are_listed_by_number(page: Callable[..., str], busy: Any) -> None:
    """With kind, platform, days public and what became of the post."""
    rows = cells(page(), "Matters")
    assert [row[0] for row in rows[1:]] == ["M-0009", "M-0010", "M-0011", "M-0012"]
    assert {row[1] for row in rows[1:]} == {"patch", "vehicle", "logo", "uniform"}
    assert {tuple(row[2:]) for row in rows[1:]} == {("Mastodon", "4 May", "7", "public")}


def test_sums_stand_below_their_columns(page: Callable[..., str], busy: Any) -> None:
    """In every table that has a row for all."""
    drawn = page()
    for region in ("Pages by platform", "Media files by platform", "Accounts by platform", "Outcomes by kind"):
        _, *rows, last = cells(drawn, region)
        columns = zip(*(row[1:] for row in rows), strict=True)
        assert last[0] == "All"
        assert [sum(map(int, column)) for column in columns] == [int(figure) for figure in last[1:]]


@pytest.mark.parametrize(
    ("as_of", "chip"), [(MONDAY + DAY, "Draft: the week has not ended"), (MONDAY + 7 * DAY, "Final")]
)
def test_the_head_says_whether_the_week_had_ended(page: Callable[..., str], as_of: datetime, chip: str) -> None:
    """By words, not by colour alone."""
    tree = html.document_fromstring(page(as_of=as_of))
    assert tree.xpath("//header//*[contains(@class, 'chip')]/text()") == [chip]


@pytest.mark.parametrize(
    ("week", "span"),
    [
        (Week(2026, 19), "4–10 May 2026"),
        (Week(2026, 18), "27 Apr – 3 May 2026"),
        (Week(2026, 1), "29 Dec 2025 – 4 Jan 2026"),
    ],
)
def test_the_head_says_from_when_to_when(record: Record, blobs: Blobs, week: Week, span: str) -> None:
    """Days as people write them, in the department's time zone."""
    department = Department(name="Riverton", time_zone=str(ZONE))
    written = write(record, blobs, week=week, as_of=week.bounds(ZONE).end, actor="chief", department=department)
    assert f"Riverton · {span} · policy 1 · times in America/Los_Angeles" in blobs.get(written.html_sha256).decode()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "< 1 min"),
        (59, "< 1 min"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (172_799, "47 h"),
        (172_800, "2.0 d"),
    ],
)
def test_durations_are_as_fine_as_they_matter(seconds: int, words: str) -> None:
    """Minutes, then hours, then days with a tenth."""
    assert duration(seconds) == words


def test_the_page_shows_no_pictures(page: Callable[..., str], busy: Any) -> None:
    """Neither of what was confirmed nor of anything else."""
    drawn = page()
    assert "data:" not in drawn
    assert not html.document_fromstring(drawn).xpath(
        "//*[local-name()='image' or local-name()='img' or local-name()='video']"
    )


def test_colours_are_named_in_the_tokens_alone(page: Callable[..., str]) -> None:
    """Beyond the two lists at the head of the style sheet, everything refers to them."""
    (style,) = re.findall(r"<style>(.*?)</style>", page(), flags=re.S)
    rules = re.sub(r":root \{.*?\}", "", style, flags=re.S)
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b", rules.replace("url(#", "url("))
    used = set(re.findall(r"var\((--[\w-]+)\)", style))
    assert used <= set(re.findall(r"(--[\w-]+):", style))
