"""Credits that the bank took back: the payment is taken back, or the entry set aside."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from eservices.payments.models import BankLine
from eservices.payments.refunds import RefundError
from eservices.payments.returned import set_returned_aside, take_returned_back
from eservices.payments.rights import decides_refunds
from web.desk.money.words import refund_words
from web.shared.guard import StaffRequest, go_on, verb
from web.signin.confirmation import confirms


@verb(decides_refunds)
@confirms()
def act(request: StaffRequest, line_id: int, what: str) -> HttpResponse:
    """Take the payment of a returned credit back, or set the entry aside."""
    if what not in ("back", "aside") or not BankLine.objects.filter(pk=line_id).exists():
        raise Http404
    remark = request.POST.get("remark", "").strip()
    if what == "back":
        _take_back(request, line_id)
    elif not remark:
        messages.error(request, _("Say why nothing is taken back."))
    else:
        set_returned_aside(line_id, remark=remark, by=request.user)
        messages.success(request, _("The entry is set aside."))
    return go_on(request, otherwise=reverse("desk:bank_lines"))


def _take_back(request: StaffRequest, line_id: int) -> None:
    try:
        line = take_returned_back(line_id, by=request.user)
    except RefundError as error:
        messages.error(request, refund_words(error.code))
        return
    if line.refund is None:
        messages.success(request, _("The credit is set aside."))
    else:
        messages.success(request, _("The payment is taken back; its bills are to be paid again."))
