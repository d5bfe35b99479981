"""A leak in Arabic on telephones: asked for, repaired without a network, taken up again, closed.

The team's phone loses the network in the middle of its work, and its page is closed and opened
again; what was entered arrives once.
"""

import csv
import io
import re
import uuid
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.journeys.office import Api, Office, wait_until
from tests.journeys.visitor import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("office")]

KEPT_SHEETS = "async () => (await caches.keys()).filter((n) => n.startsWith('field-')).length"
CALLER, NAME = "0661223344", "سعيد بنموسى"
FORM = "/services/complaint_water"


def test_a_leak_is_repaired_without_a_network_and_taken_up_again(
    office: Office, chromium: Any
) -> None:
    dounia, ghita = Api(office, "dounia"), Api(office, "ghita")
    citizen = Visitor(chromium, office, size=PHONE, locale="ar-MA")
    number = _ask(citizen)
    request = dounia.get(f"requests?q={number}")["requests"][0]["id"]

    agent = Visitor(chromium, office, size=PHONE, locale="ar-MA")
    agent.log_in("ghita")
    agent.speak("ar")
    before = _figures(agent)
    _log_the_call(agent, number)

    _act(ghita, request, "triage", "triage")
    badr = Visitor(chromium, office, size=PHONE, locale="ar-MA")
    badr.log_in("badr")
    badr.speak("ar")
    _repair(badr, dounia, _ordered(dounia, request))
    wait_until(lambda: _stage(dounia, request) == "repaired", seconds=120)
    _act(ghita, request, "close", "closed")

    _say_not_solved(citizen)
    again = dounia.get(f"requests/{request}")
    assert (again["stage_kind"], again["outcome"]) == ("work", "")
    order = _ordered(dounia, request)
    end: dict[str, Any] = {"id": str(uuid.uuid4()), "kind": "end", "data": {"done": True}}
    end["made_at"] = datetime.now(UTC).isoformat()
    Api(office, "badr").post(f"work-orders/{order['id']}/entries", end)
    wait_until(lambda: _stage(dounia, request) == "repaired", seconds=120)
    _act(ghita, request, "close", "closed")

    after = _figures(agent)
    assert {name: after[name] - before[name] for name in after} == {"incoming": 1, "reopened": 1}
    _leave(badr)
    assert [citizen.complaints, agent.complaints] == [[], []]


def test_a_form_is_deleted_only_when_its_question_is_accepted(
    office: Office, chromium: Any
) -> None:
    citizen = Visitor(chromium, office, size=PHONE)
    page, keep = citizen.page, f"{office.url}{FORM}/keep/"
    citizen.open(f"{FORM}/form/what/")
    with page.expect_response(lambda answer: "x-autosave" in answer.request.headers) as saved:
        page.fill("[name=description]", "Une fuite")
    assert saved.value.ok
    asked: list[str] = []

    def delete(*, sure: bool) -> None:
        def answer(dialog: Any) -> None:
            asked.append(dialog.message)
            (dialog.accept if sure else dialog.dismiss)()

        page.once("dialog", answer)
        page.get_by_role("button", name="Supprimer le formulaire").click()

    citizen.open(f"{FORM}/keep/")
    delete(sure=False)
    citizen.open(f"{FORM}/keep/")
    assert page.url == keep  # the form is still there
    delete(sure=True)
    page.get_by_text("Votre formulaire a été supprimé").wait_for()
    assert [words.partition("\u00a0")[0] for words in asked] == ["Supprimer ce formulaire"] * 2
    assert citizen.complaints == []


def _stage(api: Api, request: str) -> str:
    return str(api.get(f"requests/{request}")["stage"])


def _act(api: Api, request: str, name: str, to: str) -> None:
    api.post(f"requests/{request}/actions/{name}", {"comment": "تم"})
    assert _stage(api, request) == to


def _ordered(api: Api, request: str) -> Any:
    """Send the team; the order."""
    order = {"team": "EAU-1", "planned_on": date.today().isoformat(), "what": "إصلاح تسرب"}  # noqa: DTZ011
    return api.post(
        "work-orders", order | {"request": request, "checklist": ["إغلاق الماء", "الإصلاح"]}
    )


def _next(page: Any, path: str) -> None:
    """Go on to the next page of the form."""
    page.locator("[data-next]").click()
    page.wait_for_url(f"**{FORM}/{path}/**")


