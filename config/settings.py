"""One settings file: an empty environment is a working office; docs/settings.md explains each."""

import hashlib
import os
from pathlib import Path
from typing import Any

import dj_database_url
from django.utils.translation import gettext_lazy as _

from channels.mailbox.address import mailbox_address
from config import env
from config.anchoring import *  # noqa: F403 - the signer and the anchors of the register
from config.api_names import ENUM_NAMES, RATE_HEADERS
from config.browsing import *  # noqa: F403 - cookies, https, framing
from config.citizens import *  # noqa: F403 - the settings of what citizens may do
from config.collecting import *  # noqa: F403 - the office's own bank account
from config.data_folder import UMASK
from config.mailing import read_mail_address
from config.metering import *  # noqa: F403 - readings of meters
from config.notifications import *  # noqa: F403 - the settings of notifications
from config.observing import *  # noqa: F403 - logs, figures and backups
from config.observing import TRACES_URL
from config.paying import *  # noqa: F403 - the gateway of cards
from config.reaching import *  # noqa: F403 - the hosts that the office may reach
from config.serving import *  # noqa: F403 - the web server and what one caller may ask
from config.signing_in import *  # noqa: F403 - the settings of signing in
from config.start_problems import DEVELOPMENT_SECRET, NONE, TANTIVY
from org.start_words import gettext

ROOT = Path(__file__).resolve().parent.parent
os.umask(UMASK)
DATA_DIR = Path(env.text("DATA_DIR", str(ROOT / "var"))).absolute()
PORT = env.int_("PORT", 8000, least=1, most=65535)
BIND = env.text("BIND", "127.0.0.1")
DEBUG = env.flag("DEBUG", default=False)
PRODUCTION = env.flag("PRODUCTION", default=False)

SECRET_KEY = env.text("SECRET_KEY", DEVELOPMENT_SECRET)
SECRET_KEY_FALLBACKS = env.words("OLD_SECRET_KEYS")  # the newest first
# Unset, it hangs on the first SECRET_KEY that the office ever had.
_FIRST_SECRET = [SECRET_KEY, *SECRET_KEY_FALLBACKS][-1]
TRACKING_KEY = hashlib.sha256(
    env.text("TRACKING_KEY", f"tracking:{_FIRST_SECRET}").encode()
).digest()
PUBLIC_URL = env.text("PUBLIC_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
ALLOWED_HOSTS = env.list_("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]", "testserver"])
# The desk on a host of its own; "": with the citizens. Neither is trusted with forms of the other.
STAFF_URL = env.text("STAFF_URL").rstrip("/")
CSRF_TRUSTED_ORIGINS = [] if STAFF_URL else [PUBLIC_URL]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "ledger",
    "org",
    "jobs",
    "identity",
    "registry",
    "ocr",
    "understanding",
    "routing",
    "correspondence",
    "figures",
    "notices",
    "eservices.catalogue",
    "eservices.people",
    "eservices.requests",
    "eservices.relations",
    "eservices.contracts",
    "eservices.readings",
    "eservices.bills",
    "eservices.payments",
    "eservices.bank",
    "eservices.agency",
    "eservices.privacy",
    "search",
    "channels",
    "web",
    "config",
    # below ours: our templates and words go before theirs
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "web.middleware.PageCompression",
    "web.ranges.Ranges",
    "web.middleware.RequestIds",
    *(("web.tracing.Traces",) if TRACES_URL else ()),
    "web.middleware.NoKeysInTheClear",
    "web.middleware.PlainRequests",
    "web.middleware.Sessions",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "web.large_bodies.LargeBodies",
    "django.middleware.csrf.CsrfViewMiddleware",
    "web.signin.authentication.Authentication",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "web.middleware.SecurityHeaders",
    "web.separate_hosts.SeparateHosts",
    "web.signin.middleware.SignedIn",
    "web.middleware.PermissionCacheMiddleware",
    "web.database_outage.DatabaseAway",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["web.templatetags.days", "web.templatetags.signs"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "web.context.office",
            ],
        },
    },
]


