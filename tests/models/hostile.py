"""Files that nobody should have to open: each is built here, and named after what is wrong.

`HOSTILE` lists them all. Each says which reader refuses it ("text", "archive", "hdf5"; "weights",
the latter once it reads arrays; "model" for what is well-formed and yet describes no network;
"nobody"), and words of the refusal.
"""

import io
import json
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

MIB = 2**20


@dataclass(frozen=True)
class Hostile:
    name: str
    refused_by: str
    match: str
    make: Callable[[], bytes]


HOSTILE = []


def hostile(refused_by, match):
    def register(make):
        HOSTILE.append(Hostile(make.__name__, refused_by, match, make))
        return make

    return register


def of(refused_by):
    return [case for case in HOSTILE if case.refused_by == refused_by]


# --- configurations ---------------------------------------------------------------------------


def layer(class_name, name, inbound=(), **config):
    """A layer as Keras 2 writes it, called on the outputs of the layers named."""
    nodes = [[[source, 0, 0, {}] for source in inbound]] if inbound else []
    return {
        "class_name": class_name,
        "name": name,
        "config": {"name": name, **config},
        "inbound_nodes": nodes,
    }


def image(name="image", shape=(None, 32, 32, 3)):
    return layer("InputLayer", name, batch_input_shape=list(shape), dtype="float32")


def functional(layers, outputs=None, inputs=("image",), name="model"):
    ends = [layers[-1]["name"]] if outputs is None else outputs
    config = {
        "name": name,
        "layers": layers,
        "input_layers": [[source, 0, 0] for source in inputs],
        "output_layers": [[end, 0, 0] for end in ends],
    }
    return {"class_name": "Functional", "config": config, "keras_version": "2.15.0"}


def convolution(name="conv", inbound=("image",), **changes):
    config = {"filters": 8, "kernel_size": [3, 3], "strides": [1, 1], "padding": "valid"}
    return layer("Conv2D", name, inbound, **{**config, **changes})


def convolved(**changes):
    return functional([image(), convolution(**changes)])


def text(value):
    return json.dumps(value).encode()


GENUINE = text(convolved())


# --- the text ---------------------------------------------------------------------------------


def _texts():
    size = b'{"class_name": "Functional", "config": {"size": %s}}'
    yield "text_of_nan", "no NaN", size % b"NaN"
    yield "text_of_infinity", "no NaN and no Infinity", size % b"Infinity"
    yield "text_of_minus_infinity", "no NaN and no Infinity", size % b"-Infinity"
    yield "text_of_an_overflowing_number", "must be finite", size % b"1e999"
    yield "text_with_a_key_twice", "key twice", b'{"class_name": "Functional", "class_name": "os"}'
    yield "text_with_a_key_twice_within", "key twice", size % b'{"a": {"b": 1, "b": 2}}'
    yield "text_with_an_escaped_key_twice", "key twice", b'{"a": 1, "\\u0061": 2}'
    yield "text_of_4_mib_of_lists", "levels deep", b'{"a":' + b"[" * (4 * MIB - 5)
    yield "text_of_deep_dictionaries", "levels deep", b'{"a":' * 700_000
    yield "text_of_65_levels", "levels deep", b'{"a":' + b"[" * 64 + b"]" * 64 + b"}"
    yield "text_of_5_mib", "bytes", b'{"a": "' + b"x" * 5 * MIB + b'"}'
    yield "text_of_a_size_of_31_bits", "at most 2,147,483,647", size % b"2147483648"
    yield "text_of_a_negative_size", "at most 2,147,483,647", size % b"-1099511627776"
    yield "text_of_a_long_seed", "at most 2,147,483,647", b'{"seed": 18446744073709551616}'
    yield "text_of_a_million_digits", "characters", size % (b"7" * 10**6)
    yield "text_of_a_million_decimals", "characters", size % (b"0." + b"7" * 10**6)
    yield "text_of_a_long_exponent", "characters", size % (b"1e" + b"1" * 10**6)
    yield "text_in_latin_1", "UTF-8", '{"name": "Größe"}'.encode("latin-1")
    yield "text_with_half_a_surrogate_pair", "Unicode", b'{"name": "\\ud800"}'
    yield "text_with_a_surrogate_key", "Unicode", b'{"a": {"\\udfff": 1}}'
    yield "text_of_a_million_values", "values", size % (b"[" + b"0," * 10**6 + b"0]")
    yield "text_of_a_million_empty_lists", "values", size % (b"[" + b"[]," * 10**6 + b"0]")
    yield "text_cut_short", "not JSON", GENUINE[:-20]
    yield "text_with_more_behind", "not JSON", GENUINE + b"{}"
    yield "text_with_single_quotes", "not JSON", GENUINE.replace(b'"', b"'")
    yield "text_with_a_control_character", "not JSON", b'{"name": "a\x00b"}'
    yield "text_without_an_end", "not JSON", b'{"' + b'\\"' * (2 * MIB - 4)
    yield "text_of_a_function_call", "not JSON", b"{__import__('os').system('true')}"


