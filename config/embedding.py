"""Settings of the services on other web sites, a part of `config.settings`."""

import re

from django.core.exceptions import ImproperlyConfigured

from config import env

EMBED_HOSTS = env.list_("EMBED_HOSTS", [])  # sites that may show the widget in a frame
if any(not re.fullmatch(r"https?://(\*\.)?[a-z0-9.-]+(:\d+)?", host) for host in EMBED_HOSTS):
    raise ImproperlyConfigured("EMBED_HOSTS must be addresses such as https://www.example.ma")
