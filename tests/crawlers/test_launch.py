"""One child for one crawl: whatever becomes of it, there is a result, and nothing is left running."""

import json
import os
import select
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from crawlers.launch import JOB, CrawlResult, PlannedUrl, crawl, planned_urls
from footprint.accounts import AccountStep
from footprint.coverage import PlannedFetch, Target
from footprint.errors import BadInput
from footprint.posts import Cursor
from footprint.settings import Crawl

CHILD = Path(__file__).parent / "board" / "child.py"


def python(program: str) -> tuple[str, ...]:
    """A child that is another program."""
    return sys.executable, "-c", program


def ends(pid: int) -> bool:
    """Whether a process ends within ten seconds."""
    with suppress(ProcessLookupError):
        return bool(select.select([os.pidfd_open(pid)], [], [], 10)[0])
    return True


@pytest.fixture
def job(house: Any) -> Any:
    return house.job()


@pytest.mark.parametrize(
    ("program", "says"),
    [
        ("import sys; sys.exit('out of luck')", "out of luck"),
        ("import sys; sys.stdin.readline(); print('hello')", "the child ended with 0"),
        ("import sys; sys.stdin.readline(); print('{}')", "the child ended with 0"),
        ("import os, sys; sys.stdin.readline(); os.kill(os.getpid(), 9)", "the child ended with -9"),
        ("raise ValueError('https://x.example/?access_token=hush')", "access_token=***"),
    ],
)
def test_child_that_breaks_is_a_result(job: Any, program: str, says: str) -> None:
    """A child that dies, or says nothing sensible, gives a result that says so, and keeps secrets."""
    result = crawl(job, timeout_s=30, command=python(program))
    assert (result.account_id, result.finish_reason, result.ok) == (job.account_id, "crashed", False)
    assert says in result.errors[0]


def test_job_and_result_cross_the_pipe(job: Any) -> None:
    """The child gets the whole job as one line of JSON, and its result is read back."""
    program = """
import json, sys
job = json.loads(sys.stdin.readline())
coverage = {"fetched": job["crawl"]["max_pages"]}
print(json.dumps({"account_id": job["account_id"], "finish_reason": "finished", "coverage": coverage}))
"""
    result = crawl(job, timeout_s=30, command=python(program))
    assert result == CrawlResult(account_id=job.account_id, finish_reason="finished", coverage={"fetched": 500})


