"""The services that the composition builds, started here by its own commands and settings.

What compose does is done by hand: variables are filled in, secrets are files, `/run/secrets` and
volumes are folders, and the names of other services are those of servers that the tests run.
"""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import yaml

from tests.production.office import kill
from tests.services.process import die_with_parent, free_port

ROOT: Final = Path(__file__).resolve().parents[2]
COMPOSE: Final[dict[str, Any]] = yaml.safe_load(
    (ROOT / "docker" / "compose.yml").read_text("utf-8")
)
SERVICES: Final[dict[str, dict[str, Any]]] = COMPOSE["services"]
OURS: Final = {name: service for name, service in SERVICES.items() if "build" in service}
HOST: Final = {
    "PUBLIC_URL": "https://courrier.example.ma",
    "ALLOWED_HOSTS": "courrier.example.ma",
    "EMAIL_FROM": "courrier@example.ma",
    "TIMESTAMP_URL": "https://tsa.example/",
}
_VARIABLE: Final = re.compile(r"\$\{(\w+)(?:(:[-?+])([^}]*))?\}")
_LONGEST: Final = 600  # seconds for a command that ends, on a busy machine
_FROM_HERE: Final = ("PATH", "HOME", "LANG", "TESSDATA_PREFIX", "TMPDIR")


def filled_in(text: str, host: dict[str, str]) -> str:
    """Return the text with ${NAME}, ${NAME:-default}, ${NAME:+instead}, ${NAME:?why} replaced."""

    def value(found: re.Match[str]) -> str:
        name, how, words = found.groups()
        if how == ":+":
            return words if host.get(name) else ""
        assert how != ":?" or host.get(name), f"{name} is required: {words}"
        return host.get(name) or (words or "")

    return _VARIABLE.sub(value, text)


def make_secrets(folder: Path) -> None:
    """Draw the secrets as an operator does."""
    script = str(ROOT / "docker" / "make-secrets")
    subprocess.run([script, str(folder)], check=True, capture_output=True)


class Composition:
    """The composition's own services, with folders of this machine in place of volumes."""

    def __init__(self, folder: Path, secrets: Path, *, host: dict[str, str]) -> None:
        self.port = 8000  # as in the image, until web starts
        self._host = HOST | host
        self._logs = folder / "logs"
        self._places = {
            "/run/secrets": str(secrets),
            "/run/tls": str(folder / "tls" / "office"),
            "/run/web-tls": str(folder / "tls" / "web"),
            "/run/clamav": str(folder / "scanner"),
            "/run/sijill-signer": str(folder / "socket"),
            "/var/lib/sijill-signer": str(folder / "signer"),
            "/var/lib/sijill": str(folder / "office"),
            "/srv/watched": str(folder / "watched"),
            "/srv/bank-files": str(folder / "bank-files"),
            "/srv/signing-keys": str(folder / "signing-keys"),
        }
        for place in (*list(self._places.values())[1:], str(self._logs)):
            Path(place).mkdir(exist_ok=True, mode=0o700, parents=True)
        self.instead: dict[str, str] = {}
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def place(self, text: str) -> str:
        """Return a text with the container's places replaced by this machine's."""
        for inside, outside in self._places.items():
            text = text.replace(inside, outside)
        return text

    def environment(self, name: str) -> dict[str, str]:
        """Return what a service's processes read: the image's variables and the composition's."""
        image = {
            "DATA_DIR": self.place("/var/lib/sijill"),
            "BIND": "127.0.0.1",
            "PORT": str(self.port),
        }
        shown = {n: self.place(filled_in(t, self._host)) for n, t in self._given(name).items()}
        kept = {n: os.environ[n] for n in _FROM_HERE if n in os.environ}
        kept["PATH"] = f"{Path(sys.executable).parent}:{kept['PATH']}"
        return kept | image | shown | self.instead

    def _given(self, name: str) -> dict[str, str]:
        return {n: str(text) for n, text in SERVICES[name]["environment"].items()}

    def _command(self, name: str) -> list[str]:
        return [self.place(word.replace("$$", "$")) for word in SERVICES[name]["command"]]

    def run(self, name: str, *instead: str) -> subprocess.CompletedProcess[str]:
        """Run a service that ends, or another command in its place (`compose run --rm`)."""
        return subprocess.run(
            instead or self._command(name),
            cwd=ROOT,
            env=self.environment(name),
            capture_output=True,
            text=True,
            check=False,
            timeout=_LONGEST,
        )

    def start(self, name: str) -> None:
        """Start a service that lasts; web at a port that is free now."""
        if name == "web":
            self.port = free_port()
        with (self._logs / f"{name}.log").open("ab") as words:
            self.running[name] = subprocess.Popen(
                self._command(name),
                cwd=ROOT,
                env=self.environment(name),
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=words,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGTERM),
            )

    def is_well(self, name: str) -> bool:
        """Return what the service's own health check says."""
        assert self.running[name].poll() is None, self.log(name)
        return self.run(name, *SERVICES[name]["healthcheck"]["test"][1:]).returncode == 0

    def log(self, name: str) -> str:
        """Return what a service has said."""
        return (self._logs / f"{name}.log").read_text(errors="replace")

    def close(self) -> None:
        """End all services."""
        for process in self.running.values():
            kill(process)
