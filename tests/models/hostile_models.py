"""Well-formed configurations that describe no network, or one that nobody can hold.

Registered with those in `hostile`. Those that `nobody` refuses are opened, and must harm nobody:
huge sizes are numbers, classes and functions that are not Keras's are names.
"""

import base64
import marshal
import tempfile
from itertools import pairwise
from pathlib import Path

from hostile import HOSTILE, Hostile, convolution, convolved, functional, image, layer, text

CANARY = Path(tempfile.gettempdir()) / "convlab-canary"
COMMAND = f"touch {CANARY}"
HUGE = 2**31 - 1


def _register(refused_by, match, cases):
    for name, value in cases:
        make = value if callable(value) else lambda value=value: value
        HOSTILE.append(Hostile(name, refused_by, match, lambda make=make: text(make())))


# --- values that no layer takes -------------------------------------------------------------------


def _values():
    yield "model_of_negative_filters", "filters", convolved(filters=-8)
    yield "model_of_no_filters", "filters", convolved(filters=0)
    yield "model_of_filters_in_words", "filters", convolved(filters="8")
    yield "model_of_filters_that_are_a_list", "filters", convolved(filters=[8])
    yield "model_of_filters_in_halves", "filters", convolved(filters=8.5)
    yield "model_of_a_negative_kernel", "kernel_size", convolved(kernel_size=[-3, 3])
    yield "model_of_a_kernel_of_zero", "kernel_size", convolved(kernel_size=[0, 3])
    yield "model_of_a_kernel_in_words", "kernel_size", convolved(kernel_size=["3", "3"])
    yield "model_of_a_long_kernel", "kernel_size", convolved(kernel_size=[3] * 100_000)
    yield "model_of_a_kernel_of_kernels", "kernel_size", convolved(kernel_size=[[3], [3]])
    yield "model_of_a_kernel_that_is_a_dictionary", "kernel_size", convolved(kernel_size={"a": 3})
    yield "model_of_no_strides", "strides", convolved(strides=[0, 0])
    yield "model_of_negative_strides", "strides", convolved(strides=[-1, -1])
    yield "model_of_long_strides", "strides", convolved(strides=[1] * 100_000)
    yield "model_of_no_dilation", "dilation_rate", convolved(dilation_rate=[0, 0])
    yield "model_of_padding_by_a_number", "padding", convolved(padding=3)
    yield "model_of_unknown_padding", "padding", convolved(padding="reflect")
    yield "model_of_no_groups", "groups", convolved(groups=0)
    yield "model_of_an_unknown_format", "data_format", convolved(data_format="channels_middle")


for _name, _match, _value in _values():
    _register("model", _match, [(_name, _value)])


# --- graphs that are none ---------------------------------------------------------------------


def _inbound(nodes):
    """The genuine network with these for the convolution's inbound nodes."""
    model = convolved()
    model["config"]["layers"][1]["inbound_nodes"] = nodes
    return model


def _changed(**config):
    model = convolved()
    model["config"].update(config)
    return model


