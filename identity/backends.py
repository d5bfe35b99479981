"""Checking a password, with tokens that outlive a newer way to hash it."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import get_hashers
from django.http import HttpRequest

from identity.hashing import cost_of_failing
from identity.tokens import keep_over_rehash
from org.models import User


class PasswordBackend(ModelBackend):
    """Django's own check of name and password."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Any:
        """Return the person, None where name and password do not fit."""
        before = User.objects.filter(username=username).values_list("password", flat=True).first()
        person = super().authenticate(request, username=username, password=password, **kwargs)
        if isinstance(person, User) and before and person.password != before:
            keep_over_rehash(person, before=before)
        if person is None and username is not None and password is not None:
            cost_of_failing(password, kept=before or "", held=_ways_held())
        return person


def _ways_held() -> list[str]:
    """Return the names of the ways to hash of which the office has hashes, that of new ones too."""
    preferred, *others = get_hashers()
    rows = User.objects.order_by()
    still = [
        str(one.algorithm)
        for one in others
        if rows.filter(password__startswith=f"{one.algorithm}$").exists()
    ]
    return [str(preferred.algorithm), *still]
