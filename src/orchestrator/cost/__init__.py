"""What conversations cost: prices of the day, budgets reserved beforehand, and a ledger of every call."""

from orchestrator.cost.budgets import EACH_USER, GLOBAL, Budget, Budgets, session_scope, user_scope
from orchestrator.cost.estimates import Estimates, rough_tokens
from orchestrator.cost.ledger import Ledger, Reservation, Settled
from orchestrator.cost.prices import EndpointPrices, Priced, Prices

__all__ = [
    # Prices
    "Prices",
    "EndpointPrices",
    "Priced",
    # Before a call
    "Estimates",
    "rough_tokens",
    "Budgets",
    "Budget",
    "GLOBAL",
    "EACH_USER",
    "user_scope",
    "session_scope",
    # Around a call
    "Ledger",
    "Reservation",
    "Settled",
]
