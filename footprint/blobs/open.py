"""Opens the blobs that a URL names: its scheme is the name of the module that keeps them."""

from footprint import plugins
from footprint.errors import BadConfiguration, BadInput
from footprint.ports import Blobs


def open_blobs(url: str) -> Blobs:
    """
    Open blobs: `file:FOLDER`.

    Raises BadConfiguration for a URL that cannot be, RecordUnavailable where the bytes cannot be reached.
    """
    scheme, colon, _ = url.partition(":")
    if not colon:
        raise BadConfiguration(f"storage.blobs: '{url}' is no URL. Write one such as file:var/blobs.")
    try:
        module = plugins.load("footprint.blobs", scheme, what="way to keep bytes", offers="connect")
    except BadInput as error:
        raise BadConfiguration(f"storage.blobs: {error}") from error
    blobs: Blobs = module.connect(url)
    return blobs
