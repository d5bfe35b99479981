"""What was done and what waits: counts, lists, sheets."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FiguresConfig(AppConfig):
    """Above correspondence, below the pages."""

    name = "figures"

    def ready(self) -> None:
        """Have a closed department's targets and ordered reports go to its heir."""
        from correspondence.succession import Holding, add_holding
        from figures.reports import give_orders, orders_about
        from figures.targets import give_targets, targets_of

        add_holding(Holding("targets", _("Targets"), targets_of, give_targets))
        add_holding(Holding("reports", _("Reports by mail"), orders_about, give_orders))
