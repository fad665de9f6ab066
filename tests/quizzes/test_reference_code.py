"""The reference answers of code questions run and do what their questions ask; an empty answer does not."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from quizzes.bank import load
from quizzes.question import Code
from quizzes.rubric import look

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
    """The error of each answer followed by its checks, None where all of them hold, from one process with torch."""
    programs = {id: f"{answer}\n{CHECKS[id]}" for id, answer in answers.items()}
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
    assert all(found.covered for found in look(question.points, question.reference))
    assert not any(found.covered for found in look(question.points, question.starter))
