"""
The index on an Elasticsearch server 9.x: `elasticsearch+https://HOST:9200,HOST:9200/NAME`.

NAME is an alias; behind it stands one index of NAME-000001, NAME-000002, … A rebuild makes the next one, moves the alias in one atomic
step, and deletes the older. Meanwhile the older takes no writes, lest they go with it: they are refused, and the outbox brings them again.
docs/elasticsearch.md says what the API key must be allowed.
"""

import re
import ssl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from elastic_transport import NodeConfig
from elasticsearch import ApiError, BadRequestError, Elasticsearch, TransportError, UnsupportedProductError
from elasticsearch.helpers import streaming_bulk

from footprint.documents import FindingDocument
from footprint.errors import BadConfiguration, RecordUnavailable
from footprint.index import bodies, refusals
from footprint.index.pages import place_of, read, require_searchable, written
from footprint.index.rows import FACETS, document_from
from footprint.ports import FindingIndex, SearchPage
from footprint.query import Query

SEARCH_S = 30.0
WRITE_S = 120.0
"""Seconds for one request. A write waits up to a minute for a shard whose node was lost."""

RETRIES = 6
"""How often documents that a busy or shaken server refused are sent again, after 0.25 s, 0.5 s, … 8 s."""

_BUSY = (429, 502, 503)
_URL = re.compile(r"elasticsearch\+(?P<scheme>https?)://(?P<hosts>[^/?#@]+)/(?P<name>[a-z0-9][a-z0-9_-]{0,99})")


def connect(url: str, *, api_key: str | None, ca_file: str | None) -> FindingIndex:
    """The index behind an alias, on any of several nodes. Makes no request yet."""
    match = _URL.fullmatch(url)
    if match is None:  # what was written is not repeated: it may hold a password
        raise BadConfiguration(
            "storage.index: write elasticsearch+https://HOST:9200/NAME, several hosts with commas between, NAME in small letters, "
            "and no password: an API key goes into the file of storage.index_api_key_file."
        )
    scheme = match["scheme"]
    trust = _trust(ca_file) if scheme == "https" else None
    client = Elasticsearch(
        [_node(scheme, host, trust) for host in match["hosts"].split(",")],
        api_key=api_key,
        request_timeout=SEARCH_S,
        max_retries=3,
        retry_on_timeout=True,
        retry_backoff_base=0.1,
        retry_backoff_cap=2.0,
    )
    return ElasticsearchIndex(client, match["name"])


def _node(scheme: str, address: str, trust: ssl.SSLContext | None) -> NodeConfig:
    try:
        parts = urlsplit(f"{scheme}://{address}")
        host, port = parts.hostname, parts.port or 9200
    except ValueError as error:
        raise BadConfiguration(f"storage.index: '{address}' is no host: {error}.") from error
    if not host:
        raise BadConfiguration("storage.index: a host is empty. Write HOST:9200.")
    return NodeConfig(scheme, host, port, ssl_context=trust)


