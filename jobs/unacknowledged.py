"""Messages whose acknowledgement Redis did not take: they no longer count as in work.

kombu counts a message as worked on until its acknowledgement was taken. Where that fails, since
the broker stands still for longer than its timeout, the worker would take one message less from
then on, and after as many as it has processes none at all, without a word and without an end.
"""

from typing import Any

from kombu.transport import redis
from kombu.transport.virtual import QoS


class ForgivingQoS(redis.QoS):
    """kombu's count of unacknowledged messages, which decreases even if Redis fails to record it.

    Redis delivers such a message again after an hour; it then finds no work (ADR 34).
    """

    def ack(self, delivery_tag: str) -> None:
        """Acknowledge the message; raise what the broker said, the place free again."""
        try:
            super().ack(delivery_tag)
        except Exception:
            QoS.ack(self, delivery_tag)
            raise


def install() -> None:
    """Have all connections of this process to a Redis count so."""
    channel: Any = redis.Channel
    channel.QoS = ForgivingQoS
