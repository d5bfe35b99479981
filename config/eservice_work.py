"""Jobs of the e-services: requests, citizens, the centre, readings, bills, payments."""

from eservices.agency import automatic_moves, beginning
from eservices.bills import bill_messages
from eservices.contracts import imports
from eservices.kinds import EserviceJob
from eservices.payments import bank_folder, money_back_mails, receipt_mails, reconcile
from eservices.people import codes, lost, mandate_messages
from eservices.readings import checking, declined_mails, field_readings, reminding, warning
from eservices.relations import danger, escalation, field_ends
from eservices.requests import draft_messages, drawing, meetings, quotations, stage_messages
from jobs.kinds import JobKind
from jobs.table import Step
from notices import notifying

ESERVICE_WORK: dict[JobKind, Step] = {
    # a request is opened -> its answers are drawn as a paper, which joins them in the letter
    EserviceJob.REQUEST_DRAW: Step(
        work=drawing.draw_request_work,
        save=drawing.save_request_drawn,
        priority=4,
        seconds=120,
    ),
    # the code of a form that is not sent yet, asked for -> one mail or SMS
    EserviceJob.DRAFT_TELL: Step(work=draft_messages.send_draft_code_work, priority=2),
    # a request has moved on -> its citizen is told, once, by mail or SMS
    EserviceJob.REQUEST_TELL: Step(
        work=stage_messages.notify_work,
        save=stage_messages.save_notified,
        on_parked=stage_messages.notify_parked,
        priority=6,
    ),
    # a quotation was made -> its PDF, for the citizen and the office
    EserviceJob.QUOTATION_DRAW: Step(
        work=quotations.draw_work,
        save=quotations.save_drawn,
        priority=3,
    ),
    # minutes of a meeting were written -> their PDF, for the citizen and the office
    EserviceJob.MINUTES_DRAW: Step(
        work=meetings.draw_work,
        save=meetings.save_drawn,
        priority=3,
    ),
    # danger -> the heads and the centre told at once, the next ones until somebody has seen it
    EserviceJob.DANGER_ALARM: Step(work=notifying.no_work, save=danger.ring, priority=0),
    # a team is done -> its photos are documents of the letter, and the request moves on
    EserviceJob.FIELD_ENDED: Step(
        work=field_ends.end_work, save=field_readings.save_index, priority=3
    ),
    # a statement or duplicate asked for -> delivered; the bills of a request to pay -> found
    EserviceJob.AGENCY_BEGIN: Step(work=beginning.begin_work, priority=3, seconds=120),
    # a request's bills are paid -> it goes on; each hour those that were settled elsewhere
    EserviceJob.AGENCY_GO_ON: Step(work=automatic_moves.resume_work, priority=3),
    EserviceJob.AGENCY_LOOK: Step(
        work=automatic_moves.resume_settled_work, priority=6, seconds=300
    ),
    # a table or bank file came by the page -> taken into its run, then its parts are forgotten
    EserviceJob.CONTRACTS_IMPORT: Step(
        work=imports.import_work,
        save=imports.import_ended,
        on_parked=imports.import_parked,
        queue="slow",
        priority=5,
        seconds=300,
    ),
    # every few minutes: requests that are late -> the heads; back from work -> the centre calls
    EserviceJob.CENTRE_LOOK: Step(work=escalation.escalate_work, priority=6, seconds=300),
    # a reading came in -> its photo read, its index judged, approved where all is plausible
    EserviceJob.READING_CHECK: Step(
        work=checking.check_work, save=checking.save_check, priority=4, seconds=180
    ),
    # a reading was declined whose request has ended -> one mail or SMS
    EserviceJob.READING_TELL: Step(work=declined_mails.notify_declined_work, priority=6),
    # a reading holds -> whoever uses far more than usual is told, once
    EserviceJob.READING_WARN: Step(work=warning.warn_work, save=warning.save_warned, priority=7),
    # a round ends soon -> who has not sent a reading is reminded, in batches
    EserviceJob.READING_REMIND: Step(
        work=reminding.remind_work, save=reminding.save_reminded, priority=8
    ),
    # bills were imported -> a message for each new one, in batches
    EserviceJob.BILLS_LOOK: Step(
        work=bill_messages.next_bills_work, save=bill_messages.save_next_bills, priority=8
    ),
    # a payment came -> who paid has the receipt, once
    EserviceJob.RECEIPT_TELL: Step(
        work=receipt_mails.send_receipt_work,
        save=receipt_mails.save_receipt_sent,
        on_parked=receipt_mails.send_receipt_parked,
        priority=6,
    ),
    # money goes back, or a bank did not pay -> who paid is told, once
    EserviceJob.REFUND_TELL: Step(
        work=money_back_mails.send_work,
        save=money_back_mails.save_sent,
        on_parked=money_back_mails.send_parked,
        priority=6,
    ),
    EserviceJob.BILL_TELL: Step(
        work=bill_messages.notify_work,
        save=bill_messages.save_notified,
        on_parked=bill_messages.notify_parked,
        priority=8,
    ),
    # every few minutes: payments by card of which no word came -> the gateway is asked
    EserviceJob.PAYMENTS_LOOK: Step(work=reconcile.reconcile_work, priority=5, seconds=600),
    # what the bank dropped into its folder, once it stands still -> taken, moved away
    EserviceJob.BANK_LOOK: Step(
        work=bank_folder.scan_folder_work, save=bank_folder.save_folder_scan
    ),
    EserviceJob.BANK_TAKE: Step(
        work=bank_folder.take_work,
        on_parked=bank_folder.take_parked,
        queue="slow",
        seconds=600,
    ),
    # a citizen shows that a contact is theirs -> one code by mail or SMS
    EserviceJob.CODE_SEND: Step(
        work=codes.send_code_work,
        save=codes.save_code_sent,
        on_parked=codes.send_code_parked,
        priority=0,
    ),
    # a citizen lost the code of their letter -> sent again to a verified contact
    EserviceJob.CODE_AGAIN: Step(
        work=lost.send_tracking_code_work, save=lost.save_tracking_code_sent, priority=2
    ),
    # a mandate was given, asked for, confirmed, ended or used -> the other of its two is told
    EserviceJob.MANDATE_TELL: Step(
        work=mandate_messages.tell_work,
        save=mandate_messages.save_told,
        on_parked=mandate_messages.tell_parked,
        priority=6,
    ),
}
