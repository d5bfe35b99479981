"""The signer process: `python -m signer serve`, and `python -m signer check`.

Its settings: SIGNER_DATA (the folder of journal and key), SIGNER_SOCKET, SIGNER_KEY (a PKCS#11
token instead of files), SIGNER_ORIGIN (the name of a new log). Each may be given as NAME_FILE, a
path whose content is the value.
"""

import argparse
import ctypes
import os
import pwd
import resource
import signal
import sys
import threading
from pathlib import Path
from typing import Final

from signer.given import UnreadableError, given
from signer.journal import JournalError
from signer.keys import KeyMissingError, key_store
from signer.log import Log, LogError
from signer.server import Server
from signer.words import gettext as _

USER: Final = "sijill-signer"
UID: Final = 61718  # where root finds no such user: a number that no other program has
_NO_NEW_PRIVS, _DUMPABLE = 38, 4  # of prctl(2)
UNFIT: Final = 78


def main() -> int:
    """Serve until SIGTERM, or check the journal once."""
    parser = argparse.ArgumentParser(prog="python -m signer", description=__doc__)
    parser.add_argument("do", choices=["serve", "check"])
    parser.add_argument(
        "--with-parent", action="store_true", help="end when standard input is closed"
    )
    parser.add_argument(
        "--own-user", action="store_true", help="as root: give the folder to another user, be it"
    )
    asked = parser.parse_args()
    try:
        data = Path(given("DATA_DIR", "var")) / "signer"
        folder = Path(given("SIGNER_DATA", str(data))).absolute()
        socket = Path(given("SIGNER_SOCKET", str(folder / "signer.sock"))).absolute()
        key, origin = given("SIGNER_KEY"), given("SIGNER_ORIGIN")
        _enter(folder, make=asked.do == "serve")
        if asked.own_user and os.getuid() == 0:
            _become_other()
        _confine()
        log = Log(Path(), key_store(key, Path()), origin=origin)
        if asked.do == "check":
            log.check()
            sys.stdout.write(log.checkpoint())
            return 0
    except (UnreadableError, LogError, JournalError, KeyMissingError, OSError) as error:
        sys.stderr.write(f"signer: {error}\n")
        return UNFIT
    _serve(log, Path(socket.name) if socket.parent == folder else socket, asked.with_parent)
    return 0


def _enter(folder: Path, *, make: bool) -> None:
    """Go into the signer's folder; from there on by names alone: another user may not walk there.

    Raise LogError where there is none, and none is to be made.
    """
    if make:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    elif not (folder / "state").exists():
        raise LogError(_("there is no log in %(folder)s") % {"folder": folder})
    os.chdir(folder)


def _serve(log: Log, socket: Path, with_parent: bool) -> None:
    server = Server(socket, log)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    if with_parent:
        threading.Thread(target=_watch_parent, args=(ended,), daemon=True).start()
    words = _("%(size)d leaves, key %(key)s") % {"size": log.size, "key": log.key}
    sys.stderr.write(f"signer: {words}\n")
    ended.wait()
    server.shutdown()
    server.server_close()
    log.close()


def _watch_parent(ended: threading.Event) -> None:
    while os.read(0, 4096):
        pass
    ended.set()


def _become_other() -> None:
    """Own the folder as another user, and be it; this cannot be undone."""
    try:
        user = pwd.getpwnam(USER)
        uid, gid = user.pw_uid, user.pw_gid
    except KeyError:
        uid = gid = UID
    try:
        for path in [Path(), *Path().rglob("*")]:
            os.chown(path, uid, gid, follow_symlinks=False)
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    except PermissionError as error:  # a container without these rights: the health page says so
        words = _("it stays the user that it is: %(why)s") % {"why": error.strerror}
        sys.stderr.write(f"signer: {words}\n")


def _confine() -> None:
    """Give up what a signer never needs: new privileges, memory dumps, readers of its memory."""
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(_DUMPABLE, 0, 0, 0, 0)


if __name__ == "__main__":
    sys.exit(main())
