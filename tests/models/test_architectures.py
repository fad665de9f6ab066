"""Every architecture: its gradients, that it learns, that replicas are single runs, and what its paper says of it."""

import math
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from models import catalogue, own
from models.catalogue import networks as rows
from models.catalogue import tasks as data
from models.catalogue.weighting import Mgda
from models.events import Evaluation, Text
from models.recipe import Recipe, RecipeError, Training
from models.tasks import Dataset, impressions, sines
from models.training.learner import Learner
from models.training.metrics import log_loss, mse
from models.training.run import Run, train

from . import doubles
from .conftest import Build

TEACHERS = data.Teachers(train=2_000, test=1_000)
SINES = data.Sines(train=4_000, test=1_000)
IDS = data.Uniform(train=6_000, test=2_000, fields=4, vocabulary=20, numbers=4)
IMPRESSIONS = data.Impressions(test=4_000)
REVIEWS = data.Reviews(train=4_000, test=1_000, tasks=("recommended", "rating"))
LISTING = data.Listing1(train=4_000, test=1_000)
HISTORIES = data.Histories(train=2_000, test=1_000)
ITEMS = data.ColdItems(train=20_000, test=4_000)
BITS = data.Bits()

CASES: dict[str, tuple[rows.Network, data.Tasks]] = {
    "single-task": (rows.SingleTask(), TEACHERS),
    "single-task, a table each": (rows.SingleTask(tables="own"), IDS),
    "recalibrated": (rows.Recalibrated(), data.Rare()),
    "shared-bottom": (rows.SharedBottom(tower=(8,)), REVIEWS),
    "cross-stitch": (rows.CrossStitch(activation="tanh"), IDS),
    "omoe": (rows.Omoe(), TEACHERS),
    "mmoe": (rows.Mmoe(), REVIEWS),
    "cgc": (rows.Cgc(own=2), IDS),
    "ple": (rows.Ple(levels=3, own=2), IDS),
    "dselect-k": (rows.DSelectK(), SINES),
    "dselect-k row": (rows.DSelectK(gating="row"), IDS),
    "metaheac": (rows.MetaHeac(), msgspec.structs.replace(IDS, tasks=3)),
    "stem": (rows.Stem(own=2, gate=(6,)), msgspec.structs.replace(IDS, tasks=3)),
    "pepnet": (rows.PepNet(prior=("kind", "age")), REVIEWS),
    "pepnet without prior": (rows.PepNet(), TEACHERS),
    "two-tower": (rows.TwoTower(hidden=(8,)), ITEMS),
    "transformer": (rows.Transformer(), HISTORIES),
    "esmm": (rows.Esmm(), IMPRESSIONS),
    "esmm as in the paper": (rows.Esmm(hidden=(), tower=(24,)), IMPRESSIONS),
    "division": (rows.Division(), IMPRESSIONS),
    "escm2 ipw": (rows.Escm2(), IMPRESSIONS),
    "escm2 dr": (rows.Escm2(risk="dr"), IMPRESSIONS),
    "dfm": (rows.Dfm(), data.LateLabels(days=True)),
    "aitm": (rows.Aitm(hidden=(16,)), IMPRESSIONS),
    "listing1-printed": (rows.Listing1Printed(), LISTING),
    "listing1-corrected": (rows.Listing1Corrected(), LISTING),
    "constant": (rows.Constant(), IMPRESSIONS),
    "linear-softmax": (rows.LinearSoftmax(), BITS),
}
BATCHED = [name for name in CASES if name != "transformer"]
GATED = ["omoe", "mmoe", "cgc", "ple", "dselect-k", "dselect-k row", "metaheac", "stem", "aitm"]
NOT_BETTER = {"listing1-printed", "constant"}
NOISE = {("dfm", 1)}
"""A delay that depends on no input."""


@cache
def dataset(config: data.Tasks, seed: int) -> Dataset:
    built: Dataset = catalogue.builder(config)(config, seed)
    return built


