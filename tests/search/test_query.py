"""How what a person types is read."""

from hypothesis import given
from hypothesis import strategies as st

from search.analysis.numbers import phone_or_number
from search.query.parsing import (
    MOST_CLAUSES,
    Digits,
    Number,
    Phrase,
    Prefix,
    Reference,
    Word,
    parse,
)


def test_words_phrases_prefixes_and_exclusions() -> None:
    parsed = parse('Fuite "Rue de Fès" raccord* -facture -"mise en demeure"')
    assert parsed.must == (Word("fuite"), Phrase(("rue", "de", "fes")), Prefix("raccord"))
    assert parsed.must_not == (Word("facture"), Phrase(("mise", "en", "demeure")))


def test_a_hyphen_inside_a_word_excludes_nothing() -> None:
    assert parse("eau-potable").must == (Word("eau"), Word("potable"))


def test_a_minus_before_a_number_excludes_and_a_free_dash_says_nothing() -> None:
    parsed = parse("compteur -44556688")
    assert (parsed.must, parsed.must_not) == ((Word("compteur"),), (Word("44556688"),))
    assert parse("compteur - 44556688").must == (Word("compteur"), Word("44556688"))
    assert parse("compteur - 44556688").must_not == ()
    assert parse("facture -FA-2025-731").must == (Word("facture"),)
    assert isinstance(parse("345 - DG - 2025").must[0], Reference)


def test_groups_of_digits_are_one_number_or_each_of_them() -> None:
    (digits,) = parse("06 61 47 82 19").must
    assert isinstance(digits, Digits)
    assert digits.keys == ("661478219",)
    assert digits.groups == tuple(map(Word, ("06", "61", "47", "82", "19")))
    assert parse("facture 12 3").must == (Word("facture"), Word("12"), Word("3"))


def test_a_telephone_number_is_known_with_its_country_and_without() -> None:
    for typed in ("0661478219", "+212 661 47 82 19", "212661478219", "00212661478219"):
        assert phone_or_number("".join(filter(str.isdigit, typed))) == "661478219"
    assert phone_or_number("21212345678") == "21212345678"  # eight digits are no telephone's


def test_a_quote_that_is_never_closed_is_no_error() -> None:
    assert parse('"rue neuve').must == (Word("rue"), Word("neuve"))


def test_an_exclusion_behind_a_direction_mark() -> None:
    assert parse("ماء \u200f-فاتورة").must_not == (Word("فاتوره"),)


def test_small_words_stay_when_nothing_else_was_typed() -> None:
    assert parse("de la").must == (Word("de"), Word("la"))
    assert parse("réclamation de la rue").must == (Word("reclamation"), Word("rue"))


def test_a_reference_is_one_clause_whatever_joins_its_pieces() -> None:
    assert parse("345-DG/2025").must == (
        Reference("25_345_dg", ("345", "dg", "2025"), "2025_dg_345"),
    )


def test_a_registry_number_has_one_key_in_any_notation() -> None:
    keys = {parse(typed).number for typed in ("2026/IN/000123", "IN 2026 123", "٢٠٢٦-in-١٢٣")}
    assert keys == {"2026_in_123"}
    assert parse("lettre 2026/IN/000123").number == ""


def test_nothing_typed_is_not_the_same_as_nothing_to_find() -> None:
    assert parse(" \u200e\n").blank
    assert not parse("?!").blank
    assert parse("?!").hopeless
    assert not parse("-eau").hopeless


@given(st.text(max_size=1200))
def test_any_input_is_read_within_bounds(typed: str) -> None:
    parsed = parse(typed)
    assert len(parsed.must) <= MOST_CLAUSES
    assert len(parsed.must_not) <= MOST_CLAUSES
    for clause in parsed.must + parsed.must_not:
        if isinstance(clause, Word | Prefix):
            assert clause.text
            assert not any(char.isspace() for char in clause.text)
        elif isinstance(clause, Number):
            assert clause.key
        elif isinstance(clause, Digits):
            assert clause.keys
            assert clause.groups
        else:
            assert all(clause.words)
