"""The digital agency before a real browser: a contract begins, another ends, a meter is read."""

import csv
import io
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.factories import pdf_bytes
from tests.journeys.customers import (
    BILL,
    CONTRACT,
    METER,
    a_month,
    enter_space,
    imported,
    pay_by_card,
    pdf_of,
    prove,
    wrong,
)
from tests.journeys.office import Api, Office, wait_until
from tests.journeys.visitor import DESKTOP, PHONE, Visitor
from tests.ocr.dials import Dial, jpeg

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("office")]

ENDING, READ, WIDE = "8800201", "8800202", "8800203"
PEOPLE = {ENDING: "Karim Tahiri", READ: "سلمى العلمي"}
LAST = {ENDING: "140", READ: "1200"}
RIB = "011519000001205000534921"


def _today() -> date:
    return date.today()  # noqa: DTZ011


@pytest.fixture(scope="module")
def billed(office: Office) -> Office:
    """The office, once billing has sent the contracts that end and are read."""
    imported(
        office,
        "contracts",
        [CONTRACT | {"number": n, "customer_name": name} for n, name in PEOPLE.items()],
    )
    read_on = (_today() - timedelta(days=30)).isoformat()
    meters = [
        METER | {"serial": f"WM-{n}", "contract": n, "last_index": index, "last_read_on": read_on}
        for n, index in LAST.items()
    ]
    imported(office, "meters", meters)
    return office


class Followed:
    """A request as staff follow it: its stage, its letter, the team that is sent."""

    def __init__(self, amina: Visitor, badr: Visitor, number: str) -> None:
        self.api, self.amina, self.badr = Api(amina.office, "amina"), amina, badr
        found = self.api.get(f"requests?q={number}")["requests"][0]
        self.id, self.letter = found["id"], f"/letters/{found['letter']}/"

    def stands_at(self, stage: str) -> None:
        """Wait until the request has reached a stage."""
        wait_until(lambda: self.api.get(f"requests/{self.id}")["stage"] == stage, seconds=90)

    def form(self, part: str, action: str) -> Any:
        """Open a part of the letter's page at the form with this action."""
        self.part(part)
        found = self.amina.page.locator(f'form[action$="{action}"]').first
        assert self.amina.overflow() == 0
        return found

    def part(self, part: str) -> Any:
        """Open a part of the letter's page by its tab."""
        self.amina.open(self.letter)
        self.amina.page.locator(f'.parts a[href="#{part}"]').click()
        found = self.amina.page.locator(f"#{part}")
        found.wait_for()
        return found

    def worked(self, what: str, **index: str) -> None:
        """Amina sends the team from the letter; it reads a meter, perhaps, and is done."""
        page = self.amina.page
        self.part("work-orders").locator('a[href*="/work-orders/new/"]').click()
        page.select_option('[name="team"]', label="EAU-1 · Équipe eau 1")
        page.fill('[name="planned_on"]', _today().isoformat())
        page.fill('[name="what"]', what)
        page.locator("main form button.primary").click()
        page.wait_for_url(re.compile(r"/work-orders/[0-9a-f-]{36}/"))
        order = page.url.rstrip("/").rsplit("/", 1)[1]
        self.badr.open(f"/field/{order}/")
        assert self.badr.overflow() == 0
        if index:
            self._enter("index", index, "button")
            self.badr.page.locator("#field-history").get_by_text(index["value"]).first.wait_for()
        self._enter("end", {"remark": "تم"}, '[value="yes"]')

    def _enter(self, kind: str, given: dict[str, str], button: str) -> None:
        entry = self.badr.page.locator(f'form[data-entry="{kind}"]')
        for name, value in given.items():
            entry.locator(f'[name="{name}"]').fill(value)
        entry.locator(button).click()


def _staff(office: Office, chromium: Any) -> tuple[Visitor, Visitor]:
    """Amina at her desk in French, and Badr, whose phone speaks Arabic."""
    amina = Visitor(chromium, office, size=DESKTOP)
    amina.log_in("amina")
    badr = Visitor(chromium, office, size=PHONE, locale="ar-MA")
    badr.log_in("badr")
    badr.speak("ar")
    return amina, badr


