"""
A real forum on loopback, for tests: django-machina on SQLite, with its packages in a folder of their own that is filled once.

    forum_server.py check    says what is missing on this machine, exit code 1, or nothing
    forum_server.py run      starts, prints one line of JSON with `url`, and stops when its input ends

Each line of its input is an act in JSON, done over the forum's own forms as one of its members, and answered by one line of JSON:

    {"do": "topic", "by": "dana", "subject": "...", "content": "...", "file": "base64"}    answers {"topic": 1, "post": 1}
    {"do": "reply", "by": "kim", "topic": 1, "content": "..."}                              answers {"topic": 1, "post": 2}
    {"do": "edit", "by": "dana", "post": 2, "content": "..."} and {"do": "delete", "by": "dana", "post": 2}
    {"do": "close"}                                                                         shows the forum to members only

Whoever holds the input keeps the server alive. FOOTPRINT_FORUM_HOME names where that folder lies; default /var/tmp/footprint-forum.
"""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

REQUIREMENTS = (
    "django-machina==1.3.1",
    "Django==5.2.19",
    "django-haystack==3.4.0",
    "django-js-asset==5.0.0",
    "django-mptt==0.20.0",
    "django-widget-tweaks==1.5.1",
    "asgiref==3.13.0",
    "markdown2==2.5.5",
    "packaging==26.4",
    "pillow==13.0.0",
    "sqlparse==0.6.1",
)
BASE = Path(os.environ.get("FOOTPRINT_FORUM_HOME", "/var/tmp/footprint-forum"))
HOME = BASE / f"machina-1.3.1-{sys.version_info.major}.{sys.version_info.minor}"
MEMBERS = ("dana", "kim")
MAY = ("can_see_forum", "can_read_forum", "can_download_file")
MEMBERS_MAY = (
    "can_start_new_topics",
    "can_reply_to_topics",
    "can_edit_own_posts",
    "can_delete_own_posts",
    "can_attach_file",
    "can_post_without_approval",
)


def missing() -> str | None:
    """What this machine lacks, None where it lacks nothing. Installs it where it is not yet."""
    try:
        fetch()
    except (OSError, subprocess.CalledProcessError) as error:
        return f"django-machina could not be installed: {error}"
    return None


def fetch() -> None:
    """Install, unless done already. Several at once do no harm: the last step is a rename."""
    if HOME.exists():
        return
    BASE.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix="part-", dir=BASE))
    try:
        install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--prefer-binary", "--target", part]
        subprocess.run([*install, *REQUIREMENTS], check=True, stdout=sys.stderr)
        part.rename(HOME)
    except OSError:
        if not HOME.exists():  # else another one was faster
            raise
    finally:
        shutil.rmtree(part, ignore_errors=True)


def configure(folder: Path) -> None:
    """Set Django up, and a forum that everybody may read and members may write in."""
    import django
    import machina
    from django.conf import settings

    apps = ["auth", "contenttypes", "sessions", "messages", "admin", "staticfiles"]
    forum = [
        "forum", "forum_conversation", "forum_conversation.forum_attachments", "forum_conversation.forum_polls",
        "forum_feeds", "forum_moderation", "forum_search", "forum_tracking", "forum_member", "forum_permission",
    ]  # fmt: skip
    middleware = [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "machina.apps.forum_permission.middleware.ForumPermissionMiddleware",
    ]
    context = ["django.contrib.auth.context_processors.auth", "django.contrib.messages.context_processors.messages"]
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1", "testserver"],
        SECRET_KEY="loopback-only",
        INSTALLED_APPS=[
            *(f"django.contrib.{app}" for app in apps),
            *("mptt", "haystack", "widget_tweaks", "machina"),
            *(f"machina.apps.{app}" for app in forum),
        ],
        MIDDLEWARE=middleware,
        ROOT_URLCONF="board_urls",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [machina.MACHINA_MAIN_TEMPLATE_DIR],
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        *context,
                        "machina.core.context_processors.metadata",
                    ]
                },
            }
        ],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "forum.db"}},
        CACHES={
            "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
            "machina_attachments": {
                "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
                "LOCATION": folder / "cache",
            },
        },
        HAYSTACK_CONNECTIONS={"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        MEDIA_ROOT=folder / "media",
        MEDIA_URL="/media/",
        STATIC_URL="/static/",
        USE_TZ=True,
        TIME_ZONE="UTC",
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        MACHINA_DEFAULT_AUTHENTICATED_USER_FORUM_PERMISSIONS=[*MAY, *MEMBERS_MAY],
        MACHINA_TOPIC_POSTS_NUMBER_PER_PAGE=3,
        MACHINA_PROFILE_POSTS_NUMBER_PER_PAGE=4,
    )
    django.setup()


