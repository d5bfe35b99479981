"""`python -m tools.catalogues`: each text in the catalogue of its package, with its translation."""

from pathlib import Path

import pytest
from django.conf import settings

from tools import catalogues
from tools.translations import LANGUAGES

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def write(root: Path, package: str, *entries: tuple[str, str]) -> None:
    for language in LANGUAGES:
        file = catalogues.catalogue(root, package, language)
        file.parent.mkdir(parents=True, exist_ok=True)
        texts = (f'msgid "{text}"\nmsgstr "{said}"\n' for text, said in entries)
        file.write_text(HEADER + "\n".join(texts))


def french(root: Path, package: str) -> str:
    return catalogues.current(root)[catalogues.catalogue(root, package, "fr")]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two packages, one of which keeps the words of the other too, and pages for citizens."""
    for name, text in (("routing", "Assigned"), ("correspondence", "Sent")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "models.py").write_text(f'state = _("{text}")\n')
    pages = tmp_path / "web" / "templates"
    for folder, text in (("web", "Tray"), ("portal", "Follow")):
        (pages / folder).mkdir(parents=True)
        page = f'{{% load i18n %}}\n<h1>{{% translate "{text}" %}}</h1>\n'
        (pages / folder / "page.html").write_text(page)
    write(tmp_path, "routing", ("Assigned", "Affecté"), ("Sent", "Envoyé"), ("Old", "Ancien"))
    write(tmp_path, "web", ("Tray", "Corbeille"), ("Follow", "Suivre"))
    return tmp_path


def test_a_text_moves_to_the_package_that_uses_it_with_its_translation(root: Path) -> None:
    assert '#: correspondence/models.py\nmsgid "Sent"\nmsgstr "Envoyé"' in french(
        root, "correspondence"
    )
    assert "Sent" not in french(root, "routing")


def test_texts_of_templates_name_their_template_and_those_for_citizens_stand_apart(
    root: Path,
) -> None:
    assert '#: web/templates/web/page.html\nmsgid "Tray"\nmsgstr "Corbeille"' in french(root, "web")
    assert "Follow" not in french(root, "web")
    assert 'msgid "Follow"\nmsgstr "Suivre"' in french(root, "web/portal")


def test_what_nobody_uses_is_dropped_and_what_is_new_waits_for_its_words(root: Path) -> None:
    (root / "routing" / "views.py").write_text('title = _("Refused")\n')
    assert "Old" not in french(root, "routing")
    assert 'msgid "Refused"\nmsgstr ""\n' in french(root, "routing")


def test_the_translation_that_pages_show_is_the_one_that_stays(root: Path) -> None:
    """Where two catalogues differ, Django shows the words of the earlier one."""
    (root / "web" / "views.py").write_text('title = _("Assigned")\n')
    write(root, "web", ("Tray", "Corbeille"), ("Assigned", "Attribué"))
    assert 'msgid "Assigned"\nmsgstr "Affecté"' in french(root, "web")


def test_catalogues_that_were_brought_up_to_date_stay_so(root: Path) -> None:
    wanted = catalogues.current(root)
    assert set(catalogues.outdated(root, wanted)) == set(wanted)
    for file, text in wanted.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    assert catalogues.outdated(root, catalogues.current(root)) == []


def test_a_text_in_a_package_without_a_catalogue_is_refused(root: Path) -> None:
    (root / "sandbox").mkdir()
    (root / "sandbox" / "serve.py").write_text('said = _("Stopped")\n')
    with pytest.raises(ValueError, match="sandbox"):
        catalogues.current(root)


def test_catalogues_override_each_other_as_they_do_for_pages() -> None:
    apps = [name for name in settings.INSTALLED_APPS if name in catalogues.PACKAGES]
    folders = [Path(folder).parent.relative_to(settings.ROOT) for folder in settings.LOCALE_PATHS]
    ahead = [folder.as_posix() for folder in folders if folder.as_posix() in catalogues.PACKAGES]
    assert (*ahead, *apps, "signer") == catalogues.PACKAGES  # which no page has
