"""A real mail server on a port of its own that says yes, no, or later, by the address."""

from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message


class Postman(Message):
    """Keeps what it takes. Addresses of `unknown@` are refused, of `later@` put off."""

    def __init__(self) -> None:
        super().__init__(message_class=EmailMessage)
        self.taken: list[EmailMessage] = []

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        """The answer to RCPT TO."""
        if address.startswith("unknown@"):
            return "550 no such mailbox"
        if address.startswith("later@"):
            return "451 greylisted, try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def handle_message(self, message: Any) -> None:
        """Keep it."""
        self.taken.append(message)


class AnyPort(Controller):
    """Listens on whatever port is free, and knows it before it calls itself up."""

    def _trigger_server(self) -> None:
        listening: Any = self.server
        self.port = listening.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def mail_server(settings: Any) -> Iterator[Postman]:
    """The server, and the office set up to send by it while the context lasts."""
    postman = Postman()
    controller = AnyPort(postman, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = controller.port
        yield postman
    finally:
        controller.stop()
