import math
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit

from engines.training.reports import (
    History,
    Losses,
    Measures,
    Notice,
    Paused,
    Points,
    Preparing,
    Preview,
    RunOutcome,
    RunStatus,
    Saved,
)
from studio.pace import Pace
from studio.pages.train import TrainPage
from studio.pages.train_header import Phase
from studio.session import JobState
from studio.widgets.disclosure import Disclosure
from studio.widgets.preset_cards import PresetCards
from tests.studio.dry_runs import dry_run
from tests.studio.pages.seen import click, says, words_on


@pytest.fixture(autouse=True)
def measured(monkeypatch):
    """Configs whose pace was asked for; a step takes 0.2 s, whatever it is."""
    asked = []

    def pace(_self, _entry, config, _cancelled):
        asked.append(config)
        return dry_run(0.2)

    monkeypatch.setattr(Pace, "dry_run", pace)
    return asked


@pytest.fixture
def page(qtbot, session):
    page = TrainPage(session)
    qtbot.addWidget(page)
    page.resize(1200, 760)
    page.show()
    assert page.phase() is Phase.EMPTY
    return page


@pytest.fixture
def ready(qtbot, page, session, write_pairs):
    """The page with Houses open: 18 pairs to learn from, 2 held out."""
    with qtbot.waitSignal(session.data.opened):
        session.data.open(write_pairs())
    assert page.phase() is Phase.SETUP
    return page


@pytest.fixture
def watching(qtbot, ready, session, fake_run, started):
    """The page while the fake run trains."""
    click(ready.header.start)
    fake_run.put(Preparing(done=5, total=20), started)
    qtbot.waitUntil(lambda: session.state is JobState.TRAINING)
    return ready


def button(root, words):
    return next(b for b in root.findChildren(QAbstractButton) if b.text() == words)


def control(page, kind, name):
    fields = page.settings.form.findChildren(kind)
    return next(field for field in fields if field.accessibleName() == name)


def type_into(edit, text):
    edit.selectAll()
    QTest.keyClicks(edit, text)
    QTest.keyClick(edit, Qt.Key.Key_Return)


def losses(step, generator=0.9, discriminator=0.6, l1=0.2):
    values = {"generator": generator, "discriminator": discriminator, "l1": l1}
    return Losses(
        step=step, values=values, pictures_per_s=31, elapsed_s=1, remaining_s=120
    )


def preview(step, grey):
    return Preview(step=step, pictures={"now": np.full((1, 8, 8, 3), grey, np.uint8)})


def input_view(watch):
    return watch._views[0]


def now_view(watch):
    return watch._views[1]


def shown_grey(view):
    return view.image().pixelColor(0, 0).red()


# ----------------------------------------------------------------------------
# Before a run.


def test_without_pictures_it_says_what_to_do(qtbot, page, session):
    assert says(page, "No pictures yet")
    assert not page.header.start.isVisible()
    assert not page.settings.copy_button.isEnabled()
    with qtbot.waitSignal(page.navigate, check_params_cb=lambda name: name == "data"):
        click(page._choose)


def test_with_pictures_it_shows_them_and_offers_to_start(ready):
    assert says(ready.header, "Pix2Pix on Houses")
    assert says(ready.setup, "20 pairs, 2 held out")
    assert ready.header.start.isEnabled()
    # 800 steps of 8 pictures, from 18 pairs.
    assert says(ready.settings, "Each picture 356 times.")


def test_thumbnails_of_pictures_to_learn_from_arrive(qtbot, ready):
    qtbot.waitUntil(lambda: len(ready.setup._thumbnails) == 11)  # 11 columns fit
    held_out = {pair.name for pair in ready._session.pictures.held_out}
    assert not held_out & set(ready.setup._thumbnails)


def test_says_how_long_it_takes_here(qtbot, ready):
    # 800 steps of 0.2 s are 3 minutes, 8,000 are 27.
    words = "about 3 min  ·  0.20 s a step  ·  1.1 of 17 GB memory"
    qtbot.waitUntil(lambda: says(ready.header, words))
    qtbot.waitUntil(lambda: says(ready.setup, "about 27 min"))


