"""Sparse gates that can be differentiated."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import torch
from torch import Tensor, nn

from models.blocks.concat import Concat
from models.blocks.inputs import InputShape
from models.blocks.local import Local
from models.blocks.mix import Mix
from models.blocks.mlps import Mlps
from models.catalogue import networks as catalogue
from models.events import Task
from models.networks import Network, labelled_mean
from models.recipe import RecipeError
from models.seeding import generator


class _Static(Local):
    """Numbers of a task, whatever the row, [S, T, 1, K]."""

    batched = apart = True

    def __init__(self, tasks: int, numbers: int) -> None:
        super().__init__()
        self.tasks = tasks
        self.weight = nn.Parameter(torch.empty(tasks, numbers))

    def compute(self, *_: Tensor) -> Tensor:
        return self.weight.view(-1, self.tasks, 1, self.weight.shape[1])


class _EveryRow(Local):
    """[S, T, 1, d], the same for all rows of [S, 1, N, D], or [S, T, N, d] -> [S, T, N, d]."""

    batched = apart = True

    def compute(self, *inputs: Tensor) -> Tensor:
        return inputs[0].expand(-1, -1, inputs[1].shape[2], -1)


class Selectors(nn.Module):
    """k selectors, each of one expert in E = 2^m, from numbers [S, T, N, k * m + k]: the bits of the experts' numbers
    through a smooth step, and the selectors' weights before their softmax."""

    def __init__(self, experts: int, selected: int, gamma: float) -> None:
        super().__init__()
        self.selected, self.gamma, self.bits = selected, gamma, (experts - 1).bit_length()
        self.codes = torch.arange(experts).unsqueeze(1) >> torch.arange(self.bits) & 1 > 0  # [E, m]

    def step(self, z: Tensor) -> Tensor:
        """The smooth step: 0 up to -gamma / 2, 1 from gamma / 2 on, and a cubic between."""
        z = (z / self.gamma).clamp(-0.5, 0.5)
        return 0.5 + 1.5 * z - 2 * z**3

    def each(self, numbers: Tensor) -> Tensor:
        """What each selector gives each expert, [S, T, N, k, E]; sums to 1 over the experts."""
        z = numbers[..., : self.selected * self.bits].reshape(*numbers.shape[:3], self.selected, 1, self.bits)
        bit = self.step(z)  # [S, T, N, k, 1, m]
        return reduce(torch.mul, torch.where(self.codes, bit, 1 - bit).unbind(5))

    def weights(self, numbers: Tensor) -> Tensor:
        """Of the selectors, [S, T, N, k]."""
        return numbers[..., self.selected * self.bits :].softmax(3)


class _Gate(Local):
    """Weights of the experts, [S, T, N, E]; sum to 1."""

    batched = apart = True

    def __init__(self, selectors: Selectors) -> None:
        super().__init__()
        self.selectors = selectors

    def compute(self, *inputs: Tensor) -> Tensor:
        return (self.selectors.weights(inputs[0]).unsqueeze(4) * self.selectors.each(inputs[0])).sum(3)


class _Entropy(Local):
    """Entropy of what the selectors give, added up over the k of them, [S, T, N, 1]; 0 if each has chosen."""

    batched = apart = True

    def __init__(self, selectors: Selectors) -> None:
        super().__init__()
        self.selectors = selectors

    def compute(self, *inputs: Tensor) -> Tensor:
        r = self.selectors.each(inputs[0])
        return -(r * (r + 1e-6).log()).sum((3, 4)).unsqueeze(3)


class DSelectK(Network):
    """MMoE with gates that come to use at most k of the experts: g(x) = sum_i softmax(a)_i r(z_i), where r(z)_e is the
    product over the bits of e of S(z_b), or 1 - S(z_b) where the bit is 0, and S is a smooth step.

    Hussein Hazimeh et al., DSelect-k: Differentiable Selection in the Mixture of Experts with Applications to
    Multi-Task Learning, NeurIPS 2021; z and a as parameters of the task, or linear in the row. The loss of a task has
    `entropy` times the mean entropy of its r(z) added, which is 0 once every selector has chosen. Bits outside the
    smooth part of S get no gradient: a choice that is made stays. Raises RecipeError if the number of experts is no
    power of 2, or is below k.
    """

    def __init__(self, config: catalogue.DSelectK, shape: InputShape, tasks: Sequence[Task]) -> None:
        super().__init__(shape, tasks)
        if config.experts & (config.experts - 1):
            raise RecipeError(f"network.experts is {config.experts}; dselect-k numbers them in bits: take 2, 4, 8, ...")
        if config.selected > config.experts:
            raise RecipeError(f"network.selected is {config.selected}; there are only {config.experts} experts.")
        self.entropy, self.gamma = config.entropy, config.gamma
        self.selectors = Selectors(config.experts, config.selected, config.gamma)
        numbers = config.selected * (self.selectors.bits + 1)
        self.experts = Mlps(config.experts, (self.inputs.width, *config.expert), config.activation, last=True)
        by_row = config.gating == "row"
        self.choice = Mlps(len(tasks), (self.inputs.width, numbers), "relu") if by_row else _Static(len(tasks), numbers)
        self.gate, self.uncertain = _Gate(self.selectors), _Entropy(self.selectors)
        self.every_row = _EveryRow()
        self.mix, self.concat = Mix(), Concat()
        self.tower = Mlps(len(tasks), (config.expert[-1], *config.tower, 1), config.activation)

    def initialise(self, seed: int) -> None:
        """As every network, but what the gates choose by is uniform in +-gamma / 100 (z as in the authors' code), so
        that all experts start near 1 / E."""
        super().initialise(seed)
        for name, parameter in self.choice.named_parameters():
            nn.init.uniform_(
                parameter, -self.gamma / 100, self.gamma / 100, generator=generator(seed, f"choice.{name}")
            )

    def expert_parameters(self) -> list[nn.Parameter]:
        """Weights and biases of the experts."""
        return list(self.experts.parameters())

    def gates(self, *columns: Tensor) -> Tensor:
        """-> [S, T, N, E]."""
        x = self.inputs(*columns)
        weights: Tensor = self.every_row(self.gate(self.choice(x)), x)
        return weights

    def forward(self, *columns: Tensor) -> Tensor:
        """-> the output of the task, and the entropy of its selectors, [S, T, N, 2]."""
        x = self.inputs(*columns)  # [S, 1, N, D]
        numbers = self.choice(x)  # [S, T, N or 1, k * m + k]
        weights = self.every_row(self.gate(numbers), x)  # [S, T, N, E]
        y = self.tower(self.mix(weights, self.experts(x)))  # [S, T, N, 1]
        out: Tensor = self.concat(y, self.every_row(self.uncertain(numbers), x))
        return out

    def predict(self, outputs: Tensor) -> Tensor:
        """From the first of the two numbers, [S, T, N]."""
        return super().predict(outputs[..., :1])

    def losses(self, outputs: Tensor, labels: Tensor, mask: Tensor | None) -> Tensor:
        """As every network, and the entropy, [S, T]."""
        return super().losses(outputs[..., :1], labels, mask) + self.entropy * labelled_mean(outputs[..., 1], mask)
