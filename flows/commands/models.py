"""`footprint models`: the weights that detectors use, where they came from, and whether they are the examined ones."""

from importlib import metadata

import typer

from detectors import models as weights
from detectors.models import Weights
from flows.commands.context import Config, Json, show
from flows.own_models import Own, own_finder
from footprint.errors import BadConfiguration
from footprint.settings import read


def models(config: Config = None, as_json: Json = False) -> None:
    """
    List the weights of networks: package, version, licence, SHA-256, and the operator's own by path.

    Exit code 1: one is missing or is not the examined file.
    """
    rows = [_row(one) for one in weights.KNOWN]
    finder = own_finder(read(config))
    rows += [_own_row(finder)] if finder is not None else []
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


def _own_row(own: Own) -> dict[str, object]:
    return {
        "name": "detect.finder",
        "for": "vehicles and persons",
        "package": None,
        "version": None,
        "licence": "the operator's",
        "sha256": own.sha256,
        "source": str(own.path),
        "ok": own.ok,
        "says": own.says,
    }


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
