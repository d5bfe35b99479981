"""A Redis that keeps nothing: the broker of the production profile."""

import secrets
import shlex
import shutil

import redis

from tests.services.process import Child, ServiceMissingError, free_port, make_folder, start

SETTINGS = "--bind 127.0.0.1 --save '' --appendonly no --daemonize no --dir ."


def program() -> str:
    """Return the path of Redis. Raise `ServiceMissingError`."""
    if found := shutil.which("redis-server"):
        return found
    raise ServiceMissingError("Redis: no redis-server here (Debian's package: redis-server)")


def start_redis() -> tuple[Child, dict[str, str]]:
    """Start Redis; return it with BROKER_URL and its test name. Raise `ServiceMissingError`."""
    server = program()
    folder, port, password = make_folder("redis"), free_port(), secrets.token_urlsafe(12)
    child = start(
        "Redis",
        [server, *shlex.split(SETTINGS), "--port", str(port), "--requirepass", password],
        folder=folder,
    )
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    child.wait_until(lambda: _answers(url), seconds=120)
    return child, {"BROKER_URL": url, "TEST_REDIS_URL": url}


def _answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url, socket_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False
