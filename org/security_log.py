"""Lines of security events, for whoever watches the office from elsewhere (SECURITY_LOG).

Each event of the record is one, and what is on no record besides. Names and texts never stand in
them: people and letters by their ids, what they tried by its code.
"""

import logging
from enum import StrEnum
from typing import Any, Final

log = logging.getLogger("security")

_PLAIN: Final = 200  # letters of a value at most


class LoggedEvent(StrEnum):
    """Events that are reported besides the record of security events."""

    CITIZEN_SIGNED_IN = "citizen_signed_in"
    CITIZEN_SIGNED_OUT = "citizen_signed_out"
    CODE_REFUSED = "code_refused"
    BRAKED = "braked"
    TRAPPED = "trapped"
    HOST_UNLISTED = "host_unlisted"


def write_event(kind: str, **codes: Any) -> None:
    """Write one line: the kind, then `name=value` for each code that is not empty."""
    told = [f"{name}={_plain(value)}" for name, value in codes.items() if value not in (None, "")]
    log.info(" ".join([str(kind), *told]))


def _plain(value: Any) -> str:
    """Return a value as one word: neither a space nor a line end from outside."""
    return "".join(one if one.isalnum() or one in "-_.:/@+" else "_" for one in str(value)[:_PLAIN])
