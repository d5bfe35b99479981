"""The path of a letter: which work there is, and what follows from it. Read this table first."""

from collections.abc import Callable
from typing import Any

from django.utils.module_loading import import_string

from jobs.outbox import enqueue
from jobs.table import SPARE, URGENT, Step


def _late(path: str) -> Callable[..., Any]:
    """The function at `path`, imported when it is first needed: a web process that only serves
    pages never loads the readers and classifiers."""

    def call(*args: Any) -> Any:
        return import_string(path)(*args)

    return call


def _then(path: str, *, follow: str) -> Callable[[str, Any], None]:
    """Save by the function at `path`, and put the next step into the outbox."""

    def save(subject: str, result: Any) -> None:
        import_string(path)(subject, result)
        enqueue(follow, subject)

    return save


def _if(question: str, *, follow: str) -> Callable[[str, Any], None]:
    """Put a further step into the outbox where the function at `question` says so."""

    def save(subject: str, result: Any) -> None:
        if import_string(question)(subject, result):
            enqueue(follow, subject)

    return save


def _follow(follow: str) -> Callable[[str, Any], None]:
    """Put a further step into the outbox, whatever came out."""

    def save(subject: str, _result: Any) -> None:
        enqueue(follow, subject)

    return save


def _all(*saves: Callable[[str, Any], None]) -> Callable[[str, Any], None]:
    """One after the other."""

    def save(subject: str, result: Any) -> None:
        for one in saves:
            one(subject, result)

    return save


