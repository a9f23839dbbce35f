"""Secrets do not get into logs."""

import logging

import pytest

from crawlers.masking import MaskingFormatter, masked


@pytest.mark.parametrize(
    "text",
    [
        "GET https://x.example/a?access_token=hush&limit=5",
        "https://x.example/a?api_key=hush",
        "https://x.example/a?apikey=hush#top",
        "https://x.example/a?limit=5&appsecret_proof=hush",
        "Authorization: Bearer hush",
        "authorization: hush",
        "{'Authorization': 'Bearer hush'}",
        "{b'Authorization': [b'Bearer hush'], b'Accept': [b'*/*']}",
        "Proxy-Authorization: Basic hush",
    ],
)
def test_secret_is_masked(text: str) -> None:
    """Whatever follows the name of a secret is replaced."""
    assert "hush" not in masked(text)
    assert "***" in masked(text)


@pytest.mark.parametrize("text", ["the keyboard=broken", "limit=5", "the author said: hush", "a key: hush"])
def test_other_text_stays(text: str) -> None:
    """What is no secret is not touched."""
    assert masked(text) == text


def test_log_lines_are_masked_with_their_tracebacks() -> None:
    """A secret in an argument or in an exception does not reach the log."""
    try:
        raise ValueError("https://x.example/?token=hush")
    except ValueError as error:
        info = (ValueError, error, error.__traceback__)
    line = logging.LogRecord("a", logging.INFO, "a.py", 1, "asked %s", ("?api_key=hush",), info)
    assert "hush" not in MaskingFormatter("%(message)s").format(line)
