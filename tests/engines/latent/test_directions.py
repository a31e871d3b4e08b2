"""Tests for engines.latent.directions: against numpy, by hand, and planted ones."""

import numpy as np
import pytest
import torch

from engines.errors import LatentError
from engines.latent.directions import (
    coordinates,
    difference,
    generator_principal,
    principal,
    random_orthogonal,
)
from engines.latent.pictures import load_pictures
from engines.latent.sensitivity import sensitivity


def gaussian(count, deviations, seed=0, turned=True):
    """Codes that vary so much along axes of their own, (N, L), and these (L, L)."""
    rng = np.random.default_rng(seed)
    size = len(deviations)
    axes = (
        np.linalg.qr(rng.standard_normal((size, size)))[0] if turned else np.eye(size)
    )
    codes = rng.standard_normal((count, size)) * deviations @ axes.T + 5
    return codes.astype(np.float32), axes


def stacked(directions):
    return np.stack([direction.vector for direction in directions])


# ----------------------------------------------------------------------------
# Principal components.


def test_they_are_numpys_singular_vectors_up_to_their_signs():
    codes, _ = gaussian(200, [5, 3, 2, 1, 0.5])
    found = principal(codes)
    centred = codes.astype(float) - codes.mean(axis=0, dtype=float)
    _, spread, expected = np.linalg.svd(centred, full_matrices=False)
    alike = np.abs(np.sum(stacked(found) * expected, axis=1))
    np.testing.assert_allclose(alike, 1, atol=1e-6)
    shares = spread**2 / np.sum(spread**2)
    np.testing.assert_allclose([d.share for d in found], shares, rtol=1e-6)


def test_they_are_the_eigenvectors_of_the_covariance():
    codes, _ = gaussian(300, [4, 2, 1])
    values, vectors = np.linalg.eigh(np.cov(codes.T.astype(float)))
    found = stacked(principal(codes))
    np.testing.assert_allclose(np.abs(found @ vectors[:, ::-1]), np.eye(3), atol=1e-5)
    assert principal(codes)[0].share == pytest.approx(values[-1] / values.sum())


def test_the_axes_that_codes_were_drawn_along_are_found():
    codes, axes = gaussian(4000, [5, 3, 1])
    alike = np.abs(stacked(principal(codes)) @ axes)
    assert np.diag(alike).min() > 0.99


def test_a_direction_points_to_where_its_largest_number_is_positive():
    for direction in principal(gaussian(100, [3, 2, 1])[0]):
        assert direction.vector[np.abs(direction.vector).argmax()] > 0
        assert np.linalg.norm(direction.vector) == pytest.approx(1, abs=1e-6)


def test_there_are_no_directions_without_variance():
    flat = np.zeros((50, 4), np.float32)
    flat[:, 2] = np.arange(50)
    (only,) = principal(flat)
    np.testing.assert_allclose(only.vector, [0, 0, 1, 0], atol=1e-6)
    assert only.share == pytest.approx(1)
    assert len(principal(gaussian(3, [1, 1, 1, 1, 1])[0])) == 2
    assert len(principal(gaussian(50, [1, 1, 1, 1, 1])[0], count=2)) == 2


@pytest.mark.parametrize("count", [0, 1, 3])
def test_codes_that_do_not_vary_have_none(count):
    with pytest.raises(LatentError, match="Two different pictures"):
        principal(np.ones((count, 4), np.float32))


def test_the_range_is_where_98_of_100_codes_are():
    codes = np.zeros((1001, 2), np.float32)
    codes[:, 1] = np.linspace(-2, 8, 1001)
    (direction,) = principal(codes)
    assert (direction.low, direction.high) == pytest.approx((-1.9, 7.9), abs=1e-4)


def test_a_code_can_be_moved_along_a_direction_to_a_place():
    direction = principal(gaussian(100, [3, 2, 1])[0])[0]
    codes = gaussian(5, [1, 1, 1], seed=1)[0]
    moved = direction.moved(codes, 2.5)
    assert moved.dtype == np.float32
    np.testing.assert_allclose(direction.places_of(moved), 2.5, atol=1e-5)
    rest = (moved - codes) - np.outer(
        (moved - codes) @ direction.vector, direction.vector
    )
    np.testing.assert_allclose(rest, 0, atol=1e-5)
    np.testing.assert_allclose(direction.moved(codes[0], 2.5), moved[0], atol=1e-6)


