"""Letters of the starting set, put into a bench's office."""


def register_read_letters(count: int, *, senders: int = 1) -> None:
    """Register so many letters of so many senders in the office, each with its reading."""
    from django.db import transaction

    from org.models import User
    from registry.intake import LetterData, PartyData, receive_letter
    from registry.reading.readings import NewReading, record_readings
    from understanding.starting_set import starting_set

    texts = [example.text for example in starting_set()]
    clerk = User.objects.get(username="amina")
    for number in range(count):
        text = f"{texts[number % len(texts)]}\n{number}"
        data = LetterData(
            channel="counter",
            subject=text.splitlines()[0][:100],
            parties=[PartyData("sender", name=f"Client {number % senders}")],
        )
        letter = receive_letter(data, actor=clerk, files=[], message=text).letter
        with transaction.atomic():
            reading = NewReading(letter.documents.get().pk, "bench", "fr", text, [])
            record_readings(letter, [reading])
