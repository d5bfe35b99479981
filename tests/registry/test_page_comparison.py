"""What pages look like, compared: what a scanner does to a page counts little."""

import random

from hypothesis import given
from hypothesis import strategies as st

from registry.doubles.page_comparison import ink_of, keys_of, likeness, rows_of

# Rows of writing are as good as random; rows of one bit are not.
row = st.integers(0, 10**9).map(
    lambda seed: (60 + seed % 190, random.Random(seed).getrandbits(32) | 1)
)
pages = st.lists(row, min_size=1, max_size=40)


def look(rows: list[tuple[int, int]]) -> str:
    return "".join(f"{length:02x}{bits:08x}" for length, bits in rows)


@given(pages)
def test_a_page_is_itself(rows: list[tuple[int, int]]) -> None:
    assert rows_of(look(rows)) == rows
    assert likeness(look(rows), look(rows)) == 1.0


@given(pages, st.sampled_from([0.8, 0.9, 1.02]), st.integers(0, 2**32 - 1))
def test_another_size_and_a_few_other_bits_are_the_same_page(
    rows: list[tuple[int, int]], scale: float, noise: int
) -> None:
    flipped = noise & 0x01010101  # at most four bits of a row
    again = [(round(length * scale), bits ^ flipped) for length, bits in rows]
    assert likeness(look(rows), look(again)) > 0.9


@given(pages, pages)
def test_likeness_is_a_share_and_the_same_both_ways(
    one: list[tuple[int, int]], other: list[tuple[int, int]]
) -> None:
    there = likeness(look(one), look(other))
    assert 0.0 <= there <= 1.0
    assert there == likeness(look(other), look(one))


@given(pages, st.lists(row, max_size=3), st.lists(row, max_size=3))
def test_a_stamp_above_and_a_note_below_hide_no_page(
    rows: list[tuple[int, int]], above: list[tuple[int, int]], below: list[tuple[int, int]]
) -> None:
    assert likeness(look(rows), look([*above, *rows, *below])) > 0.6


@given(st.text(max_size=60))
def test_what_is_no_look_has_no_rows_or_harmless_ones(text: str) -> None:
    assert likeness(text, text) in {0.0, 1.0}
    assert ink_of(text) >= 0
    assert all(0 <= key < 2**18 for key in keys_of(text))


def test_a_page_is_found_by_pieces_of_its_longest_rows() -> None:
    rows = [(100 + n, 0x9E3779B1 * (n + 1) % 2**32) for n in range(20)]
    again = [(length, bits ^ 1 << n % 32) for n, (length, bits) in enumerate(rows)]
    assert len(set(keys_of(look(rows))) & set(keys_of(look(again)))) >= 10
    assert list(keys_of("")) == []
