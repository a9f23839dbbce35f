"""`footprint init`, `settings`, `doctor`, `audit verify`: the state of the house."""

from pathlib import Path
from typing import Annotated

import typer

from flows import health
from flows.commands.context import Config, Json, house, show
from flows.commands.users import generated_password
from flows.wiring import now, record_url, wired
from footprint.acts.users import add_user
from footprint.audit import AuditEvent, verify
from footprint.errors import BadInput
from footprint.settings import FILE_NAME, read, reference, template
from footprint.store.record import migrate
from footprint.users import Role, User

audit = typer.Typer(no_args_is_help=True, help="The record of who did what.")


def init(
    administrator: Annotated[str, typer.Option(help="Name of the first administrator.")] = "admin",
    config: Config = None,
) -> None:
    """Write a commented footprint.toml, create the record, and make the first administrator. Crawling stays off."""
    file = (config or Path(FILE_NAME)).absolute()
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(template(), encoding="utf-8")
        print(f"Wrote {file}: every setting with its default. Crawling is off until you switch it on there.")
    loaded = read(file)
    loaded.path(loaded.settings.storage.work).mkdir(parents=True, exist_ok=True, mode=0o700)
    migrate(record_url(loaded))
    with wired(loaded) as opened:
        opened.index.create()
        print(f"The record is ready: {opened.record.check()}")
        if opened.record.count(User):
            print("It has users already; no administrator was made.")
            return
        password = generated_password()
        add_user(opened.record, name=administrator, roles=[Role.ADMINISTRATOR], password=password, actor=None, at=now())
    dashboard = loaded.settings.dashboard
    print(
        f"Administrator '{administrator}', password: {password} (shown this once; change it: footprint user password)"
    )
    print(f"Next: footprint user add ines --role registrar --as {administrator}; footprint serve; then sign in at")
    print(f"http://{dashboard.host}:{dashboard.port}/. `footprint doctor` checks the rest.")


def settings(
    config: Config = None,
    as_json: Json = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print docs/settings.md: defaults, not values.")] = False,
) -> None:
    """Print every setting with its value and where it comes from."""
    if markdown:
        print(reference(), end="")
        return
    rows = [
        {"name": s.name, "value": s.value if s.value is not None else "", "source": s.source, "what for": s.description}
        for s in read(config).table()
    ]
    show(rows, as_json=as_json, title="Settings", empty="")


def doctor(config: Config = None, as_json: Json = False) -> None:
    """Check settings, record, blobs, index, models, disk and clock. Exit code 1: something needs the mend that it says."""
    findings = health.examine(config)
    rows = [{"check": f.check, "ok": f.ok, "says": f.says} for f in findings]
    show(rows, as_json=as_json, title="Doctor", empty="")
    raise typer.Exit(0 if all(f.ok for f in findings) else 1)


@audit.command("verify")
def verify_audit(config: Config = None) -> None:
    """Check the whole audit chain. Exit code 1: it is broken, and where."""
    with house(config) as opened:
        broken_at = verify(opened.record.select(AuditEvent))
        head = max(opened.record.select(AuditEvent), key=lambda event: event.sequence, default=None)
    if broken_at is not None:
        print(f"The chain breaks at event {broken_at}: it is missing, moved or altered.")
        raise typer.Exit(1)
    print(
        f"The chain is whole: {head.sequence} events, head {head.digest}." if head else "The chain has no events yet."
    )


@audit.command("list")
def list_audit(
    last: Annotated[int, typer.Option(min=1, help="How many of the latest events.")] = 20,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """List the latest audit events."""
    with house(config) as opened:
        total = opened.record.count(AuditEvent)
        if last < 1:
            raise BadInput("--last is at least 1.")
        events = opened.record.select(AuditEvent, sequence=range(max(1, total - last + 1), total + 1))
        rows = [
            {
                "no": e.sequence,
                "at": e.at,
                "actor": e.actor,
                "action": e.action,
                "subject": e.subject,
                "purpose": e.purpose,
            }
            for e in events
        ]
        show(rows, as_json=as_json, title="Audit", empty="No events.")
