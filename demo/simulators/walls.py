"""Pages that are not for everybody: login forms, checks of browsers, and what stands behind them."""

from http import HTTPStatus

from demo.simulators.server import Answer, Stage


def login_form(stage: Stage, place: str) -> Answer:
    """A form with HTTP 200, as many forums send it."""
    secret = stage.secret(place)
    return Answer(
        body=f"""<!doctype html><html><head><title>Log in</title></head><body><h1>Log in</h1>
<p>You must log in to continue. <!-- {secret} --></p>
<form method="post" action="/login"><input name="user"><input type="password" name="password"><button>Log in</button></form>
<p hidden>{secret}</p></body></html>""".encode()
    )


def to_login(stage: Stage, place: str) -> Answer:
    """A redirect to the form; what it says in passing is not public either."""
    body = f"<a href='/login'>Log in</a> {stage.secret(place)}".encode()
    return Answer(status=HTTPStatus.FOUND, headers={"Location": "/login"}, body=body)


def unauthorized(stage: Stage, place: str) -> Answer:
    """HTTP 401, with a body nevertheless."""
    return Answer(
        status=HTTPStatus.UNAUTHORIZED,
        headers={"WWW-Authenticate": 'Basic realm="Members"'},
        body=f"<h1>Members only</h1><p>{stage.secret(place)}</p>".encode(),
    )


def browser_check(stage: Stage, place: str) -> Answer:
    """What a guard against robots sends in place of the page."""
    return Answer(
        status=HTTPStatus.FORBIDDEN,
        headers={"Server": "guard"},
        body=f"""<!doctype html><html><head><title>Just a moment...</title></head><body>
<h1>Checking your browser</h1><p>Enable JavaScript and cookies to continue.</p><!-- {stage.secret(place)} --></body></html>""".encode(),
    )
