"""What a reader of code cannot read is refused with its line; what is hostile, in a moment."""

import time

import pytest

from convlab.errors import ArgumentError
from convlab.models.code.reading import CodeRefused, read_code
from convlab.models.code.reading.source_text import MAX_CHARACTERS

BEGIN = "x = Input((28, 28, 1))\n"

REFUSALS = {
    "an unknown number": (
        BEGIN + "y = Conv2D(n, 3)(x)",
        2,
        "filters",
        "Write the number",
    ),
    "a number from a file": (
        BEGIN + "n = int(open('n').read())\nConv2D(n, 3)(x)",
        3,
        "filters: ",
        "",
    ),
    "a shape of data": (
        "import numpy as np\nd = np.load('d')\nx = Input(d.shape[1:])",
        3,
        "numpy.load",
        "Write the number",
    ),
    "a layer of another library": (
        BEGIN + "import foo\ny = foo.Attention(4)(x)",
        3,
        "foo.Attention",
        "",
    ),
    "a pretrained model that is not known": (
        BEGIN + "m = keras.applications.NASNetMobile(input_shape=(28, 28, 1))\ny = m(x)",
        3,
        "NASNetMobile",
        "",
    ),
    "a pretrained model that Keras refuses": (
        BEGIN + "m = keras.applications.VGG16(input_shape=(64, 64, 1))\ny = m(x)",
        2,
        "input_shape=(64, 64, 1)",
        "weights=None",
    ),
    "layers added as often as is not known": (
        "m = Sequential()\nfor size in sizes:\n    m.add(Dense(size))",
        2,
        "sizes",
        "",
    ),
    "an operation that is not known": (
        BEGIN + "y = tf.linalg.svd(x)",
        2,
        "tensorflow.linalg.svd",
        "Put a layer",
    ),
    "an unknown list of layers": (
        "m = Sequential(layers_of(3))\nm.add(other)",
        2,
        "other",
        "",
    ),
    "an unknown condition": (
        BEGIN + "if flag:\n    y = Conv2D(4, 3)(x)\nmodel = Model(x, y)",
        4,
        "a condition that is not known",
        "",
    ),
    "an unknown loop": (
        BEGIN + "for n in sizes:\n    x = Conv2D(n, 3)(x)\nmodel = Model(x, x)",
        4,
        "a loop whose turns are not known",
        "",
    ),
    "an unknown end": (
        BEGIN + "while n < 3:\n    x = Conv2D(4, 3)(x)",
        2,
        "'n'",
        "",
    ),
    "a layer's own refusal": (
        BEGIN + "y = Conv2D(4, 3,\n    padding='full')(x)",
        2,
        "padding",
        "",
    ),
    "an argument that no layer has": (
        BEGIN + "y = Conv2D(4, 3, stride=2)(x)",
        2,
        "stride",
        "The arguments are",
    ),
    "no argument": (
        BEGIN + "y = Conv2D()(x)",
        2,
        "filters",
        "",
    ),
    "too many arguments of a function": (
        BEGIN + "def f(a):\n    return a\nf(x, 1)",
        4,
        "2 arguments",
        "",
    ),
    "two layers of one name": (
        BEGIN + "y = Dense(1, name='a')(Dense(1, name='a')(x))\nm = Model(x, y)",
        3,
        "'a'",
        "another name",
    ),
    "a class statement of its own": (
        "class A:\n    match 1:\n        case 1: pass",
        2,
        "Match",
        "",
    ),
    "no Python": (
        "x = Input((28, 28, 1)\ny = 3",
        1,
        "Input",
        "Paste whole lines",
    ),
    "no network": (
        "x = 3",
        1,
        "no call of a layer",
        "Paste the lines",
    ),
    "nothing": (
        "",
        1,
        "no call of a layer",
        "",
    ),
    "prose": (
        "My model does not work, why?",
        1,
        "My model",
        "Paste whole lines",
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_cannot_be_read_is_refused_with_its_line(name):
    code, line, received, remedy = REFUSALS[name]
    with pytest.raises(CodeRefused, match=rf"line {line}: ") as caught:
        read_code(code)
    error = caught.value
    assert isinstance(error, ArgumentError)
    assert error.line == line
    assert received in str(error)
    assert remedy in error.remedy
    assert error.rule
    assert error.remedy


def test_a_refused_layer_is_told_with_its_arguments():
    with pytest.raises(CodeRefused, match="strides > 1` not supported") as caught:
        read_code(BEGIN + "y = Conv2D(4, 3, strides=2, dilation_rate=2)(x)")
    error = caught.value
    assert (error.layer, error.line, error.argument) == ("Conv2D", 2, "strides")
    assert error.arguments == {"filters": 4, "kernel_size": 3, "strides": 2, "dilation_rate": 2}
    assert {"strides": 1} in error.fixes


HOSTILE = {
    "a long text": "x = 1\n" * (MAX_CHARACTERS // 5),
    "deep nesting": "x = " + "(" * 5000 + "1" + ")" * 5000,
    "deep lists": "x = " + "[" * 90 + "]" * 90 + "\n" + "y = x" + "[0]" * 5000,
    "unary": "x = " + "-" * 50_000 + "1",
    "a long sum": "x = " + "+".join(["1"] * 50_000),
    "a large power": "x = 10 ** 10 ** 10",
    "powers in steps": "x = 7\nfor i in range(100):\n    x = x ** 3",
    "products in steps": "x = 7\nfor i in range(1000):\n    x = x * x",
    "a large text": "x = 'a' * 10 ** 9",
    "texts in steps": "x = 'ab'\nfor i in range(100):\n    x = x + x",
    "lists in steps": "x = [1]\nfor i in range(100):\n    x = x + x",
    "lists that grow": "x = [1]\nfor i in range(10**6):\n    x.append(x)",
    "a list of itself": "x = [1]\nx.append(x)\nConv2D(x, 3)",
    "wide formats": "x = f'{1:>999999999}'",
    "wide percents": "x = '%999999999d' % 1",
    "star percents": "x = '%*d' % (999999999, 1)",
    "wide format calls": "x = '{:>999999999}'.format(1)",
    "nested format calls": "x = '{:>{w}}'.format(1, w=10**9)",
    "replacing in steps": "x = 'a' * 9000\nx = x.replace('a', x)",
    "an endless loop": "while True:\n    pass",
    "a long loop": "for i in range(10**12):\n    pass",
    "loops in loops": "for i in range(9999):\n    for j in range(9999):\n        pass",
    "a large range": "x = list(range(10**12))",
    "a large comprehension": "x = [i for i in range(9999) for j in range(9999)]",
    "recursion": "def f(x):\n    return f(x)\nf(1)",
    "mutual recursion": "f = lambda x: g(x)\ng = lambda x: f(x)\nf(1)",
    "many layers": BEGIN + "for i in range(9000):\n    x = Dense(1)(x)",
    "a large rank": "x = Input((1,) * 5000)",
    "a large size": "x = Input((10**30, 3))",
    "a large layer": "x = Dense(10**15)(Dense(10**15)(Input((10**15,))))",
    "a large kernel": BEGIN + "x = Conv2D(10**9, 10**9, padding='same')(x)",
    "a large padding": BEGIN + "x = ZeroPadding2D(10**12)(x)",
    "the largest of a long range": "max(range(10**12))",
    "a list of a long range": "x = list(enumerate(range(10**12)))",
    "a long range behind a list": "x = []\nx.extend(range(10**12))",
    "what is not in a long range": "x = 1.5 in range(10**12)",
    "the product of a long range": "x = math.prod(range(1, 10**12))",
    "digits before the point": "x = round(5, -10**9)",
    "lists that are summed": "a = [0] * 9999\nb = [a] * 9999\nsum(b, [])",
    "a list twice in a list": "a = [1]\n" + "a = [a, a]\n" * 60 + "Conv2D(a, 3)",
    "a tuple twice in a tuple": "a = (1,)\n" + "a = (a, a)\n" * 60 + "{a: 1}\nf'{a}'",
    "a dictionary twice in one": "a = {}\n" + "a = {1: a, 2: a}\n" * 60 + "Dense(a)",
    "lists put twice into lists": "a = [1]\n"
    + "b = [0, 0]\nb[0] = a\nb[1] = a\na = b\n" * 60
    + "a == a",
    "a list that grows within others": "a = []\nb = [a] * 9000\n"
    "str([b, [a.append(0) for n in range(9000)]])",
    "a long list over and over": "a = [0] * 9999\nfor n in range(9999):\n    len(a)",
    "much that is passed over": "for n in range(9999):\n    if unknown:\n"
    + "        a = 1\n" * 9999,
    "a long target": "a = [1]\nfor n in range(9999):\n    a[" + "+".join(["0"] * 5000) + "] += 1",
    "a long function": "for n in range(9999):\n    u[" + "0," * 50_000 + "]()",
    "a class of the same twice": "class A0: pass\n"
    + "".join(f"class A{n + 1}(A{n}, A{n}): pass\n" for n in range(60))
    + "A60()",
    "operators without an end": BEGIN + "for n in range(9999):\n    x = x + 1",
    "slices without an end": BEGIN + "for n in range(9999):\n    x = x[:, 1:]",
    "models in models": "m = Sequential([Input((8,)), Dense(8)])\nfor n in range(50):\n"
    "    x = Input((8,))\n    m = Model(x, m(m(x)))",
    "a model in itself": "m = Sequential()\nm.add(m)\nm.build((None, 8))",
    "many names": "(" + ", ".join(f"a{i}" for i in range(9000)) + ") = 1",
    "stars": BEGIN + "x = Conv2D(*[[1] * 9999] * 3)(x)",
    "many keywords": BEGIN + "x = Conv2D(" + ", ".join(f"a{i}=1" for i in range(5000)) + ")(x)",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_refused_in_a_moment(name):
    begun, said = time.process_time(), ""
    try:
        read_code(HOSTILE[name])
    except CodeRefused as error:
        said = str(error)
    assert time.process_time() - begun < 5
    assert len(said) < 5000


def test_a_format_reads_no_attribute():
    with pytest.raises(CodeRefused, match="a format with a width or an attribute"):
        read_code("x = '{0.__class__}'.format(1)")


def test_a_number_in_a_text_is_no_width():
    read = read_code(BEGIN + "x = Dense(2, name='fc_%d_4096'.replace('4096', '%d') % (1, 2))(x)")
    assert read.model.layers[-1].name == "fc_1_2"


def test_a_text_that_ends_within_a_function_is_read_to_there():
    assert read_code(BEGIN + "m = Model(x, Dense(2)(x))\nreturn m\nm = 1").model.layers


def test_a_long_range_is_not_known_and_refuses_nothing():
    code = BEGIN + "for step in range(10**6):\n    train(step)\nm = Model(x, Dense(2)(x))"
    assert read_code(code).model.output_shape == (None, 28, 28, 2)


ESCAPES = [
    "__import__('os').system('touch {mark}')",
    "open({mark!r}, 'w')",
    "exec(\"open({mark!r}, 'w')\")",
    "eval(\"open({mark!r}, 'w')\")",
    "().__class__.__base__.__subclasses__()",
    "(lambda: 0).__globals__['__builtins__']",
    "Conv2D.__init__.__globals__",
    "layers.base.np.save({mark!r}, 1)",
    "keras.utils.get_file({mark!r})",
    "Input((3,)).node.layer.__class__.__mro__",
    "'{{0.__class__}}'.format(1)",
    "[].append.__self__",
    "Dense(1).__class__",
    "__builtins__",
    "getattr(Dense, '__init__')",
    "Lambda(lambda x: open({mark!r}, 'w'))(Input((3,)))",
    "Dense(1, activation=lambda x: open({mark!r}, 'w'))",
    "Dense(1, kernel_initializer=open({mark!r}, 'w'))",
    "np.load({mark!r}, allow_pickle=True)",
]


@pytest.mark.parametrize("text", ESCAPES)
def test_nothing_in_the_text_is_run_or_reached(text, tmp_path):
    mark = tmp_path / "mark"
    code = f"got = {text.format(mark=str(mark))}\nConv2D(1, 1, name='end')(Input((3, 3, got)))"
    with pytest.raises(CodeRefused):
        read_code(code)
    assert not mark.exists()
