"""`footprint models`: the weights that detectors use, where they came from, and whether they are the examined ones."""

from importlib import metadata

import typer

from detectors import models as weights
from detectors.models import Weights
from flows.commands.context import Json, show
from footprint.errors import BadConfiguration


def models(as_json: Json = False) -> None:
    """List the weights of networks: package, version, licence, SHA-256. Exit code 1: one is missing or is not the examined file."""
    rows = [_row(one) for one in weights.KNOWN]
    show(rows, as_json=as_json, title="Models", empty="No detector uses weights.")
    raise typer.Exit(0 if all(row["ok"] for row in rows) else 1)


def _row(one: Weights) -> dict[str, object]:
    try:
        weights.content_of(one)
        ok, says = True, "the examined file"
    except BadConfiguration as error:
        ok, says = False, str(error)
    return {
        "name": one.name,
        "for": one.purpose,
        "package": one.package,
        "version": _version(one.package),
        "licence": one.licence,
        "sha256": one.sha256,
        "source": one.source,
        "ok": ok,
        "says": says,
    }


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
