"""From the losses of the tasks to gradients: how the tasks are weighed against each other."""

from __future__ import annotations

import torch
from torch import Tensor


class Equal:
    """The plain sum of the losses (already multiplied by the task weights)."""

    def backward(self, losses: Tensor) -> None:
        """Add the gradients for losses [T] to `.grad`."""
        torch.autograd.backward(losses.sum())

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

    def backward(self, losses: Tensor) -> None:
        """Gradients for the network and for log sigma."""
        self._optimizer.zero_grad()
        total = self._half * losses * torch.exp(-2 * self._log_sigma) + self._log_sigma
        torch.autograd.backward(total.sum())

    def step(self) -> None:
        """Move log sigma."""
        self._optimizer.step()

    def metrics(self) -> list[dict[str, float]]:
        """`sigma` of each task."""
        return [{"sigma": sigma} for sigma in self._log_sigma.detach().exp().tolist()]
