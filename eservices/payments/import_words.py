"""Why a bank's file is refused, in words; the codes are those of `BankFileError`."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from eservices.contracts.import_words import Words

REASONS: Final[dict[str, Words]] = {
    "bank_unknown": _("This is neither camt.053, camt.054 nor MT940."),
    "bank_hostile": _("The file declares entities or a document type: it is not read."),
    "bank_too_large": _("The file is too large."),
    "bank_damaged": _("The file is damaged: %(detail)s."),
}
