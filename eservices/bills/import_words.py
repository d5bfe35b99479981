"""Why a bill is refused, in words."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from eservices.contracts.import_words import Words

REASONS: Final[dict[str, Words]] = {
    "bad_currency": _("%(column)s: “%(value)s” is not MAD."),
    "remaining_beyond_total": _("What remains does not lie between nothing and the total."),
    "own_fee": _("%(value)s is the number of a fee of this office."),
    "bill_of_another_contract": _("%(value)s is the number of a bill of another contract."),
    "no_pdf": _("There is no file %(value)s beside the table."),
    "not_pdf": _("%(value)s is no PDF."),
    "pdf_too_large": _("%(value)s is larger than 20 MB."),
    "xml_rule": _("%(document)s breaks rule %(rule)s: %(words)s"),
    "xml_schema": _("%(document)s is not valid by its schema, line %(words)s"),
    "xml_broken": _("%(document)s is no XML that can be read."),
    "xml_doctype": _("%(document)s has a document type, which is not taken."),
    "xml_unknown": _("%(document)s is neither a UBL invoice or credit note nor a CII invoice."),
    "xml_no_rules": _("The rules for XML bills did not answer."),
    "xml_nothing": _("There is no XML bill."),
    "xml_too_many": _("More than %(most)d XML bills at once."),
    "xml_too_large": _("%(document)s is larger than 5 MB."),
    "xml_unpacked": _("The archive unpacks to more than 2 GB."),
    "not_zip": _("This is no ZIP archive that can be read."),
}
