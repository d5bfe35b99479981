"""Mailings: a reply for each addressee, done with one after the other, none holding up another."""

import pikepdf
import pytest

from correspondence.answers.addressees import AddresseeData
from correspondence.drafts.choosing import contacts_named, of_contacts, of_letter, out_of_table
from correspondence.drafts.mailings import actions_on, ask, make_mailing
from correspondence.drafts.reading import mailings_of
from correspondence.forms.keeping import keep_template, newest
from correspondence.models.drafts import Mailing
from correspondence.models.replies import Reply
from correspondence.replies import archival_form
from jobs.models import Job
from org.models import User
from registry.archival.pdfa import claims
from registry.files.vault import open_path
from registry.models.letters import Letter
from registry.states import ConflictError
from registry.verification import verify_register
from routing.acting.errors import NotAllowedError
from routing.models.assignments import Assignment
from tests.factories import department, drain, file, person
from tests.registry.contacts import contact

pytestmark = pytest.mark.django_db

THREE = [
    AddresseeData(name="Karim", email="karim@client.example"),
    AddresseeData(name="Salma", address="Rabat"),
    AddresseeData(organisation="Wilaya", email="bo@wilaya.example"),
]


def mailing_of(actor: User, **more: object) -> Mailing:
    values: dict[str, object] = {
        "department": department("EAU"),
        "addressees": THREE,
        "subject": "Coupure",
        "body": "Bonjour {{ recipient_name }}{{ recipient_organisation }}, l'eau sera coupée.",
    }
    mailing = make_mailing(actor=actor, **values | more)  # type: ignore[arg-type]
    drain("mailing.carry")
    mailing.refresh_from_db()
    return mailing


def do(mailing: Mailing, deed: str, actor: User, method: str = "") -> list[str]:
    """The problems on its lines afterwards."""
    ask(mailing, deed=deed, actor=actor, method=method)
    drain("mailing.carry")
    mailing.refresh_from_db()
    assert mailing.doing == ""
    return [line.problem for line in mailing.lines.all()]


def states(mailing: Mailing) -> list[str]:
    return [line.reply.state if line.reply else "" for line in mailing.lines.all()]


def test_each_addressee_gets_a_reply_with_a_number_of_its_own(badr: User, dounia: User) -> None:
    mailing = mailing_of(badr)
    bodies = [line.reply.body for line in mailing.lines.all() if line.reply]
    assert bodies[0] == "Bonjour Karim, l'eau sera coupée."
    assert bodies[2] == "Bonjour Wilaya, l'eau sera coupée."
    assert do(mailing, "submit", badr) == ["", "", ""]
    assert do(mailing, "approve", dounia) == ["", "", ""]
    do(mailing, "send", badr, "handed_over")
    assert states(mailing) == ["delivered"] * 3
    letters = Letter.objects.filter(reply_behind__mailing=mailing)
    assert len({letter.number for letter in letters}) == 3
    drain()
    assert list(verify_register()) == []


def test_what_cannot_leave_is_said_and_holds_up_no_other(badr: User, dounia: User) -> None:
    mailing = mailing_of(badr)
    do(mailing, "submit", badr)
    do(mailing, "approve", dounia)
    problems = do(mailing, "send", badr, "email")
    assert [bool(problem) for problem in problems] == [False, True, False]
    assert states(mailing) == ["sent", "approved", "sent"]
    assert do(mailing, "send", badr, "handed_over") == ["", "", ""]
    assert states(mailing) == ["sent", "delivered", "sent"]


def test_who_may_not_approve_changes_none(badr: User, amina: User) -> None:
    mailing = mailing_of(badr)
    do(mailing, "submit", badr)
    assert all(do(mailing, "approve", badr))
    assert states(mailing) == ["submitted"] * 3


def test_who_may_only_read_it_begins_nothing(
    badr: User, dounia: User, amina: User, audit: User
) -> None:
    mailing = mailing_of(badr)
    assert Mailing.objects.filter(pk__in=mailings_of(audit)).exists()
    for deed in Mailing.Deed.values:
        with pytest.raises(NotAllowedError):
            ask(mailing, deed=deed, actor=audit, method="post")
    mailing.refresh_from_db()
    assert mailing.doing == ""
    assert actions_on(mailing, amina) == set()
    do(mailing, "submit", badr)
    do(mailing, "approve", dounia)
    assert actions_on(mailing, amina) == {"send"}  # as the registry office sends any approved reply