def test_settings_that_do_not_fit_say_what_does_and_set_it(qtbot, ready, session):
    qtbot.waitUntil(lambda: says(ready.header, "a step"))
    session.set_config(session.config.changed(batch_size=64))
    too_much = dry_run(None, memory=34e9, largest_batch=12, fits=False)
    session.estimated.emit(("current", too_much))
    assert says(ready.setup, "64 pictures per step do not fit into memory. At most 12")
    assert says(ready.header, "34 GB memory, 17 GB free")
    assert ready.header.start.isEnabled()  # it may know better
    click(button(ready.setup, "Take 12"))
    assert session.config.batch_size == 12
    assert ready.settings.form.values()["batch_size"] == 12
    assert not says(ready.setup, "do not fit")


def test_where_no_picture_fits_another_way_is_named(ready, session):
    nothing = dry_run(None, memory=34e9, largest_batch=0, fits=False)
    session.estimated.emit(("current", nothing))
    assert says(ready.setup, "Not even one picture per step fits into memory.")
    session.estimated.emit(("quick", nothing))
    assert says(ready.setup, "Needs more memory")
    session.estimated.emit(("current", dry_run()))
    assert not says(ready.setup, "Not even one")


@pytest.mark.parametrize(
    ("kept", "words"),
    [(5, "Go on with 4 per step"), (None, "Start again with 4 per step")],
)
def test_where_memory_ran_out_a_click_goes_on_smaller(
    qtbot, watching, session, fake_run, kept, words
):
    first = fake_run.job
    with qtbot.waitSignal(session.finished):
        fake_run.put(
            RunOutcome(
                status=RunStatus.FAILED,
                step=7,
                folder=first.folder,
                kept_step=kept,
                error="There is not enough memory.",
                smaller_batch=4,
            )
        )
    assert says(watching.watch, "There is not enough memory.")
    click(button(watching.watch, words))
    qtbot.waitUntil(lambda: fake_run.job is not first)
    assert session.run_config.batch_size == 4
    assert watching.phase() is Phase.RUNNING


def test_the_length_is_said_in_steps_until_its_time_is_known(qtbot, page, session):
    assert words_on(page.settings).count("800 steps") == 1  # the slider's own words
    session.estimated.emit(("current", dry_run(0.2)))
    assert "800 steps" not in words_on(page.settings)
    assert says(page.settings, "about 3 min")
    assert says(page.settings, "800 steps.")


def test_the_length_says_how_often_a_picture_is_seen(qtbot, ready):
    ready.settings.show_config()
    assert "Each picture 356 times." in words_on(ready.settings)
    ready._session.estimated.emit(("current", dry_run(0.2)))
    whole = "800 steps: each picture 356 times."
    assert whole in words_on(ready.settings)
    ready._session.set_config(ready._session.config.changed(steps=1))
    assert "1 steps: each picture about once." in words_on(ready.settings)


def test_all_the_usual_settings_can_be_seen_without_scrolling(qtbot, ready):
    ready._session.estimated.emit(("current", dry_run(0.2)))
    bar = ready.settings.form._scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() == 0)
    assert says(ready.settings, "800 steps: each")


def test_what_closeness_does_is_written_under_it(ready):
    assert says(ready.settings, "Higher keeps to the target's colours, lower invents")


def test_the_terms_are_explained_in_tooltips(watching):
    plots = watching.watch._plots
    of_measures = plots.measures.caption.toolTip()
    assert "PSNR: How small the errors of the pixels are." in of_measures
    assert "L1: How far the pixels are off on average." in of_measures
    assert "SSIM: How alike the structure" in plots.measures._title.toolTip()
    assert input_view(watching.watch).toolTip() == "Input, held out, never trained on"
    assert "Held out: kept back from" in watching.setup._found.toolTip()
    assert max(map(len, of_measures.splitlines())) <= 64


def test_a_preset_replaces_the_settings(ready, session):
    card = ready.setup.findChild(PresetCards)._cards["normal"]
    click(card)
    assert session.config.steps == 8_000
    assert ready.settings.form.values()["steps"] == 8_000
    assert ready.settings.form.changed_names() == []


def test_a_setting_reaches_the_session(ready, session):
    type_into(control(ready, QLineEdit, "Learning rate"), "0.0005")
    assert session.config.learning_rate == 0.0005
    assert ready.settings.form.changed_names() == ["learning_rate"]


def test_a_wrong_number_disables_start_and_says_why(ready, session):
    before = session.config
    edit = control(ready, QLineEdit, "Learning rate")
    type_into(edit, "2")
    assert not ready.header.start.isEnabled()
    assert "and 0.1. Usual: 0.0002." in ready.header.start.toolTip()
    assert says(ready._bar, "Learning rate: Between")
    assert session.config == before
    type_into(edit, "0.002")
    assert ready.header.start.isEnabled()
    assert not ready._bar.isVisible()
    assert session.config.learning_rate == 0.002


