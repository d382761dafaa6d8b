"""Which inputs fit a network: families against tracing every size, and against Keras."""

import json
import random

import numpy as np
import pytest

import convlab as cl
from convlab import layers
from convlab.errors import ArgumentError, ShapeError
from convlab.geometry.formula import Symbol, ceil_div, maximum
from convlab.geometry.residues import pace
from convlab.inspector.solving import solve
from convlab.inspector.solving.network.fitting import fitting
from convlab.inspector.solving.network.shapes import input_of, output_of
from convlab.inspector.solving.network.size_set import SizeSet


def unet(house, size=None, depth=3, *, pad="same", pool="valid", crops=()):
    """A U-Net; `house` has the layers: convlab's or Keras's."""
    x = inputs = house.Input((size, size, 2))
    skips = []
    for _ in range(depth):
        x = house.Conv2D(2, 3, padding=pad)(x)
        skips.append(x)
        x = house.MaxPooling2D(2, padding=pool)(x)
    x = house.Conv2D(2, 3, padding=pad)(x)
    for level in reversed(range(depth)):
        x = house.Conv2DTranspose(2, 2, strides=2)(x)
        skip = house.Cropping2D(crops[level])(skips[level]) if crops else skips[level]
        x = house.Concatenate()([skip, x])
        x = house.Conv2D(2, 3, padding=pad)(x)
    return inputs, x


def model(*made, **how):
    return cl.Model(*unet(layers, *made, **how))


def autoencoder(size, channels=1):
    x = inputs = cl.Input((*size, channels))
    for filters in (8, 16):
        x = layers.Conv2D(filters, 3, padding="same")(x)
        x = layers.MaxPooling2D(2, padding="same")(x)
    for filters in (16, 8):
        x = layers.UpSampling2D(2)(layers.Conv2D(filters, 3, padding="same")(x))
    return cl.Model(inputs, layers.Conv2D(channels, 3, padding="same", name="last")(x))


def traced(network, size):
    return not cl.trace(network, (size, size, network.input_shape[-1])).conflicts


@pytest.mark.parametrize(
    ("network", "words"),
    [
        (model(depth=5), "multiples of 32"),
        (model(depth=3, pool="same"), "multiples of 8"),
        # the U-Net of 2015, whose 572 is 188 + 16 * 24, with one convolution for two
        (model(depth=4, pad="valid", crops=(44, 20, 8, 2)), "94 + 16 k"),
        (autoencoder((None, None)), "every size"),
    ],
)
def test_the_family_of_a_known_network(network, words):
    found = fitting(network)
    assert found.proved
    assert {str(sizes) for sizes in found.families.values()} == {words}
    sizes = found.families["height"]
    for size in range(1, 120):
        assert (size in sizes) == traced(network, size), size


def drawn(draw):
    """A network of random windows that joins two branches."""
    inputs = cl.Input((None, None, 1))

    def step(x):
        kind = draw.randrange(5)
        k, s = draw.randint(1, 4), draw.randint(1, 3)
        padding = draw.choice(["valid", "same"])
        if kind == 0:
            return layers.Conv2D(1, k, strides=s, padding=padding)(x)
        if kind == 1:
            return layers.MaxPooling2D(k, strides=s, padding=padding)(x)
        if kind == 2:
            return layers.Conv2DTranspose(1, k, strides=s, padding=padding)(x)
        if kind == 3:
            return layers.UpSampling2D(s)(x)
        return draw.choice([layers.ZeroPadding2D, layers.Cropping2D])(draw.randint(0, 2))(x)

    x = step(inputs)
    left, right = x, x
    for _ in range(draw.randint(1, 3)):
        left = step(left)
    for _ in range(draw.randint(1, 3)):
        right = step(right)
    join = layers.Add() if draw.random() < 0.5 else layers.Concatenate()
    return cl.Model(inputs, step(join([left, right])))


def test_drawn_networks_fit_the_sizes_that_a_trace_fits():
    draw, some, none = random.Random(11), 0, 0
    for _ in range(40):
        network = drawn(draw)
        found = fitting(network)
        assert found.proved
        (sizes,) = {found.families["height"]}
        told = [size for size in range(1, 40) if size in sizes]
        assert told == [size for size in range(1, 40) if traced(network, size)], cl.to_code(
            network, "keras"
        )
        some, none = some + bool(sizes), none + (not sizes)
        assert bool(solve(network).proof) == (not sizes)
    assert some > 10
    assert none > 10


