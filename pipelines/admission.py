"""Who comes in: only posts that the registered holder published, and that the policy reaches. Asked before anything is kept."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from footprint.accounts import Account, AccountEvent, Registrant, require_scannable
from footprint.errors import NotPermitted
from footprint.jurisdiction import Policy, out_of_jurisdiction
from footprint.ports import Reader
from footprint.posts import ObservedPost, PostKind
from pipelines.ledger import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """The rules for one account. `is_author` is the platform's."""

    account: Account
    registrant: Registrant
    policy: Policy
    is_author: Callable[[ObservedPost, Account], bool]

    def refusal(self, post: ObservedPost) -> str:
        """Why a post is dropped, in words that name nobody; "" where it comes in."""
        if post.kind is PostKind.REPOST:
            return "repost of somebody else's"
        if post.platform != self.account.platform or not self.is_author(post, self.account):
            return "published by somebody else"
        return out_of_jurisdiction(post.created_at, self.registrant, self.account, self.policy)


@dataclass(frozen=True, slots=True)
class Sorted:
    """The posts of a page after admission: by post id, the last of several with the same id; and how many were refused why."""

    admitted: dict[str, ObservedPost] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)


def sort(posts: Iterable[ObservedPost], admission: Admission) -> Sorted:
    """Let the posts of a page in, or not."""
    result = Sorted()
    for post in posts:
        if reason := admission.refusal(post):
            result.refused.append(reason)
        else:
            result.admitted[post_id(admission.account, post.native_id)] = post
    return result


def post_id(account: Account, native_id: str) -> str:
    """Identity of a post: `platform:native_id`."""
    return f"{account.platform}:{native_id}"


def require_live(record: Reader, account: Account, clock: Clock) -> None:
    """Raise NotPermitted unless the account may be read now, by what the record says now."""
    registrant = record.get(Registrant, account.registrant_id)
    if registrant is None:
        raise NotPermitted(f"{account.id}: its holder {account.registrant_id} is not registered")
    require_scannable(account, registrant, record.select(AccountEvent, account_id=account.id), clock())
