"""A network: layers, called on one another's outputs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from convlab.errors import ArgumentError, ArgumentTypeError, ShapeError
from convlab.layers.base import Cost, Gradients, Layer
from convlab.layers.node import Node, Spec, Tensor, leaves, tensors_in, with_leaves
from convlab.layers.weight import Weight
from convlab.models import entering
from convlab.models.graph import Graph, begun_anew

Array = NDArray[Any]


class Model(Layer):
    """A network made of layers, as Keras's functional models are.

    Args:
        inputs: what goes in: a symbol that `Input` gives, or a list or dictionary of them.
        outputs: what comes out: symbols that layers give for these.
        name: a name, or None for an automatic one.
        **kwargs: `trainable`, as for every layer.

    Raises:
        ArgumentError: the inputs or outputs are no symbols, or two layers have one name.
        ShapeError: the outputs need an input that is not given.

    Example:
        >>> import convlab as cl
        >>> from convlab import layers
        >>> x = cl.Input((8, 8, 3))
        >>> y = layers.Conv2D(4, 3, padding="same")(x)
        >>> y = layers.Concatenate()([x, y])
        >>> model = cl.Model(x, layers.GlobalAveragePooling2D()(y))
        >>> model.output_shape, model.count_params()
        ((None, 7), 112)
        >>> model.predict(np.zeros((2, 8, 8, 3))).shape
        (2, 7)
    """

    def __init__(
        self, inputs: Any = None, outputs: Any = None, name: str | None = None, **kwargs: Any
    ) -> None:
        if type(self) is Model and (inputs is None or outputs is None):
            raise ArgumentTypeError(
                "A model is made of its inputs and outputs.",
                received=f"inputs={inputs!r:.60}, outputs={outputs!r:.60}",
                remedy="Use Model(x, y), with x = Input(shape) and y what layers give for it.",
                argument="inputs" if inputs is None else "outputs",
            )
        super().__init__(name=name, **kwargs)
        if inputs is not None:
            self.connect(Graph(*begun_anew(inputs, outputs)))

    def connect(self, graph: Graph) -> None:
        """Take a graph as the network."""
        self._graph = graph
        self.listed: list[Layer] = []  # the layers as a file lists them, where one does
        self.built = True
        self._check_names()

    @property
    def graph(self) -> Graph:
        """The calls of the layers."""
        return self._graph

    def _check_names(self) -> None:
        owners: dict[str, Layer] = {}
        for layer in self.operations:
            if owners.setdefault(layer.name, layer) is not layer:
                raise ArgumentError(
                    "All layers of a model have names of their own.",
                    received=f"two layers named '{layer.name}'",
                    remedy="Give one of them another name.",
                    argument="name",
                )

    # What it is made of

    @property
    def class_name(self) -> str:
        """The name of the class in Keras."""
        return "Functional" if type(self) is Model else type(self).__name__

    @property
    def operations(self) -> list[Layer]:
        """Every layer, and every operator that symbols were joined by, each once."""
        return list(dict.fromkeys(node.layer for node in self.graph.nodes))

    @property
    def layers(self) -> list[Layer]:
        """The layers in order, each once, as Keras lists them: without operators."""
        return [layer for layer in self.operations if not layer.is_operator]

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """A layer by its name, or by its place among `layers`.

        Args:
            name: its name; a layer of a nested model is "outer/inner".
            index: its place.

        Raises:
            ArgumentError: there is none.
        """
        if index is not None:
            if -len(self.layers) <= index < len(self.layers):
                return self.layers[index]
            raise ArgumentError(
                f"Was asked to retrieve layer at index {index} but model only has "
                f"{len(self.layers)} layers.",
                received=f"index={index}",
                remedy=f"Use 0 to {len(self.layers) - 1}.",
                argument="index",
            )
        first, _, rest = str(name).partition("/")
        for layer in self.operations:
            if layer.name == first:
                if not rest:
                    return layer
                if isinstance(layer, Model):
                    return layer.get_layer(rest)
        raise ArgumentError(
            f"No such layer: {name}.",
            received=f"name={name!r}",
            remedy=f"Existing layers are: {', '.join(layer.name for layer in self.operations)}.",
            argument="name",
        )

    @property
    def inputs(self) -> list[Tensor]:
        """The symbols that go in."""
        return self.graph.flat_inputs

    @property
    def outputs(self) -> list[Tensor]:
        """The symbols that come out."""
        return self.graph.flat_outputs

    @property
    def input(self) -> Any:
        """What goes in, in the structure in which the model was made."""
        return self.graph.inputs

    @property
    def output(self) -> Any:
        """What comes out, in the structure in which the model was made."""
        return self.graph.outputs

    @property
    def input_shape(self) -> Any:
        """The shape of what goes in; a list where there are several inputs."""
        shapes = [tensor.shape for tensor in self.inputs]
        return shapes[0] if len(shapes) == 1 else shapes

    @property
    def output_shape(self) -> Any:
        """The shape of what comes out; a list where there are several outputs."""
        shapes = [tensor.shape for tensor in self.outputs]
        return shapes[0] if len(shapes) == 1 else shapes

    # Weights

    @property
    def weights(self) -> list[Weight]:
        """All weights, layer by layer."""
        self.build_layers()
        return [weight for layer in self.layers for weight in layer.weights]

    @property
    def trainable_weights(self) -> list[Weight]:
        """The weights that an optimizer would change."""
        self.build_layers()
        if not self.trainable:
            return []
        return [weight for layer in self.layers for weight in layer.trainable_weights]

    @property
    def non_trainable_weights(self) -> list[Weight]:
        """The weights that an optimizer would leave alone."""
        trainable = {id(weight) for weight in self.trainable_weights}
        return [weight for weight in self.weights if id(weight) not in trainable]

    variables = weights
    trainable_variables = trainable_weights
    non_trainable_variables = non_trainable_weights

    @property
    def trainable(self) -> bool:
        """Whether the weights count as trainable; setting it sets it for every layer."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._trainable = bool(value)
        for layer in self.operations:
            layer.trainable = bool(value)

    def get_weights(self) -> list[Array]:
        """Copies of the weights' values, layer by layer."""
        return [weight.numpy() for weight in self.weights]

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Set the weights' values, layer by layer.

        Raises:
            ShapeError: another number of arrays, or an array of another shape.
        """
        expected = self.weights
        if len(weights) != len(expected):
            raise ShapeError(
                f"You called `set_weights(weights)` on layer '{self.name}' with a weight list of "
                f"length {len(weights)}, but the layer was expecting {len(expected)} weights.",
                received=f"{len(weights)} arrays",
                remedy="Use what get_weights() of the same network gives.",
            )
        for weight, value in zip(expected, weights, strict=True):
            weight.assign(value)

    def count_params(self) -> int:
        """The number of numbers in the weights."""
        return sum(int(np.prod(weight.shape)) for weight in self.weights)

    @property
    def losses(self) -> list[Any]:
        """The penalties of every layer."""
        return [loss for layer in self.layers for loss in layer.losses]

    def build_layers(self) -> None:
        """Make the weights of layers that have none yet, as those of a file that is read.

        Raises:
            ShapeError: a layer cannot take what comes in; `convlab.trace(model)` shows where.
        """
        unbuilt = [layer for layer in self.layers if not layer.built and layer.weighted]
        if unbuilt:
            self.infer_from(self.input_specs(), build=True)

    def build(self, input_shape: Any = None) -> None:
        """Make the weights of layers that have none yet."""
        del input_shape  # the inputs know it
        self.build_layers()

    # Shapes

    def input_specs(self) -> list[Spec]:
        """What goes in, as far as it is known."""
        return [tensor.spec or Spec((), "float32") for tensor in self.inputs]

    def infer(self, inputs: Any, *_: Any, **__: Any) -> Any:
        """What a call would give: the `Spec` of each output.

        Raises:
            ShapeError: what comes in has another shape than the model's input.
        """
        specs = entering.in_order(self, inputs)
        entering.check_shapes(self, specs)
        return self.infer_from(specs)

    def infer_from(self, specs: Sequence[Spec], *, build: bool = False) -> Any:
        """The same for inputs in order; builds the layers on the way if asked."""

        def step(node: Node, known: Callable[[Tensor], Any]) -> Sequence[Spec]:
            args, kwargs = node.arguments(known)
            with layer_named(node.layer):
                found = node.layer.infer(*args, **kwargs)
                if build and not node.layer.built:
                    node.layer.build_for(*args)
                elif build and isinstance(node.layer, Model):
                    node.layer.build_layers()
            specs = list(leaves(found))
            for index, spec in enumerate(specs):
                node.output(index, spec if node.output(index).spec is None else None)
            return specs

        return self.graph.flow(specs, step)

    def build_for(self, inputs: Any, *_: Any) -> None:
        """A model is built already, or builds itself when its weights are asked for."""

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The output's shape, or shapes, for an input shape or several."""
        several = len(self.inputs) > 1
        shapes = list(input_shape) if several else [input_shape]
        specs = [
            Spec(tuple(shape), tensor.spec.dtype if tensor.spec else "float32")
            for shape, tensor in zip(shapes, self.inputs, strict=True)
        ]
        return with_leaves(self.infer_from(specs), lambda spec: spec.shape)

    def cost(self, input_shape: Any) -> Cost:
        """Parameters and multiply-adds of all layers, from `convlab.trace`'s rules."""
        raise ArgumentError(
            "The cost of a model is told layer by layer.",
            received=f"{self.name}.cost({input_shape})",
            remedy="Use convlab.trace(model, input_shape).",
        )

    # Calls

    def __call__(self, inputs: Any, *more: Any, **arguments: Any) -> Any:
        """The output for arrays; for symbols, the symbols that the network would give."""
        if next(tensors_in((inputs, more, arguments)), None) is not None:
            return super().__call__(inputs, *more, **arguments)
        return self.call(inputs, **self._call_arguments(more, arguments))

    def predict(
        self, x: Any, batch_size: int | None = None, verbose: Any = 0, steps: Any = None
    ) -> Any:
        """The output for arrays, a batch at a time.

        Args:
            x: an array, batch first, or a list or dictionary of them.
            batch_size: how many examples are computed at once; None is 32.
            verbose: accepted and ignored.
            steps: accepted and ignored.

        Raises:
            DataError: these are no arrays, or not as many as there are inputs.
            ShapeError: their shape does not fit.
        """
        del verbose, steps
        arrays = [np.asarray(value) for value in entering.in_order(self, x)]
        size, total = batch_size or 32, len(arrays[0]) if arrays[0].ndim else 0
        if total <= size:
            return self._run(_few(arrays))
        parts = [
            self._run(
                [a[i : i + size] for a in arrays] if len(arrays) > 1 else arrays[0][i : i + size]
            )
            for i in range(0, total, size)
        ]
        columns = zip(*map(leaves, parts), strict=True)
        return with_leaves(parts[0], lambda _: np.concatenate(next(columns)))

    def feature_maps(self, x: Any, layers: Iterable[str] | None = None) -> dict[str, Array]:
        """What each layer gives for an input.

        Args:
            x: as for `predict`.
            layers: the names of the layers that are wanted, those of nested models as
                "outer/inner"; None is all of them.

        Returns:
            Arrays by name, in the order in which they were computed. A layer that is called more
            than once stands there as "name", "name:1" and so on; of several outputs the first
            counts.

        Raises:
            ArgumentError: there is no such layer.

        Example:
            >>> import convlab as cl
            >>> from convlab import layers
            >>> x = cl.Input((4, 4, 1), name="image")
            >>> y = layers.MaxPooling2D(name="pool")(layers.Conv2D(2, 3, name="conv")(x))
            >>> maps = cl.Model(x, y).feature_maps(np.ones((1, 4, 4, 1)))
            >>> {name: found.shape for name, found in maps.items()}
            {'image': (1, 4, 4, 1), 'conv': (1, 2, 2, 2), 'pool': (1, 1, 1, 2)}
        """
        wanted = None if layers is None else set(layers)
        for name in wanted or ():
            self.get_layer(name.partition(":")[0])
        kept: dict[str, Array] = {}

        def keep(name: str, output: Any) -> None:
            times = 0
            while (key := f"{name}:{times}" if times else name) in kept:
                times += 1
            if wanted is None or key in wanted:
                kept[key] = next(leaves(output))

        self._run(x, keep)
        return kept

    def call(self, inputs: Any, training: bool = False) -> Any:
        """The output for arrays."""
        if training:
            raise ArgumentError(
                "convlab computes networks as they are used, not as they are trained.",
                received="training=True",
                remedy="Leave it out.",
                argument="training",
            )
        return self._run(inputs)

    def _run(
        self, inputs: Any, keep: Callable[[str, Any], None] | None = None, prefix: str = ""
    ) -> Any:
        arrays = self.checked_inputs(inputs)
        if keep:
            for tensor, array in zip(self.inputs, arrays, strict=True):
                keep(prefix + tensor.name, array)

        def step(node: Node, known: Callable[[Tensor], Any]) -> Sequence[Array]:
            args, kwargs = node.arguments(known)
            with layer_named(node.layer):
                if isinstance(node.layer, Model):
                    output = node.layer._run(args[0], keep, f"{prefix}{node.layer.name}/")
                else:
                    output = node.layer(*args, **kwargs)
            if keep:
                keep(prefix + node.layer.name, output)
            return list(leaves(output))

        found = self.graph.flow(arrays, step)
        alone = isinstance(found, list | tuple) and len(found) == 1
        return found[0] if alone else found  # as Keras: one array in a list stands for itself

    def checked_inputs(self, inputs: Any) -> list[Array]:
        """What goes in as arrays, in order, of the inputs' shapes and dtypes."""
        return entering.arrays_of(self, inputs)

    def vjp(self, inputs: Any, output_gradient: Any) -> Gradients:
        """The backward pass through the whole network.

        Args:
            inputs: as for a call.
            output_gradient: an array of the output's shape; for several outputs a list, in which
                None stands for no gradient.

        Returns:
            `(inputs, weights)`: the gradient of the input, or a list for several; and of each
            weight, in the order of `weights`.

        Raises:
            ShapeError: a gradient has another shape than its output.
        """
        from convlab.models.backward import gradients  # it stands upon this module

        return gradients(self, inputs, output_gradient)

    def summary(
        self,
        line_length: int | None = None,
        positions: Any = None,
        print_fn: Callable[[str], Any] | None = None,
        expand_nested: bool = False,
        show_trainable: bool = False,
        layer_range: Any = None,
    ) -> None:
        """Print the layers, their output shapes and parameters; `convlab.trace` tells far more.

        Args:
            line_length: how wide the text may be; None fits it to its content.
            positions: accepted and ignored.
            print_fn: what takes the text instead of `print`.
            expand_nested: whether the layers of nested models have lines of their own.
            show_trainable: accepted and ignored.
            layer_range: accepted and ignored.
        """
        del positions, show_trainable, layer_range
        from convlab.models.summary import summary  # it stands upon this module

        (print_fn or print)(summary(self, line_length, expand_nested))

    def get_config(self) -> dict[str, Any]:
        """The structure as Keras 3 writes it: layers, and how they are called; no weights.

        Example:
            >>> import convlab as cl
            >>> from convlab import layers
            >>> model = cl.Sequential([cl.Input((8, 3)), layers.Conv1D(4, 3)], name="small")
            >>> cl.Sequential.from_config(model.get_config()).output_shape
            (None, 6, 4)
        """
        from convlab.models.writing import config_of  # it stands upon this module

        return config_of(self)

    @classmethod
    def from_config(
        cls, config: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None
    ) -> Self:
        """Make the model again from `get_config()`, Keras's or ours; with new weights.

        Args:
            config: the structure.
            custom_objects: what layers of your own are, as for `convlab.load_model`.

        Raises:
            FileRefused: it describes no model.
        """
        from convlab.models.reading import model_from_config  # it stands upon this module

        made: Self = model_from_config(config, custom_objects)  # type: ignore[assignment]
        return made

    def to_json(self, **options: Any) -> str:
        """The structure in JSON, which Keras 3 and `convlab.model_from_json` read.

        A network whose shapes conflict is written too: `convlab.model_from_json` reads it, and
        Keras refuses it as it refuses the network.

        Args:
            **options: those of `json.dumps`.

        Raises:
            ArgumentTypeError: a layer has a function of one's own, which is no text.
        """
        from convlab.models.writing import json_of  # it stands upon this module

        return json_of(self, **options)

    def load_weights(self, path: Any, limits: Any = None) -> None:
        """Take the weights from a `.h5`, `.weights.h5` or `.keras` file of the same network.

        Args:
            path: the file, its bytes, or an open file.
            limits: how large it may be: a `convlab.models.Limits`.

        Raises:
            FileRefused: the file is damaged or too large, or has other weights.
        """
        from convlab.models.reading import load_weights  # it stands upon this module

        load_weights(self, path, limits)

    # What is not computed here

    def compile(self, *_: Any, **__: Any) -> None:
        """Accepted, so that a script that builds a network runs; nothing is trained here."""

    def fit(self, *_: Any, **__: Any) -> None:
        """Refused: networks are computed and explained here, not trained."""
        raise ArgumentError(
            "convlab computes and explains networks; it does not train them.",
            received=f"{self.name}.fit(...)",
            remedy="Train it with Keras, and read it: convlab.from_keras(model).",
        )

    def __repr__(self) -> str:
        return f"<{self.class_name} name={self.name}, {len(self.layers)} layers>"


def _few(arrays: list[Array]) -> Any:
    """A list of arrays; one alone stands for itself."""
    return arrays if len(arrays) > 1 else arrays[0]


class layer_named:  # noqa: N801 -- used like a function
    """Says, in what goes wrong inside, which layer it is about."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, Exception):
            error.add_note(f"In the layer '{self.layer.name}'.")
