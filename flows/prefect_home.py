"""Keeps Prefect at home: its state in our folder, its server on loopback, nothing sent anywhere. Call before Prefect is imported."""

import os
from pathlib import Path


def settle(work: Path) -> None:
    """Set what Prefect reads when it is imported, unless the operator set it: a PREFECT_API_URL of one's own goes before."""
    for name, value in {
        "PREFECT_HOME": str(work / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    }.items():
        os.environ.setdefault(name, value)
