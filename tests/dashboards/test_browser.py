"""The pages in a real browser: the keys, the gate, the policy, and everything again without a script."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI

from footprint.ports import Record
from footprint.reviews import FindingState, ReviewDecision, status_of

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 400, "height": 800}
PAGES = {
    "rosa": [
        "/",
        "/review",
        "/search?q=state:open",
        "/search?look=grid",
        "/search?q=x:y",
        "/permissions",
        "/reports",
        "/password",
    ],
    "ines": ["/", "/accounts", "/accounts/forum:cleo", "/identifiers", "/identifiers/star-badge"],
    "chief": ["/", "/permissions", "/search"],
    "vera": ["/", "/audit", "/nowhere"],
    "admin": ["/", "/users", "/health"],
    "eva": ["/", "/own"],
}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Debian's browser, driven by playwright."""
    if not CHROMIUM.exists():
        reason = "chromium is not installed (apt install chromium)"
        if "browser" in os.environ.get("FOOTPRINT_REQUIRE", "").split(","):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def site(app: FastAPI) -> Iterator[str]:
    """The town's dashboard on loopback."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(20)


@pytest.fixture
def open_page(chromium: Any, site: str) -> Iterator[Callable[..., Any]]:
    """Opens a page of the site for somebody signed in; its `complaints` gather what the browser has to say against it."""
    contexts = []

    def open_one(name: str, path: str = "/", **options: Any) -> Any:
        context = chromium.new_context(base_url=site, **{"viewport": DESK} | options)
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on(
            "console",
            lambda message: page.complaints.append(message.text) if "Content Security" in message.text else None,
        )
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("dialog", lambda dialog: page.complaints.append("a dialog"))
        page.goto("/signin")
        page.fill("#name", name)
        page.fill("#password", f"correct horse {name}")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        page.goto(path)
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def fair(town: Any) -> str:
    """Address of the first open finding."""
    return f"/findings/{town.findings['fair shoulder-patch-2019']}"


@pytest.fixture
def state(record: Record, town: Any) -> Callable[[str], FindingState]:
    """Where a finding stands in the record, by its name in the town."""
    return lambda name: status_of(record.select(ReviewDecision, finding_id=town.findings[name]))


def _press(page: Any, key: str) -> None:
    """Press a key that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press(key)


def test_j_and_k_walk_through_the_queue(open_page: Callable[..., Any], fair: str, town: Any) -> None:
    """To the next finding and back."""
    page = open_page("rosa", fair)
    _press(page, "j")
    assert page.url.endswith(town.findings["again shoulder-patch-2019"])
    _press(page, "k")
    assert page.url.endswith(fair)


def test_confirm_is_off_until_each_element_is_ticked(
    open_page: Callable[..., Any], fair: str, state: Callable[[str], FindingState], town: Any
) -> None:
    """Four ticks are not enough, five are; then the next finding is there (G14)."""
    page = open_page("rosa", fair)
    confirm = page.locator("button.main")
    for key in "1234":
        page.keyboard.press(key)
        assert confirm.is_disabled()
    page.keyboard.press("y")
    page.keyboard.press("5")
    assert confirm.is_enabled()
    assert state("fair shoulder-patch-2019") is FindingState.OPEN
    _press(page, "y")
    assert state("fair shoulder-patch-2019") is FindingState.SECOND_REVIEW
    assert page.url.endswith(town.findings["again shoulder-patch-2019"])


@pytest.mark.parametrize(
    ("key", "ends"),
    [
        ("n", FindingState.DISMISSED),
        ("o", FindingState.DISMISSED),
        ("s", FindingState.DISMISSED),
        ("c", FindingState.WITH_COUNSEL),
        ("h", FindingState.INSUFFICIENT),
    ],
)
def test_one_key_decides_and_z_takes_it_back(
    key: str, ends: FindingState, open_page: Callable[..., Any], fair: str, state: Callable[[str], FindingState]
) -> None:
    """On to the next, and back to the finding."""
    page = open_page("rosa", fair)
    _press(page, key)
    assert state("fair shoulder-patch-2019") is ends
    _press(page, "z")
    assert state("fair shoulder-patch-2019") is FindingState.OPEN
    assert page.url.endswith(fair)


def test_p_chooses_the_permission_first(
    open_page: Callable[..., Any], fair: str, town: Any, state: Callable[[str], FindingState]
) -> None:
    """Where none covers, the list has the focus; where one does, it is cited."""
    page = open_page("rosa", fair)
    page.keyboard.press("p")
    assert page.evaluate("document.activeElement.name") == "permission_id"
    page.goto(f"/findings/{town.findings['car patrol-car-livery']}")
    _press(page, "p")
    assert state("car patrol-car-livery") is FindingState.PERMITTED


def test_a_second_press_before_the_answer_decides_nothing(open_page: Callable[..., Any], fair: str) -> None:
    """One page, one verdict: a second one would stand where the first is taken back."""
    page = open_page("rosa", fair)
    page.evaluate(
        """() => {
            window.sent = 0;
            document.querySelector("form.deciding").addEventListener("submit", (event) => {
                if (!event.defaultPrevented) window.sent += 1;
                event.preventDefault();
            });
        }"""
    )
    page.keyboard.press("n")
    page.keyboard.press("n")
    assert page.evaluate("window.sent") == 1


