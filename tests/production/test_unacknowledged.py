"""A worker goes on where an acknowledgement was not taken: a real Redis that stands still."""

from collections.abc import Iterator
from typing import Any

import kombu
import pytest
import redis
from kombu.transport.redis import QoS

from jobs.unacknowledged import ForgivingQoS
from tests.services.process import ServiceMissingError
from tests.services.redis_server import start_redis

pytestmark = [pytest.mark.production]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A Redis of this module's own."""
    try:
        child, environment = start_redis()
    except ServiceMissingError as error:
        pytest.skip(str(error))
    yield environment["TEST_REDIS_URL"]
    child.stop()


@pytest.mark.parametrize(("counting", "goes_on"), [(ForgivingQoS, True), (QoS, False)])
def test_a_message_that_cannot_be_acknowledged_leaves_its_place(
    counting: type[QoS], goes_on: bool, address: str
) -> None:
    options = {"socket_timeout": 0.2}
    with kombu.Connection(address, transport_options=options) as connection:
        channel: Any = connection.channel()
        channel.QoS, channel._qos = counting, None
        queue = kombu.Queue("work", channel=channel)
        queue.declare()
        kombu.Producer(channel).publish({}, routing_key="work")
        channel.basic_qos(0, 1, False)
        message = queue.get()
        assert message is not None
        assert not channel.qos.can_consume()  # one at a time
        with redis.Redis.from_url(address) as other:
            other.execute_command("CLIENT", "PAUSE", 1_000)
            with pytest.raises(redis.exceptions.TimeoutError):
                message.ack()
            other.execute_command("CLIENT", "UNPAUSE")
        assert channel.qos.can_consume() is goes_on
        queue.purge()


def test_workers_count_so() -> None:
    from kombu.transport.redis import Channel

    import config.celery  # noqa: F401

    assert Channel.QoS is ForgivingQoS
