"""What the office does beside the path of a letter: channels, clocks, lists, indexes, exports."""

from config.steps import late
from jobs.table import SPARE, Step

OFFICE_WORK: dict[str, Step] = {
    # a draft of a rule tried on many past letters
    "rules.try": Step(
        work=late("routing.rules.trials.try_rules_work"),
        save=late("routing.rules.trials.save_trial"),
        priority=7,
    ),
    # decided by people -> learnt from: a new version of the classifier, used where it is not worse
    "model.retrain": Step(
        work=late("routing.training.office_training.retrain_work"),
        save=late("routing.training.office_training.save_retrained"),
        queue="slow",
        priority=SPARE,
        seconds=1800,
    ),
    # a rule or the calendar changed -> the open letters counted again, each with its history
    "clocks.recompute": Step(
        work=late("routing.clocks.editing.recompute_work"), priority=6, seconds=600
    ),
    # each office hour: whose letter is due, and who is told; then one e-mail a person
    "reminders.look": Step(
        work=late("routing.clocks.reminders.remind_work"),
        save=late("routing.clocks.reminders.save_reminders"),
        priority=6,
    ),
    "reminders.tell": Step(
        work=late("routing.clocks.reminder_mails.tell_reminders_work"),
        save=late("routing.clocks.reminder_mails.save_reminders_told"),
        priority=7,
    ),
    # somebody is named in a note -> one e-mail to that person
    "notes.tell": Step(
        work=late("routing.notes.mention_mails.tell_mention_work"),
        save=late("routing.notes.mention_mails.save_mention_told"),
        priority=7,
    ),
    # each day: terms that are over where silence means something -> a draft attestation
    "silence.look": Step(
        work=late("correspondence.replies.silence.silence_work"),
        priority=7,
        seconds=600,
    ),
    # what is new in the office's mailbox, each mail a letter; a bounce to whom it concerns
    "mailbox.fetch": Step(
        work=late("channels.services.fetch_work"),
        save=late("channels.services.save_fetch"),
        seconds=300,
    ),
    # what lies in the watched folder, once it is whole
    "folder.look": Step(
        work=late("channels.services.look_work"),
        save=late("channels.services.save_look"),
        seconds=300,
    ),
    # a scan of many letters -> its pages looked at, cuts proposed; then each letter registered
    "batch.look": Step(
        work=late("channels.services.batch_look_work"),
        save=late("channels.services.save_batch_look"),
        on_parked=late("channels.services.batch_look_parked"),
        queue="slow",
        priority=4,
        seconds=300,
    ),
    "batch.register": Step(
        work=late("channels.services.register_work"),
        save=late("channels.services.save_registered"),
        on_parked=late("channels.services.register_parked"),
        priority=4,
        seconds=600,
    ),
    # a partner's letter moved on -> its system is told, signed, until it takes it
    "partner.tell": Step(
        work=late("channels.services.tell_work"),
        save=late("channels.services.save_told"),
        on_parked=late("channels.services.tell_parked"),
        priority=7,
    ),
    "mail.bounced": Step(
        work=late("channels.services.bounce_work"),
        save=late("correspondence.dispatch.bounces.note_bounce"),
    ),
    # an index that is missing, or of another version: all letters anew beside it, then swap
    "index.rebuild": Step(
        work=late("search.services.rebuild_work"),
        queue="slow",
        priority=4,
        seconds=600,
    ),
    # each night: database and index compared both ways, and mended
    "index.repair": Step(
        work=late("search.services.repair_work"),
        queue="slow",
        priority=SPARE,
        seconds=600,
    ),
    "day.close": Step(work=late("registry.book.closing.close_day_work"), priority=8),
    # asked for on the pages of search, register and lists -> a file to fetch, for some days
    "search.export": Step(
        work=late("config.exported.export_work"),
        save=late("search.exports.asking.save_export"),
        on_parked=late("search.exports.asking.export_parked"),
        queue="slow",
        priority=7,
        seconds=300,
    ),
    # a month whose letters changed -> its figures counted again
    "figures.month": Step(
        work=late("figures.counting.count_work"),
        save=late("figures.counting.save_count"),
        priority=8,
        seconds=300,
    ),
    # every few minutes: what is new for the saved searches, then one e-mail a person
    "search.alerts": Step(
        work=late("search.saved.alerts.look_work"),
        save=late("search.saved.alerts.save_look"),
        priority=8,
    ),
    "search.tell": Step(
        work=late("search.saved.alert_mails.tell_work"),
        save=late("search.saved.alert_mails.save_told"),
        priority=8,
    ),
}
