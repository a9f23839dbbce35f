"""Addresses of accounts on sites that anybody can run: where a site begins, and who is named behind that."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from crawlers.values import host_of, origin_of, url_of, without_fragment
from footprint.errors import BadInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Profiles:
    """
    How sites of one make write such addresses.

    `path` matches what follows the host, with the site's `folder` and the `name`, which may be missing where a whole site can be an account.
    `name` matches a name after decoding. `what` and `example` are for people who typed something else.
    """

    what: str
    example: str
    path: re.Pattern[str]
    name: re.Pattern[str] = re.compile(r"[\w .+-]{1,80}")

    def home(self, address: str) -> tuple[str, str]:
        """Where the site's addresses begin, and the name in lower case, "" for the whole site. Raises BadInput with the example."""
        base, name = self.as_typed(address)
        return base, name.lower()

    def as_typed(self, address: str) -> tuple[str, str]:
        """The same with the name as it was typed, for sites that tell capitals apart."""
        url = without_fragment(url_of(address) or "")
        found = self.path.fullmatch(url[len(origin_of(url)) :]) if url else None
        name = unquote(found["name"] or "") if found else ""
        if found is None or (found["name"] and not self.name.fullmatch(name)):
            raise BadInput(f"'{address}' is no {self.what}. One looks like {self.example}.")
        return f"{urlsplit(url).scheme}://{host_of(url)}{found['folder']}", name

    def native_id(self, address: str) -> str:
        """`name@host`, or `host` for a whole site; the host with its port, and the site's folder where it has them."""
        base, name = self.home(address)
        place = base.partition("://")[2]
        return f"{name}@{place}" if name else place
