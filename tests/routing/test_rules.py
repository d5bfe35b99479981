"""What the administrator's rules ask, what they give, and that none can hold a letter up."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from org.models import Department, LetterKind
from routing.models.rules import RoutingRule
from routing.rules.facts import Facts
from routing.rules.fields import FIELDS
from routing.rules.fitting import Ruling, decide, make_ready
from routing.rules.words import NoWordsError, TooMuchError, Words, fits_pattern, wanted_lines

EAU, COM, DG = (
    Department(pk=number, code=code, name_fr=code)
    for number, code in enumerate(("EAU", "COM", "DG"), start=1)
)
LEGAL = LetterKind(pk=1, code="legal_notice", name_fr="Acte")


def rule(*conditions: Any, to: Department | None = EAU, **columns: Any) -> RoutingRule:
    """A rule of (field, value) or (field, value, negated), automatic and stopping."""
    kept = [
        {"field": c[0], "value": c[1], "negated": len(c) > 2 and c[2]} for c in conditions
    ]  # fmt: skip
    columns = {"title": "r", "automatic": True, **columns}
    return RoutingRule(conditions=kept, department=to, **columns)


def ruling(facts: Facts, *rules: RoutingRule) -> Ruling:
    return decide(make_ready(rules), facts)


def fits(field: str, value: str, *, negated: bool = False, **facts: Any) -> bool:
    return bool(ruling(Facts(**facts), rule((field, value, negated))).fits)


@pytest.mark.parametrize(
    ("wanted", "text", "found"),
    [
        ("fuite eau", "De l'eau fuit: deux fuites d’EAU", True),  # any order, any form
        ("fuite eau", "une fuite de gaz", False),
        ("gaz\nfuite eau", "fuite, eau", True),  # any line
        ('"fuite d\'eau"', "une fuite d'eau", True),
        ('"fuite d\'eau"', "l'eau qui fuite", False),  # a phrase keeps its order
        ("«branchement électrique»", "BRANCHEMENTS ELECTRIQUES", True),
        ("=eau", "les eaux", False),
        ("assain*", "assainissement", True),
        ("assain*", "assaut", False),
        ("عداد", "وبالعدادات الجديدة", True),  # particles and plural
        ("تسرب الماء", "تسرّبٌ في الماءِ", True),
        ("شكاية", "بخصوص شكايتنا", True),
        ("فاتورة", "الفواتير", True),
    ],
)
def test_words_are_found_in_every_form_that_a_person_means(
    wanted: str, text: str, found: bool
) -> None:
    assert bool(Words(text).first_of(wanted_lines(wanted))) is found


def test_words_of_the_subject_are_not_looked_for_elsewhere() -> None:
    assert fits("words", "fuite", subject="Fuite", text="")
    assert fits("words", "fuite", subject="", text="fuite")
    assert not fits("subject", "fuite", subject="Autre", text="fuite")
    assert fits("subject", "fuite", subject="Une fuite")


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("DRH/*/2026", "drh / 12-b / 2026", True),
        ("DRH/*/2026", "DRH/12/2025", False),
        ("######", "٠١٢٣٤٥", True),
        ("######", "12345", False),
        ("*", "x", True),
        ("(a+)+$", "aaaa", False),  # no regular expression
    ],
)
def test_a_pattern_knows_anything_and_one_digit_alone(pattern: str, text: str, found: bool) -> None:
    assert fits_pattern(pattern, text) is found


def test_conditions_on_facts() -> None:
    day = date(2026, 3, 1)
    assert fits("kind", "invoice\nreminder", kind="reminder")
    assert not fits("kind", "invoice", kind="")
    assert fits("language", "ar", language="ar")
    assert fits("channel", "email post", channel="post")
    assert fits("register", "INT", register="INT")
    assert fits("sender", "wilaya", sender="Wilaya de la région")
    assert fits("sender_email", "onee.ma", email="achat@mail.onee.ma")
    assert not fits("sender_email", "onee.ma", email="x@faux-onee.ma")
    assert fits("sender_email", "*@onee.ma", email="achat@ONEE.ma")
    assert fits("recipient", "directeur", values={"recipient": ["Monsieur le Directeur"]})
    assert fits("enclosure", "contrat", values={"enclosure": ["copie du contrat"]})
    assert fits("customer_number", "", values={"customer_number": ["0123"]})
    assert not fits("customer_number", "")
    assert fits("customer_number", "01##", values={"customer_number": ["99", "0123"]})
    assert fits("external_reference", "TR/*", values={"external_reference": ["TR/7"]})
    assert fits("amount", "1000", values={"amount": ["20.00 MAD", "1500.50 MAD"]})
    assert not fits("amount", "1000", values={"amount": ["1500.50 EUR"]})
    assert fits("deadline", "10", values={"deadline": ["P8D"]}, received=day)
    assert fits("deadline", "10", values={"deadline": ["2026-03-10"]}, received=day)
    assert not fits("deadline", "5", values={"deadline": ["2026-03-10"]}, received=day)
    assert fits("urgent", "", values={"urgency": ["très urgent"]})
    assert fits("confidentiality", "1", confidentiality=2)
    assert fits("quoted_number", "", values={"quoted_number": ["2026/IN/1"]})
    assert fits("quoted_department", "COM EAU", quoted_departments=("EAU",))
    assert fits("score", "0.6", scores={"EAU": 0.7})
    assert not fits("score", "0.6", scores={"COM": 0.9})
    assert fits("kind_score", "0.5", kind_score=0.5)
    assert fits("words", "fuite", text="panne", negated=True)
    assert not fits("words", "fuite", text="fuite", negated=True)


def test_every_sort_of_condition_is_told_apart_from_every_other() -> None:
    with_value = {"confidentiality": "1", "urgent": "", "quoted_number": ""}
    for name in FIELDS:
        assert not fits(name, with_value.get(name, "1")), name
        assert fits(name, with_value.get(name, "1"), negated=True), name


def test_all_conditions_must_hold_and_each_gives_its_reason() -> None:
    narrow = rule(
        *[("language", "ar"), ("words", "fuite eau\nتسرب الماء")],
        *[("sender", "wilaya\nولاية"), ("channel", "post", True)],
    )
    facts = Facts(language="ar", channel="email", text="بخصوص تسرّب الماء", sender="ولايه الجهة")
    found = ruling(facts, narrow)
    assert found.fits[0].reasons == (
        *("language:ar", "words:تسرب الماء"), *("sender:ولاية", "without:channel"),
    )  # fmt: skip
    assert not ruling(Facts(**{**vars(facts), "channel": "post", "_kept": {}}), narrow).fits


def test_the_first_rule_stops_unless_it_says_go_on() -> None:
    facts = Facts(text="fuite")
    first, second = rule(("words", "fuite")), rule(("words", "fuite"), to=COM)
    assert ruling(facts, first, second).department == "EAU"
    assert ruling(facts, second, first).department == "COM"
    first.go_on = True
    assert ruling(facts, first, second).department == "EAU"
    assert len(ruling(facts, first, second).fits) == 2


def test_a_certain_rule_comes_before_a_proposal_unless_that_one_stops() -> None:
    facts = Facts(text="fuite", scores={"COM": 0.9})
    sure = rule(("score", "0.6"), to=COM)
    proposal = rule(("words", "fuite"), automatic=False)
    found = ruling(facts, proposal, sure)
    assert (found.department, found.automatic) == ("EAU", False)
    proposal.go_on = True
    found = ruling(facts, proposal, sure)
    assert (found.department, found.automatic) == ("COM", True)


def test_a_rule_gives_copies_a_kind_and_a_level_and_later_rules_see_the_kind() -> None:
    first = rule(
        *[("words", "huissier")],
        to=None,
        copies=["DG"],
        gives_kind=LEGAL,
        confidentiality=1,
        go_on=True,
    )
    second = rule(("kind", "legal_notice"), to=COM)
    found = ruling(Facts(text="l'huissier"), first, second)
    assert (found.department, list(found.copies), found.confidentiality) == ("COM", ["DG"], 1)
    assert found.kind is not None
    assert not ruling(Facts(text="l'huissier", kind="request"), first, second).department


def test_a_reminder_follows_the_letter_that_it_quotes() -> None:
    follow = rule(("quoted_number", ""), to=None, same_department=True)
    values = {"quoted_number": ["2026/IN/1"]}
    assert ruling(Facts(values=values, quoted_departments=("COM",)), follow).department == "COM"
    assert not ruling(Facts(values=values), follow).fits  # nowhere to go: the next rule is asked
    follow.department = EAU
    assert ruling(Facts(values=values), follow).department == "EAU"


def test_a_rule_is_in_force_for_letters_received_in_its_days() -> None:
    seasonal = rule(("words", "fuite"), valid_from=date(2026, 6, 1), valid_until=date(2026, 6, 30))
    days = {date(2026, 5, 31): 0, date(2026, 6, 1): 1, date(2026, 6, 30): 1, date(2026, 7, 1): 0}
    for day, held in days.items():
        assert len(ruling(Facts(text="fuite", received=day), seasonal).fits) == held


BROKEN: list[Any] = [
    *([{"field": "words"}], [{"field": "words", "value": "…"}]),
    *([{"field": "nothing", "value": "1"}], [{"field": "amount", "value": "much"}], ["words"]),
    *([{"field": "amount", "value": "nan"}], [{"value": "x"}], [None]),
    [{"field": "words", "value": 3}],
    [{"field": "words", "value": "fuite"}] * 21,
]  # fmt: skip


@pytest.mark.parametrize("conditions", BROKEN, ids=range(len(BROKEN)))
def test_a_rule_that_raises_is_told_of_and_the_others_decide(conditions: Any) -> None:
    bad = RoutingRule(title="bad", conditions=conditions, department=COM, automatic=True)
    good = rule(("words", "fuite"))
    found = ruling(Facts(text="fuite"), bad, good)
    assert (found.department, [one.rule for one in found.failures]) == ("EAU", [bad])


def test_a_fact_that_raises_is_told_of_with_its_condition_and_without_its_words() -> None:
    values = {"amount": ["Karim Alaoui MAD"]}
    found = ruling(
        Facts(text="fuite", values=values), rule(("amount", "1")), rule(("words", "fuite"))
    )
    assert found.department == "EAU"
    assert [(one.field, one.error) for one in found.failures] == [("amount", "ValueError")]


def test_what_would_take_for_ever_is_refused_or_bounded() -> None:
    """Without the bounds this test would not end."""
    with pytest.raises(TooMuchError):
        wanted_lines("fuite\n" * 100)
    with pytest.raises(TooMuchError):
        wanted_lines(" ".join(["fuite"] * 13))
    with pytest.raises(NoWordsError):
        wanted_lines("…!")
    endless = "\n".join('"' + "a* " * 10 + '"' for _ in range(60))
    text = "a " * 1_000_000  # only its beginning is looked at
    huge = RoutingRule(
        title="huge",
        conditions=[{"field": "words", "value": "fuite\n" * 500_000}],
        department=COM,
        automatic=True,
    )
    stars = rule(("external_reference", "*a" * 25 + "b"))
    facts = Facts(text=text, values={"external_reference": ["a" * 5000]})
    found = ruling(facts, huge, rule(("words", endless)), stars, rule(("words", "a"), to=DG))
    assert [one.error for one in found.failures] == ["TooMuchError"]
    assert found.department in {"EAU", "DG"}


TEXTS = st.text(max_size=200)
VALUES = st.one_of(TEXTS, st.sampled_from(["1", "0.5", "fuite", "*", "#", "=x", '"a b"', "EAU"]))
CONDITIONS = st.fixed_dictionaries(
    {"field": st.sampled_from([*FIELDS, "unknown"]), "value": VALUES, "negated": st.booleans()}
)
RULES = st.builds(
    RoutingRule,
    conditions=st.lists(st.one_of(CONDITIONS, st.none(), st.integers()), max_size=3),
    department=st.sampled_from([EAU, COM, DG, None]),
    same_department=st.booleans(),
    automatic=st.booleans(),
    go_on=st.booleans(),
    confidentiality=st.integers(0, 2),
    gives_kind=st.sampled_from([None, LEGAL]),
    copies=st.sampled_from([[], ["DG"]]),
)
FACTS = st.builds(
    Facts,
    kind=st.sampled_from(["", "legal_notice", "fuite"]),
    text=TEXTS,
    subject=TEXTS,
    sender=TEXTS,
    email=TEXTS,
    confidentiality=st.integers(0, 2),
    received=st.one_of(st.none(), st.dates()),
    scores=st.dictionaries(st.sampled_from(["EAU", "COM"]), st.floats(0, 1)),
    quoted_departments=st.sampled_from([(), ("EAU",)]),
    unread=st.booleans(),
    values=st.dictionaries(
        st.sampled_from(["amount", "deadline", "urgency", "customer_number", "recipient"]),
        st.lists(st.one_of(TEXTS, st.sampled_from(["P3D", "12.00 MAD", "2026-01-01"])), max_size=3),
    ),
)


@given(st.lists(RULES, max_size=5), FACTS)
def test_deciding_is_total(rules: list[RoutingRule], facts: Facts) -> None:
    found = ruling(facts, *rules)
    assert found.effect() is not None
    assert all(":" in reason for fit in found.fits for reason in fit.reasons)


@given(st.lists(RULES, max_size=4), RULES, FACTS)
def test_a_rule_below_never_changes_what_automatic_rules_above_decided(
    rules: list[RoutingRule], below: RoutingRule, facts: Facts
) -> None:
    before, after = ruling(facts, *rules), ruling(facts, *rules, below)
    assert after.fits[: len(before.fits)] == before.fits
    if before.automatic:
        assert (after.department, after.automatic) == (before.department, True)
    if before.kind and before.kind.rule.automatic:
        assert after.kind == before.kind
    assert after.confidentiality >= before.confidentiality
    assert set(before.copies) <= set(after.copies)


@given(st.lists(RULES, min_size=2, max_size=4), FACTS)
def test_the_order_decides(rules: list[RoutingRule], facts: Facts) -> None:
    for one in rules:
        one.go_on, one.gives_kind = False, None
    fitting = [one for one in rules if ruling(facts, one).fits]
    assert [fit.rule for fit in ruling(facts, *rules).fits] == fitting[:1]


@given(TEXTS, TEXTS)
def test_a_pattern_never_raises_and_a_text_fits_itself(pattern: str, text: str) -> None:
    fits_pattern(pattern, text)
    assert fits_pattern("*", text)