def learner_of(name: str, seeds: range = range(1), **training: object) -> Learner:
    row, config = CASES[name]
    datasets = [dataset(config, seed) for seed in seeds]
    return Learner(
        Recipe(config, row, training=Training(batch=48, **training)), datasets, list(datasets[0].train.inputs), seeds
    )


def run_of(name: str, seed: int = 0, **training: object) -> Run:
    row, config = CASES[name]
    recipe = Recipe(config, row, training=Training(batch=128, learning_rate=0.005, evaluations=2, **training))
    return Run([("A", Text("", ""), name, recipe)], seed, "test")


def test_every_network_of_the_catalogue_is_a_case() -> None:
    names = {catalogue.name(row) for row, _ in CASES.values()}
    assert {catalogue.name(row()) for row in rows.Network.__args__} - names == {"own"}


@pytest.mark.parametrize(("name", "replicas"), [*((name, 1) for name in CASES), *((name, 3) for name in BATCHED)])
def test_gradients_of_every_task_are_those_of_autograd(name: str, replicas: int, monkeypatch) -> None:
    learner = learner_of(name, range(replicas))
    network, parameters = learner.network, learner.parameters
    source = torch.Generator().manual_seed(0)
    parameters.values += 0.1 * torch.randn(parameters.values.shape, generator=source)
    chosen = torch.randint(len(learner.train), (replicas, 48), generator=source)
    weights = torch.rand(replicas, learner.tasks, generator=source) + 0.5
    _, gramian = learner.look(learner.train, chosen, weights)
    exact = {key: value.clone() for key, value in doubles.tape_rows(parameters, learner.tape).items()}
    learner.steps([chosen], [0.0], weights)
    doubles.use(monkeypatch)
    columns, labels, mask = learner.train.batch(chosen)
    losses = network.losses(network(*columns), labels, mask) * weights
    expected = doubles.autograd_rows(losses, network, replicas)
    doubles.close(exact, expected)
    doubles.close(doubles.sums(parameters), {key: value.sum(1) for key, value in expected.items()})
    shared = [
        expected[key]
        for key, part in parameters.parts.items()
        if any(of.start <= part.start < of.stop for of in parameters.shared)
    ]
    if shared:
        joined = torch.cat(shared, dim=2).double()
        torch.testing.assert_close(gramian, joined @ joined.transpose(1, 2), rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("name", [name for name in CASES if name not in NOT_BETTER])
def test_after_200_steps_every_task_beats_the_mean_of_its_training_labels(name: str) -> None:
    run = run_of(name, steps=200)
    list(train(run))
    learner = run._arms[0].learners[0]
    train_rows, test = dataset(CASES[name][1], 0).train, dataset(CASES[name][1], 0).test
    guess = learner.network.predict(learner.outputs(learner.test))[0]
    for k, binary in enumerate(learner.network.binary):
        if (name, k) in NOISE:
            continue
        known = slice(None) if test.mask is None else test.mask[:, k] > 0
        seen = slice(None) if train_rows.mask is None else train_rows.mask[:, k] > 0
        label = test.labels[known, k]
        mean = train_rows.labels[seen, k].mean().expand(len(label))
        loss = log_loss if binary else mse
        assert loss(guess[k][known], label) < loss(mean, label), k


@pytest.mark.parametrize("name", BATCHED)
def test_replicas_together_are_single_runs(name: str) -> None:
    together = run_of(name, steps=12, replicas=3)
    list(train(together))
    state = together._arms[0].learners[0].parameters
    for seed in range(3):
        single = run_of(name, seed, steps=12)
        list(train(single))
        alone = single._arms[0].learners[0].parameters
        for key, _ in alone.named:
            torch.testing.assert_close(state.of(key)[seed], alone.of(key)[0], rtol=1e-3, atol=1e-3)
    assert together.hello.arms[0].replicas == "batched"


@pytest.mark.parametrize("name", GATED)
def test_gates_share_out_exactly_one(name: str) -> None:
    learner = learner_of(name, range(2))
    with torch.no_grad():
        gates = learner.network.gates(*learner.test.all()[0])
    assert gates.shape[:3] == (2, learner.tasks, len(learner.test)) and (gates >= 0).all()
    torch.testing.assert_close(gates.sum(3), torch.ones(gates.shape[:3]))


@pytest.mark.parametrize("row", rows.Network.__args__, ids=lambda row: row.__struct_config__.tag)
def test_every_preset_builds(row: type[rows.Network], build: Build) -> None:
    inputs = {"x": torch.randn(4, 3), "user": torch.randn(4, 2), "history": torch.randint(9, (4, 5))}
    for preset in row.presets.values():
        config = msgspec.convert(msgspec.to_builtins(row(**preset)), row)
        network = build(config, {"x": 3, "user": 2}, impressions.TASKS, {"history": (9,) * 5})
        with torch.no_grad():
            outputs = network(*(column.unsqueeze(0) for column in network.arrange(inputs)))
        assert outputs.shape[:3] == (1, 2, 4)
    assert not row.presets or set(row.presets) - {"paper"} == {"tiny", "small"}


@pytest.mark.parametrize("replicas", [1, 3])
@pytest.mark.parametrize(
    ("name", "meeting"),
    [
        ("shared-bottom", "bottom"),
        ("cross-stitch", "layers.1"),
        ("mmoe", "experts"),
        ("cgc", "level.shared"),
        ("ple", "levels.2.shared"),
        ("stem", "shared"),
    ],
)
def test_representation_mode_weighs_by_the_gramian_where_tasks_first_meet(
    name: str, meeting: str, replicas: int, monkeypatch
) -> None:
    learner = learner_of(name, range(replicas), weighting=Mgda(), balancing="representation")
    chosen = torch.randint(len(learner.train), (replicas, 48), generator=torch.Generator().manual_seed(0))
    learner.steps([chosen], [0.0], torch.ones(replicas, learner.tasks))
    found, used, gramian = doubles.sums(learner.parameters), learner.used.clone(), learner.gramian
    made = {}
    block = learner.network.get_submodule(meeting)

    def kept(self, x: Tensor) -> Tensor:
        out = doubles.mlps(self, x)
        made[self] = out
        return out

    doubles.use(monkeypatch)
    monkeypatch.setattr(type(block), "__call__", kept)
    columns, labels, mask = learner.train.batch(chosen)
    losses = learner.network.losses(learner.network(*columns), labels, mask)
    at = torch.stack([torch.autograd.grad(loss, made[block], retain_graph=True)[0] for loss in losses.sum(0)], dim=1)
    flat = at.flatten(2).double()
    torch.testing.assert_close(gramian, flat @ flat.transpose(1, 2), rtol=1e-3, atol=1e-9)
    assert not torch.equal(used, torch.ones_like(used))
    below = [key for key in found if key in (f"{meeting}.weight.0", f"{meeting}.bias.0", "inputs.table")]
    assert len(below) >= 2
    rows = doubles.autograd_rows(losses * used, learner.network, replicas)
    doubles.close({key: found[key] for key in below}, {key: rows[key].sum(1) for key in below})


def each_task(learner: Learner) -> dict[str, Tensor]:
    """Gradient of each task's loss by every parameter, [T, size]."""
    learner.look(learner.train, torch.arange(48)[None], torch.ones(1, learner.tasks))
    return {key: value[0] for key, value in doubles.tape_rows(learner.parameters, learner.tape).items()}


def test_own_experts_are_moved_by_their_task_alone_but_for_levels_below_the_last() -> None:
    for name, apart, mixed in (("cgc", "level", None), ("ple", "levels.2", "levels.0")):
        learner = learner_of(name)
        found = each_task(learner)
        owned = found[f"{apart}.own.weight.0"].view(2, 2, 2, -1)  # by task, of task's experts
        for task in range(2):
            assert owned[task, task].any(dim=1).all() and not owned[task, 1 - task].any()
        assert found[f"{apart}.shared.weight.0"].any(dim=1).all()
        if mixed:
            assert found[f"{mixed}.own.weight.0"].view(2, 2, 2, -1).any(dim=3).all()


def test_ple_has_a_gate_more_than_tasks_on_every_level_but_the_last(build: Build) -> None:
    network = build(rows.Ple(levels=3, own=2, shared=1), {"x": 5}, sines.TASKS)
    gates = {
        name: tuple(p.shape) for name, p in network.named_parameters() if "weight" in name and p.shape[1] in (3, 5)
    }
    of_tasks = {f"levels.{level}.gate.weight.0": (2, 3, 5 if level == 0 else 8) for level in range(3)}
    common = {f"common.{level}.weight.0": (1, 5, 5 if level == 0 else 8) for level in range(2)}
    assert gates == of_tasks | common


def test_cgc_is_the_formula_of_the_paper(build: Build) -> None:
    network = build(rows.Cgc(own=1, shared=2, expert=(4,), tower=()), {"x": 5}, sines.TASKS)
    x, level = torch.randn(1, 7, 5), network.level
    shared = torch.relu(torch.einsum("nd,ehd->enh", x[0], level.shared.weight[0]))
    for k in range(2):
        own = torch.relu(x[0] @ level.own.weight[0][k].T)
        weights = torch.softmax(x[0] @ level.gate.weight[0][k].T, dim=1)
        mixed = weights[:, :1] * own + weights[:, 1:2] * shared[0] + weights[:, 2:] * shared[1]
        torch.testing.assert_close(network(x)[0, k], mixed @ network.tower.weight[0][k].T)
    gates = network.gates(x)[0]
    assert not gates[0, :, 1].any() and not gates[1, :, 0].any() and (gates[:, :, 2:] > 0).all()


def test_cross_stitch_starts_nearly_apart_and_an_identity_is_single_task(build: Build) -> None:
    stitched = build(rows.CrossStitch(hidden=(6, 4)), {"x": 5}, sines.TASKS)
    torch.testing.assert_close(stitched.stitches[0].weight, torch.tensor([[0.9, 0.1], [0.1, 0.9]]))
    apart = build(rows.SingleTask(hidden=(6, 4)), {"x": 5}, sines.TASKS)
    x, k = torch.randn(1, 7, 5), 0
    for layer in range(2):
        stitched.stitches[layer].weight.data = torch.eye(2)
        apart.bottom.weight[layer].data.copy_(stitched.layers[layer].weight[0].data)
    apart.tower.weight[0].data.copy_(stitched.tower.weight[0].data)
    torch.testing.assert_close(stitched(x), apart(x))
    stitched.stitches[0].weight.data[k] = torch.tensor([0.0, 1.0])
    assert not torch.allclose(stitched(x)[0, k], apart(x)[0, k])


def test_stem_reads_every_table_but_moves_only_its_own_and_the_common_one() -> None:
    learner = learner_of("stem")
    network = learner.network
    found = each_task(learner)
    own = found["own_inputs.table"].view(3, 3, -1)
    experts = found["own.weight.0"].view(3, 3, -1)
    for task in range(3):
        for of in range(3):
            assert own[task, of].any() == experts[task, of].any() == (task == of)
    assert found["inputs.table"].any(dim=1).all() and found["shared.weight.0"].any(dim=1).all()
    before = learner.outputs(learner.test)
    network.own_inputs.table.data.view(3, -1, 8)[2] += 1
    assert (learner.outputs(learner.test) != before).flatten(2).any(dim=2).all()


def test_pepnet_gates_send_nothing_to_the_embeddings() -> None:
    learner = learner_of("pepnet")
    network = learner.network
    network.layers[0].weight[0].data.zero_()
    network.layers[0].bias[0].data.fill_(1.0)
    found = each_task(learner)
    assert not found["inputs.table"].any() and not found["epnet.weight.0"].any()
    assert found["prior.table"].any(dim=1).all() and found["ppnet.0.weight.0"].any(dim=1).all()
    for name, parameter in network.named_parameters():
        if name.startswith(("epnet", "ppnet")):
            parameter.data.zero_()
    columns = learner.test.all()[0]
    h = network.inputs(*columns[: network.inputs.columns])
    for layer in network.layers:
        h = layer(h)
    torch.testing.assert_close(network(*columns), network.tower(h))


def test_pepnet_names_a_prior_that_is_no_input(build: Build) -> None:
    with pytest.raises(RecipeError, match=r"network\.prior names age, which is not among the inputs x"):
        build(rows.PepNet(prior=("age",)), {"x": 3}, sines.TASKS)


def test_metaheac_tells_tasks_apart_by_their_vectors_only() -> None:
    learner = learner_of("metaheac")
    before = learner.outputs(learner.test)[0]
    assert not torch.allclose(before[0], before[1])
    learner.network.tasks[1].data.copy_(learner.network.tasks[0].data)
    after = learner.outputs(learner.test)[0]
    assert torch.equal(after[0], after[1]) and torch.equal(after[2], before[2])
    names = {key for key, part in learner.parameters.parts.items() if part in learner.parameters.private}
    assert names <= {f"tasks.{k}" for k in range(3)}


def test_dselect_k_steps_smoothly_and_numbers_experts_in_bits(build: Build) -> None:
    network = build(rows.DSelectK(experts=8, selected=2, gamma=2.0), {"x": 5}, sines.TASKS)
    step = network.selectors.step
    z = torch.tensor([-3.0, -1.0, 0.0, 1.0, 3.0], requires_grad=True)
    torch.testing.assert_close(step(z).detach(), torch.tensor([0.0, 0.0, 0.5, 1.0, 1.0]))
    torch.testing.assert_close(torch.autograd.grad(step(z).sum(), z)[0], torch.tensor([0.0, 0.0, 0.75, 0.0, 0.0]))
    numbers = network.choice.weight.data
    numbers[0] = torch.tensor([9.0, -9, 9, -9, -9, -9, math.log(3), 0])
    gates = network.gates(torch.zeros(1, 1, 5))[0, 0, 0]
    torch.testing.assert_close(
        gates, functional.one_hot(torch.tensor(5), 8) * 0.75 + functional.one_hot(torch.tensor(0), 8) * 0.25
    )
    numbers[1] = 0
    torch.testing.assert_close(network.gates(torch.zeros(1, 1, 5))[0, 1, 0], torch.full((8,), 1 / 8))
    outputs = network(torch.randn(1, 6, 5))
    torch.testing.assert_close(
        outputs[0, :, :, 1], torch.tensor([[0.0], [2 * math.log(8)]]).expand(2, 6), atol=1e-4, rtol=1e-4
    )
    labels = torch.randn(1, 2, 6)
    plain = (outputs[..., 0] - labels).square().mean(2)
    torch.testing.assert_close(network.losses(outputs, labels, None), plain + 0.01 * outputs[..., 1].mean(2))


def test_dselect_k_comes_to_use_at_most_k_experts() -> None:
    row = rows.DSelectK(experts=8, selected=2, entropy=0.1)
    training = Training(steps=400, learning_rate=0.01, evaluations=2)
    run = Run([("A", Text("", ""), "", Recipe(SINES, row, training=training))], 0, "")
    list(train(run))
    learner = run._arms[0].learners[0]
    gates = learner.network.gates(*learner.test.all()[0])[0, :, 0]
    assert ((gates > 0).sum(1) <= 2).all() and learner.outputs(learner.test)[..., 1].abs().max() < 1e-3


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (rows.DSelectK(experts=6), "network.experts is 6; dselect-k numbers them in bits: take 2, 4, 8, ..."),
        (rows.DSelectK(experts=2, selected=3), "network.selected is 3; there are only 2 experts."),
        (rows.Stem(), "Network stem needs inputs with ids, which get a table per task; choose uniform."),
        (rows.Escm2(), "Network escm2 needs two binary tasks, a click and what follows it; choose impressions."),
        (rows.Aitm(), "Network aitm needs binary tasks that follow on one another; choose impressions."),
    ],
    ids=str,
)
def test_what_a_network_cannot_be_built_of_is_one_sentence(row: rows.Network, sentence: str, build: Build) -> None:
    with pytest.raises(RecipeError) as caught:
        build(row, {"x": 3}, sines.TASKS)
    assert str(caught.value) == sentence