class Forum:
    """The forum, and what its members do on it."""

    def __init__(self) -> None:
        from django.contrib.auth import get_user_model
        from django.core.management import call_command
        from machina.apps.forum.models import Forum as Place
        from machina.apps.forum_permission.models import ForumPermission, UserForumPermission

        call_command("migrate", verbosity=0)
        self.place = Place.objects.create(name="Traffic", type=0)
        self.members = {name: get_user_model().objects.create_user(name, password="x") for name in MEMBERS}
        for name in MAY:
            permission = ForumPermission.objects.get(codename=name)
            UserForumPermission.objects.create(permission=permission, anonymous_user=True, has_perm=True)

    def topic(self, by: str, subject: str, content: str, file: str = "") -> dict[str, int]:
        fields = {"subject": subject, "content": content, "topic_type": 0, **self._files(file)}
        self._post(by, "topic/create/", fields)
        return self._newest()

    def reply(self, by: str, topic: int, content: str) -> dict[str, int]:
        from machina.apps.forum_conversation.models import Topic

        thread = Topic.objects.get(pk=topic)
        path = f"topic/{thread.slug}-{thread.pk}/post/create/"
        self._post(by, path, {"subject": "Re", "content": content, **self._files("")})
        return self._newest()

    def edit(self, by: str, post: int, content: str) -> dict[str, int]:
        from machina.apps.forum_conversation.models import Post

        old = Post.objects.get(pk=post)
        thread, is_head = old.topic, old.is_topic_head
        path = f"topic/{thread.slug}-{thread.pk}/{'' if is_head else f'{post}/post/'}update/"
        fields = {"subject": str(old.subject), "content": content, "topic_type": 0, **self._files("")}
        self._post(by, path, fields)
        return {}

    def delete(self, by: str, post: int) -> dict[str, int]:
        from machina.apps.forum_conversation.models import Post

        thread = Post.objects.get(pk=post).topic
        self._post(by, f"topic/{thread.slug}-{thread.pk}/{post}/post/delete/", {})
        return {}

    def close(self) -> dict[str, int]:
        from machina.apps.forum_permission.models import UserForumPermission

        UserForumPermission.objects.all().delete()
        return {}

    def _post(self, by: str, path: str, fields: dict[str, Any]) -> None:
        """Send a form as a member. SystemExit with what the forum says where it does not take it."""
        from django.test import Client

        client = Client()
        client.force_login(self.members[by])
        answer = client.post(f"/forum/forum/{self.place.slug}-{self.place.pk}/{path}", fields)
        if answer.status_code != 302:
            raise SystemExit(f"{path} answered {answer.status_code}: {answer.content[-2000:]!r}")

    def _newest(self) -> dict[str, int]:
        from machina.apps.forum_conversation.models import Post

        newest = Post.objects.order_by("-pk")[0]
        return {"topic": newest.topic_id, "post": newest.pk}

    def _files(self, file: str) -> dict[str, Any]:
        """The fields of the part of the form for attachments."""
        from django.core.files.uploadedfile import SimpleUploadedFile

        fields: dict[str, Any] = {
            "attachment-TOTAL_FORMS": 1 if file else 0,
            "attachment-INITIAL_FORMS": 0,
            "poll-TOTAL_FORMS": 0,
            "poll-INITIAL_FORMS": 0,
        }
        if file:
            fields["attachment-0-file"] = SimpleUploadedFile("patrol car.png", base64.b64decode(file), "image/png")
        return fields


def serve() -> None:
    """Start, say where, do what is said, stop when standard input ends. Leaves nothing behind."""
    sys.path.insert(0, str(HOME))
    folder = Path(tempfile.mkdtemp(prefix="forum-"))
    try:
        configure(folder)
        forum = Forum()
        from django.core.wsgi import get_wsgi_application

        class Quiet(WSGIRequestHandler):
            def log_message(self, *args: Any) -> None:
                pass

        server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        say({"url": f"http://127.0.0.1:{server.server_port}", "dana": forum.members["dana"].pk})
        for line in sys.stdin:
            act = json.loads(line)
            say(getattr(forum, act.pop("do"))(**act))
        server.shutdown()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def urls() -> Any:
    """The addresses of the site: a forum in a folder."""
    from django.urls import include, path
    from machina import urls as machina_urls

    return [path("forum/", include(machina_urls))]


def main() -> None:
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command == "check":
        lacking = missing()
        if lacking:
            raise SystemExit(lacking)
    elif command == "run":
        fetch()
        sys.modules["board_urls"] = sys.modules[__name__]
        serve()
    else:
        raise SystemExit(__doc__)


def __getattr__(name: str) -> Any:
    if name == "urlpatterns":
        return urls()
    raise AttributeError(name)


if __name__ == "__main__":
    main()
