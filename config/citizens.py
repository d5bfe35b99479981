"""Settings of citizens, a part of `config.settings`: what they may do, embedding, their e-ID."""

import re
from urllib.parse import urlsplit

from config import env
from org.start_words import gettext as _

REOPEN_DAYS = env.int_("REOPEN_DAYS", 30)  # of an answered letter, by its sender; 0: never
RATING_DAYS = env.int_("RATING_DAYS", 7)  # in which a rating can still be changed
CLOSE_ANSWERED = env.flag("CLOSE_ANSWERED", default=False)  # once its answer is delivered
EMBED_HOSTS = env.list_("EMBED_HOSTS", [])  # sites that may show the widget in a frame
if any(not re.fullmatch(r"https?://(\*\.)?[a-z0-9.-]+(:\d+)?", host) for host in EMBED_HOSTS):
    env.refuse("EMBED_HOSTS", _("It must be addresses such as https://www.example.ma."))
EID_URL = env.text("EID_URL").rstrip("/")  # the issuer of an OpenID Connect provider
EID_CLIENT_ID = env.text("EID_CLIENT_ID")
EID_SECRET = env.text("EID_SECRET")
EID_SCOPE = env.text("EID_SCOPE", "openid profile")
EID_NUMBER_CLAIM = env.text("EID_NUMBER_CLAIM", "identity_number")
if EID_URL and not EID_CLIENT_ID:
    env.refuse("EID_CLIENT_ID", _("It must be set, since EID_URL is."))
if EID_URL and urlsplit(EID_URL).scheme not in {"https", "http"}:
    env.refuse("EID_URL", _("It must be the https:// address of an OpenID Connect provider."))
