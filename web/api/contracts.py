"""Contracts, their meters, and imports over the API, for staff who see them on the pages."""

from typing import Final
from uuid import UUID

from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from eservices.contracts.finding import contracts_found
from eservices.contracts.import_words import words_of
from eservices.contracts.looks import note_look
from eservices.contracts.models import Contract, ImportRun, RefusedLine
from eservices.contracts.rights import reads_contracts, sees_imports
from language.reach import number_key
from web.api.access import caller, permitted
from web.api.listing import Given, Listed, Rows, both_ways, lists
from web.api.shape import PageShape, Shape, shown
from web.api.view import ApiView, get_or_404, operation

_REFUSED = 1000  # lines of one answer


ReadsContracts: Final = permitted(reads_contracts)
SeesImports: Final = permitted(sees_imports)


class ContractsAsked(Listed):
    """A page of contracts; `q` is a number, meter, telephone, e-mail or name."""

    ORDERS = both_ways("id", "id")

    q = serializers.CharField(required=False, max_length=200)
    status = serializers.ChoiceField(Contract.Status.choices, required=False)
    sector = serializers.CharField(required=False, max_length=40)


class ContractOut(Shape):
    """A contract as the billing system tells it."""

    number = serializers.CharField()
    customer_name = serializers.CharField()
    customer_type = serializers.CharField()
    email = serializers.CharField()
    phone = serializers.CharField()
    language = serializers.CharField()
    address = serializers.CharField()
    city = serializers.CharField()
    sector = serializers.CharField()
    services = serializers.ListField(child=serializers.CharField())
    status = serializers.CharField()
    opened_on = serializers.DateField(allow_null=True)
    closed_on = serializers.DateField(allow_null=True)


class ContractsOut(PageShape):
    """Contracts. `next_cursor` is empty on the last page."""

    contracts = ContractOut(source="rows", many=True)


class MeterOut(Shape):
    """A meter and its last index; a replaced one has `removed_on`."""

    serial = serializers.CharField()
    service = serializers.CharField()
    digits = serializers.IntegerField()
    installed_on = serializers.DateField(allow_null=True)
    removed_on = serializers.DateField(allow_null=True)
    last_index = serializers.IntegerField(allow_null=True)
    last_read_on = serializers.DateField(allow_null=True)


class WholeContractOut(ContractOut):
    """A contract with its meters."""

    meters = MeterOut(source="meters.all", many=True)


class ImportsAsked(Listed):
    """A page of imports, the newest first, of a kind."""

    ORDERS = both_ways("-started_at", "-started_at", "-id")

    kind = serializers.ChoiceField(ImportRun.Kind.choices, required=False)


class ImportOut(Shape):
    """An import and its counts; `problem` says why the whole file was refused."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    name = serializers.CharField()
    sha256 = serializers.CharField()
    dry_run = serializers.BooleanField()
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    lines = serializers.IntegerField()
    new = serializers.IntegerField()
    changed = serializers.IntegerField()
    same = serializers.IntegerField()
    refused = serializers.IntegerField()
    problem = serializers.CharField()

    def show_problem(self, run: ImportRun) -> str:
        """Return why the file was refused, in words."""
        return words_of(run.problem, run.problem_data) if run.problem else ""


class ImportsOut(PageShape):
    """Imports. `next_cursor` is empty on the last page."""

    imports = ImportOut(source="rows", many=True)


class RefusedLineOut(Shape):
    """A refused line: its number in the file, and why."""

    line = serializers.IntegerField()
    reason = serializers.CharField()

    def show_reason(self, line: RefusedLine) -> str:
        """Return why the line was refused, in words."""
        return words_of(line.code, line.data)


class WholeImportOut(ImportOut):
    """An import with its first 1000 refused lines."""

    refused_lines = RefusedLineOut(many=True)


class ContractsView(ApiView):
    """Contracts."""

    permission_classes = [IsAuthenticated, ReadsContracts]

    @lists("list_contracts", ContractsAsked, ContractsOut, 403)
    def get(self, _request: Request, given: Given) -> Rows:
        """List or find contracts."""
        rows = contracts_found(given["q"]) if given.get("q") else Contract.objects.all()
        wanted = {name: given[name] for name in ("status", "sector") if given.get(name)}
        return rows.filter(**wanted)


class ContractView(ApiView):
    """A contract."""

    permission_classes = [IsAuthenticated, ReadsContracts]

    @operation("get_contract", WholeContractOut, 403, 404)
    def get(self, request: Request, contract_key: str) -> Response:
        """Return a contract with its meters; the look is on record."""
        rows = Contract.objects.filter(number_key=number_key(contract_key))
        row = get_or_404(rows.prefetch_related("meters"))
        note_look(row, viewer=caller(request))
        return shown(WholeContractOut, row)


class ImportsView(ApiView):
    """Imports."""

    permission_classes = [IsAuthenticated, SeesImports]

    @lists("list_imports", ImportsAsked, ImportsOut, 403)
    def get(self, _request: Request, given: Given) -> Rows:
        """List imports."""
        rows = ImportRun.objects.all()
        if "kind" in given:
            rows = rows.filter(kind=given["kind"])
        return rows


class ImportView(ApiView):
    """An import."""

    permission_classes = [IsAuthenticated, SeesImports]

    @operation("get_import", WholeImportOut, 403, 404)
    def get(self, request: Request, run_id: UUID) -> Response:
        """Return an import with its refused lines."""
        run = get_or_404(ImportRun.objects.filter(pk=run_id))
        run.refused_lines = run.refusals.order_by("line", "id")[:_REFUSED]  # type: ignore[attr-defined]  # for the shape
        return shown(WholeImportOut, run)