# ----------------------------------------------------------------------------
# Of a generator.


def painter(scales, seed=0):
    """A (784, L) with columns at right angles as long as *scales*, turned in L."""
    rng = np.random.default_rng(seed)
    size = len(scales)
    columns = np.linalg.qr(rng.standard_normal((784, size)))[0] * scales
    turn = np.linalg.qr(rng.standard_normal((size, size)))[0]
    return columns @ turn.T, turn  # A, and its right singular vectors in columns


def test_those_of_a_linear_generator_are_its_singular_vectors(painted):
    matrix, turn = painter([8, 4, 2, 1])
    found = generator_principal(painted(matrix))
    np.testing.assert_allclose(np.abs(stacked(found) @ turn), np.eye(4), atol=1e-3)
    shares = np.array([64, 16, 4, 1]) / 85
    np.testing.assert_allclose([d.share for d in found], shares, atol=1e-4)
    assert (found[0].low, found[0].high) == pytest.approx((-2.33, 2.33), abs=0.25)


def test_those_of_a_run_are_the_singular_vectors_of_its_first_layer(gan):
    linear, _, norm, _ = gan.engine.in_use("generator").start
    gain = norm.weight / (norm.running_var + norm.eps).sqrt()  # of each map of 7 × 7
    layer = linear.weight[:, : gan.latent_dim] * gain.repeat_interleave(49)[:, None]
    _, spread, expected = np.linalg.svd(layer.detach().numpy(), full_matrices=False)
    found = generator_principal(gan, seed=1)
    alike = np.abs(np.sum(stacked(found) * expected, axis=1))
    np.testing.assert_allclose(alike, 1, atol=1e-3)
    shares = spread**2 / np.sum(spread**2)
    np.testing.assert_allclose([d.share for d in found], shares, atol=1e-4)
    assert np.abs([(d.low, d.high) for d in found]).max() < 6**0.5  # of the cube


def test_a_few_can_be_asked_for_and_nothing_stays_behind(gan):
    assert len(generator_principal(gan, count=2)) == 2
    network = gan.engine.in_use("generator")
    assert not any(layer._forward_pre_hooks for layer in network.modules())


# ----------------------------------------------------------------------------
# Coordinates.


def test_coordinates_of_a_vae_are_ordered_by_their_kl(vae, vae_run):
    held_out = load_pictures(vae_run, "held_out").pictures
    found = coordinates(vae, held_out)
    axes = [int(direction.vector.argmax()) for direction in found]
    assert sorted(axes) == list(range(8))
    assert [d.name for d in found] == [f"Number {axis + 1}" for axis in axes]
    # Of all of them together the engine says the same KL.
    assert sum(d.share for d in found) == pytest.approx(1)
    means, deviations = vae.encode(held_out)
    kl = (means**2 + deviations**2 - 1 - 2 * np.log(deviations)).mean(axis=0) / 2
    assert kl.sum() == pytest.approx(vae.evaluate(held_out)["kl"].mean(), rel=1e-4)
    expected = kl[axes] / kl.sum()
    np.testing.assert_allclose([d.share for d in found], expected, rtol=1e-4)
    assert (np.diff([d.share for d in found if not d.dead]) <= 0).all()


def test_dead_coordinates_are_those_that_the_run_does_not_count(vae, vae_run):
    pictures = load_pictures(vae_run, "held_out").pictures
    means, _ = vae.encode(pictures)
    weight = vae.engine.weights()["vae.encoder.3.weight"].clone()
    for axis, variance in ((2, 0.0098), (5, 0.0103)):
        weight[axis] *= (variance / means[:, axis].var(ddof=1)) ** 0.5
    vae.refresh(vae.engine.weights() | {"vae.encoder.3.weight": weight}, step=401)
    found = coordinates(vae, pictures)
    dead = [int(d.vector.argmax()) for d in found if d.dead]
    means, _ = vae.encode(pictures)
    expected = np.flatnonzero(means.var(axis=0, ddof=1) <= 0.01)
    assert sorted(dead) == expected.tolist()
    assert 2 in dead
    assert 5 not in dead
    assert [d.dead for d in found] == sorted(d.dead for d in found)  # at the end


