"""The model of the bundled letters is made once, by set-up, and used by every office after it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from understanding.learning import first_model as first
from understanding.learning.classification import count_features, features_by_word, weighted
from understanding.learning.fingerprints import fingerprint
from understanding.learning.letter_matrix import Counts
from understanding.learning.lexicon import find_hits
from understanding.learning.model_file import load
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