for _name, _match, _data in _texts():
    HOSTILE.append(Hostile(_name, "text", _match, lambda data=_data: data))


# --- archives ---------------------------------------------------------------------------------

LOCAL = {"flags": 6, "method": 8, "crc": 14, "packed": 18, "unpacked": 22, "name": 30}
CENTRAL = {"flags": 8, "method": 10, "crc": 16, "packed": 20, "unpacked": 24, "header": 42}


def archive(config=GENUINE, method=zipfile.ZIP_STORED, **members):
    """The bytes of a `.keras` file; `members` are further ones, with _ for the dot."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as zip_file:
        if config is not None:
            zip_file.writestr("config.json", config)
        for name, data in members.items():
            zip_file.writestr(name.replace("_", "."), data)
    return file.getvalue()


def with_member(info, data=b"x"):
    file = io.BytesIO(archive())
    with zipfile.ZipFile(file, "a") as zip_file:
        zip_file.writestr(info, data)
    return file.getvalue()


def patched(data, local=None, central=None):
    """The archive with fields of the first member's two headers overwritten."""
    data = bytearray(data)
    for start, offsets, fields in (
        (data.index(b"PK\x03\x04"), LOCAL, local or {}),
        (data.index(b"PK\x01\x02"), CENTRAL, central or {}),
    ):
        for field, value in fields.items():
            code = "<H" if field in ("flags", "method") else "<I"
            struct.pack_into(code, data, start + offsets[field], value)
    return bytes(data)


def patched_both(data, **fields):
    return patched(data, fields, fields)


def _named(name):
    def make():
        return with_member(zipfile.ZipInfo(name))

    return make


for _what, _path in {
    "to_the_parent": "../../.ssh/authorized_keys",
    "through_the_parent": "assets/../../x",
    "from_the_root": "/etc/cron.d/x",
    "on_a_drive": "C:/x",
    "of_a_windows_share": "\\\\host\\x",
    "with_a_line_break": "assets/a\nb",
    "with_an_empty_part": "assets//x",
}.items():
    HOSTILE.append(
        Hostile(f"archive_with_a_path_{_what}", "archive", "plain path within", _named(_path))
    )


@hostile("archive", "plain path within")
def archive_with_a_nul_in_a_name():
    return with_member(zipfile.ZipInfo("assetsQx")).replace(b"assetsQx", b"assets\0x")


@hostile("archive", "no zip archive")
def archive_that_is_a_signature():
    return b"PK\x03\x04" + bytes(100)


@hostile("archive", "no zip archive")
def archive_cut_short():
    return archive()[:-30]


@hostile("archive", "no zip archive")
def archive_without_its_beginning():
    return b"PK\x03\x04" + archive(assets_x=b"y" * 1000)[600:]


@hostile("archive", "holds a config.json")
def archive_of_nothing():
    return archive(config=None)


@hostile("archive", "holds a config.json")
def archive_without_a_configuration():
    return archive(config=None, metadata_json=b"{}")


@hostile("archive", "holds a config.json")
def archive_with_a_folder_for_a_configuration():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zip_file:
        zip_file.writestr("config.json/", b"")
    return file.getvalue()


@hostile("archive", "not a link")
def archive_with_a_symbolic_link():
    info = zipfile.ZipInfo("assets")
    info.external_attr = 0o120777 << 16
    return with_member(info, b"/etc")


@hostile("archive", "not a link or a device")
def archive_with_a_device():
    info = zipfile.ZipInfo("assets")
    info.external_attr = 0o020666 << 16
    return with_member(info)


@hostile("archive", "not encrypted")
def archive_that_is_encrypted():
    return patched_both(archive(), flags=1)


@hostile("archive", "agrees with its members")
def archive_encrypted_in_one_header():
    return patched(archive(), local={"flags": 1})


@hostile("archive", "name of its own")
def archive_with_a_name_twice():
    return with_member(zipfile.ZipInfo("config_json")).replace(b"config_json", b"config.json")


@hostile("archive", "share bytes")
def archive_of_overlapping_members():
    """Fifield's construction: the bytes of one member are the header and bytes of the next."""
    record = archive(None, b=b"x" * 100).split(b"PK\x01\x02")[0]
    data = bytearray(archive(a=record, b=b"x" * 100))
    entry = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, entry + CENTRAL["header"], data.index(record))
    return bytes(data)


