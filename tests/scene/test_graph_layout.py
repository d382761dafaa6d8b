"""The drawing of a network: what must hold of every one, and what is drawn of known ones."""

import random
import time
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import convlab as cl
from convlab.inspector.given import given_specs
from convlab.models.calls import calls_of
from convlab.models.examples import EXAMPLES
from convlab.models.examples.calling import call, chain
from convlab.scene.graph import Mark, Marks, Network, build_drawing, groups_of
from convlab.scene.graph.folding import group_paths
from convlab.scene.graph.ordering import crossings, order
from convlab.scene.graph.placing import places
from convlab.scene.graph.ranking import ranked

L = cl.layers


def network(model, input_shape=None):
    calls = calls_of(model, given_specs(model, input_shape))
    return Network(calls, cl.trace(model, input_shape))


def made_up(seed, layers):
    """A network of joins and dense layers that read at random what was before."""
    draw = random.Random(seed)
    tensors = [cl.Input((4,), name="in0")]
    for number in range(layers):
        count = draw.choice((1, 1, 1, 2, 3))
        read = draw.sample(tensors[-6:], min(count, len(tensors[-6:])))
        layer = L.Add(name=f"n{number}") if len(read) > 1 else L.ReLU(name=f"n{number}")
        tensors.append(call(layer, *read))
    used = {id(tensor) for one in tensors for tensor in one.node.inputs}
    return cl.Model(tensors[0], [t for t in tensors[1:] if id(t) not in used] or tensors[-1])


def overlap(one, other):
    """By how much two boxes (x, y, width, height) overlap along the axis where they do least."""
    across = (one[2] + other[2]) / 2 - abs(one[0] - other[0])
    down = (one[3] + other[3]) / 2 - abs(one[1] - other[1])
    return min(across, down)


def boxes(drawing):
    return [(node.x, node.y, node.width, node.height) for node in drawing.nodes]


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.integers(1, 40))
def test_nothing_lies_upon_anything_else(seed, layers):
    drawing = build_drawing(network(made_up(seed, layers)))
    labels = [(*edge.label, 6 * len(edge.text), 12) for edge in drawing.edges]
    for one, other in combinations([*boxes(drawing), *labels], 2):
        assert overlap(one, other) <= 0.2  # places are rounded to a tenth


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.integers(1, 40))
def test_edges_lead_downwards_from_box_to_box(seed, layers):
    drawing = build_drawing(network(made_up(seed, layers)))
    for edge in drawing.edges:
        source, target = drawing.nodes[edge.source], drawing.nodes[edge.target]
        assert source.rank < target.rank
        downs = [y for _, y in edge.points]
        assert downs == sorted(downs)
        for (x, y), node, side in ((edge.points[0], source, 1), (edge.points[-1], target, -1)):
            assert abs(y - (node.y + side * node.height / 2)) <= 0.11
            assert abs(x - node.x) <= node.width / 2


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.integers(2, 40))
def test_every_call_and_every_reading_is_drawn(seed, layers):
    told = network(made_up(seed, layers))
    drawing = build_drawing(told, opened=groups_of(told))
    assert [node.key for node in drawing.nodes] == told.keys()
    drawn = {(edge.source, edge.target, edge.branch) for edge in drawing.edges}
    assert drawn == {
        (source, number, branch)
        for number, sources in enumerate(told.reads())
        for branch, source in enumerate(sources)
    }


@settings(max_examples=25)
@given(st.integers(0, 10**6))
def test_the_order_found_crosses_no_more_than_the_first(seed):
    told = network(made_up(seed, 25))
    edges = [(s, n) for n, sources in enumerate(told.reads()) for s in dict.fromkeys(sources)]
    sizes = [(20.0, 10.0)] * len(told.reads())
    ranks = ranked(sizes, edges, [(8.0, 4.0)] * len(edges))
    before = crossings(ranks)
    order(ranks)
    assert crossings(ranks) <= before
    assert sorted(n for rank in ranks.ranks for n in rank) == list(range(len(ranks.sizes)))


def test_crossings_are_counted():
    ranks = ranked([(1, 1)] * 4, [(0, 2), (1, 3)], [(1, 1)] * 2)
    assert crossings(ranks) == 0
    ranks.ranks[0].reverse()
    assert crossings(ranks) == 1


