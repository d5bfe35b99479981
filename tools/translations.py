"""A check that every text for people exists in Arabic and French: none missing, none fuzzy.

Texts are collected from the sources as Django's makemessages does it, so a text that never reached
a catalogue is found as well. The catalogues of all packages count as one, as they do at run time.
"""

import ast
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("ar", "fr")
SKIPPED = {"tests", "tools", "benches", "var", "samples"}
KEYWORDS = (
    *("_", "gettext_noop", "gettext_lazy", "ngettext_lazy:1,2", "ngettext:1,2"),
    *("pgettext:1c,2", "npgettext:1c,2,3", "pgettext_lazy:1c,2", "npgettext_lazy:1c,2,3"),
)


def sources(suffix: str, root: Path | None = None) -> list[Path]:
    """Return the project's files that may hold texts."""
    return [
        file
        for package in sorted((root or ROOT).glob("[a-z]*"))
        if package.is_dir() and package.name not in SKIPPED
        for file in sorted(package.rglob(f"*{suffix}"))
        if "migrations" not in file.parts
    ]


def collect(folder: Path) -> Path:
    """Write all texts of the sources into one template catalogue in `folder`."""
    from django.utils.translation.template import templatize

    files = sources(".py")
    for template in [*sources(".html"), *sources(".txt")]:
        if "templates" in template.parts:
            origin = template.relative_to(ROOT)
            as_python = folder / f"{origin}.py"
            as_python.parent.mkdir(parents=True, exist_ok=True)
            text = templatize(template.read_text("utf-8"), origin=str(origin))
            as_python.write_text(text, "utf-8")
            files.append(as_python)
    listed = folder / "files"
    listed.write_text("\n".join(map(str, files)), "utf-8")
    collected = folder / "django.pot"
    _gettext(
        *("xgettext", "--language=Python", "--from-code=UTF-8", "--force-po"),
        *(f"--keyword={keyword}" for keyword in KEYWORDS),
        *(f"--files-from={listed}", f"--output={collected}"),
    )
    return collected


def in_f_strings() -> Iterator[str]:
    """Yield where a text stands inside an f-string, where xgettext finds none."""
    names = {keyword.partition(":")[0] for keyword in KEYWORDS} | {"gettext"}
    for file in sources(".py"):
        for text in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(text, ast.JoinedStr) and any(
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Name)
                and call.func.id in names
                for call in ast.walk(text)
            ):
                yield f"{file.relative_to(ROOT)}:{text.lineno}: a text inside an f-string"


def under_other_names() -> Iterator[str]:
    """Yield where a function of gettext has a name of its own, by which xgettext finds no text."""
    known = {keyword.partition(":")[0] for keyword in KEYWORDS}
    for file in sources(".py"):
        for line in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(line, ast.ImportFrom) and line.module == "django.utils.translation":
                yield from (
                    f"{file.relative_to(ROOT)}:{line.lineno}: {name.name} as {name.asname}"
                    for name in line.names
                    if "gettext" in name.name and name.asname and name.asname not in known
                )


def problems() -> Iterator[str]:
    """Yield what is wrong with each language's catalogue; raise without gettext."""
    yield from in_f_strings()
    yield from under_other_names()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        collected = collect(folder)
        for language in LANGUAGES:
            catalogues = sorted(ROOT.glob(f"[a-z]*/**/locale/{language}/LC_MESSAGES/django.po"))
            if not catalogues:
                yield f"{language}: there is no catalogue"
                continue
            merged = folder / f"{language}.po"
            _gettext("msgcat", "--use-first", *map(str, catalogues), f"--output={merged}")
            said = subprocess.run(
                ["msgcmp", "--no-fuzzy-matching", str(merged), str(collected)],
                capture_output=True,
                text=True,
                check=False,
            )
            if said.returncode:
                yield from (f"{language}: {line}" for line in _complaints(said.stderr, collected))


def _complaints(words: str, collected: Path) -> Iterator[str]:
    """Yield msgcmp's complaints, each with the text and its place in the sources."""
    lines = collected.read_text("utf-8").splitlines()
    for line in words.splitlines():
        complaint = re.fullmatch(r"(.+):(\d+): (.+)", line)
        if not complaint or "warning:" in line:
            continue
        file, number, problem = complaint.groups()
        problem = problem.replace(f"{collected.parent}/", "")
        place = Path(file).name
        if Path(file) == collected:
            before = lines[int(number) - 1 :: -1]
            place = _place(next((x for x in before if x.startswith("#: ")), "#: ?"), collected)
            text = next((x for x in before if x.startswith("msgid ")), "")
            problem = f"{text.removeprefix('msgid ')} {problem}"
        yield f"{place}: {problem}"


def _place(origin: str, collected: Path) -> str:
    """Return `#: /tmp/x/web/templates/page.html.py:3` as web/templates/page.html:3."""
    first = origin.removeprefix("#: ").split(" ")[0]
    first = first.replace(f"{collected.parent}/", "").replace(f"{ROOT}/", "")
    return re.sub(r"(\.html|\.txt)\.py:", r"\1:", first)


def _gettext(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stderr.strip()}")


def main() -> int:
    """Print each problem; return 1 when there is one."""
    sys.path.insert(0, str(ROOT))
    from django.conf import settings

    settings.configure(USE_I18N=False)
    found = list(problems())
    for problem in found:
        print(problem)
    print(f"{len(found)} problems in the translations")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
