"""Settings of logs, figures for monitoring and backups, a part of `config.settings`."""

from typing import Any

from config import env
from config.collector import read
from org.start_words import gettext as _

LOG_FORMAT = env.choice("LOG_FORMAT", "line", ("line", "json"))
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
METRICS_TOKEN = env.text("METRICS_TOKEN")
# A collector of OpenTelemetry that takes traces by OTLP over HTTP.
TRACES_URL = env.text("TRACES_URL")
if TRACES_URL and not TRACES_URL.startswith(("http://", "https://")):
    env.refuse("TRACES_URL", _("It must be http://host:4318 or https://…."))
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "config.logs.Line"},
        "json": {"()": "config.logs.JsonLine"},
    },
    "filters": {
        "no_chatter": {"()": "config.logs.NoChatter"},
        "no_ticking": {"()": "config.logs.NoTicking"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["no_chatter", "no_ticking"],
        }
    },
    "root": {"handlers": ["stderr"], "level": env.choice("LOG_LEVEL", "INFO", _LEVELS)},
    # Libraries that would tell of every page drawn, or quote what they choke on.
    "loggers": {
        name: {"level": "ERROR"}
        for name in (
            *(
                "weasyprint",
                "fontTools",
                "pdfminer",
                "pikepdf",
                "pyhanko",
                "imapclient",
                "paramiko",
            ),
        )
    },
}

# The security events, by name in docs/security.md: also to a collector away from this machine.
SECURITY_LOG = env.text("SECURITY_LOG")
LOGGING["loggers"]["security"] = {"level": "INFO"}
if SECURITY_LOG:
    read(SECURITY_LOG)
    LOGGING["handlers"]["collector"] = {
        "()": "config.collector.Collector",
        "address": SECURITY_LOG,
        "formatter": LOG_FORMAT,
    }
    for _name in ("security", "django.security"):
        LOGGING["loggers"].setdefault(_name, {})["handlers"] = ["collector"]

# Where `manage backup` writes to, and for whom it is encrypted (age recipients).
BACKUP_URL = env.text("BACKUP_URL")
BACKUP_RECIPIENTS = env.words("BACKUP_RECIPIENTS")
