"""The reference answers of code questions run and do what their questions ask; an empty answer does not."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from quizzes.bank import load
from quizzes.question import Code
from quizzes.rubric import look_in_code

QUESTIONS = {question.id: question for question in load().questions.values() if isinstance(question, Code)}

CHECKS = {
    "code-two-task-loss": """
logits = torch.tensor([[0.0, 100.0], [0.0, -100.0]], requires_grad=True)
total, losses = two_task_loss(logits, torch.tensor([[1.0, 1.0], [1.0, 0.0]]), torch.tensor([2.0, 3.0]))
assert torch.allclose(losses, torch.tensor([0.6931, 0.0]), atol=1e-4)
assert torch.allclose(total, torch.tensor(1.3863), atol=1e-4)
total.backward()
assert torch.allclose(logits.grad[:, 0], torch.tensor([-0.5, -0.5]))
""",
    "code-mmoe-mix": """
experts, logits = torch.randn(5, 4, 3), torch.randn(5, 2, 4)
mixed = mix(experts, logits)
for row in range(5):
    for task in range(2):
        expected = sum(logits[row, task].softmax(0)[e] * experts[row, e] for e in range(4))
        assert torch.allclose(mixed[row, task], expected, atol=1e-6)
assert torch.allclose(mix(experts, torch.zeros(5, 2, 4))[:, 1], experts.mean(1), atol=1e-6)
""",
    "code-uncertainty-loss": """
losses, sigma = torch.tensor([0.5, 8.0]), torch.tensor([0.3, 2.0])
expected = (losses / (2 * sigma**2) + sigma.log()).sum()
assert torch.allclose(uncertainty_loss(losses, (sigma**2).log()), expected)
best = losses.log().requires_grad_()
uncertainty_loss(losses, best).backward()
assert torch.allclose(best.grad, torch.zeros(2), atol=1e-6)
""",
    "code-esmm-loss": """
click, conversion = torch.tensor([1.0, 1.0, 0.0]), torch.tensor([1.0, 0.0, 0.0])
ctr, cvr = torch.tensor([0.3, -0.2, 0.1]), torch.tensor([-0.4, 0.5, 0.2], requires_grad=True)
both = ctr.sigmoid() * cvr.sigmoid()
bce = F.binary_cross_entropy
assert torch.allclose(esmm_loss(ctr, cvr, click, conversion), bce(ctr.sigmoid(), click) + bce(both, conversion))
esmm_loss(ctr, cvr, click, conversion).backward()
assert cvr.grad[2] > 0
for extreme in (60.0, -60.0, 500.0, -500.0):
    far = torch.full((3,), extreme, requires_grad=True)
    loss = esmm_loss(far, far, click, conversion)
    loss.backward()
    assert loss.isfinite() and far.grad.isfinite().all()
""",
    "code-pcgrad": """
grads = torch.tensor([[1.0, 0.0], [-1.0, 1.0]])
assert torch.allclose(pcgrad(grads), torch.tensor([0.5, 1.5]))
assert torch.equal(grads, torch.tensor([[1.0, 0.0], [-1.0, 1.0]]))
assert torch.equal(pcgrad(torch.tensor([[1.0, 0.0], [1.0, 1.0]])), torch.tensor([2.0, 1.0]))
assert pcgrad(torch.zeros(3, 2)).eq(0).all()
for seed in range(20):
    pair = torch.randn(2, 5, generator=torch.Generator().manual_seed(seed))
    assert (pair @ pcgrad(pair) >= -1e-5).all()
""",
    "code-gauc": """
