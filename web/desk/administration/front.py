"""The administration's front page: everything that an office is made of, in groups, with counts."""

from typing import Any

from django.db.models import Count, Value
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from correspondence.models.forms import ReplyTemplate
from correspondence.models.steps import Circuit
from eservices.catalogue.models import ServiceType
from figures.models import Target
from org.models import Department, Holiday, LetterKind, Processing, RetentionText, User
from registry.models.number_formats import KnownFormat
from registry.models.registers import Register
from routing.models.clocks import DeadlineRule
from routing.models.distribution import DistributionList
from routing.models.rules import RoutingRule
from web.desk.administration.places import in_groups
from web.shared.guard import StaffRequest, administers, page


@page(administers)
def front(request: StaffRequest) -> HttpResponse:
    """Show what there is to keep, each with how much of it there is."""
    counts = _counts()
    groups = [
        (heading, [(place, counts.get(place.key)) for place in places])
        for heading, places in in_groups()
    ]
    return render(request, "web/administration/front.html", {"groups": groups})


def _counts() -> dict[str, int]:
    """Return how much is in use, by the key of its place, in one query."""
    rows: dict[str, Any] = {
        "services": ServiceType.objects.filter(active=True),
        "people": User.objects.filter(is_active=True),
        "departments": Department.objects.filter(active=True),
        "kinds": LetterKind.objects.filter(active=True),
        "registers": Register.objects.all(),
        "number_formats": KnownFormat.objects.filter(active=True),
        "rules": RoutingRule.objects.filter(removed=False, active=True),
        "deadlines": DeadlineRule.objects.filter(active=True),
        "calendar": Holiday.objects.filter(day__year=timezone.localdate().year),
        "distribution": DistributionList.objects.filter(active=True),
        "circuits": Circuit.objects.filter(active=True),
        "templates": ReplyTemplate.objects.filter(retired_at__isnull=True),
        "targets": Target.objects.filter(active=True),
        "retention": RetentionText.objects.filter(active=True),
        "processing": Processing.objects.filter(active=True),
    }
    counted = [
        found.order_by().values(place=Value(key)).annotate(n=Count("pk"))
        for key, found in rows.items()
    ]
    return {row["place"]: row["n"] for row in counted[0].union(*counted[1:], all=True)}
