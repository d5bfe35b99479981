"""The organisation: people, departments, who belongs where."""

from django.apps import AppConfig


class OrgConfig(AppConfig):
    """Ground floor beside jobs and language."""

    name = "org"
