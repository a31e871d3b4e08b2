"""Tests for engines.cli: what is typed, what is told, what is left behind."""

import functools
import shlex
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engines.cli import main
from engines.commands import training
from engines.commands.interrupt import ctrl_c_stops
from engines.configs import settings_of
from engines.configs.pix2pix import PRESETS, Pix2PixConfig
from engines.runs.folder import RunFolder
from engines.samples.facades import write_facades
from engines.training.controls import Controls
from engines.training.jobs import DataChoice, NewRun, command_line
from engines.training.reports import RunOutcome, RunStatus

TINY = shlex.split(
    "--image-size 32 --steps 3 --batch-size 2 --generator-width 4 --critic-width 4 "
    "--device cpu --threads 1"
)
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def jobs(monkeypatch):
    """Collect what would be run, instead of running it."""
    asked = []

    def run(job, _controls):
        asked.append(job)
        yield RunOutcome(status=RunStatus.COMPLETED, step=0)

    monkeypatch.setattr("engines.training.runner.run", run)
    return asked


@pytest.fixture
def steps_of_half_a_second(monkeypatch):
    monkeypatch.setattr(
        "engines.training.speed.seconds_per_step", lambda _entry, _config: 0.5
    )
    monkeypatch.setattr(training, "MEASURING_S", 0.01)


@pytest.fixture
def trained(pair_folder, capsys):
    """A run of three steps, in "run"."""
    code = main(["train", "pix2pix", "--data", str(pair_folder), "--out", "run", *TINY])
    assert code == 0, capsys.readouterr().err
    capsys.readouterr()
    return Path("run")


# ----------------------------------------------------------------------------
# What is typed.


def another_value(setting):
    """A legal value that is not the default."""
    if setting.kind == "bool":
        return not setting.default
    if setting.kind == "choice":
        return next(v for v, _ in setting.choices if v != setting.default)
    return setting.high if setting.high != setting.default else setting.low


OTHERS = {s.name: another_value(s) for s in settings_of(Pix2PixConfig)}


@pytest.mark.parametrize(
    "values",
    [
        {},
        OTHERS,
        {"learning_rate": 1e-7, "held_out": 1 / 3, "crop": False, "patch": "16"},
    ],
    ids=["the paper's", "every other", "fractions"],
)
@pytest.mark.parametrize(
    "data",
    [
        DataChoice(folder=Path("/pictures/Bob's façades")),
        DataChoice(folder=Path("d"), sides=("in put", "out"), direction="BtoA"),
        DataChoice(folder=Path("d"), use="sharpen", left_out=("a/1", "it's 2")),
    ],
    ids=["plain", "chosen sides", "made pairs"],
)
def test_the_copied_command_asks_for_the_same_run(jobs, values, data):
    config = Pix2PixConfig(**values)
    python, program, *argv = shlex.split(command_line("pix2pix", config, data))
    assert (python, program) == ("python", "main.py")
    assert main(argv) == 0
    name = data.folder.name
    slug = {"Bob's façades": "bob-s-façades", "d": "d"}[name]
    assert jobs == [
        NewRun(
            engine="pix2pix",
            config=config,
            data=data,
            folder=Path(f"runs/{date.today()}-pix2pix-{slug}"),
            name=f"Pix2Pix on {name}",
        )
    ]


def test_a_preset_is_where_the_flags_start_from(jobs):
    argv = "train pix2pix --data d --preset quick --batch-size 3 --out o --name Ann"
    assert main([*argv.split(), "--threads", "2"]) == 0
    (job,) = jobs
    assert job.config == Pix2PixConfig(**{**PRESETS["quick"].values, "batch_size": 3})
    assert (job.folder, job.name, job.threads) == (Path("o"), "Ann", 2)


