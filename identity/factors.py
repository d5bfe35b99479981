"""Second steps: who has one, who must have one, and secrets kept enciphered."""

import base64
import hashlib

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings

from org.models import User

SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_step(person: User) -> bool:
    """Return whether the person signs in with an app's code or a passkey."""
    found = Authenticator.objects.filter(user_id=person.pk, type__in=SECOND_STEPS)
    return bool(found.exists())


def needs_second_step(person: User) -> bool:
    """Return whether the person's duty asks for a second step (MFA_REQUIRED_DUTIES)."""
    return person.duty in settings.MFA_REQUIRED_DUTIES


def is_last_of_required(factor: Authenticator) -> bool:
    """Return whether a duty asks for a second step and this is the only one left."""
    if factor.type not in SECOND_STEPS or not needs_second_step(factor.user):
        return False
    others = Authenticator.objects.filter(user_id=factor.user_id, type__in=SECOND_STEPS)
    return not others.exclude(pk=factor.pk).exists()


def encipher(text: str) -> str:
    """Return a secret as it is kept in the database."""
    return _cipher().encrypt(text.encode()).decode()


def decipher(text: str) -> str:
    """Return a kept secret. Raise InvalidToken where SECRET_KEY is another by now."""
    return _cipher().decrypt(text.encode()).decode()


def _cipher() -> Fernet:
    key = hashlib.sha256(f"second step:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
