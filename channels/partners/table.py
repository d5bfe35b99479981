"""Partners as a table: taken along without any secret, and brought back."""

from collections.abc import Iterator
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from channels.partners.calling import CallError
from channels.partners.models import Partner
from channels.partners.webhooks import BadWebhookError, set_webhook
from language.lines import one_line
from org.errors import BadOrganisationError
from org.models import User
from org.tables import Table
from registry.acts import record_act

_COLUMNS: Final = ("name", "url", "events", "contact")


def make_partner(name: str, *, actor: User | None) -> Partner:
    """Make a partner, without keys yet; raise BadOrganisationError for no name or a known one."""
    name = one_line(name, 200)
    if not name:
        raise BadOrganisationError({"name": _("A name is needed.")})
    with transaction.atomic():
        partner, new = Partner.objects.get_or_create(name=name)
        if not new:
            raise BadOrganisationError({"name": _("There is a partner of this name.")})
        record_act("partner_made", actor=actor, data={"partner": partner.pk})
    return partner


def _save(row: dict[str, str], actor: User | None) -> str:
    name = one_line(row.get("name", ""), 200)
    partner = Partner.objects.filter(name=name).first()
    new = partner is None
    if partner is None:
        partner = make_partner(name, actor=actor)
    url = row.get("url", partner.webhook_url)
    events = sorted(set(row.get("events", "").split())) or sorted(partner.webhook_events)
    contact = row.get("contact", partner.webhook_contact)
    now = (partner.webhook_url, sorted(partner.webhook_events), partner.webhook_contact)
    if (url, events, contact) != now:
        _set(partner, url, events, contact, actor)
    elif not new:
        return "same"
    return "new" if new else "changed"


def _set(partner: Partner, url: str, events: list[str], contact: str, actor: User | None) -> None:
    try:
        set_webhook(partner.pk, url=url, events=events, contact=contact, actor=actor, renew=False)
    except CallError as error:
        raise BadOrganisationError({"url": _("This address cannot be called.")}) from error
    except BadWebhookError as error:
        words = {"events": _("There is no such event."), "contact": _("This is no e-mail address.")}
        raise BadOrganisationError({error.field: words[error.field]}) from error


def _rows() -> Iterator[list[str]]:
    for it in Partner.objects.order_by("name"):
        yield [it.name, it.webhook_url, " ".join(it.webhook_events), it.webhook_contact]


PARTNERS: Final = Table("partners", _COLUMNS, ("name",), _save, _rows, once=str)
