"""API tokens: made, shown once, found by their hash, and ended."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from identity import events
from identity.kinds import SecurityKind
from identity.models import Access, ApiToken, Area
from org.compiled_queries import CompiledQuery, columns_of, instance_of
from org.models import User

LONGEST_DAYS: Final = 730
USUAL_DAYS: Final = 90
MOST: Final = 50  # tokens in force of one person
MOST_LOGGED_IN: Final = 20  # of them made by programs that log in by themselves
BY_PROGRAM: Final = "POST /api/v1/token"


class BadTokenError(Exception):
    """The token cannot be made so; the words say why."""


def hash_of(key: str) -> str:
    """Return what is kept of a key: it is random, so that a plain hash is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


def password_mark(person: User) -> str:
    """Return a mark of the person's present password; another password gives another mark."""
    return _mark_of(person.password)


def _mark_of(password: str) -> str:
    return hashlib.sha256(f"token:{password}".encode()).hexdigest()[:32]


def make_token(
    *,
    person: User,
    name: str,
    access: str,
    areas: Iterable[str] = (),
    days: int = USUAL_DAYS,
    actor: User | None = None,
    address: str = "",
) -> tuple[ApiToken, str]:
    """Make a token; return it with its key, which is kept nowhere. Raise BadTokenError."""
    chosen, name = sorted(set(areas)), " ".join(name.split())[:100]
    _check(name, access, chosen, days)
    now = timezone.now()
    key = f"sijill_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        if in_force(person).count() >= MOST:
            raise BadTokenError(_("You have too many tokens. Revoke some first."))
        token = ApiToken.objects.create(
            person=person,
            name=name,
            public=key[:12],
            key_hash=hash_of(key),
            access=access,
            areas=chosen,
            password_mark=password_mark(person),
            made_at=now,
            expires_at=now + timedelta(days=days),
        )
        told = {"token": token.public, "access": access, "areas": chosen, "days": days}
        events.record(
            SecurityKind.TOKEN_MADE,
            person=actor or person,
            subject=person,
            address=address,
            detail=told,
        )
    return token, key


def _check(name: str, access: str, areas: list[str], days: int) -> None:
    if not name or access not in Access.values or not set(areas) <= set(Area.values):
        raise BadTokenError(_("Give the token a name, and choose what it may do."))
    if not 1 <= days <= LONGEST_DAYS:
        words = _("A token is valid for 1 to %(most)d days.")
        raise BadTokenError(words % {"most": LONGEST_DAYS})


def make_logged_in(person: User, *, address: str = "") -> str:
    """Return the key of a token for a program that gave name and password; the oldest end."""
    older = list(in_force(person).filter(name=BY_PROGRAM)[MOST_LOGGED_IN - 1 :])
    for token in older:
        revoke_token(token, actor=person)
    _token, key = make_token(person=person, name=BY_PROGRAM, access=Access.WRITE, address=address)
    return key


def find_token(key: str) -> ApiToken | None:
    """Return the token in force with this key, and record its use; None for any other.

    A token of a person who left, or whose password has changed since, is revoked for good.
    """
    token = _kept(hash_of(key))
    now = timezone.now()
    if token is None or token.revoked_at or (token.expires_at and token.expires_at <= now):
        return None
    if not token.person.is_active or token.password_mark != password_mark(token.person):
        revoke_token(token, actor=None)
        return None
    today = timezone.localdate(now)
    if token.used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(used_on=today)
    return token


_COLUMNS: Final = columns_of(ApiToken)
_PERSONS: Final = columns_of(User)
_BY_HASH: Final = CompiledQuery(
    lambda key_hash: ApiToken.objects.filter(key_hash=key_hash).values_list(
        *_COLUMNS, *(f"person__{name}" for name in _PERSONS)
    )
)


def _kept(key_hash: str) -> ApiToken | None:
    """Return the token with its person; every request of the API needs it."""
    for row in _BY_HASH.rows(key_hash):
        token = instance_of(ApiToken, row[: len(_COLUMNS)])
        token.person = instance_of(User, row[len(_COLUMNS) :])
        return token
    return None


def in_force(person: User) -> "QuerySet[ApiToken]":
    """Return the person's tokens that still open something, the newest first."""
    now = timezone.now()
    rows = ApiToken.objects.filter(
        person=person, revoked_at=None, password_mark=password_mark(person)
    )
    return rows.exclude(expires_at__lte=now).order_by("-pk")


def revoke_token(token: ApiToken, *, actor: User | None, address: str = "") -> bool:
    """End a token; return whether it was in force."""
    with transaction.atomic():
        rows = ApiToken.objects.filter(pk=token.pk, revoked_at=None)
        done = bool(rows.update(revoked_at=timezone.now()))
        if done:
            events.record(
                SecurityKind.TOKEN_REVOKED,
                person=actor,
                subject=token.person,
                address=address,
                token=token.public,
            )
    return done


def keep_over_rehash(person: User, *, before: str) -> None:
    """Keep the tokens of a person whose password was only hashed anew, by a newer hasher."""
    ApiToken.objects.filter(person=person, password_mark=_mark_of(before)).update(
        password_mark=password_mark(person)
    )
