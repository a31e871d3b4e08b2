"""Tests for studio.background."""

import threading

import pytest

from engines.errors import Cancelled, StudioError
from studio.background import Background


class Answers:
    """What came back, in order."""

    def __init__(self):
        self.done, self.failed, self.progress = [], [], []

    def submit(self, background, key, work):
        background.submit(
            key,
            work,
            done=self.done.append,
            failed=self.failed.append,
            progress=self.progress.append,
        )


@pytest.fixture
def background(qapp):
    """A thread that does not outlive its test."""
    background = Background()
    yield background
    assert background.shut_down(5_000)


@pytest.fixture
def answers():
    """Callbacks that remember."""
    return Answers()


def test_answers_and_progress_arrive_in_order(qtbot, background, answers):
    def work(task):
        task.report("half")
        return "whole"

    answers.submit(background, "a", work)
    qtbot.waitUntil(lambda: bool(answers.done))
    assert (answers.progress, answers.done) == (["half"], ["whole"])


def test_of_one_key_the_newest_wins_and_other_keys_wait(qtbot, background, answers):
    go, begun = threading.Event(), threading.Event()

    def slow(task):
        begun.set()
        go.wait(5)
        return f"older, cancelled: {task.cancelled()}"

    answers.submit(background, "a", slow)
    assert begun.wait(5)
    answers.submit(background, "b", lambda _task: "b")
    answers.submit(background, "a", lambda _task: "dropped before it began")
    answers.submit(background, "a", lambda _task: "newest")
    go.set()
    qtbot.waitUntil(lambda: len(answers.done) == 2)
    assert answers.done == ["b", "newest"]


def test_nothing_is_called_after_cancel_even_where_the_answer_is_on_its_way(
    qtbot, background, answers
):
    next_begun = threading.Event()
    answers.submit(background, "a", lambda _task: "unwanted")
    answers.submit(background, "b", lambda _task: next_begun.set())
    assert next_begun.wait(5)  # the first is answered; no event was handled here yet
    background.cancel("a")
    qtbot.waitUntil(lambda: bool(answers.done))
    assert answers.done == [None]  # of b


def test_an_older_answer_on_its_way_gives_way_to_a_newer_request(
    qtbot, background, answers
):
    next_begun = threading.Event()
    answers.submit(background, "a", lambda _task: "older")
    answers.submit(background, "b", lambda _task: next_begun.set())
    assert next_begun.wait(5)
    answers.submit(background, "a", lambda _task: "newer")
    qtbot.waitUntil(lambda: len(answers.done) == 2)
    assert answers.done == [None, "newer"]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (StudioError("No."), "No."),
        (KeyError("x"), "Something unexpected went wrong: 'x'."),
    ],
)
def test_errors_are_told_in_words(qtbot, background, answers, error, words):
    def work(_task):
        raise error

    answers.submit(background, "a", work)
    qtbot.waitUntil(lambda: bool(answers.failed))
    assert (answers.failed, answers.done) == ([words], [])


def test_work_that_gives_up_calls_nothing(qtbot, background, answers):
    def work(_task):
        raise Cancelled

    answers.submit(background, "a", work)
    answers.submit(background, "b", lambda _task: "b")
    qtbot.waitUntil(lambda: bool(answers.done))
    assert (answers.done, answers.failed) == (["b"], [])


def test_leaving_cancels_what_is_under_way(qapp, answers):
    background, begun = Background(), threading.Event()

    def work(task):
        begun.set()
        while not task.cancelled():
            threading.Event().wait(0.005)

    answers.submit(background, "a", work)
    assert begun.wait(5)
    assert background.shut_down(5_000)
    assert answers.done == []
