"""`python -m tools.catalogues [--check]`: bring the catalogues of all packages up to date.

Each text goes to the catalogue of the package that uses it, with the files that it stands in;
texts that nobody uses any more are dropped. A translation is looked for in all catalogues, in the
order in which Django lets one catalogue override another, so that no page reads differently
afterwards. New texts come without a translation; `./sijill check translations` names those.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tools.translations import KEYWORDS, LANGUAGES, ROOT, sources

CITIZENS = "web/portal"
# Earlier catalogues override later ones: those of LOCALE_PATHS, then of INSTALLED_APPS.
PACKAGES = (
    *(CITIZENS, "eservices", "org", "jobs", "identity", "registry", "ocr", "understanding"),
    *("routing", "correspondence", "figures", "notices", "search", "channels", "web", "config"),
    "signer",
)
PLURALS = {
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
    "n%100>=11 && n%100<=99 ? 4 : 5;",
    "fr": "nplurals=2; plural=(n > 1);",
}
HEADER = r"""msgid ""
msgstr ""
"Language: {language}\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: {plurals}\n"
"""


def catalogue(root: Path, package: str, language: str) -> Path:
    """Return where the package's texts stand in this language."""
    return root / package / "locale" / language / "LC_MESSAGES" / "django.po"


def package_of(file: Path) -> str:
    """Return the package whose catalogue holds the texts of a file (relative to the root)."""
    name = file.as_posix()
    if name.startswith((f"{CITIZENS}/", "web/templates/portal/")):
        return CITIZENS
    return file.parts[0]


def current(root: Path) -> dict[Path, str]:
    """Return path → text of every catalogue as it must be."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = dict(_texts_by_package(root, folder))
        if astray := set(made) - set(PACKAGES):
            raise ValueError(f"texts in packages that have no catalogue: {sorted(astray)}")
        return {
            catalogue(root, package, language): _translated(root, folder, made[package], language)
            for language in LANGUAGES
            for package in PACKAGES
            if package in made
        }


def _texts_by_package(root: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield each package that has texts, with a template catalogue of them."""
    by_package: dict[str, list[str]] = {}
    for file in _prepared(root, folder):
        by_package.setdefault(package_of(file), []).append(file.as_posix())
    for package, files in by_package.items():
        listed = folder / f"{package.replace('/', '-')}.files"
        listed.write_text("\n".join(files), "utf-8")
        made = listed.with_suffix(".pot")
        _run(
            *("xgettext", "--language=Python", "--from-code=UTF-8", "--add-location=file"),
            *(f"--keyword={keyword}" for keyword in KEYWORDS),
            *("--sort-by-file", f"--directory={folder}", f"--directory={root}"),
            *(f"--files-from={listed}", f"--output={made}"),
        )
        if made.exists():
            yield package, made


def _prepared(root: Path, folder: Path) -> Iterator[Path]:
    """Yield the relative paths of all sources; templates are made readable for xgettext."""
    from django.utils.translation.template import templatize

    for file in sources(".py", root):
        yield file.relative_to(root)
    for file in [*sources(".html", root), *sources(".txt", root)]:
        if "templates" in file.parts:
            origin = file.relative_to(root)
            (folder / origin).parent.mkdir(parents=True, exist_ok=True)
            readable = templatize(file.read_text("utf-8"), origin=str(origin))
            (folder / origin).write_text(readable, "utf-8")
            yield origin


def _translated(root: Path, folder: Path, texts: Path, language: str) -> str:
    known = folder / f"{language}.po"
    if not known.exists():
        files = [catalogue(root, package, language) for package in PACKAGES]
        present = [str(file) for file in files if file.exists()]
        _run("msgcat", "--use-first", "--no-location", *present, f"--output={known}")
    merged = folder / "merged.po"
    _run(
        *("msgmerge", "--quiet", "--no-fuzzy-matching", "--add-location=file"),
        *(str(known), str(texts), f"--output={merged}"),
    )
    whole = _run("msgattrib", "--no-obsolete", "--add-location=file", str(merged))
    entries = whole.partition("\n\n")[2]
    header = HEADER.format(language=language, plurals=PLURALS[language])
    merged.write_text(f"{header}\n{entries}", "utf-8")
    return _run("msgcat", "--add-location=file", str(merged))


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stderr.strip()}")
    return done.stdout


def outdated(root: Path, wanted: Mapping[Path, str]) -> list[Path]:
    """Return the catalogues that differ from what they must be, and those without any text."""
    there = {
        file
        for package in PACKAGES
        for language in LANGUAGES
        if (file := catalogue(root, package, language)).exists()
    }
    differ = {file for file, text in wanted.items() if _read(file) != text}
    return sorted(differ | (there - set(wanted)))


def _read(file: Path) -> str:
    """Return the catalogue as this version of gettext breaks its lines."""
    return _run("msgcat", "--add-location=file", str(file)) if file.exists() else ""


def main(arguments: Sequence[str]) -> int:
    """Rewrite the catalogues; with --check, only name those that are not current."""
    from django.conf import settings

    settings.configure(USE_I18N=False)
    try:
        wanted = current(ROOT)
    except (ValueError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 1
    for file in outdated(ROOT, wanted):
        print(file.relative_to(ROOT))
        if "--check" in arguments:
            continue
        if file not in wanted:
            file.unlink()
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(wanted[file], "utf-8")
    return 1 if "--check" in arguments and outdated(ROOT, wanted) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
