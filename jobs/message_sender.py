"""Messages to the broker, sent by a thread of their own, so that no caller waits for a broker.

A message names a queue and nothing else, so what is not sent yet is a number for each queue. While
the broker is away it is forgotten: the sweep rings again for all that is due.
"""

import atexit
import logging
import os
import threading
import time
from collections import Counter
from typing import Any, Final

from django.conf import settings
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)

MOST_WAITING: Final = 200  # messages of a queue; so many wake that many idle processes
TASK: Final = "jobs.run"
QUIET_SECONDS: Final = 10.0  # after a failure the broker is left alone for so long
_IDLE_SECONDS: Final = 20.0  # then the connection is closed: an old one may be dead without a word
_ANSWER_SECONDS: Final = 2.0  # for each answer of the broker
_LAST_SECONDS: Final = 1.0  # at the end of a process, for what is not sent yet
_TIMES: Final = {
    "amqp": dict.fromkeys(("read_timeout", "write_timeout"), _ANSWER_SECONDS),
    "redis": dict.fromkeys(("socket_connect_timeout", "socket_timeout"), _ANSWER_SECONDS),
}


def _connection_to(address: str) -> Any:
    """Return a connection to a broker, not open yet, that waits briefly for each answer."""
    kind = "amqp" if address.startswith("amqp") else "redis"
    return import_string(settings.JOB_BROKER).connection(
        address, connect_timeout=_ANSWER_SECONDS, transport_options=_TIMES[kind]
    )


def broker_answers() -> bool:
    """Return whether the broker takes a connection and signs it in, tried once.

    Open ports are not enough: a broker that hangs accepts connections and then answers nothing.
    """
    connection = _connection_to(settings.BROKER_URL)
    try:
        connection.ensure_connection(max_retries=0, reraise_as_library_errors=False)
    except Exception as error:  # each kind of broker has errors of its own
        log.debug("the broker does not answer: %s", type(error).__name__)
        return False
    finally:
        _release(connection)
    return True


def _release(connection: Any) -> None:
    try:
        connection.release()
    except Exception as error:
        log.debug("a connection ended badly: %s", type(error).__name__)


class MessageSender:
    """Sends the messages of this process, one after the other, in one thread.

    `wanted`: how many of each queue are not sent yet.
    """

    def __init__(self) -> None:
        self._change = threading.Condition()
        self.wanted: Counter[str] = Counter()
        self._thread: threading.Thread | None = None
        self._sending = False
        self._quiet_until = 0.0
        self._connection: Any = None

    def ring(self, queue: str, *, times: int = 1) -> None:
        """Have so many messages sent soon; at most MOST_WAITING of a queue wait here."""
        with self._change:
            self.wanted[queue] = min(self.wanted[queue] + times, MOST_WAITING)
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="messages", daemon=True)
                self._thread.start()
            self._change.notify_all()

    def wait(self, seconds: float) -> bool:
        """Wait until all is sent or given up; return whether that was so in time."""
        with self._change:
            return self._change.wait_for(lambda: not self.wanted and not self._sending, seconds)

    def _serve(self) -> None:
        while True:
            with self._change:
                if not self._change.wait_for(lambda: self.wanted, _IDLE_SECONDS):
                    self._hang_up()
                    self._change.wait_for(lambda: self.wanted)
                wanted, self.wanted = self.wanted, Counter()
                self._sending = True
            try:
                self._send_all(wanted)
            finally:
                with self._change:
                    self._sending = False
                    self._change.notify_all()

    def _send_all(self, wanted: Counter[str]) -> None:
        if time.monotonic() < self._quiet_until:
            return
        try:
            for queue, times in wanted.items():
                for _ in range(times):
                    self._send(queue)
        except Exception as error:  # whatever it is, the thread lives on and the sweep rings
            self._hang_up()
            self._quiet_until = time.monotonic() + QUIET_SECONDS
            log.warning("broker away (%s): work waits for the sweep", type(error).__name__)

    def _send(self, queue: str) -> None:
        """Send one message; over a new connection where the old one has ended meanwhile."""
        if self._connection is not None:
            try:
                self._publish(queue)
                return
            except Exception:
                self._hang_up()
        self._connection = _connection_to(import_string(settings.JOB_BROKER).conf.broker_url)
        self._connection.connect()
        self._publish(queue)

    def _publish(self, queue: str) -> None:
        app = import_string(settings.JOB_BROKER)
        producer = app.amqp.Producer(self._connection.default_channel, auto_declare=False)
        app.send_task(
            TASK,
            args=(queue,),
            queue=queue,
            producer=producer,
            retry=False,
            ignore_result=True,
            confirm_timeout=_ANSWER_SECONDS,
        )

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            _release(connection)


_sender = MessageSender()
# Kept: to forget one would close the connection that its parent uses.
_parents: list[MessageSender] = []


def message_sender() -> MessageSender:
    """Return this process's message sender."""
    return _sender


def _after_fork() -> None:
    """Give a forked child a message sender of its own.

    It has no thread of its parent, and must not use its connection.
    """
    global _sender
    _parents.append(_sender)
    _sender = MessageSender()


os.register_at_fork(after_in_child=_after_fork)
atexit.register(lambda: _sender.wait(_LAST_SECONDS))
