"""The form for the proof of a contract: its code, or number and amount of its last bill."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eservices.money import AmountError, typed_centimes
from web.portal.forms import CitizenForm

PLAIN: Final = {"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}


def contract_number() -> forms.CharField:
    """Return the field for the number of the contract, which each form names itself."""
    return forms.CharField(
        label=gettext_lazy("Contract number"),
        max_length=40,
        widget=forms.TextInput(attrs=PLAIN),
    )


class ProofForm(CitizenForm):
    """One of the two things that a bill says."""

    code = forms.CharField(
        label=gettext_lazy("Code printed on the bill"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={**PLAIN, "autocapitalize": "characters"}),
    )
    bill = forms.CharField(
        label=gettext_lazy("Number of the last bill"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs=PLAIN),
    )
    amount = forms.CharField(
        label=gettext_lazy("Its amount in dirhams"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={**PLAIN, "inputmode": "decimal", "placeholder": "128,40"}),
    )

    def clean_amount(self) -> int | None:
        """Return the amount in centimes."""
        text = str(self.cleaned_data["amount"])
        try:
            return typed_centimes(text) if text else None
        except AmountError as error:
            raise ValidationError(_("This is no amount. Write it like 128.40.")) from error

    def clean(self) -> dict[str, Any]:
        """Require one of the two proofs."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if not given.get("code") and not self.errors:
            if not given.get("bill"):
                words = _("Give the code, or number and amount of the last bill.")
                self.add_error("bill" if given.get("amount") is not None else "code", words)
            elif given.get("amount") is None:
                self.add_error("amount", _("Give the amount of this bill."))
        return given

    def proof(self) -> dict[str, Any]:
        """Return what a proof is judged by: the code where there is one."""
        given = self.cleaned_data
        if given["code"]:
            return {"code": given["code"]}
        return {"bill": given["bill"], "amount": given["amount"]}
