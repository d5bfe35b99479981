"""Pages about money carry the same tabs: those that the person may open."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from eservices.payments.rights import cashes, reads_accounts
from org.people import Permissions
from web.context import permissions_for
from web.shared.guard import StaffRequest


def permissions(request: StaffRequest) -> Permissions:
    """Return the permissions of the user."""
    found = permissions_for(request)
    if found is None:
        raise PermissionDenied
    return found


def money_page(
    request: StaffRequest, template: str, context: dict[str, Any], *, at: str, status: int = 200
) -> HttpResponse:
    """Answer a page about money, with its tabs; `at` is the one that is open."""
    held = permissions(request)
    return render(request, template, {**context, "tabs": tabs_of(held), "at": at}, status=status)


def tabs_of(held: Permissions) -> list[tuple[str, str, str]]:
    """Return code, address and words of each page that a person may open."""
    tabs = [("payments", "desk:payments", _("Payments"))]
    if cashes(held):
        tabs.insert(0, ("cashier", "desk:cashier", _("Cashier’s desk")))
    if reads_accounts(held):
        tabs += [
            ("days", "desk:cashier_days", _("Cashiers’ days")),
            ("refunds", "desk:refunds", _("Refunds")),
            ("bank", "desk:bank_lines", _("Bank transfers")),
            ("debits", "desk:debits", _("Direct debits")),
            ("handing", "desk:payment_exports", _("To billing")),
            ("figures", "desk:payment_figures", _("What came")),
        ]
    return [(code, reverse(name), words) for code, name, words in tabs]
