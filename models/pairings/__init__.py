"""Pairings: what a question trains live, by id, and the verdict on a run. No torch, no numpy."""

from models.pairings import (
    biased_labels,
    census,
    cost,
    entire_space,
    experts,
    few_labels,
    forgetting,
    gradients,
    inputs,
    listing1,
    listing2,
    measuring,
    optimisation,
    reviews,
    seesaw,
    softmax_twice,
    sparse_labels,
    weighting,
)
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

_GROUPS = (
    listing1,
    softmax_twice,
    listing2,
    measuring,
    sparse_labels,
    census,
    experts,
    gradients,
    weighting,
    few_labels,
    entire_space,
    forgetting,
    biased_labels,
    cost,
    reviews,
    inputs,
    seesaw,
    optimisation,
)
PAIRINGS: dict[str, Pairing] = {pairing.id: pairing for group in _GROUPS for pairing in group.PAIRINGS}
