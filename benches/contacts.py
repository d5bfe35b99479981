"""The time of finding who of a large directory a sender may be.

A SQLite office of its own is filled with contacts of Moroccan names, as common and as rare as names
are, in both scripts; then senders are looked up as letters name them. Three sizes are measured on
the way: a tenth, the half, and all of them.
"""

import argparse
import random
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benches._office import BenchOffice

NAMES = Path(__file__).resolve().parents[1] / "tests" / "language" / "names"
TOWNS = ("El Jadida", "Azemmour", "Sidi Bennour", "Bir Jdid", "Oualidia", "Zemamra", "Haouzia")
BATCH = 5000
LOOK_UPS = 1000
Spellings = list[str]
Row = tuple[Any, ...]


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="sijill bench contacts", description=__doc__)
    parser.add_argument("--contacts", type=int, default=1_000_000)
    wanted = parser.parse_args(arguments).contacts
    office = BenchOffice(LOG_LEVEL="ERROR")
    try:
        office.set_up()
        titles = ("contacts", "keys", "p50 ms", "p95 ms", "worst ms", "CPU p50", "CPU p95", "found")
        print("".join(f"{title:>11}" for title in titles))
        directory = Directory()
        for size in sorted({max(1, wanted // 10), max(1, wanted // 2), wanted}):
            directory.grow(size)
            measure(directory)
        size = (office.data_dir / "office.sqlite3").stat().st_size
        print(f"database: {size / 1e9:.2f} GB")
    finally:
        office.close()


class Directory:
    """Contacts with names from the project's own tables and made-up family names."""

    def __init__(self) -> None:
        self.random = random.Random(7)
        rows = [
            [form.strip() for half in line.split("|") for form in half.split(",")]
            for table in ("in_use", "held_out")
            for line in (NAMES / f"{table}.tsv").read_text(encoding="utf-8").splitlines()
            if not line.startswith("#")
        ]
        singles = [row for row in rows if len(row[0].split()) == 1]
        self.given = singles
        self.family = [*singles, *_family_names(self.random)]
        self.size = 0

    def name(self) -> list[Spellings]:
        """Return two or three words with their spellings; a few names are common, most are rare."""
        words = [self._pick(self.given)]
        if self.random.random() < 0.25:
            words.append(self._pick(self.given))
        return [*words, self._pick(self.family)]

    def _pick(self, names: list[Spellings]) -> Spellings:
        return names[min(int(self.random.paretovariate(0.6)) - 1, len(names) * 40) % len(names)]

    def written(self, name: list[Spellings]) -> str:
        """Return the name in one script, in one of its usual spellings."""
        if self.random.random() < 0.45:
            return " ".join(word[0] for word in name)
        return " ".join(self.random.choice(word[1:]) for word in name)

    def grow(self, size: int) -> None:
        """Fill the tables up to `size` contacts."""
        while self.size < size:
            self._add(min(BATCH, size - self.size))

    def _add(self, count: int) -> None:
        from django.db import transaction

        contacts, points, keys = [], [], []
        for number in range(self.size + 1, self.size + count + 1):
            contact, its_points, its_keys = self._rows(number)
            contacts.append(contact)
            points += its_points
            keys += its_keys
        with transaction.atomic():
            _write("contact", "id kind name sort_name created_at changed_at", contacts)
            _write("contactpoint", "contact_id kind value compared created_at", points)
            _write("contactkey", "key contact_id", keys)
        self.size += count

    def _rows(self, number: int) -> tuple[Row, list[Row], list[Row]]:
        """Return a contact, its points and its keys, as the tables hold them."""
        from language.fold import fold
        from org.keys import encipher_bound
        from registry.contacts.directory import compared
        from registry.contacts.keys import keys_of

        now = "2026-01-01 00:00:00"
        name, town = self.written(self.name_of(number)), TOWNS[number % len(TOWNS)]
        address = f"{number % 900} rue {number % 300}, {town}"
        told = {"phone": phone_of(number), "customer": str(100_000 + number), "address": address}
        if number % 3 == 0:
            told["email"] = email_of(number)
        place = "registry_contactpoint.value"
        points: list[Row] = [
            (number, k, encipher_bound(v, to=place), compared(k, v), now) for k, v in told.items()
        ]
        keys: list[Row] = [(key, number) for key in keys_of(name, addresses=[address])]
        return (number, "person", name, fold(name), now, now), points, keys

    def name_of(self, number: int) -> list[Spellings]:
        """Return the name of a contact, always the same for its number."""
        kept, self.random = self.random, random.Random(number)
        try:
            return self.name()
        finally:
            self.random = kept


_EMPTY: dict[str, dict[str, Any]] = {
    "contact": {"language": "", "way": "", "notes": "", "version": 1}
}


def _write(table: str, columns: str, rows: list[Row]) -> None:
    """Insert many rows without the models, for speed; SQLite."""
    from django.db import connection

    rest = _EMPTY.get(table, {})
    names = ", ".join([*columns.split(), *rest])
    places = ", ".join(["%s"] * (len(columns.split()) + len(rest)))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO registry_{table} ({names}) VALUES ({places})",  # noqa: S608 - our own
            [(*row, *rest.values()) for row in rows],
        )


def _family_names(chance: random.Random) -> Iterator[Spellings]:
    """Yield two thousand family names with usual beginnings and endings, in both scripts."""
    heads = [("ب", "B"), ("ح", "H"), ("ر", "R"), ("س", "S"), ("ش", "Ch"), ("م", "M"), ("ك", "K")]
    heads += [("ف", "F"), ("ز", "Z"), ("ج", "J"), ("د", "D"), ("ن", "N"), ("غ", "Gh"), ("خ", "Kh")]
    ends = [("اوي", "aoui"), ("اني", "ani"), ("ي", "i"), ("ون", "oun"), ("ين", "ine"), ("ة", "a")]
    for one in heads:
        for two in heads:
            for end in ends:
                for before in (("", ""), ("ال", "El ")):
                    arabic = f"{before[0]}{one[0]}{two[0]}{chance.choice('مرلنبد')}{end[0]}"
                    latin = f"{before[1]}{one[1]}a{two[1].lower()}r{end[1]}".title()
                    yield [arabic, latin]


def phone_of(number: int) -> str:
    """Return a mobile number of the contact's own."""
    return f"06{number:08d}"


def email_of(number: int) -> str:
    """Return an e-mail address of the contact's own."""
    return f"c{number}@example.org"


def measure(directory: Directory) -> None:
    """Look senders up and print one line."""
    from registry.contacts.directory import propose_contacts
    from registry.models.contacts import ContactKey

    chance = random.Random(11)
    taken: list[float] = []
    found = 0
    worked: list[float] = []
    for turn in range(LOOK_UPS):
        number = chance.randint(1, directory.size)
        name = directory.written(directory.name_of(number))
        known = _as_a_letter_says(turn, number, name)
        began, began_cpu = time.perf_counter(), time.process_time()
        matches = propose_contacts(**known)  # type: ignore[arg-type]
        taken.append(1000 * (time.perf_counter() - began))
        worked.append(1000 * (time.process_time() - began_cpu))
        found += bool(len(known) > 1 and any(m.contact.pk == number for m in matches))
    taken.sort()
    worked.sort()
    asked = sum(turn % 10 not in (5, 6, 7) for turn in range(LOOK_UPS))
    keys = ContactKey.objects.count()
    half, most = LOOK_UPS // 2, int(LOOK_UPS * 0.95)
    times = (taken[half], taken[most], taken[-1], worked[half], worked[most])
    figures = "".join(f"{value:>11.1f}" for value in times)
    print(f"{directory.size:>11}{keys:>11}{figures}{found / asked:>11.1%}", flush=True)


def _as_a_letter_says(turn: int, number: int, name: str) -> dict[str, str]:
    """Return a name with phone, alone (one in three misread), with number, or with e-mail."""
    kind = turn % 10
    if kind < 5:
        return {"name": name, "phone": f"+212 {phone_of(number)[1:]}"}
    if kind < 8:
        return {"name": name.replace("m", "n", 1) if kind == 7 else name}
    if kind == 8:
        return {"name": name, "customer_number": str(100_000 + number)}
    return {"name": name, "email": email_of(number), "phone": phone_of(number)}


if __name__ == "__main__":
    main(sys.argv[1:])
