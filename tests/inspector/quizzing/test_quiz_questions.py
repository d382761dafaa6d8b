"""Questions by seed and level: the same for everybody, right, and telling what was mistaken."""

import re
from random import Random

import numpy as np
import pytest

import convlab as cl
from convlab import layers
from convlab.errors import ArgumentError
from convlab.inspector.quizzing import LEVELS, Mistake, Question, Quiz
from convlab.inspector.quizzing.kinds import argument, failing, field, fitting, parameters, shape
from convlab.inspector.quizzing.question import named, read, without_the_right, written

EVERY = [(seed, level) for seed in range(2) for level in LEVELS]


@pytest.mark.parametrize(("seed", "level"), EVERY)
def test_the_same_seed_and_level_give_the_same_questions(seed, level):
    one, other = Quiz(seed, level).questions(5), Quiz(seed, level).questions(5)
    assert one == other
    assert len({question.prompt + str(question.code) for question in one}) == 5
    assert one != Quiz(seed + 1, level).questions(5)


def test_a_question_is_what_it_was():
    """A teacher's link has to mean the same next year."""
    question = Quiz(7, 2).question(1)
    assert question.kind == "field"
    assert question.code == (
        "layer1 = MaxPooling2D(pool_size=3, strides=2)",
        "layer2 = Conv2D(8, 3, padding='same')",
        "layer3 = MaxPooling2D(pool_size=3, strides=2)",
    )
    assert question.answer == 11


@pytest.mark.parametrize(("seed", "level"), EVERY)
def test_the_right_answer_is_right_and_every_mistake_is_wrong(seed, level):
    for question in Quiz(seed, level).questions(6):
        for answer in question.accepted:
            assert question.check(written(answer)).right is True
        answers = [mistake.answer for mistake in question.mistakes]
        assert len(set(answers)) == len(answers)
        for mistake in question.mistakes:
            verdict = question.check(written(mistake.answer))
            assert verdict.right is False
            assert verdict.words == mistake.words
        assert question.derivation
        assert question.check("what?").right is None


@pytest.mark.parametrize(("seed", "level"), EVERY)
def test_the_derivation_leads_to_the_answer(seed, level):
    for question in Quiz(seed, level).questions(6):
        if question.form == "choice":
            assert question.answer in question.choices
        else:
            assert str(question.answer).strip("()") in question.derivation


def test_levels_bring_their_kinds():
    kinds = {level: {q.kind for q in Quiz(1, level).questions(20)} for level in LEVELS}
    assert kinds[1] == {"shape", "parameters", "field"}
    assert "argument" in kinds[2]
    assert "failing" in kinds[3]
    assert "fitting" in kinds[4]


@pytest.mark.parametrize(
    ("layer", "size", "answer", "words"),
    [
        (layers.Conv2D(8, 3, strides=2), 28, (14, 14, 8), "not what padding=.valid. gives"),
        (layers.Conv2D(8, 3, strides=2), 28, (26, 26, 8), "The stride is forgotten"),
        (layers.Conv2D(8, 3, strides=2), 28, (12, 12, 8), "// rounds down"),
        (layers.Conv2D(8, 3, strides=2, padding="same"), 28, (13, 13, 8), "without padding"),
        (layers.Conv2D(8, 3, strides=2, padding="same"), 27, (13, 13, 8), "without padding"),
        (layers.Conv2D(8, 3, strides=2), 28, (13, 13, 1), "The output's channels are the filters"),
        (layers.Conv2D(8, 3, dilation_rate=2), 28, (26, 26, 8), "The dilation is forgotten"),
        (layers.Conv2D(8, 3, padding="same", strides=3), 28, (9, 9, 8), "ceil rounds up|without"),
        (layers.Conv2DTranspose(8, 3, strides=2), 14, (6, 6, 8), "what a convolution gives"),
        (layers.Conv2DTranspose(8, 2, strides=2, padding="same"), 14, (26, 26, 8), "None is not 0"),
        (layers.Cropping2D(((1, 2), (1, 2))), 28, (27, 27, 1), "the front of each axis alone"),
        (layers.Conv1D(8, 3, padding="causal"), 28, (26, 8), "causal pads too"),
    ],
)
def test_what_a_wrong_shape_comes_from(layer, size, answer, words):
    given = layer.whole_shape(None, (size,) * layer.rank, 1)
    found = shape.question(layer, given).check(written(answer))
    assert found.right is False
    assert re.search(words, found.words)


def test_shapes_with_height_and_width_exchanged():
    found = shape.question(layers.Conv2D(8, 3), (None, 28, 20, 1)).check("18, 26, 8")
    assert found.words == "Height comes before width."


def test_an_unknown_mistake_says_where_to_look():
    question = shape.question(layers.Conv2D(8, 3), (None, 28, 20, 1))
    assert question.check("3, 18, 7").words == "Not yet: look at height and channels again."
    assert question.check("26, 18").words == "The output has 3 sizes behind the batch."
    number = Question("parameters", "", (), "number", (80,), "")
    assert number.check("81").words == "Not yet: it is less."
    assert number.check("79").words == "Not yet: it is more."


