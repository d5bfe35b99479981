"""The Elasticsearch process that a bench runs against, to be killed and started again."""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.services.process import Child, start

_HOME = "-Des.path.home="
_KEPT = ("ES_JAVA_HOME", "ES_JAVA_OPTS", "ES_TMPDIR")


@dataclass(frozen=True)
class Server:
    """A running node: its process, the folder of its program, and variables of its environment."""

    pid: int
    home: Path
    environment: dict[str, str]

    def start_again(self) -> Child:
        """Start a new process over the same data; it answers after some seconds."""
        program = str(self.home / "bin" / "elasticsearch")
        folder = self.home.parent
        return start("Elasticsearch", [program], folder=folder, environment=self.environment)


def server_of(url: str) -> Server:
    """Return the process that listens at `url`; LookupError when it is not on this machine."""
    port = urlsplit(url).port or 0
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                line = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            if b"org.elasticsearch.server" in line and _listens(folder, port):
                return _described(folder, line.decode(errors="replace").split("\0"))
    raise LookupError("the server is not on this machine")


def _described(folder: Path, line: list[str]) -> Server:
    home = next(part.removeprefix(_HOME) for part in line if part.startswith(_HOME))
    pairs = (folder / "environ").read_bytes().decode(errors="replace").split("\0")
    said = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    kept = {name: said[name] for name in _KEPT if name in said}
    return Server(int(folder.name), Path(home), kept)


def _listens(folder: Path, port: int) -> bool:
    """Return whether the process has the listening socket of that port."""
    inodes = {
        line.split()[9]
        for name in ("tcp", "tcp6")
        for line in (folder / "net" / name).read_text().splitlines()[1:]
        if line.split()[3] == "0A" and line.split()[1].endswith(f":{port:04X}")
    }
    links = (os.readlink(link) for link in (folder / "fd").iterdir())
    return any(link == f"socket:[{inode}]" for link in links for inode in inodes)