@hostile("archive", "share bytes")
def archive_of_a_member_over_the_directory():
    data = archive()
    size = len(GENUINE) + 40
    return patched_both(data, packed=size, unpacked=size)


@hostile("archive", "stored or deflated")
def archive_packed_with_bzip2():
    return archive(method=zipfile.ZIP_BZIP2)


@hostile("archive", "stored or deflated")
def archive_packed_with_lzma():
    return archive(method=zipfile.ZIP_LZMA)


@hostile("archive", "stored or deflated")
def archive_packed_in_an_unknown_way():
    return patched_both(archive(), method=99)


@hostile("archive", "10,000 members")
def archive_of_10_001_members():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zip_file:
        for number in range(10_001):
            zip_file.writestr(str(number), b"")
    return file.getvalue()


@hostile("archive", "directory of an archive may have")
def archive_of_a_directory_of_10_mib():
    data = archive()
    start = data.index(b"PK\x01\x02")
    entry = data[start : data.index(b"PK\x05\x06")]
    count = 10 * MIB // len(entry)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 65535, 65535, count * len(entry), start, 0)
    return data[:start] + entry * count + end


@hostile("archive", "unpacks to at most 200 times")
def archive_with_a_configuration_of_spaces():
    return archive(b" " * 20 * MIB, zipfile.ZIP_DEFLATED)


@hostile("archive", "unpacks to at most 200 times")
def archive_with_weights_of_zeros():
    return archive(GENUINE, zipfile.ZIP_DEFLATED, model_weights_h5=bytes(20 * MIB))


@hostile("archive", "may have 4,194,304 bytes")
def archive_with_a_configuration_of_5_mib():
    return archive(text({"a": "x" * 5 * MIB}))


@hostile("archive", "no zip archive")
def archive_that_unpacks_to_more_than_it_says():
    """50 MiB behind a declared size of 1,000 bytes, in a member that is read."""
    data = archive(b"[" * 50 * MIB, zipfile.ZIP_DEFLATED)
    return patched_both(data, unpacked=1000)


@hostile("archive", "size that the archive states")
def archive_that_unpacks_to_less_than_it_says():
    return patched_both(archive(GENUINE, zipfile.ZIP_DEFLATED), unpacked=2000)


@hostile("archive", "A stored member has one size")
def archive_of_a_stored_member_with_two_sizes():
    return patched_both(archive(), unpacked=2000)


@hostile("archive", "may unpack to")
def archive_that_declares_a_terabyte():
    info = zipfile.ZipInfo("assets")
    data = with_member(info)
    return _with_zip64(data, 2**40)


def _with_zip64(data, size):
    """The archive, with a 64-bit size in the entry of its last member."""
    start = data.rindex(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    entry = bytearray(data[start:end])
    struct.pack_into("<I", entry, CENTRAL["unpacked"], 2**32 - 1)
    extra = struct.pack("<HHQ", 1, 8, size)
    struct.pack_into("<H", entry, 30, len(extra))
    tail = bytearray(data[end:])
    directory = struct.unpack_from("<I", tail, 12)[0]
    struct.pack_into("<I", tail, 12, directory + len(extra))
    return data[:start] + bytes(entry) + extra + bytes(tail)


@hostile("archive", "may unpack to")
def archive_of_the_largest_64_bit_size():
    return _with_zip64(with_member(zipfile.ZipInfo("assets")), 2**64 - 1)


@hostile("archive", "no zip archive")
def archive_with_a_64_bit_directory_out_of_reach():
    data = archive()
    start = data.index(b"PK\x05\x06")
    record = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, 2**40, 2**40, 2**62, 2**62)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, start, 1)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 65535, 65535, 2**32 - 1, 2**32 - 1, 0)
    return data[:start] + record + locator + end


@hostile("archive", "no zip archive")
def archive_with_a_wrong_checksum():
    return archive().replace(b'"kernel_size": [3, 3]', b'"kernel_size": [5, 5]')


@hostile("archive", "agrees with its members")
def archive_with_another_name_before_the_bytes():
    data = archive()
    return data.replace(b"config.json", b"config.jsom", 1)


@hostile("archive", "no zip archive|agrees with its members")
def archive_of_a_member_beyond_the_end():
    return patched(archive(), central={"header": 2**31})


@hostile("text", "UTF-8")
def archive_with_an_archive_for_a_configuration():
    return archive(archive())


@hostile("archive", "no NaN")
def archive_with_hostile_metadata():
    return archive(metadata_json=b'{"keras_version": NaN}')
