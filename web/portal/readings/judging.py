"""What is said of a reading before it is sent: the window, odd figures, the mandate."""

from django.utils import timezone
from django.utils.translation import gettext as _

from eservices.contracts.models import Meter
from eservices.people.mandates import mandates_of
from eservices.people.models import Mandate, Person
from eservices.readings import words
from eservices.readings.history import facts_of
from eservices.readings.matching import SERVICE, Match
from eservices.readings.plausibility import PLAUSIBLE, judge
from eservices.readings.taking import reading_of, window_of
from org.written_days import date_format
from web.portal.readings.forms import ReadingForm


def refused(match: Match, *, again: bool, own: bool) -> list[str]:
    """Return why a reading of this meter is not taken now; nothing of a meter that is unknown.

    When it was sent is shown to people who see the meter (`own`) alone.
    """
    if match.meter is None:
        return []
    standing = reading_of(match)
    if standing is not None and not own:
        return [_("The reading of this period was sent already.")]
    if standing is not None:
        facts = {"day": date_format(standing.made_at, "SHORT_DATE_FORMAT")}
        return [_("The reading of this period was sent on %(day)s already.") % facts]
    window = window_of(match)
    if window.open or again:
        return []
    facts = {
        "since": date_format(window.opens_on, "j F Y"),
        "until": date_format(window.closes_on, "j F Y"),
    }
    if window.opens_on > timezone.localdate():
        return [_("Readings of this meter are taken from %(since)s to %(until)s.") % facts]
    return [_("Readings of this meter were taken from %(since)s to %(until)s.") % facts]


def odd_about(match: Match, form: ReadingForm) -> list[str]:
    """Return what is odd about the figures: in detail for the holder, in general for others."""
    if match.meter is None:
        return []
    given = form.cleaned_data
    found = judge(facts_of(match.meter), index=given["index"], read_on=given["read_on"])
    if found.verdict == PLAUSIBLE or {"no_last"} >= {check["code"] for check in found.checks}:
        return []
    if form.own.get(str(match.meter.pk)):
        return [words.finding(check) for check in found.checks]
    return [_("These figures are unusual for this meter.")]


def mandate_for(person: Person | None, meter: Meter | None) -> Mandate | None:
    """Return the mandate by which the person acts, where the contract is another's."""
    if person is None or meter is None:
        return None
    if meter.contract.holders.filter(person=person, ended_at=None).exists():
        return None
    found = mandates_of(person, service=SERVICE, contract=meter.contract.number)
    holders = set(meter.contract.holders.filter(ended_at=None).values_list("person_id", flat=True))
    return next((one for one in found if one.principal_id in holders), None)
