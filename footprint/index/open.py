"""Opens the search index that a URL names: its scheme is the name of the module that knows it."""

from footprint import plugins
from footprint.errors import BadConfiguration, BadInput
from footprint.ports import FindingIndex


def open_index(url: str, *, api_key: str | None = None, ca_file: str | None = None) -> FindingIndex:
    """
    Open an index without touching it: `embedded:PATH`, `elasticsearch+https://HOST:9200,HOST:9200/NAME` or `memory:`.

    `api_key` and `ca_file` (PEM) serve indexes that are servers. Raises BadConfiguration for a URL that cannot be.
    """
    scheme, colon, _ = url.partition(":")
    if not colon:
        raise BadConfiguration(f"storage.index: '{url}' is no URL. Write one such as embedded:var/index.db.")
    try:
        module = plugins.load("footprint.index", scheme.partition("+")[0], what="index", offers="connect")
    except BadInput as error:
        raise BadConfiguration(f"storage.index: {error}") from error
    index: FindingIndex = module.connect(url, api_key=api_key, ca_file=ca_file)
    return index
