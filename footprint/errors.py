"""
Every error that the house raises, drawn as a tree by what the caller should do next.

    FootprintError
    ├── NotPermitted        no live basis covers the act; never retried
    │   └── RobotsDenied    robots.txt forbids the fetch, or could not be asked
    ├── SourceError         a platform answered, but not with what we asked for
    │   ├── RateLimited     try again after `retry_after_s`
    │   ├── NotPublic       a login wall; nothing is kept
    │   └── SourceGone      account or post deleted; record it and stop
    ├── UnreadableMedia     bytes that are not media we can decode
    │   └── UnsupportedMedia  sound media that no detector can look at
    ├── BadConfiguration    raised at start-up, names the setting and the mend
    │   └── NetworkUnusable  the weights of a network; what needs it cannot look, all else does
    ├── BadInput            a person asked for something that cannot be; names the mend
    └── RecordUnavailable   the record, the blobs or the index cannot be reached or written
"""


class FootprintError(Exception):
    """Root of all errors of this house."""


class NotPermitted(FootprintError):
    """No live basis, role or permission covers the act. Never retried."""


class RobotsDenied(NotPermitted):
    """robots.txt forbids the fetch, or could not be asked: then `is_final` is False and a later run asks again."""

    def __init__(self, message: str, *, is_final: bool) -> None:
        super().__init__(message)
        self.is_final = is_final


class SourceError(FootprintError):
    """A platform answered, but not with what we asked for."""


class RateLimited(SourceError):
    """The platform asks us to wait."""

    def __init__(self, message: str, *, retry_after_s: float) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class NotPublic(SourceError):
    """A login wall. Nothing is kept."""


class SourceGone(SourceError):
    """The account or post was deleted. Record it and stop."""


class UnreadableMedia(FootprintError):
    """Bytes that are not media we can decode within the limits."""


class UnsupportedMedia(UnreadableMedia):
    """Sound media of a sort that no detector can look at, such as a recording without pictures."""


class BadConfiguration(FootprintError):
    """A setting that cannot work. The message names the setting and the mend."""


class NetworkUnusable(BadConfiguration):
    """Weights or a network that are missing or cannot be used. The detector that needs them cannot look; the others do."""


class BadInput(FootprintError):
    """A person asked for something that cannot be. The message names the mend."""


class RecordUnavailable(FootprintError):
    """The record, the blobs or the index cannot be reached or written. What was recorded is safe; try again."""
