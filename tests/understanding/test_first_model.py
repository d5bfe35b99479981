"""The model of the bundled letters is made once, by set-up, and used by every office after it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from understanding.learning import first_model as first
from understanding.learning import training
from understanding.learning.classification import (
    FIELDS,
    count_features,
    features_by_word,
    weighted,
)
from understanding.learning.fingerprints import fingerprint
from understanding.learning.letter_matrix import Counts
from understanding.learning.letter_space import Space
from understanding.learning.lexicon import find_hits
from understanding.learning.model_file import load, packed
from understanding.starting_set import learning_set
from understanding.starting_set.examples import Example

FEW = [
    Example(f"{place}-{number}", text, kind, department)
    for place, (kind, department, texts) in enumerate([
        ("request", "BRT", ["demande de branchement", "nouveau branchement svp", "ربط منزل"]),
        ("invoice", "FIN", ["facture net à payer", "facture du mois TTC", "فاتورة واجب أداؤها"]),
    ])
    for number, text in enumerate(texts)
]  # fmt: skip


def test_it_is_learnt_once_and_what_other_letters_taught_is_removed(tmp_path: Path) -> None:
    (tmp_path / "0123456789abcdef.model").write_bytes(b"of another set")
    path = first.make(tmp_path, examples=FEW)
    assert [one.name for one in tmp_path.iterdir()] == [f"{fingerprint(FEW)}.model"]
    made = path.stat().st_mtime_ns
    assert first.make(tmp_path, examples=FEW).stat().st_mtime_ns == made
    path.write_bytes(b"broken")
    first.make(tmp_path, examples=FEW)
    assert load(path, version=fingerprint(FEW)).version == fingerprint(FEW)


def test_two_at_once_leave_one_whole_model(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        paths = set(pool.map(lambda _: first.make(tmp_path, examples=FEW), range(2)))
    assert len(paths) == 1
    assert load(paths.pop(), version=fingerprint(FEW)).heads
    assert len(list(tmp_path.iterdir())) == 1


def test_an_office_takes_what_set_up_made_and_learns_itself_where_there_is_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first, "learning_set", lambda: FEW)
    monkeypatch.setattr(first, "FOLDER", tmp_path / "made")
    take = first.first_model.__wrapped__
    spare = tmp_path / "office" / "letters.model"
    assert take(spare).version == fingerprint(FEW)
    assert spare.is_file()
    spare.unlink()
    first.make(tmp_path / "made", examples=FEW)
    assert take(spare).version == fingerprint(FEW)
    assert not spare.exists()


def test_what_is_kept_of_the_cross_validation_is_that_of_the_set_and_its_code() -> None:
    known = first.known_calibrations(fingerprint(learning_set()))
    assert known is not None, "run python -m understanding.learning.first_model calibrate"
    assert set(known) == set(FIELDS)


def test_with_what_is_kept_the_same_model_is_learnt_without_cross_validation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "calibrations.json"
    model = first.calibrate(kept, examples=FEW)
    monkeypatch.setattr(training, "make_folds", None)  # would be called to cross-validate
    known = first.known_calibrations(fingerprint(FEW), kept)
    again = training.train(FEW, calibrations=known)
    assert packed(again) == packed(model)
    assert first.known_calibrations(fingerprint(FEW[1:]), kept) is None


def test_a_letter_is_learnt_a_little_for_what_would_be_accepted_too() -> None:
    texts = [one.text for one in FEW]
    counted = [count_features(features_by_word(text), text, ()) for text in texts]
    vocabulary = Counts.of(counted).vocabulary(range(len(FEW)))
    space = Space.of(vocabulary.rows(range(len(FEW))), np.zeros((len(FEW), 0)))
    answers, weights = [one.department for one in FEW], [1.0] * len(FEW)
    alone = space.fit(answers, weights)
    further = [("FIN", "ELSEWHERE"), *[()] * (len(FEW) - 1)]
    shared = space.fit(answers, weights, further)
    assert shared.labels == alone.labels == ("BRT", "FIN")
    before, after = (one.scores(space.rows, space.vectors)[0] for one in (alone, shared))
    assert before[1] < after[1] < after[0]


def test_letters_weighed_together_weigh_what_each_weighs_alone() -> None:
    texts = [*(one.text for one in FEW), "Nous, huissier de justice, branchement", ""]
    counted = [count_features(features_by_word(text), text, find_hits(text)) for text in texts]
    vocabulary = Counts.of(counted).vocabulary(range(len(texts) - 1))
    places = vocabulary.places()
    rows = vocabulary.rows(range(len(texts))).toarray()
    for row, counts in zip(rows, counted, strict=True):
        alone = np.zeros(len(places))
        for column, value in weighted(counts, places, vocabulary.idf).items():
            alone[column] = value
        assert row == pytest.approx(alone)