def test_a_wanted_output():
    network = autoencoder((None, None))
    for size in range(1, 40):
        found = fitting(network, output_shape=(size, 36, 1))
        height = [n for n in range(1, 60) if 4 * -(-n // 4) == size]
        assert found.families["height"].upto(59) == height
        assert found.families["width"].upto(59) == [33, 34, 35, 36]


def test_an_autoencoder_that_is_asked_for_what_it_steps_over():
    found = solve(autoencoder((458, 690)), output_shape=(458, 690, 1))
    assert not any(found.families.values())
    assert "the output is 4*((n + 3)//4), which never is 458" in found.proof
    assert "n = 456 gives 456 and n = 457 gives 460" in found.proof
    first = found.solutions[0]
    assert len(first.changes) == 1
    for solution in found.solutions:
        assert solution.apply().output_shape[1:3] == (458, 690)


def test_the_network_as_it_is_comes_first():
    found = solve(model(64), input_shape=(64, 64, 2))
    assert found.solutions[0].changes == ()
    assert str(found.solutions[0]).startswith("as it is")
    assert found.proof == ""
    assert [s.input_shape[1] for s in found.solutions[1:3]] == [56, 72]


def test_a_u_net_that_fails():
    found = solve(model(), input_shape=(100, 100, 2))
    assert str(found.families["width"]) == "multiples of 8"
    fed = [s for s in found.solutions if s.changes[0].kind == "input_shape"]
    assert [s.input_shape[1] for s in fed[:2]] == [96, 104]
    costs = [s.fix.cost for s in found.solutions]
    assert costs == sorted(costs)
    for solution in found.solutions:
        made = solution.apply()
        assert not cl.trace(made).conflicts
        assert made.output_shape == solution.output_shape


def test_two_changes_where_one_is_not_enough():
    inputs = cl.Input((10, 10, 1))
    x = layers.MaxPooling2D(2, name="a")(inputs)
    y = layers.UpSampling2D(2, name="b")(layers.MaxPooling2D(2, name="c")(x))
    found = solve(cl.Model(inputs, y), output_shape=(5, 5, 1))
    assert all(s.apply().output_shape == (None, 5, 5, 1) for s in found.solutions)
    assert found.solutions


def test_axes_that_a_permutation_ties_together_are_of_one_size():
    inputs = cl.Input((None, None, 3))
    y = layers.Add()([inputs, layers.Permute((2, 1, 3))(layers.MaxPooling2D(1)(inputs))])
    found = fitting(cl.Model(inputs, y))
    assert list(found.families) == ["height and width"]
    assert found.input_shapes(2) == [(None, 1, 1, 3), (None, 2, 2, 3)]


def test_weights_that_are_made_hold_the_size():
    inputs = cl.Input((28, 28, 1))
    y = layers.Dense(10)(layers.Flatten()(layers.MaxPooling2D(2)(inputs)))
    found = solve(cl.Model(inputs, y))
    assert not found.proved
    assert found.families["height and width"].upto(300) == [28, 29]
    assert "traced, each size of 1 to 256" in str(found)


def test_channels_that_differ_are_no_question_of_size():
    inputs = cl.Input((None, None, 3))
    found = solve(cl.Model(inputs, layers.Conv2D(2, 3)(inputs)), output_shape=(None, None, 5))
    assert "the output's axis 3 is 2, and 5 is wanted, whatever the input's size" in found.proof


def test_a_generator_whose_input_is_a_vector():
    inputs = cl.Input((10,))
    x = layers.Reshape((7, 7, 2))(layers.Dense(98)(inputs))
    up = layers.Conv2DTranspose(1, 4, strides=2, name="up")(x)
    found = solve(cl.Model(inputs, up), output_shape=(14, 14, 1))
    assert not found.families
    assert found.solutions[0].summary == "padding='same' in up"
    assert found.solutions[0].apply().output_shape == (None, 14, 14, 1)
    assert "no layer moves a window over what goes in" in str(found)


def test_axes_of_several_sizes_are_traced_apart():
    inputs = cl.Input((8, 20, 1))
    x = layers.MaxPooling2D((2, 4))(inputs)
    found = fitting(cl.Model(inputs, layers.Dense(3)(layers.Flatten()(x))))
    assert {name: str(sizes) for name, sizes in found.families.items()} == {
        "height": "8 or 9",
        "width": "20 to 23",
    }


def test_two_inputs_of_one_size():
    a, b = cl.Input((None, None, 1)), cl.Input((None, None, 1))
    y = layers.Add()([layers.UpSampling2D(2)(layers.MaxPooling2D(2)(a)), layers.Conv2D(1, 1)(b)])
    found = fitting(cl.Model([a, b], y))
    assert str(found.families["height"]) == "multiples of 2"
    assert found.input_shapes(1) == [[(None, 2, 2, 1), (None, 2, 2, 1)]]


def test_what_is_found_of_a_network_prints_and_is_data():
    found = solve(model(), input_shape=(100, 100, 2))
    assert "height: multiples of 8\n" in str(found)
    assert "multiples of 8" in found._repr_html_()
    told = json.loads(found.to_json())
    assert told["families"] == {"height": "multiples of 8", "width": "multiples of 8"}
    assert told["proved"]
    assert told["solutions"][0]["verified"] == "trace"


def test_whole_shapes_from_sizes():
    network = model()
    assert input_of(network, (64,)) == (None, 64, 64, 2)
    assert input_of(network, (64, 32, 2)) == (64, 32, 2)
    assert output_of(network, (64, 32)) == (None, 64, 32, None)


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: solve(model(), size_in=3), ArgumentError, "A network is asked for whole shapes"),
        (
            lambda: solve(cl.Sequential([layers.Conv2D(1, 3)])),
            ArgumentError,
            "The shape of what goes in is known",
        ),
        (lambda: solve(model(), output_shape=(1,)), ShapeError, "The output has 4 axes"),
        (
            lambda: solve(model(), output_shape=[(4, 4, 2), (4, 4, 2)]),
            ShapeError,
            "There is a wanted shape for each of the 1 outputs",
        ),
    ],
)
def test_what_is_refused_of_a_network(make, error, words):
    with pytest.raises(error, match=words):
        make()


