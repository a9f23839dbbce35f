"""Whether the policy reaches a post at all: a question of time, asked before anything is kept."""

from dataclasses import dataclass
from datetime import datetime

from footprint.accounts import Account, AccountRole, Registrant


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The policy in force: its version and the moment from which it binds."""

    version: str
    effective_from: datetime


def out_of_jurisdiction(posted_at: datetime, registrant: Registrant, account: Account, policy: Policy) -> str:
    """
    Why the policy does not reach a post published at that moment, in words; "" where it does.

    A post is reached from the latest of: policy in force, registrant employed and, unless the account is an official one, policy notice
    acknowledged; until separation. Each boundary's own moment belongs to the later side.
    """
    if posted_at < policy.effective_from:
        return "published before the policy was in force"
    if posted_at < registrant.employed_from:
        return "published before employment began"
    if registrant.employed_until is not None and posted_at >= registrant.employed_until:
        return "published after employment ended"
    if account.role is AccountRole.OFFICIAL:
        return ""
    if registrant.notice_acknowledged_at is None or posted_at < registrant.notice_acknowledged_at:
        return "published before the policy notice was acknowledged"
    return ""
