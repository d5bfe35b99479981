"""The inbox narrowed down in a real browser: on a phone from right to left, and without scripts."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.journeys.office import Api, Office
from tests.journeys.visitor import PHONE, SAMPLES, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("office")]
LETTERS = (("Élodie Benzekri", "counter"), ("Zineb Benzekri", "email"), ("Amal Naciri", "email"))


@pytest.mark.parametrize("script", [True, False])
def test_work_is_narrowed_and_ordered_on_a_phone(
    office: Office, chromium: Any, script: bool
) -> None:
    amina, numbers = Api(office, "amina"), {}
    for sender, channel in LETTERS:
        letter = amina.deposit(
            SAMPLES / "11-demande-stage.docx", channel=channel, sender_name=sender
        )
        amina.post(f"letters/{letter['id']}/assign", {"department": "EAU"})
        numbers[letter["number"]] = sender
    head = Visitor(chromium, office, size=PHONE, script=script)
    page = head.page
    head.log_in("dounia")
    head.speak("ar")
    head.open("/inbox/")

    page.locator("details.narrow-box > summary").click()
    page.fill("#sender", "ELODIE benzekri")
    page.fill("#since", (timezone.localdate() - timedelta(days=2)).isoformat())
    page.locator("form.narrowing button").click()
    page.locator(".chips a.tag").first.wait_for()
    assert shown(page, numbers) == {"Élodie Benzekri"}
    assert page.locator(".chips a.tag").count() == 2
    if script:  # it measures by one
        assert head.overflow() <= 0

    page.locator(".chips a.tag", has_text="ELODIE").click()
    page.wait_for_url(lambda url: "sender" not in url and "since=" in url)
    page.locator(".switch a").nth(3).click()
    page.wait_for_url(lambda url: "order=sender" in url and "since=" in url)
    assert page.locator("html").get_attribute("dir") == "rtl"

    page.goto(page.url + "&sender=zzz")
    page.locator(".empty a.button").click()
    page.wait_for_url(lambda url: "sender" not in url.partition("?")[2].replace("order=sender", ""))
    assert page.locator(".chips").count() == 0
    assert head.complaints == []


def shown(page: Any, numbers: dict[str, str]) -> set[str]:
    """Return the senders of those of the letters that the page lists."""
    text = page.inner_text("ol.rows")
    return {sender for number, sender in numbers.items() if number in text}
