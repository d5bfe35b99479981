"""What a command says of a mistake is in the office's language, as its pages are."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = sorted(
    {*ROOT.glob("*/management/commands/*.py"), *ROOT.glob("*/*/management/commands/*.py")}
    | {ROOT / "org/table_command.py", ROOT / "eservices/contracts/import_command.py"}
)
_WORDS = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")
_SAID = {"CommandError", "write"}
# The demo and the pretended payment gateway are tools of whoever tries the programs.
_TRIALS = {"demo.py", "sim_nestpay.py"}


def literal(node: ast.expr) -> str:
    """Return the text that stands in the code itself."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "…".join(str(v.value) for v in node.values if isinstance(v, ast.Constant))
    return ""


def untranslated(path: Path) -> Iterator[str]:
    """Yield the sentences of a file that no catalogue can hold."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and node.args:
            called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            called = node.func.id if isinstance(node.func, ast.Name) else called
            if called in _SAID and _WORDS.search(literal(node.args[0])):
                yield f"{path.relative_to(ROOT)}:{node.lineno} {literal(node.args[0])}"


def test_no_command_speaks_english_to_a_french_office() -> None:
    assert len(COMMANDS) > 60
    found = [line for path in COMMANDS if path.name not in _TRIALS for line in untranslated(path)]
    assert not found, "\n".join(found)
