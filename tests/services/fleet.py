"""Which services run together, and the names under which tests find them."""

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.services.elasticsearch_server import start_elasticsearch
from tests.services.object_store import start_object_store
from tests.services.postgres import start_postgres
from tests.services.process import Child, ServiceMissingError, sweep_folders
from tests.services.rabbitmq_server import start_rabbitmq
from tests.services.redis_server import start_redis

# A service that somebody else runs already is used instead of a fresh one.
GIVEN = {
    "postgres": ("TEST_POSTGRES_URL", "DATABASE_URL"),
    "redis": ("TEST_REDIS_URL", "BROKER_URL"),
    "rabbitmq": ("TEST_RABBITMQ_URL",),
    "elasticsearch": ("TEST_ELASTICSEARCH_URL",),
    "s3": ("TEST_S3_URL",),
}
NAMES = tuple(GIVEN)
# Building an object store needs Go: where there is none its tests are skipped, loudly, even in CI.
OPTIONAL = frozenset({"s3"})


@dataclass(frozen=True, slots=True)
class Services:
    """What runs: variables for the tests' environment, and why the rest does not run."""

    environment: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)


@contextlib.contextmanager
def running(names: set[str], *, durable: bool = False) -> Iterator[Services]:
    """Run the named services (of `NAMES`) while the block runs, on the loopback interface.

    `durable`: PostgreSQL syncs as in production. A service that cannot start is named in `missing`
    and said on stderr: whoever needs it decides.
    """
    unknown = names - set(NAMES)
    if unknown:
        raise ValueError(f"no such service: {', '.join(sorted(unknown))}")
    sweep_folders()
    services = Services()
    with contextlib.ExitStack() as stack:
        for name in NAMES:
            if name in names:
                _provide(name, services, stack, durable=durable)
        yield services


def _provide(name: str, services: Services, stack: contextlib.ExitStack, *, durable: bool) -> None:
    given = os.environ.get(GIVEN[name][0])
    if given:
        services.environment.update(dict.fromkeys(GIVEN[name], given))
        return
    starters: dict[str, Callable[[], tuple[Child, dict[str, str]]]] = {
        "postgres": lambda: start_postgres(durable=durable),
        "redis": start_redis,
        "rabbitmq": start_rabbitmq,
        "elasticsearch": start_elasticsearch,
        "s3": start_object_store,
    }
    began = time.monotonic()
    try:
        child, environment = starters[name]()
    except ServiceMissingError as error:
        services.missing[name] = str(error)
        _say(f"{name.upper()} IS MISSING: {error}")
        return
    stack.callback(child.stop)
    services.environment.update(environment)
    _say(f"{child.name} is up after {time.monotonic() - began:.1f} s")


def _say(words: str) -> None:
    print(f"services: {words}", file=sys.stderr, flush=True)
