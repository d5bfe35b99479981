"""The office that the demo starts as its own process, or finds running already."""

import contextlib
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from types import TracebackType
from typing import Self

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from config.server import port_is_free
from jobs.runner import worker_is_alive

START_SECONDS = 60


class RunningOffice:
    """A context in which `manage up` answers on PORT."""

    def __init__(self, *, say: Callable[[str], None]) -> None:
        self.say = say
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        if not port_is_free(settings.BIND, settings.PORT):
            if worker_is_alive() and _answers():
                self.say("The office is running already.")
                return self
            words = _("Port %(port)s is in use. Set PORT to another one.")
            raise CommandError(words % {"port": settings.PORT}, returncode=4)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the office ends with us
        command = [sys.executable, str(settings.ROOT / "manage.py"), "up"]
        self.process = subprocess.Popen(command)
        deadline = time.monotonic() + START_SECONDS
        while not _answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise CommandError("The office did not start; its messages stand above.")
            time.sleep(0.2)
        return self

    def wait(self) -> None:
        """Wait until Ctrl-C or SIGTERM, or until the office ends by itself."""
        with contextlib.suppress(KeyboardInterrupt):
            if self.process:
                self.process.wait()

    def stop(self) -> None:
        """Stop the office in order; by force after 20 seconds."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def _answers() -> bool:
    host = settings.BIND if settings.BIND not in {"0.0.0.0", "::"} else "127.0.0.1"  # noqa: S104
    address = f"http://{host}:{settings.PORT}/healthz"
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
