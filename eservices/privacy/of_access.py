"""Who viewed what is kept of a person, which print-outs were made, which corrections requested."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from eservices.privacy.models import Printout, Rectification
from eservices.privacy.of_money import contract_looks
from eservices.privacy.parts import Part, Row, at, bounded, part
from eservices.privacy.person_data import CHUNK, PersonData
from eservices.relations.models import CustomerView
from registry.contacts.directory import family_of
from registry.models.contacts import ContactView


def keys_of(held: PersonData) -> list[str]:
    """Return the names under which the person is viewed: space, contacts, this one."""
    ids = [pk for contact in held.contacts for pk in family_of(contact)]
    keys = [held.customer.key, *(f"contact:{pk}" for pk in ids)]
    if held.customer.person is not None:
        keys.append(f"person:{held.customer.person.pk}")
    return list(dict.fromkeys(keys))


@part
def looks(held: PersonData) -> Part:
    """Return on which days somebody of which duty viewed them, and how often."""
    left_out: list[str] = []
    title = _("Who looked at it")
    rows = bounded(_looks(held), left_out)
    return Part("looks", title, "access_log", _("Recorded by the software"), rows, left_out)


def _looks(held: PersonData) -> Iterator[Row]:
    ids = [pk for contact in held.contacts for pk in family_of(contact)]
    seen = ContactView.objects.filter(contact__in=ids).select_related("person").order_by("-day")
    for row in seen.iterator(chunk_size=CHUNK):
        duty = str(row.person.get_duty_display())
        yield {"at": at(row.day), "what": _("contact"), "duty": duty, "times": row.times}
    asked = CustomerView.objects.filter(customer__in=keys_of(held)).select_related("viewer")
    for one in asked.order_by("-day").iterator(chunk_size=CHUNK):
        duty = str(one.viewer.get_duty_display())
        yield {"at": at(one.day), "what": _("customer’s page"), "duty": duty, "times": one.times}
    further = contract_looks(held).exclude(customer__in=keys_of(held)).select_related("viewer")
    for one in further.order_by("-day").iterator(chunk_size=CHUNK):
        duty = str(one.viewer.get_duty_display())
        yield {"at": at(one.day), "what": _("contract"), "duty": duty, "times": one.times}


@part
def asked(held: PersonData) -> Part:
    """Return earlier print-outs, and the corrections that the person requested."""
    left_out: list[str] = []
    rows = bounded(_asked(held), left_out)
    title = _("Print-outs and rectifications asked for")
    return Part("asked", title, "access_log", _("Asked for by the person"), rows, left_out)


def _asked(held: PersonData) -> Iterator[Row]:
    keys = keys_of(held)
    for row in Printout.objects.filter(subject__in=keys).order_by("-asked_at"):
        yield {"at": at(row.asked_at), "what": _("print-out"), "reason": row.reason}
    for one in Rectification.objects.filter(subject__in=keys).order_by("-pk"):
        yield {
            "at": at(one.asked_on),
            "what": str(one.get_what_display()),
            "wanted": one.wanted,
            "stage": str(one.get_state_display()),
        }
