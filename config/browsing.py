"""Settings sent to browsers, a part of `config.settings`: cookies, https, framing."""

from config import env

PROXIES = env.int_("PROXIES", 0)  # how many; each adds the address it saw to X-Forwarded-For
_HTTPS = env.text("PUBLIC_URL").startswith("https://")
# A browser takes a cookie of such a name only as the prefix says: over https, from this very host
# for all of its paths, and not from a neighbour of its domain. A cookie of one path is __Secure-.
_HOST, _SECURE = ("__Host-", "__Secure-") if _HTTPS else ("", "")
SESSION_COOKIE_NAME = f"{_HOST}sessionid"
CSRF_COOKIE_NAME = f"{_HOST}csrftoken"
LANGUAGE_COOKIE_NAME = f"{_HOST}django_language"
DEVICE_COOKIE_NAME = f"{_SECURE}known_device"
PROOF_COOKIE_NAME = f"{_HOST}proof"
PUSH_COOKIE_NAME = f"{_HOST}push_browser"
SESSION_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _HTTPS
CSRF_FAILURE_VIEW = "web.error_pages.form_refused"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
# What Django's own checks of a deployment would have otherwise: `config.start_problems` judges keys
# (W009), the office shows papers in frames of its own pages (W019), and whether a domain is on the
# browsers' lists of https is for its owner to decide (W021).
SILENCED_SYSTEM_CHECKS = ["security.W009", "security.W019", "security.W021"]
if _HTTPS:
    if PROXIES:  # else the header is a caller's own word, and a redirect would never end
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        SECURE_SSL_REDIRECT = True
        # A program that is led on has sent its key in the clear already: web.middleware refuses it.
        # A balancer's probe asks by plain http, and takes a redirect for one that does not answer;
        # both answers name nothing.
        SECURE_REDIRECT_EXEMPT = [r"^api/", r"^scim/", r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("HSTS_SUBDOMAINS", default=True)
