"""The Scrapy project is polite and closed by default."""

from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings
from scrapy.utils.misc import load_object

from crawlers.platform import Manifest
from crawlers.platforms import platform_of
from crawlers.settings import for_job
from footprint.errors import BadConfiguration
from footprint.settings import Crawl

MANIFEST = platform_of("feeds").MANIFEST


@pytest.fixture(scope="module")
def settings() -> Settings:
    """What a crawl runs with."""
    settings = Settings()
    settings.setmodule("crawlers.settings")
    crawl = Crawl(enabled=True, contact_url="https://department.example/crawler")
    settings.update(for_job(crawl, MANIFEST, work=Path("work")), priority="project")
    return settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COOKIES_ENABLED", False),
        ("HTTPPROXY_ENABLED", False),
        ("TELNETCONSOLE_ENABLED", False),
        ("REMOTE_CONTROL_ENABLED", False),
        ("HTTPCACHE_ENABLED", False),
        ("DOWNLOAD_VERIFY_CERTIFICATES", True),
        ("REFERRER_POLICY", "no-referrer"),
        ("REDIRECT_MAX_TIMES", 5),
        ("DOWNLOAD_MAXSIZE", 16 * 2**20),
        ("DOWNLOAD_TIMEOUT", 30.0),
        ("CONCURRENT_REQUESTS_PER_DOMAIN", 1),
        ("URLLENGTH_LIMIT", 0),
        ("LOG_LEVEL", "INFO"),
        ("TWISTED_DNS_RESOLVER", "crawlers.egress.GuardedResolver"),
    ],
)
def test_default_is_overridden(settings: Settings, name: str, value: Any) -> None:
    """What Scrapy leaves open or rude is closed and polite."""
    assert settings[name] == value


def test_only_http_is_spoken(settings: Settings) -> None:
    """There is no handler for files, FTP and the rest, and the one for HTTP waits for its turn."""
    handlers = settings.getwithbase("DOWNLOAD_HANDLERS")
    assert {scheme for scheme, handler in handlers.items() if handler} == {"http", "https"}
    assert handlers["http"] == handlers["https"] == "crawlers.throttle.ThrottledHandler"


def test_guards_stand_before_everything_else(settings: Settings) -> None:
    """Egress first, then robots.txt; Scrapy's own robots middleware, which a request can switch off, is out."""
    middlewares = settings.get_component_priority_dict_with_base("DOWNLOADER_MIDDLEWARES")
    order = [
        load_object(m).__name__
        for m, place in sorted(middlewares.items(), key=lambda m: m[1] or 0)
        if place is not None
    ]
    assert order[:2] == ["EgressGuard", "Robots"]
    assert order[-1] == "Throttle"
    assert order.index("LoginWall") < order.index("HttpCompressionMiddleware") < order.index("KeepRaw")
    assert not {"RobotsTxtMiddleware", "MetaRefreshMiddleware", "HttpAuthMiddleware"} & set(order)


def test_crawler_says_who_it_is(settings: Settings) -> None:
    """One honest name, with a page that says whom to ask (guardrail G6)."""
    assert settings["USER_AGENT"].startswith("Footprint/")
    assert settings["USER_AGENT"].endswith(" (+https://department.example/crawler)")


def test_crawler_without_a_contact_page_does_not_start() -> None:
    """Nobody is crawled by a stranger."""
    with pytest.raises(BadConfiguration, match="contact_url"):
        for_job(Crawl(), MANIFEST, work=Path("work"))


def test_tokens_are_for_platforms_that_take_them(tmp_path: Path) -> None:
    """A platform whose manifest says "none" never sees the tokens file."""
    file = tmp_path / "tokens.toml"
    file.touch(mode=0o600)
    crawl = Crawl(enabled=True, contact_url="https://department.example/", tokens_file=str(file))
    fields = {name: getattr(MANIFEST, name) for name in Manifest.__dataclass_fields__}
    given = {
        token: for_job(crawl, Manifest(**fields | {"token": token}), work=Path("work"))["TOKENS_FILE"]
        for token in ("none", "optional", "required")
    }
    assert given == {"none": "", "optional": str(file), "required": str(file)}
