"""Pairings: what a question trains live, by id, and the verdict on a run. No torch, no numpy."""

from models.pairings import census, listing1
from models.pairings.pairing import Chart, Check, Pairing, PairingArm, Reading
from models.pairings.verdict import CheckOutcome, Outcome, Readings, verdict

__all__ = [
    "PAIRINGS",
    "Chart",
    "Check",
    "CheckOutcome",
    "Outcome",
    "Pairing",
    "PairingArm",
    "Reading",
    "Readings",
    "verdict",
]

PAIRINGS: dict[str, Pairing] = {pairing.id: pairing for pairing in (*listing1.PAIRINGS, *census.PAIRINGS)}
