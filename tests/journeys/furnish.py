"""python -m tests.journeys.furnish: fill this environment's office with work in every state.

Letters that wait, that are read, answered, voided and signed, a batch, a mailing, contacts that
look alike, a saved search, a rule's trial, an absence. The office must not run yet: jobs are done
here.
Prints JSON: {"number", "code"} of a letter that was answered on the portal, and the "session" of
a citizen who has contracts and bills in their space.
"""

import io
import json
import os
from datetime import timedelta


def furnish() -> dict[str, str]:
    """Fill the office; return number and code of the answered letter, and a citizen's session."""
    from tests.factories import drain
    from tests.upgrades import office

    told = office.build()
    _batch()
    _contacts()
    _mailing()
    _kept_by_people()
    _requests()
    session = _citizen()
    drain()
    number, code = next(iter(told["codes"].items()))
    return {"number": number, "code": code, "session": session}


def _citizen() -> str:
    """Bring contracts and bills, some of them paid at the counter; the session of their holder."""
    from importlib import import_module

    from django.conf import settings

    from config.demo_bills import add_bills
    from config.demo_counter import add_counter
    from eservices.contracts.models import Contract, Holder
    from eservices.contracts.proving import hold
    from eservices.people.persons import person_for
    from tests.spaces import let_in

    add_bills()
    add_counter()
    citizen = person_for("email", "f.bennis@citoyen.test", name="Fatima Bennis")
    for contract in Contract.objects.filter(number__in=("3100201", "3100202")):
        hold(citizen, contract, proof=Holder.Proof.CODE)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    let_in(session, citizen)
    session.create()
    return str(session.session_key)


def _requests() -> None:
    from config.demo_requests import open_requests

    open_requests(say=lambda _line: None)


def _batch() -> None:
    from channels.batch.batches import new_batch
    from tests.channels import scans
    from tests.factories import person

    pages = [
        scans.separator(),
        scans.letter_page("Réclamation: fuite devant le numéro 12"),
        scans.letter_page("Suite de la réclamation"),
        scans.separator(),
        scans.letter_page("Demande de raccordement"),
    ]
    stream = io.BytesIO(scans.pdf_of(pages))
    new_batch(name="scan-guichet.pdf", stream=stream, drop_blanks=True, actor=person("amina"))


def _contacts() -> None:
    from registry.contacts.directory import ContactData, Point, create_contact
    from registry.contacts.merging import find_doubles
    from tests.factories import person

    for name, address in (
        ("Commune d'El Jadida", "contact@commune.test"),
        ("Commune El Jadida", "contact@commune.test"),
        ("Rachid Amrani", "r.amrani@citoyen.test"),
    ):
        data = ContactData(name=name, points=(Point("email", address),))
        create_contact(data, actor=person("amina"))
    find_doubles()


def _mailing() -> None:
    from correspondence.answers.addressees import AddresseeData
    from correspondence.drafts.mailings import make_mailing
    from tests.factories import department, person

    make_mailing(
        actor=person("badr"),
        department=department("EAU"),
        addressees=[AddresseeData(name="Amal Filali"), AddresseeData(name="Syndic Les Orangers")],
        subject="Coupure d'eau programmée",
        body="L'eau sera coupée le 3 mars de 9 h à 12 h.",
    )


def _kept_by_people() -> None:
    from django.utils import timezone

    from registry.stand_ins import appoint
    from routing.models.rules import RoutingRule
    from routing.rules.trials import request_trial
    from search.address.request import SearchRequest
    from search.saved.searches import save_search
    from tests.factories import person

    today = timezone.localdate()
    appoint(
        person("badr"),
        actor=person("dounia"),
        delegate=person("dounia"),
        starts_on=today + timedelta(days=20),
        ends_on=today + timedelta(days=25),
    )
    save_search(person=person("amina"), name="Fuites", asked=SearchRequest(words="fuite"))
    others = RoutingRule.objects.order_by("-pk").values_list("pk", flat=True)
    request_trial(actor=person("admin"), order=list(others))


def main() -> None:
    """Fill the office of the environment."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print(json.dumps(furnish()))


if __name__ == "__main__":
    main()
