"""Gates that read prior information and scale embeddings and hidden units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from torch import Tensor, nn

from models.blocks.concat import Concat
from models.blocks.inputs import Inputs, InputShape
from models.blocks.mlps import Mlps
from models.blocks.scale import Scale
from models.catalogue import networks as catalogue
from models.events import Task
from models.networks import Network
from models.recipe import RecipeError


class PepNet(Network):
    """EPNet scales the embeddings, O = d * E with d = gate([prior; E]); PPNet scales each hidden layer of each task's
    tower, with gates that read [prior; O]. A gate is 2 sigmoid(W' relu(W x)). Gates take E and O as they find them: no
    gradient goes through a gate into them.

    Jianxin Chang et al., PEPNet: Parameter and Embedding Personalized Network for Infusing with Personalized Prior
    Information, KDD 2023. There the prior of EPNet is the domain and that of PPNet the user, the item and the author;
    here both read the inputs named in `prior`, with embeddings of their own (none: E and O alone). Raises RecipeError
    if one of them is not an input.
    """

    def __init__(self, config: catalogue.PepNet, shape: InputShape, tasks: Sequence[Task]) -> None:
        super().__init__(shape, tasks)
        there = [*shape.widths, *shape.vocabularies]
        for name in config.prior:
            if name not in there:
                raise RecipeError(f"network.prior names {name}, which is not among the inputs {', '.join(there)}.")
        widths = {name: width for name, width in shape.widths.items() if name in config.prior}
        ids = {name: sizes for name, sizes in shape.vocabularies.items() if name in config.prior}
        self.prior = Inputs(InputShape(widths, ids, shape.embedding)) if config.prior else None
        count, width = len(tasks), self.inputs.width
        read = width + (self.prior.width if self.prior else 0)
        self.concat, self.scale = Concat(), Scale()
        self.epnet = Mlps(1, (read, config.gate, width), "relu")
        self.layers = nn.ModuleList(
            [Mlps(count, size, config.activation, last=True) for size in pairwise((width, *config.tower))]
        )
        self.ppnet = nn.ModuleList([Mlps(count, (read, config.gate, units), "relu") for units in config.tower])
        self.tower = Mlps(count, (config.tower[-1], 1), config.activation)

    def arrange(self, inputs: Mapping[str, Tensor]) -> tuple[Tensor, ...]:
        """The columns of all inputs, then those of the prior ones."""
        return super().arrange(inputs) + (self.prior.arrange(inputs) if self.prior else ())

    def forward(self, *columns: Tensor) -> Tensor:
        """-> [S, T, N, 1]."""
        all_inputs, of_prior = columns[: self.inputs.columns], columns[self.inputs.columns :]
        prior = (self.prior(*of_prior),) if self.prior else ()  # [S, 1, N, P]
        e = self.inputs(*all_inputs)  # [S, 1, N, D]
        o = self.scale(e, self.epnet(self.concat(*prior, e.detach())))  # [S, 1, N, D]
        read = self.concat(*prior, o.detach())  # [S, 1, N, P + D]
        h = o
        for layer, gate in zip(self.layers, self.ppnet, strict=True):
            h = self.scale(layer(h), gate(read))  # [S, T, N, H]
        y: Tensor = self.tower(h)
        return y
