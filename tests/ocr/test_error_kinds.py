"""Errors of a reading are counted by kind, as many as the edit distance says."""

from __future__ import annotations

import pytest

from ocr.judging.error_kinds import KINDS, error_kinds
from ocr.judging.scoring import distance


@pytest.mark.parametrize(
    ("truth", "read", "kind"),
    [
        ("عدد 1234", "عدد 1284", "digits"),
        ("عدد 1234", "عدد 134", "digits"),
        ("بيت كبير", "تيت كبير", "dots"),
        ("أحمد", "احمد", "hamza"),
        ("السيد المدير", "السيدالمدير", "spaces"),
        ("السيد، تحية", "السيد؛ تحية", "punctuation"),
        ("السيد", "السمد", "letters"),
        ("Objet", "Obiet", "letters"),
        ("Objet", "Objets", "letters"),
    ],
)
def test_an_error_has_a_kind(truth: str, read: str, kind: str) -> None:
    assert error_kinds(truth, read) == dict.fromkeys(KINDS, 0) | {kind: 1}


def test_all_errors_are_counted_once() -> None:
    truth, read = "رقم 12/2024 بتاريخ 3 ماي", "رقم 17/204 بتاربخ؛ 3ماي"
    assert sum(error_kinds(truth, read).values()) == distance(truth, read)
    assert not any(error_kinds(truth, truth).values())
