import math

import pytest

from engines.configs.pix2pix import Pix2PixConfig
from engines.training.health import Verdict, guessing_loss, verdict

LN2 = math.log(2)


def judge(step: int = 500, steps: int = 1000, **curves: list[float]) -> Verdict:
    return verdict(curves, step=step, steps=steps)


def contest(painter: float, critic: float) -> Verdict:
    return judge(generator=[painter] * 30, discriminator=[critic] * 30)


def test_says_nothing_before_there_are_enough_values():
    early = judge(generator=[5.0] * 11, discriminator=[0.01] * 11)
    assert early.level == "info"
    assert early.words == "The first values are coming in."
    assert judge(generator=[5.0] * 12, discriminator=[0.01] * 12).level == "warn"


@pytest.mark.parametrize(
    ("painter", "critic", "level", "words"),
    [
        (0.41, 0.63, "ok", "painter is ahead of the critic. Normal at this stage."),
        (0.9, 0.6, "ok", "balanced"),
        (2.5, 0.3, "ok", "critic is ahead of the painter. Normal"),
        (6.0, 0.05, "warn", "critic is far ahead"),
        (0.7, 1.0, "warn", "wrong more often than by guessing"),
    ],
)
def test_judges_the_contest_by_where_both_losses_stand(painter, critic, level, words):
    found = contest(painter, critic)
    assert found.level == level
    assert words in found.words
    assert f"{critic:.2f}" in found.why
    assert "0.69 would be guessing" in found.why


def test_one_glimpse_of_a_fooled_critic_is_no_alarm():
    critic = [0.05] * 29 + [0.2]
    found = judge(generator=[3.0] * 30, discriminator=critic)
    assert found.level == "ok"


def test_least_squares_has_its_own_loss_of_guessing():
    assert guessing_loss(Pix2PixConfig()) == pytest.approx(LN2)
    config = Pix2PixConfig(gan_loss="least_squares")
    assert guessing_loss(config) == 0.25
    curves = {"generator": [0.3] * 30, "discriminator": [0.2] * 30}
    found = verdict(curves, step=1, steps=2, guessing=0.25)
    assert found.words == "Painter and critic are balanced."


def test_says_when_both_fall():
    falling = [2.0] * 10 + [1.5] * 10 + [1.0] * 10
    found = judge(generator=falling, discriminator=[v / 2 for v in falling])
    assert found.level == "ok"
    assert "both getting better" in found.words


def test_a_rising_distance_comes_before_everything_else():
    rising = [0.20] * 10 + [0.22] * 10 + [0.25] * 10  # a quarter more
    found = judge(generator=[6.0] * 30, discriminator=[0.05] * 30, l1=rising)
    assert found.level == "warn"
    assert found.words == "The pictures are moving away from the target."
    assert "rose by 25%" in found.why
    steady = [0.20] * 20 + [0.22] * 10  # a tenth more is noise
    assert "far ahead" in (
        judge(generator=[6.0] * 30, discriminator=[0.05] * 30, l1=steady).words
    )


def test_without_a_critic_the_distance_is_what_counts():
    falling = judge(l1=[0.30] * 10 + [0.27] * 10 + [0.24] * 10)
    assert falling.level == "ok"
    assert "is falling" in falling.words
    assert "20% less" in falling.why
    flat = judge(step=750, l1=[0.2] * 30)
    assert flat.level == "info"
    assert "hardly changes" in flat.words
    assert "25% of the run left" in flat.why


def test_unknown_curves_are_not_judged():
    assert judge(elbo=[-100.0] * 30).level == "info"
