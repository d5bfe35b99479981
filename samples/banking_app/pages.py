"""The pages of the simulated bank, as a banking app on a phone shows them."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

from samples.banking_app.account import MODES, RIB, Account, Operation, decimal
from samples.banking_app.words import WORDS

SIGNS = {"posted": "✓", "reversed": "↺", "refused": "✕", "unknown": "…", "sent": "…"}
PLACES = (("/", "home", "⌂"), ("/pay", "pay_bill", "▤"), ("/operations", "operations", "≡"),
          ("/bench", "bench", "⚙"))  # fmt: skip


class Pages:
    """Pages in one language."""

    def __init__(self, account: Account, language: str) -> None:
        self.account, self.language = account, language
        self.words = WORDS[language]

    def say(self, key: str) -> str:
        """Return the words of a key; the key itself where there are none."""
        return escape(self.words.get(key, key))

    def money(self, amount: str) -> str:
        """Return an amount as people read it."""
        whole, _point, part = amount.partition(".")
        spaced = f"{int(whole):,}".replace(",", "\u202f")
        return f'<bdi class="money" dir="ltr">{spaced},{part}\u00a0DH</bdi>'

    def page(self, here: str, body: str, *, title: str) -> str:
        """Return a whole page."""
        way = "rtl" if self.language == "ar" else "ltr"
        other = "fr" if self.language == "ar" else "ar"
        links = "".join(
            f'<a href="{url}"{" aria-current=page" if url == here else ""}>'
            f'<span aria-hidden="true">{sign}</span>{self.say(key)}</a>'
            for url, key, sign in PLACES
        )
        return (
            f'<!doctype html><html lang="{self.language}" dir="{way}"><head>'
            '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            f"<title>{self.say(title)} · {self.say('bank')}</title>"
            '<link rel="stylesheet" href="/style.css"></head><body>'
            f'<header><a class="brand" href="/"><span aria-hidden="true">▲</span>'
            f'{self.say("bank")}</a><a class="tongue" lang="{other}" href="/language/{other}">'
            f"{self.say('other_language')}</a></header>"
            f'<p class="told">{self.say("simulated")}</p><main>{body}</main>'
            f"<nav>{links}</nav></body></html>"
        )

    def home(self) -> str:
        """Show the account, what can be done, the last operations."""
        rib = f"{RIB[:3]} ··· {RIB[-4:]}"
        rows = self.account.newest()[:5]
        body = (
            f"<h1>{self.say('hello')}</h1><section class='card account'>"
            f"<p>{self.say('account')} <bdi dir='ltr'>{rib}</bdi></p>"
            f"<p class='small'>{self.say('balance')}</p>"
            f"<p class='balance'>{self.money(decimal(self.account.balance))}</p></section>"
            f"<a class='button' href='/pay'>{self.say('pay_bill')}</a>"
            f"<h2>{self.say('latest')}</h2>{self._rows(rows)}"
        )
        return self.page("/", body, title="home")

    def ask(self, *, problem: str = "", contract: str = "") -> str:
        """Show the form that asks for the contract."""
        body = (
            f"<h1>{self.say('pay_bill')}</h1>{self._problem(problem)}"
            f"<p class='card biller'><span aria-hidden='true'>≈</span><span><small>"
            f"{self.say('biller')}</small><br>{self.say('biller_name')}</span></p>"
            f"<form method='post' action='/pay/bills'><label>{self.say('contract')}"
            f"<input name='contract' dir='ltr' inputmode='numeric' required maxlength='40' "
            f"value='{escape(contract, quote=True)}'></label>"
            f"<button>{self.say('search')}</button></form>"
        )
        return self.page("/pay", body, title="pay_bill")

    def bills(self, contract: str, told: dict[str, Any], *, problem: str = "") -> str:
        """Show the bills that may be paid, to be chosen."""
        rows = "".join(self._choice(bill, place) for place, bill in enumerate(told["bills"]))
        modes = "".join(f"<option value='{mode}'>{self.say(mode)}</option>" for mode in MODES)
        body = (
            f"<h1>{self.say('pay_bill')}</h1>{self._problem(problem)}"
            f"<p>{self.say('customer')} <strong><bdi>{escape(told['customer'])}</bdi></strong> · "
            f"<bdi dir='ltr'>{escape(contract)}</bdi></p><p class='small'>{self.say('choose')}</p>"
            f"<form method='post' action='/pay/confirm'>{self._hidden('contract', contract)}"
            f"<ul class='rows'>{rows}</ul>"
            f"<details><summary>{self.say('trials')}</summary><label>{self.say('mode')}"
            f"<select name='mode'>{modes}</select></label></details>"
            f"<button>{self.say('next')}</button></form>"
        )
        return self.page("/pay", body, title="pay_bill")

    def confirm(self, contract: str, bills: Sequence[dict[str, str]], mode: str) -> str:
        """Show what is about to be paid."""
        total = decimal(sum(_centimes(bill["amount"]) for bill in bills))
        rows = "".join(
            f"<li><bdi dir='ltr'>{escape(bill['number'])}</bdi>{self.money(bill['amount'])}</li>"
            for bill in bills
        )
        hidden = self._hidden("contract", contract) + self._hidden("mode", mode)
        hidden += "".join(self._hidden("bill", json.dumps(bill)) for bill in bills)
        body = (
            f"<h1>{self.say('confirm')}</h1><ul class='rows'>{rows}"
            f"<li class='sum'>{self.say('total')}{self.money(total)}</li></ul>"
            f"<p class='small'>{self.say('from')} <bdi dir='ltr'>{RIB[:3]} ··· {RIB[-4:]}</bdi></p>"
            f"<form method='post' action='/pay/do'>{hidden}"
            f"<button>{self.say('confirm')}</button></form>"
            f"<a class='button quiet' href='/pay'>{self.say('cancel')}</a>"
        )
        return self.page("/pay", body, title="confirm")

    def operations(self) -> str:
        """Show all operations."""
        body = f"<h1>{self.say('operations')}</h1>{self._rows(self.account.newest())}"
        return self.page("/operations", body, title="operations")

    def operation(self, done: Operation) -> str:
        """Show one operation, with what was exchanged about it."""
        facts = [
            ("amount", self.money(decimal(done.centimes))),
            ("receipt", f"<bdi dir='ltr'>{escape(done.receipt) or '—'}</bdi>"),
            ("reference", f"<bdi dir='ltr'>{escape(done.reference)}</bdi>"),
            ("contract", f"<bdi dir='ltr'>{escape(done.contract)}</bdi>"),
            ("bill", ", ".join(f"<bdi dir='ltr'>{escape(b['number'])}</bdi>" for b in done.bills)),
            ("date", f"<bdi dir='ltr'>{_local(done.at)}</bdi>"),
        ]
        told = "".join(f"<dt>{self.say(name)}</dt><dd>{value}</dd>" for name, value in facts)
        steps = "".join(
            f"<li><code dir='ltr'>{escape(step['step'])} → {step['status']} "
            f"{escape(json.dumps(step['body'], ensure_ascii=False))}</code></li>"
            for step in done.steps
        )
        body = (
            f"<div class='outcome {done.state}'><p class='sign' aria-hidden='true'>"
            f"{SIGNS[done.state]}</p><h1>{self.say(done.state)}</h1>"
            f"{self._problem(done.code)}</div><dl class='card'>{told}</dl>{self._acts(done)}"
            f"<details><summary>{self.say('exchanges')}</summary><ol>{steps}</ol></details>"
        )
        return self.page("/operations", body, title=done.state)

    def bench(self, *, day: str, settled: dict[str, Any] | None = None, problem: str = "") -> str:
        """Show the settlement of a day, and the file of credits."""
        body = (
            f"<h1>{self.say('bench')}</h1>{self._problem(problem)}"
            f"<section class='card'><h2>{self.say('settlement')}</h2><form action='/bench'>"
            f"<label>{self.say('date')}<input type='date' name='date' value='{escape(day)}'>"
            f"</label><button>{self.say('show')}</button></form>{self._settled(settled)}</section>"
            f"<section class='card'><h2>{self.say('camt')}</h2>"
            f"<p class='small'>{self.say('camt_help')}</p><form action='/camt054.xml'>"
            f"<label>{self.say('contract')}<input name='contract' dir='ltr' required></label>"
            f"<button>{self.say('download')}</button></form></section>"
        )
        return self.page("/bench", body, title="bench")

    def _settled(self, settled: dict[str, Any] | None) -> str:
        if settled is None:
            return ""
        lines = "".join(
            f"<li><span><bdi dir='ltr'>{escape(line['reference'])}</bdi><br>"
            f"<small>{self.say(line['status'])} · <bdi dir='ltr'>{escape(line['receipt'])}</bdi>"
            f"</small></span>{self.money(line['amount'])}</li>"
            for line in settled["lines"]
        )
        return (
            f"<dl><dt>{self.say('count')}</dt><dd>{settled['count']}</dd>"
            f"<dt>{self.say('total')}</dt><dd>{self.money(settled['total'])}</dd>"
            f"<dt>{self.say('fees')}</dt><dd>{self.money(settled['fees'])}</dd></dl>"
            f"<ul class='rows'>{lines}</ul>"
        )

    def _acts(self, done: Operation) -> str:
        address = f"/operation/{done.reference}"
        if done.state == "posted":
            return (
                f"<form method='post' action='{address}/reverse'><button class='quiet'>"
                f"{self.say('reverse')}</button><p class='small'>{self.say('reverse_help')}</p>"
                "</form>"
            )
        if done.state in ("unknown", "sent"):
            return (
                f"<form method='post' action='{address}/ask'>"
                f"<button>{self.say('ask')}</button></form>"
            )
        return ""

    def _rows(self, rows: Sequence[Operation]) -> str:
        if not rows:
            return f"<p class='empty'>{self.say('none')}</p>"
        told = "".join(
            f"<li><a href='/operation/{row.reference}'><span class='mark {row.state}' "
            f"aria-hidden='true'>{SIGNS[row.state]}</span><span>{self.say(row.state)}<br><small>"
            f"<bdi dir='ltr'>{escape(row.contract)}</bdi> · <bdi dir='ltr'>{_local(row.at)}</bdi>"
            f"</small></span>{self.money(decimal(row.centimes))}</a></li>"
            for row in rows
        )
        return f"<ul class='rows'>{told}</ul>"

    def _choice(self, bill: dict[str, Any], place: int) -> str:
        value = escape(json.dumps({k: bill[k] for k in ("number", "amount")}), quote=True)
        due = f" · {self.say('due_on')} <bdi dir='ltr'>{_day(bill['due_on'] or '')}</bdi>"
        period = f"<bdi dir='ltr'>{escape(bill['period'])}</bdi>"
        return (
            f"<li><label><input type='checkbox' name='bill' value='{value}'"
            f"{' checked' if place == 0 else ''}><span><bdi dir='ltr'>{escape(bill['number'])}"
            f"</bdi><br><small>{period}{due if bill['due_on'] else ''}</small></span>"
            f"{self.money(bill['amount'])}</label></li>"
        )

    def _problem(self, code: str) -> str:
        return f"<p class='problem' role='alert'>{self.say(code)}</p>" if code else ""

    def _hidden(self, name: str, value: str) -> str:
        return f"<input type='hidden' name='{name}' value='{escape(value, quote=True)}'>"


def _day(text: str) -> str:
    return escape("/".join(reversed(text.split("-"))))


def _centimes(amount: str) -> int:
    return int(amount.replace(".", ""))


def _local(moment: datetime) -> str:
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone().strftime("%d/%m/%Y %H:%M")
