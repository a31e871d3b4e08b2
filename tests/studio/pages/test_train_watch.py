"""What is watched of a run, for every engine; without a session and without torch."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engines.catalogue import ENGINES
from engines.training.reports import (
    Column,
    History,
    Losses,
    Measures,
    Notice,
    Points,
    Preview,
    Started,
)
from studio.pages.train_watch import TrainWatch, picture_side
from studio.run_view import RunView

LOSSES = "Losses"
HELD_OUT = "On held-out pictures"


def grey(level, count=1, side=8):
    return np.full((count, side, side, 3), level, np.uint8)


def columns_of_styles(side=64):
    """Two pictures of day, one of night."""
    there = ("day → night", "day → night", "night → day")
    back = ("day → night → day", "day → night → day", "night → day → night")
    inputs = np.concatenate([grey(level, side=side) for level in (1, 2, 3)])
    return (
        Column(
            name="input",
            label="Input",
            captions=("day", "day", "night"),
            pictures=inputs,
        ),
        Column(name="translated", label="Translated", captions=there),
        Column(name="back", label="And back", captions=back),
    )


def columns_of_samples(side=256):
    return (
        Column(name="samples", label="Made up", captions=("",)),
        Column(
            name="real",
            label="Real",
            captions=("held out, never trained on",),
            pictures=grey(200, side=side),
        ),
    )


class Watched:
    """The part of the page, fed as the page feeds it."""

    def __init__(self, qtbot, size=(864, 680)):
        self.watch = TrainWatch()
        qtbot.addWidget(self.watch)
        self.watch.resize(*size)
        self.watch.show()

    def start(self, engine, columns, **settings):
        self.run = RunView()
        entry = ENGINES[engine]
        self.watch.start(self.run, entry, entry.config.checked(settings), "Use it")
        names = tuple(f"picture {i}" for i, _ in enumerate(columns[0].captions))
        self.put(
            Started(
                folder=None,
                step=0,
                steps=1000,
                device="CPU",
                columns=columns,
                names=names,
                training_pictures=9,
                held_out_pictures=1,
            )
        )

    def put(self, *reports):
        for report in reports:
            self.run.take(report, watched_step=self.watch.watched_step())
            self.watch.show_report(report)

    def losses(self, step, **values):
        self.put(
            Losses(
                step=step,
                values=values,
                pictures_per_s=1,
                elapsed_s=1,
                remaining_s=1,
            )
        )

    def measures(self, step, **values):
        self.put(Measures(step=step, values=values))

    def greys(self):
        """Of the pictures that are shown, from left to right."""
        return [
            view.image().pixelColor(0, 0).red()
            for view in self.watch._views
            if view.isVisible()
        ]

    def names(self):
        views = self.watch._views
        return [view.accessibleName() for view in views if view.isVisible()]

    @property
    def plots(self):
        return self.watch._plots


@pytest.fixture
def watched(qtbot):
    return Watched(qtbot)


# ----------------------------------------------------------------------------
# Pictures.


def there_and_back(step, level):
    """Three pictures each; those of the way back are a little lighter."""
    there = np.concatenate([grey(level + i, side=64) for i in range(3)])
    return Preview(step=step, pictures={"translated": there, "back": there + 100})


def test_scrubbing_changes_every_column_that_changes(watched):
    watched.start("cyclegan", columns_of_styles())
    watched.put(there_and_back(0, 10), there_and_back(50, 20))
    assert watched.greys() == [1, 20, 120]
    watched.watch._strip.choose(0)
    assert watched.greys() == [1, 10, 110]
    assert watched.names() == [
        "Input, day",
        "Translated, day → night  ·  step 0",
        "And back, day → night → day",
    ]


def test_another_watched_picture_changes_all_columns_and_captions(watched):
    watched.start("cyclegan", columns_of_styles())
    watched.put(there_and_back(0, 10))
    column = watched.watch._watched
    assert column.isVisible()
    column.choose(2)
    assert watched.greys() == [3, 12, 112]
    assert watched.names()[2] == "And back, night → day → night"
    (thumb,) = watched.watch._thumbs.values()
    assert thumb.pixelColor(0, 0).red() == 12  # and the history is of it


@pytest.mark.parametrize("columns", [columns_of_samples(), columns_of_styles()])
def test_a_notice_in_a_small_window_takes_its_room_from_the_pictures(qtbot, columns):
    watched = Watched(qtbot, size=(640, 520))
    watched.start("dcgan", columns)
    before = watched.watch._views[0].height()
    watched.put(Notice(step=0, words="Some are smaller."))
    QTest.qWait(0)
    view, strip = watched.watch._views[0], watched.watch._strip
    assert view.height() < before or before == 128 + 24
    assert view.geometry().bottom() < strip.geometry().top()
    assert watched.plots.geometry().bottom() <= watched.watch.height()


def test_one_sheet_needs_no_column_to_choose_from(watched):
    watched.start("dcgan", columns_of_samples())
    sheet = grey(40, side=256)
    watched.put(Preview(step=5, pictures={"samples": sheet}))
    assert not watched.watch._watched.isVisible()
    assert watched.names() == ["Made up, step 5", "Real, held out, never trained on"]
    assert watched.greys() == [40, 200]


def test_the_room_beside_two_sheets_goes_to_the_measures(qtbot):
    watched = Watched(qtbot, size=(864, 628))
    watch = watched.watch
    watched.start("dcgan", columns_of_samples())
    QTest.qWait(0)
    card, sheet = watched.plots.measures, watch._views[1]
    assert sheet.width() == 256
    assert card.geometry().left() > sheet.geometry().right()
    assert card.geometry().top() == sheet.geometry().top()
    assert card.height() == sheet.height()
    assert card.geometry().right() >= watch.width() - 2
    # Three columns leave none: the card goes back, as large as it likes.
    watched.start("cyclegan", columns_of_styles())
    QTest.qWait(0)
    assert card.parentWidget() is watched.plots
    assert card.height() == watched.plots.losses.height()


@pytest.mark.parametrize(
    ("pixels", "room", "side"),
    [
        (64, 270, 256),
        (256, 270, 256),
        (252, 270, 252),
        (64, 530, 512),
        (256, 250, 240),  # reduced, to a round number
        (64, 90, 128),  # less than can be judged
        (512, 90, 128),
    ],
)
def test_pictures_are_shown_at_whole_multiples_where_they_fit(pixels, room, side):
    assert picture_side(pixels, room) == side


def test_another_run_takes_the_pictures_of_the_one_before_away(watched):
    watched.start("cyclegan", columns_of_styles())
    watched.put(there_and_back(0, 10))
    watched.start("dcgan", columns_of_samples())
    assert watched.watch._strip.steps() == []
    assert watched.watch._views[0].image() is None
    assert not watched.watch._views[2].isVisible()


# ----------------------------------------------------------------------------
# Plots.


def drawn(card):
    return [line.curve.label for line in card.plot._lines.values()]


def values(card, name):
    steps, drawn = card.plot._lines[name].points.peaks(1000)
    return list(zip(steps.tolist(), drawn.tolist(), strict=True))


@pytest.mark.parametrize(
    ("engine", "settings", "title", "losses", "measures"),
    [
        (
            "pix2pix",
            {},
            "Likeness to target",
            ["Painter", "Critic"],
            ["SSIM", "Distance"],
        ),
        (
            "pix2pix",
            {"adversary": "none"},
            "Likeness to target",
            ["Distance"],
            ["SSIM"],
        ),
        (
            "cyclegan",
            {},
            HELD_OUT,
            ["Painters", "Critics", "Round trip A", "Round trip B", "Leaving be"],
            ["Round trip", "True error"],
        ),
        (
            "cyclegan",
            {"round_trips": "a", "identity_weight": 0.0},
            HELD_OUT,
            ["Painters", "Critics", "Round trip A"],
            ["Round trip", "True error"],
        ),
        ("dcgan", {}, HELD_OUT, ["Painter", "Critic"], ["Likeness"]),
        ("wgan", {}, HELD_OUT, ["Distance", "Slope penalty"], ["Likeness"]),
        (
            "wgan",
            {"constraint": "clipping"},
            HELD_OUT,
            ["Distance (scaled)"],
            ["Likeness"],
        ),
        (
            "vae",
            {},
            HELD_OUT,
            ["Total (−ELBO)", "Errors", "Description (KL)"],
            ["Total"],
        ),
    ],
)
def test_every_engine_has_its_own_curves(
    watched, engine, settings, title, losses, measures
):
    watched.start(engine, columns_of_samples(), **settings)
    plots = watched.plots
    assert drawn(plots.losses) == losses
    assert drawn(plots.measures) == measures
    assert plots.measures._title.text() == title
    assert plots.losses._title.text() == LOSSES
    assert max(len(losses), len(measures)) <= 5  # there are five colours


def test_a_loss_and_a_measure_of_one_name_are_kept_apart(watched):
    watched.start("vae", columns_of_samples())
    watched.losses(5, elbo=240.0, reconstruction=220.0, kl=20.0)
    watched.measures(10, elbo=250.0, reconstruction=228.0, kl=22.0, active=14.0)
    watched.losses(15, elbo=230.0, reconstruction=210.0, kl=20.0)
    assert values(watched.plots.losses, "elbo") == [(5, 240), (15, 230)]
    assert values(watched.plots.measures, "elbo") == [(10, 250)]
    said = watched.plots.measures.caption.text()
    assert said == "Dimensions in use 14  ·  Errors 228 nats  ·  Description 22 nats"
    assert watched.plots.losses.caption.text() == "nats  ·  smoothed, by step"


def test_the_past_goes_where_the_present_goes(watched):
    watched.start("vae", columns_of_samples())
    past = Points(steps=np.array([1, 2]), values=np.array([300.0, 280.0]))
    held_out = Points(steps=np.array([2]), values=np.array([290.0]))
    watched.put(
        History(
            losses={"elbo": past},
            measures={"elbo": held_out, "diversity": held_out},
            previews=(),
            saved=(2,),
        )
    )
    assert values(watched.plots.losses, "elbo") == [(1, 300), (2, 280)]
    assert values(watched.plots.measures, "elbo") == [(2, 290)]
    assert "Variety 290" in watched.plots.measures.caption.text()
    assert "saved at step 2" in watched.plots.losses.caption.text()


@pytest.mark.parametrize(
    ("engine", "name", "course", "words", "token"),
    [
        ("vae", "elbo", (300.0, 280.0, 260.0, 240.0), "falling", "ok"),
        ("vae", "elbo", (240.0, 260.0, 280.0, 300.0), "rising", "warn"),
        ("pix2pix", "ssim", (0.1, 0.2, 0.3, 0.4), "rising", "ok"),
        ("pix2pix", "ssim", (0.4, 0.3, 0.2, 0.1), "falling", "warn"),
        ("pix2pix", "ssim", (0.4, 0.4, 0.4, 0.4), "steady", "text2"),
    ],
)
def test_the_colour_of_a_trend_says_which_way_is_better(
    monkeypatch, watched, engine, name, course, words, token
):
    watched.start(engine, columns_of_samples())
    tokens = []
    icon = watched.plots._trend_icon
    monkeypatch.setattr(icon, "show_icon", lambda _name, token: tokens.append(token))
    for step, value in enumerate(course, 1):
        assert not watched.plots._trend.isVisible()  # too few to tell
        watched.measures(step, **{name: value})
    assert watched.plots._trend.text() == words
    assert tokens == [token]


def test_what_the_curves_mean_is_a_key_away(watched):
    watched.start("dcgan", columns_of_samples())
    watched.losses(10, generator=0.9, discriminator=0.6)
    button = watched.plots.losses._why
    assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    panel = QApplication.activePopupWidget()
    assert "Critic 0.60. How well the critic tells real from painted." in panel.words()
    assert "The dashed line at 0.69 is “guessing”." in panel.words()
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert QApplication.activePopupWidget() is None


def test_values_that_are_only_said_are_explained_as_well(watched):
    watched.start("vae", columns_of_samples(), latent_dim=16)
    watched.measures(10, elbo=250.0, active=14.0)
    terms = {term.name: term for term in watched.plots.measures.terms()}
    assert terms["Dimensions in use 14"].note == "To compare with: 16 is “all”."
    assert terms["Variety"].words.startswith("How much the made pictures differ")
    assert next(iter(terms)) == "Total 250 nats"


# ----------------------------------------------------------------------------
# The verdict.


def test_the_verdict_looks_at_losses_and_measures(watched):
    watched.start("dcgan", columns_of_samples())
    for step in range(400, 430):
        watched.losses(step, generator=0.9, discriminator=0.6)
    watched.watch._judge()
    assert watched.watch._verdict.sentence() == "Painter and critic are balanced."
    for step in (410, 420, 430):
        watched.measures(step, diversity=0.02)
    watched.watch._judge()
    assert "all look alike" in watched.watch._verdict.sentence()
    assert watched.watch._verdict.property("level") == "warn"
