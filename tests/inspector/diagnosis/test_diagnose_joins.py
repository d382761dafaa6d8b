"""Branches that meet with sizes that differ."""

import pytest
from networks_to_diagnose import changes, read, unet

import convlab as cl
from convlab.models.code.reading import read_code


def first(model, *args, **more):
    return cl.diagnose(model, *args, **more).errors[0]


def test_the_pool_that_rounded_is_named_with_the_arithmetic_of_each_branch():
    finding = first(unet(100))
    assert (finding.kind, finding.layer, finding.culprit) == ("join-sizes", "join2", "pool2")
    assert (finding.axis, finding.axes, finding.index) == ("height", ("height", "width"), 1)
    assert finding.branch == 1
    assert finding.message == (
        "Concatenate 'join2' joins height and width 25 x 25 from 'down2' and 24 x 24 from 'up2': "
        "'pool2' makes 12 of 25 and drops what is left over."
    )
    assert [(s.layer, s.size_in, s.size_out, s.branch, s.lost) for s in finding.path] == [
        ("down2", None, 25, None, 0),
        ("pool2", 25, 12, 1, 1),
        ("up2", 12, 24, 1, 0),
    ]
    assert finding.path[1].text == "25 -> (25 - 2)//2 + 1 = 12"


def test_the_smallest_fixes_of_a_unet_at_100():
    fixes = first(unet(100)).fixes
    assert all(fix.verified == "trace" for fix in fixes)
    assert [fix.cost for fix in fixes] == sorted(fix.cost for fix in fixes)
    assert fixes[0].summary == "pad 1 row and 1 column of zeros after up2"
    fed = [fix for fix in fixes if fix.changes[0].kind == "input_shape"]
    assert {fix.changes[0].new for fix in fed} == {(None, 96, 96, 1), (None, 104, 104, 1)}
    assert {fix.family for fix in fed} == {"multiples of 8"}
    cropped = next(fix for fix in fixes if "crop" in fix.summary)
    assert [change.source for change in cropped.changes] == ["down2", "down1", "down0"]


def test_a_fix_is_a_diff_of_code():
    code = first(unet(100)).fixes[0].code
    assert [line for line in code.splitlines()[2:] if line[0] in "+-"] == [
        '-join2 = layers.Concatenate(name="join2")([down2, up2])',
        "+zero_padding2d = layers.ZeroPadding2D(padding=((0, 1), (0, 1)))(up2)",
        '+join2 = layers.Concatenate(name="join2")([down2, zero_padding2d])',
    ]


def test_a_transposed_convolution_takes_another_padding():
    fixes = first(unet(100, up="Conv2DTranspose(4, 3, strides=2, padding='same'")).fixes
    assert changes(fixes[0]) == (("argument", "up2", "padding", "valid"),)


def test_convolutions_without_padding_are_cropped_at_every_join_or_all_padded():
    finding = first(unet(94, padding="valid", depth=2))
    assert finding.culprit == "bottom"
    assert "'bottom' makes 20 of 22, 2 fewer than its stride asks for" in finding.message
    crops = next(fix for fix in finding.fixes if "crop" in fix.summary)
    assert len(crops.changes) == 2
    same = next(fix for fix in finding.fixes if "padding='same'" in fix.summary)
    assert {change.new for change in same.changes} == {"same"}


def test_a_branch_that_strides_where_the_other_does_not():
    finding = first(
        read(
            """
x = image = Input((56, 56, 4))
y = MaxPooling2D(2, padding='same', name='pool')(Conv2D(4, 3, padding='same')(x))
model = Model(image, Add(name='sum')([x, y]))
"""
        )
    )
    assert (finding.layer, finding.culprit, finding.branch) == ("sum", "pool", 1)
    assert changes(finding.fixes[0]) == (("argument", "pool", "strides", 1),)
    assert any(change.kind == "remove" for fix in finding.fixes for change in fix.changes)


