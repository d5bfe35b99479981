"""The office's names of kinds and departments: for `kind:` and `dept:` in a query."""

from collections.abc import Iterable, Mapping

from language.fold import fold
from language.tokens import tokenize
from org.models import Department, LetterKind
from search.analysis.document_terms import plain_words


def names_in(words: str) -> Mapping[str, Mapping[str, str]]:
    """Return facet → folded code or name in any language → code; empty without a field."""
    if ":" not in words and "：" not in words:
        return {}
    return {
        "kind": _table(LetterKind.objects.all()),
        "department": _table(Department.objects.all()),
    }


def _table(rows: Iterable[LetterKind | Department]) -> dict[str, str]:
    table: dict[str, str] = {}
    for row in rows:
        for name in (row.name_en, row.name_fr, row.name_ar, row.code.replace("_", " ")):
            table[_folded(name)] = row.code
    for row in rows:
        table[fold(row.code)] = row.code
    return table


def _folded(name: str) -> str:
    tokens = (token for token in tokenize(name) if not token.whole)
    return " ".join(word for token in tokens for word in plain_words(token))
