"""Opening an index by its URL: what cannot be is refused before anything is touched."""

from pathlib import Path

import pytest

from footprint.errors import BadConfiguration
from footprint.index.open import open_index


@pytest.mark.parametrize("url", ["", "var/index.db", "solr:x", "open:x", "rows:x", "../x:y"])
def test_an_unknown_scheme_is_answered_with_the_known(url: str) -> None:
    """A typo is answered with the indexes that there are."""
    with pytest.raises(BadConfiguration, match=r"storage\.index.*embedded"):
        open_index(url)


@pytest.mark.parametrize(
    "url",
    [
        "embedded:",
        "elasticsearch:findings",
        "elasticsearch+http://h:9200",
        "elasticsearch+http://h:9200/",
        "elasticsearch+http://h:9200/Findings",
        "elasticsearch+http://h:9200/find*",
        "elasticsearch+http://h:9200/_all",
        "elasticsearch+http://h:9200/a,b",
        "elasticsearch+http://h:port/findings",
        "elasticsearch+http://h:99999/findings",
        "elasticsearch+http://h:9200,/findings",
        "elasticsearch+http://[::1/findings",
        "elasticsearch+ftp://h:9200/findings",
    ],
)
def test_an_address_that_cannot_be_names_the_setting(url: str) -> None:
    """What is wrong with an address is said before anybody is asked."""
    with pytest.raises(BadConfiguration, match=r"storage\.index"):
        open_index(url)


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    """Secrets come from files; one in the wrong place does not get into a log by the error."""
    with pytest.raises(BadConfiguration, match="index_api_key_file") as caught:
        open_index("elasticsearch+https://elastic:hunter2@h:9200/findings")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("content", [None, b"no certificate"])
def test_an_authority_that_cannot_be_read_names_the_setting(tmp_path: Path, content: bytes | None) -> None:
    """A missing or broken file of the certificate authority is a setting to mend."""
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BadConfiguration, match="index_ca_file"):
        open_index("elasticsearch+https://h:9200/findings", ca_file=str(file))
