"""Plug-ins by name: a module in a package. No registry that runs at import; a typo answers with the names there are."""

import importlib
import pkgutil
from types import ModuleType

from footprint.errors import BadInput


def names(package: str) -> tuple[str, ...]:
    """The public modules of a package, in order."""
    path = importlib.import_module(package).__path__
    return tuple(sorted(m.name for m in pkgutil.iter_modules(path) if not m.name.startswith("_")))


def load(package: str, name: str, *, what: str) -> ModuleType:
    """Import `package.name`. Raises BadInput that lists the names there are; `what` says of what sort they are."""
    known = names(package)
    if name not in known:
        raise BadInput(f"There is no {what} '{name}'. There is: {', '.join(known)}.")
    return importlib.import_module(f"{package}.{name}")
