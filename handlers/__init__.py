"""Plain Python functions named by service tasks. Importing the package registers them all."""

from handlers import (
    complaints,
    consultations,
    decisions,
    delivery,
    demands,
    duties,
    e_licensing,
    hearing,
    payment,
    registers,
    registration,
)
from handlers.registry import HANDLERS, OUTSIDE_CALLS

__all__ = [
    "HANDLERS",
    "OUTSIDE_CALLS",
    "complaints",
    "consultations",
    "decisions",
    "delivery",
    "demands",
    "duties",
    "e_licensing",
    "hearing",
    "payment",
    "registers",
    "registration",
]
