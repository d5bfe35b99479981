"""Circuits that name a closed department name its heir from then on."""

from django.db.models import Q, QuerySet

from correspondence.models.steps import Circuit, CircuitStep
from correspondence.replies.editing import audit_values, circuit_values
from org.history import record
from org.models import Department, OrgChange, User
from registry.acts import record_act


def circuits_of(department: Department) -> QuerySet[Circuit]:
    """Return the circuits that are for a department, or have a step of its head."""
    steps = CircuitStep.objects.filter(department=department).values("circuit")
    return Circuit.objects.filter(Q(department=department) | Q(pk__in=steps))


def give_circuits(department: Department, heir: Department, actor: User) -> None:
    """Let the heir stand wherever the department stood; who edits one meanwhile is told.

    Replies under way keep the steps that were copied: the heir's head takes those.
    """
    for circuit in circuits_of(department).select_for_update(of=("self",)).order_by("pk"):
        before = circuit_values(circuit)
        circuit.steps.filter(department=department).update(department=heir)
        if circuit.department_id == department.pk:
            circuit.department = heir
        circuit.version += 1
        circuit.save(update_fields=["department", "version"])
        steps = list(circuit.steps.select_related("person", "department"))
        record_act("circuit_kept", actor=actor, data=audit_values(circuit, steps))
        record(
            OrgChange.Noun.CIRCUIT,
            str(circuit.pk),
            "changed",
            actor=actor,
            before=before,
            after=circuit_values(circuit),
        )
