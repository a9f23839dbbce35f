"""`footprint registrant` and `footprint account`: whom the service may look at."""

import csv
import io
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from flows.capturing import look_for
from flows.commands.context import As, Config, Json, Reason, acting, bytes_of, house, moment, show
from flows.wiring import House, SpiderPlatforms, now
from footprint.accounts import Account, AccountRole, AccountState, AccountStep, Basis, Registrant, account_id
from footprint.acts import accounts as acts
from footprint.acts import proofs
from footprint.digests import sha256
from footprint.errors import BadInput, FootprintError
from footprint.users import User

registrants = typer.Typer(no_args_is_help=True, help="The people and units that hold accounts.")
accounts = typer.Typer(no_args_is_help=True, help="The accounts that may be read, each with its basis.")

Document = Annotated[
    Path, typer.Option("--document", help="The signed consent, order or charter that the basis rests on.")
]


@registrants.command("add")
def add_registrant(
    registrant_id: Annotated[str, typer.Argument(metavar="ID", help="Pseudonym, such as R-0147.")],
    actor: As,
    name: Annotated[str, typer.Option(help="Real name; kept apart and shown only with a reason.")],
    employed_from: Annotated[str, typer.Option(help="First day of employment.")],
    employed_until: Annotated[str | None, typer.Option(help="Day from which they no longer are.")] = None,
    notice: Annotated[str | None, typer.Option(help="When the policy notice was acknowledged.")] = None,
    unit: Annotated[bool, typer.Option("--unit", help="A unit of the Department, not a person.")] = False,
    config: Config = None,
) -> None:
    """Write down a registrant."""
    with house(config) as opened:
        registrant = Registrant(
            id=registrant_id,
            is_unit=unit,
            employed_from=moment(employed_from, opened.loaded),
            employed_until=moment(employed_until, opened.loaded) if employed_until else None,
            notice_acknowledged_at=moment(notice, opened.loaded) if notice else None,
            registered_at=now(),
        )
        acts.add_registrant(opened.record, registrant, name=name, actor=acting(opened.record, actor), at=now())
    print(f"{registrant_id} is written down.")


@registrants.command("list")
def list_registrants(config: Config = None, as_json: Json = False) -> None:
    """List the registrants, without their names."""
    with house(config) as opened:
        rows = [
            {
                "id": r.id,
                "unit": r.is_unit,
                "employed from": r.employed_from,
                "until": r.employed_until,
                "notice acknowledged": r.notice_acknowledged_at,
            }
            for r in opened.record.select(Registrant)
        ]
        show(
            rows, as_json=as_json, title="Registrants", empty="No registrants. Add one: footprint registrant add --help"
        )


@accounts.command("add")
def add_account(
    platform: Annotated[str, typer.Argument(help="Such as mastodon, discourse, feeds, city.")],
    address: Annotated[str, typer.Argument(help="The public page or feed, as a person would type it.")],
    actor: As,
    registrant: Annotated[str, typer.Option(help="Pseudonym of the holder.")],
    role: Annotated[AccountRole, typer.Option()],
    basis: Annotated[Basis, typer.Option()],
    document: Document,
    expires: Annotated[str, typer.Option(help="Day from which the basis no longer holds.")],
    author: Annotated[str | None, typer.Option(help="The holder's name on a page that several people share.")] = None,
    config: Config = None,
) -> None:
    """Write down an account. Another registrar approves it."""
    with house(config) as opened:
        account = proposed(
            opened,
            {
                "platform": platform,
                "address": address,
                "registrant": registrant,
                "role": role,
                "basis": basis,
                "author": author or "",
                "document": str(document),
                "expires": expires,
            },
            acting(opened.record, actor),
            now(),
        )
        opened.blobs.put(bytes_of(document))
        acts.register(opened.record, account, actor=acting(opened.record, actor), at=account.registered_at)
    print(f"{account.id} is written down. Next, another registrar: footprint account approve {account.id} --as NAME")


def proposed(opened: House, row: dict[str, str], actor: User, at: datetime) -> Account:
    """The account that a row of fields describes. Raises BadInput that names the field and the mend."""
    platform, address = row["platform"].strip(), row["address"].strip()
    native_id = SpiderPlatforms().native_id(platform, address)
    try:
        role, basis = AccountRole(row["role"]), Basis(row["basis"])
    except ValueError as error:
        raise BadInput(f"{error}: role is one of {', '.join(AccountRole)}; basis one of {', '.join(Basis)}.") from error
    return Account(
        id=account_id(platform, native_id),
        platform=platform,
        native_id=native_id,
        address=address,
        author=row.get("author", "").strip() or None,
        registrant_id=row["registrant"].strip(),
        role=role,
        basis=basis,
        document_sha256=sha256(bytes_of(Path(row["document"]))),
        registered_by=actor.name,
        registered_at=at,
        expires_at=moment(row["expires"].strip(), opened.loaded),
    )


