"""A signer process of a test's own."""

import os
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from signer.client import Client, Unavailable

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
