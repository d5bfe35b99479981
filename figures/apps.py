"""What was done and what waits: counts, lists, sheets."""

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    """Above correspondence, below the pages."""

    name = "figures"
