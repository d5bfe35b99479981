"""Settings of signing in, a part of `config.settings`: passwords, second steps, the provider."""

from config import env
from config.hosts import host_of, is_loopback
from org.start_words import gettext as _
from org.strength import PEERS_BITS

AUTH_USER_MODEL = "org.User"
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
AUTHENTICATION_BACKENDS = ["identity.backends.PasswordBackend"]
# Others are of earlier versions: such a password is hashed anew when its owner signs in.
PASSWORD_HASHERS = [
    "identity.hashing.Argon2idHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "identity.passwords.KnownValidator"},
    {"NAME": "identity.passwords.GuessableValidator"},
]
PASSWORD_RESET_TIMEOUT = 86_400  # seconds that a link to a new password is good for

# Signing in: second steps, how long a session may be idle, how long a confirmation holds.
DUTIES = {"member", "clerk", "director", "auditor", "archivist", "administrator"}
# Who may change most, or decides what takes two: in production not by a password alone.
_ASKED = ["administrator", "director"] if env.flag("PRODUCTION", default=False) else []
MFA_REQUIRED_DUTIES = set(env.list_("MFA_REQUIRED_DUTIES", _ASKED)) - {"none"}
if unknown := MFA_REQUIRED_DUTIES - DUTIES:
    _told = {"names": ", ".join(sorted(unknown))}
    env.refuse("MFA_REQUIRED_DUTIES", _("It names unknown duties: %(names)s.") % _told)
SESSION_IDLE_MINUTES = env.int_("SESSION_IDLE_MINUTES", 60)  # 0: no limit
SESSION_HOURS = env.int_("SESSION_HOURS", 12)  # 0: no limit
CONFIRM_MINUTES = env.int_("CONFIRM_MINUTES", 15, least=1)
FOUR_EYES = env.flag("FOUR_EYES", default=False)

ACCOUNT_ADAPTER = "web.signin.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False  # counted in the database instead: web.throttle
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = CONFIRM_MINUTES * 60
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "change_password": "web.signin.forms.ChangePassword",
    "reset_password": "web.signin.forms.AskReset",
    "reset_password_from_key": "web.signin.forms.NewPassword",
}
MFA_ADAPTER = "web.signin.adapter.FactorAdapter"
MFA_FORMS = {
    "authenticate": "web.signin.forms.SecondStep",
    "activate_totp": "web.signin.forms.ActivateApp",
    "add_webauthn": "web.signin.forms.AddPasskey",
    "login_webauthn": "web.signin.forms.LogInByPasskey",
    "authenticate_webauthn": "web.signin.forms.StepByPasskey",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an administrator enters the addresses
# Keys of RSA by which providers of identities sign, of staff and of citizens.
PROVIDER_RSA_BITS = env.int_("RSA_LEAST_BITS", PEERS_BITS, least=PEERS_BITS)
# An identity provider of the organisation (OpenID Connect), where there is one.
OIDC_URL = env.text("OIDC_URL")
OIDC_NAME = env.text("OIDC_NAME", "OpenID Connect")
OIDC_NEAR = is_loopback(host_of(OIDC_URL))  # on this machine: then it may be plain http
SOCIALACCOUNT_ADAPTER = "web.signin.adapter.ProviderAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "office",
                "name": OIDC_NAME,
                "client_id": env.text("OIDC_CLIENT_ID"),
                "secret": env.text("OIDC_CLIENT_SECRET"),
                "settings": {"server_url": OIDC_URL, "fetch_userinfo": True},
            }
        ]
        if OIDC_URL
        else [],
    }
}
# What its ID tokens must say of how (acr) and when (auth_time) somebody signed in there.
OIDC_ACR = env.words("OIDC_ACR")
OIDC_MAX_AGE_MINUTES = env.int_("OIDC_MAX_AGE_MINUTES", 0)  # 0: not asked
if OIDC_URL and not env.text("OIDC_CLIENT_ID"):
    env.refuse("OIDC_CLIENT_ID", _("It must be set, since OIDC_URL is."))
