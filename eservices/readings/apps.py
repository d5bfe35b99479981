"""Meter readings as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReadingsConfig(AppConfig):
    """Above contracts, below bills."""

    name = "eservices.readings"
    label = "readings"

    def ready(self) -> None:
        """Make a reading of every request that is one."""
        from eservices.contracts.events import add_event_words
        from eservices.contracts.imports import add_kind, table
        from eservices.contracts.models import ImportRun
        from eservices.readings.on_request import read_by_request
        from eservices.readings.results import ResultLines
        from eservices.requests.opened import after_open

        after_open(read_by_request)
        add_kind(ImportRun.Kind.RESULTS, table(ResultLines), ResultLines.columns)
        add_event_words(
            {
                "unusual_use": _("Customer told of unusual use"),
                "reading_reminded": _("Reminded to read the meter"),
            }
        )
