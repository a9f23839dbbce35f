"""The people who use the service, for the administrator, who sees no content."""

from starlette.responses import Response

from dashboards.declaration import act, page
from dashboards.phrases import listed
from dashboards.visit import Visit
from footprint.accounts import Registrant
from footprint.acts import users
from footprint.errors import BadInput
from footprint.users import TOXIC, Role


@page("/users", roles={Role.ADMINISTRATOR}, audit="users.viewed")
def show(visit: Visit) -> Response:
    """All users with their roles; a form to add one."""
    everybody = users.all_users(visit.desk.record)
    visit.note("users", detail={"listed": len(everybody)})
    return visit.answer(
        "users.html", users=everybody, roles=tuple(Role), toxic=sorted(listed(sorted(pair)) for pair in TOXIC)
    )


@act("/users", roles={Role.ADMINISTRATOR}, audit="user.added", back="/users")
def add(visit: Visit) -> Response:
    """Add a user. The password is for the first sign-in; they change it."""
    form, record = visit.form, visit.desk.record
    registrant_id = form.text("registrant_id") or None
    if registrant_id is not None and record.get(Registrant, registrant_id) is None:
        raise BadInput(f"There is no registrant {registrant_id}. Leave it empty unless it is an employee.")
    user = users.add_user(
        record,
        name=form.required("name", "Name"),
        roles=form.choices("roles", Role, "Roles"),
        password=form.texts.get("password", ("",))[0],
        actor=visit.user,
        at=visit.at,
        registrant_id=registrant_id,
    )
    return visit.go("/users", done=f"{user.name} may sign in.")


@act("/users/{name}/roles", roles={Role.ADMINISTRATOR}, audit="user.changed", back="/users")
def change_roles(visit: Visit) -> Response:
    """Give a user other roles. It ends their sessions."""
    roles = visit.form.choices("roles", Role, "Roles")
    if not roles:
        raise BadInput("Give at least one role, or switch the user off.")
    users.change_user(visit.desk.record, visit.part("name"), actor=visit.user, at=visit.at, roles=roles)
    return visit.go("/users", done=f"{visit.part('name')} is now {listed(sorted(roles))}.")


@act("/users/{name}/active", roles={Role.ADMINISTRATOR}, audit="user.changed", back="/users")
def switch(visit: Visit) -> Response:
    """Switch a user off or on again. Nobody is deleted: the record refers to them."""
    is_active = visit.form.text("active") == "yes"
    users.change_user(visit.desk.record, visit.part("name"), actor=visit.user, at=visit.at, is_active=is_active)
    return visit.go("/users", done=f"{visit.part('name')} {'may sign in again' if is_active else 'may not sign in'}.")
