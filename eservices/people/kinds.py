"""Kinds of events in the history of a person's account."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PersonKind(TextChoices):
    """What was done with an account; the label is what the person reads."""

    MADE = "made", _("Your space was opened")
    SIGNED_IN = "signed_in", _("You signed in by a code")
    SIGNED_IN_EID = "signed_in_eid", _("You signed in by electronic identity")
    SIGNED_OUT = "signed_out", _("You signed out")
    CONFIRMED = "confirmed", _("You confirmed by a code that it is you")
    SESSION_ENDED = "session_ended", _("You ended a session in another browser")
    SESSIONS_ENDED = "sessions_ended", _("You ended all sessions in other browsers")
    CONTACT_ADDED = "contact_added", _("A contact was verified and added")
    CONTACT_REMOVED = "contact_removed", _("A contact was removed")
    EID_LINKED = "eid_linked", _("Your electronic identity was linked")
    EID_UNLINKED = "eid_unlinked", _("Your electronic identity was taken off")
    CORRECTED = "corrected", _("Your details were corrected")
    PREFERENCES = "preferences", _("Your preferences were changed")
    PRINTED = "printed", _("You took a copy of your data")
    CODE_ASKED = "code_asked", _("The tracking code of a letter was sent to you again")
    MANDATE_GIVEN = "mandate_given", _("You let somebody act for you")
    MANDATE_RECEIVED = "mandate_received", _("Somebody let you act for them")
    MANDATE_ASKED = "mandate_asked", _("You asked to act for somebody")
    MANDATE_WANTED = "mandate_wanted", _("Somebody asked to act for you")
    MANDATE_CONFIRMED = "mandate_confirmed", _("A mandate was confirmed")
    MANDATE_REFUSED = "mandate_refused", _("A mandate was refused")
    MANDATE_ENDED = "mandate_ended", _("A mandate was ended")
    MANDATE_OVER = "mandate_over", _("A mandate has reached its last day")
    MANDATE_WAITS = "mandate_waits", _("A mandate waits for its principal to confirm it")
    MANDATE_USED = "mandate_used", _("A request was sent in your name by mandate")
    MANDATE_TOLD = "mandate_told", _("A message about a mandate was sent to you")
    MANDATE_UNTOLD = "mandate_untold", _("A message about a mandate did not reach you")
    CONTRACT_ADDED = "contract_added", _("A contract was added to your space")
    CONTRACT_ENDED = "contract_ended", _("A contract was taken off your space")
    DELETED = "deleted", _("The space was deleted")