def test_a_chain_is_straight():
    edges = [(n, n + 1) for n in range(9)]
    ranks = ranked([(100 + 10 * n, 40) for n in range(10)], edges, [(60, 16)] * 9)
    order(ranks)
    assert max(places(ranks)) - min(places(ranks)) < 1e-6


def test_long_edges_are_straight_between_their_ends():
    drawing = build_drawing(network(EXAMPLES["unet-572"].make(), (576, 576, 1)))
    skips = [edge for edge in drawing.edges if len(edge.points) > 5]
    assert len(skips) == 4
    for edge in skips:
        assert len({x for x, _ in edge.points[1:-1]}) == 1


def test_an_input_stands_near_its_reader():
    x, late = cl.Input((8,), name="x"), cl.Input((8,), name="late")
    y = x
    for number in range(5):
        y = L.Dense(8, name=f"d{number}")(y)
    drawing = build_drawing(network(cl.Model([x, late], L.Add(name="add")([y, late]))))
    assert drawing.node("late").rank == drawing.node("add").rank - 1


def test_500_layers_are_laid_out_within_a_second():
    told = network(made_up(7, 500))
    begun = time.process_time()
    drawing = build_drawing(told, opened=groups_of(told))
    assert time.process_time() - begun < 1
    assert len(drawing.nodes) == 501


# What is written


def test_shapes_stand_on_the_edges_and_unknown_sizes_are_said():
    drawing = build_drawing(network(EXAMPLES["unet-100"].make(), (100, 100, 1)))
    told = {
        (drawing.nodes[edge.source].key, drawing.nodes[edge.target].key): edge.text
        for edge in drawing.edges
    }
    assert told["down3_conv2", "join3"] == "25 × 25 × 256"
    assert told["up3", "join3"] == "24 × 24 × 256"
    assert told["join3", "merge3_conv1"] == "? × ? × 512"


def test_a_shared_layer_is_drawn_at_each_call_and_reads_what_that_call_reads():
    a, b = cl.Input((8, 8, 1), name="a"), cl.Input((8, 8, 1), name="b")
    conv = L.Conv2D(2, 3, name="conv")
    drawing = build_drawing(network(cl.Model([a, b], L.Add(name="add")([conv(a), conv(b)]))))
    keys = [node.key for node in drawing.nodes]
    assert {"conv", "conv:1"} <= set(keys)
    read = {(keys[edge.source], keys[edge.target]) for edge in drawing.edges}
    assert read == {("a", "conv"), ("b", "conv:1"), ("conv", "add"), ("conv:1", "add")}


def test_a_layer_that_reads_one_tensor_twice_has_two_edges():
    x = cl.Input((8,), name="x")
    drawing = build_drawing(network(cl.Model(x, L.Multiply(name="square")([x, x]))))
    assert [edge.branch for edge in drawing.edges] == [0, 1]


# Folding


def nested(times=1):
    x = cl.Input((16, 16, 1), name="image")
    inner_x = cl.Input((16, 16, 1), name="inner_in")
    inner_y = chain(
        inner_x, *(L.Conv2D(1, 3, padding="same", name=f"c{number}") for number in range(3))
    )
    inner = cl.Model(inner_x, inner_y, name="encoder")
    y = x
    for _ in range(times):
        y = call(inner, y)
    return cl.Model(x, call(L.Flatten(name="flat"), y), name="outer")


def test_a_nested_model_folds_into_one_box():
    told = network(nested())
    assert groups_of(told) == {"encoder"}
    drawing = build_drawing(told, opened=())
    assert [node.key for node in drawing.nodes] == ["image", "encoder", "flat"]
    box = drawing.node("encoder/c1")
    assert box.key == "encoder"
    assert box.folded == ("encoder/inner_in", "encoder/c0", "encoder/c1", "encoder/c2")
    assert box.params == 30
    assert [edge.text for edge in drawing.edges] == ["16 × 16 × 1"] * 2


def test_an_unfolded_group_has_a_frame_with_nothing_else_in_it():
    drawing = build_drawing(network(nested()))
    (frame,) = drawing.frames
    assert frame.key == "encoder"
    for node in drawing.nodes:
        inside = frame.left < node.x < frame.left + frame.width
        inside = inside and frame.top < node.y < frame.top + frame.height
        assert inside == node.key.startswith("encoder/")


