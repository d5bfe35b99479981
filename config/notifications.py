"""Settings of alarms, reminders, notifications and live pages, a part of `config.settings`."""

from config import env

DANGER_MINUTES = env.int_("DANGER_MINUTES", 5, least=1)  # until the next people are told
LIVE_SECONDS = env.int_("LIVE_SECONDS", 8)  # how often an open page asks what is new; 0: never
NOTICE_DAYS = env.int_("NOTICE_DAYS", 90, least=1)  # a notification that was read is kept so long
NOTICE_SUBJECTS = env.flag("NOTICE_SUBJECTS", default=False)  # mails name a letter's subject
PUSH_PRIVATE = env.flag("PUSH_PRIVATE", default=False)  # push services inside the own network

# Who is reminded how many days before (or after) a due date, and when the office works.
OFFICE_HOURS = env.text("OFFICE_HOURS", "12345 08:30-16:30")
REMINDERS = env.text("REMINDERS", "5:person 1:person+head -1:person+head -5:head+director")
SILENCE_REMINDERS = env.text(
    "SILENCE_REMINDERS", "15:person+head 5:person+head+director 1:person+head+director"
)
