"""Settings of logs, figures for monitoring and backups, a part of `config.settings`."""

from django.core.exceptions import ImproperlyConfigured

from config import env

LOG_FORMAT = env.text("LOG_FORMAT", "line")
if LOG_FORMAT not in {"line", "json"}:
    raise ImproperlyConfigured(f"LOG_FORMAT must be line or json: {LOG_FORMAT!r}")
METRICS_TOKEN = env.text("METRICS_TOKEN")
# A collector of OpenTelemetry that takes traces by OTLP over HTTP.
TRACES_URL = env.text("TRACES_URL")
if TRACES_URL and not TRACES_URL.startswith(("http://", "https://")):
    raise ImproperlyConfigured(f"TRACES_URL must be http:// or https://: {TRACES_URL!r}")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "config.logs.Line"},
        "json": {"()": "config.logs.JsonLine"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "INFO")},
    # Libraries that would tell of every page drawn, or quote what they choke on.
    "loggers": {
        name: {"level": "ERROR"}
        for name in ("weasyprint", "fontTools", "pdfminer", "pikepdf", "pyhanko", "imapclient")
    },
}

# Where `manage backup` writes to, and for whom it seals (age recipients).
BACKUP_URL = env.text("BACKUP_URL")
BACKUP_RECIPIENTS = env.words("BACKUP_RECIPIENTS")
