"""Settings of the web server, a part of `config.settings`: processes, deadlines, limits."""

from config import env

# SQLite has one writer: one process with threads serves it best.
_POSTGRES = env.text("DATABASE_URL").startswith("postgres")
WEB_WORKERS = env.int_("WEB_WORKERS", 2 if _POSTGRES else 1, least=1)
WEB_THREADS = env.int_("WEB_THREADS", 8, least=1)
# What one caller may ask of the API in a minute, of each process; 0: as much as it likes.
API_PER_MINUTE = env.int_("API_PER_MINUTE", 12_000)
API_HEAVY_PER_MINUTE = env.int_("API_HEAVY_PER_MINUTE", 3_000)
# How long a client may take, in seconds, before its connection is closed.
WEB_HEADER_SECONDS = env.int_("WEB_HEADER_SECONDS", 20, least=1)
WEB_IDLE_SECONDS = env.int_("WEB_IDLE_SECONDS", 30, least=1)
WEB_STALL_SECONDS = env.int_("WEB_STALL_SECONDS", 60, least=1)
WEB_UPLOADS_PER_ADDRESS = env.int_("WEB_UPLOADS_PER_ADDRESS", 20, least=1)
# What the server shows to the proxy in front of it, as files; without them it speaks plain HTTP.
WEB_CERTIFICATE = env.text("WEB_CERTIFICATE", without="none")
WEB_KEY = env.text("WEB_KEY", without="none")
