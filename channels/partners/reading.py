"""Partners for pages, API and command: their list, messages, and history."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from channels.partners.models import Delivery, Partner, PartnerKey
from channels.partners.words import ACTS
from org.models import User
from registry.models.acts import Act

_MOST: Final = 50


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of a partner's history."""

    at: datetime
    words: str
    actor: User | None
    key: str


def partners() -> "QuerySet[Partner]":
    """Return every partner, with its keys."""
    return Partner.objects.prefetch_related("keys__made_by")


def deliveries_of(partner: Partner, *, state: str = "") -> "QuerySet[Delivery]":
    """Return the messages of a partner, or those in a state."""
    rows = partner.deliveries.select_related("letter")
    return rows.filter(state=state) if state else rows


def history_of(partner: Partner) -> list[HistoryLine]:
    """Return what was done about the partner and its keys, the latest first."""
    keys = list(PartnerKey.objects.filter(partner=partner).values_list("public", flat=True))
    about = Q(data__partner=partner.pk) | Q(data__key__in=keys)
    acts = Act.objects.filter(about, kind__startswith="partner_").select_related("actor")
    return [
        HistoryLine(
            act.at, str(ACTS.get(act.kind, act.kind)), act.actor, str(act.data.get("key", ""))
        )
        for act in acts.order_by("-seq")[:_MOST]
    ]
