"""The path of a letter: which jobs there are and what follows from each. Read this table first.

Other work, started by the clock or on request, is listed in `config.office_work`.
"""

from config.office_work import OFFICE_WORK
from config.steps import enqueue_also, enqueue_if, save_then, sequence
from correspondence.dispatch import delivery, posting
from correspondence.drafts import mailings
from correspondence.replies import filing, internal
from jobs.table import SPARE, URGENT, Step
from ocr import services as ocr_services
from registry import receipts
from routing.clocks import due, pieces, promising
from routing.proposals import comparing, known_senders, suggesting
from routing.rules import deciding
from search import services as search_services

PATH: dict[str, Step] = {
    # registered -> searchable by number and subject at once
    "letter.index": Step(
        work=search_services.index_letter_work,
        work_many=search_services.index_letters_work,
        save=sequence(
            enqueue_if(search_services.wants_meaning, follow="letter.meaning"),
            enqueue_if(receipts.is_full_due, follow="receipt.full"),
        ),
        priority=URGENT,
    ),
    # it has a due date -> a receipt that promises it, with its reason, silence and appeal
    "receipt.full": Step(
        work=promising.promise_work,
        save=receipts.save_full,
        priority=6,
    ),
    # indexed -> found by meaning too, where the office has vectors; made again when words change
    "letter.meaning": Step(
        work=search_services.embed_letter_work,
        save=search_services.save_vector,
        priority=SPARE,
        seconds=900,
    ),
    # letters from before there were vectors, or of another model: in spare time, batch by batch
    "meaning.fill": Step(
        work=search_services.fill_work,
        save=search_services.save_filled,
        priority=SPARE,
        seconds=900,
    ),
    # registered -> read, page by page
    "letter.read": Step(
        work=ocr_services.read_letter_work,
        save=sequence(
            save_then(ocr_services.save_letter_reading, follow="letter.understand"),
            enqueue_also("letter.compare"),
            enqueue_if(ocr_services.has_quick_pages, follow="letter.read_again"),
            enqueue_if(ocr_services.is_archive_due, follow="letter.archive"),
            enqueue_if(ocr_services.is_rendering_due, follow="letter.render"),
        ),
        on_parked=ocr_services.tell_unread,
        queue="slow",
        seconds=300,
    ),
    # read quickly -> read carefully, when nothing else waits; understood again where words changed
    "letter.read_again": Step(
        work=ocr_services.read_again_work,
        save=sequence(
            ocr_services.save_second_reading,
            enqueue_if(ocr_services.text_changed, follow="letter.understand"),
            enqueue_if(ocr_services.has_quick_pages, follow="letter.read_again"),
            enqueue_if(ocr_services.is_archive_due, follow="letter.archive"),
        ),
        queue="slow",
        priority=SPARE,
        seconds=300,
    ),
    # read -> office documents as pages to look at, where LibreOffice is installed
    "letter.render": Step(
        work=ocr_services.render_letter_work,
        save=ocr_services.save_renditions,
        queue="slow",
        priority=8,
        seconds=300,
    ),
    # read for good -> a searchable PDF/A of each scanned document; again after a correction
    "letter.archive": Step(
        work=ocr_services.archive_letter_work,
        save=sequence(
            ocr_services.save_archive,
            enqueue_if(ocr_services.is_archive_due, follow="letter.archive"),
        ),
        queue="slow",
        priority=SPARE,
        seconds=300,
    ),
    # read -> understood: kind, sender, dates, references, department
    "letter.understand": Step(
        work=suggesting.understand_letter_work,
        save=sequence(
            save_then(suggesting.save_understanding, follow="letter.route"),
            due.save_first_due,
            enqueue_if(known_senders.has_unknown_sender, follow="letter.contact"),
            enqueue_also("letter.compare"),
        ),
        priority=4,
        seconds=300,  # where set-up could learn no model, the first letter waits for one
    ),
    # read, understood or corrected -> is it here already? In the index, and proposals to link
    "letter.compare": Step(
        work=comparing.compare_letter_work,
        save=comparing.save_comparison,
        priority=4,
    ),
    # understood -> assigned when sure and the rule is automatic, else proposed in the tray
    "letter.route": Step(
        work=deciding.route_letter_work,
        save=deciding.save_route,
        priority=4,
    ),
    # understood -> the sender linked to the directory, where identifier and name agree
    "letter.contact": Step(
        work=known_senders.match_sender_work,
        save=known_senders.save_match,
        priority=5,
    ),
    # a reply was signed: number and date are taken -> its paper is drawn, signed and filed
    "reply.sign": Step(
        work=filing.sign_work,
        save=filing.save_signed,
        on_parked=filing.sign_parked,
        seconds=300,
    ),
    "receipt.render": Step(
        work=receipts.draw_receipt_work,
        save=receipts.save_receipt,
        priority=6,
    ),
    "reply.dispatch": Step(
        work=delivery.dispatch_work,
        save=delivery.save_dispatch,
        on_parked=delivery.dispatch_parked,
    ),
    "reply.draw": Step(  # an internal letter: its departments have it already
        work=internal.draw_work,
        save=internal.save_drawn,
    ),
    # one text to many addressees -> a reply for each, written, submitted, approved or sent
    "mailing.carry": Step(
        work=mailings.carry_work,
        save=mailings.save_carried,
        on_parked=mailings.mailing_parked,
        queue="slow",
    ),
    # a list for the post office was closed -> drawn; then each letter on it has left
    "posting.draw": Step(
        work=posting.draw_list_work,
        save=posting.save_list,
        priority=4,
    ),
    # pieces asked for -> the citizen is told by e-mail; without an address a person prints it
    "pieces.tell": Step(
        work=pieces.tell_pieces_work,
        save=pieces.save_pieces_told,
        on_parked=pieces.pieces_parked,
    ),
}
JOBS: dict[str, Step] = PATH | OFFICE_WORK