def test_settings_that_contradict_each_other_disable_start(ready, session):
    form = ready.settings.form
    session.set_config(session.config.changed(l1_weight=0.0))
    form.findChild(Disclosure).click()
    critic = control(ready, QComboBox, "Critic")
    critic.setCurrentIndex(critic.findText("None"))
    critic.activated.emit(critic.currentIndex())
    assert form.values()["adversary"] == "none"
    assert not ready.header.start.isEnabled()
    assert says(ready._bar, "Without a critic, Closeness to target")
    assert session.config.adversary == "conditional"


def test_the_command_goes_to_the_clipboard(ready, session):
    click(ready.settings.copy_button)
    assert QGuiApplication.clipboard().text() == session.as_command()
    assert "train pix2pix --data" in QGuiApplication.clipboard().text()
    assert ready.settings.copy_button.text() == "Copied"
    ready.settings._copied_timer.timeout.emit()
    assert ready.settings.copy_button.text() == "Copy as command"


# ----------------------------------------------------------------------------
# While it runs.


def test_the_view_of_a_run_is_ready_before_a_run_is(ready, session, fake_run):
    assert ready.watch is None
    session.library.warmed_up.emit()
    watch = ready.watch
    assert watch is not None
    assert not watch.isVisible()
    assert ready.setup.isVisible()
    session.start()
    assert ready.watch is watch
    assert watch.isVisible()


def test_start_shows_preparation_then_progress(qtbot, ready, fake_run, started):
    click(ready.header.start)
    assert ready.phase() is Phase.RUNNING
    assert not ready.header.start.isVisible()
    fake_run.put(Preparing(done=5, total=20))
    qtbot.waitUntil(lambda: says(ready.header, "Preparing pictures 5 of 20"))
    assert says(ready.header, "25 %")
    fake_run.put(started, losses(step=580))
    qtbot.waitUntil(lambda: says(ready.header, "step 580 of 1,000"))
    assert says(ready.header, "58 %")
    assert says(ready.header, "about 2 min left")
    assert says(ready.header, "31 pictures/s")
    assert says(ready.header, "CPU, 2 threads, fp32, channels last")
    assert fake_run.job.config == ready._session.config


def test_previews_change_the_picture_and_fill_the_history(qtbot, watching, fake_run):
    watch = watching.watch
    assert shown_grey(input_view(watch)) == 128
    fake_run.put(preview(0, 10), preview(50, 20))
    qtbot.waitUntil(lambda: watch._strip.steps() == [0, 50])
    assert shown_grey(now_view(watch)) == 20
    assert now_view(watch).accessibleName() == "Now, step 50"

    watch._strip.choose(0)
    assert shown_grey(now_view(watch)) == 10
    assert now_view(watch).accessibleName() == "Now, step 0"
    fake_run.put(preview(100, 30))  # what is looked at stays
    qtbot.waitUntil(lambda: watch._strip.steps() == [0, 50, 100])
    assert shown_grey(now_view(watch)) == 10
    watch._strip.choose(-1)
    assert shown_grey(now_view(watch)) == 30


def test_losses_measures_and_checkpoints_reach_the_plots(qtbot, watching, fake_run):
    plots = watching.watch._plots
    fake_run.put(losses(10), Measures(step=10, values={"ssim": 0.5, "psnr": 17.25}))
    fake_run.put(Saved(step=10, folder=watching._session.started.folder))
    qtbot.waitUntil(lambda: says(plots, "saved at step 10"))
    assert "Painter 0.90" in plots.losses.plot.summary()
    assert "Critic 0.60" in plots.losses.plot.summary()
    assert "Distance" not in plots.losses.plot.summary()
    assert "SSIM 0.50" in plots.measures.plot.summary()
    assert "Distance 0.20" in plots.measures.plot.summary()
    assert says(plots, "17.2 dB")
    assert "tells real from painted" in plots.losses._title.toolTip()


def points(*pairs):
    steps, values = zip(*pairs, strict=True)
    return Points(steps=np.array(steps), values=np.array(values))