JOBS: dict[str, Step] = {
    # registered -> searchable by number and subject at once
    "letter.index": Step(
        work=_late("search.services.index_letter_work"),
        work_many=_late("search.services.index_letters_work"),
        save=_all(
            _if("search.services.wants_meaning", follow="letter.meaning"),
            _if("registry.receipts.is_full_due", follow="receipt.full"),
        ),
        priority=URGENT,
    ),
    # it has a due date -> a receipt that promises it, with its reason, silence and appeal
    "receipt.full": Step(
        work=_late("routing.services.promise_work"),
        save=_late("registry.receipts.save_full"),
        priority=6,
    ),
    # indexed -> found by meaning too, where the office has vectors; made again when words change
    "letter.meaning": Step(
        work=_late("search.services.embed_letter_work"),
        save=_late("search.services.save_vector"),
        priority=SPARE,
        seconds=900,
    ),
    # letters from before there were vectors, or of another model: in spare time, batch by batch
    "meaning.fill": Step(
        work=_late("search.services.fill_work"),
        save=_late("search.services.save_filled"),
        priority=SPARE,
        seconds=900,
    ),
    # registered -> read, page by page
    "letter.read": Step(
        work=_late("ocr.services.read_letter_work"),
        save=_all(
            _then("ocr.services.save_letter_reading", follow="letter.understand"),
            _follow("letter.compare"),
            _if("ocr.services.has_quick_pages", follow="letter.read_again"),
            _if("ocr.services.is_archive_due", follow="letter.archive"),
            _if("ocr.services.is_rendering_due", follow="letter.render"),
        ),
        on_parked=_late("ocr.services.tell_unread"),
        queue="slow",
        seconds=300,
    ),
    # read quickly -> read carefully, when nothing else waits; understood again where words changed
    "letter.read_again": Step(
        work=_late("ocr.services.read_again_work"),
        save=_all(
            _late("ocr.services.save_second_reading"),
            _if("ocr.services.text_changed", follow="letter.understand"),
            _if("ocr.services.has_quick_pages", follow="letter.read_again"),
            _if("ocr.services.is_archive_due", follow="letter.archive"),
        ),
        queue="slow",
        priority=SPARE,
        seconds=300,
    ),
    # read -> office documents as pages to look at, where LibreOffice is installed
    "letter.render": Step(
        work=_late("ocr.services.render_letter_work"),
        save=_late("ocr.services.save_renditions"),
        queue="slow",
        priority=8,
        seconds=300,
    ),
    # read for good -> a searchable PDF/A of each scanned document; again after a correction
    "letter.archive": Step(
        work=_late("ocr.services.archive_letter_work"),
        save=_all(
            _late("ocr.services.save_archive"),
            _if("ocr.services.is_archive_due", follow="letter.archive"),
        ),
        queue="slow",
        priority=SPARE,
        seconds=300,
    ),
    # read -> understood: kind, sender, dates, references, department
    "letter.understand": Step(
        work=_late("routing.services.understand_letter_work"),
        save=_all(
            _then("routing.services.save_understanding", follow="letter.route"),
            _late("routing.services.save_first_due"),
            _if("routing.services.has_unknown_sender", follow="letter.contact"),
            _follow("letter.compare"),
        ),
        priority=4,
        seconds=300,  # where set-up could learn no model, the first letter waits for one
    ),
    # read, understood or corrected -> is it here already? In the index, and proposals to link
    "letter.compare": Step(
        work=_late("routing.services.compare_letter_work"),
        save=_late("routing.services.save_comparison"),
        priority=4,
    ),
    # understood -> assigned when sure and the rule is automatic, else proposed in the tray
    "letter.route": Step(
        work=_late("routing.services.route_letter_work"),
        save=_late("routing.services.save_route"),
        priority=4,
    ),
    # understood -> the sender linked to the directory, where identifier and name agree
    "letter.contact": Step(
        work=_late("routing.services.match_sender_work"),
        save=_late("routing.services.save_match"),
        priority=5,
    ),
    # a draft of a rule tried on many past letters
    "rules.try": Step(
        work=_late("routing.services.try_rules_work"),
        save=_late("routing.services.save_trial"),
        priority=7,
    ),
    # a reply was signed: number and date are taken -> its paper is drawn, signed and filed
    "reply.sign": Step(
        work=_late("routing.services.sign_work"),
        save=_late("routing.services.save_signed"),
        on_parked=_late("routing.services.sign_parked"),
        seconds=300,
    ),
    # decided by people -> learnt from: a new version of the classifier, used where it is not worse
    "model.retrain": Step(
        work=_late("routing.services.retrain_work"),
        save=_late("routing.services.save_retrained"),
        queue="slow",
        priority=SPARE,
        seconds=1800,
    ),
    "receipt.render": Step(
        work=_late("registry.receipts.draw_receipt_work"),
        save=_late("registry.receipts.save_receipt"),
        priority=6,
    ),
    "reply.dispatch": Step(
        work=_late("routing.services.dispatch_work"),
        save=_late("routing.services.save_dispatch"),
        on_parked=_late("routing.services.dispatch_parked"),
    ),
    "reply.draw": Step(  # an internal letter: its departments have it already
        work=_late("routing.drafts.internal.draw_work"),
        save=_late("routing.drafts.internal.save_drawn"),
    ),
    # one text to many addressees -> a reply for each, written, submitted, approved or sent
    "mailing.carry": Step(
        work=_late("routing.drafts.mailings.carry_work"),
        save=_late("routing.drafts.mailings.save_carried"),
        on_parked=_late("routing.drafts.mailings.mailing_parked"),
        queue="slow",
    ),
    # a list for the post office was closed -> drawn; then each letter on it has left
    "posting.draw": Step(
        work=_late("routing.services.draw_list_work"),
        save=_late("routing.services.save_list"),
        priority=4,
    ),
    # pieces asked for -> the citizen is told by e-mail; without an address a person prints it
    "pieces.tell": Step(
        work=_late("routing.services.tell_pieces_work"),
        save=_late("routing.services.save_pieces_told"),
        on_parked=_late("routing.services.pieces_parked"),
    ),
    # a rule or the calendar changed -> the open letters counted again, each with its history
    "clocks.recompute": Step(
        work=_late("routing.services.recompute_work"), priority=6, seconds=600
    ),
    # each office hour: whose letter is due, and who is told; then one e-mail a person
    "reminders.look": Step(
        work=_late("routing.services.remind_work"),
        save=_late("routing.services.save_reminders"),
        priority=6,
    ),
    "reminders.tell": Step(
        work=_late("routing.services.tell_reminders_work"),
        save=_late("routing.services.save_reminders_told"),
        priority=7,
    ),
    # each day: terms that are over where silence means something -> a draft attestation
    "silence.look": Step(
        work=_late("routing.services.silence_work"),
        priority=7,
        seconds=600,
    ),
    # what is new in the office's mailbox, each mail a letter; a bounce to whom it concerns
    "mailbox.fetch": Step(
        work=_late("channels.services.fetch_work"),
        save=_late("channels.services.save_fetch"),
        seconds=300,
    ),
    # what lies in the watched folder, once it is whole
    "folder.look": Step(
        work=_late("channels.services.look_work"),
        save=_late("channels.services.save_look"),
        seconds=300,
    ),
    # a scan of many letters -> its pages looked at, cuts proposed; then each letter registered
    "batch.look": Step(
        work=_late("channels.services.batch_look_work"),
        save=_late("channels.services.save_batch_look"),
        on_parked=_late("channels.services.batch_look_parked"),
        queue="slow",
        priority=4,
        seconds=300,
    ),
    "batch.register": Step(
        work=_late("channels.services.register_work"),
        save=_late("channels.services.save_registered"),
        on_parked=_late("channels.services.register_parked"),
        priority=4,
        seconds=600,
    ),
    # a partner's letter moved on -> its system is told, signed, until it takes it
    "partner.tell": Step(
        work=_late("channels.services.tell_work"),
        save=_late("channels.services.save_told"),
        on_parked=_late("channels.services.tell_parked"),
        priority=7,
    ),
    "mail.bounced": Step(
        work=_late("channels.services.bounce_work"),
        save=_late("routing.services.note_bounce"),
    ),
    # an index that is missing, or of another version: all letters anew beside it, then swap
    "index.rebuild": Step(
        work=_late("search.services.rebuild_work"),
        queue="slow",
        priority=4,
        seconds=600,
    ),
    # each night: database and index compared both ways, and mended
    "index.repair": Step(
        work=_late("search.services.repair_work"),
        queue="slow",
        priority=SPARE,
        seconds=600,
    ),
    "day.close": Step(work=_late("registry.closing.close_day_work"), priority=8),
    # asked for on the pages of search, register and lists -> a file to fetch, for some days
    "search.export": Step(
        work=_late("config.exported.export_work"),
        save=_late("search.exports.asking.save_export"),
        on_parked=_late("search.exports.asking.export_parked"),
        queue="slow",
        priority=7,
        seconds=300,
    ),
    # a month whose letters changed -> its figures counted again
    "figures.month": Step(
        work=_late("routing.services.count_work"),
        save=_late("routing.services.save_count"),
        priority=8,
        seconds=300,
    ),
    # every few minutes: what is new for the saved searches, then one e-mail a person
    "search.alerts": Step(
        work=_late("search.saved.alerts.look_work"),
        save=_late("search.saved.alerts.save_look"),
        priority=8,
    ),
    "search.tell": Step(
        work=_late("search.saved.alert_mails.tell_work"),
        save=_late("search.saved.alert_mails.save_told"),
        priority=8,
    ),
}
