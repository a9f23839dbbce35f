"""
The `footprint` command.

Exit codes: 0 done; 1 checked, and something is wrong; 2 wrong usage; 3 bad settings or input; 4 not permitted; 5 record, blobs or index
unavailable; 6 a scan, import or capture ended, but could not look at everything.
"""

import sys

import typer

from flows.commands import (
    accounts,
    capture,
    detectors,
    exemplars,
    house,
    identifiers,
    imports,
    models,
    new,
    parse,
    permissions,
    platforms,
    users,
    whatif,
    work,
)
from footprint.errors import FootprintError, NotPermitted, RecordUnavailable

app = typer.Typer(
    name="footprint",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Finds the Department's identifiers in public posts of registered accounts, looks for a permission, keeps proof.",
)
for command in (
    house.init,
    house.settings,
    house.doctor,
    models.models,
    work.scan,
    work.report,
    work.search,
    work.reindex,
    work.serve,
    parse.parse,
    capture.capture,
):
    app.command()(command)
app.command("import")(imports.import_)
identifiers.identifiers.command("whatif")(whatif.what_if)
identifiers.identifiers.command("threshold")(whatif.threshold)
for name, group in (
    ("registrant", accounts.registrants),
    ("account", accounts.accounts),
    ("identifier", identifiers.identifiers),
    ("exemplar", exemplars.exemplars),
    ("detector", detectors.detectors),
    ("permission", permissions.permissions),
    ("user", users.users),
    ("platforms", platforms.platforms),
    ("new", new.new),
    ("audit", house.audit),
):
    app.add_typer(group, name=name)

BAD_INPUT, NOT_PERMITTED, UNAVAILABLE = 3, 4, 5


def main() -> None:
    """Run the command; an error of ours becomes one line and an exit code."""
    try:
        app()
    except FootprintError as error:
        print(f"footprint: {error}", file=sys.stderr)
        sys.exit(exit_code(error))


def exit_code(error: FootprintError) -> int:
    """The exit code for an error."""
    if isinstance(error, NotPermitted):
        return NOT_PERMITTED
    return UNAVAILABLE if isinstance(error, RecordUnavailable) else BAD_INPUT
