"""API tokens of the Authorization header, and what each may be used for."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import TokenAuthentication as ByToken
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from identity.models import Access, ApiToken, Area
from identity.tokens import find_token
from web.shared.sessions import is_fresh

_LETTERS: Final = (
    "letters letter events text receipt content page assign give split notes note opinions"
    " give_opinion withdraw_opinion custody in_charge corrections same undo_same stop_clock"
    " restart_clock extend_clock ask_pieces add_pieces void_requests approve_void refuse_void"
    " accept refuse transfer sign_off outcome reopen letter_contact similar"
    " departments kinds registers number_formats number_trial"
    " assignment assignments opinion void_request feed"
    " notifications notifications_read notification_preferences"
    " requests request request_action request_messages request_children request_quotations"
    " request_quotation_decision request_meetings request_acceptances request_reserve_lift"
    " request_dues request_charges request_charge request_meter request_last_index"
    " request_final_bill request_plan request_look request_deliver"
    " work_orders work_order move_work_order cancel_work_order field_entries teams"
    " payments payment payment_figures payment_exports refunds"
)
_REPLIES: Final = (
    "replies reply lasting submit approve visa sign return withdraw send also send_also templates"
    " drafts draft mailings mailing outgoing posting_line acknowledge return_post settle_dispatch"
    " take_back hand_over posting_lists posting_list_content dispatch"
    " signing_folder give_visas reply_paper"
)
_CONTACTS: Final = (
    "contacts contact_matches contact contact_points contact_merges undo_contact_merge"
    " contact_moments contact_moment call_backs take_call_back call_back_tries"
    " mandates mandate_proof confirm_mandate refuse_mandate contracts contract imports import"
    " bills bill bill_content statement"
    " readings reading reading_photo reading_decisions"
    " approve_reading decline_reading assign_reading"
)
_SEARCH: Final = (
    "search suggestions saved_searches saved_search exports export export_content search_by_meaning"
)
_ADMINISTRATION: Final = (
    "health jobs retry rules rule rule_order rule_trials rule_trial absences end_absence people"
    " circuits"
    " partners partner partner_keys partner_key replace_partner_key partner_webhook partner_secret"
    " announcements announcement"
    " partner_test partner_switch_on partner_deliveries send_delivery_again"
    " targets proof anchors retention"
    " processing processing_row data_officers data_officer printouts printout printout_content"
    " rectifications rectification on_rectification"
    " disposals disposal disposal_entries disposal_certificate on_disposal hold"
)
# Name of an address -> its area. Without a row, a token that is limited to areas does not open it.
AREAS: Final[dict[str, Area]] = {
    name: area
    for area, names in (
        (Area.LETTERS, _LETTERS),
        (Area.REPLIES, _REPLIES),
        (Area.CONTACTS, _CONTACTS),
        (Area.SEARCH, _SEARCH),
        (Area.ADMINISTRATION, _ADMINISTRATION),
    )
    for name in names.split()
}
ALWAYS: Final = {"me", "my_token", "my_tokens", "my_one_token"}  # whatever the token's areas are
# What a session, which has no limits of its own, does only after its person confirmed themselves.
WEIGHTY: Final = {
    *("sign", "give_visas", "void_requests", "approve_void", "refuse_void", "on_disposal"),
    *("printouts", "data_officer"),
    *("partners", "partner_keys", "partner_key", "replace_partner_key"),
    *("partner_webhook", "partner_secret", "partner_test", "partner_switch_on"),
}
READING: Final = {"GET", "HEAD", "OPTIONS"}


class OutOfScopeError(Exception):
    """The token is not for this; the words say what it lacks."""


class UnconfirmedError(Exception):
    """The session's person has to show again who they are before this."""


class TokenAuthentication(ByToken):
    """`Authorization: Token …`: the person of a token in force."""

    def authenticate_credentials(self, key: str) -> tuple[Any, Any]:
        """Return the person and the token. Raise AuthenticationFailed."""
        token = find_token(key)
        if token is None:
            raise AuthenticationFailed
        return token.person, token


def need_scope(request: Request) -> None:
    """Raise OutOfScopeError where the request's token is not for this address or method.

    Raise UnconfirmedError where a session does something weighty long after its log-in.
    """
    token = request.auth
    match = request.resolver_match
    if match is None:
        return
    if match.url_name == "my_one_token" and isinstance(token, ApiToken) and _is_limited(token):
        raise OutOfScopeError(_("This token may only end itself."))
    if match.url_name in ALWAYS:
        return
    if not isinstance(token, ApiToken):
        weighty = match.url_name in WEIGHTY and request.method not in READING
        if weighty and request.user.is_authenticated and not is_fresh(request._request):
            raise UnconfirmedError
        return
    if token.access == Access.READ and request.method not in READING:
        raise OutOfScopeError(_("This token may only read."))
    if token.areas and AREAS.get(match.url_name or "") not in token.areas:
        raise OutOfScopeError(_("This token is not for this part of the API."))


def _is_limited(token: ApiToken) -> bool:
    return token.access == Access.READ or bool(token.areas)
