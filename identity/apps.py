"""Who signs in, by which means, and what is on record of it."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Between the register and what is made of letters."""

    name = "identity"
