"""
Settings of the Scrapy project: each default that is unsafe or rude is overridden here, with why.

`for_job` adds what the operator's settings say. Facts are as of Scrapy 2.19.
"""

from importlib.metadata import version
from pathlib import Path
from typing import Any

from crawlers import budget, egress, meter, oauth, robots, token_file, tokens
from crawlers.platform import Manifest
from crawlers.robots import PRODUCT
from footprint.errors import BadConfiguration
from footprint.settings import Crawl

BOT_NAME = PRODUCT
SPIDER_MODULES = ["crawlers.spiders"]

# Who we are and what we do not pretend. `for_job` adds the contact page to the name.
USER_AGENT = f"{PRODUCT}/{version('footprint')}"
DEFAULT_REQUEST_HEADERS = {"Accept": "*/*"}  # the default poses as a browser that wants HTML in English
COOKIES_ENABLED = False  # no session of anybody
REFERRER_POLICY = "no-referrer"  # pages need not learn where we come from
HTTPPROXY_ENABLED = False  # proxies of the environment would go round the egress guard

# Our own robots, throttle and egress guard stand for Scrapy's: it allows everything where robots.txt cannot be had, does not know
# Retry-After, and counts by host and process.
ROBOTSTXT_OBEY = False
DOWNLOAD_DELAY = 0
CONCURRENT_REQUESTS = 8
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # default 8
AUTOTHROTTLE_ENABLED = False
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # media come from anywhere; the guard decides
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,  # to see a refresh to a login page
    "crawlers.egress.EgressGuard": 50,
    "crawlers.robots.Robots": 100,
    "crawlers.meter.MonthlyLimit": 200,
    # Retries (550) and redirects (600) are Scrapy's: what they ask for passes all of the above again.
    "crawlers.login_wall.LoginWall": 650,  # hears of a redirect before it is followed
    "crawlers.tokens.Tokens": 700,  # hears of a refusal before the wall does
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 800,  # default 590: the wall reads text
    "crawlers.capture.KeepRaw": 890,
    "crawlers.throttle.Throttle": 900,
}
DOWNLOAD_HANDLERS = {
    "http": "crawlers.throttle.ThrottledHandler",
    "https": "crawlers.throttle.ThrottledHandler",
    "file": None,  # a page could name /etc/passwd
    "data": None,
    "ftp": None,
    "s3": None,
}
TWISTED_DNS_RESOLVER = "crawlers.egress.GuardedResolver"
DNS_TIMEOUT = 20  # default 60

DOWNLOAD_VERIFY_CERTIFICATES = True  # default False
DOWNLOAD_WARNSIZE = 0
REDIRECT_MAX_TIMES = 5  # default 20; five is also what RFC 9309 asks for robots.txt
RETRY_TIMES = 1  # default 2; the next scan asks again
RETRY_HTTP_CODES = [500, 502, 503, 504, 522, 524, 408]  # 429 and a 503 with a time are the throttle's

# Every address is planned once and ends as one coverage entry, so nothing may vanish on the way.
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # the ledger knows what was planned; a redirect is no duplicate
URLLENGTH_LIMIT = 0  # default 2083: longer ones are dropped without a word
HTTPERROR_ALLOW_ALL = True  # the spider hears of every answer
DEPTH_LIMIT = 0

ITEM_PIPELINES = {"pipelines.items.RecordItems": 100}
CONCURRENT_ITEMS = 1  # default 100; one at a time keeps one medium in memory

MEMUSAGE_LIMIT_MB = 2048  # default: none
TELNETCONSOLE_ENABLED = False  # default True: a shell on a port
REMOTE_CONTROL_ENABLED = False  # default True: runs code
HTTPCACHE_ENABLED = False
LOG_LEVEL = "INFO"  # default DEBUG logs every address
LOGSTATS_INTERVAL = 60.0
CLOSESPIDER_TIMEOUT = 0  # the spider ends itself, so that it knows


MEDIA_BYTES_PER_S = 2**20
"""The slowest that a medium of the largest size may come."""


def for_job(crawl: Crawl, manifest: Manifest, *, work: Path) -> dict[str, Any]:
    """
    What the operator's settings add for one crawl. `work` is the folder that all crawls share.

    Raises BadConfiguration where no contact page is named, or tokens cannot be read.
    """
    if crawl.contact_url is None:
        raise BadConfiguration("crawl.contact_url: a crawler must name a contact page.")
    takes_token = manifest.token != "none"
    known = token_file.tokens_of(crawl.tokens_file) if takes_token else {}
    return {
        "SPIDER_MODULES": [],  # the one spider is known; to load the others would cost time, and a broken one the crawl
        "USER_AGENT": f"{USER_AGENT} (+{crawl.contact_url})",
        "DOWNLOAD_TIMEOUT": crawl.timeout_s,  # default 180
        "DOWNLOAD_MAXSIZE": crawl.max_page_bytes,  # default 1 GiB
        "MEDIA_MAXSIZE": crawl.max_media_bytes,
        "MEDIA_TIMEOUT": crawl.timeout_s + crawl.max_media_bytes / MEDIA_BYTES_PER_S,
        egress.NETWORKS_SETTING: [str(network) for network in crawl.allowed_networks],
        tokens.FILE_SETTING: crawl.tokens_file if takes_token else "",
        tokens.IS_SENT_SETTING: takes_token,
        tokens.VAULT_SETTING: str(work / oauth.FILE),
        tokens.PLACE_SETTING: manifest.token_place,
        tokens.PATH_SETTING: manifest.token_path,
        tokens.NEEDED_SETTING: crawl.account_timeout_s,
        robots.GOVERNED_SETTING: tokens.governed(manifest, known),
        meter.MONTHLY_SETTING: crawl.monthly_usd,
        meter.PER_POST_SETTING: manifest.usd_per_post,
        budget.FILE_SETTING: str(work / budget.FILE),
        budget.DELAY_SETTING: crawl.delay_s,
        budget.PER_MINUTE_SETTING: crawl.requests_per_minute,
        budget.PUBLIC_PER_MINUTE_SETTING: manifest.requests_per_minute,
        budget.MAX_WAIT_SETTING: crawl.max_wait_s,
    }
