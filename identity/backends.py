"""Checking a password, with tokens that outlive a newer way to hash it."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

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
        return person
