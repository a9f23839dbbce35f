"""Exports by name, and which one a file is."""

from typing import cast

from crawlers.bundle import Bundle
from crawlers.export import Export
from footprint import plugins
from footprint.errors import BadInput

EXPORTS = "crawlers.exports"


def export_names() -> tuple[str, ...]:
    """The formats there are."""
    return plugins.names(EXPORTS, offers="FORMAT")


def export_of(name: str) -> Export:
    """A format's module. Raises BadInput that lists the names there are."""
    return cast(Export, plugins.load(EXPORTS, name, what="export", offers="FORMAT"))


def recognised(bundle: Bundle, platform: str) -> Export | None:
    """The format of an export of an account on a platform: its own first, then those for any. None where it is none of them."""
    exports = [export_of(name) for name in export_names()]
    own = [export for export in exports if export.FORMAT.platform == platform]
    others = [export for export in exports if not export.FORMAT.platform]
    return next((export for export in (*own, *others) if export.recognises(bundle)), None)


def require_recognised(bundle: Bundle, platform: str) -> Export:
    """Like `recognised`. Raises BadInput with what there would have to be."""
    export = recognised(bundle, platform)
    if export is None:
        known = [export_of(name).FORMAT for name in export_names()]
        wanted = "; ".join(f"{f.name}: {f.title}" for f in known if f.platform in ("", platform))
        raise BadInput(f"{bundle.title} is no export of an account on {platform}. What can be imported: {wanted}.")
    return export
