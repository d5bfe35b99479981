"""Second steps: who has one, who must have one, and secrets kept enciphered."""

from typing import Final

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction

from org import keys
from org.models import User

USE: Final = "second step"
SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_step(person: User) -> bool:
    """Return whether the person signs in with an app's code or a passkey."""
    found = Authenticator.objects.filter(user_id=person.pk, type__in=SECOND_STEPS)
    return bool(found.exists())


def needs_second_step(person: User) -> bool:
    """Return whether the person's duty requires a second step (MFA_REQUIRED_DUTIES)."""
    return person.duty in settings.MFA_REQUIRED_DUTIES


def is_last_of_required(factor: Authenticator) -> bool:
    """Return whether a duty requires a second step and this is the only one left."""
    if factor.type not in SECOND_STEPS or not needs_second_step(factor.user):
        return False
    others = Authenticator.objects.filter(user_id=factor.user_id, type__in=SECOND_STEPS)
    return not others.exclude(pk=factor.pk).exists()


def encipher(text: str) -> str:
    """Return a secret as it is kept in the database."""
    return keys.encipher(text, use=USE)


def decipher(text: str) -> str:
    """Return a kept secret. Raise InvalidToken where no key of the office opens it."""
    return keys.decipher(text, use=USE)


def renew_kept_secrets() -> tuple[int, int]:
    """Encipher the kept secrets of second steps by today's SECRET_KEY; return renewed, unread."""
    kept = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN)
    told = [_renew(pk) for pk in kept.order_by("pk").values_list("pk", flat=True)]
    return told.count(True), told.count(False)


def _renew(pk: int) -> bool | None:
    """Renew a factor's secrets; return False where no key opens them, None where it is gone.

    Its row is locked: a recovery code that is used meanwhile stays used.
    """
    with transaction.atomic():
        factor = Authenticator.objects.select_for_update().filter(pk=pk).first()
        if factor is None:
            return None
        names = [name for name in ("secret", "seed") if factor.data.get(name)]
        try:
            factor.data |= {name: keys.renewed(factor.data[name], use=USE) for name in names}
        except keys.InvalidToken:
            return False
        factor.save(update_fields=["data"])
        return True
