"""Arabic and French of the catalogues keep to the rules of the glossary."""

import ast
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Final

import pytest
from django.utils.translation import gettext, override

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = sorted(
    path
    for path in ROOT.glob("[a-z]*/**/locale/*/LC_MESSAGES/django.po")
    if "framework" not in path.parts
)
_WORDS: Final = re.compile(r'^msgstr(?:\[\d\])? ("(?:.*)"(?:\n".*")*)', re.MULTILINE)
# A text on one line, without a context: what precedes it is a note or nothing.
_PLAIN: Final = re.compile(r'(?:^#.*|^)\nmsgid ("[^"\n]+")\nmsgstr ("[^"\n]+")$', re.MULTILINE)
_NAMES: Final = re.compile(r"%\(\w+\)[a-z.\d]+|\{[^}]*\}|<[^>]*>")

PAPERS = sorted(
    path
    for path in ROOT.glob("[a-z]*/templates/[a-z]*/*.html")
    if 'lang="ar"' in (words := path.read_text("utf-8")) and "translate " not in words
)
_CODE: Final = re.compile(
    r'<style.*?</style>|<p lang="en">.*?</p>|<[^>]*>'
    r"|\{%[^%]*\bwith\b|%\}|\{%[^=]*?%\}|\{\{.*?\}\}|\{#.*?#\}",
    re.DOTALL,
)
_ARABIC: Final = re.compile(r"[\u0600-\u06ff]+[\s:؛.،]*")

# What a text must not have, and what it has instead.
RULES: Final = {
    "ar": {
        r"\u064b": "no tanwin of the accusative",
        r"[\u0600-\u06ff][,;?](?!\w)": "Arabic punctuation",
        r"كلم(?:ة|ات) السر": "كلمة المرور",
        r"السجل التاريخي": "السجل الزمني",
        r"(?:^|\s)(?:شغّل|ثبّت|راجعها|سلّمه|ابدأ|اختر|حدّد|أعد)(?:\s|[.،:؛]|$)": "the plural",
    },
    "fr": {
        r"'": "the apostrophe ’",
        r"[eE]-mail": "courriel, adresse électronique",
        r"\b[eE]ntités?\b(?! traitante|, n°| ou un type)": "service, entité traitante",
        r"[^\W_][:;!?»](?:\s|$)|«\w": "a no-break space",
        r"[ \u202f](?:[:;?»]|!(?!=))|«[ \u202f]": "the no-break space U+00A0",
    },
}


def texts(path: Path) -> Iterator[str]:
    """Yield the translations of a catalogue."""
    for found in _WORDS.finditer(path.read_text("utf-8")):
        yield "".join(ast.literal_eval(line) for line in found[1].splitlines())


def broken_rules(language: str, text: str) -> list[str]:
    """Return what a translation should have instead of what it has."""
    plain = _NAMES.sub("", text)
    return [instead for rule, instead in RULES[language].items() if re.search(rule, plain)]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: str(path.relative_to(ROOT)))
def test_words_keep_to_the_glossary(path: Path) -> None:
    wrong = {text: broken_rules(path.parts[-3], text) for text in texts(path)}
    assert {
        text: rules for text, rules in wrong.items() if rules and "Content-Type" not in text
    } == {}


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_french_of_papers_keeps_to_the_glossary(path: Path) -> None:
    written = _ARABIC.sub(" ", _CODE.sub("\n", unescape(path.read_text("utf-8"))))
    wrong = {line.strip(): broken_rules("fr", line) for line in written.splitlines()}
    assert {line: rules for line, rules in wrong.items() if rules} == {}


@pytest.mark.parametrize(
    "text",
    [
        "Total : 3",
        "%(office)s : votre code",
        "Prêt\u202f?",
        "« Enregistrer »",
        "«Enregistrer»",
        "Prêt?",
    ],
)
def test_french_signs_that_would_begin_a_line_are_found(text: str) -> None:
    assert any("no-break" in rule for rule in broken_rules("fr", text))


@pytest.mark.parametrize(
    "text",
    [
        "Total\u00a0: 3",
        "à 12:30 sur https://a.ma",
        "«\u00a0problem != leak\u00a0»",
        "{year}/{serial}",
    ],
)
def test_french_signs_that_stay_on_their_line_pass(text: str) -> None:
    assert broken_rules("fr", text) == []


OF_DJANGO = [path for path in CATALOGUES if "signer" not in path.parts]  # it knows no Django


@pytest.mark.parametrize("path", OF_DJANGO, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_package_of_the_framework_has_the_last_word(path: Path) -> None:
    """Catalogues of installed packages share one name space: the last one wins."""
    with override(path.parts[-3]):
        other = [
            (text, words, gettext(text))
            for text, words in (
                (ast.literal_eval(found[1]), ast.literal_eval(found[2]))
                for found in _PLAIN.finditer(path.read_text("utf-8"))
            )
            if gettext(text) != words
        ]
    assert other == []