users = torch.tensor([7, 7, 7, 3, 3, 9, 9])
labels = torch.tensor([1, 0, 0, 1, 0, 1, 1])
scores = torch.tensor([0.5, 0.5, 0.1, 0.2, 0.8, 0.9, 0.1])
assert abs(gauc(users, labels, scores) - (3 * 0.75 + 2 * 0.0) / 5) < 1e-9
assert abs(gauc(users, labels, scores + users) - gauc(users, labels, scores)) < 1e-9
assert gauc(users, labels, users.double()) == 0.5
assert gauc(users[5:], labels[5:], scores[5:]) != gauc(users[5:], labels[5:], scores[5:])
""",
}

WRONG = [
    ("code-two-task-loss", {".mean(0)": ".mean()"}, {1}),
    ("code-two-task-loss", {"weights * losses": "losses"}, {2}),
    (
        "code-two-task-loss",
        {"F.binary_cross_entropy_with_logits(logits": "F.binary_cross_entropy(logits.softmax(1)"},
        {0},
    ),
    ("code-mmoe-mix", {"dim=-1": "dim=1"}, {0}),
    ("code-mmoe-mix", {'torch.einsum("bke,beh->bkh", gates, experts)': "experts.mean(1, keepdim=True)"}, {1}),
    ("code-uncertainty-loss", {"-log_variances": "log_variances"}, {0}),
    ("code-uncertainty-loss", {"(0.5 * torch.exp": "(torch.exp"}, {0}),
    ("code-uncertainty-loss", {"losses + 0.5": "losses - 0.5"}, {1}),
    ("code-uncertainty-loss", {" + 0.5 * log_variances": ""}, {1}),
    ("code-uncertainty-loss", {"+ 0.5 *": "+"}, {1}),
    ("code-uncertainty-loss", {".sum()": ".mean()"}, {2}),
    ("code-esmm-loss", {"(ctr_logit, click)": "(ctr_logit[click == 0], click[click == 0])"}, {0}),
    (
        "code-esmm-loss",
        {"log_both = F.logsigmoid(ctr_logit) + F.logsigmoid(": "log_both = F.logsigmoid(ctr_logit + "},
        {1},
    ),
    ("code-esmm-loss", {"torch.logaddexp(F.": "torch.log1p(-log_both.exp())  # torch.logaddexp(F."}, {2}),
    ("code-pcgrad", {".clone()": ""}, {0}),
    ("code-pcgrad", {"grads[j]": "projected[j]"}, {0, 2}),
    ("code-pcgrad", {" and dot < 0": ""}, {1}),
    ("code-pcgrad", {"square().sum()": "norm()"}, {2}),
    ("code-gauc", {"users.unique()": "[0]", "users == user": "users == users"}, {0}),
    ("code-gauc", {"continue": "positive, negative = scores[:1], scores[:1]"}, {1}),
    ("code-gauc", {" + 0.5 * (gap == 0).double()": ""}, {2}),
    ("code-gauc", {"weight * auc": "auc", "impressions + weight": "impressions + 1"}, {3}),
    ("code-gauc", {"total / impressions": "total / len(users)"}, {3}),
    ("code-gauc", {'float("nan")': "0.0"}, {4}),
]
"""Slips that candidates make, as changes to the reference, and the points that each leaves uncovered."""

RIGHT = {
    "code-two-task-loss": """
from torch.nn import functional as F

def two_task_loss(logits, labels, weights):
    losses = F.binary_cross_entropy_with_logits(logits, labels, reduction="none").mean(dim=0)
    return losses@weights, losses
""",
    "code-mmoe-mix": """
def mix(experts, gate_logits):
    weights = gate_logits.softmax( -1 )
    return (weights.unsqueeze(-1) * experts.unsqueeze(1)).sum(dim=2)
""",
    "code-uncertainty-loss": """
def uncertainty_loss(losses, log_variances):
    weight = torch.exp( -log_variances )
    return torch.sum(0.5*weight*losses+log_variances/2)
""",
    "code-esmm-loss": """
from torch.nn import functional as F

def esmm_loss(ctr_logit, cvr_logit, click, conversion):
    log_ctr, log_cvr = F.logsigmoid(ctr_logit), F.logsigmoid(cvr_logit)
    yes = log_ctr + log_cvr
    no = torch.stack([F.logsigmoid(-ctr_logit), log_ctr + F.logsigmoid(-cvr_logit)]).logsumexp(0)
    ctr = F.binary_cross_entropy_with_logits(
        ctr_logit,
        click,
    )
    return ctr - torch.where(conversion > 0, yes, no).mean()
