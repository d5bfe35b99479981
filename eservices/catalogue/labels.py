"""What the parts of a service type are called, for people who keep the catalogue."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

KEYS: Final[dict[str, Any]] = {
    "code": _("Code"),
    "family": _("Family"),
    "position": _("Place in the catalogue"),
    "title": _("Title"),
    "summary": _("Summary"),
    "audiences": _("For whom"),
    "needs": _("Needs"),
    "channels": _("Ways in"),
    "identity": _("Identity level"),
    "department": _("Responsible unit"),
    "departments": _("Responsible unit by answer"),
    "department_by": _("Question that decides the responsible unit"),
    "kind": _("Kind"),
    "register": _("Register"),
    "law": _("Law"),
    "before": _("Before you start"),
    "done": _("After the deposit"),
    "fee": _("Fee"),
    "fee.amount": _("Fee: amount"),
    "fee.currency": _("Fee: currency"),
    "fee.words": _("Fee: words"),
    "term": _("Term"),
    "term.legal_days": _("Days by law"),
    "term.norm_days": _("Days as promised"),
    "term.unit": _("Counted in"),
    "term.silence": _("Effect of silence"),
    "term.words": _("Term in words"),
    "danger": _("Danger when"),
    "trades": _("Trades"),
    "child": _("Service of its children"),
    "keywords": _("Keywords"),
    "synonyms": _("Synonyms"),
    "pages": _("Pages of questions"),
    "fields": _("Questions"),
    "pieces": _("Pieces"),
    "stages": _("Stages"),
    "actions": _("Actions"),
    "knowledge": _("Questions and answers"),
    "intro": _("Introduction"),
    "show_if": _("Shown when"),
    "type": _("Type"),
    "label": _("Text"),
    "help": _("Help"),
    "required": _("required"),
    "pattern": _("Pattern"),
    "min": _("At least"),
    "max": _("At most"),
    "options": _("Choices"),
    "several": _("several files"),
    "accept": _("Accepted files"),
    "public": _("What citizens read"),
    "internal": _("What the office reads"),
    "days": _("Days"),
    "notify": _("tell the citizen"),
    "uploads": _("citizens may add files"),
    "waits_for": _("What is awaited of the citizen"),
    "name": _("Code"),
    "to": _("Leads to the stage"),
    "roles": _("By whom"),
    "does": _("What follows"),
    "outcome": _("Outcome"),
    "danger_flag": _("asks twice"),
    "question": _("Question"),
    "answer": _("Answer"),
}
LANGUAGE_NAMES: Final[dict[str, Any]] = {
    "ar": _("in Arabic"),
    "fr": _("in French"),
    "en": _("in English"),
}


def label_of(key: str, *, of: str = "") -> str:
    """Return what a key is called; `of` is the list that it stands in."""
    if key == "danger" and of == "actions":
        key = "danger_flag"
    if key == "needs" and of == "actions":
        return str(_("What must be given with it"))
    return str(KEYS.get(key, key))