def test_aitm_punishes_a_step_that_is_likelier_than_the_one_before(build: Build) -> None:
    network = build(rows.Aitm(alpha=2.0), {"x": 3}, impressions.TASKS)
    labels = torch.tensor([[[1.0, 1, 0], [1, 0, 1]]])
    outputs = torch.logit(torch.tensor([[[0.5, 0.4, 0.3], [0.2, 0.6, 0.5]]])).unsqueeze(3).requires_grad_()
    entropy = functional.binary_cross_entropy(torch.tensor([0.2, 0.6, 0.5]), torch.tensor([1.0, 0, 0]))
    losses = network.losses(outputs, labels, None)
    torch.testing.assert_close(losses[0, 1], entropy + 2 * (0.2 + 0.2) / 3)
    earlier = torch.autograd.grad(losses[0, 1], outputs)[0][0, 0, :, 0]
    assert earlier[0] == 0 and (earlier[1:] < 0).all()
    torch.testing.assert_close(network.predict(outputs)[0, 1], torch.tensor([0.4, 1, 1]), atol=1e-5, rtol=0)


def test_aitm_attends_to_two_vectors(build: Build) -> None:
    network = build(rows.Aitm(hidden=(4,)), {"x": 3}, impressions.TASKS)
    transfer = network.transfer[0]
    own_, before = torch.randn(1, 1, 5, 4), torch.randn(1, 1, 5, 4)
    z = transfer(own_, before)
    both = torch.cat([own_, before], dim=1)[0]  # [2, 5, 4]
    scores = ((both @ transfer.query[0].T) * (both @ transfer.key[0].T)).sum(2) / 2
    expected = (scores.softmax(0).unsqueeze(2) * (both @ transfer.value[0].T)).sum(0)
    torch.testing.assert_close(z[0, 0], expected)
    x = torch.randn(1, 5, 3)
    gates = network.gates(x)[0]
    assert torch.equal(gates[0], torch.tensor([[1.0, 0.0]]).expand(5, 2)) and (gates[1] > 0).all()


