"""
Imports of what a holder handed over: recorded as a run of its own, by the rules of a crawl, without a request.

An import is a run with coverage like a scan: each part of the export is a page, each of its media a fetch, so that what could not be read is
told in the same place. Posts go through admission, and their media through the detectors. Doing it twice finds everything unchanged.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path

from crawlers.bundle import Bundle, opened
from crawlers.capture import resource
from crawlers.export import Export, Holder, Part, is_holders
from crawlers.handovers import require_recognised
from crawlers.platforms import platform_of
from flows.alone import alone
from flows.by_hand import begin, detect, end
from flows.wiring import House, now
from footprint.accounts import Account, Registrant
from footprint.acts.authority import require
from footprint.coverage import LOOKED_AT, CoverageEntry, Outcome, Run, Target
from footprint.digests import canonical, digest, sha256
from footprint.dossiers import require_recorded
from footprint.errors import BadInput, SourceError, UnreadableMedia
from footprint.findings import ScanOutcome
from footprint.posts import LOCAL, ObservedPost, body
from footprint.users import Role, User
from pipelines.admission import Admission
from pipelines.coverage import close_plans, is_complete
from pipelines.ledger import ending_of
from pipelines.media import mime_of
from pipelines.recording import Exchange, Recorder, SeenPage

ATTESTATION_MIN_CHARACTERS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """
    What an import came to. `unreadable` counts broken items of the export, `refused` posts that were not let in, by why; `coverage` how its
    parts and media ended, `unseen` says of each that was not looked at why; `pictures` counts how the detectors' looks ended, `unable` says
    why a detector cannot look.
    """

    run_id: str
    format: str
    posts: int
    versions: int
    media: int
    unreadable: int
    refused: Mapping[str, int]
    coverage: Mapping[Outcome, int]
    unseen: Mapping[str, str]
    pictures: Mapping[ScanOutcome, int]
    unable: Mapping[str, str]
    new_findings: int

    @property
    def is_complete(self) -> bool:
        """Whether everything could be looked at."""
        return is_complete(self.coverage, self.pictures, self.unable)


def bring_in(house: House, file: Path, account_id: str, *, actor: User, attested: str = "") -> Imported:
    """
    Import an export of a registered account that may be read now.

    `attested` says how a person knows that its posts were public, where the export itself does not prove that. Raises BadInput where the
    file is no export of this account, NotPermitted where the account may not be read.
    """
    require(actor, Role.REGISTRAR)
    account = house.record.get(Account, account_id)
    if account is None:
        raise BadInput(f"There is no account {account_id}. `footprint account list` shows those that there are.")
    with alone(house), opened(file) as bundle:
        export = require_recognised(bundle, account.platform)
        _require_its_own(export, bundle, account)
        said = _attestation(export, attested)
        return _bring_in(house, bundle, export, account, file, actor=actor, attested=said)


def _require_its_own(export: Export, bundle: Bundle, account: Account) -> None:
    if not is_holders(export, bundle, account):
        raise BadInput(
            f"{bundle.title} is the export of another account ({', '.join(sorted(export.holders(bundle)))}), not of {account.id}."
        )


def _attestation(export: Export, attested: str) -> str:
    """The reason that was given; "" where none is needed."""
    if export.FORMAT.proves_public:
        return ""
    said = attested.strip()
    if not said:
        raise BadInput(
            f"This export ({export.FORMAT.title}) does not prove that its posts were public. "
            "Mend: --attest-public 'how you know that they were'."
        )
    if len(said) < ATTESTATION_MIN_CHARACTERS:
        raise BadInput(
            f"--attest-public '{said}' is too short: say in at least {ATTESTATION_MIN_CHARACTERS} characters how you know that the posts were public."
        )
    return said


def _bring_in(
    house: House, bundle: Bundle, export: Export, account: Account, file: Path, *, actor: User, attested: str
) -> Imported:
    at = now()
    run = Run(id=digest("import", actor.name, account.id, at.isoformat()), actor=actor.name, started_at=at)
    recorder = _recorder(house, export, account, run)
    recorder.require_live()
    source = f"export:{_hash_of(file, bundle)[:16]}"
    detail = {"format": export.FORMAT.name, "export": source, "attested": bool(attested)}
    begin(house, run, account, action="export.imported", purpose=attested, detail=detail)
    try:
        unreadable = _record(house, bundle, export, account, recorder, source, attested)
        recorder.finish(None)
        found = detect(house, run)
    except BaseException:
        close_plans(house.record, run.id, at=now())
        end(house, run, actor, "failed")
        raise
    entries = tuple(house.record.select(CoverageEntry, run_id=run.id))
    done = Imported(
        run_id=run.id,
        format=export.FORMAT.name,
        posts=recorder.posts_seen,
        versions=recorder.versions_added,
        media=recorder.media.fetched,
        unreadable=unreadable,
        refused=dict(recorder.refused),
        coverage=Counter(entry.outcome for entry in entries),
        unseen={entry.url.removeprefix(LOCAL): entry.detail for entry in entries if entry.outcome not in LOOKED_AT},
        pictures=found.pictures,
        unable=found.unable,
        new_findings=found.new_findings,
    )
    end(house, run, actor, "complete" if done.is_complete else "incomplete")
    return done


def _recorder(house: House, export: Export, account: Account, run: Run) -> Recorder:
    """Records by the rules of a crawl. An export is its holder's by whose it is; an archive of answers by what each says."""
    registrant = require_recorded(house.record, Registrant, account.registrant_id)
    own = platform_of(account.platform).is_author if export.FORMAT.proves_public else _is_holder
    policy = house.settings.department.policy()
    admission = Admission(account=account, registrant=registrant, policy=policy, is_author=own)
    return Recorder(house.record, house.blobs, admission=admission, run_id=run.id, clock=now)


