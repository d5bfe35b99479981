"""The register itself."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Second layer: above org, jobs and language; below reading, routing and search."""

    name = "registry"
