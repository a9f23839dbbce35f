"""Keeps secrets out of logs, records and captures."""

import logging
import re

MASK = "***"

# A secret after its name, in a URL, a header or a representation of either.
SECRETS = re.compile(
    r"(?P<name>\b(?:access_token|api_?key|appsecret_proof|client_secret|token|key|sig|signature|password)=)[^&\s'\"<>]+"
    r"|(?P<header>\b(?:proxy-)?authorization['\"]?\s*[:=,]\s*(?:\[?b?['\"])?\s*)(?:(?:bearer|basic|token|oauth)\s+)?[^\s'\",\]]+",
    re.IGNORECASE,
)


def masked(text: str) -> str:
    """The text with what follows `access_token=`, `Authorization:` and the like replaced."""
    return SECRETS.sub(lambda found: (found["name"] or found["header"]) + MASK, text)


class MaskingFormatter(logging.Formatter):
    """Masks whole log lines, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        """The line as it is written."""
        return masked(super().format(record))