def test_keys_are_off_while_somebody_types(
    open_page: Callable[..., Any], fair: str, state: Callable[[str], FindingState]
) -> None:
    """A note about nothing decides nothing."""
    page = open_page("rosa", fair)
    page.fill("input[name=note]", "")
    page.locator("input[name=note]").press_sequentially("nothing new, y?")
    assert page.url.endswith(fair)
    assert page.input_value("input[name=note]") == "nothing new, y?"
    assert state("fair shoulder-patch-2019") is FindingState.OPEN


def test_the_other_keys_do_what_the_sheet_says(open_page: Callable[..., Any], fair: str) -> None:
    """Boxes, exemplar, reason for seeing clear, search, and the sheet itself."""
    page = open_page("rosa", fair)
    assert page.locator(".boxes").is_visible()
    page.keyboard.press("b")
    assert page.locator(".boxes").is_hidden()
    page.keyboard.press("m")
    assert page.locator(".points").is_visible()
    page.keyboard.press("e")
    page.locator(".plate image.overlay").wait_for(state="attached")
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("?")
    assert page.locator("#keys").is_hidden()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    assert page.evaluate("document.activeElement.id") == "unmask-reason"


def test_a_picture_is_seen_clear_for_a_reason(open_page: Callable[..., Any], fair: str) -> None:
    """u, a reason, enter: the picture is there without blur, and says until when."""
    page = open_page("rosa", fair)
    page.keyboard.press("u")
    page.keyboard.type("to read the lettering")
    _press(page, "Enter")
    assert "clear=1" in page.locator(".plate image").first.get_attribute("href")
    assert "Not blurred until" in page.locator(".tools").inner_text()


def test_a_hostile_post_stays_words(open_page: Callable[..., Any], town: Any) -> None:
    """Its script did not run, its picture was not asked for, and the browser had nothing to block."""
    page = open_page("rosa", f"/findings/{town.findings['hostile shoulder-patch-2019']}")
    assert page.title() == "Shoulder patch 2019 · Footprint"
    assert "<script>" in page.locator(".post").inner_text()
    assert page.complaints == []


@pytest.mark.parametrize("name", PAGES)
def test_no_page_asks_for_what_the_policy_forbids(name: str, open_page: Callable[..., Any], fair: str) -> None:
    """The browser blocks nothing on any page, because nothing is there to block."""
    page = open_page(name)
    for path in [*PAGES[name], *([fair, f"{fair}?exemplar=over", f"{fair}#keys"] if name == "rosa" else [])]:
        page.goto(path)
        page.wait_for_load_state("networkidle")
    assert page.complaints == []


def test_the_browser_would_complain(open_page: Callable[..., Any]) -> None:
    """The test above can fail: an inline script is blocked and reported."""
    page = open_page("rosa")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))"
    )
    page.wait_for_function("true")
    assert page.evaluate("window.ran") is None
    assert page.complaints


def test_without_a_script_everything_can_be_read_and_decided(
    open_page: Callable[..., Any], fair: str, clock: Any, state: Callable[[str], FindingState]
) -> None:
    """The browser itself holds back a confirmation without every tick; other verdicts need none."""
    page = open_page("rosa", fair, java_script_enabled=False)
    page.click("button.main")
    assert page.url.endswith(fair)
    for box in page.locator("input[name=elements]").all():
        box.check()
    with page.expect_navigation():
        page.click("button.main")
    assert state("fair shoulder-patch-2019") is FindingState.SECOND_REVIEW
    clock.pass_by(timedelta(seconds=1))
    with page.expect_navigation():
        page.click("button[value=insufficient]")
    assert state("again shoulder-patch-2019") is FindingState.INSUFFICIENT
    with page.expect_navigation():
        page.click(".undo button")
    assert state("again shoulder-patch-2019") is FindingState.OPEN


@pytest.mark.parametrize("name", PAGES)
def test_a_narrow_screen_shows_every_page_whole(name: str, open_page: Callable[..., Any], fair: str) -> None:
    """At 400 pixels nothing runs out of the page sideways."""
    page = open_page(name, viewport=PHONE)
    too_wide = {}
    for path in [*PAGES[name], *([fair] if name == "rosa" else [])]:
        page.goto(path)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > PHONE["width"]:
            too_wide[path] = width
    assert too_wide == {}


def test_on_a_narrow_screen_the_queue_is_a_page_of_its_own(open_page: Callable[..., Any], fair: str) -> None:
    """Beside the finding there is no room for it, so a link leads there."""
    page = open_page("rosa", fair, viewport=PHONE)
    assert page.locator("aside.queue").is_hidden()
    with page.expect_navigation():
        page.click("a.back")
    assert page.locator(".list .item").count() == 5


def test_on_a_desk_everything_is_on_one_screen(open_page: Callable[..., Any], fair: str) -> None:
    """At 1280 by 800 queue, picture and every verdict are in sight without scrolling."""
    page = open_page("rosa", fair)
    page.wait_for_load_state("networkidle")
    places = [page.locator(what).bounding_box() for what in ("aside.queue", ".plate", "button.main", "[data-key=h]")]
    assert all(place["y"] >= 0 and place["y"] + place["height"] <= DESK["height"] for place in places)
    assert page.evaluate("document.documentElement.scrollHeight") <= DESK["height"]


def test_the_night_has_its_own_colours(open_page: Callable[..., Any]) -> None:
    """Who asks for dark pages gets dark pages."""
    page = open_page("rosa", color_scheme="dark")
    red, green, blue = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")
    assert max(red, green, blue) < 64
