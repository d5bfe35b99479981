"""The signer as a child of `manage up`: started, started again, and ended with the office."""

import os
import subprocess
import sys
import threading
from typing import Final

from django.conf import settings

from signer.client import Client, Unavailable

_AGAIN_SECONDS: Final = 2.0
_KEPT: Final = ("PATH", "LANG", "TZ")


class SignerProcess:
    """Keeps one signer running from its own thread; it ends when this process does."""

    def __init__(self) -> None:
        """Prepare it; nothing runs before `start`."""
        self._owner = os.getpid()
        self._stop = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, unless another office or a service runs it already."""
        if settings.SIGNER_EMBEDDED:
            threading.Thread(target=self._keep, name="signer", daemon=True).start()

    def stop(self) -> None:
        """End it in order; its journal is whole at any moment. A forked worker ends nothing."""
        if os.getpid() != self._owner:
            return
        self._stop.set()
        child = self._child
        if child and child.poll() is None:
            child.terminate()

    def _keep(self) -> None:
        while not self._stop.is_set():
            if not _answers():
                self._child = subprocess.Popen(
                    [sys.executable, "-m", "signer", "serve", "--with-parent", "--own-user"],
                    cwd=settings.ROOT,
                    env=signer_environment(),
                    stdin=subprocess.PIPE,  # open as long as this process lives
                    start_new_session=True,  # Ctrl-C ends the office, and the office ends it
                )
                self._child.wait()
            self._stop.wait(_AGAIN_SECONDS)


def _answers() -> bool:
    try:
        Client(settings.SIGNER_SOCKET).status()
    except Unavailable:
        return False
    return True


def signer_environment() -> dict[str, str]:
    """Return what the signer needs to know: none of the office's secrets."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | {
        "SIGNER_DATA": str(settings.SIGNER_DATA),
        "SIGNER_SOCKET": str(settings.SIGNER_SOCKET),
        "SIGNER_ORIGIN": settings.SIGNER_ORIGIN,
        "SIGNER_KEY": settings.SIGNER_KEY,
    }
