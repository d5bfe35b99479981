"""Settings of what citizens may do, and of embedding, a part of `config.settings`."""

import re

from django.core.exceptions import ImproperlyConfigured

from config import env

REOPEN_DAYS = env.int_("REOPEN_DAYS", 30)  # of an answered letter, by its sender; 0: never
RATING_DAYS = env.int_("RATING_DAYS", 7)  # in which a rating can still be changed
CLOSE_ANSWERED = env.flag("CLOSE_ANSWERED", default=False)  # once its answer is delivered
EMBED_HOSTS = env.list_("EMBED_HOSTS", [])  # sites that may show the widget in a frame
if any(not re.fullmatch(r"https?://(\*\.)?[a-z0-9.-]+(:\d+)?", host) for host in EMBED_HOSTS):
    raise ImproperlyConfigured("EMBED_HOSTS must be addresses such as https://www.example.ma")
