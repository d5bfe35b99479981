"""Addresses of the API; `config.urls` puts them under /api/."""

from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from web.api import (
    clocks,
    contacts,
    exports,
    letters,
    meaning,
    office,
    outgoing,
    pages,
    partner,
    replies,
    rules,
    same,
    saved,
    verbs,
)

app_name = "api"
LETTER = "v1/letters/<uuid:letter_id>"
ASSIGNMENT = "v1/assignments/<uuid:assignment_id>"
CONTACT = "v1/contacts/<int:contact_id>"
REPLY = "v1/replies/<uuid:reply_id>"
DISPATCH = "v1/outgoing/<uuid:dispatch_id>"
VOID = "v1/void-requests/<uuid:void_id>"
DOCUMENT = f"{LETTER}/documents/<uuid:document_id>"

urlpatterns = [
    path("v1/token", office.TokenView.as_view(), name="token"),
    path("v1/me", office.MeView.as_view(), name="me"),
    path("v1/me/token", office.MyTokenView.as_view(), name="my_token"),
    path("v1/letters", letters.LettersView.as_view(), name="letters"),
    path(LETTER, letters.LetterView.as_view(), name="letter"),
    path(f"{LETTER}/events", letters.EventsView.as_view(), name="events"),
    path(f"{LETTER}/text", letters.TextView.as_view(), name="text"),
    path(f"{LETTER}/receipt", letters.ReceiptView.as_view(), name="receipt"),
    path(f"{DOCUMENT}/content", letters.ContentView.as_view(), name="content"),
    path(f"{DOCUMENT}/pages/<int:number>", pages.PageView.as_view(), name="page"),
    path(f"{LETTER}/assign", verbs.AssignView.as_view(), name="assign"),
    path(f"{LETTER}/corrections", verbs.CorrectView.as_view(), name="corrections"),
    path(f"{LETTER}/replies", replies.RepliesView.as_view(), name="replies"),
    path(f"{LETTER}/same", same.SameView.as_view(), name="same"),
    path(f"{LETTER}/same/<uuid:link_id>/undo", same.UndoView.as_view(), name="undo_same"),
    path(f"{LETTER}/clock/stop", clocks.StopClockView.as_view(), name="stop_clock"),
    path(f"{LETTER}/clock/restart", clocks.RestartClockView.as_view(), name="restart_clock"),
    path(f"{LETTER}/clock/extend", clocks.ExtendClockView.as_view(), name="extend_clock"),
    path(f"{LETTER}/pieces", clocks.AskPiecesView.as_view(), name="ask_pieces"),
    path(f"{LETTER}/pieces/files", clocks.AddPiecesView.as_view(), name="add_pieces"),
    path(f"{LETTER}/void-requests", verbs.VoidRequestsView.as_view(), name="void_requests"),
    path(f"{ASSIGNMENT}/accept", verbs.AcceptView.as_view(), name="accept"),
    path(f"{ASSIGNMENT}/refuse", verbs.RefuseView.as_view(), name="refuse"),
    path(f"{ASSIGNMENT}/transfer", verbs.TransferView.as_view(), name="transfer"),
    path(f"{ASSIGNMENT}/sign_off", verbs.SignOffView.as_view(), name="sign_off"),
    path(REPLY, replies.ReplyView.as_view(), name="reply"),
    path(f"{REPLY}/submit", replies.SubmitView.as_view(), name="submit"),
    path(f"{REPLY}/approve", replies.ApproveView.as_view(), name="approve"),
    path(f"{REPLY}/return", replies.ReturnView.as_view(), name="return"),
    path(f"{REPLY}/send", replies.SendView.as_view(), name="send"),
    path(f"{REPLY}/ways", replies.AlsoView.as_view(), name="send_also"),
    path(f"{LETTER}/reopen", outgoing.ReopenView.as_view(), name="reopen"),
    path("v1/outgoing", outgoing.OutgoingView.as_view(), name="outgoing"),
    path(f"{DISPATCH}/line", outgoing.LineView.as_view(), name="posting_line"),
    path(f"{DISPATCH}/acknowledge", outgoing.AcknowledgeView.as_view(), name="acknowledge"),
    path(f"{DISPATCH}/return", outgoing.ReturnedView.as_view(), name="return_post"),
    path(f"{DISPATCH}/settle", outgoing.SettleView.as_view(), name="settle_dispatch"),
    path(f"{DISPATCH}/take_back", outgoing.TakeBackView.as_view(), name="take_back"),
    path(f"{DISPATCH}/hand_over", outgoing.HandOverView.as_view(), name="hand_over"),
    path("v1/posting-lists", outgoing.ListsView.as_view(), name="posting_lists"),
    path(
        "v1/posting-lists/<int:list_id>/content",
        outgoing.ListContentView.as_view(),
        name="posting_list_content",
    ),
    path(f"{VOID}/approve", verbs.ApproveVoidView.as_view(), name="approve_void"),
    path(f"{VOID}/refuse", verbs.RefuseVoidView.as_view(), name="refuse_void"),
    path(f"{LETTER}/contact", contacts.LetterContactView.as_view(), name="letter_contact"),
    path("v1/contacts", contacts.ContactsView.as_view(), name="contacts"),
    path("v1/contacts/matches", contacts.ContactMatchesView.as_view(), name="contact_matches"),
    path(CONTACT, contacts.ContactView.as_view(), name="contact"),
    path(f"{CONTACT}/points", contacts.ContactPointsView.as_view(), name="contact_points"),
    path(f"{CONTACT}/merges", contacts.ContactMergeView.as_view(), name="contact_merges"),
    path(
        "v1/contact-merges/<int:merge_id>/undo",
        contacts.UndoContactMergeView.as_view(),
        name="undo_contact_merge",
    ),
    path("v1/partner/letters", partner.LettersView.as_view(), name="partner_letters"),
    path(
        "v1/partner/letters/<uuid:letter_id>", partner.LetterView.as_view(), name="partner_letter"
    ),
    path("v1/search", office.SearchView.as_view(), name="search"),
    path("v1/search/suggestions", saved.SuggestionsView.as_view(), name="suggestions"),
    path("v1/saved-searches", saved.SavedSearchesView.as_view(), name="saved_searches"),
    path(
        "v1/saved-searches/<uuid:search_id>", saved.SavedSearchView.as_view(), name="saved_search"
    ),
    path("v1/exports", exports.ExportsView.as_view(), name="exports"),
    path("v1/exports/<uuid:export_id>", exports.ExportView.as_view(), name="export"),
    path(
        "v1/exports/<uuid:export_id>/content",
        exports.ExportContentView.as_view(),
        name="export_content",
    ),
    path("v1/search/meaning", meaning.MeaningView.as_view(), name="search_by_meaning"),
    path(f"{LETTER}/similar", meaning.SimilarView.as_view(), name="similar"),
    path("v1/jobs", office.JobsView.as_view(), name="jobs"),
    path("v1/jobs/<int:job_id>/retry", office.RetryView.as_view(), name="retry"),
    path("v1/rules", rules.RulesView.as_view(), name="rules"),
    path("v1/rules/order", rules.RuleOrderView.as_view(), name="rule_order"),
    path("v1/rules/trials", rules.RuleTrialsView.as_view(), name="rule_trials"),
    path("v1/rules/trials/<uuid:trial_id>", rules.RuleTrialView.as_view(), name="rule_trial"),
    path("v1/rules/<int:rule_id>", rules.RuleView.as_view(), name="rule"),
    path("schema/", office.SchemaView.as_view(), name="schema"),
    re_path(r"^.*$", csrf_exempt(office.no_such_address)),
]
