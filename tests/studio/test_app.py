"""The start of the program, mostly in processes of its own."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

ROOT = Path(__file__).parents[2]


def python(code, *arguments, **environment):
    return subprocess.run(
        [sys.executable, *(["-c", textwrap.dedent(code)] if code else []), *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_first_window_is_painted_before_torch_is_loaded(tmp_path):
    code = """
        import sys, time
        from pathlib import Path
        began = time.perf_counter()
        from PySide6.QtWidgets import QApplication
        from studio.app import build
        from studio.settings import SettingsFile
        qt = QApplication([])
        studio = build(qt, SettingsFile(Path(sys.argv[1])), Path("studio.log"))
        def painted():
            print("seconds", time.perf_counter() - began)
            print("torch", "torch" in sys.modules)
            qt.quit()
        studio.window.first_painted.connect(painted)
        studio.window.show()
        qt.exec()
        print("ended", studio.close())
    """
    done = python(code, str(tmp_path), QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 0, done.stderr
    said = dict(line.split() for line in done.stdout.splitlines())
    assert said["torch"] == "False"
    assert said["ended"] == "True"
    assert float(said["seconds"]) < 10  # under 1 s on an idle machine; this one is not


def test_the_window_comes_back_where_it_was(tmp_path):
    code = """
        import sys
        from pathlib import Path
        from PySide6.QtWidgets import QApplication
        from studio.app import build
        from studio.settings import SettingsFile
        qt = QApplication([])
        folder = Path(sys.argv[1])
        first = build(qt, SettingsFile(folder), folder / "log")
        first.window.resize(1024, 700)
        assert first.close()
        second = build(qt, SettingsFile(folder), folder / "log")
        print(second.window.height())
        assert second.close()
    """
    done = python(code, str(tmp_path), QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "700\n"  # it is 800 where nothing is remembered


def test_ctrl_c_closes_the_window_and_leaves_a_log(tmp_path):
    code = """
        import os, signal, sys
        from studio import app
        class Impatient(app.MainWindow):
            def __init__(self, *arguments):
                super().__init__(*arguments)
                ctrl_c = lambda: os.kill(os.getpid(), signal.SIGINT)
                self.first_painted.connect(ctrl_c)
        app.MainWindow = Impatient
        sys.exit(app.run(["studio"]))
    """
    homes = {f"XDG_{kind}_HOME": str(tmp_path) for kind in ("CONFIG", "STATE", "DATA")}
    done = python(code, QT_QPA_PLATFORM="offscreen", HOME=str(tmp_path), **homes)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.rglob("studio.log"))
    assert list(tmp_path.rglob("settings.json"))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X11 and Wayland")
def test_without_a_display_it_says_so_and_ends():
    nothing = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": "xcb"}
    done = python("", "main.py", **nothing)
    assert done.returncode == 2
    assert done.stderr == (
        "There is no display here. Train without a window: python main.py demo\n"
    )


def test_without_a_library_of_the_system_it_names_the_packages():
    code = """
        import sys
        class Broken:
            def find_spec(self, name, path=None, target=None):
                if name == "studio.app":
                    raise ImportError("libEGL.so.1: cannot open shared object file")
        sys.meta_path.insert(0, Broken())
        sys.argv = ["main.py"]
        import main
        main.main()
    """
    done = python(code, QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 2
    assert "libEGL.so.1" in done.stderr
    assert "sudo apt-get install libegl1" in done.stderr
    assert done.stderr.count("\n") == 1


def test_no_reference_to_none_is_lost(qtbot):
    label = QLabel()
    qtbot.addWidget(label)
    before = sys.getrefcount(None)
    for number in range(1000):
        label.setText(str(number))
    assert sys.getrefcount(None) > before - 100
