"""Patterns of two registers that could write one number, by serials and years to come."""

import pytest

from org.errors import BadOrganisationError
from registry.book.pattern_clash import may_clash
from registry.book.registers import preview, save_register
from registry.models.registers import Register


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("A/{year}/{serial:05d}", "IN"), ("A/{year}/{serial:05d}", "OUT")),
        # the same from the hundred-thousandth on
        (("A/{serial}/{year}", "IN"), ("A/{serial:05d}/{year}", "OUT")),
        # IN's twenty-first is IN2's first
        (("{register}{serial}/{year}", "IN"), ("{register}{serial}/{year}", "IN2")),
        # 2026/2027
        (("{year}/{serial}", "IN"), ("{serial}/{year}", "OUT")),
        (("{year}/{register}/{serial}", "IN"), ("{year}/IN/{serial:06d}", "OUT")),
    ],
)
def test_patterns_that_meet(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert may_clash(one, other)
    assert may_clash(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("{year}/{register}/{serial:06d}", "IN"), ("{year}/{register}/{serial:06d}", "IN2")),
        (("A/{year}/{serial:05d}", "IN"), ("D/{year}/{serial:05d}", "OUT")),
        (("{serial}/{year}/BO", "IN"), ("{serial}/{year}/DG", "OUT")),
        (("A-{serial:08d}-{year}", "IN"), ("A-{serial:09d}-{year}", "OUT")),
        (("{year}-{serial}", "IN"), ("{year}/{serial}", "OUT")),
    ],
)
def test_patterns_that_never_meet(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert not may_clash(one, other)


@pytest.mark.django_db
def test_a_second_desk_may_not_take_a_pattern_that_meets_the_first_one_later() -> None:
    desk = Register.objects.get(code="IN")
    names = {"name_ar": "م", "name_fr": "R", "name_en": "R"}
    save_register({**names, "pattern": "A/{serial}/{year}"}, actor=None, register=desk)
    second = {**names, "code": "IN9", "direction": "in", "pattern": "A/{serial:05d}/{year}"}
    with pytest.raises(BadOrganisationError) as refused:
        save_register(second, actor=None)
    assert set(refused.value.problems) == {"pattern"}


def test_a_width_is_filled_with_zeros_never_with_blanks() -> None:
    with pytest.raises(BadOrganisationError):
        preview("A/{year}/{serial:6d}", code="IN")
    assert preview("A/{year}/{serial:03d}", code="IN", serials=[7], year=2026) == ["A/2026/007"]
