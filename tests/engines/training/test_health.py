import math

import pytest

from engines.catalogue import ENGINES
from engines.training.health import verdict

LN2 = math.log(2)


def judge(engine, losses, measures=None, *, step=500, steps=1000, **settings):
    """The verdict on a run of *engine* with its default settings and these."""
    entry = ENGINES[engine]
    config = entry.config.checked(settings)
    return verdict(
        losses,
        measures or {},
        curves=entry.curves(config),
        measured=entry.measures(config),
        step=step,
        steps=steps,
    )


def contest(painter, critic, engine="pix2pix", **settings):
    losses = {"generator": [painter] * 30, "discriminator": [critic] * 30}
    return judge(engine, losses, **settings)


def of_vae(elbo, kl=20.0, measures=None, **values):
    elbo = [elbo] * 30 if isinstance(elbo, float) else elbo
    losses = {"elbo": elbo, "reconstruction": [v - kl for v in elbo], "kl": [kl] * 30}
    return judge("vae", losses, measures, **values)


def thirds(first, second, third):
    return [first] * 10 + [second] * 10 + [third] * 10


def noisy(values, swing):
    """The same means, with every other value above and below."""
    return [v + (swing if i % 2 else -swing) for i, v in enumerate(values)]


def test_says_nothing_before_there_are_enough_values():
    far_ahead = {"generator": [5.0] * 11, "discriminator": [0.01] * 11}
    early = judge("pix2pix", far_ahead)
    assert early.level == "info"
    assert early.words == "The first values are coming in."
    one_more = {name: [*values, values[0]] for name, values in far_ahead.items()}
    assert judge("pix2pix", one_more).level == "warn"


def test_unknown_curves_are_not_judged():
    found = judge("pix2pix", {"something": [-100.0] * 30})
    assert found.level == "info"
    assert "no rule of thumb" in found.why


# ----------------------------------------------------------------------------
# A painter against a critic.


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
@pytest.mark.parametrize("engine", ["pix2pix", "dcgan"])
def test_judges_the_contest_by_where_both_losses_stand(
    engine, painter, critic, level, words
):
    found = contest(painter, critic, engine)
    assert found.level == level
    assert words in found.words
    assert f"{critic:.2f}" in found.why
    assert "0.69 would be guessing" in found.why


def test_one_glimpse_of_a_fooled_critic_is_no_alarm():
    losses = {"generator": [3.0] * 30, "discriminator": [0.05] * 29 + [0.2]}
    assert judge("pix2pix", losses).level == "ok"


@pytest.mark.parametrize("engine", ["pix2pix", "cyclegan", "dcgan"])
def test_least_squares_is_compared_with_its_own_loss_of_guessing(engine):
    found = contest(0.3, 0.2, engine, gan_loss="least_squares")
    assert found.words == "Painter and critic are balanced."
    assert "0.25 would be guessing" in found.why


@pytest.mark.parametrize(
    ("painter", "critic", "words"),
    [
        # E[log(1 - D)] where D of painted pictures is 0.7, then 0.45, then 0.1.
        (math.log(0.3), 0.66, "painter is ahead"),
        (math.log(0.55), 0.6, "balanced"),
        (math.log(0.9), 0.3, "critic is ahead"),
    ],
)
def test_the_minimax_painter_is_paid_below_zero(painter, critic, words):
    found = contest(painter, critic, "dcgan", gan_loss="minimax")
    assert found.level == "ok"
    assert words in found.words


def test_says_when_both_fall():
    falling = thirds(2.0, 1.5, 1.0)
    losses = {"generator": falling, "discriminator": [v / 2 for v in falling]}
    found = judge("pix2pix", losses)
    assert found.level == "ok"
    assert "both getting better" in found.words


# ----------------------------------------------------------------------------
# Targets and round trips.


