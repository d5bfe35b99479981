"""What a receipt promises: the due date and its reason, what silence means, ways of appeal."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from org.models import User
from registry.models.letters import Letter
from registry.models.receipts import Receipt
from registry.receipts import full_receipt_of, issue_full
from routing.acting.changing import changing_letter
from routing.acting.errors import NotAllowedError
from routing.acting.verbs import LetterVerb
from routing.clocks.due_date_words import words_of
from routing.clocks.reckoning import Reckoner
from routing.models.clocks import DeadlineRule

PAPER_LANGUAGES = ("ar", "fr")


def promise_work(letter_id: str, _progress: Any) -> dict[str, Any] | None:
    """Return the words of a letter's receipt for the job; None where it has no due date now."""
    return promise_of(Letter.objects.get(pk=letter_id))


def promise_of(letter: Letter) -> dict[str, Any] | None:
    """Return the fields of Receipt.words as of today; None for a letter without a due date."""
    if letter.due_on is None:
        return None
    rule = Reckoner.load(kind_id=letter.kind_id).legal_rule(
        letter, kind_id=letter.kind_id, department_id=letter.department_id
    )
    promise: dict[str, Any] = {"due_on": letter.due_on.isoformat()}
    for language in PAPER_LANGUAGES:
        with override(language):
            promise[language] = {
                "why": words_of(letter.due_explained, language=language),
                "silence": silence_words(rule),
                "appeal": appeal_words(rule, language=language),
            }
    return promise


def issue_supplement(letter: Letter, *, actor: User) -> Receipt:
    """Issue a further receipt once the due date differs from the last one promised.

    The earlier promise stays valid on its paper. Raise NotAllowedError where nothing has changed.
    """
    with changing_letter(letter, actor=actor, verb=LetterVerb.ISSUE_RECEIPT):
        last = full_receipt_of(letter)
        if last and last.words.get("due_on") == str(letter.due_on):
            raise NotAllowedError(gettext_lazy("The receipt promises this very day already."))
        words = promise_of(letter)
        if words is None:
            raise NotAllowedError(gettext_lazy("This letter has no due date."))
        return issue_full(letter, actor=actor, words=words)


def silence_words(rule: DeadlineRule | None) -> str:
    """Return what it means when no answer comes by the day, in the active language."""
    if rule is not None and rule.silence == rule.Silence.APPROVAL:
        return _("If no answer is given by this day, silence means approval.")
    if rule is not None and rule.silence == rule.Silence.REFUSAL:
        return _("If no answer is given by this day, silence means refusal; you may appeal.")
    return _("If no answer is given by this day, you may complain as said below.")


def appeal_words(rule: DeadlineRule | None, *, language: str) -> str:
    """Return the ways of appeal against answer or silence: the rule's words, else the office's."""
    own = getattr(rule, f"appeal_{language}", "") if rule else ""
    return own or _(
        "You may reopen the letter once on its tracking page, turn to the management of the "
        "office, then to the Mediator of the Kingdom or to the administrative court, within the "
        "terms of the law."
    )
