"""The addresses of my space; they stand among the citizens'. None of them names a letter."""

from django.urls import path

from web.portal.space import (
    authority,
    confirming,
    eid,
    own_data,
    pages,
    payments,
    sessions,
    signing_in,
)

urlpatterns = [
    path("", pages.front, name="space"),
    path("sign-in/", signing_in.sign_in, name="space_sign_in"),
    path("sign-in/code/", signing_in.code, name="space_code"),
    path("eid/", eid.go, name="space_eid"),
    path("eid/back/", eid.back, name="space_eid_back"),
    path("confirm/", confirming.confirm, name="space_confirm"),
    path("confirm/code/", confirming.code, name="space_confirm_code"),
    path("sessions/", sessions.listed, name="space_sessions"),
    path("sessions/end/", sessions.end, name="space_end_session"),
    path("leave/", signing_in.leave, name="space_leave"),
    path("open/", pages.open_letter, name="space_open"),
    path("code/", pages.code_again, name="space_code_again"),
    path("payments/", payments.listed, name="space_payments"),
    path("drafts/", pages.drafts, name="space_drafts"),
    path("drafts/delete/", pages.delete_draft, name="space_delete_draft"),
    path("messages/", pages.conversation, name="space_messages"),
    path("history/", pages.history, name="space_history"),
    path("mandates/", authority.listed, name="space_mandates"),
    path("mandates/give/", authority.give, name="space_give_mandate"),
    path("mandates/ask/", authority.ask, name="space_ask_mandate"),
    path("mandates/decide/", authority.decide, name="space_decide_mandate"),
    path("mandates/<uuid:mandate_id>/proof/", authority.proof, name="space_proof"),
    path("preferences/", own_data.preferences, name="space_preferences"),
    path("preferences/contact/", own_data.new_contact, name="space_new_contact"),
    path("preferences/contact/code/", own_data.new_contact_code, name="space_new_contact_code"),
    path("preferences/contact/remove/", own_data.drop_contact, name="space_drop_contact"),
    path("data/", own_data.data, name="space_data"),
    path("data/copy.json", own_data.copy, name="space_copy"),
    path("data/delete/", own_data.delete, name="space_delete"),
]
