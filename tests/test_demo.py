"""The demo's script fits the bank and the listings that it shows."""

from __future__ import annotations

from mtl_tui.flows.demo import IDLE_EXPERT, LISTING, RIGHT, SCRIPT, script
from mtl_tui.lab.worker import RUN_SECONDS
from mtl_tui.locale import LANGUAGES, say, speaking
from mtl_tui.screens.demo import KEY_SECONDS
from mtl_tui.typeset import width_of
from quizzes.bank import load
from quizzes.question import FindBug, Single


def test_the_demo_points_at_the_softmax_line() -> None:
    bank = load()
    question = bank.questions[LISTING]
    assert isinstance(question, FindBug)
    right = [line.line for line in question.lines if line.right]
    assert right == [13]
    assert "tf.nn.softmax(" in bank.listings[question.listing][12]
    assert isinstance(bank.questions[IDLE_EXPERT], Single)
    assert bank.questions[IDLE_EXPERT].pairing == "idle-expert"


def test_a_short_demo_keeps_question_training_and_note_within_its_time() -> None:
    steps = script(60)
    keys = [key for step in steps for key in step.keys]
    assert "t" in keys and "4" in keys
    assert len(steps) < len(SCRIPT)
    assert 55 <= sum(step.seconds for step in steps) <= 60


def test_what_is_changed_on_the_way_is_changed_while_the_run_is_live() -> None:
    """At its slowest the demo holds the second run before the rate is changed: a run lasts 15 s, pauses not counted."""
    live, paused, running, changed = 0.0, False, False, []
    for step in script(300):
        for key in step.keys:
            live += KEY_SECONDS if running and not paused else 0.0
            if key == "t":
                live, paused, running = 0.0, False, True
            elif key == "space":
                paused = not paused
            elif key == "=":
                assert running and not paused
                changed.append(live)
        live += step.seconds - KEY_SECONDS * len(step.keys) if running and not paused else 0.0
    assert len(changed) == 2 and max(changed) < 0.8 * RUN_SECONDS


def test_captions_fit_a_projector_in_both_languages() -> None:
    for language in LANGUAGES:
        with speaking(language):
            for step in SCRIPT:
                keys = max((width_of(f"[{key}] ") for key in step.keys if key != RIGHT), default=0)
                assert width_of(f" {say(step.caption)}") + 1 + keys <= 80, step.caption
