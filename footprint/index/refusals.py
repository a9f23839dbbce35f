"""What Elasticsearch's refusals mean for the person who reads them, each with the mend."""

from collections.abc import Mapping
from typing import Any

from elasticsearch import ConnectionError as NotConnected
from elasticsearch import ConnectionTimeout, SSLError, TransportError

ALREADY_THERE = "resource_already_exists_exception"
REINDEX = "Build it anew with `footprint reindex`."


def refused(status: int, cause: Mapping[str, Any]) -> str:
    """An answer of status 4xx or 5xx, of a request or of one document in it. `cause` is the `error` in its body."""
    kind, reason = cause.get("type", ""), str(cause.get("reason", ""))[:500]
    if status == 401:
        return "The index does not know the API key. Put a valid one into the file of storage.index_api_key_file."
    if kind == "cluster_block_exception" and status == 403:
        return "The index is being rebuilt, or a rebuild was cut off: wait, or run `footprint reindex`."
    if status == 403:
        return f"The API key may not do this: {reason}. Give it the privileges of docs/elasticsearch.md."
    if kind == "index_not_found_exception":
        return f"The index is not there: {reason}. {REINDEX}"
    if kind == "strict_dynamic_mapping_exception":
        return f"The index is of another version of Footprint: {reason}. {REINDEX}"
    if kind == ALREADY_THERE:
        return "Another rebuild of the index began at the same moment. Run one at a time."
    if "flood-stage" in reason:
        return f"The disk of the index is full: {reason}. Make room; what waits is brought again."
    return f"The index answered {status} {kind}: {reason or 'no reason given'}. See the server's log, then try again."


def unanswered(error: TransportError) -> str:
    """No answer, or none that can be read."""
    if isinstance(error, SSLError):
        return f"The index does not prove who it is: {error.message}. Name its authority in storage.index_ca_file."
    if isinstance(error, ConnectionTimeout):
        return "The index did not answer in time. See the server's load, then try again."
    if isinstance(error, NotConnected):
        return f"The index cannot be reached: {error.message}. Start it, or mend storage.index."
    return f"What answers does not speak like Elasticsearch: {error.message}. Mend storage.index."
