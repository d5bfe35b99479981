"""Kinds of security events and of jobs, as far as signing in names them."""

from enum import StrEnum

from jobs.kinds import JobKind


class SecurityKind(StrEnum):
    """Kinds of security events; the value is what a row keeps."""

    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_IN_BRAKED = "sign_in_braked"
    SECOND_FACTOR_FAILED = "second_factor_failed"
    CONFIRMED = "confirmed"
    CONFIRM_FAILED = "confirm_failed"
    SESSION_EXPIRED = "session_expired"
    SESSIONS_ENDED = "sessions_ended"
    PASSWORD_ASKED = "password_asked"  # noqa: S105 - a kind of event
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a kind of event
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    CODES_MADE = "codes_made"
    PROVIDER_CONNECTED = "provider_connected"
    PROVIDER_REFUSED = "provider_refused"
    TOKEN_MADE = "token_made"  # noqa: S105 - a kind of event
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 - a kind of event
    ACCESS_ENDED = "access_ended"
    RIGHTS_CHANGED = "rights_changed"
    KEY_CHANGED = "key_changed"
    EXPORT_MADE = "export_made"
    EXPORT_FETCHED = "export_fetched"
    RECORD_EXPORTED = "record_exported"
    ADMINISTERED = "administered"
    DIRECTORY_CHANGED = "directory_changed"
    DIRECTORY_REFUSED = "directory_refused"
    ACCESS_REFUSED = "access_refused"
    KEY_REFUSED = "key_refused"
    LETTER_READ = "letter_read"


class IdentityJob(JobKind):
    """Mails about an account."""

    IDENTITY_RESET = "identity.reset"
    IDENTITY_NOTICE = "identity.notice"
    IDENTITY_STAND_IN = "identity.stand_in"
