"""Every hand-written backward against autograd on a double, with each block used twice in one network."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from models.blocks.concat import Concat
from models.blocks.inputs import Inputs, InputShape
from models.blocks.local import Local
from models.blocks.mix import Mix, Softmax
from models.blocks.mlps import Mlps
from models.blocks.scale import Scale
from models.blocks.stack import Stack
from models.blocks.stitch import Stitch
from models.blocks.tape import Tape
from models.events import Task, Text
from models.networks import Network
from models.networks.stem import _Add, _AllForward
from models.training.parameters import Parameters

from . import doubles

T, D = 3, 6
TASKS = [Task(f"task-{k}", Text("", ""), "regression") for k in range(T)]
SHAPE = InputShape({"x": 2}, {"ids": (5, 3)}, 2)


class Twice(Network):
    """A network of the blocks under test; `x` [S, 1, N, D] are its inputs, of which one part is learned."""

    def __init__(self) -> None:
        super().__init__(SHAPE, TASKS)
        assert self.inputs.width == D
        self.tower = Mlps(T, (D, 5, 1), "tanh")
        self.blocks()

    def blocks(self) -> None:
        pass

    def towers(self, x: Tensor, *_: Tensor) -> Tensor:
        raise NotImplementedError

    def forward(self, *columns: Tensor) -> Tensor:
        return self.tower(self.towers(self.inputs(*columns), *columns))


class Perceptrons(Twice):
    def blocks(self) -> None:
        self.bottom = Mlps(1, (D, 4, D), "relu", last=True)
        self.each, self.pairs = Mlps(T, (D, D), "tanh", last=True), Mlps(2 * T, (D, D), "relu", last=True)
        self.mix = Mix()

    def towers(self, x: Tensor, *_: Tensor) -> Tensor:
        h = self.each(self.each(self.bottom(self.bottom(x))))
        even = torch.full((*h.shape[:3], 3), 1 / 3)
        once = self.mix(even, self.bottom(x), self.pairs(x))
        return self.mix(even, self.bottom(x), self.pairs(self.each(once)))


class Gates(Twice):
    top_1 = False

    def blocks(self) -> None:
        self.shared, self.own = Mlps(3, (D, D), "tanh", last=True), Mlps(2 * T, (D, D), "tanh", last=True)
        self.gate, self.common = Mlps(T, (D, 5), "tanh"), Mlps(1, (D, 2 * T + 3), "tanh")
        self.softmax, self.mix = Softmax(self.top_1), Mix()

    def towers(self, x: Tensor, *_: Tensor) -> Tensor:
        shared, own = self.shared(x), self.own(x)
        tasks = self.mix(self.softmax(self.gate(x)), shared, own)
        common = self.mix(self.softmax(self.common(x)), shared, own)
        return self.mix(self.softmax(self.gate(tasks)), self.shared(common), self.own(tasks))


class Top1(Gates):
    top_1 = True


class Stitches(Twice):
    """The same layers stand above and below the place where tasks meet."""

    def blocks(self) -> None:
        self.stitch, self.layer = Stitch(T), Mlps(T, (D, D), "tanh", last=True)

    def towers(self, x: Tensor, *_: Tensor) -> Tensor:
        return self.layer(self.stitch(self.layer(self.stitch(self.layer(x)))))


class Scales(Twice):
    def blocks(self) -> None:
        self.scale, self.concat = Scale(), Concat()
        self.gate, self.of_tasks = Mlps(1, (2 * D, D), "relu"), Mlps(T, (2 * D, D), "relu")
        self.layer, self.narrow = Mlps(T, (D, D), "tanh"), Mlps(T, (D, D // 2), "tanh")

    def towers(self, x: Tensor, *_: Tensor) -> Tensor:
        for _ in range(2):
            x = self.scale(x, self.gate(self.concat(x, x.detach())))
        read, h = self.concat(x, x), self.layer(x)
        for _ in range(2):
            h = self.scale(h, self.of_tasks(read))
        return self.concat(self.narrow(h), self.narrow(self.layer(h)))


class Tables(Twice):
    def blocks(self) -> None:
        self.own, self.add, self.concat = Inputs(SHAPE, tables=T), _Add(), Concat()
        self.narrow = Mlps(T, (2 * D, D), "tanh")

    def towers(self, x: Tensor, *columns: Tensor) -> Tensor:
        ids, numbers = columns
        turned = (ids.flip(1), numbers)
        first = self.add(self.own(*columns), x)
        return self.narrow(self.concat(first, self.add(self.own(*turned), self.inputs(*turned))))


class Forwards(Twice):
    def blocks(self) -> None:
        self.own, self.shared = Mlps(2 * T, (D, D), "tanh"), Mlps(1, (D, D), "tanh")
        self.gate, self.softmax, self.mix = Mlps(T, (D, 2 * T + 1), "tanh"), Softmax(), Mix()
        self.all_forward = _AllForward(T, 2)

    def towers(self, x: Tensor, *_: Tensor) -> Tensor:
        h = x
        for _ in range(2):
            h = self.mix(self.softmax(self.gate(h)), self.shared(x), self.all_forward(self.own(h)))
        return h


class Stacks(Twice):
    def blocks(self) -> None:
        self.stack, self.layers = Stack(), nn.ModuleList([Mlps(1, (D, D), "tanh", last=True) for _ in range(T)])
        self.pair = Mlps(2, (D, D), "tanh")

    def towers(self, x: Tensor, *_: Tensor) -> Tensor:
        h = self.stack(self.pair(x), self.layers[0](x))
        one = Mix()(torch.full((*x.shape[:3], T), 1 / T), h)
        return self.stack(*(layer(one) for layer in self.layers))


class _Turn(Local):
    """Mixes groups: x W + the mean over the groups."""

    batched = True

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(1, D, D))

    def compute(self, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        return torch.matmul(x.tanh(), self.weight.unsqueeze(1)) + x.mean(1, keepdim=True)


class _Bend(Local):
    """Keeps groups apart; each has a number of its own."""

    batched = apart = True

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(T, D))

    def compute(self, *inputs: Tensor) -> Tensor:
        x, y = inputs
        return torch.sin(x * self.weight.view(x.shape[0], T, 1, D)) + y.square()


class Locals(Twice):
    def blocks(self) -> None:
        self.turn, self.bend, self.layer = _Turn(), _Bend(), Mlps(T, (D, D), "tanh")

    def towers(self, x: Tensor, *_: Tensor) -> Tensor:
        h = self.turn(self.turn(self.layer(self.turn(x))))
        return self.bend(self.bend(h, self.layer(h)), h)


NETWORKS = [Perceptrons, Gates, Top1, Stitches, Scales, Tables, Forwards, Stacks, Locals]
N = 7


@pytest.mark.parametrize("replicas", [1, 3])
@pytest.mark.parametrize("make", NETWORKS)
def test_backward_by_hand_is_that_of_autograd(
    make: Callable[[], Twice], replicas: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    network, source = make(), torch.Generator().manual_seed(1)
    parameters, tape = Parameters(network, range(replicas), T), Tape(T)
    ids = torch.stack([torch.randint(high, (replicas, N), generator=source) for high in (3, 3)], dim=2)
    columns = (ids + torch.tensor([0, 3]), torch.randn(replicas, N, 2, generator=source))
    seed = torch.randn(replicas, T, N, 1, generator=source)
    outputs, found = [], {}
    for mode in ("sum", "exact"):
        with torch.no_grad(), tape:
            outputs.append(network(*columns))
        tape.mode = mode
        with torch.no_grad():
            tape.walk(outputs[-1], seed.clone(), owned=mode != "sum")
            found[mode] = doubles.tape_rows(parameters, tape) if mode == "exact" else doubles.sums(parameters)
            found[mode] = {name: value.clone() for name, value in found[mode].items()}
    doubles.use(monkeypatch)
    y = network(*columns)
    torch.testing.assert_close(outputs[0], y.detach(), rtol=1e-4, atol=1e-5)
    expected = doubles.autograd_rows((y * seed).sum((2, 3)), network, replicas)
    assert all(rows.any() for rows in expected.values())
    doubles.close(found["exact"], expected)
    doubles.close(found["sum"], {name: rows.sum(1) for name, rows in expected.items()})


def test_perceptrons_at_once_are_a_loop_over_linear_layers() -> None:
    block, x = Mlps(4, (D, 5, 1), "relu"), torch.randn(1, 2, N, D)
    for parameter in block.parameters():
        nn.init.normal_(parameter)
    block.bind()
    for group in range(4):
        layers = [nn.Linear(D, 5), nn.ReLU(), nn.Linear(5, 1)]
        for layer, place in ((layers[0], 0), (layers[2], 1)):
            layer.weight.data, layer.bias.data = block.weight[place].data[group], block.bias[place].data[group]
        torch.testing.assert_close(block(x)[0, group], nn.Sequential(*layers)(x[0, group // 2]))


def test_an_input_that_nobody_learns_from_costs_no_backward() -> None:
    layer, tape, x = Mlps(1, (D, D), "relu"), Tape(1), torch.zeros(1, 1, N, D)
    with torch.no_grad(), tape:
        y = layer(x)
        assert tape.wanted(y) and not tape.wanted(x) and not tape.wanted(y.detach())
