"""JSON of callers: what is ambiguous, or no text or number, is refused, and at once."""

import json

import pytest
from django.test import Client

from web.shared.strict_json import MOST_NAMED, NamedTwiceError, read_json

WRONG = (
    *("", "{", "[" * 100_000, '{"a":' * 100_000, "NaN", "-Infinity", "1e400", '{"a": [-1e999]}'),
    *(r'"\ud800"', r'{"\udfff": 1}', "9" * 5000, b"\xff", b"\xed\xa0\x80"),
)


@pytest.mark.parametrize("text", WRONG, ids=range(len(WRONG)))
def test_what_is_no_json_is_refused(text: str | bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of several kinds
        read_json(text)


@pytest.mark.parametrize("value", [None, 1.5, "é😀", {"a": [1, {"b": "a"}]}, 10**40])
def test_what_is_json_is_read(value: object) -> None:
    assert read_json(json.dumps(value)) == value
    assert read_json(json.dumps(value).encode()) == value


def test_names_that_stand_twice_are_told_however_many() -> None:
    names = [f"n{at}" for at in range(60_000)]
    text = "{" + ",".join(f'"{name}":1' for name in (*names, *names)) + "}"
    with pytest.raises(NamedTwiceError) as told:
        read_json(text)
    assert told.value.names == names[:MOST_NAMED]


def test_a_doubled_name_that_is_no_text_is_not_told() -> None:
    with pytest.raises(UnicodeEncodeError):
        read_json(r'{"\ud800": 1, "\ud800": 2}')


@pytest.mark.django_db
def test_a_body_of_doubled_names_is_refused_at_once() -> None:
    names = ",".join(f'"{at}":1' for at in range(60_000))
    body = "{" + f"{names},{names}" + "}"
    answer = Client().post("/api/v1/token", body, content_type="application/json")
    assert answer.status_code == 400
    assert len(answer.json()["error"]["fields"]) == MOST_NAMED