@pytest.fixture
def past():
    """What a run without a critic went through up to step 100."""
    return History(
        losses={"l1": points((50, 0.5), (100, 0.25))},
        measures={
            "ssim": points((40, 0.5), (100, 0.75)),
            "psnr": points((40, 10.0), (100, 12.5)),
            "l1": points((40, 0.9), (100, 0.8)),
        },
        previews=(preview(0, 10), preview(100, 20)),
        saved=(60, 100),
    )


def curve(plot, name):
    steps, values = plot._lines[name].points.peaks(1000)
    return list(zip(steps.tolist(), values.tolist(), strict=True))


@pytest.mark.parametrize("hidden", [False, True])
def test_a_resumed_run_shows_its_past_and_goes_on_from_there(
    qtbot, ready, session, fake_run, started, past, hidden
):
    click(ready.header.start)
    ready.setVisible(not hidden)
    fake_run.put(replace(started, step=100), past, preview(105, 30))
    qtbot.waitUntil(lambda: 105 in ready._run.previews)
    ready.show()
    watch = ready.watch
    assert watch._strip.steps() == [0, 100, 105]
    assert shown_grey(now_view(watch)) == 30
    assert says(ready.header, "step 100 of 1,000")
    assert says(watch._plots, "PSNR 12.5 dB  ·  L1 0.80")
    assert says(watch._plots, "saved at step 100")

    fake_run.put(losses_of_no_critic(110, 0.2), Measures(step=110, values={"l1": 0.7}))
    qtbot.waitUntil(lambda: says(watch._plots, "L1 0.70"))
    plots = watch._plots
    assert curve(plots.measures.plot, "l1") == [(50, 0.5), (100, 0.25), (110, 0.2)]
    assert curve(plots.measures.plot, "ssim") == [(40, 0.5), (100, 0.75)]
    assert plots.losses.plot.summary() == "No values yet."


def losses_of_no_critic(step, l1):
    return Losses(
        step=step, values={"l1": l1}, pictures_per_s=1, elapsed_s=1, remaining_s=1
    )


def test_the_verdict_explains_itself(qtbot, watching, fake_run):
    watch = watching.watch
    config = watching._session.config
    guess = {"cross_entropy": math.log(2), "least_squares": 0.25}[config.gan_loss]
    painter_ahead = {"generator": 0.6 * guess, "discriminator": 0.9 * guess}
    fake_run.put(*[losses(step, **painter_ahead) for step in range(1, 31)])
    qtbot.waitUntil(lambda: says(watch._verdict, "painter is ahead"), timeout=3_000)
    assert not says(watch._verdict, "taken for real")
    click(watch._verdict._link)
    assert says(watch._verdict, "taken for real more often than not")
    click(watch._verdict._link)
    assert not says(watch._verdict, "taken for real")


def test_pause_and_resume(qtbot, watching, session, fake_run):
    click(watching.header.pause)
    assert fake_run.controls.is_paused()
    fake_run.put(Paused(step=3, paused=True))
    qtbot.waitUntil(lambda: session.state is JobState.PAUSED)
    assert watching.header.pause.text() == "Resume"
    assert watching.header._chip.words() == "Paused"
    click(watching.header.pause)
    assert not fake_run.controls.is_paused()
    fake_run.put(Paused(step=3, paused=False))
    qtbot.waitUntil(lambda: session.state is JobState.TRAINING)
    assert watching.header.pause.text() == "Pause"


def test_stop_is_answered_at_once_and_kept(qtbot, watching, session, fake_run):
    fake_run.put(losses(40))
    qtbot.waitUntil(lambda: watching._run.step == 40)
    with qtbot.waitSignal(session.finished):
        click(watching.header.stop)
        # Before the run had any chance to answer.
        assert watching.header.stop.text() == "Stopping…"
        assert not watching.header.stop.isEnabled()
        assert watching.header._chip.words() == "Stopping…"
    assert watching.phase() is Phase.ENDED
    assert says(watching.watch._verdict, "Stopped at step 40. Step 40 is kept.")
    assert watching.header._chip.words() == "Stopped, kept"
    assert watching.header.again.isVisible()
    assert not watching.header.stop.isVisible()


def test_only_live_settings_can_be_changed_and_reach_the_run(watching, fake_run):
    of_the_next_run = watching._session.config
    type_into(control(watching, QLineEdit, "Learning rate"), "0.0005")
    assert fake_run.controls.take_changes() == {"learning_rate": 0.0005}
    assert watching._session.config == of_the_next_run
    assert says(watching.settings, "Fixed for this run")
    assert says(watching.settings, "18 pairs")
    sizes = watching.settings.form.findChildren(QComboBox)
    assert "Picture size" not in [c.accessibleName() for c in sizes if c.isVisible()]


