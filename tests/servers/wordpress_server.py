"""
A real WordPress on loopback, for tests, from Debian's packages (wordpress, php-cli, php-mysql, mariadb-server). Standard library only.

    wordpress_server.py check    says what is missing on this machine, exit code 1, or nothing
    wordpress_server.py run      starts, prints one line of JSON with `url`, and stops when its input ends

Each line of its input is an act in JSON (`publish`, `edit`, `trash`, `delete`: see wordpress_acts.php), answered by one line of JSON. Whoever
holds the input keeps the servers alive, so that they go when a test run is killed, too.
"""

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

INSTALLED = Path("/usr/share/wordpress")
ACTS = Path(__file__).with_name("wordpress_acts.php")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
START_S = 60.0
STOP_S = 20.0

# What WordPress must not do here: ask the world for updates, or itself for its chores.
CONFIG = """<?php
define('DB_NAME', 'wordpress'); define('DB_USER', 'root'); define('DB_PASSWORD', ''); define('DB_HOST', 'localhost:%(socket)s');
define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
define('WP_HOME', '%(url)s'); define('WP_SITEURL', '%(url)s');
define('WP_HTTP_BLOCK_EXTERNAL', true); define('DISABLE_WP_CRON', true); define('AUTOMATIC_UPDATER_DISABLED', true);
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $use) { define("{$use}_KEY", $use); define("{$use}_SALT", $use); }
$table_prefix = 'wp_';
if (!defined('ABSPATH')) { define('ABSPATH', __DIR__ . '/'); }
require_once ABSPATH . 'wp-settings.php';
"""

# PHP's own server, as a web server with readable addresses would be set up.
ROUTER = """<?php
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path !== '/' && is_file(__DIR__ . urldecode($path))) { return false; }
$_SERVER['SCRIPT_NAME'] = '/index.php';
require __DIR__ . '/index.php';
"""


def missing() -> str | None:
    """What this machine lacks for a server, None where it lacks nothing."""
    for program in ("php", "mariadbd", "mariadb-install-db"):
        if shutil.which(program, path=PATH) is None:
            return f"no {program}"
    if not (INSTALLED / "wp-load.php").exists():
        return f"no WordPress in {INSTALLED}"
    loaded = subprocess.run(["php", "-m"], capture_output=True, text=True, check=True).stdout
    return None if "mysqli" in loaded else "no PHP with mysqli"


class Servers:
    """A database and a web server in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.site = folder / "site"
        self.data = folder / "data"
        self.log = folder / "log"
        self.socket = folder / "s"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Return when the site is installed and serves."""
        shutil.copytree(INSTALLED, self.site, ignore_dangling_symlinks=True)
        (self.site / "wp-config.php").write_text(CONFIG % {"socket": self.socket, "url": self.url})
        (self.site / "router.php").write_text(ROUTER)
        (self.site / "wp-content/uploads").mkdir(exist_ok=True)
        shutil.copy(ACTS, self.site)
        hand_over(self.site.parent)
        basic = ["--no-defaults", f"--datadir={self.data}"]
        made = ["mariadb-install-db", *basic, "--auth-root-authentication-method=normal", "--skip-test-db"]
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL, stderr=sys.stderr, env=environment(), **somebody())
        self._launch(
            "mariadbd", *basic, f"--socket={self.socket}", "--skip-networking", "--skip-log-bin",
            "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=16M",
        )  # fmt: skip
        self._wait("the database", lambda: self._database_answers())
        self.act({"do": "install"})
        self._launch("php", "-S", f"127.0.0.1:{self.port}", "-t", str(self.site), str(self.site / "router.php"))
        self._wait("the site", lambda: answers(f"{self.url}/wp-json/wp/v2/posts"))

    def act(self, act: dict[str, object]) -> dict[str, object]:
        """Do something on the site, as somebody with its keys would."""
        done = subprocess.run(
            ["php", self.site / ACTS.name], input=json.dumps(act).encode(), capture_output=True,
            env=environment() | {"WORDPRESS_HOST": f"127.0.0.1:{self.port}"}, **somebody(),
        )  # fmt: skip
        try:
            answer: dict[str, object] = json.loads(done.stdout)
        except ValueError:
            raise SystemExit(f"WordPress did not {act['do']}: {done.stdout!r} {done.stderr!r}") from None
        return answer

    def stop(self) -> None:
        """SIGTERM to each server, SIGKILL to what is left."""
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()

    def _database_answers(self) -> bool:
        asking = ["mariadb", "--no-defaults", "-uroot", f"--socket={self.socket}", "-e", "CREATE DATABASE IF NOT EXISTS wordpress"]  # fmt: skip
        return subprocess.run(asking, capture_output=True, env=environment()).returncode == 0

    def _launch(self, *command: str) -> None:
        with self.log.open("ab") as log:
            self.processes.append(
                subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment(), **somebody())
            )  # fmt: skip

    def _wait(self, what: str, is_up: Callable[[], bool]) -> None:
        until = time.monotonic() + START_S
        while time.monotonic() < until and self.processes[-1].poll() is None:
            if is_up():
                return
            time.sleep(0.1)
        raise SystemExit(f"{what} did not start:\n" + self.log.read_text(errors="replace")[-3000:])


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def environment() -> dict[str, str]:
    return {"PATH": PATH, "LANG": "C.UTF-8"}


def somebody() -> dict[str, object]:
    """Who runs the servers: not root, which the database refuses."""
    if os.getuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def hand_over(folder: Path) -> None:
    folder.chmod(0o755)
    if os.getuid() == 0:
        nobody = pwd.getpwnam("nobody")
        subprocess.run(["chown", "-R", f"{nobody.pw_uid}:{nobody.pw_gid}", folder], check=True)


def say(answer: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def run() -> None:
    """Start, say where, do what is asked, stop when standard input ends. Leaves nothing behind."""
    folder = Path(tempfile.mkdtemp(prefix="wordpress-"))
    servers = Servers(folder)
    try:
        servers.start()
        say({"url": servers.url})
        for line in sys.stdin:
            say(servers.act(json.loads(line)))
    finally:
        servers.stop()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    lacking = missing()
    if lacking:
        raise SystemExit(lacking)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if sys.argv[1:] == ["run"]:
        run()


if __name__ == "__main__":
    main()
