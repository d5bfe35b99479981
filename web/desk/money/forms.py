"""Forms about money: amounts as people type them, days, files."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eservices.money import AmountError, decimal, typed_centimes
from eservices.payments.models import Channel
from language.numerals import LONGEST_TYPED
from web.shared.widgets import ChosenFile, Day


class Amount(forms.CharField):
    """An amount of money, cleaned to centimes; None where nothing was typed."""

    def __init__(self, **how: Any) -> None:
        look = {"inputmode": "decimal", "dir": "ltr", "autocomplete": "off", "size": 12}
        super().__init__(max_length=LONGEST_TYPED, widget=forms.TextInput(look), **how)

    def clean(self, value: Any) -> Any:
        """Return centimes."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return typed_centimes(text)
        except AmountError as error:
            raise forms.ValidationError(_("Type the amounts as in 128.40.")) from error

    def prepare_value(self, value: Any) -> Any:
        """Show centimes as decimal text."""
        return decimal(value) if isinstance(value, int) else value


class RefundForm(forms.Form):
    """How much goes back, why and how."""

    amount = Amount(label=gettext_lazy("Amount"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500)
    way = forms.ChoiceField(label=gettext_lazy("How it goes back"))
    account = forms.CharField(
        label=gettext_lazy("Account of the customer (RIB)"),
        required=False,
        max_length=40,
        widget=forms.TextInput({"dir": "ltr", "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, by_card: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        way: Any = self.fields["way"]
        ways = [Channel.TRANSFER, Channel.CHEQUE, Channel.CASH]
        ways += [Channel.CARD] if by_card else []
        way.choices = [(one.value, one.label) for one in ways]


class CreditRefundForm(RefundForm):
    """A refund of a credit note, which is named by its number."""

    number = forms.CharField(
        label=gettext_lazy("Number of the credit note"),
        max_length=40,
        widget=forms.TextInput({"dir": "ltr"}),
    )


class MandateForm(forms.Form):
    """A customer's leave to debit an account for a contract."""

    contract = forms.CharField(
        label=gettext_lazy("Contract number"), max_length=40, widget=forms.TextInput({"dir": "ltr"})
    )
    holder = forms.CharField(label=gettext_lazy("Holder of the account"), max_length=200)
    account = forms.CharField(
        label=gettext_lazy("Account (RIB)"),
        max_length=40,
        widget=forms.TextInput({"dir": "ltr", "inputmode": "numeric"}),
    )
    signed_on = forms.DateField(label=gettext_lazy("Signed on"), widget=Day)


class RunForm(forms.Form):
    """On which day the bank is to collect."""

    collect_on = forms.DateField(label=gettext_lazy("Day of collection"), widget=Day)


class BankFileForm(forms.Form):
    """A bank's file."""

    file = forms.FileField(
        label=gettext_lazy("File of the bank (camt.053, camt.054, MT940)"), widget=ChosenFile
    )
