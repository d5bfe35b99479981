"""JSON of callers, read strictly: what is ambiguous, or no text or number, is refused."""

import json
import math
from collections import Counter
from typing import Any, Final

MOST_NAMED: Final = 20  # of names that stand twice


class NamedTwiceError(ValueError):
    """An object holds a name twice: one of its values would be lost."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


def read_json(text: str | bytes) -> Any:
    """Return the value. Raise ValueError, of a name that stands twice NamedTwiceError.

    Refused are also endless depth, a lone surrogate (half a character, which can be neither kept
    nor answered), and numbers that JSON does not have, or that are too large for a float.
    """
    try:
        value = json.loads(
            text, parse_constant=_refused, parse_float=_finite, object_pairs_hook=_object
        )
        json.dumps(value, ensure_ascii=False).encode()
    except RecursionError as error:
        raise ValueError("nested without end") from error
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counted = Counter(name for name, _value in pairs)
        doubled = [name for name, n in counted.items() if n > 1][:MOST_NAMED]
        "".join(doubled).encode()  # half a character could not be told: a ValueError as well
        raise NamedTwiceError(doubled)
    return found


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refused(text)


def _refused(text: str) -> float:
    raise ValueError(text[:40])
