"""JSON from strangers: what the standard parser gives, or a refusal in three parts."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convlab.errors import DataError, FileRefused
from convlab.models.json_text import parse
from convlab.models.limits import Limits

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**31) + 1, 2**31 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)

# What Python's parser lets pass.
STRICTER = {
    "JSON has no NaN and no Infinity.",
    "A number must be finite.",
    "The JSON text has a key twice in one object.",
    "An integer may be at most 2,147,483,647 in magnitude.",
}


@given(VALUES, st.booleans())
def test_what_json_writes_is_read(value, ascii):
    try:
        text = json.dumps(value, ensure_ascii=ascii)
        data = text.encode()
    except UnicodeEncodeError:
        return
    assert parse(text) == value
    assert parse(data) == value


@given(st.text(alphabet='[]{}",:\\0123456789.eE-nulltruefsaINy \n', max_size=60))
def test_every_text_is_read_as_json_reads_it_or_refused(text):
    try:
        expected = json.loads(text)
    except ValueError:
        with pytest.raises(FileRefused):
            parse(text)
        return
    try:
        assert parse(text) == expected
    except FileRefused as error:
        rule = error.rule
    else:
        return
    assert rule in STRICTER


def test_a_byte_order_mark_is_passed_over():
    assert parse(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}
    assert parse('\ufeff{"a": 1}') == {"a": 1}


def test_brackets_in_texts_do_not_nest():
    assert parse('{"a": "[[[[\\"[[[", "b": "\\\\"}', Limits(depth=1)) == {
        "a": '[[[["[[[',
        "b": "\\",
    }


def test_the_depth_is_counted_exactly():
    assert parse("[" * 64 + "]" * 64)
    with pytest.raises(FileRefused, match=r"nest 64 levels deep\.\nReceived more levels"):
        parse("[" * 65 + "]" * 65)


def test_pairs_of_surrogates_are_one_character_and_halves_are_none():
    assert parse('"\\ud83d\\ude00"') == "😀"
    assert parse('"\\\\ud83d"') == "\\ud83d"
    with pytest.raises(FileRefused, match="half of a surrogate pair"):
        parse('"\\ude00\\ud83d"')
    with pytest.raises(FileRefused, match="half of a surrogate pair"):
        parse('"\ud800"')


@pytest.mark.parametrize("number", [2**31, 2**63 - 1, 2**64 - 1, -(2**63)])
def test_seeds_have_64_bits_and_sizes_31(number):
    assert parse(json.dumps({"seed": number})) == {"seed": number}
    assert parse(json.dumps({"salt": [number, 0]})) == {"salt": [number, 0]}
    assert parse(json.dumps({"shared_object_id": number})) == {"shared_object_id": number}
    with pytest.raises(FileRefused, match=r"at most 2,147,483,647.*\n.*'\$\.seed\.filters\[0\]'"):
        parse(json.dumps({"seed": {"filters": [number]}}))
    with pytest.raises(FileRefused, match=rf"{number} at '\$'"):
        parse(str(number))


def test_an_integer_of_many_digits_is_not_printed():
    with pytest.raises(FileRefused, match="an integer of 1326 bits"):
        parse('{"seed": %s}' % ("9" * 399))


def test_a_refusal_says_where_and_what_to_do():
    with pytest.raises(FileRefused) as caught:
        parse('{"a": 1,\n "b" 2}')
    assert isinstance(caught.value, DataError)
    assert caught.value.rule == "The text is not JSON."
    assert caught.value.received == "Expecting ':' delimiter at line 2, column 6"
    assert "model.to_json()" in caught.value.remedy


def test_limits_are_the_callers():
    with pytest.raises(FileRefused, match="may have 10 bytes"):
        parse('{"a": "€€€"}', Limits(config_bytes=10))
    with pytest.raises(FileRefused, match="may hold 3 values"):
        parse("[1, 2, 3, 4]", Limits(nodes=3))
    assert parse(str(2**40), Limits(integer=2**62)) == 2**40


@pytest.mark.parametrize(
    "text",
    [
        '"' + '\\"' * 2**20,
        '{"' * 2**20,
        "-" * 2**21,
        '{"a":1,' * 2**18,
        "\\" * 2**21,
        '"a",' * 2**18,
    ],
    ids=["quotes", "keys", "minus", "objects", "backslashes", "texts"],
)
def test_bad_texts_cost_time_in_proportion(text):
    begin = time.process_time()
    with pytest.raises(FileRefused):
        parse(text)
    assert time.process_time() - begin < 5


def test_a_duplicate_among_many_keys_is_found_in_time():
    text = "{" + ",".join(f'"{i}": 0' for i in range(200_000)) + ', "199999": 1}'
    begin = time.process_time()
    with pytest.raises(FileRefused, match="key '199999'"):
        parse(text)
    assert time.process_time() - begin < 5
