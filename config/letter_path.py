"""The path of a letter: which jobs there are and what follows from each. Read this table first.

Other work, started by the clock or on request, is listed in `config.office_work` and, of the
e-services, in `config.eservice_work`.
"""

from config.eservice_work import ESERVICE_WORK
from config.kinds import job_table
from config.office_work import OFFICE_WORK
from config.steps import enqueue_also, enqueue_if, save_then, sequence
from correspondence.dispatch import delivery, posting, sender_messages, within
from correspondence.drafts import mailings
from correspondence.kinds import OutgoingJob
from correspondence.replies import filing, internal
from jobs.kinds import JobKind
from jobs.table import SPARE, URGENT, Step
from ocr import services as ocr_services
from ocr.kinds import OcrJob
from registry import receipts
from registry.kinds import RegistryJob
from routing.clocks import due, pieces, promising
from routing.kinds import RoutingJob
from routing.proposals import comparing, known_senders, suggesting
from routing.rules import deciding
from routing.together import doing
from search import services as search_services
from search.kinds import SearchJob

PATH: dict[JobKind, Step] = {
    # registered -> searchable by number and subject at once
    RegistryJob.LETTER_INDEX: Step(
        work=search_services.index_letter_work,
        work_many=search_services.index_letters_work,
        save=sequence(
            enqueue_if(search_services.wants_meaning, follow=SearchJob.LETTER_MEANING),
            enqueue_if(receipts.is_full_due, follow=RegistryJob.RECEIPT_FULL),
        ),
        priority=URGENT,
    ),
    # it has a due date -> a receipt that promises it, with its reason, silence and appeal
    RegistryJob.RECEIPT_FULL: Step(
        work=promising.promise_work,
        save=receipts.save_full,
        priority=6,
    ),
    # indexed -> found by meaning too, where the office has vectors; made again when words change
    SearchJob.LETTER_MEANING: Step(
        work=search_services.embed_letter_work,
        save=search_services.save_vector,
        priority=SPARE,
        seconds=900,
    ),
    # letters from before there were vectors, or of another model: in spare time, batch by batch
    SearchJob.MEANING_FILL: Step(
        work=search_services.fill_work,
        save=search_services.save_filled,
        priority=SPARE,
        seconds=900,
    ),
    # each night: the letters' own words with vectors, by which questions meet other languages
    SearchJob.MEANING_WORDS: Step(
        work=search_services.words_work,
        save=search_services.save_words,
        priority=SPARE,
        seconds=900,
    ),
    # registered -> read, page by page
    RegistryJob.LETTER_READ: Step(
        work=ocr_services.read_letter_work,
        save=sequence(
            save_then(ocr_services.save_letter_reading, follow=RegistryJob.LETTER_UNDERSTAND),
            enqueue_also(RegistryJob.LETTER_COMPARE),
            enqueue_if(ocr_services.has_quick_pages, follow=OcrJob.LETTER_READ_AGAIN),
            enqueue_if(ocr_services.is_archive_due, follow=RegistryJob.LETTER_ARCHIVE),
            enqueue_if(ocr_services.is_rendering_due, follow=OcrJob.LETTER_RENDER),
        ),
        on_parked=ocr_services.reading_parked,
        queue="slow",
        seconds=300,
    ),
    # read quickly -> read carefully, when nothing else waits; understood again where words changed
    OcrJob.LETTER_READ_AGAIN: Step(
        work=ocr_services.read_again_work,
        save=sequence(
            ocr_services.save_second_reading,
            enqueue_if(ocr_services.text_changed, follow=RegistryJob.LETTER_UNDERSTAND),
            enqueue_if(ocr_services.has_quick_pages, follow=OcrJob.LETTER_READ_AGAIN),
            enqueue_if(ocr_services.is_archive_due, follow=RegistryJob.LETTER_ARCHIVE),
        ),
        queue="slow",
        priority=SPARE,
        seconds=300,
    ),
    # read -> office documents as pages to look at, where LibreOffice is installed
    OcrJob.LETTER_RENDER: Step(
        work=ocr_services.render_letter_work,
        save=ocr_services.save_renditions,
        queue="slow",
        priority=8,
        seconds=300,
    ),
    # read for good -> a searchable PDF/A of each scanned document; again after a correction
    RegistryJob.LETTER_ARCHIVE: Step(
        work=ocr_services.archive_letter_work,
        save=sequence(
            ocr_services.save_archive,
            enqueue_if(ocr_services.is_archive_due, follow=RegistryJob.LETTER_ARCHIVE),
        ),
        queue="slow",
        priority=SPARE,
        seconds=300,
    ),
    # read -> understood: kind, sender, dates, references, department
    RegistryJob.LETTER_UNDERSTAND: Step(
        work=suggesting.understand_letter_work,
        save=sequence(
            save_then(suggesting.save_understanding, follow=RoutingJob.LETTER_ROUTE),
            due.save_first_due,
            enqueue_if(known_senders.has_unknown_sender, follow=RoutingJob.LETTER_CONTACT),
            enqueue_also(RegistryJob.LETTER_COMPARE),
        ),
        priority=4,
        seconds=300,  # where set-up could learn no model, the first letter waits for one
    ),
    # read, understood or corrected -> is it here already? In the index, and proposals to link
    RegistryJob.LETTER_COMPARE: Step(
        work=comparing.compare_letter_work,
        save=comparing.save_comparison,
        priority=4,
    ),
    # understood -> assigned when sure and the rule is automatic, else proposed in the tray
    RoutingJob.LETTER_ROUTE: Step(
        work=internal.route_work,
        save=deciding.save_route,
        priority=4,
    ),
    # understood -> the sender linked to the directory, where identifier and name agree
    RoutingJob.LETTER_CONTACT: Step(
        work=known_senders.match_sender_work,
        save=known_senders.save_match,
        priority=5,
    ),
    # a reply was signed: number and date are taken -> its paper is drawn, signed and filed;
    # an internal letter lies in the inboxes of its departments then
    OutgoingJob.REPLY_SIGN: Step(
        work=filing.sign_work,
        save=within.save_signed,
        on_parked=filing.sign_parked,
        seconds=300,
    ),
    RegistryJob.RECEIPT_RENDER: Step(
        work=receipts.draw_receipt_work,
        save=receipts.save_receipt,
        priority=6,
    ),
    OutgoingJob.REPLY_DISPATCH: Step(
        work=delivery.dispatch_work,
        save=delivery.save_dispatch,
        on_parked=delivery.dispatch_parked,
    ),
    OutgoingJob.REPLY_DRAW: Step(  # an internal letter: its departments have it already
        work=internal.draw_work,
        save=internal.save_drawn,
    ),
    # one text to many addressees -> a reply for each, written, submitted, approved or sent
    OutgoingJob.MAILING_CARRY: Step(
        work=mailings.carry_work,
        save=mailings.save_carried,
        on_parked=mailings.mailing_parked,
        queue="slow",
    ),
    # all that a list finds -> given, accepted, signed off or taken back, letter by letter
    RoutingJob.LETTERS_TOGETHER: Step(
        work=doing.together_work,
        save=doing.save_done,
        on_parked=doing.together_parked,
        priority=4,  # somebody waits for it; drawing receipts does not come first
    ),
    # a list for the post office was closed -> drawn; then each letter on it has left
    OutgoingJob.POSTING_DRAW: Step(
        work=posting.draw_list_work,
        save=posting.save_list,
        priority=4,
    ),
    # registered on the portal, answered, or asked for -> the sender is told on the chosen ways
    OutgoingJob.SENDER_TELL: Step(
        work=sender_messages.notify_sender_work,
        save=sender_messages.save_sender_notified,
        on_parked=sender_messages.notify_sender_parked,
    ),
    # pieces asked for -> the citizen is told by e-mail; without an address a person prints it
    RoutingJob.PIECES_TELL: Step(
        work=pieces.mail_pieces_work,
        save=pieces.save_pieces_mailed,
        on_parked=pieces.mail_pieces_parked,
    ),
}
JOBS: dict[JobKind, Step] = job_table(PATH, OFFICE_WORK, ESERVICE_WORK)
