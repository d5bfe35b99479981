"""A check that parses every template, so that a broken one is found before its page is opened."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SUFFIXES = {".html", ".txt", ".xml"}


def template_names() -> Iterator[str]:
    """Yield the names of the templates in the packages' folders, as pages name them."""
    for folder in sorted(ROOT.glob("[a-z]*/**/templates")):
        for file in sorted(folder.rglob("*")):
            if file.suffix in SUFFIXES:
                yield file.relative_to(folder).as_posix()


def problems() -> Iterator[str]:
    """Yield a line for each template that does not parse; Django must be set up."""
    from django.template import TemplateDoesNotExist, TemplateSyntaxError
    from django.template.loader import get_template

    for name in template_names():
        try:
            get_template(name)
        except (TemplateDoesNotExist, TemplateSyntaxError, UnicodeDecodeError) as error:
            yield f"{name}: {error}"


def main() -> int:
    """Print each problem; return 1 when there is one."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    found = list(problems())
    for problem in found:
        print(problem)
    print(f"{len(list(template_names()))} templates, {len(found)} broken")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
