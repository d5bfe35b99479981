"""A signer process of a test's own."""

import os
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Self

from signer.client import Client, Unavailable
from signer.keys import FileKeys
from signer.log import Log
from signer.server import Server

ROOT = Path(__file__).resolve().parents[2]


class Signer:
    """`python -m signer serve` on a folder, as a context."""

    def __init__(self, folder: Path, *, own_user: bool = True, key: str = "") -> None:
        self.folder, self.own_user = folder, own_user
        self.client = Client(folder / "signer.sock")
        self.environment = os.environ | {
            "SIGNER_DATA": str(folder),
            "SIGNER_SOCKET": str(folder / "signer.sock"),
            "SIGNER_ORIGIN": "office.example/register",
            "SIGNER_KEY": key,
            "PYTHONPATH": str(ROOT),
        }

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [sys.executable, "-m", "signer", "serve", "--with-parent"]
        command += ["--own-user"] if self.own_user else []
        self.process = subprocess.Popen(
            command, env=self.environment, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        while self.process.poll() is None:
            try:
                self.client.status()
            except Unavailable:
                time.sleep(0.02)
            else:
                return
        raise AssertionError(f"the signer ended with {self.process.returncode}")

    def kill(self) -> None:
        """Kill it, as a power cut would."""
        self.process.kill()
        self.process.communicate()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.kill()
        self.process.communicate()


class LocalSigner:
    """A signer in a thread of the test's own process: the same log, the same socket."""

    def __init__(self, folder: Path, *, origin: str = "office.example/register") -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder
        self.socket = folder / "signer.sock"
        self.log = Log(folder, FileKeys(folder), origin=origin)
        here = os.open(folder, os.O_PATH)
        self._server = Server(Path(f"/proc/self/fd/{here}/signer.sock"), self.log)
        os.close(here)
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
        self.log.close()