@accounts.command("import")
def import_accounts(
    file: Annotated[Path, typer.Argument(help="CSV with the columns of --help's last line.")],
    actor: As,
    config: Config = None,
) -> None:
    """
    Write down accounts from a CSV file; none where one row is wrong.

    Columns: platform,address,registrant,role,basis,document,expires and, where wanted, author. A document is a path relative to the file.
    """
    with house(config) as opened:
        user = acting(opened.record, actor)
        rows = _rows(file)
        found: list[tuple[Account, Path]] = []
        problems: list[str] = []
        for line, row in enumerate(rows, start=2):
            try:
                account = proposed(opened, row | {"document": str(file.parent / row["document"])}, user, now())
                if opened.record.get(Registrant, account.registrant_id) is None:
                    raise BadInput(f"there is no registrant {account.registrant_id}")
                if opened.record.get(Account, account.id) or account.id in {known.id for known, _ in found}:
                    raise BadInput(f"{account.id} is registered already")
                found.append((account, file.parent / row["document"]))
            except FootprintError as error:
                problems.append(f"line {line}: {error}")
        if problems:
            raise BadInput("Nothing was imported. " + "; ".join(problems))
        for account, document in found:
            opened.blobs.put(bytes_of(document))
            acts.register(opened.record, account, actor=user, at=account.registered_at)
    print(f"{len(found)} accounts are written down. Another registrar approves them.")


_COLUMNS = ("platform", "address", "registrant", "role", "basis", "document", "expires")


def _rows(file: Path) -> list[dict[str, str]]:
    try:
        reader = csv.DictReader(io.StringIO(bytes_of(file).decode("utf-8-sig")), strict=True)
        rows = [{key: value or "" for key, value in row.items() if key} for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{file} is not a CSV file in UTF-8: {error}.") from error
    missing = [column for column in _COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise BadInput(
            f"{file} lacks the columns {', '.join(missing)}. The first line names them: {','.join(_COLUMNS)}"
        )
    return rows


def _step(account: str, step: AccountStep, actor: str, config: Path | None, reason: str = "") -> None:
    with house(config) as opened:
        acts.step(opened.record, account, step, actor=acting(opened.record, actor), at=now(), reason=reason)
        known = opened.record.get(Account, account)
        state = acts.current_state(opened.record, known, now()) if known else "?"
    print(f"{account}: {step.value}; it is {state.replace('_', ' ')} now.")
    if state is AccountState.AWAITING_NOTICE:
        print(f"Next, once the holder was told: footprint account notify {account} --as NAME")


Id = Annotated[str, typer.Argument(metavar="ACCOUNT", help="platform:native_id, as `account list` shows it.")]


@accounts.command("approve")
def approve(account: Id, actor: As, reason: Reason = "", config: Config = None) -> None:
    """Approve an account that another registrar wrote down."""
    _step(account, AccountStep.APPROVED, actor, config, reason)


@accounts.command("notify")
def notify(account: Id, actor: As, reason: Reason = "", config: Config = None) -> None:
    """Record that the holder was told of the registration."""
    _step(account, AccountStep.NOTIFIED, actor, config, reason)


@accounts.command("pause")
def pause(account: Id, actor: As, reason: Reason, config: Config = None) -> None:
    """Stop reading an account until it is resumed."""
    _step(account, AccountStep.PAUSED, actor, config, reason)


@accounts.command("resume")
def resume(account: Id, actor: As, reason: Reason = "", config: Config = None) -> None:
    """Read a paused account again."""
    _step(account, AccountStep.RESUMED, actor, config, reason)


@accounts.command("withdraw")
def withdraw(account: Id, actor: As, reason: Reason, config: Config = None) -> None:
    """Stop reading an account for good: consent was withdrawn, or the order ended."""
    _step(account, AccountStep.WITHDRAWN, actor, config, reason)


@accounts.command("list")
def list_accounts(config: Config = None, as_json: Json = False) -> None:
    """List the accounts with their state and basis."""
    with house(config) as opened:
        rows = [
            {
                "id": a.id,
                "state": acts.current_state(opened.record, a, now()).value,
                "registrant": a.registrant_id,
                "role": a.role,
                "basis": a.basis,
                "expires": a.expires_at,
                "address": a.address,
            }
            for a in opened.record.select(Account)
        ]
        show(rows, as_json=as_json, title="Accounts", empty="No accounts. Write one down: footprint account add --help")


@accounts.command("nonce")
def nonce(account: Id, actor: As, config: Config = None) -> None:
    """Make words that the holder puts on the account's public page, to prove that it is theirs and that they agree."""
    with house(config) as opened:
        words = proofs.issue_nonce(opened.record, account, actor=acting(opened.record, actor), at=now())
    print(words)
    print(
        f"The holder puts this on the page within seven days; then: footprint account prove {account}", file=sys.stderr
    )


@accounts.command("prove")
def prove(account: Id, actor: As, config: Config = None) -> None:
    """Look once, by the rules of a scan, whether the nonce stands on the account's public page. Exit code 1: it does not."""
    with house(config) as opened:
        user = acting(opened.record, actor)
        known, words = proofs.nonce_to_find(opened.record, account, actor=user, at=now())
        found = look_for(opened, words, known, actor=user)
        if found.has_found:
            proofs.record_proof(opened.record, account, words, actor=user, at=now())
    if not found.has_found:
        why = f": {found.detail}" if found.detail else ""
        print(f"{words} was not found on {known.address} ({found.outcome.value}{why}).")
        raise typer.Exit(1)
    print(f"{words} stands on {known.address}: its holder agrees.")
