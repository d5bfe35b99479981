"""What a process keeps is bounded: a cache without a bound takes what only the program gives."""

import ast
from collections.abc import Iterator

from tests.architecture.test_house import ROOT

PACKAGES = (
    *("config", "web", "notices", "figures", "correspondence", "ocr", "routing", "search"),
    *("channels", "understanding", "registry", "org", "jobs", "sandbox", "language", "identity"),
    *("ledger", "signer", "eservices"),
)
# Functions with arguments whose results are kept for ever: what the arguments are is few and ours.
KNOWN = {
    "web.templatetags.sijill.icon",  # names and classes in templates
    "web.api.described._example",  # statuses
    "web.api.deposit._fields",  # shapes of the program
    "web.desk.help.pages._there",  # pictures of the guides
    "ocr.letter_reading._cores",  # one setting
    "understanding.facts.our_numbers._strict",  # codes of registers
    "understanding.facts.our_numbers._patterns",
    "understanding.learning.first_model.first_model",  # one path
    "understanding.learning.fingerprints._digest_of",  # names of our modules
    "understanding.learning.lexicon._patterns",  # phrases of the lexicon
    "jobs.table._table",  # one setting
    "org.compiled_queries.columns_of",  # tables
    "registry.models.sealed._labels",  # columns of tables
    "search.hits._beginnings",  # two lengths
    "ledger.coverage.shape_of",  # tables
    "ledger.leaves._key",  # secret keys of the office
    "eservices.bills.xml_rules._schema",  # files of the program
    "eservices.bills.xml_rules._rules",
}


def kept_for_ever() -> Iterator[str]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef) and _is_endless(node):
                    yield f"{module}.{node.name}"


def _is_endless(node: ast.FunctionDef) -> bool:
    given = node.args
    if not (given.args or given.posonlyargs or given.kwonlyargs):
        return False
    words = [ast.unparse(one) for one in node.decorator_list]
    return any(
        word in {"cache", "functools.cache"} or "maxsize=None" in word.replace(" ", "")
        for word in words
    )


def test_a_cache_without_a_bound_is_known() -> None:
    assert set(kept_for_ever()) == KNOWN


def test_an_endless_cache_is_seen() -> None:
    for decorator in ("cache", "functools.cache", "lru_cache(maxsize=None)"):
        [node] = ast.parse(f"@{decorator}\ndef f(word): pass").body
        assert isinstance(node, ast.FunctionDef)
        assert _is_endless(node)
    for text in ("@lru_cache(maxsize=4)\ndef f(word): pass", "@cache\ndef f(): pass"):
        [node] = ast.parse(text).body
        assert isinstance(node, ast.FunctionDef)
        assert not _is_endless(node)