def test_minutes_become_steps(jobs, steps_of_half_a_second, capsys):
    assert main(["train", "pix2pix", "--data", "d", "--minutes", "2"]) == 0
    # Nine tenths of 120 s, at half a second a step.
    assert jobs[0].config == Pix2PixConfig(steps=216)
    assert "A step takes 0.500 s: 216 steps in 2 min." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ("train pix2pix", "--data requires an argument"),
        ("train pix3 --data d", 'Unknown command "pix3". Available commands: pix2pix'),
        ("train pix2pix --data d --colour red", "Unknown option: --colour."),
        (
            "train pix2pix --data d --batch-size 0 --dropout much",
            "Pictures per step (batch_size) must be a whole number from 1 to 256; it "
            "is 0. Usual: 1. Dropout (dropout) must be a number from 0 to 0.9; it is "
            "much. Usual: 0.5.",
        ),
        (
            "train pix2pix --data d --image-size 65",
            "Picture size (image_size) must be one of 32, 64, 128, 256, 512; it is 65.",
        ),
        ("train pix2pix --data d --adversary none --l1-weight 0", "above 0"),
        (
            "train pix2pix --data d --preset swift",
            "There is no preset 'swift'. Pix2Pix has: quick, normal, best.",
        ),
        ("train pix2pix --data d --steps 5 --minutes 1", "Give --steps or --minutes"),
        ("train pix2pix --data d --minutes 0", "--minutes must be above 0; it is 0."),
        ("train pix2pix --data d --sides A", "--sides must name two subfolders"),
        ("resume run --image-size 64", "Unknown option: --image-size."),
        ("translate run --out o", "Name at least one picture or folder"),
        ("translate run a.png", "--out requires an argument"),
        ("samples facades --out o --count 1", "--count must be 2 to 9999, got 1."),
    ],
)
def test_wrong_usage_is_told_in_a_sentence(argv, words, capsys, tmp_path):
    assert main(argv.split()) == 2
    told = capsys.readouterr()
    assert words in told.err
    assert told.out == ""
    assert list(tmp_path.iterdir()) == []


def test_help_lists_every_setting_with_its_range_and_default(capsys):
    assert main(["train", "pix2pix", "--help"]) == 0
    told = " ".join(capsys.readouterr().out.replace("│", " ").split())
    for setting in settings_of(Pix2PixConfig):
        assert f"--{setting.name.replace('_', '-')}" in told
    assert "--mirror --no-mirror" in told or "--mirror, --no-mirror" in told
    assert "[32, 64, 128, 256, 512; default 256]" in told
    assert "[0.2 to 600 s; default 2.0]" in told