def _asked(citizen: Visitor, code: str, pages: dict[str, Any], pieces: tuple[str, ...]) -> str:
    """Fill the form of a service page by page; the number that the request gets."""
    page, base = citizen.page, f"**/services/{code}"
    citizen.open(f"/services/{code}/")
    page.locator(f'main a[href="/services/{code}/start/"]').first.click()
    for name, fill in pages.items():
        page.wait_for_url(f"{base}/form/{name}/**")
        fill(page)
        _on(citizen)
    page.wait_for_url(f"{base}/pieces/**")
    for at, piece in enumerate(pieces):
        file = {"name": f"{piece}.pdf", "mimeType": "application/pdf", "buffer": pdf_bytes(piece)}
        page.set_input_files(f'[name="{piece}"][id]', file)
        page.locator('[name="_leave_out"]').nth(at).wait_for(state="attached")  # sent at once
    _on(citizen)
    page.wait_for_url(f"{base}/contact/**")
    page.fill('[name="name"]', "Karim Tahiri")
    _on(citizen)
    page.wait_for_url(f"{base}/check/**")
    _on(citizen)
    page.wait_for_url(f"{base}/done/**")
    number: str = page.inner_text(".ticket .number").strip()
    page.locator("main .actions a.primary").click()
    page.wait_for_url("**/follow/letter/")
    return number


def _on(citizen: Visitor) -> None:
    assert citizen.overflow() == 0
    citizen.page.locator("[data-next]").click()


def _applicant(page: Any) -> None:
    page.check('[name="quality"][value="owner"]')
    page.check('[name="use"][value="housing"]')
    page.fill('[name="units"]', "1")


def _place(page: Any) -> None:
    page.fill('[name="place"]', "12، زنقة البرتقال، سطات")


def test_a_connection_from_request_to_active_contract(billed: Office, chromium: Any) -> None:
    citizen = Visitor(chromium, billed, size=PHONE, locale="ar-MA")
    enter_space(citizen, "karim@example.org")
    pages = {"applicant": _applicant, "place": _place}
    number = _asked(citizen, "connection_water", pages, ("cin", "property", "permit", "plan"))
    amina, badr = _staff(billed, chromium)
    request = Followed(amina, badr, number)
    request.worked("Visite technique")
    request.stands_at("quotation")
    quote = request.form("works", "/request/quotations/")
    line = {"what": "Branchement", "quantity": "1", "price": "2000"}
    for name, value in (*line.items(), ("valid_until", f"{_today() + timedelta(days=30)}")):
        quote.locator(f'[name="{name}"]').first.fill(value)
    quote.locator("button.primary").click()
    request.stands_at("quotation_sent")

    page = citizen.page
    page.reload()
    assert "2.400,00" in re.sub(r"\s", "", page.inner_text("#quotation"))
    assert citizen.overflow() == 0
    page.check('#quotation [name="sure"]')
    page.locator('#quotation button[value="accept"]').click()
    page.locator("#dues a.primary").click()
    page.locator("main form button.primary").click()
    pay_by_card(citizen)
    pdf_of(citizen, page.locator(".pay-state a.primary"))
    request.stands_at("to_plan")
    request.worked("Pose du compteur", serial="MTR-990", value="12")
    request.stands_at("meter_set")
    request.form("request", "/actions/activate/").locator("button").first.click()
    request.stands_at("active")

    citizen.open("/follow/letter/")
    assert citizen.overflow() == 0
    citizen.open("/my/contracts/")
    assert citizen.overflow() == 0
    row = page.locator(".space-list li").filter(has_text="زنقة البرتقال")
    row.locator("a").first.click()
    page.get_by_text("MTR-990").first.wait_for()
    assert citizen.overflow() == 0
    assert [wrong(one) for one in (citizen, amina, badr)] == [[], [], []]


def _contract(page: Any) -> None:
    if page.locator('input[type="text"][name="contract"]').count():
        page.fill('[name="contract"]', ENDING)
    page.check('[name="services"][value="water"]')
    page.fill('[name="end_on"]', _today().isoformat())
    page.check('[name="reason"][value="moving"]')


