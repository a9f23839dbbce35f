"""The Spider of every platform: it fetches, a platform's module reads."""

import sys
from typing import ClassVar, cast

import scrapy

from crawlers.platform import Platform


class AccountSpider(scrapy.Spider):
    """
    Reads one registered account.

    A platform's module ends with a subclass that says no more than its name, the module's own:

        class MastodonSpider(AccountSpider):
            name = "mastodon"
    """

    platform: ClassVar[Platform]

    def __init_subclass__(cls) -> None:
        """The module that a subclass stands in is its platform; its functions are looked up when they are called."""
        super().__init_subclass__()
        cls.platform = cast(Platform, sys.modules[cls.__module__])
