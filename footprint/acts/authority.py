"""Who may do an act."""

from footprint.errors import NotPermitted
from footprint.users import Role, User

SYSTEM = "system"
"""Actor of what a schedule does."""


def require(actor: User, *allowed: Role) -> None:
    """Raise NotPermitted unless the user is active and holds one of the roles."""
    if not actor.is_active:
        raise NotPermitted(f"{actor.name} is no longer a user.")
    if not set(actor.roles) & set(allowed):
        wanted = " or ".join(role.value for role in allowed)
        raise NotPermitted(f"{actor.name} is {', '.join(actor.roles) or 'without a role'}; this takes a {wanted}.")
