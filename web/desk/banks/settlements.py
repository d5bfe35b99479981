"""Settlement and fees of the banks: by day and partner, a day's postings, both as CSV."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from eservices.bank.access import reads_banks
from eservices.bank.models import BankPartner, Posting
from eservices.bank.received import candidates, lines_of, name_credit, received_for
from eservices.bank.settlements import Totals, by_day, postings_on, totals_of
from eservices.money import decimal
from eservices.money_words import dirhams
from eservices.payments.rights import keeps_accounts
from language.numerals import ascii_digits
from org.people import permissions_of
from registry.sheets.cells import defused
from web.shared.days import day_of
from web.shared.files import table
from web.shared.guard import StaffRequest, go_on, page, verb
from web.shared.paging import page_of

USUAL: Final = timedelta(days=29)
LONGEST: Final = timedelta(days=366)
ROWS: Final = 50


@page(reads_banks)
def show(request: StaffRequest) -> HttpResponse:
    """Show what each partner posted on each day, of the last thirty unless said."""
    first, last = _asked(request)
    rows = list(by_day(first, last))
    came = lines_of((row, on) for row, on, _told in rows)
    context = {
        "since": first,
        "until": last,
        "rows": [(row, on, told, came.get((row.pk, on))) for row, on, told in rows],
        "sums": _sums(rows),
        "at": "settlements",
    }
    return render(request, "web/banks/settlements.html", context)


@page(reads_banks)
def as_table(request: StaffRequest) -> HttpResponse:
    """Send the same as CSV."""
    first, last = _asked(request)
    head = [_("Day"), _("Partner"), _("Payments"), _("Total"), _("Fees"), _("To be handed over")]
    rows = (
        [day.isoformat(), row.code, told.count, *map(decimal, (told.total, told.fees, told.net)),
         told.reversed]
        for row, day, told in by_day(first, last)
    )  # fmt: skip
    name = f"banks-{first}-{last}.csv"
    return table([*head, _("Taken back")], rows, name=name)


@page(reads_banks)
def day(request: StaffRequest, bank_id: int, on_day: str) -> HttpResponse:
    """Show the postings of a partner's day, in their order."""
    row, on = _found(bank_id, on_day)
    postings = postings_on(row, on)
    cursor = request.GET.get("cursor", "")
    shown = page_of(postings, order=("id",), cursor=cursor, limit=ROWS)
    came = received_for(row, on)
    keeps = keeps_accounts(permissions_of(request.user))
    context = {
        "came": came,
        "may_be": candidates(row, on) if keeps and came is None else [],
        "bank": row,
        "on": on,
        "told": totals_of(postings),
        "rows": shown.rows,
        "next_cursor": shown.next_cursor,
    }
    return render(request, "web/banks/settlement.html", context)


@verb(keeps_accounts)
def receive(request: StaffRequest, bank_id: int, on_day: str) -> HttpResponse:
    """Keep which credit on the account is the settlement of a partner's day."""
    row, on = _found(bank_id, on_day)
    number = ascii_digits(request.POST.get("line", ""))
    found = name_credit(row, on, int(number) if number.isdecimal() else 0, by=request.user)
    if found.difference:
        facts = {"amount": dirhams(found.difference)}
        messages.warning(request, _("It is noted. Difference: %(amount)s.") % facts)
    else:
        messages.success(request, _("It is noted that the money is there."))
    there = reverse("desk:bank_settlement", args=[row.pk, on.isoformat()])
    return go_on(request, otherwise=there)


@page(reads_banks)
def day_as_table(request: StaffRequest, bank_id: int, on_day: str) -> HttpResponse:
    """Send the postings of a partner's day as CSV."""
    row, on = _found(bank_id, on_day)
    head = [
        _("Reference"),
        _("Receipt of the payment"),
        _("State"),
        _("Amount"),
        _("Fees"),
        _("Posted at"),
    ]
    rows = (_line(posting) for posting in postings_on(row, on).iterator(chunk_size=2000))
    return table(head, rows, name=f"bank-{row.code}-{on}.csv")


def _line(posting: Posting) -> list[Any]:
    return [
        defused(posting.reference),
        posting.payment.receipt,
        posting.get_state_display(),
        decimal(posting.payment.amount),
        decimal(posting.fee),
        timezone.localtime(posting.posted_at).isoformat(timespec="seconds"),
    ]


def _found(bank_id: int, on_day: str) -> tuple[BankPartner, date]:
    on = day_of(on_day)
    if on is None:
        raise Http404
    return get_object_or_404(BankPartner, pk=bank_id), on


def _asked(request: StaffRequest) -> tuple[date, date]:
    last = day_of(request.GET.get("until", "")) or timezone.localdate()
    first = day_of(request.GET.get("since", "")) or last - USUAL
    return max(first, last - LONGEST), last


def _sums(rows: Sequence[tuple[BankPartner, date, Totals]]) -> Totals:
    told = [totals for _row, _day, totals in rows]
    names = ("count", "total", "fees", "reversed")
    return Totals(**{name: sum(getattr(one, name) for one in told) for name in names})
