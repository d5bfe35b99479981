"""Jobs besides the path of a letter: channels, clocks, lists, indexes, exports."""

from channels import services as channels_services
from channels.kinds import ChannelJob
from config import exported
from correspondence import succession
from correspondence.dispatch import bounces
from correspondence.kinds import OutgoingJob
from correspondence.replies import silence
from figures import counting, report_mails
from figures.kinds import FiguresJob
from identity import invitations
from identity import mails as account_mails
from identity.kinds import IdentityJob
from identity.stand_ins import send_stand_in_work
from jobs.kinds import JobKind
from jobs.table import SPARE, Step
from notices import mailing, notifying, pushing
from notices.kinds import NoticesJob
from org.kinds import OrgJob
from registry import sealing, verifying
from registry.book import closing
from registry.contacts import merging as contact_merging
from registry.disposal import executing as disposal
from registry.kinds import RegistryJob
from registry.proof import anchoring
from routing.clocks import editing, reminder_mails, reminders
from routing.kinds import RoutingJob
from routing.notes import mention_mails
from routing.rules import trials
from routing.training import office_training
from search import services as search_services
from search.exports import export_requests
from search.kinds import SearchJob
from search.saved import alert_mails, alerts

OFFICE_WORK: dict[JobKind, Step] = {
    # a draft of a rule tried on many past letters
    RoutingJob.RULES_TRY: Step(
        work=trials.try_rules_work,
        save=trials.save_trial,
        priority=7,
    ),
    # decided by people -> trained on: a new version of the classifier, used where it is not worse
    RoutingJob.MODEL_RETRAIN: Step(
        work=office_training.retrain_work,
        save=office_training.save_retrained,
        queue="slow",
        priority=SPARE,
        seconds=1800,
    ),
    # a rule or the calendar changed -> the open letters' due dates recomputed, each in its history
    RoutingJob.CLOCKS_RECOMPUTE: Step(work=editing.recompute_work, priority=6, seconds=600),
    # each office hour: whose letter is due, and who is reminded; then one e-mail a person
    RoutingJob.REMINDERS_LOOK: Step(
        work=reminders.remind_work,
        save=notifying.save_then_notify(reminders.save_reminders, notifying.notify_reminded),
        priority=6,
    ),
    RoutingJob.REMINDERS_TELL: Step(
        work=mailing.mail_reminders_if_wanted,
        save=reminder_mails.save_reminders_mailed,
        priority=7,
    ),
    # something happened to a letter or draft -> a notice for each person whom it concerns
    RegistryJob.NOTICE_SPREAD: Step(
        work=notifying.no_work,
        save=notifying.notify_of_event,
        priority=4,
    ),
    # a notice that is wanted by mail at once, or as a push -> sent; the others in a mail of the day
    NoticesJob.NOTICE_TELL: Step(
        work=mailing.mail_notice_work, save=mailing.save_mailed, priority=7
    ),
    NoticesJob.NOTICE_PUSH: Step(work=pushing.push_work, save=pushing.save_pushed, priority=6),
    NoticesJob.NOTICES_LOOK: Step(
        work=notifying.no_work, save=mailing.queue_each_digest, priority=7
    ),
    NoticesJob.NOTICES_DIGEST: Step(work=mailing.digest_work, save=mailing.save_digest, priority=7),
    # an absence was announced -> its delegate is told
    OrgJob.ABSENCE_TELL: Step(work=notifying.no_work, save=notifying.notify_of_absence, priority=6),
    # somebody is named in a note -> one e-mail to that person
    RoutingJob.NOTES_TELL: Step(
        work=mailing.mail_mention_if_wanted,
        save=notifying.save_then_notify(
            mention_mails.save_mention_mailed, notifying.notify_mentioned
        ),
        priority=7,
    ),
    # a department is closed -> its open letters go to its heir, one short transaction each
    OutgoingJob.DEPARTMENT_HAND_OVER: Step(work=succession.hand_over_work, priority=4, seconds=600),
    # a person is invited -> one e-mail with their link
    OrgJob.PEOPLE_INVITE: Step(
        work=invitations.invite_work,
        save=invitations.save_invited,
        priority=2,
    ),
    # a link to a new password asked for, or an account changed -> one e-mail to its person
    IdentityJob.IDENTITY_RESET: Step(work=account_mails.send_reset_work, priority=2),
    IdentityJob.IDENTITY_NOTICE: Step(
        work=account_mails.send_notice_work, save=notifying.notify_of_account, priority=7
    ),
    IdentityJob.IDENTITY_STAND_IN: Step(work=send_stand_in_work, priority=7),
    # each day: terms that are over where silence means something -> a draft attestation
    OutgoingJob.SILENCE_LOOK: Step(
        work=silence.silence_work,
        priority=7,
        seconds=600,
    ),
    # what is new in the office's mailbox, each mail a letter; a bounce to those it concerns
    ChannelJob.MAILBOX_FETCH: Step(
        work=channels_services.fetch_work,
        save=notifying.save_then_notify(channels_services.save_fetch, notifying.notify_of_mailbox),
        seconds=300,
    ),
    # what lies in the watched folder, once it is whole
    ChannelJob.FOLDER_LOOK: Step(
        work=channels_services.scan_folder_work,
        save=channels_services.save_folder_scan,
        seconds=300,
    ),
    # a scan of many letters -> its pages looked at, cuts proposed; then each letter registered
    ChannelJob.BATCH_LOOK: Step(
        work=channels_services.inspect_batch_work,
        save=channels_services.save_batch_inspection,
        on_parked=channels_services.batch_inspection_parked,
        queue="slow",
        priority=4,
        seconds=300,
    ),
    ChannelJob.BATCH_REGISTER: Step(
        work=channels_services.register_work,
        save=channels_services.save_registered,
        on_parked=channels_services.register_parked,
        priority=4,
        seconds=600,
    ),
    # a partner's letter moved on -> its system is notified, signed, until it accepts or is off
    ChannelJob.PARTNER_TELL: Step(
        work=channels_services.deliver_work,
        save=channels_services.save_attempt,
        on_parked=channels_services.deliver_parked,
        priority=7,
    ),
    ChannelJob.PARTNER_OFF: Step(work=channels_services.mail_off_work),
    ChannelJob.MAIL_BOUNCED: Step(
        work=channels_services.bounce_work,
        save=bounces.note_bounce,
    ),
    # an index that is missing, or of another version: all letters into a new one, then swap
    SearchJob.INDEX_REBUILD: Step(
        work=search_services.rebuild_work,
        queue="slow",
        priority=4,
        seconds=600,
    ),
    # each night: database and index compared both ways, and repaired
    SearchJob.INDEX_REPAIR: Step(
        work=search_services.repair_work,
        queue="slow",
        priority=SPARE,
        seconds=600,
    ),
    RegistryJob.DAY_CLOSE: Step(
        work=closing.close_day_work, save=anchoring.queue_checkpoint, priority=8
    ),
    # the day is closed -> a checkpoint of the log, which goes to each place outside the office
    RegistryJob.ANCHOR_LOOK: Step(
        work=anchoring.checkpoint_work, save=anchoring.save_checkpoint, priority=8
    ),
    RegistryJob.ANCHOR_MAKE: Step(
        work=anchoring.anchor_work,
        save=anchoring.save_anchored,
        on_parked=anchoring.anchor_parked,
        priority=8,
    ),
    # each minute: entries that wait -> the signer's log
    RegistryJob.LEDGER_SEAL: Step(work=sealing.seal_work, priority=5, seconds=120),
    # a list of letters whose time is over was ordered -> they go, and a certificate says so
    RegistryJob.DISPOSAL_EXECUTE: Step(
        work=disposal.execute_work,
        save=disposal.save_executed,
        queue="slow",
        priority=7,
        seconds=600,
    ),
    # a contact is new, or has another name or entry -> compared with the others, doubles listed
    RegistryJob.CONTACT_COMPARE: Step(
        work=contact_merging.compare_work, save=contact_merging.save_compared, priority=7
    ),
    # each night: files of such lists that the store still locks
    RegistryJob.DISPOSAL_FILES: Step(
        work=disposal.files_work, queue="slow", priority=8, seconds=600
    ),
    # asked for on the health page -> numbers, chains, seals and closings checked, and on record
    RegistryJob.REGISTER_VERIFY: Step(
        work=verifying.verify_work,
        save=verifying.save_verified,
        queue="slow",
        priority=6,
        seconds=3600,
    ),
    # asked for on the pages of search, register and lists -> a file to download, for some days
    SearchJob.SEARCH_EXPORT: Step(
        work=exported.export_work,
        save=notifying.save_then_notify(export_requests.save_export, notifying.notify_exported),
        on_parked=export_requests.export_parked,
        queue="slow",
        priority=7,
        seconds=300,
    ),
    # a month whose letters changed -> its figures counted again
    FiguresJob.FIGURES_MONTH: Step(
        work=counting.count_work,
        save=counting.save_count,
        priority=8,
        seconds=300,
    ),
    # a Monday or a first of the month -> ordered figures by mail, as the person may see them
    FiguresJob.FIGURES_REPORT: Step(
        work=report_mails.report_work,
        save=report_mails.save_report,
        queue="slow",
        priority=8,
        seconds=300,
    ),
    # every few minutes: what is new for the saved searches, then one e-mail a person
    SearchJob.SEARCH_ALERTS: Step(
        work=alerts.alert_round_work,
        save=alerts.save_alert_round,
        priority=8,
    ),
    SearchJob.SEARCH_TELL: Step(
        work=alert_mails.mail_alerts_work,
        save=alert_mails.save_mailed_alerts,
        priority=8,
    ),
}
