"""The damages that the suite is tried by: each can be done, and a survivor is told."""

from pathlib import Path

import pytest

from tests.every import each
from tools import mutations
from tools.mutations import Mutation


def test_each_damage_fits_the_code_and_names_tests(tmp_path: Path) -> None:
    def attempt(mutation: Mutation) -> None:
        target = tmp_path / mutation.file
        target.parent.mkdir(parents=True, exist_ok=True)
        held = (mutations.ROOT / mutation.file).read_text(encoding="utf-8")
        target.write_text(held, encoding="utf-8")
        assert mutation.apply(tmp_path) == held
        compile(target.read_text(encoding="utf-8"), mutation.file, "exec")
        assert mutation.tests
        for test in mutation.tests:
            file, _, name = test.partition("[")[0].partition("::")
            assert f"def {name.rpartition('::')[2]}" in (mutations.ROOT / file).read_text(
                encoding="utf-8"
            ), test

    known = mutations.mutations()
    each(known, attempt)
    assert len(known) >= 50
    assert len({Path(mutation.file).parts[0] for mutation in known}) >= 12


def test_a_damage_whose_line_is_gone_is_told(tmp_path: Path) -> None:
    (tmp_path / "rule.py").write_text("MOST = 3\n")
    with pytest.raises(ValueError, match="0 times"):
        Mutation("rule.py", "LEAST = 3", "LEAST = 4", ()).apply(tmp_path)


@pytest.mark.parametrize(("asked", "survives"), [("MOST > 1", True), ("MOST == 3", False)])
def test_a_damage_survives_where_no_test_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str, survives: bool
) -> None:
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)  # there is no office in the folder
    (tmp_path / "rule.py").write_text("MOST = 3\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_rule.py").write_text(
        f"from rule import MOST\n\n\ndef test_most():\n    assert {asked}\n"
    )
    damage = Mutation("rule.py", "MOST = 3", "MOST = 4", ("test_rule.py",))
    assert mutations.run_tests(tmp_path, damage.tests)[0] == 0
    assert mutations.survives(tmp_path, damage, at=1_000_000_000) is survives
    assert (tmp_path / "rule.py").read_text() == "MOST = 3\n"
