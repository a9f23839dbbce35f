"""The benchmark of the search of hashes."""

import pytest

from benchmarks import bank


@pytest.mark.parametrize("within_bits", [40, 90])
def test_the_search_answers_as_its_peers_do(within_bits: int) -> None:
    """A loop over imagehash's distance and faiss' flat index find the same rows, and every planted one is among them."""
    row = bank.measure(2_000, queries=8, within_bits=within_bits, seed=3)
    assert row["exact"]
    assert row["found"] >= 4
