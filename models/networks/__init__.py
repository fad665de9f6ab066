"""Step 3: what is trained. One file per architecture, each a subclass of `Network` built from its catalogue row."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.blocks.inputs import Inputs, InputShape
from models.blocks.local import Local
from models.events import Task
from models.seeding import generator


def labelled_mean(values: Tensor, mask: Tensor | None) -> Tensor:
    """Mean over the rows with a label, [S, T, N] -> [S, T]; 0 for a task that has none among them."""
    if mask is None:
        return values.mean(2)
    return (values * mask).sum(2) / mask.sum(2).clamp(min=1)


class Network(nn.Module):
    """A network with one output per task: a logit for a binary task, the value itself for a regression.

    Subclasses take (config, shape, tasks), build themselves of blocks, and write `forward` from the columns that
    `arrange` gives to [S, T, N, 1]; they override the rest only where they differ. `needs` names inputs without which
    the network makes no sense. `coupled` says that a task's loss depends on the outputs of other tasks too.
    """

    needs: ClassVar[tuple[str, ...]] = ()
    coupled: bool = False

    def __init__(self, shape: InputShape, tasks: Sequence[Task]) -> None:
        super().__init__()
        self.inputs = Inputs(shape)
        self.binary = torch.tensor([task.kind == "binary" for task in tasks])
        self.all_binary, self.all_regression = bool(self.binary.all()), not bool(self.binary.any())

    @property
    def local(self) -> bool:
        """Autograd takes part in a step: in a block, or in losses of the network's own."""
        return self.own_losses or any(isinstance(block, Local) for block in self.modules())

    @property
    def batched(self) -> bool:
        """Every block carries the replica axis."""
        return all(block.batched for block in self.modules() if isinstance(block, Local))

    @property
    def own_losses(self) -> bool:
        """The losses are not those of `derivatives`."""
        return type(self).losses is not Network.losses

    def initialise(self, seed: int) -> None:
        """Weights uniform in +-sqrt(3 / fan-in), that is of variance 1 / fan-in, biases 0, embeddings N(0, 1 / d).

        Numbers are drawn per parameter name, so networks that share a name and shape start from the same values.
        """
        for name, parameter in self.named_parameters():
            source = generator(seed, name)
            if "bias" in name:
                nn.init.zeros_(parameter)
            elif name.endswith("table"):
                nn.init.normal_(parameter, std=1 / math.sqrt(parameter.shape[1]), generator=source)
            elif parameter.ndim > 1:
                bound = math.sqrt(3 / parameter.shape[-1])
                nn.init.uniform_(parameter, -bound, bound, generator=source)

    def arrange(self, inputs: Mapping[str, Tensor]) -> tuple[Tensor, ...]:
        """The arguments of `forward`, for all rows at once before training, [N, .] each."""
        return self.inputs.arrange(inputs)

    def predict(self, outputs: Tensor) -> Tensor:
        """Outputs [S, T, N, 1] -> probabilities of binary tasks, values of regressions, [S, T, N]."""
        values = outputs.squeeze(3)
        return torch.where(self.binary.view(1, -1, 1), torch.sigmoid(values), values)

    def losses(self, outputs: Tensor, labels: Tensor, mask: Tensor | None) -> Tensor:
        """Mean loss of each task over its labelled rows, [S, T]: cross-entropy if binary, squared error otherwise.

        Outputs [S, T, N, 1], labels and mask [S, T, N].
        """
        return labelled_mean(self._each(outputs.squeeze(3), labels), mask)

    def derivatives(self, outputs: Tensor, labels: Tensor, mask: Tensor | None, weights: Tensor) -> Tensor:
        """Derivatives of `losses` times weights [S, T] by the outputs, [S, T, N, 1]: a task's loss depends on its own
        outputs alone."""
        values = outputs.squeeze(3)
        if self.all_binary:
            slope = torch.sigmoid(values).sub_(labels)
        elif self.all_regression:
            slope = (values - labels).mul_(2)
        else:
            slope = torch.where(self.binary.view(1, -1, 1), torch.sigmoid(values) - labels, 2 * (values - labels))
        if mask is None:
            slope.mul_(weights.unsqueeze(2) / values.shape[2])
        else:
            slope.mul_(mask * (weights / mask.sum(2).clamp(min=1)).unsqueeze(2))
        return slope.unsqueeze(3)

    def _each(self, values: Tensor, labels: Tensor) -> Tensor:
        if self.all_regression:
            return (values - labels).square()
        entropy = functional.softplus(values).addcmul(values, labels, value=-1)
        if self.all_binary:
            return entropy
        return torch.where(self.binary.view(1, -1, 1), entropy, (values - labels).square())

    def expert_parameters(self) -> list[nn.Parameter]:
        """Parameters of the experts, each [S * experts, ...]; empty for a network without experts."""
        return []

    def gates(self, *_: Tensor) -> Tensor | None:
        """Weight that each task's gate gives each expert, [S, T, N, experts]; None for a network without gates."""
        return None