def test_escm2_weighs_clicked_rows_by_inverse_propensity(build: Build) -> None:
    row = rows.Escm2(counterfactual=1.0, product=0.0, floor=0.1)
    network = build(row, {"x": 3}, impressions.TASKS)
    outputs = torch.logit(torch.tensor([[[0.5, 0.04, 0.5], [0.2, 0.3, 0.7]]])).unsqueeze(3).requires_grad_()
    labels = torch.tensor([[[1.0, 1, 0], [1, 0, 1]]])
    losses = network.losses(outputs, labels, None)[0]
    assert losses[1].item() == pytest.approx((-math.log(0.2) / 0.5 - math.log(0.7) / 0.1) / 3, rel=1e-5)
    gradient = torch.autograd.grad(losses[1], outputs)[0][0, :, :, 0]
    assert not gradient[0].any()
    torch.testing.assert_close(gradient[1], torch.tensor([-0.8 / 0.5, 0.3 / 0.1, 0.0]) / 3)


def test_escm2_is_doubly_robust_and_imputes_by_the_square(build: Build) -> None:
    network = build(rows.Escm2(risk="dr", counterfactual=1.0, product=0.0), {"x": 3}, impressions.TASKS)
    p, imputed = torch.tensor([0.5, 0.4]), torch.tensor([0.3, 0.9])
    outputs = torch.stack([torch.logit(p), torch.logit(torch.tensor([0.2, 0.3])), imputed])[None, :, :, None]
    outputs.requires_grad_()
    loss = network.losses(outputs, torch.tensor([[[1.0, 0.0], [0.0, 0.0]]]), None)[0, 1]
    d = -math.log(0.8)
    assert loss.item() == pytest.approx((0.3 + (d - 0.3 + (d - 0.3) ** 2) / 0.5 + 0.9) / 2, rel=1e-5)
    gradient = torch.autograd.grad(loss, outputs)[0][0, :, :, 0]
    torch.testing.assert_close(gradient[1], torch.tensor([0.2 / 0.5, 0.0]) / 2)
    torch.testing.assert_close(gradient[2], torch.tensor([1 - (1 + 2 * (d - 0.3)) / 0.5, 1.0]) / 2)


