"""
Sites of the city: newsrooms and pages, read by their sitemap.

The address of an account is the site, `https://city.example/`, or a section of it, `https://city.example/news/`; pages outside of
it are not read. Each page that is an article of its own is one post, and the documents that it links to on its own host are among its media. A page is fetched when it is new, when the sitemap says that it changed
and, where the sitemap says nothing, while it is young.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from crawlers.account_spider import AccountSpider
from crawlers.answers import require_found
from crawlers.articles import links_on, read_article
from crawlers.byline import byline, names_holder
from crawlers.markup import titled
from crawlers.platform import Manifest, Page, PageRequest, Progress, Reading
from crawlers.sitemaps import Listed, read_sitemap
from crawlers.values import distinct, documents, host_of, medium, time_of, url_of
from footprint.accounts import Account
from footprint.errors import BadInput, SourceError
from footprint.posts import MediaKind, ObservedPost

MANIFEST = Manifest(
    name="city",
    title="City website",
    reads="the public pages of a site, or of a section of it",
    authority="public pages, as far as robots.txt allows",
    terms_url="https://www.sitemaps.org/protocol.html",
    terms_reviewed_on=date(2026, 11, 20),
    requests_per_minute=30,
)

DOCUMENTS = frozenset(
    {".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".odt", ".ods", ".csv", ".txt", ".ics"}
)
FILES = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".mp3", ".mp4", ".mov", ".zip", ".gz"})
NO_PAGES = DOCUMENTS | FILES | {".xml", ".rss", ".json"}

# Parameters of a link that lead to more of a list; others lead into calendars and filters without end.
PAGING = frozenset({"page", "paged", "p"})


def native_id(address: str) -> str:
    """The address itself, as that of a folder: what stands below it is the account's."""
    url = url_of(address)
    parts = urlsplit(url or "")
    if url is None or parts.query or parts.fragment:
        raise BadInput(
            f"'{address}' is no address of a site. One looks like https://city.example/ or https://city.example/news/."
        )
    return f"{parts.scheme}://{host_of(url)}{parts.path.rstrip('/')}/"


def start(account: Account, progress: Progress) -> tuple[PageRequest, ...]:
    return (PageRequest(url=_sitemap_of(account), role="sitemap"),)


def read(page: Page, account: Account, progress: Progress) -> Reading:
    if page.request.url == _sitemap_of(account) and _has_no_sitemap(page):
        return Reading(next=(_page(Listed(url=account.native_id), follow=True),))
    require_found(page)
    match page.request.role:
        case "sitemap":
            return _read_sitemap(page, account, progress)
        case "page":
            return _read_page(page, account, progress)
        case _:
            return Reading()


def parse_posts(
    body: bytes,
    *,
    url: str,
    content_type: str = "",
    listed: Listed | None = None,
    answered_at: datetime | None = None,
) -> list[ObservedPost]:
    """
    The article of one page, none where the page only lists others. `listed` is what the sitemap says of it.

    A page that tells no time of publication takes that of the sitemap, else of its last change, else `answered_at`, and its `visibility` says
    so. Raises SourceError where there is none of them.
    """
    article = read_article(body, url, content_type=content_type)
    if article is None:
        return []
    known = listed or Listed(url=url)
    told = article.published or known.published
    created_at = told or article.modified or known.changed or answered_at
    if created_at is None:
        raise SourceError(f"{url} tells no time, and neither does the sitemap.")
    return [
        ObservedPost(
            platform=MANIFEST.name,
            native_id=article.url,
            author=byline(article.authors),
            permalink=article.url,
            text=titled(article.title, article.text),
            language=article.language,
            created_at=created_at,
            edited_at=article.modified if article.modified and article.modified > created_at else None,
            visibility=f"public page{'' if told else '; it tells no time of publication, this is its last change'}",
            media=distinct(
                (
                    *article.media,
                    *(medium(image, url, kind=MediaKind.IMAGE, alt=alt) for image, alt in known.images),
                    *documents(article.links, article.url),
                )
            ),
            links=article.links,
        )
    ]