def test_an_argument_is_told_what_it_gives():
    question = argument.question(layers.Conv2D(8, 3, padding="same", strides=2), "strides", 28, 14)
    assert question.accepted == (2,)
    assert question.code == ("Conv2D(8, 3, strides=?, padding='same')",)
    assert question.check("3").words == "strides=3 gives 10, not 14."
    assert "None" not in question.check("0").words
    extra = layers.Conv2DTranspose(8, 4, strides=2, padding="same", output_padding=1)
    padded = argument.question(extra, "output_padding", 14, 27)
    assert padded.choices == ("None", "0", "1", "2")
    assert padded.check("None").words == "output_padding='None' gives 28, not 27."
    assert "must be strictly less than `strides`" in padded.check("2").words


def test_an_argument_that_every_value_fits_is_not_asked_for():
    assert argument.question(layers.Conv2D(8, 3, padding="same"), "kernel_size", 9, 9) is None


def test_a_network_is_told_what_it_would_have_to_join():
    for seed in range(5):
        question = fitting.ask(Random(seed), 4)
        least = int(re.search(r"height of (\d+) or more", question.prompt)[1])
        assert question.answer >= least
        if question.answer > least:
            assert "would have to join" in question.check(str(question.answer - 1)).words
        assert question.check(str(least - 1)).words == f"It has to be {least} or more."


def test_a_layer_that_fails_and_those_that_do_not():
    for seed in range(12):
        question = failing.ask(Random(seed), 3)
        for mistake in question.mistakes:
            assert (
                "does fit" in mistake.words
                or "not reached" in mistake.words
                or (mistake.answer == failing.NONE)
            )


@pytest.mark.parametrize("level", LEVELS)
def test_many_questions_can_be_asked(level):
    for seed in range(100, 115):
        for ask in (shape.ask, argument.ask, parameters.ask):
            assert ask(Random(seed), level).accepted


@pytest.mark.keras
def test_keras_gives_the_same_answers(keras):
    """The layers of the questions, made by Keras."""
    seen = 0
    for seed in range(30):
        for ask in (shape.ask, parameters.ask):
            question = ask(Random(seed), 1 + seed % 3)
            given = eval(re.search(r"\(None,[^)]*\)", question.prompt)[0])
            layer = eval(f"layers.{question.code[0]}", {"layers": keras.layers})
            if question.kind == "shape":
                assert tuple(layer.compute_output_shape(given))[1:] == question.answer
            else:
                layer.build(given)
                assert layer.count_params() == question.answer
            seen += 1
    assert seen == 60


def test_the_field_is_found_by_asking_which_rows_change():
    """The receptive field, from the outputs alone: ones in the weights, one row changed."""
    for seed in range(4):
        question = field.ask(Random(seed), 2)
        made = [
            eval(f"layers.{line.partition(' = ')[2]}", {"layers": layers}) for line in question.code
        ]
        size = 60
        for layer in made:
            if layer.weighted:
                layer.kernel_initializer = cl.initializers.Ones()
        model = cl.Sequential([cl.Input((size, size, 1)), *made])
        x = np.zeros((size, size, size, 1), "float32")
        for row in range(size):
            x[row, row] = 1
        out = model.predict(x)
        middle = out.shape[1] // 2
        rows = np.flatnonzero(np.abs(out[:, middle]).max(axis=(1, 2)) > 0)
        assert rows[-1] - rows[0] + 1 == question.answer


@pytest.mark.parametrize(
    ("text", "form", "answer"),
    [
        ("(None, 14, 14, 8)", "shape", (14, 14, 8)),
        ("14x14x8", "shape", (14, 14, 8)),
        (" 14 14 8 ", "shape", (14, 14, 8)),
        ("[14,14,8]", "shape", (14, 14, 8)),
        ("14, a", "shape", None),
        ("", "shape", None),
        ("-3", "number", None),
        ("1_000", "number", 1000),
        ("9" * 30, "number", None),
        ("x" * 10_000, "shape", None),
    ],
)
def test_answers_as_they_are_typed(text, form, answer):
    assert read(text, form) == answer


def test_a_mistake_that_is_right_is_none():
    mistakes = [Mistake(3, "a"), Mistake(4, "b"), Mistake(4, "c"), Mistake(None, "d")]
    assert without_the_right(mistakes, (3,)) == (Mistake(4, "b"),)
    assert named(layers.Conv2D(8, 3, name="a")) == "a = Conv2D(8, 3)"


@pytest.mark.parametrize(
    "given", [{"seed": -1}, {"seed": 1.5}, {"level": 0}, {"level": 5}, {"seed": True}]
)
def test_a_quiz_that_there_is_not(given):
    with pytest.raises(ArgumentError, match="of a quiz is a whole number from"):
        Quiz(**given)