NET = """import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, inputs, tasks):
        super().__init__()
        self.norm = nn.BatchNorm1d(inputs)
        self.layers = nn.Sequential(nn.Linear(inputs, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, tasks))
        self.scale = nn.Parameter(torch.tensor(1.0))

    def forward(self, x):
        return self.scale * self.layers(self.norm(x))
"""


@pytest.fixture
def source(tmp_path: Path) -> Iterator[str]:
    path = tmp_path / "net.py"
    path.write_text(NET, encoding="utf-8")
    trusted = own.read(f"{path}:Net").sha256
    own.TRUSTED.add(trusted)
    yield f"{path}:Net"
    own.TRUSTED.discard(trusted)


def own_run(source: str, seed: int = 0, **training: object) -> Run:
    recipe = Recipe(IDS, rows.Own(source), training=Training(batch=128, learning_rate=0.01, evaluations=3, **training))
    return Run([("A", Text("", ""), "own", recipe)], seed, "test")


def test_ones_own_network_learns_and_repeats_with_its_chance_and_its_buffers(source: str) -> None:
    torch.manual_seed(1)
    first = list(train(own_run(source, steps=200)))
    torch.manual_seed(2)
    run = own_run(source, steps=200)
    assert list(train(run))[:-1] == first[:-1]
    learner = run._arms[0].learners[0]
    losses = [e.metrics["log_loss"] for e in first if isinstance(e, Evaluation) and e.step == 200]
    labels = dataset(IDS, 0).test.labels
    for k, loss in enumerate(losses):
        assert loss < log_loss(dataset(IDS, 0).train.labels[:, k].mean().expand(len(labels)), labels[:, k])
    state = {key: value.clone() for key, value in run.state().items()}
    other = own_run(source, steps=200)
    other.load(state)
    restored = other._arms[0].learners[0]
    assert torch.equal(restored.outputs(restored.test), learner.outputs(learner.test))
    assert int(restored.network.own.calls) >= 200 and restored.network.own.module.norm.running_mean.any()


