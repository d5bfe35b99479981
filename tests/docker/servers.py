"""The servers of the composition, started here by its own commands with certificates of its own.

PostgreSQL, Redis and the object store speak TLS by themselves. Elasticsearch, which starts for half
a minute, is the one of the tests behind a front that speaks TLS (`tests/docker/test_search.py` runs
one that speaks it).
"""

import asyncio
import contextlib
import os
import re
import signal
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import psycopg
import redis

from config.certificates import renew
from tests.docker.composed import ROOT, SERVICES
from tests.services import object_store
from tests.services.postgres import FORGETFUL, program
from tests.services.process import Child, free_port, give_to_service, make_folder, run_once, start

CERTIFIED: Final = ("postgres", "redis", "elasticsearch", "objects", "web")
_AUTHORITY: Final = "/run/tls/ca.pem"


@dataclass(frozen=True, slots=True)
class Servers:
    """Where each server listens, and the folder of `certificates`."""

    tls: Path
    secrets: Path
    ports: dict[str, int]

    @property
    def authority(self) -> Path:
        """What the office knows its services by."""
        return self.tls / "office" / "ca.pem"

    def here(self, address: str, *, authority: Path | None = None) -> str:
        """Return an address of the composition with this machine's places in it."""
        for name, port in self.ports.items():
            address = re.sub(rf"@{name}:\d+", f"@127.0.0.1:{port}", address)
        return address.replace(_AUTHORITY, str(authority or self.authority))

    def url(self, name: str, *, authority: Path | None = None) -> str:
        """Return the address in a secret, as `here`."""
        return self.here((self.secrets / name).read_text(), authority=authority)


@contextlib.contextmanager
def composed_servers(folder: Path, secrets: Path, *, search: str) -> Iterator[Servers]:
    """Run them while the block runs; `search` is the address of the Elasticsearch of the tests."""
    tls = folder / "tls"
    renew(tls, dict.fromkeys(CERTIFIED, os.geteuid()))
    with contextlib.ExitStack() as stack:
        ports = {}
        for name, begin in (
            ("postgres", _start_postgres),
            ("redis", _start_redis),
            ("objects", start_objects),
        ):
            child, ports[name] = begin(secrets, tls / name)
            stack.callback(child.stop)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls / "elasticsearch/cert.pem", tls / "elasticsearch/key.pem")
        place = urlsplit(search)
        behind = (place.hostname or "127.0.0.1", place.port or 9200)
        ports["elasticsearch"] = stack.enter_context(tls_front(*behind, context))
        yield Servers(tls, secrets, ports)


def _folder(name: str, secrets: Path, tls: Path) -> Path:
    """Return a folder of the service's user, with its secrets and what it shows."""
    folder = make_folder(f"composed-{name}")
    for kind, source in (("secrets", secrets), ("tls", tls)):
        (folder / kind).mkdir()
        for file in source.iterdir():
            if kind == "tls" or file.name in SERVICES[name]["secrets"]:
                (folder / kind / file.name).write_bytes(file.read_bytes())
    (folder / "tls" / "key.pem").chmod(0o600)
    give_to_service(folder)
    return folder


def _here(text: str, folder: Path, **words: str) -> str:
    """Return a text of the composition with its places and these words replaced, each of them."""
    places = {"/run/secrets": f"{folder}/secrets", "/run/tls": f"{folder}/tls", "$$": "$"}
    for old, new in (places | words).items():
        assert old not in words or old in text, old
        text = text.replace(old, new)
    return text