def test_a_notice_stays_until_it_is_closed(qtbot, watching, fake_run):
    notice = watching.watch._notice
    fake_run.put(Notice(step=0, words="First."), Notice(step=0, words="Second."))
    qtbot.waitUntil(lambda: watching._run.notices == ["First.", "Second."])
    assert notice.sentence() == "First."
    click(notice._close)
    assert notice.sentence() == "Second."
    click(notice._close)
    assert not notice.isVisible()


def test_what_came_while_it_was_hidden_is_there_when_it_is_shown(
    qtbot, watching, fake_run
):
    watch = watching.watch
    watching.hide()
    fake_run.put(preview(0, 10), preview(50, 20), losses(50))
    qtbot.waitUntil(lambda: watching._run.step == 50)
    assert watch._strip.steps() == []
    watching.show()
    assert watch._strip.steps() == [0, 50]
    assert shown_grey(now_view(watch)) == 20
    assert "Painter 0.90" in watch._plots.losses.plot.summary()


# ----------------------------------------------------------------------------
# After it.


def end(qtbot, page, fake_run, status, **values):
    with qtbot.waitSignal(page._session.finished):
        fake_run.put(RunOutcome(status=status, **values))


def test_a_completed_run_offers_to_be_used(qtbot, watching, fake_run, tmp_path):
    folder = tmp_path / "run"
    completed = RunStatus.COMPLETED
    end(qtbot, watching, fake_run, completed, step=1000, folder=folder, kept_step=1000)
    assert says(watching.watch._verdict, "Finished after 1,000 steps.")
    assert watching.header.longer.text() == "Go on for longer"
    assert watching.header.longer.toolTip() == "Trains on to step 2,000."
    with qtbot.waitSignal(watching.translate_requested) as asked:
        click(watching.watch._verdict._link)
    assert asked.args == [folder]


def test_a_failed_run_says_why_and_offers_nothing_it_cannot_do(
    qtbot, watching, fake_run
):
    error = "The numbers ran away at step 12 (generator is not finite)."
    end(qtbot, watching, fake_run, RunStatus.FAILED, step=12, error=error)
    verdict = watching.watch._verdict
    assert verdict.property("level") == "err"
    assert verdict.sentence() == error
    assert not verdict._link.isVisible()
    assert watching.header._chip.words() == "Failed"
    assert not watching.header.longer.isEnabled()


def test_the_form_goes_back_to_the_next_run(qtbot, watching, fake_run):
    end(qtbot, watching, fake_run, RunStatus.COMPLETED, step=1000)
    assert not says(watching.settings, "Fixed for this run")
    click(watching.header.setup)
    assert watching.phase() is Phase.SETUP
    assert watching.setup.isVisible()
    assert watching.header.start.isVisible()


def test_after_a_run_the_length_is_estimated_again(qtbot, watching, fake_run):
    qtbot.waitUntil(lambda: not watching._estimate_timer.isActive())
    end(qtbot, watching, fake_run, RunStatus.COMPLETED, step=1000)
    assert watching._estimate_timer.isActive()


def test_train_again_starts_a_fresh_view(qtbot, watching, session, fake_run, started):
    fake_run.put(preview(0, 10), losses(5))
    qtbot.waitUntil(lambda: watching._run.step == 5)
    end(qtbot, watching, fake_run, RunStatus.COMPLETED, step=1000)
    click(watching.header.again)
    assert session.state is JobState.PREPARING
    assert watching.watch._strip.steps() == []
    assert now_view(watching.watch).image() is None
    assert watching.watch._plots.losses.plot.summary() == "No values yet."


# ----------------------------------------------------------------------------
# Room.


@pytest.mark.parametrize(("size", "form"), [((1200, 760), 264), ((944, 600), 240)])
def test_a_run_fits_the_window(qtbot, watching, fake_run, size, form):
    watching.resize(*size)
    fake_run.put(preview(0, 10))
    qtbot.waitUntil(lambda: watching.watch._strip.steps() == [0])
    QTest.qWait(0)
    watch = watching.watch
    assert watching.settings.width() == form
    assert watch._plots.height() >= 160
    assert watch.geometry().bottom() <= watching.height()
    # Having been large does not keep it from becoming small again.
    assert watching.minimumSizeHint().width() <= 944
    assert watching.minimumSizeHint().height() <= 600
