"""Letters of the office's own, internal letters, and one reply to several letters."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from correspondence.answers import several
from correspondence.answers.addressees import AddresseeData
from correspondence.answers.reading import replies_of
from correspondence.answers.several import by_numbers, could_answer_too
from correspondence.dispatch import sending
from correspondence.drafts import fresh
from correspondence.models.dispatch import Dispatch
from correspondence.models.drafts import Addressee
from correspondence.models.replies import Reply
from correspondence.replies import circuit, drafting
from org.models import User
from registry.changes import history_of
from registry.models.acts import Act
from registry.models.letters import Letter, ReplyLink
from registry.states import ConflictError
from registry.verification import verify_register
from routing.acting.errors import NotAllowedError
from routing.assigning import giving
from routing.inbox import assignments
from routing.inbox.reading import inbox, tray
from routing.models.assignments import Assignment
from tests.correspondence import circuits
from tests.factories import department, deposit, drain, pdf

pytestmark = pytest.mark.django_db

COMMUNE = AddresseeData(
    name="M. le Président", organisation="Commune de Salé", email="bo@sale.example"
)


def own_letter(actor: User, **more: object) -> Reply:
    values: dict[str, object] = {
        "department": department("EAU"),
        "subject": "Coupure d'eau du 3 mars",
        "body": "L'eau sera coupée.",
        "addressees": [COMMUNE],
    }
    return fresh.draft_letter(actor=actor, **values | more)  # type: ignore[arg-type]


def agreed(reply: Reply, badr: User, dounia: User) -> Reply:
    circuit.submit_reply(reply, actor=badr)
    return circuit.approve_reply(reply, actor=dounia)


def internal(actor: User, **more: object) -> Reply:
    units = [
        AddresseeData(department=department("SI")),
        AddresseeData(department=department("COM"), role="copy"),
    ]
    return own_letter(actor, direction="internal", addressees=units, **more)


def sent_internal(badr: User, dounia: User, **more: object) -> Letter:
    reply = agreed(internal(badr, **more), badr, dounia)
    return sending.send_reply(reply, actor=badr, method="")


def clean() -> bool:
    return list(verify_register()) == []


def test_a_letter_that_answers_nothing_gets_its_number_when_it_is_sent(
    badr: User, dounia: User
) -> None:
    reply = own_letter(badr)
    assert (reply.letter, reply.answers, reply.outgoing) == (None, None, None)
    agreed(reply, badr, dounia)
    outgoing = sending.send_reply(reply, actor=badr, method="email")
    assert outgoing.register.code == "OUT"
    assert [p.name for p in outgoing.parties.filter(role="recipient")] == ["M. le Président"]
    assert Dispatch.objects.get(letter=outgoing).address == "bo@sale.example"
    reply = Reply.objects.get(pk=reply.pk)
    assert (reply.letter, reply.outgoing, reply.answers) == (outgoing, outgoing, None)
    assert not ReplyLink.objects.filter(outgoing=outgoing).exists()
    assert not replies_of(outgoing).exists()
    drain()
    outgoing.refresh_from_db()
    assert (outgoing.stage, Dispatch.objects.get(letter=outgoing).state) == ("closed", "sent")
    assert clean()


def test_what_happens_to_a_draft_without_a_letter_is_an_act_with_seals(
    badr: User, dounia: User
) -> None:
    reply = own_letter(badr)
    drafting.edit_reply(reply, actor=badr, subject="Coupure", body="Le 4 mars.")
    circuit.submit_reply(reply, actor=badr)
    circuit.return_reply(reply, actor=dounia, remark="Quelle rue ?")
    acts = Act.objects.filter(data__reply=str(reply.pk)).order_by("seq")
    assert [act.kind for act in acts] == [
        *("letter_drafted", "reply_edited", "reply_submitted", "reply_returned"),
    ]
    assert f"correspondence.reply/{reply.pk}" in acts[0].data["seals"]
    assert clean()


def test_its_mail_names_its_number_and_no_letter(
    badr: User, dounia: User, mailoutbox: list[object]
) -> None:
    outgoing = sending.send_reply(
        agreed(own_letter(badr), badr, dounia), actor=badr, method="email"
    )
    drain()
    body = mailoutbox[0].body  # type: ignore[attr-defined]
    assert outgoing.number in body
    assert "réponse" not in body


def test_one_that_came_back_goes_out_again_under_its_number(badr: User, dounia: User) -> None:
    from correspondence.dispatch.delivery import dispatch_parked

    reply = agreed(own_letter(badr), badr, dounia)
    outgoing = sending.send_reply(reply, actor=badr, method="email")
    dispatch_parked(str(Dispatch.objects.get(letter=outgoing).pk), "mail_refused")
    reply = Reply.objects.get(pk=reply.pk)
    assert reply.state == "bounced"
    again = sending.send_reply(reply, actor=badr, method="handed_over", address="Le chaouch")
    assert again == outgoing
    assert Reply.objects.get(pk=reply.pk).state == "delivered"
    drain()
    assert clean()


def test_only_people_of_the_department_write_in_its_name(chafik: User, amina: User) -> None:
    for who in (chafik, amina):
        with pytest.raises(NotAllowedError):
            own_letter(who)
    assert not Reply.objects.exists()


def test_a_stranger_does_nothing_with_it(badr: User, dounia: User, chafik: User) -> None:
    reply = own_letter(badr)
    deeds: list[Callable[[], object]] = [
        lambda: drafting.edit_reply(reply, actor=chafik, subject="x", body="y"),
        lambda: fresh.readdress(reply, actor=chafik, addressees=[COMMUNE], confidentiality=0),
        lambda: circuit.submit_reply(reply, actor=chafik),
    ]
    for deed in deeds:
        with pytest.raises(NotAllowedError):
            deed()
    circuit.submit_reply(reply, actor=badr)
    with pytest.raises(NotAllowedError):
        circuit.approve_reply(reply, actor=chafik)


def test_a_member_writes_nothing_above_their_level(badr: User, dounia: User) -> None:
    with pytest.raises(NotAllowedError):
        own_letter(badr, confidentiality=1)
    secret = own_letter(dounia, confidentiality=1)
    with pytest.raises(NotAllowedError):
        drafting.edit_reply(secret, actor=badr, subject="x", body="y")


@pytest.mark.parametrize(
    ("addressees", "direction"),
    [
        ([], "out"),
        ([AddresseeData(email="a@b.example")], "out"),
        ([AddresseeData(name="X", email="no address")], "out"),
        ([AddresseeData(name="X", role="copy")], "out"),
        ([AddresseeData(name="X")], "internal"),
        ([AddresseeData(name=f"{n}") for n in range(51)], "out"),
    ],
)
def test_a_letter_to_nobody_is_refused(
    badr: User, addressees: list[AddresseeData], direction: str
) -> None:
    with pytest.raises(NotAllowedError):
        own_letter(badr, addressees=addressees, direction=direction)


def test_a_draft_is_readdressed_until_it_is_submitted(badr: User) -> None:
    reply = own_letter(badr)
    fresh.readdress(
        reply,
        actor=badr,
        addressees=[COMMUNE, AddresseeData(name="Wali", role="copy")],
        confidentiality=0,
    )
    assert [(a.position, a.role) for a in reply.addressees.all()] == [(1, "recipient"), (2, "copy")]
    other_window = Reply.objects.get(pk=reply.pk)
    circuit.submit_reply(reply, actor=badr)
    with pytest.raises(ConflictError):
        fresh.readdress(other_window, actor=badr, addressees=[COMMUNE], confidentiality=0)


def test_a_file_leaves_with_its_original_beside(badr: User, dounia: User) -> None:
    reply = agreed(own_letter(badr, body="", file=pdf(name="avis.pdf")), badr, dounia)
    outgoing = sending.send_reply(reply, actor=badr, method="handed_over", address="Accueil")
    titles = [d.title for d in outgoing.documents.order_by("position")]
    assert titles == ["avis.pdf", "original - avis.pdf"]
    assert clean()


def test_an_internal_letter_lies_in_the_inboxes_the_moment_it_is_sent(
    badr: User, dounia: User, chafik: User
) -> None:
    day = timezone.localdate() + timedelta(days=5)
    letter = sent_internal(badr, dounia, answer_by=day)
    assert (letter.register.code, letter.channel, letter.number[4:9]) == (
        "INT",
        "internal",
        "/INT/",
    )
    mine = inbox(chafik).get()
    assert (mine.letter, mine.role, mine.due_on) == (letter, "action", day)
    assert Assignment.objects.get(letter=letter, department__code="COM").role == "copy"
    assert letter in Letter.objects.visible_to(badr)
    assert Reply.objects.get(outgoing=letter).state == "delivered"
    assert not Dispatch.objects.filter(letter=letter).exists()
    assert not letter.receipts.exists()
    assert history_of(letter.pk, citizen=True)[1:] == []
    drain()
    assert letter.documents.filter(media_type="application/pdf").exists()
    assert clean()


def test_a_signed_internal_letter_goes_to_its_addressees_alone(
    badr: User, dounia: User, direction: User, amina: User
) -> None:
    circuits.circuit()
    reply = internal(badr)
    circuit.submit_reply(reply, actor=badr)
    circuit.approve_reply(circuits.fresh(reply), actor=dounia)
    circuit.sign_reply(circuits.fresh(reply), actor=direction)
    drain()  # nobody sends it: it has no envelope, and its author has said who gets it
    sent = circuits.fresh(reply)
    letter = sent.outgoing
    assert letter is not None
    assert letter.events.filter(kind="understood").exists()
    assert sent.state == "delivered"
    assert sent.signed_file_id
    assert letter not in tray(amina)
    given = Assignment.objects.filter(letter=letter).values_list("department__code", "role")
    assert set(given) == {("SI", "action"), ("COM", "copy")}
    assert clean()


def test_its_answer_goes_back_to_the_department_that_wrote(
    badr: User, dounia: User, chafik: User, direction: User, amina: User
) -> None:
    letter = sent_internal(badr, dounia)
    assignments.accept(inbox(chafik).get(), actor=chafik)
    answer = drafting.draft_reply(letter, actor=chafik, subject="", body="C'est fait.")
    assert answer.direction == "internal"
    circuit.submit_reply(answer, actor=chafik)
    circuit.approve_reply(answer, actor=direction)
    sent = sending.send_reply(answer, actor=chafik, method="")
    assert sent.register.code == "INT"
    back = inbox(badr).get(letter=sent)
    assert (back.role, back.letter.stage) == ("copy", "closed")
    letter.refresh_from_db()
    assert letter.stage == "answered"
    assert ReplyLink.objects.filter(incoming=letter, outgoing=sent).exists()
    assert sent not in tray(amina)
    assignments.sign_off(back, actor=badr, method="noted")
    drain()
    assert clean()


def test_no_day_that_is_over(badr: User) -> None:
    with pytest.raises(NotAllowedError):
        internal(badr, answer_by=timezone.localdate() - timedelta(days=1))


@pytest.fixture
def second(amina: User, badr: User) -> Letter:
    """Another letter in the hands of EAU."""
    letter = deposit(subject="Fuite, rappel").letter
    assignments.accept(giving.assign(letter, department=department("EAU"), actor=amina), actor=badr)
    return letter


def test_one_reply_answers_several_letters(
    accepted: Assignment, second: Letter, badr: User, dounia: User
) -> None:
    first = accepted.letter
    reply = drafting.draft_reply(first, actor=badr, subject="Fuites", body="Réparées.")
    several.answer_too(reply, letters=[second, first], actor=badr)
    agreed(reply, badr, dounia)
    outgoing = sending.send_reply(reply, actor=badr, method="email", address="c@d.example")
    for letter in (first, second):
        letter.refresh_from_db()
        assert letter.stage == "answered"
        assert ReplyLink.objects.filter(incoming=letter, outgoing=outgoing).exists()
        assert "reply_sent" in {event.kind for event in history_of(letter.pk, citizen=True)}
    assert second.number in outgoing.external_reference
    drain()
    assert clean()


def test_one_reply_answers_twenty_further_letters_and_no_more(
    accepted: Assignment, badr: User
) -> None:
    more = [deposit(subject="Fuite").letter for _ in range(several.MOST + 1)]
    reply = drafting.draft_reply(accepted.letter, actor=badr, subject="Fuites", body="Réparées.")
    with pytest.raises(NotAllowedError, match="20"):
        several.answer_too(reply, letters=more, actor=badr)


def test_when_it_comes_back_all_are_in_hand_again(
    accepted: Assignment, second: Letter, badr: User, dounia: User
) -> None:
    from correspondence.dispatch.delivery import dispatch_parked

    reply = drafting.draft_reply(accepted.letter, actor=badr, subject="Fuites", body="Réparées.")
    several.answer_too(reply, letters=[second], actor=badr)
    agreed(reply, badr, dounia)
    outgoing = sending.send_reply(reply, actor=badr, method="email", address="c@d.example")
    dispatch_parked(str(Dispatch.objects.get(letter=outgoing).pk), "mail_refused")
    for letter in (accepted.letter, second):
        letter.refresh_from_db()
        assert letter.stage == "in_hand"
    reply = Reply.objects.get(pk=reply.pk)
    sending.send_reply(reply, actor=badr, method="email", address="e@f.example")
    second.refresh_from_db()
    assert second.stage == "answered"
    drain()
    assert clean()


def test_a_further_letter_is_taken_back(accepted: Assignment, second: Letter, badr: User) -> None:
    reply = drafting.draft_reply(accepted.letter, actor=badr, subject="Fuites", body="Réparées.")
    several.answer_too(reply, letters=[second], actor=badr)
    several.answer_too(reply, letters=[], actor=badr)
    assert not reply.also.filter(active=True).exists()
    assert clean()


def test_nobody_answers_a_letter_that_is_not_theirs(
    accepted: Assignment, badr: User, amina: User
) -> None:
    other = deposit(subject="Réseau").letter
    giving.assign(other, department=department("SI"), actor=amina)
    reply = drafting.draft_reply(accepted.letter, actor=badr, subject="Fuites", body="Réparées.")
    with pytest.raises(NotAllowedError):
        several.answer_too(reply, letters=[other], actor=badr)
    with pytest.raises(NotAllowedError):
        by_numbers(other.number, badr)


def test_letters_of_the_same_sender_are_offered(badr: User, amina: User) -> None:
    from registry.intake import PartyData

    letters = []
    for n in range(2):
        sender = PartyData("sender", name="Client d'essai", email="c@d.example")
        letter = deposit(subject=f"Fuite {n}", parties=[sender]).letter
        row = giving.assign(letter, department=department("EAU"), actor=amina)
        assignments.accept(row, actor=badr)
        letters.append(letter)
    assert could_answer_too(letters[0], badr) == [letters[1]]
    assert by_numbers(letters[1].number, badr) == [letters[1]]


def test_many_replies_to_one_letter_each_have_a_number(
    accepted: Assignment, badr: User, dounia: User
) -> None:
    numbers = set()
    for n in range(2):
        reply = drafting.draft_reply(accepted.letter, actor=badr, subject=f"R{n}", body="Bonjour")
        agreed(reply, badr, dounia)
        numbers.add(
            sending.send_reply(reply, actor=badr, method="handed_over", address="M. X").number
        )
    assert len(numbers) == 2
    assert ReplyLink.objects.filter(incoming=accepted.letter).count() == 2
    assert clean()


def test_addressees_are_gone_with_no_trace_only_before_sending(badr: User, dounia: User) -> None:
    reply = agreed(own_letter(badr), badr, dounia)
    sending.send_reply(reply, actor=badr, method="handed_over", address="Accueil")
    assert clean()
    Addressee.objects.filter(reply=reply).update(name="Un autre")
    assert not clean()
