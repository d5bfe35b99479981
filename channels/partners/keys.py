"""Keys of partner systems: made and shown once, recognised, revoked; each act on record."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from channels.partners.models import Partner, PartnerKey, PartnerLetter
from language.lines import one_line
from org.models import User
from registry.acts import record_act
from registry.intake import IncomingFile, LetterData, Received, receive_letter
from registry.models.letters import Letter
from registry.states import ConflictError

PREFIX: Final = "sjl"
MOST_PER_HOUR: Final = 100_000
BOTH_VALID: Final = timedelta(days=7)  # of a key and the one that replaces it
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"


class BadKeyError(ValueError):
    """No key was made: no name, no right, or no sensible limit."""


def make_key(
    *, partner: str, may_deposit: bool, may_follow: bool, per_hour: int, actor: User
) -> tuple[PartnerKey, str]:
    """Make a new key and return it with its text, which is not stored.

    Raise BadKeyError.
    """
    name = one_line(partner, 200)
    if not name or not (may_deposit or may_follow) or not 1 <= per_hour <= MOST_PER_HOUR:
        raise BadKeyError
    with transaction.atomic():
        owner, _new = Partner.objects.get_or_create(name=name)
        rights = {"may_deposit": may_deposit, "may_follow": may_follow, "per_hour": per_hour}
        key, text = _new_key(owner, rights, actor)
        told = {"deposit": may_deposit, "follow": may_follow, "per_hour": per_hour}
        _act("partner_key_made", key, actor, **told)
    return key, text


def _new_key(owner: Partner, rights: dict[str, int], actor: User) -> tuple[PartnerKey, str]:
    public = "".join(secrets.choice(_LETTERS) for _ in range(10))
    secret = secrets.token_urlsafe(32)
    key = PartnerKey.objects.create(
        partner=owner,
        public=public,
        secret_hash=_hash(secret),
        made_by=actor,
        made_at=timezone.now(),
        **rights,
    )
    return key, f"{PREFIX}_{public}_{secret}"


def _act(kind: str, key: PartnerKey, actor: User, **data: object) -> None:
    record_act(kind, actor=actor, data={"key": key.public, "partner": key.partner_id, **data})


def replace_key(key_id: int, *, actor: User) -> tuple[PartnerKey, str]:
    """Make a key with the same rights; the old one is valid for another week.

    Return it with its text, which is not stored. Raise ConflictError where the old one is not in
    force, or is replaced already.
    """
    now = timezone.now()
    with transaction.atomic():
        rows = in_force().select_for_update(of=("self",)).select_related("partner")
        old = rows.filter(pk=key_id, ends_at=None).first()
        if old is None:
            raise ConflictError
        rights = {name: getattr(old, name) for name in ("may_deposit", "may_follow", "per_hour")}
        key, text = _new_key(old.partner, rights, actor)
        old.ends_at = now + BOTH_VALID
        old.save(update_fields=["ends_at"])
        _act("partner_key_replaced", old, actor, by=key.public)
    return key, text


def revoke_key(key_id: int, *, actor: User) -> None:
    """Revoke the key from now on; raise ConflictError where it is revoked already."""
    with transaction.atomic():
        rows = PartnerKey.objects.filter(pk=key_id, revoked_at__isnull=True)
        key = rows.first()
        if key is None or not rows.update(revoked_at=timezone.now(), revoked_by=actor):
            raise ConflictError
        _act("partner_key_revoked", key, actor)


def in_force() -> "QuerySet[PartnerKey]":
    """Return the keys that open anything now."""
    rows = PartnerKey.objects.filter(revoked_at__isnull=True)
    return rows.filter(Q(ends_at=None) | Q(ends_at__gt=timezone.now()))


def key_of(text: str) -> PartnerKey | None:
    """Return the key that this text is, unless it is revoked; None for any other text."""
    prefix, _one, rest = text.strip().partition("_")
    public, _two, secret = rest.partition("_")
    if prefix != PREFIX or not secret or "\0" in text:
        return None
    key = in_force().select_related("partner").filter(public=public[:12]).first()
    known = key.secret_hash if key else _hash("")
    fits = constant_time_compare(known, _hash(secret))
    return key if key and fits else None


def note_use(key: PartnerKey) -> None:
    """Record the day of use, with one write a day at most."""
    today = timezone.localdate()
    rows = PartnerKey.objects.filter(pk=key.pk)
    if key.used_on != today:
        rows.filter(Q(used_on__isnull=True) | Q(used_on__lt=today)).update(used_on=today)


def _hash(secret: str) -> str:
    """Hash a secret; with 256 random bits it needs no slow hash."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def deposit_for(
    key: PartnerKey,
    data: LetterData,
    *,
    files: Iterable[IncomingFile],
    message: str,
    once: str,
) -> Received:
    """Register a partner's letter.

    `once` is the partner's own key for the deposit, kept apart from those of other partners. Raise
    DepositRefusedError.
    """
    return receive_letter(
        data,
        actor=None,
        files=files,
        message=message,
        deposit_key=f"partner:{key.partner_id}:{once}" if once else "",
        then=lambda letter: _belongs(key, letter),
    )


def _belongs(key: PartnerKey, letter: Letter) -> None:
    PartnerLetter.objects.create(partner=key.partner, letter_id=letter.pk)


def letter_of(key: PartnerKey, letter_id: UUID) -> Letter | None:
    """Return a letter that this key's partner deposited; None for any other."""
    return letters_of(key).filter(pk=letter_id).first()


def letters_of(key: PartnerKey) -> "QuerySet[Letter]":
    """Return the letters that this key's partner deposited."""
    return Letter.objects.filter(from_partner__partner=key.partner_id)


def all_keys() -> "QuerySet[PartnerKey]":
    """Return every key, with its partner and who made it."""
    return PartnerKey.objects.select_related("partner", "made_by", "revoked_by")
