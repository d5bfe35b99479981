"""Sentences with an amount of money: the amount brings its currency, the sentence adds none."""

from typing import Any

import pytest
from django.utils.translation import override

from eservices.requests.event_words import as_written
from web.desk.requests.words import REQUEST_WORDS
from web.shared import public_words as words

TOLD = {"amount": "1160.61", "total": "1160.61", "due_on": "2026-11-05", "number": 2, "parts": 3}
NAMES = {"subject": "Devis", "bill": "F-1", "order": "OT-1"}
SENTENCES = [
    *(one for one in REQUEST_WORDS.values() if "%(amount)s" in one or "%(total)s" in one),
    *(one for one in words.EVENTS.values() if "%(amount)s" in one or "%(total)s" in one),
]


@pytest.mark.parametrize(("language", "currency"), [("fr", "DH"), ("ar", "درهم")])
@pytest.mark.parametrize("sentence", SENTENCES, ids=str)
def test_the_currency_stands_once(sentence: Any, language: str, currency: str) -> None:
    with override(language):
        told = str(sentence) % {**NAMES, **as_written(TOLD)}
    assert told.count(currency) == 1, told