def test_a_rising_distance_comes_before_everything_else():
    rising = thirds(0.20, 0.22, 0.25)  # a quarter more
    losses = {"generator": [6.0] * 30, "discriminator": [0.05] * 30, "l1": rising}
    found = judge("pix2pix", losses)
    assert found.level == "warn"
    assert found.words == "The pictures are moving away from the target."
    assert "rose by 25%" in found.why
    steady = losses | {"l1": thirds(0.20, 0.20, 0.22)}  # a tenth more is noise
    assert "far ahead" in judge("pix2pix", steady).words


def test_a_rise_that_may_be_chance_is_none():
    rising = noisy(thirds(0.20, 0.22, 0.25), swing=0.15)
    found = judge("pix2pix", {"l1": rising}, adversary="none")
    assert found.level == "info"
    assert "hardly changes" in found.words


def test_without_a_critic_the_distance_is_what_counts():
    falling = judge("pix2pix", {"l1": thirds(0.30, 0.27, 0.24)}, adversary="none")
    assert falling.level == "ok"
    assert "is falling" in falling.words
    assert "20% less" in falling.why
    flat = judge("pix2pix", {"l1": [0.2] * 30}, step=750, adversary="none")
    assert flat.level == "info"
    assert "hardly changes" in flat.words
    assert "25% of the run left" in flat.why


@pytest.mark.parametrize("style", ["a", "b"])
def test_a_round_trip_that_gets_longer_is_a_warning(style):
    losses = {
        "generator": [0.3] * 30,
        "discriminator": [0.2] * 30,
        "cycle_a": [0.1] * 30,
        "cycle_b": [0.1] * 30,
    }
    assert judge("cyclegan", losses).words == "Painter and critic are balanced."
    losses[f"cycle_{style}"] = thirds(0.1, 0.12, 0.15)
    found = judge("cyclegan", losses)
    assert found.level == "warn"
    assert "way back less well" in found.words
    assert "rose by 50% lately, to 0.15" in found.why


# ----------------------------------------------------------------------------
# A critic that measures a distance.


@pytest.mark.parametrize(
    ("distance", "step", "level", "words"),
    [
        (thirds(8.0, 7.0, 6.0), 500, "ok", "getting closer to real ones"),
        (noisy(thirds(8.0, 7.0, 6.0), 4.0), 500, "ok", "keep pace"),
        (thirds(6.0, 6.0, 6.3), 500, "ok", "keep pace"),
        (thirds(2.0, 3.0, 5.0), 50, "ok", "still learning to measure"),
        (thirds(6.0, 7.0, 8.0), 500, "info", "has grown lately"),
        (thirds(6.0, 12.0, 24.0), 500, "warn", "running away"),
        ([-0.5] * 30, 500, "warn", "takes painted pictures for the real"),
    ],
)
def test_the_estimate_is_judged_by_where_it_goes(distance, step, level, words):
    losses = {"wasserstein": distance, "penalty": [0.3] * 30}
    found = judge("wgan", losses, step=step)
    assert found.level == level
    assert words in found.words


def test_a_slope_that_is_not_held_makes_the_distance_worthless():
    losses = {"wasserstein": [2.0] * 30, "penalty": [3.0] * 30}
    found = judge("wgan", losses)
    assert found.level == "warn"
    assert "slope is not held" in found.words
    assert "3" in found.why
    assert judge("wgan", losses, step=50).level == "ok"  # normal at the beginning
    clipped = {"wasserstein": [2.0] * 30}
    assert judge("wgan", clipped, constraint="clipping").words.endswith("keep pace.")


# ----------------------------------------------------------------------------
# Copies and descriptions.


def test_a_total_that_falls_is_well_also_below_zero():
    for falling in (thirds(240.0, 230.0, 220.0), thirds(-900.0, -950.0, -980.0)):
        found = of_vae(falling)
        assert found.level == "ok"
        assert "are getting better" in found.words
    assert "costs -980 nats" in found.why


