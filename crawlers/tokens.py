"""Official API tokens that the operator configured: the only Authorization header there is, and no cookie beside it (guardrail G4)."""

import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler

from crawlers.robots import IS_ROBOTS
from footprint.errors import BadConfiguration

FILE_SETTING = "TOKENS_FILE"


def read_tokens(file: Path) -> Mapping[str, str]:
    """
    Tokens by host, from a TOML file with lines such as `"social.example" = "..."`; a host with a port stands as `host:port`.

    Raises BadConfiguration where the file cannot be read, says something else, or may be read by others.
    """
    try:
        mode = file.stat().st_mode
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadConfiguration(f"crawl.tokens_file {file} cannot be read: {error}.") from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise BadConfiguration(f"Others may read crawl.tokens_file {file}. Mend: chmod 600 {file}")
    if not all(isinstance(token, str) for token in content.values()):
        raise BadConfiguration(f'crawl.tokens_file {file}: each line is "host" = "token".')
    return content


class Tokens:
    """
    Downloader middleware: gives each request the token of its own host, and takes away any other.

    A token goes over TLS only, but to a host that names its port, which is the operator's own.
    """

    def __init__(self, tokens: Mapping[str, str]) -> None:
        self._tokens = tokens

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy. The setting is empty for a platform that takes no token."""
        file = crawler.settings.get(FILE_SETTING)
        return cls(read_tokens(Path(file)) if file else {})

    def process_request(self, request: Request) -> None:
        """Set the header, or remove it; robots.txt is asked for by anybody."""
        parts = urlsplit(request.url)
        request.headers.pop("Authorization", None)
        token = self._tokens.get(parts.netloc)
        is_safe = parts.scheme == "https" or parts.port is not None
        if token is not None and is_safe and not request.meta.get(IS_ROBOTS):
            request.headers["Authorization"] = f"Bearer {token}"
