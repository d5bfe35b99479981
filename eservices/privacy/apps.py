"""Personal data by law 09-08 as a Django app."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Uppermost of the e-services: gathers what all others keep of a person."""

    name = "eservices.privacy"
    label = "privacy"

    def ready(self) -> None:
        """Plug in who fetches a print-out, when an appointment ends, and what is forgotten."""
        from eservices.people.account import before_deletion
        from eservices.privacy.forgetting import forget_person
        from eservices.privacy.officers import end_with_duty
        from eservices.privacy.rights import may_print
        from identity.staff import on_rights
        from search.exports.export_requests import add_right
        from search.exports.models import Export

        add_right(Export.Source.PERSON, may_print)
        before_deletion(forget_person)
        on_rights(end_with_duty)
