"""From the losses of the tasks to gradients: how the tasks are weighed against each other."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def task_gradients(terms: Tensor, parameters: Sequence[Tensor]) -> Tensor:
    """Gradient of each task's term of the objective, [T] -> [T, P]. Keeps the graph."""
    rows = [torch.autograd.grad(term, parameters, retain_graph=True) for term in terms]
    return torch.stack([torch.cat([gradient.flatten() for gradient in row]) for row in rows])


class Equal:
    """The plain sum of the losses (already multiplied by the task weights)."""

    def terms(self, losses: Tensor) -> Tensor:
        """What each task adds to the objective, [T]."""
        return losses

    def combine(self, gradients: Tensor) -> Tensor:
        """From the gradients of the terms with respect to what the tasks share, [T, P], to the one followed, [P]."""
        return gradients.sum(0)

    def backward(self, losses: Tensor) -> None:
        """Add the gradients for losses [T] to `.grad`."""
        torch.autograd.backward(self.terms(losses).sum())

    def step(self) -> None:
        """Nothing is learned here."""

    def metrics(self) -> list[dict[str, float]]:
        """One dictionary per task; nothing to report."""
        return []


class Uncertainty(Equal):
    """Each task's noise sigma is learned with the network: L / (2 sigma^2) + log sigma for a regression, L / sigma^2 +
    log sigma for a binary task. What is stored is log sigma, 0 at first.

    Kendall, Gal, Cipolla, Multi-Task Learning Using Uncertainty to Weigh Losses, CVPR 2018, equations 5-10.
    """

    def __init__(self, binary: Tensor, learning_rate: float) -> None:
        self._half = torch.where(binary, 1.0, 0.5)  # [T]
        self._log_sigma = torch.zeros(len(binary), requires_grad=True)
        self._optimizer = torch.optim.Adam([self._log_sigma], lr=learning_rate)

    def _weights(self) -> Tensor:
        return self._half * torch.exp(-2 * self._log_sigma)

    def terms(self, losses: Tensor) -> Tensor:
        """Weighted loss plus log sigma, [T]; negative once sigma and loss are small."""
        return self._weights() * losses + self._log_sigma

    def backward(self, losses: Tensor) -> None:
        """Gradients for the network and for log sigma."""
        self._optimizer.zero_grad()
        super().backward(losses)

    def step(self) -> None:
        """Move log sigma."""
        self._optimizer.step()

    def metrics(self) -> list[dict[str, float]]:
        """`sigma` of each task, and the `weight` that follows from it."""
        pairs = zip(self._log_sigma.detach().exp().tolist(), self._weights().tolist(), strict=True)
        return [{"sigma": sigma, "weight": weight} for sigma, weight in pairs]


class Pcgrad(Equal):
    """Where two tasks' gradients of the shared parameters conflict, each loses its component along the other.

    Tianhe Yu et al., Gradient Surgery for Multi-Task Learning, NeurIPS 2020, algorithm 1. A copy of each gradient is
    projected on the originals of the others, in an order drawn anew each time.
    """

    def __init__(self, trunk: Sequence[Tensor], source: torch.Generator) -> None:
        self._trunk, self._source = trunk, source

    def combine(self, gradients: Tensor) -> Tensor:
        """Sum of the projected copies, [T, P] -> [P]."""
        projected = gradients.clone()
        for i, copy in enumerate(projected):
            for j in torch.randperm(len(gradients), generator=self._source).tolist():
                inner = copy @ gradients[j]
                if j != i and inner < 0:
                    copy -= inner / (gradients[j] @ gradients[j]) * gradients[j]
        return projected.sum(0)

    def backward(self, losses: Tensor) -> None:
        """Add the gradients to `.grad`: the combined one for the trunk, each task's own for the rest."""
        combined = self.combine(task_gradients(losses, self._trunk))
        super().backward(losses)
        pieces = torch.split(combined, [parameter.numel() for parameter in self._trunk])
        for parameter, piece in zip(self._trunk, pieces, strict=True):
            parameter.grad = piece.view_as(parameter)
