"""Channels by which a checkpoint leaves the office; each returns the proof that came back.

All raise the runner's errors: Unavailable (it waits), Transient (it is tried again), Permanent.
"""

import asyncio
import base64
import hashlib
import http.client
import io
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import ngettext, override

from jobs.errors import Permanent, Transient, Unavailable
from jobs.mailing import AUTOMATIC, send
from org.bounded_answers import Deadline
from org.tls import client_context
from registry.files.vault_s3 import ObjectVault
from registry.models.anchors import Anchor
from signer import client
from signer.note import NoteError, VerifierKey, read_note, verified

_SECONDS: Final = 20  # without a sign of the service
_WHOLE_SECONDS: Final = 60  # of a request to a witness and its answer
_LONGEST: Final = 65_536  # bytes of a witness's answer
_CONFLICT: Final = 409


def configured_channels() -> list[tuple[str, str]]:
    """Return channel and address of everything that the settings name, in their order."""
    found: list[tuple[str, str]] = []
    if settings.TIMESTAMP_URL:
        found.append((Anchor.Way.TIMESTAMP, _without_secret(settings.TIMESTAMP_URL)))
    if settings.ANCHOR_URL:
        found.append((Anchor.Way.STORE, _without_secret(settings.ANCHOR_URL)))
    found += [(Anchor.Way.MAIL, address) for address in settings.ANCHOR_WITNESSES]
    found += [(Anchor.Way.WITNESS, key.name) for key, _url in settings.WITNESS_URLS]
    return [(str(way), place[:200]) for way, place in found]


def make(anchor: Anchor) -> bytes:
    """Give the checkpoint of an anchor to its place, and return the proof."""
    return _MAKERS[Anchor.Way(anchor.way)](anchor)


def _timestamp(anchor: Anchor) -> bytes:
    """Return a timestamp token over the note."""
    from pyhanko.sign.timestamps import TimestampRequestError

    from registry.stamper import StraightTimeStamper

    stamper = StraightTimeStamper(settings.TIMESTAMP_URL, timeout=_SECONDS)
    digest = hashlib.sha256(anchor.note.encode()).digest()
    try:
        token = asyncio.run(stamper.async_timestamp(digest, "sha256"))
    except (TimestampRequestError, OSError, TimeoutError, ValueError) as error:
        raise Unavailable("timestamp_away", type(error).__name__) from error
    return bytes(token.dump())


def file_name(anchor: Anchor) -> str:
    """Return the name of a checkpoint in a store: by size, so that a list of them is in order."""
    return f"checkpoint-{anchor.size:012d}-{anchor.root[:16]}.txt"


def _store(anchor: Anchor) -> bytes:
    """Put the note into the second store, where it is locked."""
    url = urlsplit(settings.ANCHOR_URL)
    if url.scheme == "file":
        return _into_folder(Path(unquote(url.path)), anchor)
    from botocore.exceptions import BotoCoreError, ClientError

    store = ObjectVault.from_url(settings.ANCHOR_URL)
    extra: dict[str, Any] = {}
    if store.lock_days:
        until = datetime.now(UTC) + timedelta(days=store.lock_days)
        extra = {"ObjectLockMode": "COMPLIANCE", "ObjectLockRetainUntilDate": until}
    key = f"checkpoints/{file_name(anchor)}"
    try:
        store.client.upload_fileobj(
            io.BytesIO(anchor.note.encode()),
            store.bucket,
            key,
            ExtraArgs={"ChecksumAlgorithm": "SHA256", **extra},
        )
    except (BotoCoreError, ClientError) as error:
        raise Unavailable("store_away", type(error).__name__) from error
    except Exception as error:  # boto3 wraps a failed upload in an error of its own
        raise Transient("store_refused", type(error).__name__) from error
    return key.encode()


def _into_folder(folder: Path, anchor: Anchor) -> bytes:
    """Write the note into a folder: a disk that writes once, or one of another machine."""
    path = folder / file_name(anchor)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            path.write_text(anchor.note, "utf-8")
            path.chmod(0o400)
        if path.read_text("utf-8") != anchor.note:
            raise Permanent("store_holds_another")
    except OSError as error:
        raise Unavailable("store_away", type(error).__name__) from error
    return path.name.encode()


