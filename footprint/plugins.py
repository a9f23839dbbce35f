"""Plug-ins by name: a module in a package. No registry that runs at import; a typo answers with the names there are."""

import importlib
import importlib.util
import pkgutil
from types import ModuleType

from footprint.errors import BadInput


def names(package: str, *, offers: str) -> tuple[str, ...]:
    """The modules of a package that offer something of that name, in order. Imports them all."""
    found = (m.name for m in pkgutil.iter_modules(importlib.import_module(package).__path__))
    return tuple(sorted(name for name in found if hasattr(importlib.import_module(f"{package}.{name}"), offers)))


def load(package: str, name: str, *, what: str, offers: str) -> ModuleType:
    """Import `package.name`, which must offer something. Raises BadInput that lists the names there are; `what` says of what sort."""
    if name.isidentifier() and importlib.util.find_spec(f"{package}.{name}") is not None:
        module = importlib.import_module(f"{package}.{name}")
        if hasattr(module, offers):
            return module
    raise BadInput(f"There is no {what} '{name}'. There is: {', '.join(names(package, offers=offers))}.")
