"""Settings of collecting, a part of `config.settings`: the office's bank account and its files."""

import re

from config import env
from eservices.payments.rib import is_rib
from org.start_words import gettext as _

BANK_ACCOUNT = re.sub(r"\s", "", env.text("BANK_ACCOUNT"))  # RIB, 24 digits: direct debits
CREDITOR_ID = env.text("CREDITOR_ID")  # by which the bank knows who debits
BANK_FOLDER = env.text("BANK_FOLDER")  # in which the bank drops its files
if BANK_ACCOUNT and not is_rib(BANK_ACCOUNT):
    env.refuse("BANK_ACCOUNT", _("It must be a RIB: 24 digits with the right key."))