def test_two_calls_of_a_nested_model_are_two_groups():
    told = network(nested(times=2))
    assert groups_of(told) == {"encoder", "encoder:1"}
    drawing = build_drawing(told, opened=())
    assert [node.key for node in drawing.nodes] == ["image", "encoder", "encoder:1", "flat"]
    assert drawing.node("encoder/c0:1").key == "encoder:1"


def test_blocks_that_names_tell_of_are_folded_where_there_are_many_layers():
    told = network(EXAMPLES["resnet50"].make())
    drawing = build_drawing(told)
    folded = [node.key for node in drawing.nodes if node.folded]
    assert sum("block" in key for key in folded) == 16
    assert folded[0] == "conv1_conv to conv1_relu"  # what belongs to no block is a chain
    assert len(groups_of(told)) == len(folded) == 17
    assert sum(len(node.rows) for node in drawing.nodes) == 177
    assert drawing.node("conv3_block2_add").key == "conv3_block2"


def test_a_group_with_something_to_say_is_not_folded_at_first():
    told = network(EXAMPLES["resnet50"].make())
    marks = Marks(nodes={"conv3_block2_add": Mark("error", "wrong")})
    drawing = build_drawing(told, marks)
    assert drawing.node("conv3_block2_add").state == "error"
    assert drawing.node("conv3_block3_add").key == "conv3_block3"


def test_branches_without_names_fold_up_to_where_they_join():
    x = y = cl.Input((8, 8, 4), name="x")
    for number in range(20):
        parts = [
            chain(y, L.Conv2D(4, 1, name=f"a{number}{k}"), L.ReLU(name=f"r{number}{k}"))
            for k in "pq"
        ]
        y = call(L.Add(name=f"sum{number}"), *parts)
    drawing = build_drawing(network(cl.Model(x, y)))
    assert [node.key for node in drawing.nodes] == ["x", *(f"up to sum{n}" for n in range(20))]


def test_a_long_chain_folds_where_its_sizes_change():
    drawing = build_drawing(network(EXAMPLES["mobilenet"].make()))
    told = {node.key: node.title for node in drawing.nodes if node.folded}
    assert told["conv_dw_2 to conv_pw_3_relu"] == "12 layers"  # all of them on 56 x 56
    assert len(drawing.nodes) < 15
    for edge in drawing.edges:
        source = drawing.nodes[edge.source]
        assert edge.text == source.shape.removeprefix("None, ") or "×" not in edge.text


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.integers(61, 90))
def test_folded_or_not_a_drawing_has_no_cycle(seed, layers):
    told = network(made_up(seed, layers))
    drawing = build_drawing(told, opened=())
    assert all(drawing.nodes[e.source].rank < drawing.nodes[e.target].rank for e in drawing.edges)


def test_a_path_that_leaves_a_block_and_comes_back_forbids_to_fold_it():
    names = ["x", "block1_a", "between", "block1_b", "block1_c"]
    assert group_paths(names, [[], [0], [1], [1, 2], [3]]) == [()] * 5
    assert group_paths(names, [[], [0], [0], [1], [3]])[1] == ("block1",)


# Marks


def test_the_graver_mark_stays_and_a_box_bears_the_gravest_within():
    marks = Marks()
    marks.add_node("a", Mark("error", "first"))
    marks.add_node("a", Mark("advice", "second"))
    marks.add_node("b", Mark("culprit", "third"))
    drawing = build_drawing(network(nested()), opened=())
    box = drawing.node("encoder")
    assert marks.on(replace(box, folded=("a", "b"))).note == "first"
    assert marks.on(replace(box, folded=("b", "c"))).state == "culprit"
    assert marks.on(replace(box, folded=("c",))).state == ""


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_is_drawn_whole(name):
    example = EXAMPLES[name]
    told = network(example.make(), example.input_shape)
    drawing = build_drawing(told, opened=groups_of(told))
    assert len(drawing.nodes) == len(told.calls.calls)
    assert len(drawing.edges) == sum(map(len, told.reads()))
    for one, other in combinations(boxes(drawing), 2):
        assert overlap(one, other) <= 0.2
