"""Plug-ins by name."""

import pytest

from footprint import plugins
from footprint.errors import BadInput


def test_an_unknown_platform_is_answered_with_those_there_are() -> None:
    """A typo gets the list of names."""
    with pytest.raises(BadInput, match=r"no platform 'myspace'\. There is: .*mastodon"):
        plugins.load("crawlers.spiders", "myspace", what="platform", offers="MANIFEST")


@pytest.mark.parametrize("name", ["../errors", "os.path", "", "__init__"])
def test_a_name_is_no_path(name: str) -> None:
    """Nothing but a module of the package can be loaded by name."""
    with pytest.raises(BadInput, match="There is no platform"):
        plugins.load("crawlers.spiders", name, what="platform", offers="MANIFEST")
