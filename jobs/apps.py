"""The outbox: what must still happen, in the database."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Ground floor: knows no letter, only kinds and subjects."""

    name = "jobs"
