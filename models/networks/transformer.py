"""A Transformer over a history: what the article's second listing would have to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import torch
from torch import Tensor, nn

from models.blocks.inputs import InputShape
from models.blocks.local import Local
from models.blocks.mlps import Mlps
from models.catalogue import networks as catalogue
from models.events import Task
from models.networks import Network, labelled_mean

LONGEST = 32


class _Encoder(Local):
    """Ids [1, 1, N, L] -> the mean over the places, [1, 1, N, H]."""

    def __init__(self, config: catalogue.Transformer, vocabulary: int) -> None:
        super().__init__()
        width = config.heads * config.key_dim
        self.mask = config.mask
        self.items = nn.Embedding(vocabulary, width)
        self.positions = nn.Embedding(LONGEST, width) if config.positions else None
        self.attention = nn.MultiheadAttention(width, config.heads, batch_first=True)
        self.feed_forward = nn.Sequential(nn.Linear(width, 2 * width), nn.ReLU(), nn.Linear(2 * width, width))
        self.norms = nn.ModuleList([nn.LayerNorm(width), nn.LayerNorm(width)])

    def compute(self, *inputs: Tensor) -> Tensor:
        history = inputs[0][0, 0]  # [N, L]
        there = history > 0 if self.mask else torch.ones_like(history, dtype=torch.bool)  # [N, L]
        x = self.items(history)  # [N, L, H]
        if self.positions is not None:
            x = x + self.positions.weight[: history.shape[1]]
        attended, _ = self.attention(x, x, x, key_padding_mask=~there, need_weights=False)
        x = self.norms[0](x + attended)
        x = self.norms[1](x + self.feed_forward(x))
        mean: Tensor = (x * there[..., None]).sum(1) / there.sum(1, keepdim=True).clamp(min=1)  # [N, H]
        return mean[None, None]


class Transformer(Network):
    """One encoder layer (attention, feed-forward, each with residual and normalisation), the mean over the places, and
    a linear head. Id 0 is padding; histories have at most 32 places.

    Ashish Vaswani et al., Attention Is All You Need, NIPS 2017, section 3, with learned positions. `positions` and
    `mask` (of padding, in the attention and in the mean) can be left out, as the listing does. `head` "one-softmax" is
    the listing's: one softmax over the tasks with categorical cross-entropy, as if exactly one label were 1.
    """

    needs: ClassVar[tuple[str, ...]] = ("history",)

    def __init__(self, config: catalogue.Transformer, shape: InputShape, tasks: Sequence[Task]) -> None:
        super().__init__(InputShape({}, {}), tasks)
        self.one_softmax = self.coupled = config.head == "one-softmax"
        self.encoder = _Encoder(config, shape.vocabularies["history"][0])
        self.head = Mlps(len(tasks), (config.heads * config.key_dim, 1), "relu")

    def arrange(self, inputs: Mapping[str, Tensor]) -> tuple[Tensor, ...]:
        """The history: ids [N, L]."""
        return (inputs["history"],)

    def forward(self, *columns: Tensor) -> Tensor:
        """Ids [S, N, L] -> logits [S, T, N, 1]."""
        y: Tensor = self.head(self.encoder(columns[0].unsqueeze(1)))
        return y

    def predict(self, outputs: Tensor) -> Tensor:
        """Probabilities [S, T, N]; with one softmax they sum to 1 over the tasks."""
        return outputs.squeeze(3).softmax(dim=1) if self.one_softmax else super().predict(outputs)

    def losses(self, outputs: Tensor, labels: Tensor, mask: Tensor | None) -> Tensor:
        """[S, T]; with one softmax the terms of the categorical cross-entropy, which is their sum."""
        if self.one_softmax:
            return labelled_mean(-labels * outputs.squeeze(3).log_softmax(dim=1), mask)
        return super().losses(outputs, labels, mask)
