"""The settings file of the demo: an ordinary `footprint.toml` that allows loopback and does not dawdle there."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

from demo.city import POLICY_DAY, City
from footprint.errors import BadInput

CONTACT_URL = "https://portalder.example/footprint"
HOUSE = "house"
_MARKER = "made-by-the-demo"


def write_settings(folder: Path, city: City, *, port: int) -> Path:
    """Write `footprint.toml` into the folder, beside an empty place for record, blobs and index. Returns the file."""
    _empty(folder / HOUSE)
    file = folder / "footprint.toml"
    sections: dict[str, dict[str, Any]] = {
        "department": {
            "name": "Port Alder Police Department",
            "time_zone": "America/Los_Angeles",
            "policy_version": "2026-3",
            "policy_effective_from": city.moment(POLICY_DAY).isoformat(),
        },
        "storage": {
            "record": f"sqlite:///{HOUSE}/record.db",
            "blobs": f"file:{HOUSE}/blobs",
            "index": f"embedded:{HOUSE}/index.db",
            "work": f"{HOUSE}/work",
        },
        "crawl": {
            "enabled": True,
            "contact_url": CONTACT_URL,
            "allowed_networks": ["127.0.0.0/8"],
            "delay_s": 0.0,
            "requests_per_minute": 100_000,
            "timeout_s": 4.0,
            "max_wait_s": 5.0,
            "max_media_bytes": 32 * 2**20,
            "account_timeout_s": 120.0,
        },
        "detect": {"processes": os.cpu_count() or 1},
        "dashboard": {"port": port},
    }
    lines = ["# Written by the demo. See docs/settings.md for all settings."]
    for section, values in sections.items():
        lines += ["", f"[{section}]", *(f"{name} = {json.dumps(value)}" for name, value in values.items())]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def _empty(house: Path) -> None:
    """Make an empty folder; what an earlier demo left in it goes. Raises BadInput for a folder that is somebody else's."""
    if house.exists() and not (house / _MARKER).exists():
        raise BadInput(f"{house} is there, and not the demo's. Name another --folder.")
    shutil.rmtree(house, ignore_errors=True)
    house.mkdir(parents=True)
    (house / _MARKER).touch()
