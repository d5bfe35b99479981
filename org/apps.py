"""The organisation: people, departments, and who belongs to which."""

from django.apps import AppConfig


class OrgConfig(AppConfig):
    """In the lowest layer, beside jobs and language."""

    name = "org"
