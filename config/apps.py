"""The composition root as a Django app: its commands and its checks."""

import gc
import sys

from django.apps import AppConfig
from django.conf import settings


class ConfigConfig(AppConfig):
    """The top layer; no other package imports it."""

    name = "config"

    def ready(self) -> None:
        """Register the checks that refuse a half-configured production; keep to what is set.

        And collect garbage from now on, where `manage.py` has put that off; what was loaded stays.
        """
        from config import checks  # noqa: F401

        if settings.OUTGOING_LISTED:
            from org.outgoing_hosts import keep_to_the_list

            keep_to_the_list(settings.OUTGOING_HOSTS)
        if settings.TRACES_URL:
            from config.tracing import part_of, start_tracing

            start_tracing(part_of(sys.argv))
        if not gc.isenabled():
            gc.freeze()
            gc.enable()
