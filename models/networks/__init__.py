"""Step 3: what is trained. One file per architecture, each a subclass of `Network` built from its catalogue row."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.events import Task
from models.seeding import generator


def labelled_mean(loss: Tensor, mask: Tensor | None) -> Tensor:
    """Mean over the rows with a label, [N, T] -> [T]; 0 for a task that has none among them."""
    if mask is None:
        return loss.mean(0)
    return (loss * mask).sum(0) / mask.sum(0).clamp(min=1)


class Network(nn.Module):
    """A network with one output per task: a logit for a binary task, the value itself for a regression.

    Subclasses take (config, widths, tasks): `widths` maps each input to its width. They implement `forward`, and
    override the rest only where they differ. `needs` names inputs without which the network makes no sense.
    """

    needs: ClassVar[tuple[str, ...]] = ()

    def __init__(self, tasks: Sequence[Task]) -> None:
        super().__init__()
        self.binary = torch.tensor([task.kind == "binary" for task in tasks])
        self.all_binary = bool(self.binary.all())

    def initialise(self, seed: int) -> None:
        """Weights uniform in +-sqrt(3 / fan-in), that is of variance 1 / fan-in, biases 0.

        Numbers are drawn per parameter name, so networks that share a name and shape start from the same values.
        """
        for name, parameter in self.named_parameters():
            if "bias" in name:
                nn.init.zeros_(parameter)
            elif parameter.ndim > 1:
                bound = math.sqrt(3 / parameter.shape[-1])
                nn.init.uniform_(parameter, -bound, bound, generator=generator(seed, name))

    def arrange(self, inputs: Mapping[str, Tensor]) -> tuple[Tensor, ...]:
        """The arguments of `forward`, for all rows at once before training: here one matrix [N, sum of widths]."""
        return (torch.cat(list(inputs.values()), dim=1),)

    def predict(self, outputs: Tensor) -> Tensor:
        """Outputs [N, T] -> probabilities of binary tasks, values of regressions, [N, T]."""
        return torch.where(self.binary, torch.sigmoid(outputs), outputs)

    def losses(self, outputs: Tensor, labels: Tensor, mask: Tensor | None) -> Tensor:
        """Mean loss of each task over its labelled rows, [T]: cross-entropy if binary, squared error otherwise."""
        if self.all_binary:
            loss = functional.binary_cross_entropy_with_logits(outputs, labels, reduction="none")
        else:
            entropy = functional.binary_cross_entropy_with_logits(outputs, labels, reduction="none")
            loss = torch.where(self.binary, entropy, (outputs - labels).square())
        return labelled_mean(loss, mask)

    def trunk(self) -> list[nn.Parameter]:
        """Parameters that several tasks move; empty if there are none, or if the network does not tell them apart."""
        return []

    def expert_parameters(self) -> list[nn.Parameter]:
        """Parameters of the experts, each [experts, ...]; empty for a network without experts."""
        return []

    def gates(self, *_: Tensor) -> Tensor | None:
        """Weight that each task's gate gives each expert, [T, N, experts]; None for a network without gates."""
        return None
