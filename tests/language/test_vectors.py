"""Texts of like meaning lie near each other across languages; without the model nothing breaks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from language import vectors
from language.vectors import SIZE, letter_vector, parts_of, sentence_vectors


def test_a_sentence_lies_nearer_to_its_translation_than_to_another_matter() -> None:
    leak, translated, job = sentence_vectors(
        [
            "Il y a une fuite d'eau dans notre rue depuis hier.",
            "هناك تسرب للماء في زنقتنا منذ البارحة.",
            "Je vous adresse ma candidature au poste de comptable.",
        ]
    )
    assert leak.shape == (SIZE,)
    assert leak @ translated > leak @ job + 0.2
    assert np.linalg.norm(leak) == pytest.approx(1, abs=1e-3)


def test_a_letter_of_one_part_and_of_many_have_vectors_of_one_size() -> None:
    for text in ("", "Bonjour.", "Une phrase assez longue pour compter. " * 60):
        assert letter_vector(text).shape == (2 * SIZE,)


@given(st.text(alphabet="ab .!\n؟م", max_size=900))
def test_parts_lose_nothing_but_blanks(text: str) -> None:
    assert "".join("".join(parts_of(text)).split()) == "".join(text.split())


def test_a_changed_model_is_never_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vectors, "_FILES", dict.fromkeys(vectors._FILES, "0" * 64))
    load = vectors._encoder.__wrapped__
    assert load() is None
    monkeypatch.setattr(vectors, "_encoder", load)
    assert vectors.vectors_version() == ""
    assert sentence_vectors(["x"]) is None
