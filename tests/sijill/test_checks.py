"""The checks of `./sijill check` find what they are there for.

That the project passes them is told by the checks, which run before the tests.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from tools import check, dead_code, templates, translations

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with one text in its source and one in a template, both translated."""
    (tmp_path / "web" / "templates").mkdir(parents=True)
    (tmp_path / "web" / "views.py").write_text('title = _("Deposit a letter")\n')
    page = '{% load i18n %}<h1>{% translate "Your tracking code" %}</h1>\n'
    (tmp_path / "web" / "templates" / "page.html").write_text(page)
    for language in ("ar", "fr"):
        catalogue(tmp_path, language).parent.mkdir(parents=True)
        catalogue(tmp_path, language).write_text(
            HEADER + 'msgid "Deposit a letter"\nmsgstr "x"\n\n'
            'msgid "Your tracking code"\nmsgstr "y"\n'
        )
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    return tmp_path


def catalogue(folder: Path, language: str) -> Path:
    return folder / "web" / "locale" / language / "LC_MESSAGES" / "django.po"


def test_whole_translations_pass(office: Path) -> None:
    assert list(translations.problems()) == []


def test_a_text_that_never_reached_the_catalogue_is_found(office: Path) -> None:
    (office / "web" / "forms.py").write_text('label = _("Sender")\n')
    found = list(translations.problems())
    assert [line.split(":")[0] for line in found] == ["ar", "fr"]
    assert all("web/forms.py" in line for line in found)


@pytest.mark.parametrize("damage", [('"y"', '""'), ('msgid "Your', '#, fuzzy\nmsgid "Your')])
def test_an_empty_or_fuzzy_translation_is_found(office: Path, damage: tuple[str, str]) -> None:
    french = catalogue(office, "fr")
    french.write_text(french.read_text().replace(*damage))
    found = list(translations.problems())
    assert found
    assert all(line.startswith("fr: ") for line in found)


def test_a_missing_language_is_found(office: Path) -> None:
    catalogue(office, "ar").unlink()
    assert list(translations.problems()) == ["ar: there is no catalogue"]


def test_templates_of_the_project_are_looked_at() -> None:
    assert "web/base.html" in set(templates.template_names())


def test_a_template_that_does_not_parse_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "template_names", lambda: iter(["no/such/page.html"]))
    assert next(templates.problems()).startswith("no/such/page.html: ")


def test_dead_code_is_found_and_what_is_used_is_not(tmp_path: Path) -> None:
    (tmp_path / "rooms.py").write_text(
        "from json import dumps\n\nFLOOR = 1\n\n\nclass Room:\n    door = 1\n\n"
        "    def open(self) -> None: ...\n\n\ndef knock(room: Room) -> None: ...\n"
    )
    found = {(item.typ, item.name) for item in dead_code.found_in([tmp_path], used=["open"])}
    assert found == {
        ("import", "dumps"),
        ("variable", "FLOOR"),
        ("function", "knock"),
        ("variable", "room"),
    }


def test_words_of_templates_and_dotted_settings_are_uses() -> None:
    assert {
        "blocktranslate",
        "PermissionCacheMiddleware",
        "malformed",
    } <= dead_code.used_elsewhere()


def test_all_checks_run_and_every_failure_is_told(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    bad = [sys.executable, "-c", "raise SystemExit(4)"]
    good = [sys.executable, "-c", "print('well')"]
    ran = [check.Check("first", bad), check.Check("second", good), check.Check("third", bad, "x")]
    monkeypatch.setattr(check, "checks", lambda: iter(ran))
    assert check.main([]) == 1
    told = capfd.readouterr().out
    assert "well" in told
    assert told.splitlines()[-2:] == ["FAILED: first", "FAILED: third   (x)"]
    assert check.main(["second"]) == 0
    assert check.main(["fourth"]) == 2


def test_a_check_whose_program_is_missing_fails_and_the_others_run(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    good = check.Check("second", [sys.executable, "-c", "print('well')"])
    ran = [check.Check("first", ["/no/such/program"]), good]
    monkeypatch.setattr(check, "checks", lambda: iter(ran))
    assert check.main([]) == 1
    told = capfd.readouterr().out
    assert "/no/such/program is not installed" in told
    assert "well" in told


def test_the_checks_name_programs_that_are_installed() -> None:
    for each in check.checks():
        program = Path(each.command[0])
        assert program.is_file(), each.name
    assert subprocess.run([sys.executable, "-m", "mypy", "--version"], check=False).returncode == 0


def test_a_text_inside_an_f_string_is_found(office: Path) -> None:
    (office / "web" / "views.py").write_text("words = f\"{_('Deposit a letter')} …\"\n")
    assert any(
        "web/views.py:1: a text inside an f-string" in one for one in translations.problems()
    )