def _nodes():
    deep = 0
    for _ in range(40):
        deep = [deep]
    words, number = _tensor("image"), _tensor([0, 0, 0])
    yield (
        "calls of a layer are lists",
        {
            "model_of_nodes_that_are_a_number": 3,
            "model_of_nodes_that_are_words": "image",
            "model_of_nodes_that_are_a_dictionary": {"image": 0},
            "model_of_nodes_of_numbers": [1, 2, 3],
            "model_of_nodes_of_nothing": [None],
            "model_of_nodes_that_are_deep": deep,
            "model_of_a_reference_cut_short": [[["image"]]],
            "model_of_keras_3_nodes_that_are_words": [{"args": "image", "kwargs": {}}],
            "model_of_keras_3_tensors_that_are_words": [{"args": [words], "kwargs": 3}],
        },
    )
    yield (
        "named by a layer, the number of a call",
        {
            "model_of_nodes_of_a_number_for_a_layer": [[[7, 0, 0, {}]]],
            "model_of_nodes_of_a_list_for_a_layer": [[[["image"], 0, 0, {}]]],
            "model_of_a_node_before_the_first": [[["image", -1, 0, {}]]],
            "model_of_a_node_in_words": [[["image", "0", 0, {}]]],
            "model_of_a_node_in_halves": [[["image", 0.5, 0, {}]]],
            "model_of_a_tensor_far_away": [[["image", 0, HUGE, {}]]],
            "model_of_a_tensor_before_the_first": [[["image", 0, -1, {}]]],
            "model_of_keras_3_tensors_of_numbers": [{"args": [number], "kwargs": {}}],
        },
    )
    yield (
        "only layers of its model|only calls that the file has|no cycles",
        {
            "model_of_nodes_of_no_layer": [[["nowhere", 0, 0, {}]]],
            "model_of_a_node_far_away": [[["image", HUGE, 0, {}]]],
            "model_of_a_layer_that_reads_its_second_node": [[["conv", 1, 0, {}]]],
            "model_of_keras_3_tensors_of_no_layer": [
                {"args": [_tensor(["x", 0, 0])], "kwargs": {}}
            ],
            "model_of_a_layer_that_reads_itself": [[["conv", 0, 0, {}]]],
        },
    )


def _tensor(history):
    config = {"shape": [None, 32, 32, 3], "dtype": "float32", "keras_history": history}
    return {"class_name": "__keras_tensor__", "config": config}


def _cycle():
    return functional([image(), convolution("a", ["b"]), convolution("b", ["a"])])


def _long_cycle():
    ring = [convolution(f"c{i}", [f"c{(i - 1) % 3000}"], padding="same") for i in range(3000)]
    return functional([image(), *ring])


def _calls_of_calls():
    """Each model calls the one within it 10 times, one after another: 10**8 layers, 30 KB."""
    inner = functional([image(), convolution(padding="same", filters=3)], name="level0")
    for level in range(1, 9):
        calls = [
            [[source, 0 if i == 0 else i - 1, 0, {}]]
            for i, source in enumerate(["image"] + [inner["config"]["name"]] * 9)
        ]
        nested = {**inner, "name": inner["config"]["name"], "inbound_nodes": calls}
        inner = functional([image(), nested], name=f"level{level}")
        inner["config"]["output_layers"] = [[nested["name"], 9, 0]]
    return inner


def _chain():
    """Of 10,001 convolutions."""
    names = ["image", *(f"c{number}" for number in range(10_001))]
    layers = [convolution(name, [before]) for before, name in pairwise(names)]
    return functional([image(), *layers])


