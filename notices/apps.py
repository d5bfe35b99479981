"""Notices as a Django app."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Above correspondence, below the pages."""

    name = "notices"
