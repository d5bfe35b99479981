"""Why the machine proposes something: its reason codes as sentences."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from language.bidi import isolate
from org.models import Level
from registry.models.letters import Channel
from routing.rules.fields import FIELDS
from web.context import LANGUAGES

# Codes of understanding.letters.understanding and of the conditions of routing.rules;
# after the colon follow the letter's own words, an office's title or a figure.
PLAIN: Final[dict[str, Any]] = {
    "subject_line": _("It stands in the line of the subject."),
    "title_line": _("It stands in the title."),
    "first_phrase": _("It is the first sentence of the letter."),
    "sender_label": _("It stands behind “sender” or “from”."),
    "declaration": _("The writer names themselves so: “I, the undersigned…”."),
    "letterhead": _("It stands in the letterhead."),
    "top_block": _("It stands at the top, where the sender writes."),
    "signature": _("It stands beside the signature."),
    "date_line": _("It stands in the line of the date."),
    "date_in_text": _("It is the first date of the text."),
    "hijri": _("It was written as a Hijri date."),
    "reference_label": _("It stands behind “reference”."),
    "own_label": _("The sender calls it their reference."),
    "head_number": _("It is the number at the head of the letter."),
    "number_place": _("By its place and form it is the number of the letter itself."),
    "earlier_letter": _("It is the number of an earlier letter of the sender’s own."),
    "named_paper": _("It is the number of a paper that the letter names."),
    "number_format": _("It is written as this office writes its numbers."),
    "mail_header": _("The mail names its sender so."),
    "registry_number": _("It is a number of this office."),
    "addressee": _("It stands behind “to” or “to the attention of”."),
    "written_so": _("It has the form of one."),
    "customer_label": _("It stands behind “contract” or “customer number”."),
    "address_line": _("It is a line of an address."),
    "enclosure_list": _("It stands in the list of enclosures."),
    "enclosure_phrase": _("A sentence says that it is enclosed."),
    "term": _("A sentence sets this term."),
    "urgent_words": _("The letter calls itself urgent."),
    "currency": _("It is a sum with its currency."),
}
WITH_WORDS: Final[dict[str, Any]] = {
    "rule": _("Says “%(what)s”."),
    "words": _("Speaks of: %(what)s."),
    "sender": _("Comes from: %(what)s."),
    "office_rule": _("Rule of the office: %(what)s."),
    "kind": _("Kind: %(what)s."),
    "language": _("Language: %(what)s."),
    "channel": _("Channel: %(what)s."),
    "score": _("Surely recognised (%(what)s)."),
    "subject": _("Its subject says “%(what)s”."),
    "sender_email": _("Comes from: %(what)s."),
    "recipient": _("Is written to: %(what)s."),
    "enclosure": _("Encloses: %(what)s."),
    "register": _("Register: %(what)s."),
    "customer_number": _("Customer number: %(what)s."),
    "external_reference": _("Reference: %(what)s."),
    "amount": _("Amount: %(what)s."),
    "urgent": _("Says “%(what)s”."),
    "confidentiality": _("Confidentiality: %(what)s."),
    "quoted_number": _("Quotes our number %(what)s."),
    "quoted_department": _("Quotes a letter of %(what)s."),
    "kind_score": _("Its kind is surely recognised (%(what)s)."),
    "without": _("Does not hold, as asked: %(what)s."),
}


def sentences(reasons: Iterable[str], *, kinds: dict[str, str]) -> list[str]:
    """Return the reasons in the current language; `kinds` maps codes of kinds to their names."""
    return list(_sentences(reasons, kinds))


def _sentences(reasons: Iterable[str], kinds: dict[str, str]) -> Iterator[str]:
    for reason in reasons:
        code, _colon, what = reason.partition(":")
        if code == "rule":
            what = what.partition(":")[2] or what
        if code in PLAIN:
            yield str(PLAIN[code])
        elif code == "deadline":
            yield _within(what)
        elif code in WITH_WORDS and what:
            yield str(WITH_WORDS[code]) % {"what": isolate(_named(code, what, kinds))}


def _within(days: str) -> str:
    if not days.isdecimal():
        return gettext("Wants an answer within a set term.")
    words = ngettext(
        "Wants an answer within %(what)s day.", "Wants an answer within %(what)s days.", int(days)
    )
    return words % {"what": isolate(days)}


def _named(code: str, what: str, kinds: dict[str, str]) -> str:
    """Put a code of ours into words; what the letter says stays as it is."""
    if code == "kind":
        return kinds.get(what, what)
    if code == "channel":
        return str(dict(Channel.choices).get(what, what))
    if code == "language":
        return {key: name for key, name, _short in LANGUAGES}.get(what, what)
    if code == "without":
        return str(FIELDS[what].label) if what in FIELDS else what
    if code == "confidentiality":
        return str(dict(Level.choices).get(int(what), what)) if what.isdecimal() else what
    if code in ("score", "kind_score"):
        return f"{round(100 * float(what))} %" if what.replace(".", "", 1).isdigit() else what
    return what