def _mail(anchor: Anchor) -> bytes:
    """Send the note to a person, who keeps it."""
    parts = []
    for language in ("ar", "fr", "en"):
        with override(language):
            parts.append(
                ngettext(
                    "This is a checkpoint of the register of %(office)s: it has %(size)d entry, "
                    "and this is its fingerprint. Keep this message. With it, anybody can prove "
                    "later that no entry up to this one was changed or removed.",
                    "This is a checkpoint of the register of %(office)s: it has %(size)d entries, "
                    "and this is their fingerprint. Keep this message. With it, anybody can prove "
                    "later that no entry up to this one was changed or removed.",
                    anchor.size,
                )
                % {"office": settings.SIGNER_ORIGIN, "size": anchor.size}
            )
    message = EmailMessage(
        subject=f"Sijill {settings.SIGNER_ORIGIN} {anchor.size}",
        body="\n\n".join([*parts, anchor.note]),
        to=[anchor.place],
        headers={**AUTOMATIC},
    )
    message.attach(file_name(anchor), anchor.note, "text/plain")
    send(message)
    return b""


def _witness(anchor: Anchor) -> bytes:
    """Have a witness cosign the note, by the protocol tlog-witness of C2SP."""
    for key, url in settings.WITNESS_URLS:
        if key.name == anchor.place:
            return _cosigned(anchor, key, url).encode()
    raise Permanent("witness_unknown", "WITNESS_URLS does not name it any more.")


def _cosigned(anchor: Anchor, key: VerifierKey, url: str) -> str:
    known = Anchor.objects.filter(way=anchor.way, place=anchor.place, state=Anchor.State.DONE)
    old = known.filter(size__lte=anchor.size).order_by("-size").values_list("size", flat=True)
    status, answer = _add_checkpoint(anchor, url, old.first() or 0)
    if status == _CONFLICT and answer.strip().isdecimal() and int(answer) <= anchor.size:
        status, answer = _add_checkpoint(anchor, url, int(answer))
    if status >= 500:
        raise Unavailable("witness_away", str(status))
    if status != 200:
        raise Transient("witness_refused", str(status))
    note = anchor.note + answer
    try:
        if key not in verified(read_note(note), [key]):
            raise Transient("witness_signed_nothing")
    except NoteError as error:
        raise Transient("witness_signed_nothing") from error
    return note


def _add_checkpoint(anchor: Anchor, url: str, old: int) -> tuple[int, str]:
    """Send a checkpoint to a witness once; return status and answer."""
    lines = [f"old {old}"]
    try:
        for step in client.Client(settings.SIGNER_SOCKET).consistency(old, anchor.size):
            lines.append(base64.b64encode(step).decode())
    except client.Unavailable as error:
        raise Unavailable("signer_away") from error
    except client.Refused as error:
        raise Permanent("signer_refuses", str(error)) from error
    body = "\n".join(lines) + "\n\n" + anchor.note
    asked = urllib.request.Request(f"{url}/add-checkpoint", data=body.encode(), method="POST")  # noqa: S310
    try:
        with Deadline(_WHOLE_SECONDS) as deadline, _answer(asked, deadline) as answer:
            return answer.status, answer.read(_LONGEST).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as error:
        raise Unavailable("witness_away", type(error).__name__) from error


def _answer(asked: urllib.request.Request, deadline: Deadline) -> Any:
    """Return the answer of a witness, whatever its status; it ends with the deadline."""
    opener = urllib.request.build_opener(_Stays, _Http(deadline), _Https(deadline))
    try:
        return opener.open(asked, timeout=_SECONDS)
    except urllib.error.HTTPError as error:
        return error


class _Stays(urllib.request.HTTPRedirectHandler):
    """Follows a witness nowhere: an answer that leads elsewhere is an answer."""

    def redirect_request(self, *_args: Any) -> None:
        return None


class _Http(urllib.request.HTTPHandler):
    """Connects over HTTP under a deadline."""

    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._made: Any = deadline.watching(http.client.HTTPConnection)

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._made, req)


class _Https(urllib.request.HTTPSHandler):
    """Connects over TLS under a deadline."""

    def __init__(self, deadline: Deadline) -> None:
        self._trusts = client_context()
        super().__init__(context=self._trusts)
        self._made: Any = deadline.watching(http.client.HTTPSConnection)

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._made, req, context=self._trusts)


def _without_secret(url: str) -> str:
    """Return an address without user, password and query."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}"


_MAKERS: Final[dict[Anchor.Way, Callable[[Anchor], bytes]]] = {
    Anchor.Way.TIMESTAMP: _timestamp,
    Anchor.Way.STORE: _store,
    Anchor.Way.MAIL: _mail,
    Anchor.Way.WITNESS: _witness,
}
