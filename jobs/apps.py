"""The outbox: work still to be done, in the database."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """In the lowest layer: knows no letter, only kinds and subjects."""

    name = "jobs"
