"""Addresses of the API; `config.urls` puts them under /api/."""

from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from web.api import (
    absences,
    announcements,
    assignments,
    centre,
    circuits,
    contacts,
    drafts,
    exports,
    feed,
    follow,
    letters,
    meaning,
    my_tokens,
    notifications,
    office,
    organisation,
    outgoing,
    pages,
    partner,
    partners,
    posting_lists,
    registers,
    rules,
    same,
    saved,
    service_requests,
    services,
    signing_folder,
    targets,
    templates,
    work_orders,
)
from web.api.eservice_urls import urlpatterns as eservice_requests_urls
from web.api.table import addresses
from web.api.verbs import VERBS

app_name = "api"
LETTER = "v1/letters/<uuid:letter_id>"
CONTACT = "v1/contacts/<int:contact_id>"
PARTNER = "v1/partners/<int:partner_id>"
DOCUMENT = f"{LETTER}/documents/<uuid:document_id>"

urlpatterns = [
    *addresses(VERBS),
    path("v1/follow", follow.FollowView.as_view(), name="follow"),
    path("v1/token", my_tokens.TokenView.as_view(), name="token"),
    path("v1/me", office.MeView.as_view(), name="me"),
    path("v1/me/token", my_tokens.MyTokenView.as_view(), name="my_token"),
    path("v1/me/tokens", my_tokens.MyTokensView.as_view(), name="my_tokens"),
    path("v1/me/tokens/<int:token_id>", my_tokens.MyOneTokenView.as_view(), name="my_one_token"),
    path("v1/notifications", notifications.NotificationsView.as_view(), name="notifications"),
    path(
        "v1/notifications/read",
        notifications.NotificationsReadView.as_view(),
        name="notifications_read",
    ),
    path(
        "v1/notifications/preferences",
        notifications.NotificationWishesView.as_view(),
        name="notification_preferences",
    ),
    path(
        "v1/services/<str:code>/requests",
        service_requests.ServiceRequestsView.as_view(),
        name="service_requests",
    ),
    path("v1/assignments", assignments.AssignmentsView.as_view(), name="assignments"),
    path("v1/events", feed.FeedView.as_view(), name="feed"),
    path("v1/letters", letters.LettersView.as_view(), name="letters"),
    path(LETTER, letters.LetterView.as_view(), name="letter"),
    path(f"{LETTER}/events", letters.EventsView.as_view(), name="events"),
    path(f"{LETTER}/text", letters.TextView.as_view(), name="text"),
    path(f"{LETTER}/receipt", letters.ReceiptView.as_view(), name="receipt"),
    path(f"{DOCUMENT}/content", letters.ContentView.as_view(), name="content"),
    path(f"{DOCUMENT}/pages/<int:number>", pages.PageView.as_view(), name="page"),
    path("v1/absences", absences.AbsencesView.as_view(), name="absences"),
    path("v1/absences/<int:absence_id>/end", absences.EndAbsenceView.as_view(), name="end_absence"),
    path(f"{LETTER}/same/<uuid:link_id>/undo", same.UndoView.as_view(), name="undo_same"),
    path("v1/templates", templates.TemplatesView.as_view(), name="templates"),
    path("v1/drafts", drafts.DraftsView.as_view(), name="drafts"),
    path("v1/drafts/<uuid:reply_id>", drafts.DraftView.as_view(), name="draft"),
    path("v1/signing-folder", signing_folder.FolderView.as_view(), name="signing_folder"),
    path("v1/signing-folder/visas", signing_folder.VisasView.as_view(), name="give_visas"),
    path(
        "v1/replies/<uuid:reply_id>/paper", signing_folder.PaperView.as_view(), name="reply_paper"
    ),
    path("v1/mailings", drafts.MailingsView.as_view(), name="mailings"),
    path("v1/outgoing", outgoing.OutgoingView.as_view(), name="outgoing"),
    path("v1/posting-lists", posting_lists.ListsView.as_view(), name="posting_lists"),
    path(
        "v1/posting-lists/<int:list_id>/content",
        posting_lists.ListContentView.as_view(),
        name="posting_list_content",
    ),
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
    path("v1/partners", partners.PartnersView.as_view(), name="partners"),
    path(PARTNER, partners.PartnerView.as_view(), name="partner"),
    path(f"{PARTNER}/keys", partners.PartnerKeysView.as_view(), name="partner_keys"),
    path(f"{PARTNER}/webhook", partners.PartnerWebhookView.as_view(), name="partner_webhook"),
    path(f"{PARTNER}/webhook/secret", partners.PartnerSecretView.as_view(), name="partner_secret"),
    path(f"{PARTNER}/webhook/test", partners.PartnerTestView.as_view(), name="partner_test"),
    path(f"{PARTNER}/webhook/on", partners.PartnerSwitchOnView.as_view(), name="partner_switch_on"),
    path(
        f"{PARTNER}/deliveries",
        partners.PartnerDeliveriesView.as_view(),
        name="partner_deliveries",
    ),
    path(
        "v1/partner-deliveries/<int:delivery_id>/send-again",
        partners.SendDeliveryAgainView.as_view(),
        name="send_delivery_again",
    ),
    path("v1/partner-keys/<int:key_id>", partners.PartnerKeyView.as_view(), name="partner_key"),
    path(
        "v1/partner-keys/<int:key_id>/replace",
        partners.ReplacePartnerKeyView.as_view(),
        name="replace_partner_key",
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
    path("v1/announcements", announcements.AnnouncementsView.as_view(), name="announcements"),
    path(
        "v1/announcements/<int:announcement_id>",
        announcements.AnnouncementView.as_view(),
        name="announcement",
    ),
    path("v1/departments", organisation.DepartmentsView.as_view(), name="departments"),
    path("v1/kinds", organisation.KindsView.as_view(), name="kinds"),
    path("v1/registers", registers.RegistersView.as_view(), name="registers"),
    path("v1/people", organisation.PeopleView.as_view(), name="people"),
    path("v1/targets", targets.TargetsView.as_view(), name="targets"),
    path("v1/circuits", circuits.CircuitsView.as_view(), name="circuits"),
    path("v1/rules", rules.RulesView.as_view(), name="rules"),
    path("v1/rules/order", rules.RuleOrderView.as_view(), name="rule_order"),
    path("v1/rules/trials", rules.RuleTrialsView.as_view(), name="rule_trials"),
    path("v1/rules/trials/<uuid:trial_id>", rules.RuleTrialView.as_view(), name="rule_trial"),
    path("v1/rules/<int:rule_id>", rules.RuleView.as_view(), name="rule"),
    path("v1/contact-moments", centre.MomentsView.as_view(), name="contact_moments"),
    path(
        "v1/contact-moments/<uuid:moment_id>", centre.MomentView.as_view(), name="contact_moment"
    ),
    path("v1/call-backs", centre.CallbacksView.as_view(), name="call_backs"),
    path(
        "v1/call-backs/<int:callback_id>/take",
        centre.CallbackTakeView.as_view(),
        name="take_call_back",
    ),
    path(
        "v1/call-backs/<int:callback_id>/tries",
        centre.CallbackTriesView.as_view(),
        name="call_back_tries",
    ),
    path("v1/teams", work_orders.TeamsView.as_view(), name="teams"),
    path("v1/work-orders", work_orders.WorkOrdersView.as_view(), name="work_orders"),
    path("v1/work-orders/<uuid:order_id>", work_orders.WorkOrderView.as_view(), name="work_order"),
    path(
        "v1/work-orders/<uuid:order_id>/entries",
        work_orders.FieldEntriesView.as_view(),
        name="field_entries",
    ),
    path("v1/services", services.ServicesView.as_view(), name="services"),
    path("v1/services/<str:code>", services.ServiceView.as_view(), name="service"),
    *eservice_requests_urls,
    path("schema/", office.SchemaView.as_view(), name="schema"),
    re_path(r"^.*$", csrf_exempt(office.no_such_address)),
]