def test_a_network_that_is_not_batched_trains_its_seeds_in_turn_behind_the_same_events(source: str) -> None:
    looped = list(train(own_run(source, steps=6, replicas=2)))
    row, config = rows.SharedBottom(), IDS
    recipe = Recipe(config, row, training=Training(batch=128, learning_rate=0.01, evaluations=3, steps=6, replicas=2))
    batched = list(train(Run([("A", Text("", ""), "shared-bottom", recipe)], 0, "test")))
    assert [type(event) for event in looped] == [type(event) for event in batched]
    assert [looped[0].arms[0].replicas, batched[0].arms[0].replicas] == ["looped", "batched"]
    for seed in range(2):
        single = [e for e in train(own_run(source, seed, steps=6)) if isinstance(e, Evaluation)]
        both = [e for e in looped if isinstance(e, Evaluation) and e.replica == seed]
        assert [(e.task, e.step, e.metrics) for e in single] == [(e.task, e.step, e.metrics) for e in both]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("return self.scale", "return (self.scale", ":13: SyntaxError: '(' was never closed; correct it there."),
        ("(inputs, 16)", "(inputs + 1, 16)", ":13: RuntimeError: mat1 and mat2 shapes cannot be multiplied"),
        ("16, tasks)", "16, 5)", ": Net makes a tensor [2, 5] of [2, 36]; it has to make [2, 2], a column per task; "),
        ("return self.scale *", "return 3 or", ": Net makes int of [2, 36]; it has to make [2, 2], a column per task"),
        ("def __init__(self, inputs, tasks)", "def __init__(self)", ": TypeError: Net.__init__() takes 1 positional"),
    ],
)
def test_what_ones_own_network_makes_is_checked_before_it_trains(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    path = tmp_path / "net.py"
    path.write_text(NET.replace(old, new), encoding="utf-8")
    own.TRUSTED.add(own.read(f"{path}:Net").sha256)
    with pytest.raises(RecipeError) as caught:
        own_run(f"{path}:Net", steps=5)
    assert str(caught.value).startswith(f"{path}{sentence}")