def test_a_total_that_is_flat_says_what_could_help():
    found = of_vae(noisy([220.0] * 30, 15.0))
    assert found.level == "info"
    assert "hardly changes" in found.words


def test_what_is_too_slow_for_recent_losses_is_seen_in_the_measures():
    falling = {"elbo": [240.0, 232.0, 228.0, 227.0, 226.0]}
    assert of_vae(220.0, measures=falling).level == "ok"
    flat = {"elbo": [226.0, 226.1, 226.2, 226.3, 226.4]}
    assert of_vae(220.0, measures=flat).level == "info"


def test_a_description_of_nothing_is_a_collapse():
    found = of_vae(300.0, kl=0.02)
    assert found.level == "warn"
    assert "Nothing is kept" in found.words
    assert "posterior collapse" in found.why
    assert of_vae(300.0, kl=0.02, step=20).level == "info"  # before it has begun
    assert of_vae(300.0, kl=2.0).level == "info"


@pytest.mark.parametrize(
    ("active", "latent_dim", "few"),
    [(2, 20, True), (3, 20, False), (1, 2, True), (2, 2, False), (1, 1, False)],
)
def test_says_when_few_dimensions_are_in_use(active, latent_dim, few):
    measures = {"active": [float(active)]}
    found = of_vae(220.0, measures=measures, latent_dim=latent_dim)
    assert ("Few dimensions" in found.words) is few
    if few:
        assert f"{active} of {latent_dim}" in found.why


# ----------------------------------------------------------------------------
# What the measures say.

BALANCED = {"generator": [0.9] * 30, "discriminator": [0.6] * 30}


@pytest.mark.parametrize(
    ("variety", "step", "alike"),
    [
        ([0.5, 0.05, 0.04, 0.04], 500, True),
        ([0.05, 0.04, 0.04], 50, False),  # pictures are not pictures yet
        ([0.05, 0.04], 500, False),
        ([0.02, 0.05, 0.1], 500, False),  # it is growing
        ([0.04, 0.04, 0.5], 500, False),
    ],
)
def test_pictures_that_are_all_alike_are_a_collapse(variety, step, alike):
    found = judge("dcgan", BALANCED, {"diversity": variety}, step=step)
    assert (found.level == "warn") is alike
    assert ("all look alike" in found.words) is alike
    if alike:
        assert "variety is 0.04" in found.why


def test_copies_of_what_was_learnt_are_told():
    found = judge("dcgan", BALANCED, {"nearest": [0.9, 0.2, 0.1, 0.1]})
    assert found.level == "warn"
    assert "copies of those it learnt from" in found.words
    assert judge("dcgan", BALANCED, {"nearest": [0.9, 0.9, 0.2, 0.1]}).level == "ok"


@pytest.mark.parametrize(
    ("engine", "name", "values", "past"),
    [
        ("vae", "elbo", [300, 260, 240, 230, 240, 255, 260, 262], True),
        ("vae", "elbo", [300, 260, 240, 230, 232, 231, 233, 232], False),
        ("vae", "elbo", [300, 260, 240, 230, 260, 262], False),  # too few
        ("pix2pix", "ssim", [0.2, 0.5, 0.6, 0.6, 0.55, 0.45, 0.44, 0.4], True),
        ("pix2pix", "ssim", [0.2, 0.3, 0.4, 0.5, 0.55, 0.56, 0.57, 0.58], False),
        ("dcgan", "swd", [90, 60, 40, 30, 35, 60, 70, 80], True),
        ("dcgan", "swd", [30, 35, 30, 33, 35, 36, 34, 31], False),  # nothing gained
    ],
)
def test_tells_when_the_best_is_over(engine, name, values, past):
    losses = {"elbo": [220.0] * 30, "reconstruction": [200.0] * 30, "kl": [20.0] * 30}
    found = judge(engine, BALANCED | losses, {name: values})
    assert ("better a while ago" in found.words) is past