def _start_postgres(secrets: Path, tls: Path) -> tuple[Child, int]:
    folder, port = _folder("postgres", secrets, tls), free_port()
    (folder / "pg_hba.conf").write_bytes((ROOT / "docker" / "pg_hba.conf").read_bytes())
    give_to_service(folder)
    made = [program("initdb"), f"--pgdata={folder}/data", "--username=sijill", "--no-sync"]
    made += [f"--pwfile={folder}/secrets/postgres_password", "--auth=scram-sha-256"]
    run_once("initdb", [*made, "--encoding=UTF8", "--locale=C.UTF-8"], folder=folder)
    named, *words = SERVICES["postgres"]["command"]
    assert named == "postgres"
    words = [w.replace("/etc/postgresql", str(folder)) for w in words]
    quick = [word for setting in FORGETFUL for word in ("-c", setting)]
    placed = ["-D", f"{folder}/data", "-h", "127.0.0.1", "-p", str(port), "-k", str(folder)]
    command = [program("postgres"), *placed, *[_here(w, folder) for w in words], *quick]
    # It ends at once: nobody reads its files again.
    child = start("PostgreSQL", command, folder=folder, stop_signal=signal.SIGQUIT)
    url = f"host={folder} port={port} user=sijill dbname=postgres"
    child.wait_until(lambda: _makes_database(url), seconds=120)
    return child, port


def _makes_database(url: str) -> bool:
    try:
        with psycopg.connect(url, autocommit=True) as session:
            session.execute("CREATE DATABASE sijill")
    except psycopg.OperationalError:
        return False
    return True


def _start_redis(secrets: Path, tls: Path) -> tuple[Child, int]:
    folder, port = _folder("redis", secrets, tls), free_port()
    shell, option, script = SERVICES["redis"]["command"]
    script = _here(script, folder, **{"--tls-port 6379": f"--tls-port {port} --bind 127.0.0.1"})
    child = start("Redis", [shell, option, script], folder=folder)
    password = (secrets / "redis_password").read_text()
    url = f"rediss://:{password}@127.0.0.1:{port}/0?ssl_ca_certs={tls / 'ca.pem'}"
    child.wait_until(lambda: _pongs(url), seconds=120)
    return child, port


def _pongs(url: str) -> bool:
    try:
        with redis.Redis.from_url(url, socket_timeout=5) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def start_objects(secrets: Path, tls: Path) -> tuple[Child, int]:
    """Start the object store; return it with its port."""
    folder, port = _folder("objects", secrets, tls), free_port()
    gateway = folder / "versitygw"
    gateway.write_bytes(object_store.program().read_bytes())
    gateway.chmod(0o755)
    shell, option, script = SERVICES["objects"]["entrypoint"]
    script = _here(
        script,
        folder,
        **{
            "/data": str(folder),
            "exec versitygw": f"exec {gateway}",
            ":7070": f"127.0.0.1:{port}",
        },
    )
    child = start("Object store", [shell, option, script], folder=folder)
    probe = SERVICES["objects"]["healthcheck"]["test"][-1]
    address = probe.replace("https://127.0.0.1:7070", f"https://127.0.0.1:{port}")
    trusted = ssl.create_default_context(cafile=str(tls / "ca.pem"))
    child.wait_until(lambda: _is_well(address, trusted), seconds=120)
    return child, port


def _is_well(address: str, trusted: ssl.SSLContext) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5, context=trusted) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextlib.contextmanager
def tls_front(host: str, port: int, context: ssl.SSLContext) -> Iterator[int]:
    """Speak TLS before a server that does not, while the block runs; yield the front's port."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(
        asyncio.start_server(_joining(host, port), "127.0.0.1", 0, ssl=context)
    )
    loop.set_exception_handler(lambda _loop, _what: None)  # strangers who do not trust us
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(server: asyncio.Server) -> None:
    """Close the front, and the connections that clients keep."""
    server.close()
    carrying = asyncio.all_tasks() - {asyncio.current_task()}
    for task in carrying:
        task.cancel()
    await asyncio.wait(carrying or {asyncio.create_task(asyncio.sleep(0))})


def _joining(
    host: str, port: int
) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    async def join(read: asyncio.StreamReader, write: asyncio.StreamWriter) -> None:
        there, to_there = await asyncio.open_connection(host, port)
        try:
            await asyncio.gather(_carry(read, to_there), _carry(there, write))
        finally:
            to_there.transport.abort()
            write.transport.abort()

    return join


async def _carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
    target.close()
