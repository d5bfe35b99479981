"""A RabbitMQ that keeps nothing: the other broker of a production office."""

import secrets
import shutil
from glob import glob
from pathlib import Path

import kombu

from tests.services.process import (
    Child,
    ServiceMissingError,
    free_port,
    give_to_service,
    make_folder,
    start,
)

# Debian's own `rabbitmq-server` insists on its user; the program itself lies here.
PROGRAMS = ("/usr/lib/rabbitmq/bin/rabbitmq-server", "/usr/lib/rabbitmq/lib/*/sbin/rabbitmq-server")
EPMD = ("epmd", "/usr/lib/erlang/bin/epmd")
# Erlang's port mapper ends with the server: left to itself it would be a daemon for ever.
COMMAND = 'setpriv --pdeathsig KILL "$0" -address 127.0.0.1 -port "$1" & exec "$2"'
CONFIGURATION = """
listeners.tcp.local = 127.0.0.1:{port}
default_user = sijill
default_pass = {password}
disk_free_limit.absolute = 50MB
log.console = true
log.console.level = warning
log.file = false
"""


def programs() -> tuple[str, str]:
    """Return the paths of RabbitMQ and of Erlang's port mapper. Raise `ServiceMissingError`."""
    server = next((path for pattern in PROGRAMS for path in sorted(glob(pattern))), None)
    mapper = next((path for path in map(shutil.which, EPMD) if path), None)
    if server and mapper and shutil.which("setpriv"):
        return server, mapper
    raise ServiceMissingError("RabbitMQ: not here (Debian's package: rabbitmq-server)")


def start_rabbitmq() -> tuple[Child, dict[str, str]]:
    """Start RabbitMQ, a node of its own; return it with its test name.

    Raise `ServiceMissingError`.
    """
    server, mapper = programs()
    folder, port, password = make_folder("rabbitmq"), free_port(), secrets.token_hex(12)
    mapper_port = free_port()
    (folder / "rabbitmq.conf").write_text(CONFIGURATION.format(port=port, password=password))
    cookie = folder / ".erlang.cookie"
    cookie.write_text(secrets.token_hex(12))
    cookie.chmod(0o400)
    give_to_service(folder)
    child = start(
        "RabbitMQ",
        ["sh", "-c", COMMAND, mapper, str(mapper_port), server],
        folder=folder,
        environment=_environment(folder, mapper_port),
    )
    url = f"amqp://sijill:{password}@127.0.0.1:{port}//"
    child.wait_until(lambda: _answers(url), seconds=120)
    return child, {"TEST_RABBITMQ_URL": url}


def _environment(folder: Path, mapper_port: int) -> dict[str, str]:
    """Return the variables of a node that shares nothing with the machine's own RabbitMQ."""
    return {
        "RABBITMQ_NODENAME": f"{folder.name.replace('.', '-')}@localhost",
        "RABBITMQ_CONF_ENV_FILE": str(folder / "none.conf"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "none.config"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_LOGS": "-",
        "RABBITMQ_PID_FILE": str(folder / "rabbitmq.pid"),
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        "ERL_EPMD_PORT": str(mapper_port),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
    }


def _answers(url: str) -> bool:
    try:
        with kombu.Connection(url, connect_timeout=5) as connection:
            connection.connect()
            return True
    except OSError:
        return False