def _trust(ca_file: str | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        raise BadConfiguration(
            f"storage.index_ca_file: {ca_file} is no readable PEM file with certificates ({error})."
        ) from error


class ElasticsearchIndex:
    """Findings behind an alias. Safe for several threads and processes; one rebuild at a time."""

    def __init__(self, client: Elasticsearch, name: str) -> None:
        self._client = client
        self._name = name

    def create(self) -> None:
        """Make the first index and its alias, in one step, where the alias is not there yet."""
        with self._asking():
            if self._client.indices.exists_alias(name=self._name):
                return
            try:
                self._make(f"{self._name}-000001", alias=self._name)
            except BadRequestError as error:
                if error.error != refusals.ALREADY_THERE or not self._client.indices.exists_alias(name=self._name):
                    raise

    def put(self, documents: Iterable[FindingDocument]) -> None:
        """Insert or replace by id; returns when they can be found."""
        with self._asking():
            self._require_layout()
            self._send(self._name, map(_insertion, documents), refresh="wait_for")

    def remove(self, ids: Iterable[str]) -> None:
        """Delete findings; no error where absent. Returns when they cannot be found any more."""
        with self._asking():
            self._require_layout()
            self._send(self._name, ({"_op_type": "delete", "_id": key} for key in ids), refresh="wait_for")

    def search(self, query: Query, *, size: int = 20, after: str | None = None) -> SearchPage:
        """One page of the findings that match; hits and counts are of the same moment."""
        require_searchable(query, size)
        behind = read(after) if after else None
        with self._asking():
            self._require_layout()
            answer = self._client.search(index=self._name, **bodies.search(query, behind=behind, limit=size + 1))
        found = answer["hits"]["hits"]
        hits = tuple(document_from(hit["_source"]) for hit in found[:size])
        return SearchPage(
            hits=hits,
            total=answer["hits"]["total"]["value"],
            facets={name: _counts(answer["aggregations"][name]) for name in FACETS},
            after=written(place_of(hits[-1])) if hits and len(found) > size else None,
        )

    def rebuild(self, documents: Iterable[FindingDocument]) -> int:
        """Build the next index, move the alias, delete the older. Where it fails, the older serves on."""
        with self._asking():
            older = self._versions()
            newest = f"{self._name}-{1 + max(map(_number, older), default=0):06d}"
            building = f"{newest}-building"
            self._make(newest, alias=building)
            try:
                if older:
                    self._client.indices.add_block(index=older, block="write")
                self._send(building, map(_insertion, documents), refresh=False)
                self._client.indices.refresh(index=newest)
                count = int(self._client.count(index=newest)["count"])
                self._switch(older, newest, building)
            except BaseException:
                self._abandon(older, newest)
                raise
            # Only now, lest a search that found the alias in its old place meet an index that is gone.
            if older:
                self._client.indices.delete(index=older, ignore_unavailable=True)
            return count

    def check(self) -> str:
        """Which index serves, what it holds, and whether all its copies are there."""
        with self._asking():
            index = self._require_layout()
            count = self._client.count(index=index)["count"]
            copies = self._client.indices.stats(index=index, metric="docs")["_shards"]
            return f"{index}: {count} findings, {copies['successful']} of {copies['total']} copies in service"

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _make(self, index: str, *, alias: str) -> None:
        self._client.options(request_timeout=WRITE_S).indices.create(
            index=index, aliases={alias: {}}, settings=bodies.settings(), mappings=bodies.mappings()
        )

    def _send(self, alias: str, actions: Iterable[dict[str, Any]], *, refresh: bool | str) -> None:
        """Send in chunks. An alias that is gone is an error, lest the server make an index of that name by itself."""
        results = streaming_bulk(
            self._client.options(request_timeout=WRITE_S),
            actions,
            max_chunk_bytes=16 * 2**20,
            raise_on_error=False,  # else a refusal of single documents would not be retried
            max_retries=RETRIES,
            initial_backoff=0.25,
            max_backoff=8,
            retry_on_status=_BUSY,
            yield_ok=False,
            index=alias,
            require_alias=True,
            refresh=refresh,
        )
        for _, result in results:
            ((_, item),) = result.items()
            if "error" in item:  # deleting what is not there is "not_found", without one
                raise RecordUnavailable(refusals.refused(item["status"], item["error"]))

    def _versions(self) -> list[str]:
        found = self._client.indices.get_alias(index=f"{self._name}-*")
        return sorted((index for index in found if re.fullmatch(rf"{self._name}-\d{{6,}}", index)), key=_number)

    def _switch(self, older: list[str], newest: str, building: str) -> None:
        if self._versions() != [*older, newest]:
            raise RecordUnavailable("Another rebuild of the index was faster or goes on. Run one at a time.")
        left = [(index, self._name) for index in older] + [(newest, building)]
        self._client.indices.update_aliases(  # each action may be repeated, as the client does where an answer is lost
            actions=[
                {"add": {"index": newest, "alias": self._name}},
                *({"remove": {"index": index, "alias": alias, "must_exist": False}} for index, alias in left),
            ]
        )

    def _abandon(self, older: list[str], newest: str) -> None:
        with suppress(ApiError, TransportError):
            if not self._client.indices.exists_alias(index=newest, name=self._name):
                self._client.indices.delete(index=newest, ignore_unavailable=True)
            if older:
                unblocked = {"index.blocks.write": None}
                self._client.indices.put_settings(index=older, settings=unblocked, ignore_unavailable=True)

    def _require_layout(self) -> str:
        """The index behind the alias. Raises RecordUnavailable where it was laid out by another version."""
        ((index, found),) = self._client.indices.get_mapping(index=self._name).items()
        if found["mappings"].get("_meta", {}).get("layout") != bodies.mappings()["_meta"]["layout"]:
            raise RecordUnavailable(f"The index {index} is of another version of Footprint. {refusals.REINDEX}")
        return str(index)

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Turns whatever the client raises into RecordUnavailable with the mend."""
        try:
            yield
        except UnsupportedProductError as error:
            raise RecordUnavailable("What answers is not Elasticsearch. Mend storage.index.") from error
        except ApiError as error:
            raise RecordUnavailable(refusals.refused(error.status_code, _cause(error.body))) from error
        except TransportError as error:
            raise RecordUnavailable(refusals.unanswered(error)) from error


def _insertion(document: FindingDocument) -> dict[str, Any]:
    return {"_op_type": "index", "_id": document.id, "_source": bodies.source(document)}


def _counts(aggregation: Mapping[str, Any]) -> dict[str, int]:
    return {bucket["key"]: bucket["doc_count"] for bucket in aggregation["buckets"]}


def _number(index: str) -> int:
    return int(index.rpartition("-")[2])


def _cause(body: Any) -> Mapping[str, Any]:
    """The `error` of an answer, which a proxy's answer does not have."""
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, dict) else {}
