"""The digital agency as a Django app."""

from django.apps import AppConfig


class AgencyConfig(AppConfig):
    """Uppermost: joins requests with contracts, readings, bills, payments and field work."""

    name = "eservices.agency"
    label = "agency"

    def ready(self) -> None:
        """Say what the agency's actions need, what follows from moves, openings and payments."""
        from eservices.agency.automatic_moves import note_payment, note_refund
        from eservices.agency.beginning import begin
        from eservices.agency.charging import charge_need
        from eservices.agency.contracting import EVENT_WORDS
        from eservices.agency.dues import payment_need
        from eservices.agency.effects import follow
        from eservices.agency.final import final_bill_need, final_reading_need, refund_need
        from eservices.agency.meters import meter_need
        from eservices.agency.plans import plan_need
        from eservices.contracts.events import add_event_words
        from eservices.payments.after import after_payment, after_refund
        from eservices.requests.moving import after_move
        from eservices.requests.needs import add_need
        from eservices.requests.opened import after_open

        add_event_words(EVENT_WORDS)
        add_need("payment", payment_need)
        add_need("charge", charge_need)
        add_need("meter", meter_need)
        add_need("final_reading", final_reading_need)
        add_need("final_bill", final_bill_need)
        add_need("refund", refund_need)
        add_need("plan", plan_need)
        after_move(follow)
        after_open(begin)
        after_payment(note_payment)
        after_refund(note_refund)
