"""The URLs of the desk."""

from django.urls import path

from web.desk import batches, book, bulk, deposit, files, front, lists, sender_receipts
from web.desk.administration.urls import urlpatterns as administration
from web.desk.archives.urls import urlpatterns as archives
from web.desk.check import page as check
from web.desk.contacts import pages as contacts
from web.desk.contacts import suggest as contact_suggest
from web.desk.contacts import verbs as contact_verbs
from web.desk.day import page as day
from web.desk.drafts import mailings, template_page
from web.desk.drafts import new as drafts_new
from web.desk.drafts import pages as drafts
from web.desk.drafts import templates as reply_templates
from web.desk.eservice_urls import urlpatterns as eservices
from web.desk.exports.urls import urlpatterns as exports
from web.desk.figures import by_mail, targets
from web.desk.figures import lists as figures_lists
from web.desk.figures import work as figures
from web.desk.find import meaning, saved, suggest
from web.desk.find import page as find
from web.desk.help import pages as help_pages
from web.desk.letter import (
    clock_box,
    closing_box,
    custody,
    notes,
    opinions,
    replies,
    same,
    slips,
    verbs,
)
from web.desk.letter import page as letter
from web.desk.mandates.urls import urlpatterns as mandates
from web.desk.notices.urls import urlpatterns as notices
from web.desk.office import (
    absences,
    calendar,
    circuits,
    deadlines,
    distribution,
    mailbox,
    partner,
    partners,
    reminders,
)
from web.desk.office import page as office
from web.desk.outgoing import handing, papers, signatures, signing_folder
from web.desk.outgoing import pages as outgoing
from web.desk.outgoing import verbs as outgoing_verbs
from web.desk.privacy.urls import urlpatterns as privacy
from web.desk.reading import page as reading
from web.desk.rules import edit as rule_edit
from web.desk.rules import learning
from web.desk.rules import pages as rules
from web.desk.rules import trials as rule_trials
from web.desk.together_urls import urlpatterns as together
from web.signin.login import LogIn, LogOut

