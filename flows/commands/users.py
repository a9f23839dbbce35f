"""`footprint user`: the people who use the service."""

import getpass
import secrets
import sys
from typing import Annotated

import typer

from flows.commands.context import As, Config, Json, acting, house, show
from flows.wiring import now
from footprint.acts import users as acts
from footprint.errors import BadInput
from footprint.users import Role

users = typer.Typer(no_args_is_help=True, help="The people who sign in, and their roles.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="One word.")]


@users.command("add")
def add_user(
    name: Name,
    role: Annotated[list[Role], typer.Option(help="Repeat it for several.")],
    actor: As,
    registrant: Annotated[str | None, typer.Option(help="Pseudonym of an employee who signs in.")] = None,
    config: Config = None,
) -> None:
    """Add a user. Asks for a password; reads it from standard input where that is no terminal."""
    with house(config) as opened:
        user = acting(opened.record, actor)
        acts.add_user(
            opened.record, name=name, roles=role, password=_password(), actor=user, at=now(), registrant_id=registrant
        )
    print(f"{name} can sign in as {', '.join(role)}.")


@users.command("password")
def change_password(name: Name, actor: As, config: Config = None) -> None:
    """Set a user's password: one's own, or as administrator anybody's."""
    with house(config) as opened:
        acts.change_user(opened.record, name, actor=acting(opened.record, actor), at=now(), password=_password())
    print(f"{name} has a new password.")


@users.command("deactivate")
def deactivate(name: Name, actor: As, config: Config = None) -> None:
    """Let a user sign in no longer."""
    with house(config) as opened:
        acts.change_user(opened.record, name, actor=acting(opened.record, actor), at=now(), is_active=False)
    print(f"{name} cannot sign in any more.")


@users.command("list")
def list_users(config: Config = None, as_json: Json = False) -> None:
    """List the users and their roles."""
    with house(config) as opened:
        rows = [
            {"name": u.name, "roles": ", ".join(u.roles), "active": u.is_active} for u in acts.all_users(opened.record)
        ]
        show(rows, as_json=as_json, title="Users", empty="No users. Make the first: footprint init")


def generated_password() -> str:
    """A password of 120 random bits."""
    return secrets.token_urlsafe(15)


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != first:
        raise BadInput("The two passwords differ.")
    return first
