"""`python -m tools.dead_code`: functions, classes, methods and imports that nobody uses.

Vulture finds them by name. What only tests use is dead too, so tests count as users of themselves
alone. Words of templates, and the last part of dotted strings in settings and addresses, are uses.
Exit 1 with a list, also where an entry of KEPT is not needed any more.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

from vulture import Vulture

from tools.check import PACKAGES, ROOT

# What is only assigned inside a class or function is mostly a field or an option that a library
# reads: for that vulture has to be sure.
LEAST, SURE = 60, 100  # vulture's confidence
SETTINGS: Final = tuple(
    ROOT / "config" / name
    for name in ("settings.py", "signing_in.py", "observing.py", "browsing.py", "reaching.py")
)
ADDRESSES: Final = ROOT / "config" / "urls.py"
DECORATORS: Final = (
    *("@register", "@pytest.fixture", "@*.connect", "@*.register*", "@*.simple_tag"),
    *("@rule", "@invariant"),  # of hypothesis
)
# Names that a library calls, each with the reason. A star stands for anything.
KEPT: Final = {
    "*Config": "Django loads an app by it",
    "BaseFormSet": "a type in quotes names it",
    "EVENT_KINDS": "making it proves that no value stands for two kinds",
    "WorkOrderSeries": "Django makes its table, which one statement takes numbers from",
    "*DATE_FORMAT": "Django reads it in a module of formats",
    "DATE_INPUT_FORMATS": "Django reads it in a module of formats",
    "*DATETIME_FORMAT": "Django reads it in a module of formats",
    "*TIME_FORMAT": "Django reads it in a module of formats",
    "_get_FIELD_display": "Django calls it for the label of a value",
    "_get_site_name": "allauth asks an adapter for it",
    "_get_user_identifier": "allauth asks an adapter for it",
    "app_configs": "Django gives it to every check",
    "connection_made": "asyncssh tells a server of its clients by it",
    "is_consistent": "whoever receives a proof judges it; here the tests do",
    "is_included": "whoever receives a proof judges it; here the tests do",
    "app_name": "Django reads it in the module of addresses",
    "async_request_tsa_response": "pyHanko asks a client of timestamps for it",
    "authenticate_credentials": "REST framework asks an authentication for it",
    "authenticate_header": "REST framework asks an authentication for it",
    "auto_schema": "drf-spectacular gives it",
    "build_totp_svg": "allauth asks an adapter for it",
    "broken_tick": "a test names it in a setting",
    "can_delete_authenticator": "allauth asks an adapter for it",
    "check_migrations": "Django calls it before a command that asks for it",
    "clean_*": "Django calls it for a field of a form",
    "complete_login": "allauth calls it once the provider answered",
    "datefmt": "logging gives it",
    "do_GET": "http.server calls it for the method",
    "do_POST": "http.server calls it for the method",
    "file_complete": "Django calls it on an upload handler",
    "fpdf2": "the bench of makers of PDFs calls it by name",
    "http_open": "urllib calls it for the scheme",
    "https_open": "urllib calls it for the scheme",
    "formatTime": "logging asks a formatter for it",
    "do_[A-Z]*": "http.server calls it for a method",
    "encipher_rows": "a step of migrations",
    "AddEmptyText": "a step of migrations",
    "AddReference": "a step of migrations",
    "index_reference": "a step of migrations",
    "add_index_beside": "a step of migrations",
    "AlterColumn": "a step of migrations",
    "database_backwards": "Django calls it on a step of a migration",
    "get_prep_lookup": "Django calls it on a look-up",
    "generate_authenticator_name": "allauth asks an adapter for it",
    "get_client_ip": "allauth asks an adapter for it",
    "get_help_text": "Django asks a validator of passwords for it",
    "get_permissions": "REST framework asks a view for it",
    "get_tags": "drf-spectacular asks a schema for it",
    "get_reauthentication_methods": "allauth asks an adapter for it",
    "get_security_definition": "drf-spectacular asks an extension for it",
    "handle_*": "html.parser and aiosmtpd call it",
    "handler[45]0?": "Django reads it in the module of addresses",
    "has_permission": "REST framework asks a permission for it",
    "http_method_not_allowed": "Django calls it on a view",
    "input_data": "Django gives it to an upload handler",
    "is_open_for_signup": "allauth asks an adapter for it",
    "is_reauthentication_required": "allauth asks an adapter for it",
    "is_safe_attribute": "Jinja's sandbox asks it",
    "is_safe_callable": "Jinja's sandbox asks it",
    "load_config": "gunicorn asks an application for it",
    "log_message": "http.server calls it",
    "map_parsers": "drf-spectacular asks a schema for it",
    "message_context": "allauth gives it to an adapter",
    "on_authentication_error": "allauth calls it on an adapter",
    "pre_social_login": "allauth calls it on an adapter",
    "prepare_value": "Django calls it on a form's field",
    "process_exception": "Django calls it on a middleware",
    "process_view": "Django calls it on a middleware",
    "readinto": "Python's io calls it on a stream",
    "redirect_request": "urllib asks a handler for it",
    "respond_user_inactive": "allauth calls it on an adapter",
    "select_parser": "REST framework asks a content negotiation for it",
    "send_notification_mail": "allauth calls it on an adapter",
    "show_*": "web.api finds the method of a shape's field by its name",
    "teardown": "hypothesis calls it at the end of an example of a state machine",
    "to_response": "waitress asks an error for it",
    "validate_*": "REST framework calls it for a field of a serializer",
    "_make_hash_value": "Django's generator of tokens calls it",
    "_Scheme": "drf-spectacular finds an extension by its base class",
    "qt": "the bench of makers of PDFs calls it by name",
    "mupdf": "the bench of makers of PDFs calls it by name",
    "reportlab": "the bench of makers of PDFs calls it by name",
    "sender_state": "a facet is read from its entry by name",
}
CALLED_BY_PYTEST: Final = ("test_*", "pytest_*", "pytestmark")


def problems() -> Iterator[str]:
    """Yield a line for each dead name, and for each entry of KEPT that keeps nothing."""
    words, needed = used_elsewhere(), set[str]()
    house = [ROOT / name for name in PACKAGES if name != "tests"] + [ROOT / "manage.py"]
    alone = found_in(house, used=words)
    with_tests = found_in([*house, ROOT / "tests"], used=words)
    for item in [*alone, *(item for item in with_tests if _of_tests(item))]:
        if names := {name for name in KEPT if fnmatchcase(item.name, name)}:
            needed |= names
        else:
            yield line_of(item)
    for name in sorted(set(KEPT) - needed):
        yield f"tools/dead_code.py: {name} is not needed in KEPT any more"


def found_in(paths: Iterable[Path], *, used: Iterable[str] = ()) -> list[Any]:
    """Return what vulture finds in these files, taking the names in `used` for used ones."""
    vulture = Vulture(ignore_decorators=DECORATORS)
    vulture.scavenge([str(path) for path in paths], exclude=["*/migrations/*"])
    vulture.used_names.update(used)
    found = vulture.get_unused_code(min_confidence=LEAST)
    return [item for item in found if item.confidence == SURE or _is_telling(item)]


def _is_telling(item: Any) -> bool:
    """Whether a name counts that vulture is not sure of: fields and options do not."""
    if item.typ in {"variable", "attribute"}:
        line = Path(item.filename).read_text(encoding="utf-8").splitlines()[item.first_lineno - 1]
        return not line[0].isspace() and Path(item.filename) not in SETTINGS
    return True


def _of_tests(item: Any) -> bool:
    """Whether the tests hold it, and pytest does not call it itself or give it as a fixture."""
    if not Path(item.filename).is_relative_to(ROOT / "tests") or item.confidence == SURE:
        return False
    return not any(fnmatchcase(item.name, name) for name in CALLED_BY_PYTEST)


def used_elsewhere() -> set[str]:
    """Return the words of all templates, and what settings and addresses name by strings."""
    words: set[str] = set()
    for path in (path for name in PACKAGES for path in (ROOT / name).glob("**/templates/**/*")):
        if path.is_file():
            words.update(re.findall(r"[A-Za-z_]\w+", path.read_text(encoding="utf-8")))
    for path in (*SETTINGS, ADDRESSES):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words.add(node.value.rpartition(".")[2])
    return words


def line_of(item: Any) -> str:
    """Return the line of a finding."""
    place = Path(item.filename).relative_to(ROOT)
    return f"{place}:{item.first_lineno}: nobody uses the {item.typ} {item.name}"


def main() -> int:
    """Print all findings; return 1 where there is one."""
    lines = list(problems())
    print("\n".join(lines) or "no dead code")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
