"""What the check page does with the directory: what the clerk ticked about the sender."""

from django.contrib import messages
from django.utils.translation import gettext as _

from registry.access import get_letter
from registry.contacts import links
from registry.contacts.directory import BadContactError, current_contact
from registry.models.letters import Letter
from registry.states import ConflictError
from routing.proposals import known_senders
from web.desk.check.form import FactsForm
from web.shared.guard import StaffRequest


def keep_contact(request: StaffRequest, letter: Letter, filled: FactsForm) -> None:
    """Link the sender to a contact, make one of them, or complete theirs, as was ticked.

    A contact that is gone by now is said; the facts are kept all the same.
    """
    try:
        _keep(request, letter, filled)
    except ConflictError:
        messages.warning(request, _("The contact was merged meanwhile; the letter is not linked."))
    except BadContactError as error:
        messages.warning(request, str(error))


def _keep(request: StaffRequest, letter: Letter, filled: FactsForm) -> None:
    number = str(filled.cleaned_data.get("customer_number") or "")
    chosen = request.POST.get("contact", "")
    if contact := current_contact(int(chosen)) if _is_id(chosen) else None:
        links.link_sender(letter, contact=contact, actor=request.user, customer_number=number)
    elif "new_contact" in request.POST or "complete_contact" in request.POST:
        _from_letter(request, get_letter(request.user, letter.pk), number)


def _from_letter(request: StaffRequest, letter: Letter, number: str) -> None:
    sender = letter.sender
    if sender is None:
        return
    if sender.contact_id is None and "new_contact" in request.POST:
        links.contact_from_letter(letter, actor=request.user, customer_number=number)
    contact = current_contact(sender.contact_id) if sender.contact_id else None
    if contact and "complete_contact" in request.POST:
        known = known_senders.known_of_sender(letter)
        links.complete_contact(letter, contact=contact, known=known, actor=request.user)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