app_name = "desk"
LETTER = "letters/<uuid:letter_id>/"
DISPATCH = "outgoing/<uuid:dispatch_id>/"
CONTACT = "contacts/<int:contact_id>/"
urlpatterns = [
    *mandates,
    *archives,
    *exports,
    *privacy,
    *together,
    path("", front.home, name="home"),
    path("healthz", front.healthz, name="healthz"),
    path("login/", LogIn.as_view(), name="login"),
    path("logout/", LogOut.as_view(), name="logout"),
    path("deposit/", deposit.deposit, name="deposit"),
    path("tray/", lists.tray, name="tray"),
    path("tray/live/", lists.tray_live, name="tray_live"),
    path("tray/bulk/", bulk.bulk_tray, name="bulk_tray"),
    path("batches/", batches.listed, name="batches"),
    path("batches/new/", batches.new, name="new_batch"),
    path("batches/sheets.pdf", batches.sheets, name="batch_sheets"),
    path("batches/<uuid:batch_id>/", batches.show, name="batch"),
    path("batches/<uuid:batch_id>/pages/<int:number>.webp", batches.thumb, name="batch_page"),
    path("batches/<uuid:batch_id>/mend/", batches.mend, name="mend_batch"),
    path("batches/<uuid:batch_id>/register/", batches.register, name="register_batch"),
    path("check/", check.queue, name="checks"),
    path("check/<uuid:letter_id>/", check.check_page, name="check_page"),
    path("inbox/", lists.inbox, name="inbox"),
    path("inbox/bulk/", bulk.bulk_inbox, name="bulk_inbox"),
    path("distribution/", distribution.listed, name="distribution_lists"),
    path("distribution/new/", distribution.edit, name="new_distribution_list"),
    path("distribution/<int:list_id>/", distribution.edit, name="distribution_list"),
    path("custody/", custody.desk, name="custody"),
    path("custody/move/", custody.move, name="move_paper"),
    path("deadlines/", deadlines.listed, name="deadlines"),
    path("deadlines/new/", deadlines.new, name="deadline_new"),
    path("deadlines/<int:rule_id>/", deadlines.change, name="deadline"),
    path("absences/", absences.listed, name="absences"),
    path("absences/new/", absences.new, name="new_absence"),
    path("absences/<int:absence_id>/end/", absences.end, name="end_absence"),
    path("reminders/", reminders.listed, name="reminders"),
    path("reminders/seen/", reminders.seen, name="reminders_seen"),
    path("reminders/named/<uuid:mention_id>/", notes.seen, name="mention_seen"),
    path("calendar/", calendar.show, name="calendar"),
    path("calendar/edit/", calendar.edit, name="calendar_edit"),
    path("day/", day.show, name="day"),
    path("day/without-pieces/", day.lacking_pieces, name="without_pieces"),
    path("figures/", figures.show, name="figures"),
    path("figures/figures.csv", figures.as_table, name="figures_table"),
    path("figures/reports/", by_mail.order, name="order_figures"),
    path("figures/reports/stop/<str:token>/", by_mail.stop_by_link, name="stop_figures"),
    path("figures/reports/<int:order_id>/<slug:what>/", by_mail.on_order, name="on_figures_order"),
    path("administration/targets/", targets.listed, name="targets"),
    path("administration/targets/new/", targets.target, name="new_target"),
    path("administration/targets/<int:target_id>/", targets.target, name="target"),
    path("lists/", figures_lists.backlog, name="backlog"),
    path("lists/due/", figures_lists.due, name="due_list"),
    path("lists/refusals/", figures_lists.refusals, name="refusals"),
    path("lists/outcomes/", figures_lists.outcomes, name="outcomes"),
    path("search/", find.search, name="search"),
    path("search/suggestions/", suggest.suggestions, name="suggestions"),
    path("search/saved/", saved.listed, name="saved"),
    path("search/saved/counts/", saved.counts, name="saved_counts"),
    path("search/saved/new/", saved.save, name="save_search"),
    path("search/saved/<uuid:search_id>/", saved.open_saved, name="open_saved"),
    path("search/saved/<uuid:search_id>/change/", saved.change, name="change_saved"),
    path(LETTER, letter.show, name="letter"),
    path(f"{LETTER}registered/", deposit.registered, name="registered"),
    path(f"{LETTER}reading/", letter.reading, name="reading"),
    path(f"{LETTER}registered/hand-over/", sender_receipts.hand_over, name="hand_over_receipt"),
    path(f"{LETTER}registered/receipt.pdf", sender_receipts.sender_receipt, name="sender_receipt"),
    path(f"{LETTER}receipt.pdf", files.receipt, name="receipt"),
    path(f"{LETTER}receipt/", files.receipt_state, name="receipt_state"),
    path(f"{LETTER}documents/<uuid:document_id>/", files.original, name="original"),
    path(
        f"{LETTER}documents/<uuid:document_id>/searchable.pdf",
        files.searchable,
        name="searchable",
    ),
    path(
        f"{LETTER}documents/<uuid:document_id>/pages/<int:number>.webp",
        files.picture,
        name="picture",
    ),
    path(
        f"{LETTER}documents/<uuid:document_id>/pages/<int:number>/",
        reading.show,
        name="read_page",
    ),
    path(
        f"{LETTER}documents/<uuid:document_id>/pages/<int:number>/correct/",
        reading.correct,
        name="correct_page",
    ),
    path(f"{LETTER}contact/", contact_verbs.link, name="link_contact"),
    path(f"{LETTER}assign/", verbs.assign, name="assign"),
    path(f"{LETTER}split/", verbs.split, name="split"),
    path(f"{LETTER}stickers/", custody.stick, name="stick"),
    path(f"{LETTER}slip.pdf", slips.slip, name="slip"),
    path(f"{LETTER}notes/", notes.write, name="write_note"),
    path(f"{LETTER}notes/<uuid:note_id>/", notes.change, name="note"),
    path(f"{LETTER}notes/<uuid:note_id>/delete/", notes.delete, name="delete_note"),
    path(f"{LETTER}opinions/", opinions.ask, name="ask_opinion"),
    path(
        f"{LETTER}opinions/<uuid:opinion_id>/<slug:what>/", opinions.on_opinion, name="on_opinion"
    ),
    path(f"{LETTER}clock/<slug:what>/", clock_box.on_clock, name="on_clock"),
    path(f"{LETTER}pieces/", clock_box.add_pieces, name="add_pieces"),
    path(f"{LETTER}pieces/receipt.pdf", clock_box.pieces_receipt, name="pieces_receipt"),
    path(f"{LETTER}check/", verbs.check, name="check"),
    path(
        f"{LETTER}assignments/<uuid:assignment_id>/<slug:what>/",
        verbs.on_assignment,
        name="on_assignment",
    ),
    path(f"{LETTER}replies/", replies.draft, name="draft_reply"),
    path(f"{LETTER}replies/<uuid:reply_id>/file/", replies.reply_file, name="reply_file"),
    path(f"{LETTER}replies/<uuid:reply_id>/<slug:what>/", replies.on_reply, name="on_reply"),
    path(f"{LETTER}reopen/", closing_box.reopen, name="reopen"),
    path(f"{LETTER}outcome/", closing_box.outcome, name="outcome"),
    path(f"{LETTER}receipts/", closing_box.issue_receipt, name="issue_receipt"),
    path(f"{LETTER}receipts/full.pdf", closing_box.full_receipt, name="full_receipt"),
    path("outgoing/", outgoing.to_post, name="outgoing"),
    path("outgoing/lists/", outgoing.lists, name="posting_lists"),
    path("outgoing/lists/<int:list_id>.pdf", outgoing.list_file, name="posting_list_file"),
    path("outgoing/counter/", outgoing.counter, name="at_the_counter"),
    path("outgoing/waiting/", outgoing.waiting, name="unacknowledged"),
    path("outgoing/back/", outgoing.came_back, name="came_back"),
    path("outgoing/close/", outgoing_verbs.close_list, name="close_posting_list"),
    path("outgoing/lines/<int:line_id>/", outgoing_verbs.describe, name="describe_line"),
    path(f"{DISPATCH}hand/", handing.hand, name="hand_over"),
    path(f"{DISPATCH}slip.pdf", handing.slip, name="handover_slip"),
    path(f"{DISPATCH}proof/", outgoing_verbs.proof, name="dispatch_proof"),
    path(f"{DISPATCH}<slug:what>/", outgoing_verbs.on_dispatch, name="on_dispatch"),
    path(f"{LETTER}same/", same.link, name="link"),
    path(f"{LETTER}same/<uuid:link_id>/undo/", same.unlink, name="unlink"),
    path(f"{LETTER}void/", verbs.ask_void, name="ask_void"),
    path("void/", book.voids, name="voids"),
    path("void/<uuid:void_id>/<slug:what>/", verbs.decide_void, name="decide_void"),
    path("contacts/", contacts.directory, name="contacts"),
    path("contacts/suggestions/", contact_suggest.suggestions, name="contact_suggestions"),
    path("contacts/new/", contacts.new, name="new_contact"),
    path("contacts/doubles/", contacts.doubles, name="contact_doubles"),
    path("contacts/merges/<int:merge_id>/undo/", contact_verbs.undo_merge, name="undo_merge"),
    path(CONTACT, contacts.show, name="contact"),
    path(f"{CONTACT}edit/", contacts.edit, name="edit_contact"),
    path(f"{CONTACT}points/", contact_verbs.add_point, name="add_contact_point"),
    path(
        f"{CONTACT}points/<int:point_id>/<slug:what>/",
        contact_verbs.on_point,
        name="on_contact_point",
    ),
    path(f"{CONTACT}merge/<int:other_id>/", contacts.merge, name="merge_contact"),
    path(f"{CONTACT}apart/<int:other_id>/", contact_verbs.tell_apart, name="tell_apart"),
    path("drafts/", drafts.listed, name="drafts"),
    path("drafts/new/<slug:kind>/", drafts_new.new, name="new_draft"),
    path("drafts/<uuid:reply_id>/", drafts.show, name="draft"),
    path("drafts/<uuid:reply_id>/file/", drafts.draft_file, name="draft_file"),
    path("drafts/<uuid:reply_id>/<slug:what>/", drafts.on_draft, name="on_draft"),
    path(f"{LETTER}reply/", drafts_new.reply, name="new_reply"),
    path("mailings/", mailings.listed, name="mailings"),
    path("mailings/new/", mailings.new, name="new_mailing"),
    path("mailings/<uuid:mailing_id>/", mailings.show, name="mailing"),
    path("mailings/<uuid:mailing_id>/live/", mailings.live, name="mailing_live"),
    path("mailings/<uuid:mailing_id>/<slug:what>/", mailings.do, name="on_mailing"),
    path("templates/", reply_templates.listed, name="reply_templates"),
    path("templates/new/", reply_templates.new, name="new_template"),
    path("templates/<int:template_id>/", template_page.template, name="reply_template"),
    path(
        "templates/<int:template_id>/<slug:what>/", reply_templates.on_template, name="on_template"
    ),
    path("templates/versions/<int:version_id>/", reply_templates.preview, name="try_template"),
    path(
        "templates/versions/<int:version_id>/file/",
        reply_templates.version_file,
        name="template_file",
    ),
    path("help/", help_pages.listed, name="help"),
    path("help/<slug:duty>/", help_pages.guide, name="guide"),
    path("office/", office.office, name="office"),
    path("office/live/", office.office_live, name="office_live"),
    path("office/jobs/<int:job_id>/retry/", office.retry, name="retry"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/fetch/", mailbox.fetch_now, name="fetch_mailbox"),
    path("mailbox/folder/", mailbox.folder, name="folder"),
    path("mailbox/<int:mail_id>/mail.eml", mailbox.mail_file, name="mail_file"),
    path("mailbox/<int:mail_id>/<slug:what>/", mailbox.on_mail, name="on_mail"),
    path("models/", learning.models, name="models"),
    path("models/retrain/", learning.retrain, name="retrain"),
    path("models/use/", learning.use_model, name="use_model"),
    path("partners/", partners.listed, name="partners"),
    path("partners/new/", partners.new, name="new_partner_key"),
    path("partners/webhook/", partner.webhook, name="partner_webhook"),
    path("partners/<int:partner_id>/", partner.show, name="partner"),
    path(
        "partners/<int:partner_id>/webhook/<slug:what>/",
        partner.on_webhook,
        name="on_partner_webhook",
    ),
    path(
        "partners/messages/<int:delivery_id>/again/", partner.send_again, name="send_message_again"
    ),
    path("partners/<int:key_id>/revoke/", partners.revoke, name="revoke_partner_key"),
    path("partners/<int:key_id>/replace/", partners.replace, name="replace_partner_key"),
    path("circuits/", circuits.listed, name="circuits"),
    path("circuits/new/", circuits.new, name="circuit_new"),
    path("circuits/<int:circuit_id>/", circuits.change, name="circuit"),
    path("signing-folder/", signing_folder.listed, name="signing_folder"),
    path("signing-folder/visas/", signing_folder.visas, name="give_visas"),
    path("replies/<uuid:reply_id>/paper/", papers.pages, name="reply_paper_pages"),
    path("replies/<uuid:reply_id>/paper.pdf", papers.pdf, name="reply_paper"),
    path(
        "replies/<uuid:reply_id>/paper/<int:number>.webp", papers.picture, name="reply_paper_page"
    ),
    path("signature/", signatures.show, name="signature"),
    path("signature/give/", signatures.give, name="give_signature"),
    path("signature/picture.png", signatures.picture, name="signature_picture"),
    path("register/", book.book, name="book"),
    path("register/closings/", book.closings, name="closings"),
    path("register/closings/<int:closing_id>.pdf", book.closing_page, name="closing_page"),
    path("register/anomalies/", book.anomalies, name="anomalies"),
    path("rules/", rules.listed, name="rules"),
    path("rules/new/", rule_edit.new, name="rule_new"),
    path("rules/<int:rule_id>/", rule_edit.edit, name="rule"),
    path("rules/<int:rule_id>/history/", rules.history, name="rule_history"),
    path("rules/<int:rule_id>/<slug:what>/", rules.do, name="rule_do"),
    path("rules/trials/<uuid:trial_id>/", rule_trials.show, name="rule_trial"),
    path("rules/trials/<uuid:trial_id>/live/", rule_trials.live, name="rule_trial_live"),
    path("rules/trials/<uuid:trial_id>/keep/", rule_trials.keep, name="rule_trial_keep"),
    path("search/meaning/", meaning.by_meaning, name="by_meaning"),
    path(f"{LETTER}similar/", meaning.similar, name="similar"),
    *administration,
    *notices,
    *eservices,
]
