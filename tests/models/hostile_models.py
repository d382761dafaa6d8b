"""Well-formed configurations that describe no network, or one that nobody can hold.

Registered with those in `hostile`. Those that `nobody` refuses are opened, and must harm nobody:
huge sizes are numbers, classes and functions that are not Keras's are names.
"""

import base64
import marshal
import tempfile
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
    yield "model_of_filters_that_are_none", "filters", convolved(filters=None)
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
    yield "model_of_nodes_that_are_a_number", 3
    yield "model_of_nodes_that_are_words", "image"
    yield "model_of_nodes_that_are_a_dictionary", {"image": 0}
    yield "model_of_nodes_of_numbers", [1, 2, 3]
    yield "model_of_nodes_of_nothing", [None]
    yield "model_of_nodes_of_no_layer", [[["nowhere", 0, 0, {}]]]
    yield "model_of_nodes_of_a_number_for_a_layer", [[[7, 0, 0, {}]]]
    yield "model_of_nodes_of_a_list_for_a_layer", [[[["image"], 0, 0, {}]]]
    yield "model_of_nodes_that_are_deep", deep
    yield "model_of_a_node_far_away", [[["image", HUGE, 0, {}]]]
    yield "model_of_a_node_before_the_first", [[["image", -1, 0, {}]]]
    yield "model_of_a_node_in_words", [[["image", "0", 0, {}]]]
    yield "model_of_a_node_in_halves", [[["image", 0.5, 0, {}]]]
    yield "model_of_a_tensor_far_away", [[["image", 0, HUGE, {}]]]
    yield "model_of_a_tensor_before_the_first", [[["image", 0, -1, {}]]]
    yield "model_of_a_layer_that_reads_itself", [[["conv", 0, 0, {}]]]
    yield "model_of_a_layer_that_reads_its_second_node", [[["conv", 1, 0, {}]]]
    yield "model_of_a_reference_cut_short", [[["image"]]]
    yield "model_of_keras_3_nodes_that_are_words", [{"args": "image", "kwargs": {}}]
    yield "model_of_keras_3_nodes_without_arguments", [{}]
    yield "model_of_keras_3_tensors_that_are_words", [{"args": [_tensor("image")], "kwargs": 3}]
    yield "model_of_keras_3_tensors_of_no_layer", [{"args": [_tensor(["x", 0, 0])], "kwargs": {}}]
    yield "model_of_keras_3_tensors_of_numbers", [{"args": [_tensor([0, 0, 0])], "kwargs": {}}]


def _tensor(history):
    config = {"shape": [None, 32, 32, 3], "dtype": "float32", "keras_history": history}
    return {"class_name": "__keras_tensor__", "config": config}


def _cycle():
    return functional(
        [image(), convolution("a", ["b"]), convolution("b", ["a"])],
    )


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


def _graphs():
    twin = [image(), convolution("conv"), convolution("conv", ["conv"])]
    yield "model_of_a_cycle", _cycle
    yield "model_of_a_long_cycle", _long_cycle
    yield "model_of_two_layers_of_one_name", functional(twin)
    yield (
        "model_of_10_001_layers",
        lambda: functional(
            [
                image(),
                *(convolution(f"c{i}", [f"c{i - 1}" if i else "image"]) for i in range(10_001)),
            ]
        ),
    )
    yield "model_of_outputs_of_no_layer", functional([image(), convolution()], ["nowhere"])
    yield "model_of_inputs_of_no_layer", functional([image(), convolution()], inputs=["nowhere"])
    yield "model_of_no_inputs", functional([image(), convolution()], inputs=[])
    yield "model_of_no_outputs", functional([image(), convolution()], outputs=[])
    yield "model_of_no_layers", _changed(layers=[])
    yield "model_of_layers_that_are_none", _changed(layers=None)
    yield "model_of_layers_that_are_words", _changed(layers="Conv2D")
    yield "model_of_layers_that_are_numbers", _changed(layers=[1, 2])
    yield "model_of_layers_that_are_a_dictionary", _changed(layers={"conv": convolution()})
    yield "model_of_outputs_that_are_a_number", _changed(output_layers=3)
    yield "model_of_outputs_far_away", _changed(output_layers=[["conv", HUGE, 0]])
    yield "model_of_a_configuration_that_is_a_list", {"class_name": "Functional", "config": []}
    yield "model_of_a_configuration_of_nothing", {"class_name": "Functional", "config": {}}
    yield "model_without_a_configuration", {"class_name": "Functional"}
    yield "model_of_no_class", {"config": convolved()["config"]}
    yield "model_of_a_number_for_a_class", {**convolved(), "class_name": 3}
    yield "model_of_a_list_for_a_class", {**convolved(), "class_name": ["Functional"]}
    yield "model_that_is_a_list", [convolved()]
    yield "model_that_is_a_number", 3
    yield "model_that_is_null", None
    yield "model_of_a_layer_without_a_class", _changed(layers=[image(), {"config": {}}])
    yield (
        "model_of_a_layer_without_a_configuration",
        _changed(layers=[image(), {"class_name": "Conv2D"}]),
    )
    yield "model_of_an_input_of_nine_axes", functional([image(shape=[None] * 10)], ["image"])
    yield "model_of_an_input_of_100_000_axes", functional([image(shape=[1] * 100_000)], ["image"])
    yield (
        "model_of_an_input_in_words",
        functional([image(shape=["3", "3", "3"])], ["image"]),
    )
    yield "model_of_an_input_that_is_words", functional([image(shape="3333")], ["image"])
    yield "model_of_an_input_below_zero", functional([image(shape=[None, -32, 32, 3])], ["image"])
    yield "model_of_an_input_in_halves", functional([image(shape=[None, 3.5, 32, 3])], ["image"])
    yield "model_of_calls_of_calls", _calls_of_calls


_register("model", "", ((name, _inbound(nodes)) for name, nodes in _nodes()))
_register("model", "", _graphs())


# --- names of things that run, and sizes that nobody holds ------------------------------------


def _behind(class_name, name="evil", **more):
    """The genuine network with a layer of this class behind it."""
    config = more.pop("config", {})
    model = functional([image(), convolution(), {**layer(class_name, name, ["conv"]), **more}])
    model["config"]["layers"][2]["config"] |= config
    return model


def _code():
    code = compile(f"__import__('os').system({COMMAND!r})", "<lambda>", "eval")
    return base64.b64encode(marshal.dumps(code)).decode()


def _named():
    function = {"class_name": "function", "config": "system", "module": "os"}
    marshalled = {"class_name": "__lambda__", "config": {"code": _code(), "defaults": None}}
    system = {"module": "os", "class_name": "system", "registered_name": "os>system"}
    yield (
        "lambda_of_keras_2",
        _behind("Lambda", config={"function": [_code(), None, None], "function_type": "lambda"}),
    )
    yield "lambda_of_keras_3", _behind("Lambda", config={"function": marshalled})
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
    yield "vast_name", convolved(name="x" * 2**20)
    yield "markup_for_a_name", functional([image(), convolution("<img src=x onerror=alert(1)>")])
    yield "control_characters_for_a_name", functional([image(), convolution("\x1b]0;owned\x07")])
    yield "doubling_of_paths", _doubling
    yield "model_within_models", _nested


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
