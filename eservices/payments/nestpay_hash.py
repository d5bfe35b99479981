"""The hash "ver3" of NestPay, over all parameters of a form but the hash and the encoding.

It covers the values alone, in the order of their names: what a name says is not protected by it.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Final

LEFT_OUT: Final = frozenset({"hash", "encoding"})
_RUNS: Final = re.compile(rb"[0-9]+|[^0-9]", re.DOTALL)
_BLANKS: Final = b" \t\n\r\x0b\x0c"


def hash_of(fields: Mapping[str, str], key: str) -> str:
    """Return the hash of a form under the store key."""
    names = sorted((name for name in fields if name.lower() not in LEFT_OUT), key=natural_key)
    values = [_escaped(fields[name]) for name in names]
    plain = "|".join([*values, _escaped(key)])
    return base64.b64encode(hashlib.sha512(plain.encode()).digest()).decode()


def is_valid(fields: Mapping[str, str], key: str) -> bool:
    """Return whether the form bears exactly one hash, and it is the right one."""
    given = [value for name, value in fields.items() if name.lower() == "hash"]
    if len(given) != 1:
        return False
    return hmac.compare_digest(given[0].encode(), hash_of(fields, key).encode())


def natural_key(name: str) -> list[tuple[int, int, bytes]]:
    """Return the sort key of a name: by letters without regard to case, numbers by value.

    Of two numbers the longer one is the greater: as `int` reads only so many digits.
    """
    place = []
    for run in _RUNS.findall(name.encode()):
        if run.isdigit():
            digits = run.lstrip(b"0")
            place.append((ord("0"), len(digits), digits))
        elif run not in _BLANKS:
            place.append((ord(run.upper()), 0, b""))
    return place


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("|", "\\|")
