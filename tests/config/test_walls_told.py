"""A start names the walls that are missing around strangers' files, in the office's language."""

import pytest
from django.core.management.base import CommandError
from django.test import override_settings

from config import walls
from sandbox import strength


def test_a_missing_wall_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(strength._tried, strength._SELF_TEST, ("root",))
    said: list[str] = []
    walls.warn_of_walls(said.append)
    assert said == [
        "Fichiers reçus\u00a0: Le bureau s’exécute en root\u00a0: le nombre de processus de "
        "LibreOffice n’est pas limité. Exécutez-le avec un utilisateur dédié."
    ]


def test_production_without_any_wall_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    none = tuple(sorted(strength.HOLDING))
    monkeypatch.setitem(strength._tried, strength._SELF_TEST, none)
    said: list[str] = []
    with override_settings(PRODUCTION=True), pytest.raises(CommandError) as refused:
        walls.warn_of_walls(said.append)
    assert refused.value.returncode == 78
    assert "rien ne cloisonne" in str(refused.value)
    assert len(said) == len(none)
