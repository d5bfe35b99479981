"""The plan of the house, checked: storeys, sizes, names, and no hidden workflow."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db.models import signals

from tools.check import HOUSE, PACKAGES

ROOT = Path(__file__).resolve().parents[2]
MODULE_LINES, FUNCTION_LINES = 300, 40

# Longer than the plan allows, each with its reason.
LONG_MODULES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}
# Where text is handed to a template as HTML, each with its reason.
SAFE_HTML = {
    "figures/svg.py": "shapes and cells of charts, each word of them escaped there (test_svg)",
    "web/templatetags/cached_parts.py": "parts of pages that a template has escaped",
    "channels/templates/channels/separators.html": "a QR code that segno drew",
    "channels/templates/channels/stickers.html": "QR codes that segno drew",
    "registry/templates/registry/_point.html": "a QR code that segno drew",
    "registry/templates/registry/_receipt.html": "a QR code that segno drew",
    "routing/templates/routing/slips.html": "a QR code that segno drew",
    "web/templates/web/signin/app.html": "a QR code that segno drew",
    "web/templatetags/sijill.py": "the paths of our own icons, a constant",
}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "core"}


def modules() -> list[Path]:
    return [
        path
        for package in HOUSE
        for path in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def test_every_list_of_packages_names_those_that_there_are() -> None:
    there = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert set(PACKAGES) == there
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]
    assert set(contracts["root_packages"]) == set(HOUSE)
    named = {
        name.split(".")[0]
        for contract in contracts["contracts"]
        for key in ("source_modules", "forbidden_modules", "containers")
        for name in contract.get(key, [])
    }
    assert named - set(contracts["root_packages"]) <= {"django", "rest_framework", "celery"}


def test_imports_go_only_downwards() -> None:
    program = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([str(program), "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_modules_stay_readable() -> None:
    long = {
        name_of(path): count
        for path in modules()
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > MODULE_LINES
    }
    too_long = {name: count for name, count in long.items() if name not in LONG_MODULES}
    assert not too_long, f"split these (over {MODULE_LINES} lines): {too_long}"
    assert set(LONG_MODULES) <= set(long), "an exception that is not needed any more"


def test_functions_stay_readable() -> None:
    long = {
        f"{name_of(path)}:{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in modules()
        for node in functions(path)
        if (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_LINES
    }
    too_long = {name: count for name, count in long.items() if name not in LONG_FUNCTIONS}
    assert not too_long, f"split these (over {FUNCTION_LINES} lines): {too_long}"


def test_no_file_is_a_drawer_for_everything() -> None:
    drawers = [name_of(p) for p in modules() if FORBIDDEN_NAMES & {p.stem, *p.parts}]
    assert not drawers


def test_every_module_says_what_it_answers_for() -> None:
    silent = [
        name_of(path)
        for path in modules()
        if path.read_text(encoding="utf-8").strip()
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not silent, "these need a first sentence"


def test_no_model_signal_carries_workflow() -> None:
    for package in HOUSE:
        for path in (ROOT / package).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            assert "django.db.models.signals" not in text, path
            assert "django.dispatch" not in text, path
    ours = [
        receiver
        for signal in (signals.pre_save, signals.post_save, signals.pre_delete, signals.m2m_changed)
        for _key, receiver, *_ in signal.receivers
        if any(str(getattr(receiver, "__module__", "")).startswith(f"{name}.") for name in HOUSE)
    ]
    assert ours == []


def test_the_storeys_share_one_list_of_apps() -> None:
    labels = {config.name for config in apps.get_app_configs()}
    with_models = {
        name for name in HOUSE if (ROOT / name / "models.py").exists() and name != "language"
    }
    assert with_models <= labels


def test_text_reaches_the_page_escaped() -> None:
    found = set()
    for path in [*ROOT.glob("*/templates/**/*.html"), *modules()]:
        text = path.read_text(encoding="utf-8")
        if any(way in text for way in ("|safe", "mark_safe(", "autoescape off", "SafeString(")):
            found.add(name_of(path))
    assert found <= set(SAFE_HTML), f"not on the list of reasons: {found - set(SAFE_HTML)}"


def test_nothing_is_loaded_from_outside() -> None:
    """No CDN, no telemetry: a page names no other host for what it loads."""
    for path in ROOT.glob("*/templates/**/*.html"):
        text = path.read_text(encoding="utf-8")
        for attribute in ('src="http', "src='http", 'src="//', '<link href="http', "url(http"):
            assert attribute not in text, path