# Of libpq: a server that vanished without a word is given up; else each thread of the web process
# that had asked it would wait a quarter of an hour. Options in DATABASE_URL go before.
_PATIENCE_WITH_DATABASE = {
    "connect_timeout": 5,  # seconds
    "tcp_user_timeout": 20_000,  # milliseconds until what was sent must be confirmed
    "keepalives_idle": 10,  # seconds of silence until the server's machine is asked for a sign
    "keepalives_interval": 5,
    "keepalives_count": 2,
}


def _database() -> dict[str, Any]:
    """Return the database of DATABASE_URL; by default SQLite in DATA_DIR (write-ahead log)."""
    url = env.text("DATABASE_URL")
    if url and not url.startswith(("postgres://", "postgresql://", "sqlite:")):
        env.refuse("DATABASE_URL", gettext("It must be postgres://user:password@host/name."))
        url = ""
    if not url or url.startswith("sqlite"):
        config: dict[str, Any] = (
            dict(dj_database_url.parse(url)) if url else {"NAME": str(DATA_DIR / "office.sqlite3")}
        )
        return config | {
            "ENGINE": "ledger.backends.sqlite3",
            # A connection reads the whole schema when it is opened: 6 ms with our tables.
            "CONN_MAX_AGE": 60,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",  # a lock upgraded later fails when 16 writers meet
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                    "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY;"
                ),
            },
        }
    config = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    mode = env.text("PGSSLMODE")
    protected = {"sslmode": mode} if mode else {}
    options = _PATIENCE_WITH_DATABASE | protected | config.get("OPTIONS", {})
    return config | {"ENGINE": "ledger.backends.postgresql", "OPTIONS": options}


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = PUBLIC_URL.startswith("http://")

LANGUAGE_CODE = env.choice("LANGUAGE_CODE", "fr", ("ar", "fr", "en"))
LANGUAGES = [("ar", _("Arabic")), ("fr", _("French")), ("en", _("English"))]
# The last words the framework's own texts otherwise than the framework does.
FORMAT_MODULE_PATH = "config.framework.formats"
LOCALE_PATHS = [ROOT / p / "locale" for p in ("web/portal", "config/framework", "eservices")]
TIME_ZONE = env.zone("TIME_ZONE", "Africa/Casablanca")
ORGANISATION_NAME = env.text("ORGANISATION_NAME", "")

STATIC_URL, STATIC_ROOT = "/static/", DATA_DIR / "static"
WHITENOISE_USE_FINDERS = True  # until `up` has collected them
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

# Uploads go to disk at once: a scan of 500 MB never stands in memory.
UPLOAD_MAX_MB = env.int_("UPLOAD_MAX_MB", 50, least=1)
UPLOAD_MAX_FILES = env.int_("UPLOAD_MAX_FILES", 50, least=1)
HELD_MAX_MB = env.int_("HELD_MAX_MB", 100, least=1)  # of one form's files, an hour after an error
UPLOAD_MAX_PAGES = env.int_("UPLOAD_MAX_PAGES", 2000, least=1)
UPLOAD_MAX_MEGAPIXELS = env.int_("UPLOAD_MAX_MEGAPIXELS", 150, least=1)
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FILES = UPLOAD_MAX_FILES
CLAMD_URL = env.text("CLAMD_URL", without=NONE)

