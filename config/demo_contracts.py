"""The demo's contracts and meters: two small files of a billing system, imported as any other."""

import io
from collections.abc import Callable
from typing import Final

from eservices.contracts.contract_lines import COLUMNS, ContractLines
from eservices.contracts.importing import run_import
from eservices.contracts.meter_lines import COLUMNS as METER_COLUMNS
from eservices.contracts.meter_lines import MeterLines

CONTRACTS: Final = (
    "1000201;سعيد بنموسى;person;;0661 22 33 44;ar;زنقة المسجد، حي السلام;سطات;S01;"
    "water|electricity;active;2014-03-10;;SB4T7K2M",
    "1000202;Khadija Ouazzani;person;k.ouazzani@exemple.test;0662 11 22 33;fr;"
    "7, rue des Jardins;Settat;S01;water|electricity|sewage;active;2019-06-01;;KQ9W3H6P",
    "1000203;Société Atlas Textile;company;contact@atlas-textile.exemple.test;0523 40 11 22;fr;"
    "Lot 14, zone industrielle;Settat;S02;electricity;active;2009-01-15;;AT5D8N3R",
    "1000204;مدرسة ابن سينا;institution;;0523 40 33 44;ar;شارع الحسن الثاني;برشيد;S02;"
    "water|electricity;suspended;2001-09-01;;IS7G2V9X",
    "1000205;Youssef Tahiri;person;y.tahiri@exemple.test;0663 55 66 77;fr;"
    "3, impasse du Moulin;Berrechid;S01;water;closed;2012-05-20;2026-06-30;YT6F4J8C",
)
METERS: Final = (
    "W-201144;1000201;water;5;2014-03-10;;1842;2026-10-05",
    "E-551201;1000201;electricity;5;2014-03-10;2025-02-11;48210;2025-02-11",
    "E-880017;1000201;electricity;6;2025-02-11;;3120;2026-10-05",
    "W-201977;1000202;water;5;2019-06-01;;655;2026-10-06",
    "E-561300;1000202;electricity;6;2019-06-01;;18733;2026-10-06",
    "E-700042;1000203;electricity;7;2009-01-15;;2140388;2026-10-12",
    "W-120871;1000204;water;5;2001-09-01;;99120;2026-10-08",
    "W-180455;1000205;water;5;2012-05-20;2026-06-30;2310;2026-06-30",
)


def bring_contracts(*, say: Callable[[str], None]) -> None:
    """Import the sample contracts and meters; again it changes nothing."""
    contracts = run_import(
        "contracts", _file(COLUMNS, CONTRACTS), "contrats-demo.csv", handler=ContractLines()
    )
    meters = run_import(
        "meters", _file(METER_COLUMNS, METERS), "compteurs-demo.csv", handler=MeterLines()
    )
    say(f"contracts: {contracts.lines}, meters: {meters.lines}")


def _file(columns: tuple[str, ...], lines: tuple[str, ...]) -> io.BytesIO:
    return io.BytesIO("\n".join((";".join(columns), *lines)).encode())
