"""Message-IDs of ours name a sending and its letter, and fit on one line."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from registry.bounces import mail_name, named_by


@given(st.uuids(), st.uuids())
def test_a_name_is_read_back(sending: UUID, letter: UUID) -> None:
    name = mail_name(sending, letter)

    assert named_by(f"<{name}@sijill.example>") == (sending, letter)
    assert len(f"Message-ID: <{name}@sijill.example>") < 78


@given(st.text(max_size=80))
def test_what_is_not_ours_names_nothing_or_two_ids(text: str) -> None:
    found = named_by(text)

    assert found is None or len(found) == 2