@pytest.mark.parametrize(
    ("rank", "sizes", "words"),
    [
        (1, (9,), ("steps",)),
        (2, (9, 8), ("height",)),
        (3, (8, 9, 9), ("height", "width")),
    ],
    ids=["one dimension", "one axis of two", "two axes of three"],
)
@pytest.mark.parametrize("first_format", [False, True], ids=["channels_last", "channels_first"])
def test_every_rank_and_format(rank, sizes, words, first_format):
    if first_format and rank == 1:
        pytest.skip("Cropping1D reads the steps first")
    shape = (2, *sizes) if first_format else (*sizes, 2)
    form = ", data_format='channels_first'" if first_format else ""
    finding = first(
        read(
            f"""
x = Input({shape})
y = MaxPooling{rank}D(2{form}, name='pool')(x)
y = UpSampling{rank}D(2{form if rank > 1 else ""}, name='up')(y)
model = Model(x, Concatenate(axis={1 if first_format else -1}, name='join')([x, y]))
"""
        )
    )
    assert (finding.axes, finding.culprit) == (words, "pool")
    assert finding.fixes[0].verified
    made = finding.fixes[0].apply()
    assert made.output_shape == (None, *((4, *sizes) if first_format else (*sizes, 4)))


def test_a_concatenation_along_another_axis_than_the_channels():
    finding = first(
        read(
            """
x = Input((8, 8, 3))
model = Model(x, concatenate([Conv2D(4, 1)(x), x], axis=1, name='join'))
"""
        )
    )
    assert (finding.axis, changes(finding.fixes[0])) == (
        "channels",
        (("argument", "join", "axis", 3),),
    )


def test_a_sum_of_other_channels_takes_as_many_filters_or_a_projection():
    finding = first(
        read(
            """
x = Input((8, 8, 3))
model = Model(x, Add(name='sum')([Conv2D(16, 3, padding='same', name='conv')(x), x]))
"""
        )
    )
    assert (finding.kind, finding.axis) == ("channels", "channels")
    assert changes(finding.fixes[0]) == (("argument", "conv", "filters", 3),)
    assert any(change.class_name == "Conv2D" for fix in finding.fixes for change in fix.changes)


def test_symbols_that_are_added_are_joined():
    finding = first(
        read("x = Input((9, 9, 1))\nmodel = Model(x, x + UpSampling2D(2)(MaxPooling2D(2)(x)))")
    )
    assert (finding.kind, finding.layer) == ("join-sizes", "add")
    assert finding.fixes[0].apply().output_shape == (None, 9, 9, 1)


def test_several_inputs_and_their_shapes():
    model = read(
        """
a, b = Input((8, 8, 1), name='a'), Input((4, 4, 1), name='b')
model = Model([a, b], Concatenate(name='join')([a, UpSampling2D(2, name='up')(b)]))
"""
    )
    assert cl.diagnose(model).ok
    finding = first(model, [(9, 9, 1), (4, 4, 1)])
    assert (finding.layer, finding.culprit) == ("join", None)
    assert finding.fixes[0].apply().input_shape == [(None, 9, 9, 1), (None, 4, 4, 1)]


def test_a_shared_layer_changes_in_all_its_calls():
    model = read(
        """
x = Input((10, 10, 2))
pool = MaxPooling2D(3, 1, name='pool')
left, right = pool(x), pool(pool(x))
model = Model(x, Add(name='sum')([left, right]))
"""
    )
    finding = first(model)
    same = next(fix for fix in finding.fixes if changes(fix)[0][2] == "padding")
    made = same.apply()
    assert made.output_shape == (None, 10, 10, 2)
    assert sum(layer.name == "pool" for layer in made.layers) == 1


def test_a_join_inside_a_nested_model_called_twice():
    model = read_code(
        """
i = Input((9, 9, 1), name='i')
inner = Model(i, Concatenate(name='join')([i, UpSampling2D(2, name='up')(
    MaxPooling2D(2, name='pool')(i))]), name='inner')
a, b = Input((9, 9, 1), name='a'), Input((9, 9, 1), name='b')
model = Model([a, b], Add(name='sum')([inner(a), inner(b)]))
"""
    ).models[-1]
    finding = first(model)
    assert (finding.layer, finding.culprit) == ("inner/join", "inner/pool")
    assert not cl.trace(finding.fixes[0].apply()).conflicts
