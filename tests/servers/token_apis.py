"""
The APIs of ten platforms that answer to the operator's token alone, and an account on each; run in a world where their names lead here.

    python -m benchmarks.world token_apis FOLDER

Each lists its posts newest first, by its own way of paging, shows one by its id, and refuses whoever lacks the token, with 401. Every account is crawled;
then one post is edited, one is deleted, one is left out of the list though it stands, tokens that can be fetched are withdrawn, and every account
is crawled again. The record lies in FOLDER afterwards; what was asked and what became of it is printed as JSON.
"""

import asyncio
import hashlib
import hmac
import json
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from benchmarks.residents import LONG_AGO, crawl, example, register
from benchmarks.world import Answer, Asked, World
from crawlers.launch import CrawlJob
from crawlers.platforms import platform_of
from footprint.coverage import Run
from footprint.jurisdiction import Policy
from footprint.settings import Crawl
from footprint.store.record import migrate, open_record

TOKEN, SECRET = "token-of-the-operator", "secret-of-the-app"
PROOF = hmac.new(SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()
X_EPOCH_MS = 1288834974657
HOUR_S = 3600
NUMBER, NSID, CHANNEL = "310731", "310731@N01", "UC3107310000000000000000"

EDITED, DELETED, HIDDEN = 1, 2, 3
"""Which posts, counted from the newest, change between the crawls."""


class Gone(Exception):
    """A post that is asked for by its id and is not there."""


@dataclass
class Shelf:
    """The posts of one account, the newest first: when each was made, and what it says. Numbers are their places at first."""

    count: int
    at_once: int = 2
    now: int = field(default_factory=lambda: int(time.time()))
    has_changed: bool = False

    def words(self, n: int) -> str:
        return f"post {n}, edited" if self.has_changed and n == EDITED else f"post {n}"

    def at(self, n: int) -> int:
        """Seconds since 1970."""
        return self.now - (n + 1) * HOUR_S

    def listed(self) -> list[int]:
        left_out = (DELETED, HIDDEN) if self.has_changed else ()
        return [n for n in range(self.count) if n not in left_out]

    def page(self, start: int) -> tuple[list[int], int | None]:
        """What is listed from a place on, and the place of the next page."""
        after = start + self.at_once
        return self.listed()[start:after], after if after < len(self.listed()) else None

    def one(self, number: str) -> int:
        n = int(number)
        if n not in range(self.count) or (self.has_changed and n == DELETED):
            raise Gone
        return n


Query = Mapping[str, str]
Api = Callable[[Shelf, str, Query, Any], Any]
"""What an API says to a path, a query and a body in JSON. Raises Gone."""


def iso(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def x(shelf: Shelf, path: str, query: Query, body: Any) -> Any:
    def number(n: int, later_s: int = 0) -> str:
        return str((((shelf.at(n) + later_s) * 1000 - X_EPOCH_MS) << 22) + n)

    def post(n: int) -> Any:
        is_edited = shelf.has_changed and n == EDITED
        history = [number(n), number(n, 60)] if is_edited else [number(n)]
        return {"id": history[-1], "text": shelf.words(n), "author_id": NUMBER, "edit_history_tweet_ids": history}

    if "/users/by/" in path:
        return {"data": {"id": NUMBER, "username": "name", "protected": False}}
    included = {"users": [{"id": NUMBER, "username": "name"}]}
    if path.endswith("/tweets"):
        some, following = shelf.page(int(query.get("pagination_token", 0)))
        meta = {"result_count": len(some), **({"next_token": str(following)} if following else {})}
        return {"data": [post(n) for n in some], "includes": included, "meta": meta}
    try:
        return {"data": post(shelf.one(str(int(path.rpartition("/")[2]) % 2**22))), "includes": included}
    except Gone:
        return {"errors": [{"type": "https://api.x.com/2/problems/resource-not-found", "title": "Not Found Error"}]}


def graph(post: Callable[[Shelf, int], Any], account: Mapping[str, str], origin: str, lists: Sequence[str]) -> Api:
    """One of Meta's."""

    def api(shelf: Shelf, path: str, query: Query, body: Any) -> Any:
        last = path.rpartition("/")[2]
        if last == "video_reels":
            return {"data": []}
        if last in lists:
            some, following = shelf.page(int(query.get("after", 0)))
            told = "&".join(
                f"{name}={value}" for name, value in query.items() if name not in ("after", "appsecret_proof")
            )
            link = f"{origin}{path}?{told}&access_token={TOKEN}&after={following}"
            return {"data": [post(shelf, n) for n in some], "paging": {"next": link} if following else {}}
        if last in ("me", account.get("username")):
            return dict(account)
        return {"id": last} if shelf.one(last.rpartition("_")[2]) >= 0 else None

    return api


def facebook_post(shelf: Shelf, n: int) -> Any:
    return {"id": f"{NUMBER}_{n}", "created_time": iso(shelf.at(n)), "from": {"id": NUMBER}, "message": shelf.words(n)}


def instagram_post(shelf: Shelf, n: int) -> Any:
    return {"id": str(n), "timestamp": iso(shelf.at(n)), "username": "name", "media_type": "IMAGE", "caption": shelf.words(n)}  # fmt: skip


def threads_post(shelf: Shelf, n: int) -> Any:
    return {"id": str(n), "timestamp": iso(shelf.at(n)), "username": "name", "media_type": "TEXT_POST", "text": shelf.words(n)}  # fmt: skip


def linkedin(shelf: Shelf, path: str, query: Query, body: Any) -> Any:
    def post(n: int) -> Any:
        return {
            "id": f"urn:li:share:{n}", "author": f"urn:li:organization:{NUMBER}", "visibility": "PUBLIC", "lifecycleState": "PUBLISHED",
            "publishedAt": shelf.at(n) * 1000, "commentary": shelf.words(n),
        }  # fmt: skip

    if path.endswith("/organizations"):
        return {"elements": [{"id": int(NUMBER)}]}
    if path.endswith("/posts"):
        some, _ = shelf.page(int(query["start"]))
        return {"elements": [post(n) for n in some]}
    return post(shelf.one(path.rpartition("%3A")[2]))


def youtube(shelf: Shelf, path: str, query: Query, body: Any) -> Any:
    if path.endswith("/channels"):
        return {"items": [{"id": CHANNEL, "contentDetails": {"relatedPlaylists": {"uploads": "UU1"}}}]}
    if path.endswith("/videos"):
        try:
            return {"items": [{"id": f"v{shelf.one(query['id'].removeprefix('v'))}"}]}
        except Gone:
            return {"items": []}
    some, following = shelf.page(int(query.get("pageToken", 0)))
    items = [
        {"snippet": {"title": shelf.words(n), "channelId": CHANNEL},
         "contentDetails": {"videoId": f"v{n}", "videoPublishedAt": iso(shelf.at(n))}}
        for n in some
    ]  # fmt: skip
    return {"items": items, **({"nextPageToken": str(following)} if following else {})}


def reddit(shelf: Shelf, path: str, query: Query, body: Any) -> Any:
    def thing(n: int) -> Any:
        told = {"title": shelf.words(n), "permalink": f"/r/b/comments/{n}/x/", "created_utc": float(shelf.at(n))}
        return {"kind": "t3", "data": {"name": f"t3_{n}", "author": "name", **told}}

    if path.endswith("/info"):
        try:
            return {"kind": "Listing", "data": {"children": [thing(shelf.one(query["id"].removeprefix("t3_")))]}}
        except Gone:
            return {"kind": "Listing", "data": {"children": []}}
    some, following = shelf.page(int(query.get("after", "t3_0").removeprefix("t3_")))
    after = f"t3_{following}" if following else None
    return {"kind": "Listing", "data": {"after": after, "children": [thing(n) for n in some]}}


def tiktok(shelf: Shelf, path: str, query: Query, body: Any) -> Any:
    if path.endswith("/user/info/"):
        return {"data": {"user": {"username": "name"}}, "error": {"code": "ok"}}
    if path.endswith("/video/query/"):
        known = [n for n in map(int, body["filters"]["video_ids"]) if not (shelf.has_changed and n == DELETED)]
        return {"data": {"videos": [{"id": str(n)} for n in known]}, "error": {"code": "ok"}}
    some, following = shelf.page(body.get("cursor", 0))
    films = [{"id": str(n), "create_time": shelf.at(n), "video_description": shelf.words(n)} for n in some]
    return {"data": {"videos": films, "has_more": following is not None, "cursor": following or 0}, "error": {"code": "ok"}}  # fmt: skip


def tumblr(shelf: Shelf, path: str, query: Query, body: Any) -> Any:
    def post(n: int) -> Any:
        place = f"https://name.tumblr.com/post/{n}"
        content = [{"type": "text", "text": shelf.words(n)}]
        return {"id_string": str(n), "blog_name": "name", "post_url": place, "timestamp": shelf.at(n), "content": content}  # fmt: skip

    if not path.endswith("/posts"):
        return {"response": post(shelf.one(path.rpartition("/")[2]))}
    before = int(query.get("before", shelf.now))
    return {"response": {"posts": [post(n) for n in shelf.listed() if shelf.at(n) < before][: shelf.at_once]}}


def flickr(shelf: Shelf, path: str, query: Query, body: Any) -> Any:
    if query["method"] == "flickr.urls.lookupUser":
        return {"stat": "ok", "user": {"id": NSID}}
    if query["method"] == "flickr.photos.getInfo":
        try:
            return {"stat": "ok", "photo": {"id": str(shelf.one(query["photo_id"]))}}
        except Gone:
            return {"stat": "fail", "code": 1, "message": "Photo not found"}
    number = int(query["page"])
    some, _ = shelf.page((number - 1) * shelf.at_once)
    photos = [{"id": str(n), "owner": NSID, "title": shelf.words(n), "ispublic": 1, "dateupload": str(shelf.at(n))} for n in some]  # fmt: skip
    pages = -(-len(shelf.listed()) // shelf.at_once)
    return {"stat": "ok", "photos": {"page": number, "pages": pages, "photo": photos}}


MET = {"user_id": NUMBER, "username": "name"}
APIS: Mapping[str, tuple[Api, Shelf]] = {
    "x": (x, Shelf(5)),
    "facebook": (
        graph(facebook_post, {"id": NUMBER, "username": "name"}, "https://graph.facebook.com", ["published_posts"]),
        Shelf(5),
    ),
    "instagram": (graph(instagram_post, MET, "https://graph.instagram.com", ["media"]), Shelf(5)),
    "threads": (graph(threads_post, MET, "https://graph.threads.net", ["profile_posts"]), Shelf(5)),
    "linkedin": (linkedin, Shelf(104, at_once=100)),
    "youtube": (youtube, Shelf(5)),
    "reddit": (reddit, Shelf(5)),
    "tiktok": (tiktok, Shelf(5)),
    "tumblr": (tumblr, Shelf(24, at_once=20)),
    "flickr": (flickr, Shelf(5)),
}
SIGNED = ("facebook", "instagram", "threads")
GRANTS = ("reddit", "tiktok")


class TokenServer(HTTPServer):
    """Gives bearers for refresh tokens, each of which it takes once; on a port of its own, outside of the world."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Issuing)
        self.issued = dict.fromkeys(GRANTS, 0)
        self.taken = dict.fromkeys(GRANTS, "")
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def issue(self, name: str, refresh_token: str) -> dict[str, Any]:
        """A bearer, which is taken from now on, and the next refresh token."""
        if refresh_token != f"refresh-{self.issued[name]}":
            return {"error": "invalid_grant"}
        self.issued[name] += 1
        self.taken[name] = f"bearer-{self.issued[name]}-of-{name}"
        following = f"refresh-{self.issued[name]}"
        return {"access_token": self.taken[name], "expires_in": 86400, "refresh_token": following}

    def withdraw(self) -> None:
        """Take none of those any more that were given."""
        self.taken = dict.fromkeys(GRANTS, "")


class _Issuing(BaseHTTPRequestHandler):
    server: TokenServer

    def do_POST(self) -> None:
        name = self.path.strip("/")
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        given = self.server.issue(name, form.get("refresh_token", ""))
        said = json.dumps(given).encode()
        self.send_response(400 if "error" in given else 200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *args: Any) -> None:
        pass


class Town:
    """All APIs, by their hosts; what each was asked, and whether it refused."""

    def __init__(self, server: TokenServer) -> None:
        self.asked: dict[str, list[tuple[str, int]]] = {name: [] for name in APIS}
        self._server = server
        self._names = {host: name for name in APIS for host in platform_of(name).MANIFEST.api_hosts}

    def answer(self, asked: Asked) -> Answer:
        parts = urlsplit(asked.url)
        name = self._names[parts.netloc]
        query = dict(parse_qsl(parts.query))
        status, said = self._say(name, parts.path, query, asked)
        self.asked[name].append((f"{parts.path}?{parts.query}", status))
        return Answer(status=status, body=json.dumps(said).encode(), headers={"Content-Type": "application/json"})

    def _say(self, name: str, path: str, query: Query, asked: Asked) -> tuple[int, Any]:
        if not self._is_known(name, query, asked.headers):
            return 401, {"error": {"code": "access_token_invalid" if name == "tiktok" else 190}}
        api, shelf = APIS[name]
        try:
            return 200, api(shelf, path, query, json.loads(asked.body or b"null"))
        except Gone:
            is_meta = name in SIGNED
            return (400, {"error": {"code": 100, "error_subcode": 33}}) if is_meta else (404, {"message": "Not Found"})

    def _is_known(self, name: str, query: Query, headers: Mapping[str, str]) -> bool:
        bearer = f"Bearer {self._server.taken[name] if name in GRANTS else TOKEN}"
        match platform_of(name).MANIFEST.token_place:
            case "Authorization":
                is_proven = name not in SIGNED or query.get("appsecret_proof") == PROOF
                return headers.get("authorization") == bearer and is_proven
            case "?api_key":
                return query.get("api_key") == TOKEN and "authorization" not in headers
            case place:
                return headers.get(place.lower()) == TOKEN and "authorization" not in headers


def tokens_file(folder: Path, server: TokenServer) -> Path:
    """What an operator would write."""
    hosts = {name: platform_of(name).MANIFEST.api_hosts[0] for name in APIS}
    lines = [f'"{host}" = "{TOKEN}"' for name, host in hosts.items() if name not in (*SIGNED, *GRANTS)]
    for name in SIGNED:
        lines += [f'["{hosts[name]}"]', f'token = "{TOKEN}"', f'app_secret = "{SECRET}"']
    for name in GRANTS:
        place = f"http://127.0.0.1:{server.server_port}/{name}"
        lines += [f'["{hosts[name]}"]', 'client_id = "us"', f'client_secret = "{SECRET}"', f'token_url = "{place}"']
        lines += ['grant = "refresh_token"', 'refresh_token = "refresh-0"']
    file = folder / "tokens.toml"
    file.touch(mode=0o600)
    file.write_text("\n".join(lines) + "\n")
    return file


async def live(world: World, arguments: Sequence[str]) -> None:
    folder = Path(arguments[0])
    server = TokenServer()
    town = Town(server)
    world.answer = town.answer
    accounts = {name: example(platform_of(name)) for name in APIS}
    told = {
        "enabled": True, "contact_url": "https://department.example/crawler", "allowed_networks": ["127.0.0.1/32"], "monthly_usd": 100,
        "tokens_file": str(tokens_file(world.folder, server)), "timeout_s": 600.0, "account_timeout_s": 36000.0,
    }  # fmt: skip
    url = f"sqlite:///{folder / 'record.db'}"
    migrate(url)

    async def scan(number: int) -> dict[str, Any]:
        with record.transaction() as tx:
            tx.add(Run(id=f"run {number}", actor="test", started_at=datetime.now(UTC)))
        jobs = [
            CrawlJob(
                run_id=f"run {number}", account_id=account.id, record_url=url, blobs_url=f"file:{folder / 'blobs'}",
                crawl=Crawl.model_validate(told), policy=Policy(version="1", effective_from=LONG_AGO), work=folder / "work",
            )
            for account in accounts.values()
        ]  # fmt: skip
        ended = await asyncio.gather(*(crawl(record, job) for job in jobs))
        asked = {name: list(some) for name, some in town.asked.items()}
        for some in town.asked.values():
            some.clear()
        return {
            name: {"reason": result.finish_reason, "errors": result.errors, "asked": asked[name]}
            for name, result in zip(APIS, ended, strict=True)
        }

    with closing(open_record(url)) as record:
        register(record, accounts.values())
        first = await scan(1)
        server.withdraw()
        for _, shelf in APIS.values():
            shelf.has_changed = True
        sys.stdout.write(json.dumps([first, await scan(2)]))
