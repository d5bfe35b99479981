"""The customer-relations centre as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RelationsConfig(AppConfig):
    """Uppermost of the e-services."""

    name = "eservices.relations"
    label = "relations"

    def ready(self) -> None:
        """Say what waits for a work order, and what of a closed department goes to its heir."""
        from correspondence.succession import Holding, add_holding
        from eservices.relations.callbacks import give_callbacks, open_of_unit
        from eservices.relations.sending import needs_open_order
        from eservices.relations.teams import give_teams, teams_in
        from eservices.requests.needs import add_need

        add_need("work_order", needs_open_order)
        add_holding(Holding("teams", _("Field teams"), teams_in, give_teams))
        add_holding(Holding("callbacks", _("Call-backs"), open_of_unit, give_callbacks))