def _graphs():
    twin = [image(), convolution("conv"), convolution("conv", ["conv"])]
    yield (
        "no cycles",
        {"model_of_a_cycle": _cycle, "model_of_a_long_cycle": _long_cycle},
    )
    yield "names of their own", {"model_of_two_layers_of_one_name": functional(twin)}
    yield "at most 10,000 layers", {"model_of_10_001_layers": _chain}
    yield "at most 10,000 calls", {"model_of_calls_of_calls": _calls_of_calls}
    yield (
        "only layers of its model|only calls that the file has",
        {
            "model_of_outputs_of_no_layer": functional([image(), convolution()], ["nowhere"]),
            "model_of_inputs_of_no_layer": functional([image()], inputs=["nowhere"]),
            "model_of_no_layers": _changed(layers=[]),
            "model_of_outputs_far_away": _changed(output_layers=[["conv", HUGE, 0]]),
        },
    )
    yield (
        "calls of a layer are lists",
        {
            "model_of_no_inputs": functional([image(), convolution()], inputs=[]),
            "model_of_no_outputs": functional([image(), convolution()], outputs=[]),
            "model_of_outputs_that_are_a_number": _changed(output_layers=3),
        },
    )
    yield (
        "has a list of layers",
        {
            "model_of_layers_that_are_none": _changed(layers=None),
            "model_of_layers_that_are_words": _changed(layers="Conv2D"),
            "model_of_layers_that_are_a_dictionary": _changed(layers={"conv": convolution()}),
        },
    )
    yield (
        "A layer is written as",
        {
            "model_of_layers_that_are_numbers": _changed(layers=[1, 2]),
            "model_without_a_configuration": {"class_name": "Functional"},
            "model_of_no_class": {"config": convolved()["config"]},
            "model_of_a_number_for_a_class": {**convolved(), "class_name": 3},
            "model_of_a_list_for_a_class": {**convolved(), "class_name": ["Functional"]},
            "model_of_a_layer_without_a_class": _changed(layers=[image(), {"config": {}}]),
            "model_of_a_layer_without_a_configuration": _changed(
                layers=[image(), {"class_name": "Conv2D"}]
            ),
        },
    )
    yield (
        "Sequential or Functional model by its layers",
        {"model_of_a_configuration_of_nothing": {"class_name": "Functional", "config": {}}},
    )
    yield (
        "as a JSON object",
        {
            "model_that_is_a_list": [convolved()],
            "model_that_is_a_number": 3,
            "model_that_is_null": None,
        },
    )
    yield (
        "at most 8 axes",
        {
            "model_of_an_input_of_nine_axes": _input([None] * 9),
            "model_of_an_input_of_100_000_axes": _input([1] * 100_000),
        },
    )
    yield (
        "An input has a shape",
        {
            "model_of_an_input_in_words": _input(["3", "3", "3"]),
            "model_of_an_input_that_is_words": _input("3333"),
            "model_of_an_input_below_zero": _input([None, -32, 32, 3]),
            "model_of_an_input_in_halves": _input([None, 3.5, 32, 3]),
            "model_of_an_input_of_truths": _input([None, True, 32, 3]),
        },
    )


def _input(shape):
    return functional([image(shape=shape)], ["image"])


for _match, _cases in _nodes():
    _register("model", _match, ((name, _inbound(nodes)) for name, nodes in _cases.items()))
for _match, _cases in _graphs():
    _register("model", _match, _cases.items())


# --- names of things that run, and sizes that nobody holds ------------------------------------


def _behind(class_name, name="evil", **more):
    """The genuine network with a layer of this class behind it."""
    config = more.pop("config", {})
    model = functional([image(), convolution(), {**layer(class_name, name, ["conv"]), **more}])
    model["config"]["layers"][2]["config"] |= config
    return model


def marshalled():
    code = compile(f"__import__('os').system({COMMAND!r})", "<lambda>", "eval")
    return base64.b64encode(marshal.dumps(code)).decode()


def _named():
    function = {"class_name": "function", "config": "system", "module": "os"}
    python = {"class_name": "__lambda__", "config": {"code": marshalled(), "defaults": None}}
    system = {"module": "os", "class_name": "system", "registered_name": "os>system"}
    yield (
        "lambda_of_keras_2",
        _behind(
            "Lambda", config={"function": [marshalled(), None, None], "function_type": "lambda"}
        ),
    )
    yield "lambda_of_keras_3", _behind("Lambda", config={"function": python})
    yield (
        "lambda_by_name",
        _behind(
            "Lambda", config={"function": "system", "module": "os", "function_type": "function"}
        ),
    )
    yield "layer_in_the_module_os", _behind("system", module="os")
    yield (
        "layer_registered_as_os_system",
        _behind("system", module="os", registered_name="os>system"),
    )
    yield "layer_that_imports", _behind("__import__", config={"name": "evil", "args": ["os"]})
    yield "layer_of_a_dotted_name", _behind("os.system", config={"command": COMMAND})
    yield "layer_of_builtins", _behind("eval", module="builtins", config={"source": COMMAND})
    yield "layer_of_a_dunder", _behind("__class__")
    yield "layer_of_a_private_name", _behind("_Layer")
    yield "layer_of_a_module_of_convlab", _behind("registry", module="convlab.layers")
    yield "operator_of_os_system", _behind("TFOpLambda", config={"function": "os.system"})
    yield "model_of_a_custom_class", {**convolved(), "class_name": "Evil", "module": "os"}
    yield "activation_of_os_system", convolved(activation=function)
    yield "initializer_of_os_system", convolved(kernel_initializer=system)
    yield "regularizer_of_os_system", convolved(kernel_regularizer=system)
    yield "constraint_of_os_system", convolved(kernel_constraint=system)
    yield "dtype_policy_of_os_system", convolved(dtype=system)
    yield "compiled_with_os_system", {**convolved(), "compile_config": {"optimizer": system}}
    yield "built_with_os_system", {**convolved(), "build_config": system}