def test_coordinates_of_a_generator_are_ordered_by_what_they_change(painted):
    scales = np.array([1.0, 6.0, 0.0, 3.0])
    rng = np.random.default_rng(0)
    columns = np.linalg.qr(rng.standard_normal((784, 4)))[0] * scales
    found = coordinates(painted(columns))
    assert [int(d.vector.argmax()) for d in found] == [1, 3, 0, 2]
    shares = [d.share for d in found]
    np.testing.assert_allclose(shares, np.array([36, 9, 1, 0]) / 46, atol=0.08)
    assert [d.dead for d in found] == [False, False, False, True]
    assert (found[0].low, found[0].high) == pytest.approx((-2.33, 2.33), abs=0.25)


def test_the_strength_of_a_number_is_how_far_pictures_go_with_it(vae, gan):
    for space, labels in ((vae, None), (gan, torch.arange(128) % 10)):
        codes = space.draw(128, seed=5)
        found = sensitivity(space, codes)
        z, step = torch.from_numpy(codes), 0.02
        for axis, strength in enumerate(found):
            ahead = torch.eye(space.latent_dim)[axis] * step
            there, back = (space.engine.decode(z + s * ahead, labels) for s in (1, -1))
            slopes = (there - back).flatten(1) / (2 * step)
            expected = slopes.square().sum(dim=1).mean() * z[:, axis].var()
            assert strength == pytest.approx(expected.item(), rel=0.5)


# ----------------------------------------------------------------------------
# Differences and random ones.


def test_a_planted_difference_is_found():
    rng = np.random.default_rng(0)
    planted = rng.standard_normal(32)
    planted /= np.linalg.norm(planted)
    codes = rng.standard_normal((400, 32)).astype(np.float32)
    has = rng.random(400) < 0.5
    codes[has] += (2 * planted).astype(np.float32)
    found = difference(codes[has], codes[~has], "Glasses")
    assert found.vector @ planted >= 0.95
    assert (found.name, found.kind) == ("Glasses", "difference")


def test_a_difference_of_pictures_leads_from_one_group_to_the_other(
    vae, digit_pictures
):
    pictures, digits = digit_pictures
    codes, _ = vae.encode(pictures)
    found = difference(codes[digits == 1], codes[digits == 0])
    between = np.mean([codes[digits == d].mean(axis=0) for d in (0, 1)], axis=0)
    places = found.places_of(codes - between)
    right = np.mean(
        [(places[digits == 1] > 0).mean(), (places[digits == 0] < 0).mean()]
    )
    assert right > 0.9


def test_groups_without_a_difference_are_refused():
    codes = gaussian(10, [1, 1])[0]
    with pytest.raises(LatentError, match="Both groups are the same"):
        difference(codes, codes)
    with pytest.raises(LatentError, match="at least one picture"):
        difference(codes, codes[:0])


def test_random_directions_are_at_right_angles_and_repeat():
    found = random_orthogonal(5, 20, seed=1)
    vectors = stacked(found)
    np.testing.assert_allclose(vectors @ vectors.T, np.eye(5), atol=1e-6)
    np.testing.assert_array_equal(stacked(random_orthogonal(5, 20, seed=1)), vectors)
    assert (stacked(random_orthogonal(5, 20, seed=2)) != vectors).any()
    assert [d.share for d in found] == [1 / 20] * 5
    assert (found[0].low, found[0].high) == pytest.approx((-2.326, 2.326))


def test_every_way_is_as_likely_for_a_random_direction():
    vectors = np.stack(
        [random_orthogonal(3, 3, seed)[n].vector for seed in range(400) for n in (0, 2)]
    )
    np.testing.assert_allclose(vectors.mean(axis=0), 0, atol=0.07)
    np.testing.assert_allclose(vectors.T @ vectors / 800, np.eye(3) / 3, atol=0.05)


def test_their_ranges_can_be_those_of_codes():
    codes, _ = gaussian(4000, [3, 3, 3])
    for direction in random_orthogonal(3, 3, 0, codes):
        middle = 5 * direction.vector.sum()
        assert direction.low == pytest.approx(middle - 7, abs=0.6)
        assert direction.high == pytest.approx(middle + 7, abs=0.6)
        assert direction.share == pytest.approx(1 / 3, abs=0.02)


def test_more_directions_than_dimensions_do_not_fit():
    with pytest.raises(LatentError, match="space of 3 dimensions has no 4 directions"):
        random_orthogonal(4, 3, seed=0)
