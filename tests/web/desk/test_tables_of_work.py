"""Terms, days off, lists, circuits, rules and templates as tables: looked at first, then kept."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from correspondence.forms.keeping import newest
from correspondence.models.forms import ReplyTemplate
from correspondence.models.steps import Circuit
from jobs.models import Job
from org.models import Holiday, OrgChange, RetentionText
from registry.models.letters import Letter
from routing.assigning import giving
from routing.models.clocks import DeadlineRule
from routing.models.distribution import DistributionList
from routing.models.rules import RoutingRule
from routing.rules.defaults import load_defaults
from tests.factories import department, deposit, drain, kind, person

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
HOME = "/administration/tables/"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def brought(client: Client, name: str, table: str) -> str:
    """Bring a table as a file: the page with its report, nothing written yet."""
    file = SimpleUploadedFile("table.csv", table.encode())
    answer = client.post(f"{HOME}{name}/", {"file": file})
    assert answer.status_code == 200
    return text(answer)


def seen_on(page: str) -> str:
    (found,) = re.findall(r'name="seen" value="([^"]+)"', page)
    return str(found)


def kept(client: Client, name: str, table: str) -> None:
    fields = {"text": table, "sure": "1", "seen": seen_on(brought(client, name, table))}
    answer = client.post(f"{HOME}{name}/", fields)
    assert answer.status_code == 303, text(answer)


@pytest.fixture
def letter() -> Letter:
    load_defaults()
    found = deposit(kind=kind("enquiry"), actor=person("amina")).letter
    giving.assign(found, department=department("EAU"), actor=person("amina"))
    return Letter.objects.get(pk=found.pk)


def test_a_row_that_a_colleague_changed_meanwhile_is_shown_first(
    browser: Browser, letter: Letter
) -> None:
    client, table = browser("admin"), "kind,days,unit\nenquiry,5,working\n"
    fields = {"text": table, "sure": "1", "seen": seen_on(brought(client, "deadlines", table))}
    kept(client, "deadlines", "kind,days,unit\nenquiry,9,working\n")

    told = client.post(f"{HOME}deadlines/", fields)

    assert told.status_code == 409
    assert "modifié cette liste" in text(told)
    assert DeadlineRule.objects.get(kind=kind("enquiry")).days == 9
    again = {**fields, "seen": seen_on(text(told))}
    assert client.post(f"{HOME}deadlines/", again).status_code == 303
    assert DeadlineRule.objects.get(kind=kind("enquiry")).days == 5


def test_a_table_of_terms_shows_the_letters_that_it_moves(browser: Browser, letter: Letter) -> None:
    client = browser("admin")
    table = "kind,days,unit\nenquiry,5,working\n"

    page = brought(client, "deadlines", table)

    assert letter.number in page
    assert DeadlineRule.objects.get(kind=kind("enquiry")).days == 20
    assert not Job.objects.filter(kind="clocks.recompute").exists()
    kept(client, "deadlines", table)
    drain("clocks.recompute")
    assert Letter.objects.get(pk=letter.pk).due_explained["days"] == 5
    rule = DeadlineRule.objects.get(kind=kind("enquiry"))
    assert (rule.extension_days, rule.active) == (20, True)
    assert "20" in text(client.get(f"/deadlines/{rule.pk}/"))


def test_a_table_of_days_off_shows_the_letters_that_it_moves(
    browser: Browser, letter: Letter
) -> None:
    client = browser("admin")
    table = f"day,name_ar,name_fr\n{letter.due_on},عطلة,Congé\n"

    assert letter.number in brought(client, "calendar", table)
    assert not Holiday.objects.exists()
    kept(client, "calendar", table)
    assert Holiday.objects.get().confirmed
    assert OrgChange.objects.get(noun="holiday").key == str(Holiday.objects.get().day.year)


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("deadlines", "kind,days,unit\nnone,5,working\n"),
        ("deadlines", "kind,days,unit\nenquiry,0,working\n"),
        ("deadlines", "kind,days,unit\nenquiry,5,weeks\n"),
        ("deadlines", "kind,days,unit,channel\nenquiry,5,working,pigeon\n"),
        ("calendar", "day,name_ar,name_fr\n2026-02-30,عطلة,Congé\n"),
        ("calendar", "day,name_ar,name_fr\n2026-02-03,,Congé\n"),
        ("distribution", "name,departments\nTous,NONE:copy\n"),
        ("distribution", "name,departments\nTous,EAU:friend\n"),
        ("circuits", "name_fr,name_ar,steps\nLong,طويل,1:visa:nobody\n"),
        ("circuits", "name_fr,name_ar,steps\nLong,طويل,x\n"),
        ("rules", 'title,conditions\nRègle,"{"\n'),
        ("rules", "title,conditions\nRègle,[]\n"),
        ("templates", "name,language,format,content\nNote,fr,text,{{ nothing }}\n"),
        ("templates", "name,language,format,content\nNote,fr,docx,***\n"),
        ("number_formats", "pattern,desk\n{serial}/{year},Poste\n"),
        ("number_formats", "pattern,desk\n{serial}/BO/{year},\n"),
        ("retention", "kind,text_ar,text_fr\nnone,نص,Texte\n"),
        ("retention", "kind,years,text_ar,text_fr\n,x,نص,Texte\n"),
        ("retention", "kind,years,text_ar,text_fr\n,00000199999999999999999999,نص,Texte\n"),
    ],
)
def test_a_wrong_line_is_told_and_nothing_is_kept(
    browser: Browser, name: str, table: str, admin: Any
) -> None:
    client = browser("admin")

    assert 'class="tag bad"' in brought(client, name, table)

    answer = client.post(f"{HOME}{name}/", {"text": table, "sure": "1"})
    assert answer.status_code == 200
    assert not OrgChange.objects.exists()


def test_lists_circuits_rules_and_texts_come_by_table_and_stay_the_same(browser: Browser) -> None:
    client = browser("admin")
    kept(client, "distribution", "name,departments\nDiffusion,EAU:action;JUR:copy\n")
    kept(client, "circuits", "name_fr,name_ar,steps\nCourt,قصير,1:visa:head 2:signature:director\n")
    condition = '"[{""field"": ""kind"", ""value"": ""enquiry""}]"'
    kept(client, "rules", f"title,conditions,department\nDroit d’accès,{condition},JUR\n")
    kept(client, "retention", "kind,years,text_ar,text_fr\nenquiry,10,تحفظ,Conservés\n")

    assert DistributionList.objects.get().entries.count() == 2
    assert Circuit.objects.get().steps.count() == 2
    assert RoutingRule.objects.get(title="Droit d’accès").department is not None
    assert RetentionText.objects.get().years == 10
    before = OrgChange.objects.count()
    for name in ("distribution", "circuits", "rules", "retention", "deadlines", "calendar"):
        taken = client.get(f"{HOME}{name}/file.csv").content.decode()
        assert 'class="tag bad"' not in brought(client, name, taken)
        client.post(f"{HOME}{name}/", {"text": taken, "sure": "1"})
    assert OrgChange.objects.count() == before
    assert "Conservés" in text(Client().get("/portal/privacy/"))


def test_templates_come_by_table_and_get_a_version_where_the_text_differs(
    browser: Browser,
) -> None:
    client = browser("admin")
    head = "name,language,format,content\n"
    kept(client, "templates", f'{head}Note,fr,text,"Le {{{{ today }}}}, bonjour"\n')
    template = ReplyTemplate.objects.get()
    taken = client.get(f"{HOME}templates/file.csv").content.decode()
    client.post(f"{HOME}templates/", {"text": taken, "sure": "1"})
    assert newest(template).number == 1

    kept(client, "templates", f"{head}Note,fr,text,Bonsoir\n")

    assert newest(template).number == 2
    assert OrgChange.objects.filter(noun="template", key=template.pk, action="version").count() == 2
