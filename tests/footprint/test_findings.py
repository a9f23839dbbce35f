"""Folding claims about pictures into findings about posts."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from footprint.findings import Detection, Region, detection_id, fold
from footprint.posts import MediaUse

AT = datetime(2026, 5, 1, tzinfo=UTC)
REGION = Region(quad=((0, 0), (9, 0), (9, 9), (0, 9)), width_px=100, height_px=80)


def claim(asset: str, identifier: str, probability: float = 0.9) -> Detection:
    """A detector's claim that an asset shows an identifier."""
    return Detection(
        id=detection_id(asset, "marks", "1", identifier, "e", REGION) + str(probability),
        asset_sha256=asset,
        detector="marks",
        version="1",
        identifier_id=identifier,
        exemplar_id="e",
        region=REGION,
        measure=20.0,
        unit="inliers",
        probability=probability,
        sentence="",
        evidence={},
    )


def use(post: str, asset: str) -> MediaUse:
    """A post showing an asset."""
    return MediaUse(id=f"{post}-{asset}", post_id=post, asset_sha256=asset, url="", fetched_at=AT)


def test_one_picture_in_two_posts_makes_two_findings() -> None:
    """A claim about an asset is a finding in every post that shows it."""
    folded = fold([claim("a", "patch")], [use("p1", "a"), use("p2", "a")])
    assert list(folded) == [("p1", "patch"), ("p2", "patch")]


def test_two_pictures_of_one_identifier_make_one_finding() -> None:
    """A post's claims of the same identifier stand together, the surest first."""
    folded = fold([claim("a", "patch", 0.7), claim("b", "patch", 0.95)], [use("p", "a"), use("p", "b")])
    assert [c.asset_sha256 for c in folded["p", "patch"]] == ["b", "a"]


def test_no_picture_no_finding() -> None:
    """A post without a detected picture is in no finding, whatever it says (G42)."""
    assert fold([claim("a", "patch")], [use("p", "another")]) == {}


@given(st.permutations(["a", "b", "c"]), st.permutations([("p", "a"), ("p", "b"), ("q", "c"), ("q", "a")]))
def test_order_does_not_matter(assets: list[str], uses: list[tuple[str, str]]) -> None:
    """Folding gives the same findings in whatever order claims and uses come."""
    folded = fold([claim(asset, "patch") for asset in assets], [use(*pair) for pair in uses])
    again = fold([claim(asset, "patch") for asset in "abc"], [use(*pair) for pair in sorted(uses)])
    assert folded == again


def test_identity_ignores_certainty() -> None:
    """The same claim measured a little differently is the same detection."""
    moved = Region(quad=((0.2, 0), (9, 0.3), (9.1, 9), (0, 9)), width_px=100, height_px=80)
    assert detection_id("a", "marks", "1", "i", "e", REGION) == detection_id("a", "marks", "1", "i", "e", moved)
