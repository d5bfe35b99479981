"""Personal data by law 09-08 as a Django app."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Uppermost of the e-services: gathers what all others keep of a person."""

    name = "eservices.privacy"
    label = "privacy"

    def ready(self) -> None:
        """Let a print-out be fetched by those alone who may still make one."""
        from eservices.privacy.rights import may_print
        from search.exports.asking import add_right
        from search.exports.models import Export

        add_right(Export.Source.PERSON, may_print)
