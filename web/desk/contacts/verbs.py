"""Actions on contacts: entries, duplicates, undoing merges, and who a letter is from."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from registry.access import get_letter
from registry.contacts import directory as contacts
from registry.contacts import links as contact_links
from registry.contacts import merging as contact_merging
from registry.contacts.access import get_contact, manages_contacts
from registry.contacts.directory import BadContactError
from registry.models.contacts import Contact, ContactMerge
from registry.models.letters import Letter
from registry.states import ConflictError
from routing.acting.access import need
from routing.acting.verbs import LetterVerb
from routing.proposals import known_senders
from web.desk.contacts.forms import PointForm
from web.shared.guard import StaffRequest, back_to_letter, go_on, reads_letters, verb


def _back(request: StaffRequest, contact_id: int) -> HttpResponse:
    return go_on(request, otherwise=reverse("desk:contact", args=[contact_id]))


@verb(manages_contacts)
def add_point(request: StaffRequest, contact_id: int) -> HttpResponse:
    """Add one more way to reach the contact."""
    contact = get_contact(request.user, contact_id)
    filled = PointForm(request.POST)
    if not filled.is_valid():
        messages.error(request, _("Choose what it is, and write it down."))
        return _back(request, contact.pk)
    try:
        contacts.add_point(contact, **filled.cleaned_data, actor=request.user)
    except BadContactError as error:
        messages.error(request, str(error))
    return _back(request, contact.pk)


@verb(manages_contacts)
def on_point(request: StaffRequest, contact_id: int, point_id: int, what: str) -> HttpResponse:
    """Verify an entry, or remove it."""
    contact = get_contact(request.user, contact_id)
    point = get_object_or_404(contacts.points_of(contact), pk=point_id)
    if what == "verify":
        contacts.verify_point(point, actor=request.user)
        messages.success(request, _("Marked as verified."))
    elif what == "forget":
        contacts.remove_point(point, actor=request.user)
        messages.success(request, _("The entry is removed."))
    else:
        raise Http404
    return _back(request, contact.pk)


@verb(manages_contacts)
def tell_apart(request: StaffRequest, contact_id: int, other_id: int) -> HttpResponse:
    """Record that these two contacts are different; with `again`, take that back."""
    contact = get_contact(request.user, contact_id)
    other = get_contact(request.user, other_id)
    if contact.pk == other.pk:
        raise Http404
    if request.POST.get("again"):
        _propose_again(request, contact, other)
    else:
        contact_merging.tell_apart(contact, other, actor=request.user)
        messages.success(request, _("They are not proposed as one again."))
    return _back(request, contact.pk)


def _propose_again(request: StaffRequest, contact: Contact, other: Contact) -> None:
    try:
        contact_merging.propose_again(contact, other, actor=request.user)
        messages.success(request, _("They are proposed as one again."))
    except ConflictError:
        messages.warning(request, _("These two are not marked as different any more."))


@verb(manages_contacts)
def undo_merge(request: StaffRequest, merge_id: int) -> HttpResponse:
    """Separate two merged contacts again."""
    merge = get_object_or_404(ContactMerge, pk=merge_id)
    try:
        contact_merging.undo_merge(merge, actor=request.user)
        messages.success(request, _("The merge is undone: both stand for themselves."))
    except ConflictError:
        messages.warning(request, _("This merge was undone already."))
    return _back(request, merge.winner_id)


def _completed(request: StaffRequest, letter: Letter, known: dict[str, str]) -> str:
    sender = letter.sender
    contact = contacts.current_contact(sender.contact_id) if sender and sender.contact_id else None
    if contact is None:
        raise Http404
    contact_links.complete_contact(letter, contact=contact, known=known, actor=request.user)
    return _("What the letter says is added to the contact.")


@verb(reads_letters)
def link(request: StaffRequest, letter_id: UUID) -> HttpResponse:
    """Set the sender's contact: an existing one (`contact`), a new one, or none (`what`).

    `what=complete` adds to the contact what the letter says of the sender.
    """
    letter = get_letter(request.user, letter_id)
    need(request.user, letter, LetterVerb.CORRECT)
    try:
        messages.success(request, _linked(request, letter))
    except BadContactError as error:
        messages.error(request, str(error))
    return back_to_letter(request, letter.pk, "#contact")


def _linked(request: StaffRequest, letter: Letter) -> str:
    what, chosen = request.POST.get("what", ""), request.POST.get("contact", "")
    if what == "unlink":
        contact_links.unlink_sender(letter, actor=request.user)
        return _("The sender is no longer taken for this contact.")
    known = known_senders.known_of_sender(letter)
    number = known.get("customer_number", "")
    if what == "complete":
        return _completed(request, letter, known)
    if what == "new":
        contact_links.contact_from_letter(
            letter,
            actor=request.user,
            name=known["organisation"] or known["name"],
            customer_number=number,
        )
        return _("A new contact is made from this letter.")
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) < 18):
        raise Http404
    contact = contacts.current_contact(int(chosen))
    if contact is None:
        raise Http404
    contact_links.link_sender(letter, contact=contact, actor=request.user, customer_number=number)
    return _("The sender is %(name)s.") % {"name": contact.name}
