"""The Explore page: a latent space as a place, with a map."""

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QHideEvent, QImage, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from engines.data.images import Rgb
from engines.samples.catalogue import SAMPLES
from engines.training.reports import Report, Saved
from studio.explorer import Slice
from studio.pages.explore_empty import ExploreEmpty
from studio.pages.explore_grid import ExploreGrid
from studio.pages.explore_panel import ExplorePanel
from studio.pages.explore_spaces import Spaces
from studio.pages.explore_state import Exploration
from studio.pages.translate_models import ModelBox
from studio.session import JobState, Session
from studio.terrain import Code, Terrain
from studio.widgets import buttons
from studio.widgets.labels import caption
from studio.widgets.message_bar import MessageBar
from studio.widgets.page_header import PageHeader
from studio.widgets.picture import to_image
from studio.widgets.toast import Toast

_SEEDS = 1_000_000
_FIRST_SEED = 1
_MODEL_WIDTH = 168


class ExplorePage(QWidget):
    """Pictures that a model invents, where they are in its space.

    Signals:
        navigate: The user goes to another page. (its name)
    """

    navigate = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        """Show what *session* has to explore; runs appear once listed."""
        super().__init__(parent)
        self._session, self._explorer = session, session.explore
        self.spaces = Spaces(self)
        self.here = Exploration(self)
        self.header = PageHeader(self.tr("Explore"))
        self.model_box = ModelBox(self.spaces)
        self._seed_words = caption(self.tr("Seed"))
        self.seed = QSpinBox()
        self.dice = buttons.tool("dice-five", self.tr("Another seed"))
        self.message = MessageBar()
        self.empty = ExploreEmpty()
        self.grid = ExploreGrid()
        self.panel = ExplorePanel()
        self.toast = Toast(self)
        self._full = QWidget()
        self._stack = QStackedWidget()
        self._is_warm = False
        self._pin_images: dict[int, QImage] = {}  # by the id of a pin's code
        self._lay_out()
        self._connect()
        self._show_what_there_is()

    # ------------------------------------------------------------------------
    # What others may ask for.

    @Slot(object)
    def use_run(self, run: Path) -> None:
        """Explore the space of the run in the folder *run*."""
        self.spaces.wanted = run
        self._session.library.list_runs()

    # ------------------------------------------------------------------------
    # How it is put together.

    def _lay_out(self) -> None:
        self.seed.setRange(0, _SEEDS - 1)
        self.seed.setValue(_FIRST_SEED)
        self.seed.setAccessibleName(self._seed_words.text())
        self.seed.setKeyboardTracking(False)  # 42 is not first 4
        self.seed.lineEdit().setTextMargins(6, 0, 0, 0)
        self.seed.setFixedWidth(96)
        self.model_box.setMinimumWidth(_MODEL_WIDTH)
        self.header.add_tabs(self.model_box, self._seed_words, self.seed, self.dice)
        columns = QHBoxLayout(self._full)
        columns.setContentsMargins(24, 0, 24, 16)
        columns.setSpacing(24)
        columns.addWidget(self.grid, 1)
        columns.addWidget(self.panel)
        bare = QWidget()
        around = QVBoxLayout(bare)
        around.setContentsMargins(24, 0, 24, 16)
        around.addWidget(self.empty)
        self._stack.addWidget(bare)
        self._stack.addWidget(self._full)
        notes = QHBoxLayout()
        notes.setContentsMargins(24, 0, 24, 0)
        notes.addWidget(self.message)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self.header)
        page.addLayout(notes)
        page.addWidget(self._stack, 1)

    def _connect(self) -> None:
        session, explorer, here = self._session, self._explorer, self.here
        session.library.runs_listed.connect(self._on_runs_listed)
        session.library.warmed_up.connect(self._on_warmed_up)
        session.state_changed.connect(self._show_what_there_is)
        session.reported.connect(self._on_reported)
        self.spaces.changed.connect(self._on_space_chosen)
        self.spaces.updated.connect(self._show_what_there_is)
        self.seed.valueChanged.connect(explorer.draw)
        self.dice.clicked.connect(self._on_dice)
        self.empty.try_clicked.connect(self._on_try)
        self.empty.watch_clicked.connect(lambda: self.navigate.emit("train"))

        explorer.opened.connect(self._on_opened)
        explorer.refused.connect(self._on_refused)
        explorer.drawn.connect(self._on_drawn)
        explorer.tiles_decoded.connect(self._on_tiles)
        explorer.tiles_done.connect(self.grid.show_decoded)
        explorer.picture_decoded.connect(self._on_picture)
        explorer.pins_decoded.connect(self._on_pin_pictures)
        explorer.renewed.connect(self._on_renewed)
        explorer.saved.connect(self._on_saved)
        explorer.failed.connect(self._on_failed)

        here.plane_changed.connect(self._on_plane_changed)
        here.chosen_changed.connect(self._on_chosen_changed)
        here.pins_changed.connect(self._on_pins_changed)
        grid, panel = self.grid, self.panel
        grid.axes_chosen.connect(here.use_axes)
        grid.label_chosen.connect(here.use_label)
        grid.map.tiles_wanted.connect(self._on_tiles_wanted)
        grid.map.view_changed.connect(self._show_place)
        grid.map.chosen.connect(here.choose_place)
        grid.map.pin_requested.connect(self._on_pin_requested)
        panel.sliding.connect(here.slide)
        panel.settled.connect(here.settle)
        panel.pin_button.clicked.connect(here.toggle_pin)
        panel.save_button.clicked.connect(self.save_chosen)
        panel.pins.add_requested.connect(here.toggle_pin)
        panel.pins.taken.connect(lambda number: here.choose(here.pins[number]))
        panel.pins.moved.connect(here.move_pin)
        panel.pins.remove_requested.connect(here.remove_pin)

    # ------------------------------------------------------------------------
    # Which space.

    @Slot(object)
    def _on_runs_listed(self, runs: object) -> None:
        if self.isVisible() or self._is_warm:
            self.spaces.take(runs)  # type: ignore[arg-type]

    @Slot()
    def _on_warmed_up(self) -> None:
        """Make the map of the newest run ahead: it is to be there at once."""
        self._is_warm = True
        self._session.library.list_runs()

    @Slot(object)
    def _on_reported(self, report: Report) -> None:
        if isinstance(report, Saved) and self.isVisible():
            self._session.library.list_runs()  # it can be explored from now on

    @Slot()
    def _on_space_chosen(self) -> None:
        self.here.leave()
        self.grid.map.replace_plane()
        self.message.clear()
        if self.spaces.chosen is not None:
            self._explorer.open(self.spaces.chosen.path)

    @Slot(object)
    def _on_opened(self, terrain: Terrain) -> None:
        if self.spaces.chosen is None or self.spaces.chosen.path != terrain.run:
            return
        self.here.enter(terrain)
        self.grid.offer(terrain.directions, self.here.axes)
        self.grid.offer_classes(terrain.classes)
        self.panel.offer(terrain.directions if terrain.is_surveyed else ())
        self._show_what_there_is()
        if self.here.code is None:
            self._explorer.draw(self.seed.value())
        else:
            self._show_values()

    @Slot(object, int, object)
    def _on_drawn(self, run: Path, seed: int, code: Code) -> None:
        if self.here.is_in(run) and seed == self.seed.value():
            self.here.choose(code)

    @Slot(object, str)
    def _on_refused(self, run: Path, words: str) -> None:
        if self.spaces.chosen is not None and self.spaces.chosen.path == run:
            self.empty.tell_refused(words)
            self._stack.setCurrentIndex(0)

    @Slot()
    def _on_dice(self) -> None:
        # Seeds in the order of a full cycle: none comes again before all were there.
        self.seed.setValue((self.seed.value() * 21 + 7919) % _SEEDS)

    @Slot()
    def _show_what_there_is(self) -> None:
        """Show the map, or what is missing for it."""
        has_space = self.spaces.chosen is not None
        self._stack.setCurrentIndex(1 if has_space else 0)
        for part in (self.model_box, self._seed_words, self.seed, self.dice):
            part.setVisible(has_space)
        if not has_space:
            is_busy = self._session.state is not JobState.IDLE
            self.empty.ask_for_model(
                others=self.spaces.others,
                is_training=is_busy and not self._session.run_entry.translates,
                is_busy=is_busy,
            )
        self._follow()

    def _follow(self) -> None:
        """Keep up with the run while it is seen learning."""
        chosen = self.spaces.chosen
        is_live = (
            chosen is not None and self._session.live_step(chosen.path) is not None
        )
        self._explorer.follow(is_live and self.isVisible())

    @Slot()
    def _on_try(self) -> None:
        sample = next(one for one in SAMPLES.values() if one.kind == "single")
        self._session.try_sample(sample.name, sample.engines[0])
        self.navigate.emit("train")

    # ------------------------------------------------------------------------
    # The map.

    @Slot(bool)
    def _on_plane_changed(self, is_near: bool) -> None:
        here, grid = self.here, self.grid
        assert here.terrain is not None, "planes are those of a space"
        reach = max(map(here.terrain.reach, here.axes))
        if is_near:
            grid.map.renew()
        else:
            grid.show_axes(here.axes)
            points = here.terrain.points(*here.axes)
            grid.little_map.set_points(points, reach)
            grid.map.start(here.terrain.image_size, here.terrain.reach(here.axes[0]))
        grid.map.set_pins(here.pins_on_plane())
        self._show_place()

    @Slot(list)
    def _on_tiles_wanted(self, cells: list[object]) -> None:
        if self.here.of is not None:
            self._explorer.want(self.here.of, cells)  # type: ignore[arg-type]

    @Slot(object, object, object)
    def _on_tiles(self, of: Slice, cells: object, pictures: Rgb) -> None:
        if of is self.here.of:
            self.grid.map.set_tiles(cells, pictures)  # type: ignore[arg-type]

    @Slot(int)
    def _on_renewed(self, _step: int) -> None:
        self.grid.map.renew()
        self._ask_for_picture()
        self._ask_for_pins()

    @Slot(float, float)
    def _on_pin_requested(self, x: float, y: float) -> None:
        self.here.choose_place(x, y)
        self.here.toggle_pin()

    # ------------------------------------------------------------------------
    # What is chosen.

    @Slot()
    def _on_chosen_changed(self) -> None:
        has_code = self.here.code is not None
        for button in (self.panel.pin_button, self.panel.save_button):
            button.setEnabled(has_code)
        if has_code:
            self._show_place()
            self._show_values()
            self._ask_for_picture()
        else:
            self.panel.picture.set_image(None)
            self.panel.place.clear()

    def _show_values(self) -> None:
        if self.here.code is not None:
            numbers = range(len(self.panel.sliders))
            self.panel.show_values([self.here.value(number) for number in numbers])

    @Slot()
    def _show_place(self) -> None:
        """Mark the chosen code on the map, and say where that is."""
        if self.here.code is None or self.here.of is None:
            return
        self.grid.map.choose(*self.here.place())
        place = self.grid.map.place()
        if place is not None:
            self.panel.place.setText(self.tr("row {0}, column {1}").format(*place))
        self.panel.picture.setAccessibleName(self.grid.map.chosen_words())
        code = self.here.code
        is_pinned = self.here.pin_of(code) is not None
        words = self.tr("Unpin") if is_pinned else self.tr("Pin")
        self.panel.pin_button.setText(words)

    def _ask_for_picture(self) -> None:
        if self.here.code is not None:
            self._explorer.show(self.here.code, self.here.label)

    @Slot(object, object)
    def _on_picture(self, _code: Code, rgb: Rgb) -> None:
        if self.here.code is not None:
            self.panel.picture.set_image(to_image(rgb))

    @Slot()
    def save_chosen(self) -> None:
        """Ask where to, and write the chosen picture with its code."""
        if self.here.code is None or self.spaces.chosen is None:
            return
        name = f"{self.spaces.chosen.path.name} {self.seed.value()}.png"
        chosen, _ = QFileDialog.getSaveFileName(
            self, self.tr("Save the picture with its code"), name, "PNG (*.png)"
        )
        if chosen:
            path = Path(chosen).with_suffix(".png")
            self._explorer.save(self.here.code, path, self.here.label)

    @Slot(object)
    def _on_saved(self, path: Path) -> None:
        words = self.tr("{0} saved, with the code that finds it again")
        self.toast.show_message(words.format(path.name), icon="check-circle")

    @Slot(str)
    def _on_failed(self, words: str) -> None:
        self.message.show_message("err", words, closable=True)

    # ------------------------------------------------------------------------
    # Pins.

    @Slot()
    def _on_pins_changed(self) -> None:
        ids = [id(code) for code in self.here.pins]
        self._pin_images = {i: m for i, m in self._pin_images.items() if i in ids}
        self.panel.pins.set_pins([self._pin_images.get(i) for i in ids])
        self.grid.map.set_pins(self.here.pins_on_plane())
        self._show_place()
        self._ask_for_pins()

    def _ask_for_pins(self) -> None:
        self._explorer.show_pins(self.here.pins, self.here.label)

    @Slot(object, object)
    def _on_pin_pictures(self, codes: tuple[Code, ...], pictures: Rgb) -> None:
        ids = [id(code) for code in self.here.pins]
        if [id(code) for code in codes] == ids:
            images = [to_image(rgb) for rgb in pictures]
            self._pin_images = dict(zip(ids, images, strict=True))
            self.panel.pins.set_pins(images)

    # ------------------------------------------------------------------------
    # Qt overrides.

    def showEvent(self, event: QShowEvent) -> None:
        """Look for runs: others may have been made meanwhile."""
        super().showEvent(event)
        self._explorer.hurry()
        self._session.library.list_runs()
        self._follow()

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave the model alone while nobody looks."""
        super().hideEvent(event)
        self._follow()
