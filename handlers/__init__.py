"""Plain Python functions named by service tasks. Importing the package registers them all."""

from handlers import delivery, registers, registration
from handlers.registry import HANDLERS, OUTSIDE_CALLS

__all__ = ["HANDLERS", "OUTSIDE_CALLS", "delivery", "registers", "registration"]
