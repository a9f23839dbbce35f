"""What the operator configured of API tokens: a file by host, and over it the environment."""

import hashlib
import hmac
import json
import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from crawlers.oauth import Grant
from footprint.errors import BadConfiguration

VARIABLE = "FOOTPRINT_TOKENS"
EXAMPLE = '{"api.social.example": "..."}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """
    A token and the secret of its app, for Meta's APIs: each call then bears the proof that whoever sends the token knows the secret.

    https://developers.facebook.com/docs/graph-api/guides/secure-requests
    """

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")

    token: str = field(repr=False)
    app_secret: str = field(repr=False)

    @property
    def proof(self) -> str:
        """HMAC-SHA256 of the token under the secret, in hexadecimal digits."""
        return hmac.new(self.app_secret.encode(), self.token.encode(), hashlib.sha256).hexdigest()


Entry = str | Grant | Signed

GRANT: TypeAdapter[Grant] = TypeAdapter(Grant)
SIGNED: TypeAdapter[Signed] = TypeAdapter(Signed)


def read_tokens(file: Path) -> Mapping[str, Entry]:
    """
    Tokens by host, from a TOML file with lines such as `"social.example" = "..."`; a host with a port stands as `host:port`. In place of a token
    there may be a table that says how to get one, a Grant, or that has the secret of its app beside it, a Signed.

    Raises BadConfiguration where the file cannot be read, says something else, or may be read by others.
    """
    try:
        mode = file.stat().st_mode
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadConfiguration(f"crawl.tokens_file {file} cannot be read: {error}.") from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise BadConfiguration(f"Others may read crawl.tokens_file {file}. Mend: chmod 600 {file}")
    return {host: _entry(file, host, entry) for host, entry in content.items()}


def _entry(file: Path, host: str, entry: object) -> Entry:
    if isinstance(entry, str):
        return entry
    if not isinstance(entry, dict):
        raise BadConfiguration(f'crawl.tokens_file {file}: each line is "host" = "token", or ["host"] begins a table.')
    try:
        if "app_secret" in entry:
            return SIGNED.validate_python(entry)
        grant = GRANT.validate_python(entry)
    except ValidationError as error:
        wrong = ", ".join(sorted({".".join(map(str, problem["loc"])) for problem in error.errors()}))
        raise BadConfiguration(
            f"crawl.tokens_file {file}: the table of {host} has these wrong or missing: {wrong}."
        ) from None  # the cause quotes secrets
    if grant.grant == "refresh_token" and not grant.refresh_token:
        raise BadConfiguration(f"crawl.tokens_file {file}: the table of {host} lacks its refresh_token.")
    return grant


def tokens_of(file: str, environment: Mapping[str, str] = os.environ) -> Mapping[str, Entry]:
    """
    Tokens by host: those of a file, "" for none, and over them `FOOTPRINT_TOKENS`, a JSON object of tokens by host, for whoever keeps secrets in
    the environment.

    Raises BadConfiguration as `read_tokens` does.
    """
    told = environment.get(VARIABLE, "{}")
    try:
        own = json.loads(told)
    except ValueError as error:
        raise BadConfiguration(f"{VARIABLE} is not JSON; it looks like {EXAMPLE}.") from error
    if not isinstance(own, dict) or not all(isinstance(token, str) for token in own.values()):
        raise BadConfiguration(f"{VARIABLE} is no object of tokens by host; it looks like {EXAMPLE}.")
    return {**(read_tokens(Path(file)) if file else {}), **own}