def test_a_mailing_answers_a_letter_that_lies_with_its_department(
    accepted: Assignment, badr: User, amina: User
) -> None:
    mailing = mailing_of(badr, letter=accepted.letter, addressees=of_letter(accepted.letter))
    assert [reply.letter for reply in Reply.objects.filter(mailing=mailing)] == [accepted.letter]
    assert list(verify_register()) == []
    with pytest.raises(NotAllowedError):
        make_mailing(
            actor=person("chafik"),
            department=department("SI"),
            letter=accepted.letter,
            addressees=THREE,
            subject="x",
            body="y",
        )


def test_out_of_a_template(badr: User) -> None:
    upload = file("m.txt", "السيد {{ recipient_name }}".encode())
    template = keep_template(actor=person("admin"), name="A", language="ar", file=upload)
    mailing = mailing_of(badr, version=newest(template), body="")
    assert next(line.reply.body for line in mailing.lines.all() if line.reply) == "السيد Karim"
    assert mailing.language == "ar"


def test_an_unknown_field_is_said_on_every_line_and_made_again(badr: User) -> None:
    mailing = mailing_of(badr, body="{{ nom }}")
    assert all("nom" in line.problem for line in mailing.lines.all())
    assert states(mailing) == ["", "", ""]
    Mailing.objects.filter(pk=mailing.pk).update(body="Bonjour")
    assert do(mailing, "make", badr) == ["", "", ""]
    assert states(mailing) == ["draft"] * 3


def test_two_clicks_one_deed(badr: User) -> None:
    mailing = mailing_of(badr)
    ask(mailing, deed="submit", actor=badr)
    with pytest.raises(ConflictError):
        ask(mailing, deed="submit", actor=badr)
    assert Job.objects.filter(kind="mailing.carry", state="ready").count() == 1


def test_a_repeated_job_makes_no_second_reply(badr: User) -> None:
    mailing = mailing_of(badr)
    do(mailing, "make", badr)
    assert Reply.objects.filter(mailing=mailing).count() == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"addressees": []},
        {"addressees": [AddresseeData(name=f"{n}") for n in range(501)]},
        {"addressees": [AddresseeData(name="A", email="nobody")]},
        {"subject": " "},
        {"body": ""},
        {"confidentiality": 2},
    ],
)
def test_a_mailing_of_nothing_is_refused(badr: User, wrong: dict[str, object]) -> None:
    with pytest.raises(NotAllowedError):
        mailing_of(badr, **wrong)
    assert not Mailing.objects.exists()


@pytest.mark.parametrize(
    "table",
    [
        "Karim;;Rabat;karim@client.example;0612345678",
        "\ufeffnom,courriel,adresse,téléphone\nKarim,karim@client.example,Rabat,0612345678\n\n",
        "الاسم\tالبريد\tالعنوان\tالهاتف\nKarim\tkarim@client.example\tRabat\t0612345678",
    ],
)
def test_a_table_by_order_or_by_header(table: str) -> None:
    (to,) = out_of_table(table.encode())
    assert (to.name, to.address, to.email) == ("Karim", "Rabat", "karim@client.example")


def test_a_line_with_more_cells_than_the_heading_is_named() -> None:
    with pytest.raises(NotAllowedError, match=r"3.*cellules"):
        out_of_table(b"nom,adresse\nNaima,Rabat,,\nKarim,12, rue des Figues\n")


@pytest.mark.parametrize("table", [b"\xff\xfe", b"a;b\n" * 501, b"x" * 2_000_000])
def test_a_bad_table_is_refused(table: bytes) -> None:
    with pytest.raises(NotAllowedError):
        out_of_table(table)


def test_contacts_as_far_as_one_may_see_them(badr: User, amina: User) -> None:
    row = contact("Karim Tahiri", phone="0612345678")
    assert contacts_named("Tahiri", badr) == []
    assert of_contacts([row.pk], badr) == []
    assert contacts_named("Tahiri", amina) == [row]
    (to,) = of_contacts([row.pk, row.pk], amina)
    assert (to.name, to.phone) == ("Karim Tahiri", "0612345678")


def test_pages_that_the_office_draws_last_without_being_made_so_again(
    badr: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_any: object, **_more: object) -> int:
        raise AssertionError("converted, and in the transaction of a line")

    monkeypatch.setattr(archival_form, "make_archival", never)
    upload = file("m.html", "<p>السيد {{ recipient_name }}</p>".encode())
    template = keep_template(actor=person("admin"), name="H", language="ar", file=upload)
    mailing = mailing_of(badr, version=newest(template), body="")
    replies = [line.reply for line in mailing.lines.all() if line.reply]
    assert [reply.archive_level for reply in replies] == ["pdfa"] * 3
    for reply in replies:
        assert reply.file is not None
        with open_path(reply.file.sha256) as path, pikepdf.open(path) as pdf:
            assert claims(pdf)
