"""The path of a letter: which work there is, and what follows from it. Read this table first.

What the office does besides, by its clock or on somebody's wish, stands in `config.office_work`.
"""

from config.office_work import OFFICE_WORK
from config.steps import follow_with, in_turn, late, then, where
from jobs.table import SPARE, URGENT, Step

PATH: dict[str, Step] = {
    # registered -> searchable by number and subject at once
    "letter.index": Step(
        work=late("search.services.index_letter_work"),
        work_many=late("search.services.index_letters_work"),
        save=in_turn(
            where("search.services.wants_meaning", follow="letter.meaning"),
            where("registry.receipts.is_full_due", follow="receipt.full"),
        ),
        priority=URGENT,
    ),
    # it has a due date -> a receipt that promises it, with its reason, silence and appeal
    "receipt.full": Step(
        work=late("routing.clocks.promising.promise_work"),
        save=late("registry.receipts.save_full"),
        priority=6,
    ),
    # indexed -> found by meaning too, where the office has vectors; made again when words change
    "letter.meaning": Step(
        work=late("search.services.embed_letter_work"),
        save=late("search.services.save_vector"),
        priority=SPARE,
        seconds=900,
    ),
    # letters from before there were vectors, or of another model: in spare time, batch by batch
    "meaning.fill": Step(
        work=late("search.services.fill_work"),
        save=late("search.services.save_filled"),
        priority=SPARE,
        seconds=900,
    ),
    # registered -> read, page by page
    "letter.read": Step(
        work=late("ocr.services.read_letter_work"),
        save=in_turn(
            then("ocr.services.save_letter_reading", follow="letter.understand"),
            follow_with("letter.compare"),
            where("ocr.services.has_quick_pages", follow="letter.read_again"),
            where("ocr.services.is_archive_due", follow="letter.archive"),
            where("ocr.services.is_rendering_due", follow="letter.render"),
        ),
        on_parked=late("ocr.services.tell_unread"),
        queue="slow",
        seconds=300,
    ),
    # read quickly -> read carefully, when nothing else waits; understood again where words changed
    "letter.read_again": Step(
        work=late("ocr.services.read_again_work"),
        save=in_turn(
            late("ocr.services.save_second_reading"),
            where("ocr.services.text_changed", follow="letter.understand"),
            where("ocr.services.has_quick_pages", follow="letter.read_again"),
            where("ocr.services.is_archive_due", follow="letter.archive"),
        ),
        queue="slow",
        priority=SPARE,
        seconds=300,
    ),
    # read -> office documents as pages to look at, where LibreOffice is installed
    "letter.render": Step(
        work=late("ocr.services.render_letter_work"),
        save=late("ocr.services.save_renditions"),
        queue="slow",
        priority=8,
        seconds=300,
    ),
    # read for good -> a searchable PDF/A of each scanned document; again after a correction
    "letter.archive": Step(
        work=late("ocr.services.archive_letter_work"),
        save=in_turn(
            late("ocr.services.save_archive"),
            where("ocr.services.is_archive_due", follow="letter.archive"),
        ),
        queue="slow",
        priority=SPARE,
        seconds=300,
    ),
    # read -> understood: kind, sender, dates, references, department
    "letter.understand": Step(
        work=late("routing.proposals.suggesting.understand_letter_work"),
        save=in_turn(
            then("routing.proposals.suggesting.save_understanding", follow="letter.route"),
            late("routing.clocks.due.save_first_due"),
            where("routing.proposals.known_senders.has_unknown_sender", follow="letter.contact"),
            follow_with("letter.compare"),
        ),
        priority=4,
        seconds=300,  # where set-up could learn no model, the first letter waits for one
    ),
    # read, understood or corrected -> is it here already? In the index, and proposals to link
    "letter.compare": Step(
        work=late("routing.proposals.comparing.compare_letter_work"),
        save=late("routing.proposals.comparing.save_comparison"),
        priority=4,
    ),
    # understood -> assigned when sure and the rule is automatic, else proposed in the tray
    "letter.route": Step(
        work=late("routing.rules.deciding.route_letter_work"),
        save=late("routing.rules.deciding.save_route"),
        priority=4,
    ),
    # understood -> the sender linked to the directory, where identifier and name agree
    "letter.contact": Step(
        work=late("routing.proposals.known_senders.match_sender_work"),
        save=late("routing.proposals.known_senders.save_match"),
        priority=5,
    ),
    # a reply was signed: number and date are taken -> its paper is drawn, signed and filed
    "reply.sign": Step(
        work=late("correspondence.replies.filing.sign_work"),
        save=late("correspondence.replies.filing.save_signed"),
        on_parked=late("correspondence.replies.filing.sign_parked"),
        seconds=300,
    ),
    "receipt.render": Step(
        work=late("registry.receipts.draw_receipt_work"),
        save=late("registry.receipts.save_receipt"),
        priority=6,
    ),
    "reply.dispatch": Step(
        work=late("correspondence.dispatch.delivery.dispatch_work"),
        save=late("correspondence.dispatch.delivery.save_dispatch"),
        on_parked=late("correspondence.dispatch.delivery.dispatch_parked"),
    ),
    "reply.draw": Step(  # an internal letter: its departments have it already
        work=late("correspondence.replies.internal.draw_work"),
        save=late("correspondence.replies.internal.save_drawn"),
    ),
    # one text to many addressees -> a reply for each, written, submitted, approved or sent
    "mailing.carry": Step(
        work=late("correspondence.drafts.mailings.carry_work"),
        save=late("correspondence.drafts.mailings.save_carried"),
        on_parked=late("correspondence.drafts.mailings.mailing_parked"),
        queue="slow",
    ),
    # a list for the post office was closed -> drawn; then each letter on it has left
    "posting.draw": Step(
        work=late("correspondence.dispatch.posting.draw_list_work"),
        save=late("correspondence.dispatch.posting.save_list"),
        priority=4,
    ),
    # pieces asked for -> the citizen is told by e-mail; without an address a person prints it
    "pieces.tell": Step(
        work=late("routing.clocks.pieces.tell_pieces_work"),
        save=late("routing.clocks.pieces.save_pieces_told"),
        on_parked=late("routing.clocks.pieces.pieces_parked"),
    ),
}
JOBS: dict[str, Step] = PATH | OFFICE_WORK
