"""What comes next is rendered before it is asked for."""

from collections.abc import Callable
from typing import Any

import pytest

from dashboards.ahead import warm
from footprint.ports import Blobs


@pytest.mark.parametrize("path", ["/", "/review", "/findings/{first}"])
def test_the_next_picture_is_there_before_it_is_asked_for(
    path: str, signed_in: Callable[[str], Any], pictures: Any, town: Any
) -> None:
    """While somebody looks at a page, the picture that j leads to is made ready."""
    first = town.findings["fair shoulder-patch-2019"]
    rosa = signed_in("rosa")
    rosa.get(path.format(first=first))
    before = pictures.rendered
    following = town.findings["hostile shoulder-patch-2019"] if "first" in path else first
    asset = town.assets["hostile" if "first" in path else "fair"]
    assert before
    assert rosa.get(f"/findings/{following}/media/{asset}.jpg").status_code == 200
    assert pictures.rendered == before


def test_what_cannot_be_made_ready_waits_until_it_is_asked_for(
    app: Any, blobs: Blobs, pictures: Any, town: Any
) -> None:
    """Retired bytes, or a finding that is not there, stop nothing."""
    blobs.delete(town.assets["fair"])
    names = ("fair shoulder-patch-2019", "hostile shoulder-patch-2019")
    warm(app.state.desk, ["none", *(town.findings[name] for name in names)])
    assert pictures.rendered == 1


def test_one_preparation_at_a_time(app: Any, pictures: Any, town: Any) -> None:
    """Who walks fast does not pile up work."""
    with app.state.desk.warming:
        warm(app.state.desk, [town.findings["fair shoulder-patch-2019"]])
    assert pictures.rendered == 0