def test_child_gets_no_proxies(job: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the environment says about proxies and secrets stays with the parent."""
    for name in ("http_proxy", "HTTPS_PROXY", "ALL_PROXY", "AWS_SECRET_ACCESS_KEY", "PYTHONSTARTUP"):
        monkeypatch.setenv(name, "http://proxy.example")
    result = crawl(job, timeout_s=30, command=python("import json, os; raise SystemExit(json.dumps([*os.environ]))"))
    said = result.errors[0]
    names = set(json.loads(said[said.index("[") : said.index("]") + 1]))
    assert "PATH" in names
    assert not names & {"http_proxy", "HTTPS_PROXY", "ALL_PROXY", "AWS_SECRET_ACCESS_KEY", "PYTHONSTARTUP"}


def test_child_that_does_not_listen_is_killed_with_its_children(job: Any, tmp_path: Path) -> None:
    """After its time and a little grace a child ends with all that it started."""
    pids = tmp_path / "pids"
    program = f"""
import os, pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
pathlib.Path({str(pids)!r}).write_text(f"{{os.getpid()}} {{grandchild.pid}}")
time.sleep(60)
"""
    result = crawl(job, timeout_s=5, grace_s=0.1, command=python(program))
    assert result.finish_reason == "timed_out"
    assert all(ends(int(pid)) for pid in pids.read_text().split())


def test_child_ends_with_its_parent(site: Any, job: Any) -> None:
    """When the scan is killed, a crawl in the middle of a page does not go on without it."""
    asked, done = Event(), Event()
    site.says["/alice/posts"] = site.answer(
        headers={"Content-Length": "9"}, then=lambda _: asked.set() or done.wait(30)
    )
    program = "import sys; from crawlers.launch import JOB, crawl; "
    program += "crawl(JOB.validate_json(sys.argv[1]), timeout_s=60, command=(sys.executable, sys.argv[2]))"
    parent = subprocess.Popen((*python(program), JOB.dump_json(job), str(CHILD)))
    assert asked.wait(30)
    (child,) = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()
    parent.kill()
    parent.wait()
    assert ends(int(child))
    done.set()


def test_crawl_whose_time_is_over_accounts_for_what_it_left(site: Any, house: Any) -> None:
    """A crawl that ran out of time writes down what it did not reach, and the next one goes on there."""
    site.says["/alice/posts"] = site.page(site.post(1), next=["/alice/2", "/alice/3"])
    result = house.crawl(account_timeout_s=2.0, delay_s=3.0)
    assert result.finish_reason == "timed_out"
    assert "rate_deferred" in house.outcomes().values()
    assert json.loads(house.record.get(Cursor, house.account.id).state)["owed"]


@pytest.mark.parametrize(
    "steps",
    [
        (),
        (AccountStep.APPROVED, AccountStep.PAUSED),
        (AccountStep.APPROVED, AccountStep.WITHDRAWN),
    ],
    ids=["not approved", "paused", "withdrawn"],
)
def test_account_without_a_live_basis_is_not_asked_for(sites: Any, houses: Any, steps: Any) -> None:
    """No request leaves for an account that may not be read (guardrail G1)."""
    site = sites()
    result = houses(site, steps=steps).crawl()
    assert (result.finish_reason, site.asked) == ("not_permitted", [])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"account_id": "board:nobody"}, "is not registered"),
        ({"crawl": Crawl()}, "switched off"),
    ],
)
def test_crawl_that_is_not_permitted_makes_no_request(site: Any, job: Any, change: Any, says: str) -> None:
    """An unregistered account, and a service that is switched off, lead to a refusal with its reason."""
    from dataclasses import replace

    result = crawl(replace(job, **change), timeout_s=30, command=(sys.executable, str(CHILD)))
    assert (result.finish_reason, site.asked) == ("not_permitted", [])
    assert says in result.errors[0]


def test_expired_account_is_not_asked_for(sites: Any, houses: Any) -> None:
    """A basis that has run out is none."""
    site = sites()
    house = houses(site, expires_at=datetime(2025, 1, 1, tzinfo=UTC))
    assert (house.crawl().finish_reason, site.asked) == ("not_permitted", [])


def test_dry_run_names_pages_and_outstanding_media(site: Any, houses: Any) -> None:
    """What a crawl would start from is known without a request, with the authority by which it would."""
    house = houses(site, platform="feeds", address=f"{site.origin}/feed.xml")
    planned = planned_urls(house.record, house.account, crawl=Crawl(enabled=True), at=datetime.now(UTC))
    assert [(url.url, url.target) for url in planned] == [(f"{site.origin}/feed.xml", Target.PAGE)]
    assert all(isinstance(url, PlannedUrl) and url.authority for url in planned)
    assert (site.asked, house.record.count(PlannedFetch)) == ([], 0)


def test_dry_run_of_an_unknown_platform_says_which_there_are(house: Any) -> None:
    """A platform that is not there is an error that lists those that are."""
    with pytest.raises(BadInput, match="feeds"):
        planned_urls(house.record, house.account, crawl=Crawl(enabled=True), at=datetime.now(UTC))


def test_dry_run_needs_no_switch(site: Any, houses: Any) -> None:
    """What a scan would do is told before crawling is switched on, which is when an operator wants to know."""
    house = houses(site, platform="feeds", address=f"{site.origin}/feed.xml")
    planned = planned_urls(house.record, house.account, crawl=Crawl(), at=datetime.now(UTC))
    assert [url.url for url in planned] == [f"{site.origin}/feed.xml"]
