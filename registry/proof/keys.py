"""The keys of the log and their life: made by the signer, followed by others, all on record there.

A key that follows another is introduced by a statement (`signer.statements`) that is an entry of
the log before the new key signs: one known key leads to the next.
"""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ledger.leaves import leaf_of, mac_of, make_leaf, new_nonce
from ledger.models import LedgerCheckpoint, LedgerEntry
from ledger.sequencing import seal_pending
from org.models import User
from registry.acts import record_act
from signer.client import Client, Refused, Unavailable
from signer.merkle import Range, leaf_hash
from signer.note import NoteError, VerifierKey, read_checkpoint, read_key
from signer.statements import LOSS, ROTATION, Statement, read_statement

STATEMENTS = "signer.key"  # the label of entries that tell of keys
ACT = "log_key"
_FIRST = "first "
_AT_ONCE = 1000


class KeyChangeError(Exception):
    """The key cannot be changed now; the message says why."""


@dataclass(slots=True)
class KnownKeys:
    """The keys recorded in the log, in order; after how many entries each was replaced.

    One that was only rotated counts for ever; one that was lost or betrayed counts up to there.
    """

    keys: list[VerifierKey] = field(default_factory=list)
    replaced: dict[bytes, int] = field(default_factory=dict)
    distrusted: set[bytes] = field(default_factory=set)

    def counts(self, key: VerifierKey, size: int) -> bool:
        """Return whether a signature of this key under so many entries counts."""
        return key.public not in self.distrusted or size <= self.replaced[key.public]

    @property
    def newest(self) -> VerifierKey | None:
        """Return the key that signs now, by the log."""
        return self.keys[-1] if self.keys else None


def stated_keys() -> KnownKeys:
    """Return the keys recorded in the log. A statement whose signatures are false records none."""
    found = KnownKeys()
    entries = LedgerEntry.objects.filter(label=STATEMENTS).order_by("id")
    for lines in entries.values_list("lines", flat=True).iterator(chunk_size=100):
        try:
            if lines.startswith(_FIRST):
                if not found.keys:
                    found.keys.append(read_key(lines.removeprefix(_FIRST)))
                continue
            statement = read_statement(lines)
        except NoteError:
            continue
        _follow(found, statement)
    return found


def _follow(found: KnownKeys, statement: Statement) -> None:
    if statement.old not in found.keys:
        if found.keys:
            return  # it leads from a key that nobody knew
        found.keys.append(statement.old)
    found.replaced[statement.old.public] = statement.size
    if statement.reason != ROTATION:
        found.distrusted.add(statement.old.public)
    found.keys.append(statement.new)


def remember_first_key() -> None:
    """Enter the key of a new log into it, once, where the signer answers."""
    if LedgerEntry.objects.filter(label=STATEMENTS).exists():
        return
    try:
        key = _client().status().key
    except (Refused, Unavailable):
        return
    with transaction.atomic():
        _enter(f"{_FIRST}{key}")


def change_key(reason: str, *, actor: User | None = None, old: str = "") -> Statement:
    """Have another key follow: the statement goes into the log, then the signer uses the key.

    `old` names a key that is lost. Raise KeyChangeError, and what `signer.client` raises.
    """
    seal_pending()
    note = _client().prepare_key(reason, old=old)
    statement = read_statement(note)
    with transaction.atomic():
        entry = _enter(note)
    seal_pending()
    entry.refresh_from_db()
    if entry.place is None:
        raise KeyChangeError(_("The statement waits for the signer; call again when it answers."))
    _client().use_key(entry.place, leaf_of(entry), nonce=entry.nonce)
    told = {"reason": reason, "old": str(statement.old), "new": str(statement.new)}
    with transaction.atomic():
        record_act(ACT, actor=actor, data=told)
    seal_pending()  # the act is an entry too: the first checkpoint of the new key covers it
    return statement


def begin_again(*, actor: User | None = None, old: str = "") -> Statement:
    """Fill a new, empty log with all entries, and state there which key and checkpoint are lost.

    For a signer whose folder is gone. The entries must be those of the newest checkpoint that the
    office kept. Raise KeyChangeError.
    """
    known = stated_keys().newest
    lost = old or (str(known) if known else "")
    if not lost:
        raise KeyChangeError(_("The lost key is not known here: name it by --old."))
    status = _client().status()
    size = status.size
    rows = LedgerEntry.objects.exclude(place=None).order_by("place")
    count = rows.count()
    if size >= count and known and status.key == str(known):
        raise KeyChangeError(
            _(
                "Nothing is lost: the signer has the log and its key. Where this database is the "
                "older one, start the signer on an empty folder first (docs/operations.md)."
            )
        )
    if size > count:
        words = _("The signer has %(there)d entries, this database %(here)d.")
        raise KeyChangeError(words % {"there": size, "here": count})
    _must_be_whole(rows)
    for start in range(size, count, _AT_ONCE):
        part = rows.filter(place__gte=start)[:_AT_ONCE]
        try:
            checkpoint = _client().append([leaf_of(entry) for entry in part], first_index=start)
        except Refused as error:
            raise KeyChangeError(str(error)) from error
        keep_checkpoint(checkpoint.checkpoint)
    return change_key(LOSS, actor=actor, old=lost)


def _must_be_whole(rows: Any) -> None:
    """Raise KeyChangeError where the entries are not those of the newest checkpoint."""
    newest = LedgerCheckpoint.objects.order_by("-size").first()
    if newest is None:
        return
    told, tree = read_checkpoint(newest.note), Range()
    for entry in rows[: told.size].iterator(chunk_size=_AT_ONCE):
        tree.add(leaf_hash(leaf_of(entry)))
    if (tree.size, tree.root()) != (told.size, told.root):
        raise KeyChangeError(_("The entries are not those of the newest checkpoint."))


def keep_checkpoint(note: str) -> None:
    """Keep a checkpoint that the signer gave."""
    size = read_checkpoint(note).size
    defaults = {"note": note, "at": timezone.now()}
    LedgerCheckpoint.objects.get_or_create(size=size, defaults=defaults)


def _enter(lines: str) -> LedgerEntry:
    """Write an entry about a key; inside a transaction."""
    now, nonce, act = timezone.now(), new_nonce(), LedgerEntry.Act.WRITE
    leaf = make_leaf(at=now, label=STATEMENTS, act=act.value, lines=lines, nonce=nonce)
    return LedgerEntry.objects.create(
        at=now, label=STATEMENTS, act=act, lines=lines, nonce=nonce, mac=mac_of(leaf)
    )


def _client() -> Client:
    return Client(settings.SIGNER_SOCKET)