VAULT_URL = env.text("VAULT_URL")
SEARCH_URL = env.text("SEARCH_URL", without=TANTIVY)
MEANING = env.flag("MEANING", default=True)
BROKER_URL = env.text("BROKER_URL")
JOB_TABLE, JOB_CLOCK = "config.letter_path.JOBS", "config.clock.tick"
LEDGER_COVERAGE = "config.provable.COVERAGE"
DISPOSAL_RULES = "config.disposing.RULES"
# Packages of letters that are handed over to the archives are put here, to be fetched.
ARCHIVE_FOLDER = env.text("ARCHIVE_FOLDER") or str(DATA_DIR / "archives")
JOB_BROKER = "config.celery.app"
WEBHOOK_EVENTS = "config.partner_events.TYPES"
SENDER_PROPOSALS = "routing.proposals.senders.proposed_senders"
JOB_DELIVERY = env.text("JOB_DELIVERY", "celery" if BROKER_URL else "thread")
JOB_LEASE_SECONDS = env.int_("JOB_LEASE_SECONDS", 120, least=5)
WORKER_THREADS = env.int_("WORKER_THREADS", 2, least=1)

# Exports of a search's result: bounded, and gone after some days.
EXPORT_MAX_LETTERS = env.int_("EXPORT_MAX_LETTERS", 10_000, least=1)
BOOK_MAX_LETTERS = env.int_("BOOK_MAX_LETTERS", 150_000, least=1)
EXPORT_MAX_MB = env.int_("EXPORT_MAX_MB", 2000, least=1)
EXPORT_DAYS = env.int_("EXPORT_DAYS", 7, least=1)
EXPORT_DIR = Path(env.text("EXPORT_DIR", str(DATA_DIR / "exports"))).absolute()

OCR_LANGUAGES = env.text("OCR_LANGUAGES", "ara+fra+eng")
_cores = 1 if JOB_DELIVERY == "celery" else len(os.sched_getaffinity(0))
OCR_PROCESSES = env.int_("OCR_PROCESSES", _cores, least=1)
OCR_PAGE_SECONDS = env.int_("OCR_PAGE_SECONDS", 60, least=1)
OCR_MODELS_DIR = Path(env.text("OCR_MODELS_DIR", str(ROOT / ".venv" / "tessdata")))

globals().update(read_mail_address(env.text("EMAIL_URL", f"file://{DATA_DIR / 'mail'}")))
# The mailbox that letters come to, and the folder on its server for what is registered.
MAILBOX_URL = env.text("MAILBOX_URL")
MAILBOX_DONE = env.text("MAILBOX_DONE")
# A folder that scanners and programs write into; a file waits until it stood still so long.
WATCH_FOLDER = env.text("WATCH_FOLDER")
WATCH_SECONDS = env.int_("WATCH_SECONDS", 10, least=1)
WEBHOOK_PRIVATE = env.flag("WEBHOOK_PRIVATE", default=False)  # private addresses, without TLS
if MAILBOX_URL:
    mailbox_address(MAILBOX_URL)  # loud on a bad value, before any letter is waited for
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "bureau-ordre@sijill.example")

# Where a citizen is told by SMS that an answer is there: https://…, file:///folder, or none.
SMS_URL = env.text("SMS_URL", "none" if PRODUCTION else f"file://{DATA_DIR / 'sms'}")
SMS_KEY = env.text("SMS_KEY")
if SMS_URL != "none" and not SMS_URL.startswith(("https://", "http://", "file:///")):
    env.refuse("SMS_URL", gettext("It must be https://…, file:///folder, or none."))
HANDOVER_IDENTITY = env.flag("HANDOVER_IDENTITY", default=False)  # ask for it at the counter

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "web.api.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "web.api.parsers.BoundedJson",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_SCHEMA_CLASS": "web.api.described.Described",
    "EXCEPTION_HANDLER": "web.api.errors.answer_error",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "DATETIME_FORMAT": None,  # moments are answered in UTC, as they are kept
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Sijill",
    "DESCRIPTION": "The registry office: deposit, find, route, answer.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": ENUM_NAMES,
    "APPEND_COMPONENTS": {"headers": RATE_HEADERS},
}
try:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
except OSError as error:
    _told = {"why": error.strerror, "path": error.filename}
    env.refuse("DATA_DIR", gettext("It cannot be written to: %(why)s: %(path)s.") % _told)