def _ask(citizen: Visitor) -> str:
    """From the home page by a search to the number."""
    page = citizen.page
    citizen.open("/portal/")
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert citizen.overflow() == 0
    page.fill('input[name="q"]', "الما كيسيل فالزنقة")
    page.press('input[name="q"]', "Enter")
    page.wait_for_url("**/services/?q=*")
    page.locator('main a[href^="/services/complaint_water/"]').first.click()
    page.wait_for_url(f"**{FORM}/")
    page.locator(f'a[href="{FORM}/start/"]').first.click()
    page.check('[name="danger"][value="no"]')
    page.check('[name="problem"][value="leak"]')
    page.check('[name="where_leaks"][value="street"]')
    page.fill('[name="description"]', "الماء كيضيع")
    assert citizen.overflow() == 0
    _next(page, "form/place")
    page.fill('[name="place"]', "زنقة المسجد، سطات")
    _next(page, "pieces")
    photo = {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": _photo(citizen)}
    page.set_input_files('[name="photo"][id]', photo)
    _next(page, "contact")
    page.fill('[name="name"]', NAME)
    page.fill('[name="phone"]', CALLER)
    _next(page, "check")
    assert "p.jpg" in page.inner_text("main")
    _next(page, "done")
    number: str = page.inner_text(".ticket .number").strip()
    assert re.fullmatch(r"\d{4}/IN/\d{6}", number)
    return number


def _log_the_call(agent: Visitor, number: str) -> None:
    """Find the caller by telephone and log what was said."""
    page = agent.page
    agent.open(f"/centre/?q={CALLER}")
    assert number in page.inner_text("main")
    assert agent.overflow() == 0
    page.fill('#log [name="subject"]', "متى تصل الفرقة؟")
    page.locator('#log [name="result"][value="answered"]').check(force=True)
    page.locator("#log button.primary").click()
    page.get_by_text("متى تصل الفرقة؟").first.wait_for()


def _figures(agent: Visitor) -> dict[str, int]:
    """Return how many contacts came in today and how many requests were opened again."""
    answer = agent.context.request.get(f"{agent.office.url}/centre/figures/figures.csv")
    rows = list(csv.reader(io.StringIO(answer.body().decode("utf-8-sig"))))[1:]
    told = {(part, name): value for part, name, value in rows}
    wanted = (("contacts", "incoming"), ("requests", "reopened"))
    return {name: int(told[part, name]) for part, name in wanted}


def _photo(visitor: Visitor) -> bytes:
    """Return a picture as a phone takes it: of what the window shows."""
    picture: bytes = visitor.page.screenshot(type="jpeg")
    return picture


def _waits(page: Any, count: int) -> None:
    page.wait_for_function(
        "n => document.querySelectorAll('#field-waits [data-list] li').length === n", arg=count
    )


def _entry(page: Any, kind: str) -> Any:
    return page.locator(f'form[data-entry="{kind}"]')


def _sign(page: Any) -> None:
    page.fill("#name", NAME)
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=4)
    page.mouse.up()
    _entry(page, "sign").locator("button:not([data-clear])").click()


def _repair(badr: Visitor, head: Api, order: Any) -> None:
    """Work through the sheet, most of it without a network; all arrives once, then the end."""
    sheet = f"/field/{order['id']}/"
    for path in ("/field/", sheet):
        badr.open(path)
        badr.page.wait_for_selector("body[data-kept]", state="attached")
        assert badr.overflow() == 0
    page, photo = badr.page, _photo(badr)

    badr.context.set_offline(True)
    page.get_by_role("button", name="إغلاق الماء").click()
    _waits(page, 1)
    page.fill("#caption", "قبل الإصلاح")
    page.set_input_files("#photo", {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": photo})
    _entry(page, "photo").locator("button").click()
    _waits(page, 2)
    _sign(page)
    _waits(page, 3)
    page.close()

    badr.page = page = badr.context.new_page()
    page.goto(badr.office.url + sheet)
    _waits(page, 3)
    tick = page.get_by_role("button", name="إغلاق الماء")
    assert tick.get_attribute("aria-pressed") == "true"
    assert head.get(f"work-orders/{order['id']}")["state"] == "planned"

    badr.context.set_offline(False)
    page.wait_for_selector("#field-waits", state="hidden")
    wait_until(lambda: head.get(f"work-orders/{order['id']}")["signed_name"], seconds=120)
    page.reload()
    told = page.locator("#field-history")
    for words in ("إغلاق الماء", "قبل الإصلاح", NAME):
        assert told.get_by_text(words).count() == 1
    now = head.get(f"work-orders/{order['id']}")
    assert ([item["done"] for item in now["checklist"]], now["state"]) == ([True, False], "started")
    _entry(page, "end").locator('[value="yes"]').click()
    wait_until(lambda: head.get(f"work-orders/{order['id']}")["state"] == "done", seconds=120)


def _say_not_solved(citizen: Visitor) -> None:
    """Open the request from the page of its number, and have it taken up again."""
    page = citizen.page
    page.locator("main .actions a.primary").click()
    page.locator("#reopen > summary").click()
    page.fill("#reopen-reason", "الماء باقي كيسيل")
    page.locator("#reopen button").click()
    page.wait_for_selector("#reopen", state="detached")
    assert citizen.overflow() == 0


def _leave(badr: Visitor) -> None:
    """Sign out; the sheets that the phone kept are gone."""
    page = badr.page
    page.goto(badr.office.url + "/account/")
    assert page.evaluate(KEPT_SHEETS)
    page.evaluate("document.querySelector('form[action$=\"/logout/\"]').requestSubmit()")
    page.wait_for_url("**/login/**")
    wait_until(lambda: not page.evaluate(KEPT_SHEETS), seconds=120)