def _closing(page: Any) -> None:
    page.fill('[name="forward"]', "3, rue Hassan II, Settat")
    page.check('[name="access"][value="yes"]')
    page.fill('[name="rib"]', RIB)


def _refunded(office: Office, chromium: Any, credit: str) -> None:
    """Samira approves the refund of a credit, Rachid pays it out."""
    for who, show, button in (("samira", "", "[data-accept]"), ("rachid", "approved", ".primary")):
        visitor = Visitor(chromium, office, size=DESKTOP)
        visitor.log_in(who)
        visitor.open(f"/payments/refunds/?show={show}" if show else "/payments/refunds/")
        row = visitor.page.locator("[data-row]").filter(has_text=credit)
        assert visitor.overflow() == 0
        if show:
            row.locator('[name="reference"]').fill("VIR-2026-1")
        row.locator(f"button{button}").click()
        row.wait_for(state="detached")
        assert wrong(visitor) == []


def test_a_contract_ends_and_its_credit_is_refunded(billed: Office, chromium: Any) -> None:
    citizen = Visitor(chromium, billed, size=DESKTOP)
    enter_space(citizen, "karim.fin@example.org")
    prove(citizen, ENDING)
    pages = {"contract": _contract, "closing": _closing}
    number = _asked(citizen, "cancellation", pages, ("cin",))
    amina, badr = _staff(billed, chromium)
    request = Followed(amina, badr, number)
    request.worked("Dernier relevé", serial=f"WM-{ENDING}", value="151")
    request.stands_at("final_bill")
    credit = f"AV-{ENDING}"
    final = {
        "number": credit, "contract": ENDING, "issued_on": _today().isoformat(),
        "previous_index": "140", "index": "151", "total": "-350.00", "remaining": "-350.00",
    }  # fmt: skip
    imported(billed, "bills", [BILL | final])
    request.form("agency", "/agency/look/").locator("button").click()
    request.stands_at("refund")
    _refunded(billed, chromium, credit)
    request.stands_at("ended")

    page = citizen.page
    for path, words in (
        ("/follow/letter/", ENDING),
        (f"/my/contracts/{ENDING}/", "Résilié"),
        (f"/my/statement/?contract={ENDING}", "350,00"),
    ):
        citizen.open(path)
        assert words in page.inner_text("main"), path
        assert citizen.overflow() == 0
    assert [wrong(one) for one in (citizen, amina, badr)] == [[], [], []]


def _read(citizen: Visitor, index: str) -> None:
    """Fill the form of a reading, with a photo of the dial taken at an angle."""
    page = citizen.page
    page.fill('[name="index"]', index)
    photo = jpeg(Dial("01215", "27", angle=16, lean=0.2))
    page.set_input_files("#id_photo", {"name": "c.jpg", "mimeType": "image/jpeg", "buffer": photo})
    if not page.input_value('[name="name"]'):
        page.fill('[name="name"]', PEOPLE[READ])
    assert citizen.overflow() == 0
    page.locator("main form button.primary").click()


def _listed(mehdi: Visitor, state: str, words: str = "") -> Any:
    """Return the row of our meter, once its reading stands in this state and says these words."""
    row = mehdi.page.locator("[data-row]").filter(has_text=f"WM-{READ}").filter(has_text=words)

    def there() -> bool:
        mehdi.open(f"/readings/?state={state}")
        return bool(row.count())

    wait_until(there, seconds=90)
    return row


def _declined(mehdi: Visitor) -> None:
    """Without the mouse: to the reading, its photo beside the index, the reason, words, Enter."""
    page = mehdi.page
    mehdi.open("/readings/")
    row = page.locator("[data-row]").filter(has_text=f"WM-{READ}")
    assert row.locator("img").evaluate("i => i.decode().then(() => i.naturalWidth)") > 100
    while "at" not in (row.get_attribute("class") or "").split():
        page.keyboard.press("j")
    page.keyboard.press("d")
    row.locator("select:focus").wait_for()
    page.keyboard.type("Les chiffres rouges")
    page.keyboard.press("Tab")
    page.keyboard.type("Relevez 5 chiffres.")
    assert mehdi.overflow() == 0
    page.keyboard.press("Enter")
    row.wait_for(state="detached")