def _vast():
    yield "vast_convolution", convolved(filters=HUGE, kernel_size=[HUGE, HUGE], padding="same")
    yield "vast_dilation", convolved(dilation_rate=[HUGE, HUGE], padding="same")
    yield "vast_input", functional([image(shape=[HUGE] * 4), convolution(filters=HUGE)])
    yield "vast_padding", _behind("ZeroPadding2D", config={"padding": [[HUGE, HUGE]] * 2})
    yield "vast_upsampling", _behind("UpSampling2D", config={"size": [HUGE, HUGE]})
    yield "vast_pooling", _behind("MaxPooling2D", config={"pool_size": HUGE, "padding": "same"})
    yield "vast_dense", _behind("Dense", config={"units": HUGE})
    yield "vast_reshape", _behind("Reshape", config={"target_shape": [1] * 100_000})
    yield "vast_permutation", _behind("Permute", config={"dims": list(range(100_000, 0, -1))})
    yield "vast_concatenation", _joined("Concatenate")
    yield "vast_sum", _joined("Add")
    yield "filters_that_are_none", convolved(filters=None)
    yield "calls_without_arguments", _inbound([{}])
    yield "no_layers_of_keras_1", {"class_name": "Functional", "config": []}
    yield "vast_name", convolved(name="x" * 2**20)
    yield "markup_for_a_name", functional([image(), convolution("<img src=x onerror=alert(1)>")])
    yield "control_characters_for_a_name", functional([image(), convolution("\x1b]0;owned\x07")])
    yield "vast_period", _scaled
    yield "doubling_of_paths", _doubling
    yield "model_within_models", _nested


def _joined(class_name):
    """One layer called on one tensor 30,000 times over."""
    model = functional([image(), convolution(), layer(class_name, "joined")])
    model["config"]["layers"][2]["inbound_nodes"] = [[["conv", 0, 0, {}]] * 30_000]
    return model


def _scaled():
    """Upsampled by eight primes: the pattern of cells repeats after 10**16 of them."""
    primes = [97, 101, 103, 107, 109, 113, 127, 131]
    names = ["image", *(f"up{prime}" for prime in primes)]
    steps = zip(pairwise(names), primes, strict=True)
    return functional(
        [image(), *(layer("UpSampling2D", b, [a], size=[prime] * 2) for (a, b), prime in steps)]
    )


def _doubling():
    """300 layers, 2**300 paths from the first to the last."""
    layers = [image(), convolution("c0", ["image"], padding="same", filters=3)]
    for number in range(300):
        layers.append(layer("Add", f"add{number}", [layers[-1]["name"]] * 2))
        layers[-1]["inbound_nodes"] = [[[layers[-2]["name"], 0, 0, {}]] * 2]
    return functional(layers)


def _nested():
    inner = convolved()
    for _ in range(10):
        name = inner["config"]["name"]
        nested = {**inner, "name": name, "inbound_nodes": [[["image", 0, 0, {}]]]}
        inner = functional([image(), nested], outputs=[name], name=f"{name}x")
    return inner


_register("nobody", "", _named())
_register("nobody", "", _vast())
