"""A team's phone loses the network in the middle of its work, and is closed and opened again."""

from datetime import date
from typing import Any

import pytest

from tests.journeys.office import Api, Office, wait_until
from tests.journeys.visitor import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("office")]

KEPT_SHEETS = "async () => (await caches.keys()).filter((n) => n.startsWith('field-')).length"


def _photo(visitor: Visitor) -> bytes:
    """Return a picture as a phone takes it: of what the window shows."""
    picture: bytes = visitor.page.screenshot(type="jpeg")
    return picture


def _waits(page: Any, count: int) -> None:
    page.wait_for_function(
        "n => document.querySelectorAll('#field-waits [data-list] li').length === n", arg=count
    )


def _sign(page: Any) -> None:
    page.fill("#name", "Fatima Bennis")
    canvas = page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=4)
    page.mouse.up()
    page.get_by_role("button", name="Enregistrer la signature").click()


def test_what_is_entered_without_a_network_arrives_once(office: Office, chromium: Any) -> None:
    head = Api(office, "dounia")
    order = {"team": "EAU-1", "planned_on": date.today().isoformat(), "what": "Réparer la vanne"}  # noqa: DTZ011
    made = head.post("work-orders", order | {"checklist": ["Couper", "Réparer"]})
    sheet = f"/field/{made['id']}/"
    badr = Visitor(chromium, office, size=PHONE)
    badr.log_in("badr")
    badr.open("/field/")
    badr.page.wait_for_selector("body[data-kept]", state="attached")
    assert badr.overflow() == 0
    badr.open(sheet)
    badr.page.wait_for_selector("body[data-kept]", state="attached")
    assert badr.overflow() == 0
    photo = _photo(badr)

    badr.context.set_offline(True)
    page = badr.page
    page.get_by_role("button", name="Couper").click()
    _waits(page, 1)
    page.fill("#caption", "avant")
    page.set_input_files("#photo", {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": photo})
    page.get_by_role("button", name="Ajouter la photo").click()
    _waits(page, 2)
    _sign(page)
    _waits(page, 3)
    assert "3 saisies attendent le réseau" in page.inner_text("#field-waits")
    page.close()

    badr.page = page = badr.context.new_page()
    page.goto(office.url + sheet)
    _waits(page, 3)
    assert page.get_by_role("button", name="Couper").get_attribute("aria-pressed") == "true"
    assert head.get(f"work-orders/{made['id']}")["state"] == "planned"

    badr.context.set_offline(False)
    page.wait_for_selector("#field-waits", state="hidden")
    wait_until(lambda: head.get(f"work-orders/{made['id']}")["signed_name"], seconds=20)
    page.reload()
    told = page.locator("#field-history")
    assert told.get_by_text("Couper").count() == 1
    assert told.get_by_text("avant").count() == 1
    assert told.get_by_text("Fatima Bennis").count() == 1
    now = head.get(f"work-orders/{made['id']}")
    assert [item["done"] for item in now["checklist"]] == [True, False]
    assert now["state"] == "started"

    page.goto(office.url + "/account/")
    assert page.evaluate(KEPT_SHEETS)
    page.evaluate("document.querySelector('form[action$=\"/logout/\"]').requestSubmit()")
    page.wait_for_url("**/login/**")
    wait_until(lambda: not page.evaluate(KEPT_SHEETS), seconds=10)
