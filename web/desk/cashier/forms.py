"""Forms of the cashier's desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eservices.money_words import money
from eservices.payments.cashier import MONEY, TAKEN, CashierError, counted_of
from eservices.payments.models import Channel
from web.desk.money.forms import Amount


class OpenForm(forms.Form):
    """What is in the drawer at the beginning, and at which desk."""

    opening = Amount(label=gettext_lazy("Cash in the drawer"))
    desk = forms.CharField(label=gettext_lazy("Desk"), max_length=40, required=False)


class TakeForm(forms.Form):
    """How the customer pays."""

    channel = forms.ChoiceField(
        label=gettext_lazy("Way of payment"),
        choices=[(one, Channel(one).label) for one in TAKEN],
        initial=Channel.CASH,
        widget=forms.RadioSelect,
    )
    tendered = Amount(label=gettext_lazy("Cash given"), required=False)
    reference = forms.CharField(
        label=gettext_lazy("Cheque or ticket number"),
        max_length=80,
        required=False,
        widget=forms.TextInput({"dir": "ltr", "autocomplete": "off"}),
    )
    payer = forms.CharField(
        label=gettext_lazy("Who pays, if not the customer"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class CloseForm(forms.Form):
    """The cash that was counted: by notes and coins, or as a sum."""

    counted = Amount(label=gettext_lazy("Counted, all together"), required=False)
    remark = forms.CharField(
        label=gettext_lazy("Remark, where there is a difference"), max_length=500, required=False
    )

    def __init__(self, *args: Any, absent: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if absent:
            self.fields["remark"].label = _("Why the cashier does not close the day")
        for value in MONEY:
            whole = value % 100 == 0
            name = f"{value // 100}" if whole else money(value)
            look = {"min": 0, "inputmode": "numeric", "dir": "ltr", "data-value": value}
            self.fields[f"n{value}"] = forms.IntegerField(
                label=name,
                min_value=0,
                max_value=100_000,
                required=False,
                widget=forms.NumberInput(look),
            )

    def pieces(self) -> list[Any]:
        """Return the fields of notes and coins."""
        return [self[f"n{value}"] for value in MONEY]

    def sum(self) -> int:
        """Return what was counted; raise CashierError where nothing or two sums were typed."""
        given = self.cleaned_data
        typed = {value: given[f"n{value}"] for value in MONEY if given[f"n{value}"] is not None}
        pieces, whole = counted_of(typed), given["counted"]
        if not typed:
            if whole is None:
                raise CashierError("counted")
            return int(whole)
        if whole is not None and whole != pieces:
            raise CashierError("two_counts")
        return pieces
