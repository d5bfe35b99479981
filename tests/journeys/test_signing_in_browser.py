"""Four people walk a reply to a signed PDF in a real browser: drafted, visas side by side, signed
by the director with the number printed; poppler, which is not ours, finds the signature valid."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.office import Api, Office, as_prepared, running_office, wait_until
from tests.journeys.visitor import DESKTOP, PHONE, SAMPLES, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("signing")]


@pytest.fixture(scope="module")
def signing_office(prepared: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office that signs replies electronically, with timestamps of a local authority."""
    from tests.correspondence.timestamps import timestamp_authority
    from tests.registry.papers import make_key

    folder: Path = tmp_path_factory.mktemp("signing")
    make_key(folder / "office.p12", password=b"geheim")
    with (
        timestamp_authority() as authority,
        running_office(
            folder / "office",
            begin=as_prepared(prepared),
            REPLY_SIGNATURE="pades",
            SIGNING_KEY_FILE=str(folder / "office.p12"),
            SIGNING_KEY_PASSWORD="geheim",
            TIMESTAMP_URL=authority,
        ) as office,
    ):
        yield office


def person(chromium: Any, office: Office, name: str, size: dict[str, int]) -> Visitor:
    visitor = Visitor(chromium, office, size=size)
    visitor.log_in(name)
    return visitor


def circuit_by(admin: Visitor) -> None:
    """Visas of the head and of Chafik side by side, then the director's signature."""
    page = admin.page
    admin.open("/circuits/new/")
    for field, name in (("name_fr", "Deux visas"), ("name_ar", "تأشيرتان"), ("name_en", "Two")):
        page.fill(f"#id_{field}", name)
    with page.expect_navigation():
        page.click('button[name="more"]')
    steps = (("1", "visa", "head"), ("1", "visa", "person"), ("2", "signature", "director"))
    for row, (rank, act, who) in enumerate(steps):
        page.fill(f"#id_step-{row}-rank", rank)
        page.select_option(f"#id_step-{row}-act", act)
        page.select_option(f"#id_step-{row}-who", who)
    page.select_option("#id_step-1-person", label="Chafik Ouali")
    with page.expect_navigation():
        page.click('button[name="preview"]')
    assert "Chafik Ouali" in page.inner_text("#preview")
    assert admin.overflow() == 0
    page.click('button[name="save"]')
    page.wait_for_url("**/circuits/")
    assert "Deux visas" in page.inner_text("main")


def letter_of_eau(clerk: Visitor) -> str:
    """A letter that lies with EAU; the address of its page."""
    page = clerk.page
    clerk.open("/deposit/")
    page.fill("#id_subject", "Coupures répétées")
    page.set_input_files('input[name="files"]', [str(SAMPLES / "02-syndic-coupures.pdf")])
    page.locator("#deposit button[data-send], #deposit [type=submit]").first.click()
    page.wait_for_url("**/registered/**")
    letter = str(page.get_attribute('.actions a[href*="/letters/"]', "href"))
    clerk.open(letter)
    form = page.locator('form[action$="/assign/"]').last
    if not form.locator("select[name=department]").is_visible():
        page.locator("#routing details summary").last.click()
    form.locator("select[name=department]").select_option("EAU")
    with page.expect_navigation():
        form.locator("button").click()
    return letter


def draft_by(drafter: Visitor, letter: str) -> None:
    page = drafter.page
    drafter.open(letter)
    with page.expect_navigation():
        page.locator('form[action$="/accept/"] button').first.click()
    page.fill("#rs-new", "Réponse à votre courrier")
    page.fill("#rb-new", "La coupure est réparée depuis hier.")
    with page.expect_navigation():
        page.locator('#replies button[name="submit"]').first.click()
    assert "Chafik Ouali" in page.inner_text("#replies .walk")


def done_from_folder(visitor: Visitor, what: str) -> None:
    visitor.open("/signing-folder/")
    assert visitor.overflow() == 0
    visitor.page.locator(".paper-page img").first.wait_for(state="visible")  # once it is drawn
    if what == "sign":  # what it does is said before it is done
        visitor.page.locator(".confirm > summary").click()
    with visitor.page.expect_navigation():
        visitor.page.locator(f'form[action$="/{what}/"] button').first.click()
    assert "/signing-folder/" in visitor.page.url
    assert visitor.page.locator(".row").count() == 0


def test_four_people_walk_a_reply_to_a_signed_pdf(
    signing_office: Office, chromium: Any, tmp_path: Path
) -> None:
    office = signing_office
    admin = person(chromium, office, "admin", DESKTOP)
    circuit_by(admin)
    letter = letter_of_eau(person(chromium, office, "amina", DESKTOP))
    badr = person(chromium, office, "badr", DESKTOP)
    draft_by(badr, letter)
    second = person(chromium, office, "chafik", PHONE)
    second.speak("ar")
    done_from_folder(second, "approve")
    director = person(chromium, office, "direction", PHONE)
    director.open("/signing-folder/")
    assert director.page.locator(".row").count() == 0  # a visa is still to come
    done_from_folder(person(chromium, office, "dounia", DESKTOP), "approve")
    done_from_folder(director, "sign")

    api, letter_id = Api(office, "badr"), letter.strip("/").split("/")[-1]
    told = wait_until(lambda: signed_reply(api, letter_id), seconds=300)
    assert (told["state"], told["signed_level"]) == ("signed", "pades_t")
    assert [s["done_by"] for s in told["steps"]] == ["dounia", "chafik", "direction"]
    pdf = main_document(badr, api, told["outgoing"])
    assert_holds(pdf, told["number"], tmp_path)

    badr.open(letter)
    badr.page.locator('form[action$="/send/"] select').select_option("portal")
    with badr.page.expect_navigation():
        badr.page.locator('form[action$="/send/"] button').click()
    assert told["number"] in badr.page.inner_text("#replies")
    assert admin.complaints == badr.complaints == second.complaints == director.complaints == []


def signed_reply(api: Api, letter_id: str) -> Any:
    reply = api.get(f"letters/{letter_id}")["replies"][0]
    return reply if reply["signed"] else None


def main_document(visitor: Visitor, api: Api, letter_id: str) -> bytes:
    """The outgoing letter's main document, fetched as the person's browser does."""
    documents = api.get(f"letters/{letter_id}")["documents"]
    [main] = [d for d in documents if d["role"] == "main"]
    address = f"{visitor.office.url}/letters/{letter_id}/documents/{main['id']}/"
    return bytes(visitor.context.request.get(address).body())


def assert_holds(pdf: bytes, number: str, folder: Path) -> None:
    """The number stands on the paper, and no byte of it can be changed unseen."""
    from tests.correspondence.circuits import flipped, pdfsig, rewritten

    words = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    assert number in words.stdout.decode()
    said = pdfsig(pdf, folder)
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "Signature is Valid." not in pdfsig(flipped(pdf), folder)
    assert "Total document signed" not in pdfsig(rewritten(pdf), folder)