def _exported(office: Office) -> str:
    """Hand the readings of the month over to billing; the id of the one of our meter."""
    path = Path(office.environment["DATA_DIR"]) / "readings.csv"
    office.manage("export_readings", "--period", f"{_today():%Y-%m}", str(path))
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")), delimiter=";")
    [row] = [row for row in rows if row["meter"] == f"WM-{READ}"]
    assert row["index"] == "1215"
    return row["reading_id"]


def _answered(office: Office, line: str) -> None:
    path = Path(office.environment["DATA_DIR"]) / "results.csv"
    path.write_text(f"reading_id;result;reason\n{line}\n", encoding="utf-8")
    office.manage("import_reading_results", str(path), "--json")


def test_a_reading_is_declined_sent_again_and_exported(billed: Office, chromium: Any) -> None:
    citizen = Visitor(chromium, billed, size=PHONE, locale="ar-MA")
    enter_space(citizen, "salma@example.org")
    prove(citizen, READ)
    page = citizen.page
    citizen.open("/my/readings/")
    assert citizen.overflow() == 0
    page.locator(".space-verbs a.primary").click()
    _read(citizen, "121527")
    page.check('[name="confirmed"]')
    assert citizen.overflow() == 0
    page.locator("main form button.primary").click()
    page.wait_for_url("**/readings/sent/")

    mehdi = Visitor(chromium, billed, size=DESKTOP)
    mehdi.log_in("mehdi")
    _listed(mehdi, "received", "01215")  # read from the photo
    _declined(mehdi)

    citizen.open("/my/readings/")
    assert citizen.overflow() == 0
    assert "Relevez 5 chiffres." in page.inner_text("main")
    citizen.open("/follow/letter/")
    assert citizen.overflow() == 0
    page.locator('main a[href*="/readings/again/"]').click()
    assert "Relevez 5 chiffres." in page.inner_text(".notice.warning")
    _read(citizen, "1215")
    page.wait_for_url("**/readings/sent/")
    row = _listed(mehdi, "approved")
    reading = _exported(billed)
    _answered(billed, f"{reading};refused;Compteur en litige")
    mehdi.open("/readings/?state=returned")
    assert "Compteur en litige" in row.inner_text()
    row.locator("[data-accept]").click()
    row.wait_for(state="detached")
    assert _exported(billed) == reading
    _answered(billed, f"{reading};accepted;")
    citizen.open("/my/readings/")
    page.locator(".space-verbs a").last.click()
    page.wait_for_url("**/my/readings/*/")
    page.get_by_text("1215").first.wait_for()
    assert citizen.overflow() == 0
    assert [wrong(citizen), wrong(mehdi)] == [[], []]


def test_my_space_at_twice_the_size_of_text_on_a_phone(billed: Office, chromium: Any) -> None:
    """A window half as wide shows what twice the size of the text does."""
    month = a_month("F-2026-LONGNUMBER-0000123", WIDE, _today() - timedelta(days=20))
    imported(billed, "contracts", [CONTRACT | {"number": WIDE, "customer_name": "Nadia Zerouali"}])
    imported(billed, "bills", [month | {"total": "123456.70", "remaining": "123456.70"}])
    citizen = Visitor(chromium, billed, size=PHONE)
    enter_space(citizen, "nadia@example.org")
    prove(citizen, WIDE)
    citizen.open(f"/my/statement/?contract={WIDE}")
    sections = citizen.page.locator(".space-tabs a:visible")
    assert sections.count() == 2  # where one is, and the way to all
    citizen.page.locator(".space-all").click()
    expect(sections).to_have_count(10)
    for language in ("ar", "fr"):
        citizen.speak(language)
        citizen.page.set_viewport_size({"width": 188, "height": 420})
        citizen.open(f"/my/statement/?contract={WIDE}")
        assert citizen.overflow() == 0, citizen.too_wide()
        citizen.page.set_viewport_size(PHONE)
    assert wrong(citizen) == []