def test_help_does_not_load_torch():
    program = (
        "import sys; from engines.cli import main\n"
        "for words in ['--help'], ['train', 'pix2pix', '--help'], ['runs']:\n"
        "    assert main(words) == 0\n"
        "assert 'torch' not in sys.modules, 'torch was loaded'\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=60)


# ----------------------------------------------------------------------------
# What is told and left behind.


def test_train_leaves_a_run_and_a_sheet(pair_folder, capsys):
    assert main(["train", "pix2pix", "--data", str(pair_folder), *TINY]) == 0
    folder = Path(f"runs/{date.today()}-pix2pix-pairs")
    info = RunFolder.open(folder).info
    assert (info.state, info.step, info.threads) == ("completed", 3, 1)
    assert info.name == "Pix2Pix on pairs"
    # One picture is held out; 32 pixels are enlarged six times.
    with Image.open(folder / "sheet.png") as sheet:
        assert sheet.size == (8 + 3 * (192 + 8), 28 + 192 + 8)
    told = capsys.readouterr()
    assert "Training on 9 pictures, 1 held out. CPU, 1 thread, fp32" in told.out
    assert "Finished after 3 steps." in told.out
    assert f"Before and after: {folder / 'sheet.png'}" in told.out
    assert told.err == ""


def test_a_run_that_fails_says_why_and_exits_with_1(capsys):
    assert main(["train", "pix2pix", "--data", "gone", "--out", "run", *TINY]) == 1
    assert capsys.readouterr().err == (
        "There is no folder 'gone'. Choose one that is there.\n"
    )
    assert not Path("run").exists()


def test_a_run_whose_minutes_are_over_is_ended_and_kept(
    pair_folder, monkeypatch, capsys
):
    monkeypatch.setattr("engines.training.speed.seconds_per_step", lambda *_: 1e-6)
    monkeypatch.setattr(training, "MEASURING_S", 0.01)
    tiny = [word for word in TINY if word not in ("--steps", "3")]
    argv = ["train", "pix2pix", "--data", str(pair_folder), "--out", "run", *tiny]
    assert main([*argv, "--minutes", "0.01"]) == 0
    info = RunFolder.open(Path("run")).info
    assert info.state == "stopped"
    assert info.steps == 540_000
    assert 1 <= info.step < 540_000
    told = capsys.readouterr().out
    assert told.count("The time is up.") == 1
    assert f"Stopped at step {info.step:,}. Step {info.step:,} is kept." in told


def test_resume_goes_on_to_more_steps(trained, capsys):
    assert main(["resume", str(trained), "--steps", "5", "--no-mirror"]) == 0
    info = RunFolder.open(trained).info
    assert (info.step, info.config["mirror"]) == (5, False)
    assert "Going on from step 3 on 9 pictures" in capsys.readouterr().out


def test_resume_of_a_complete_run_asks_for_more_steps(trained, capsys):
    assert main(["resume", str(trained)]) == 1
    assert "This run is complete at step 3." in capsys.readouterr().err


def test_resume_checks_what_is_typed(trained, capsys):
    assert main(["resume", str(trained), "--steps", "many"]) == 2
    assert "must be a whole number" in capsys.readouterr().err


def test_translate_goes_on_after_a_broken_file(trained, pair_folder, capsys):
    Image.new("RGB", (61, 47), "red").save("one.png")
    Path("two.png").write_bytes(b"not a picture")
    before = Path("one.png").read_bytes()
    folder = pair_folder / "A"
    argv = ["translate", str(trained), "one.png", "two.png", str(folder)]
    assert main([*argv, "--out", "out"]) == 1
    told = capsys.readouterr()
    assert told.err.startswith("two.png ")
    assert "11 of 12 pictures saved in out." in told.out
    with Image.open("out/one.png") as result:
        assert result.size == (61, 47)
    assert len(list(Path("out").iterdir())) == 11
    assert Path("one.png").read_bytes() == before

    assert main(["translate", str(trained), "one.png", "--out", "."]) == 0
    assert Path("one.png").read_bytes() == before
    assert Path("one-2.png").read_bytes() == Path("out/one.png").read_bytes()


def test_translate_names_a_step_that_is_not_kept(trained, capsys):
    Image.new("RGB", (40, 40)).save("one.png")
    argv = ["translate", str(trained), "one.png", "--out", "out", "--step", "2"]
    assert main(argv) == 1
    assert "2" in capsys.readouterr().err
    assert not Path("out").exists()


def test_inspect_finds_what_only_decoding_finds(pair_folder, capsys):
    broken = pair_folder / "B" / "3.png"
    broken.write_bytes(broken.read_bytes()[:200])  # the header is whole
    (pair_folder / "A" / "7.png").unlink()
    assert main(["inspect", str(pair_folder)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("9 pairs found by name in A and B")
    assert any("7.png" in line for line in told[1:-1])
    assert f"  {Path('B/3.png')} is cut off." in told
    assert told[1].startswith("It can be used as: pairs, styles, single, colourise")
    assert any(line.startswith("  Only 7 pairs") for line in told)
    assert told[-1] == "3 problems."


def test_inspect_of_a_good_folder(pair_folder, capsys):
    assert main(["inspect", str(pair_folder), "--sides", "B,A"]) == 0
    told = capsys.readouterr().out
    assert "in B and A" in told
    assert told.endswith("A few hundred are better.\n1 problem.\n")


def test_inspect_of_what_holds_no_pairs(tmp_path, capsys):
    assert main(["inspect", str(tmp_path)]) == 1
    assert "is empty" in capsys.readouterr().err


def test_runs_are_listed(trained, capsys):
    assert main(["runs", "."]) == 0
    told = capsys.readouterr().out
    assert told.startswith("run  Pix2Pix on pairs  completed, step 3 of 3  best SSIM ")
    assert main(["runs"]) == 0
    assert capsys.readouterr().out == "There are no runs in 'runs'.\n"


def test_samples_are_written(capsys):
    argv = ["samples", "facades", "--out", "set", "--count", "3", "--size", "32"]
    assert main(argv) == 0
    assert len(list(Path("set/photos").iterdir())) == 3
    assert "3 pairs of 32 x 32 pixels are in set." in capsys.readouterr().out


def test_the_demo_draws_trains_and_shows(monkeypatch, steps_of_half_a_second, capsys):
    few = functools.partial(write_facades, count=12)
    monkeypatch.setattr(training, "write_facades", few)
    assert main(["demo", "--out", "here", "--minutes", "0.02"]) == 0
    (run,) = Path("here").glob("*-pix2pix-facades")
    assert RunFolder.open(run).info.steps == 2  # nine tenths of 1.2 s
    assert f"Before and after: {run / 'sheet.png'}" in capsys.readouterr().out
    with Image.open(run / "sheet.png") as sheet:
        colours = np.asarray(sheet).reshape(-1, 3)
    assert len(np.unique(colours, axis=0)) > 100


@pytest.mark.skipif(
    sys.platform == "win32", reason="Ctrl-C cannot be sent to one there"
)
def test_ctrl_c_ends_after_the_step_and_keeps_it(pair_folder, tmp_path):
    tiny = ["100000" if word == "3" else word for word in TINY]
    argv = ["train", "pix2pix", "--data", str(pair_folder), "--out", "run", *tiny]
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
    program += f"from engines.cli import main; sys.exit(main({argv!r}))"
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    with process:
        assert process.stdout is not None
        told = ""
        while "step " not in told:  # the first losses
            told = process.stdout.readline()
            assert told, process.stderr.read()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    info = RunFolder.open(tmp_path / "run").info
    assert info.state == "stopped"
    assert f"Stopped at step {info.step:,}. Step {info.step:,} is kept." in out
    assert "Stopping after this step. Ctrl-C again leaves at once." in err
    assert (tmp_path / "run" / "sheet.png").exists()


def test_a_second_ctrl_c_is_left_to_the_system():
    controls = Controls()
    before = signal.getsignal(signal.SIGINT)
    with ctrl_c_stops(controls.stop, "this step") as pressed:
        assert not pressed.is_set()
        signal.raise_signal(signal.SIGINT)
        assert pressed.is_set()
        assert controls.should_stop()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_DFL
    assert signal.getsignal(signal.SIGINT) is before


def test_a_reader_that_has_read_enough_is_not_an_error_to_talk_about():
    # -E: whatever the environment says, what is printed waits to be flushed.
    command = [sys.executable, "-E", ROOT / "main.py", "runs", "nowhere"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()  # as `| true` does
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(60) == 1


def test_memory_that_runs_out_names_the_command_that_goes_on(
    trained, monkeypatch, capsys
):
    def train_step(_engine, _batch):
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr("engines.pix2pix.Pix2Pix.train_step", train_step)
        assert main(["resume", str(trained), "--steps", "5"]) == 1
    told = capsys.readouterr().err
    assert "There is not enough memory for 2 pictures per step." in told
    assert "Step 3 is kept." in told
    words = "Go on with: python main.py "
    command = next(line for line in told.splitlines() if line.startswith(words))
    assert main(shlex.split(command.removeprefix(words))) == 0
    assert RunFolder.open(trained).info.config["batch_size"] == 1
    assert RunFolder.open(trained).info.step == 5


def test_inspect_says_what_training_takes(pair_folder, capsys):
    config = [word for word in TINY if word not in ("--threads", "1")]
    argv = ["inspect", str(pair_folder), "--engine", "pix2pix", *config]
    assert main(argv) == 0
    table = capsys.readouterr().out.split("Training Pix2Pix on this computer:\n")[1]
    rows = dict(line.strip().split("  ", 1) for line in table.splitlines())
    assert rows["computes on"].strip().startswith("CPU, ")
    assert rows["time a step"].endswith(" s")
    assert rows["steps"].strip() == "3"
    assert " GB of " in rows["memory"]
    assert rows["pictures per step"].strip() == "2; at most 256 fit"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--preset quick", "Settings are an engine's: name one with --engine."),
        ("--engine pix2pix --preset swift", "There is no preset 'swift'."),
        ("--engine pix2pix --latent-dim 3", "There is no setting 'latent_dim'."),
        ("--engine vae --batch-size 0", "Pictures per step (batch_size) must be"),
    ],
)
def test_inspect_checks_settings_before_it_looks(pair_folder, capsys, words, told):
    assert main(["inspect", str(pair_folder), *words.split()]) == 2
    output = capsys.readouterr()
    assert told in output.err
    assert output.out == ""