@pytest.mark.keras
def test_keras_builds_what_fits_and_refuses_what_does_not(keras):
    class House:
        Input = staticmethod(keras.Input)

        def __getattr__(self, name):
            return getattr(keras.layers, name)

    cases = [
        {"depth": 2},
        {"depth": 2, "pool": "same"},
        {"depth": 2, "pad": "valid", "crops": (8, 2)},
    ]
    for how in cases:
        sizes = fitting(model(**how)).families["height"]
        for size in range(1, 40):
            try:
                unet(House(), size, **how)
                builds = True
            except ValueError:
                builds = False
            assert (size in sizes) == builds, (how, size)


@pytest.mark.keras
def test_a_live_keras_model_is_a_network(keras):
    house = type("House", (), {"__getattr__": lambda _, name: getattr(keras.layers, name)})()
    network = keras.Model(*unet(house, 16, depth=2))
    assert str(solve(network).families["height"]) == "multiples of 4"


def test_sets_of_sizes():
    whole = SizeSet.of_pattern(np.ones(4, dtype=bool), 4)
    assert (str(whole), whole.nearest(5, 3)) == ("every size", [5, 4, 6])
    odd = SizeSet.of_pattern(np.arange(1, 9) % 4 == 3, 4)
    assert (str(odd), odd.upto(12)) == ("3 + 4 k", [3, 7, 11])
    two = SizeSet.of_pattern(np.isin(np.arange(1, 25) % 8, (3, 4)), 8)
    assert str(two) == "3 + 8 k or 4 + 8 k"
    late = SizeSet.of_pattern(np.arange(1, 41) * (np.arange(1, 41) > 16) % 8 == 1, 8)
    assert (str(late), 9 in late, 17 in late) == ("17 + 8 k", False, True)
    early = SizeSet.of_pattern(np.arange(1, 9) == 2, 4)
    assert (str(early), 2 in early, 6 in early, bool(early)) == ("2", True, False, True)
    assert str(SizeSet()) == "no size"
    assert str(odd & whole) == "3 + 4 k"
    assert not odd & SizeSet(period=2, residues=(0,))


def test_a_pace_is_that_of_the_numbers():
    n = Symbol("n")
    draw = random.Random(2)
    for _ in range(200):
        size = n
        for _ in range(4):
            number = draw.randint(1, 5)
            size = draw.choice(
                [
                    size + number,
                    size - number,
                    size * number,
                    size // number,
                    ceil_div(size, number),
                ]
            )
        found = pace(size)
        for start in range(-3, 40):
            ahead = size.value(n=start + found.period) - size.value(n=start)
            assert ahead == found.advance
    assert pace(maximum(n, 3)) is None
    assert pace(n + Symbol("k")) is None


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_the_size_of_a_picture_alone_is_a_wanted_output(data_format):
    first = data_format == "channels_first"
    model = cl.Sequential(
        [
            cl.Input((3, None, None) if first else (None, None, 3)),
            layers.Conv2D(3, 3, data_format=data_format),
            layers.MaxPooling2D(2, data_format=data_format),
            layers.UpSampling2D(2, data_format=data_format),
            layers.ReLU(),
        ]
    )
    found = cl.solve(model, output_shape=(458, 690))
    assert [str(sizes) for sizes in found.families.values()] == ["460 or 461", "692 or 693"]
    assert {
        one.output_shape[2:] if first else one.output_shape[1:3] for one in found.solutions
    } == {(458, 690)}
    told = [one.fix.summary for one in found.solutions]
    assert len(told) == len(set(told))
    with pytest.raises(ValueError, match="The output has 4 axes with the batch"):
        cl.solve(model, output_shape=(458,))


def test_sizes_in_a_row_are_told_as_a_row():
    works = [size >= 8 and size % 8 < 4 for size in range(1, 65)]
    assert str(SizeSet.of_pattern(np.array(works), 8)) == "8 to 11, each + 8 k"
