"""Makes `convlab/inspector/legality/table.json`: asks Keras on TensorFlow, JAX and PyTorch.

It needs a virtual environment with all of them, and takes a quarter of an hour:

    python -m venv .venv-legality
    .venv-legality/bin/pip install -e '.[test]' jax torch
    .venv-legality/bin/python tests/inspector/legality/record_legality.py

For each class of layers, every combination of labels (see `convlab/inspector/legality/features.py`)
is turned into arguments, and each backend, in a process of its own, is asked to make the layer.
Where it does, the layer is also called on symbols and on numbers, forwards and backwards, in
situations enough that every three labels meet in a layer that is taken, and in all that the rules
made of the answers refuse. The rules are compared with every answer before they are written.
"""

import json
import time
from pathlib import Path

from asking import ENVIRONMENTS, ask
from covering import covering
from fitting import rules_of, tabled
from made_situations import arguments_of, input_shapes, situations

from convlab.inspector.legality.features import class_names
from convlab.inspector.legality.table import table_of

TABLE = Path(__file__).parents[3] / "convlab" / "inspector" / "legality" / "table.json"


def answers_of(backend):
    """The backend's versions, and its answers by class and situation."""
    keys = [(name, situation) for name in class_names() for situation in situations(name)]
    keys = [key for key in keys if arguments_of(*key) is not None]
    versions, made = _asked(backend, keys, computing=False)
    well = [key for key in keys if made[key] is None]
    answers = {key: answer for key, answer in made.items() if answer}
    while new := _to_be_asked(well, answers):
        answers |= _asked(backend, new, computing=True)[1]
    return versions, _by_class(answers)


def _to_be_asked(well, answers):
    """The situations in which to compute next, of those in which the layer is made.

    That is what the rules made of the answers so far refuse without having been told so; and of
    the rest, which they take, so many that every three labels meet in a layer that is taken.
    """
    table = _table({"one": {}}, {"one": _by_class(answers)})
    refused = {key for key in well if table.rule("one", *key)}
    new = [key for key in well if key in refused and key not in answers]
    for name in class_names():
        taken = [key[1] for key in well if key[0] == name and key not in refused]
        begun = [one for one in taken if answers.get((name, one), "not asked") is None]
        new += [(name, one) for one in covering(taken, begun=begun)]
    return new


def _asked(backend, keys, *, computing):
    versions, answers = ask(backend, [case(*key, computing=computing) for key in keys])
    return versions, dict(zip(keys, answers, strict=True))


def _of(name, keys):
    return (situation for one, situation in keys if one == name)


def _by_class(answers):
    return {name: {one: answers[name, one] for one in _of(name, answers)} for name in class_names()}


def case(name, situation, variant=0, *, computing):
    """What `ask` takes."""
    given = arguments_of(name, situation, variant)
    return name, given, input_shapes(name, given, variant), computing


def check(table, answers):
    """Every answer is what the table says."""
    for backend, classes in answers.items():
        for name, told in classes.items():
            for situation, answer in told.items():
                rule = table.rule(backend, name, situation)
                wrong = (answer is None) != (rule is None)
                wrong |= bool(rule) and (rule.stage == "differs") != (answer["stage"] == "differs")
                if wrong:
                    raise AssertionError(f"{backend} {name} {situation}: {answer}, not {rule}")


def _told(versions, answers):
    """The table as JSON has it."""
    rules = {
        backend: {name: rules_of(name, told) for name, told in classes.items()}
        for backend, classes in answers.items()
    }
    return {"versions": versions, "rules": tabled(rules)}


def _table(versions, answers):
    return table_of(_told(versions, answers))


def write(versions, answers):
    """The table, after it was compared with every answer."""
    told = _told(versions, answers)
    check(table_of(told), answers)
    lines = ",\n".join(json.dumps(rule) for rule in told["rules"])
    text = f'{{"versions": {json.dumps(versions)},\n"rules": [\n{lines}\n]}}\n'
    TABLE.write_text(text, encoding="utf-8")


def main():
    versions, answers = {}, {}
    for backend in ENVIRONMENTS:
        begun = time.monotonic()
        versions[backend], answers[backend] = answers_of(backend)
        many = sum(map(len, answers[backend].values()))
        print(f"{backend}: {many} situations, {time.monotonic() - begun:.0f} s", flush=True)
    write(versions, answers)


if __name__ == "__main__":
    main()