def _is_holder(post: ObservedPost, account: Account) -> bool:
    return post.author == account.native_id


def _record(
    house: House, bundle: Bundle, export: Export, account: Account, recorder: Recorder, source: str, attested: str
) -> int:
    """Record the parts one by one. Returns how many items were broken."""
    holder = Holder(
        platform=account.platform,
        author=account.native_id,
        address=account.address,
        visibility=f"{export.FORMAT.title} of the holder; public by attestation of a person: {attested}",
    )
    broken = 0
    try:
        for part in export.read(bundle, holder):
            broken += part.unreadable
            _record_part(house, part, recorder, f"{source}/{part.source}")
    except SourceError as error:
        raise BadInput(f"{bundle.title} was not read further: {error}") from error
    return broken


def _record_part(house: House, part: Part, recorder: Recorder, url: str) -> None:
    at = now()
    recorder.ledger.plan_all(Target.PAGE, [url])
    page = SeenPage(
        exchange=Exchange(url=url, status=200, at=at, warc=lambda whole: _capture(part, url, at, whole=whole)),
        posts=part.posts,
        detail=f"{part.unreadable} broken items were left out" if part.unreadable else "",
    )
    for address in recorder.page(page):
        read = part.files.get(address)
        if read is None:
            later = "" if address.startswith(LOCAL) else "; the next scan asks for it"
            recorder.ledger.end_now(address, Outcome.ERROR, detail=f"not in the export{later}")
            continue
        try:
            data = read(house.settings.crawl.max_media_bytes)
            mime = mime_of(data)
        except (BadInput, UnreadableMedia) as error:
            outcome, detail = ending_of(error)
            recorder.ledger.end_now(address, outcome, detail=detail)
        else:
            recorder.media.keep(address, data, mime)


def _capture(part: Part, url: str, at: datetime, *, whole: bool) -> bytes:
    """What was read of a part, as its normal form: the export itself stays with who handed it over."""
    return resource(url, canonical([body(post).decode() for post in part.posts]), at, whole=whole)


def _hash_of(file: Path, bundle: Bundle) -> str:
    """Hash of the file that was handed over; of a folder, that of the names in it."""
    if file.is_dir():
        return sha256(canonical(list(bundle.find(".*"))))
    with file.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()