def is_author(post: ObservedPost, account: Account) -> bool:
    return names_holder(post, account)


def look_up(native_id: str, permalink: str, account: Account) -> PageRequest:
    return PageRequest(url=permalink, role="look-up")


class CitySpider(AccountSpider):
    """Reads one site, or a section of it."""

    name = "city"


def _sitemap_of(account: Account) -> str:
    return urljoin(account.native_id, "/sitemap.xml")


def _has_no_sitemap(page: Page) -> bool:
    """Some servers answer with a page of their own, not with 404."""
    return page.status in (404, 410) or "html" in page.headers.get("content-type", "")


def _read_sitemap(page: Page, account: Account, progress: Progress) -> Reading:
    sitemap = read_sitemap(page.body, page.url, content_type=page.headers.get("content-type", ""))
    parts = (part for part in sitemap.parts if host_of(part) == host_of(account.native_id))
    pages = {listed.url: listed for listed in sitemap.pages if _is_inside(listed.url, account)}
    due = (_page(listed, sitemap=page.request.url) for listed in pages.values() if _is_due(listed, progress))
    return Reading(
        next=(*(PageRequest(url=part, role="sitemap") for part in parts), *due),
        missing=tuple(_vanished(page.request.url, pages, progress)),
    )


def _read_page(page: Page, account: Account, progress: Progress) -> Reading:
    context, content_type = page.request.context, page.headers.get("content-type", "")
    posts = parse_posts(
        page.body,
        url=page.url,
        content_type=content_type,
        listed=_listed(context, page.url),
        answered_at=time_of(page.headers.get("last-modified")) or time_of(page.headers.get("date")),
    )
    links = links_on(page.body, page.url, content_type=content_type) if context.get("follow") and not posts else ()
    further = (Listed(url=link) for link in links if _is_worth_following(link, account))
    known = {"sitemap": context.get("sitemap"), "changed": context.get("changed")}
    for post in posts:
        known |= {"id": post.native_id, "created": post.created_at.isoformat()}
    return Reading(
        posts=tuple(posts),
        next=tuple(_page(listed, follow=True) for listed in further if _is_due(listed, progress)),
        state={page.request.url: known},
    )


def _page(listed: Listed, **context: Any) -> PageRequest:
    """The request for a page; what the sitemap says of it travels along."""
    said = {
        "changed": listed.changed and listed.changed.isoformat(),
        "published": listed.published and listed.published.isoformat(),
        "images": [list(image) for image in listed.images],
    }
    return PageRequest(
        url=listed.url, role="page", context={name: value for name, value in (said | context).items() if value}
    )


def _listed(context: Mapping[str, Any], url: str) -> Listed:
    return Listed(
        url=url,
        changed=time_of(context.get("changed")),
        published=time_of(context.get("published")),
        images=tuple((image, caption) for image, caption in context.get("images", ())),
    )


def _is_due(listed: Listed, progress: Progress) -> bool:
    """Whether a page is new, has changed, or is young and nobody says whether it has."""
    known = progress.state.get(listed.url)
    if not isinstance(known, Mapping):
        return True
    if listed.changed is not None:
        return listed.changed.isoformat() != known.get("changed")
    created_at = time_of(known.get("created"))
    return created_at is None or created_at >= progress.reread_from


def _vanished(sitemap: str, pages: Mapping[str, Listed], progress: Progress) -> Iterable[str]:
    """Posts of pages that this sitemap listed before and lists no longer."""
    for url, known in progress.state.items():
        if isinstance(known, Mapping) and known.get("sitemap") == sitemap and known.get("id") and url not in pages:
            yield known["id"]


def _is_inside(url: str, account: Account) -> bool:
    parts, home = urlsplit(url), urlsplit(account.native_id)
    is_below = f"{parts.path or '/'}/".startswith(home.path)
    return (
        host_of(url) == host_of(account.native_id)
        and is_below
        and PurePosixPath(parts.path).suffix.lower() not in NO_PAGES
    )


def _is_worth_following(url: str, account: Account) -> bool:
    return _is_inside(url, account) and PAGING.issuperset(
        name for name, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True)
    )
