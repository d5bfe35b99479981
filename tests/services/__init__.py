"""Real PostgreSQL, Redis, RabbitMQ and Elasticsearch for tests and benches, on this machine alone.

`with running({"postgres", "redis"}) as services:` starts them on free ports of the loopback
interface, gives their addresses in `services.environment` and stops them at the end. From a shell:
`python -m tests.services run --postgres --redis --elasticsearch -- COMMAND…`.
"""

from tests.services.fleet import Services, running

__all__ = ["Services", "running"]