""",
    "code-pcgrad": """
def pcgrad(grads, generator=None):
    rows = []
    for i in range(len(grads)):
        row = grads[i].clone()
        for other in torch.randperm(len(grads), generator=generator):
            inner = row.dot(grads[other])
            if other != i and inner<0:
                row = row - inner * grads[other] / grads[other].norm()**2
        rows.append(row)
    return torch.stack(rows).sum(dim=0)
""",
    "code-gauc": """
def gauc(users, labels, scores):
    top = weights = 0.0
    for user in set(users.tolist()):
        mask = users == user
        wins, n = 0.0, int(mask.sum())
        good, bad = scores[mask & (labels == 1)].tolist(), scores[mask & (labels == 0)].tolist()
        if not good or not bad:
            continue
        for one in good:
            for other in bad:
                wins += 1 if one > other else 1 / 2 if one == other else 0
        weight = n / (len(good) * len(bad))
        top += wins * weight
        weights += n
    return top / weights if weights else float("nan")
""",
}
"""The same, otherwise written."""

RUN = """
import json, sys

errors = {}
for id, code in json.load(sys.stdin).items():
    try:
        exec(code, {})
        errors[id] = None
    except Exception as error:
        errors[id] = repr(error)
print(json.dumps(errors))
"""


def run(answers: dict[str, str]) -> dict[str, str | None]:
    """The error of each answer followed by its checks, None where all of them hold, from one process with torch. An
    answer is named by its question, and after a blank by whatever tells it from others."""
    programs = {id: f"import torch\n{answer}\n{CHECKS[id.split()[0]]}" for id, answer in answers.items()}
    done = subprocess.run([sys.executable, "-c", RUN], input=json.dumps(programs), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    errors: dict[str, str | None] = json.loads(done.stdout)
    return errors


def test_every_code_question_is_checked() -> None:
    assert CHECKS.keys() == QUESTIONS.keys()


def test_a_reference_does_what_its_question_asks() -> None:
    assert run({id: question.reference for id, question in QUESTIONS.items()}) == dict.fromkeys(QUESTIONS)


def test_the_starter_alone_does_not() -> None:
    assert None not in run({id: question.starter for id, question in QUESTIONS.items()}).values()


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=lambda question: question.id)
def test_the_reference_covers_the_rubric_and_the_starter_covers_nothing(question: Code) -> None:
    assert uncovered(question, question.reference) == set()
    assert uncovered(question, question.starter) == set(range(len(question.points)))


@pytest.mark.parametrize(("id", "slip", "points"), WRONG)
def test_a_slip_leaves_its_own_point_uncovered_and_no_other(id: str, slip: dict[str, str], points: set[int]) -> None:
    assert uncovered(QUESTIONS[id], slipped(id, slip)) == points


def test_every_slip_is_one() -> None:
    assert None not in run({f"{id} {n}": slipped(id, slip) for n, (id, slip, _) in enumerate(WRONG)}).values()
    assert {id for id, _, _ in WRONG} == QUESTIONS.keys()


def test_other_ways_to_write_it_cover_every_must() -> None:
    assert run(RIGHT) == dict.fromkeys(QUESTIONS)
    for id, code in RIGHT.items():
        question = QUESTIONS[id]
        musts = {index for index, point in enumerate(question.points) if point.must}
        assert not musts & uncovered(question, code), id


def uncovered(question: Code, code: str) -> set[int]:
    return {found.point for found in look_in_code(question.points, code) if not found.covered}


def slipped(id: str, slip: dict[str, str]) -> str:
    code = QUESTIONS[id].reference
    for old, new in slip.items():
        assert old in code
        code = code.replace(old, new)
    return code
