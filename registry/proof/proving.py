"""Verification of the register's proof: what the register names itself, and what is brought."""

from collections.abc import Iterator, Sequence
from typing import Final

from cryptography.x509 import Certificate
from django.conf import settings

from ledger.models import LedgerCheckpoint
from ledger.problems import Problem
from registry.models.anchors import Anchor
from registry.models.closings import DailyClosing
from registry.proof import store
from registry.proof.against import check_against, check_signer
from registry.proof.keys import KnownKeys, stated_keys
from registry.proof.points import Point, PointError, read_point, read_printed, read_signed
from signer.client import Client, Unavailable
from signer.note import COSIGNATURE, VerifierKey, read_key

ANCHORS, STORE = "anchors", "store"  # words of --against: all that was anchored; the second store
_NEWEST: Final = 1000  # checkpoints that the office kept itself


def check_proof() -> Iterator[Problem]:
    """Compare the entries with the signer's log, and with each checkpoint that stands here."""
    yield from check_signer()
    yield from _check_key()
    points: list[Point] = []
    for name, text in _kept():
        try:
            points += [read_signed(text, name, [])] if "\n\n" in text else read_printed(text, name)
        except PointError as error:
            yield Problem("checkpoint_unreadable", name, str(error))
    yield from check_against(points)


# Of what was brought: they say nothing of the register.
UNUSABLE: Final = frozenset({"anchor_refused", "anchor_unsigned"})


def check_brought(
    told: Sequence[str], keys: Sequence[str] = (), roots: Sequence[Certificate] = ()
) -> Iterator[Problem]:
    """Compare the entries with what somebody brought (see `registry.proof.points`).

    `keys`: verifier keys that are trusted, in place of those that the office itself names.
    `roots`: of timestamp authorities that count. Raise NoteError for what is no key.
    """
    known = known_keys(keys)
    points: list[Point] = []
    for one in told:
        try:
            points += _brought(one, every_key(known), roots)
        except PointError as error:
            yield Problem("anchor_refused", "registry.anchor", str(error))
    for point in points:
        if point.signers is not None and not _counts(point, known):
            yield Problem("anchor_unsigned", "registry.anchor", point.reported_by)
    yield from check_against(points)


def known_keys(told: Sequence[str] = ()) -> KnownKeys:
    """Return the keys whose signatures count: the recorded ones, else the office's own ones."""
    if told:
        return KnownKeys([read_key(each) for each in told])
    known = stated_keys()
    signing = _signing_key()
    if signing and not known.keys:
        known.keys.append(signing)
    return known


def every_key(known: KnownKeys) -> list[VerifierKey]:
    """Return these keys, also as they sign times, and those of the witnesses of the settings."""
    timed = [VerifierKey(key.name, key.public, COSIGNATURE) for key in known.keys]
    return [*known.keys, *timed, *(key for key, _url in settings.WITNESS_URLS)]


def _counts(point: Point, known: KnownKeys) -> bool:
    """Return whether a key signed the point that counted then."""
    return any(known.counts(key, point.size) for key in point.signers or ())


def _signing_key() -> VerifierKey | None:
    try:
        return read_key(Client(settings.SIGNER_SOCKET).status().key)
    except Unavailable:
        return None


def _check_key() -> Iterator[Problem]:
    """Yield a problem where the signer signs with a key that the log does not record."""
    newest, signing = stated_keys().newest, _signing_key()
    if newest and signing and newest != signing:
        yield Problem("key_unstated", "ledger.ledgerentry", f"{signing}; the log tells {newest}")


def _brought(told: str, keys: Sequence[VerifierKey], roots: Sequence[Certificate]) -> list[Point]:
    if told == ANCHORS:
        done = Anchor.objects.filter(state=Anchor.State.DONE).order_by("size")
        rows = done.values_list("size", "note").distinct()
        return [read_signed(note, f"anchor of {size}", keys) for size, note in rows]
    if told == STORE:
        return [read_signed(note, name, keys) for name, note in store.notes()]
    return read_point(told, keys, roots)


def _kept() -> Iterator[tuple[str, str]]:
    """Yield name and text of the checkpoints that stand in the office's own tables."""
    closings = DailyClosing.objects.exclude(checkpoint="").order_by("pk")
    for pk, text in closings.values_list("pk", "checkpoint").iterator(chunk_size=_NEWEST):
        yield f"registry.dailyclosing/{pk}", text
    for pk, text in Anchor.objects.order_by("pk").values_list("pk", "note").iterator(_NEWEST):
        yield f"registry.anchor/{pk}", text
    newest = LedgerCheckpoint.objects.order_by("-size")[:_NEWEST]
    for pk, text in newest.values_list("pk", "note"):
        yield f"ledger.ledgercheckpoint/{pk}", text
