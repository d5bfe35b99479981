"""Settings of meter readings, a part of `config.settings`: what is plausible, who is notified."""

from config import env
from org.start_words import gettext as _

# Percent of last year's use per day: what lies outside is looked at by staff.
READING_BAND = env.int_("READING_BAND_LOW", 30, least=0), env.int_("READING_BAND_HIGH", 250)
if READING_BAND[0] >= READING_BAND[1]:
    env.refuse("READING_BAND_LOW", _("It must be less than READING_BAND_HIGH."))
READING_REMIND_DAYS = env.int_("READING_REMIND_DAYS", 3, least=0)  # before the window closes
READING_ALERT_PERCENT = env.int_("READING_ALERT_PERCENT", 200, least=110)  # of the usual use
