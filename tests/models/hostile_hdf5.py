"""HDF5 files that nobody should have to open, registered with those in `hostile`."""

import io
import re
import struct
import tempfile
from functools import wraps
from pathlib import Path

import h5py
import numpy as np
from hostile import GENUINE, MIB, hostile


def hdf5(match, refused_by="hdf5"):
    """Register what is written into an open HDF5 file that is genuine so far."""

    def register(write):
        @hostile(refused_by, match)
        @wraps(write)
        def make():
            return written(write)

        return make

    return register


def written(write):
    """The bytes of an HDF5 file that describes a model, after `write(file)`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.h5"
        with h5py.File(path, "w") as file:
            file.attrs["model_config"] = GENUINE.decode()
            file.attrs["keras_version"] = "2.15.0"
            file.attrs["backend"] = "tensorflow"
            weights = file.create_group("model_weights")
            weights.attrs["layer_names"] = np.asarray([b"image", b"conv"])
            weights.create_group("image").attrs["weight_names"] = np.asarray([])
            conv = weights.create_group("conv")
            conv.attrs["weight_names"] = np.asarray([b"conv/kernel:0", b"conv/bias:0"])
            conv["conv/kernel:0"] = np.ones((3, 3, 3, 8), np.float32)
            conv["conv/bias:0"] = np.ones(8, np.float32)
            write(file)
        return path.read_bytes()


@hdf5("the soft link")
def hdf5_with_a_soft_link(file):
    file["elsewhere"] = h5py.SoftLink("/model_weights/conv")


@hdf5("the soft link")
def hdf5_with_a_dangling_soft_link(file):
    file["model_weights/nowhere"] = h5py.SoftLink("/nowhere")


@hdf5("the external link")
def hdf5_with_an_external_link(file):
    file["model_weights/passwd"] = h5py.ExternalLink("/etc/passwd", "/")


@hdf5("lies in another file")
def hdf5_with_an_array_in_another_file(file):
    place = [("/etc/passwd", 0, 100)]
    file.create_dataset("passwd", (100,), np.uint8, external=place)


@hdf5("a virtual array")
def hdf5_with_a_virtual_array(file):
    layout = h5py.VirtualLayout((8,), np.float32)
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", (8,))
    file.create_virtual_dataset("virtual", layout)


@hdf5("plain numbers")
def hdf5_with_a_compound_array(file):
    file["pairs"] = np.zeros(3, [("a", "f4"), ("b", "i4")])


@hdf5("plain numbers")
def hdf5_with_an_array_of_texts(file):
    file["texts"] = ["a", "b"]


@hdf5("plain numbers")
def hdf5_with_an_array_of_references(file):
    file.create_dataset("references", (2,), h5py.ref_dtype)[0] = file.ref


@hdf5("plain numbers")
def hdf5_with_an_array_of_ragged_rows(file):
    file.create_dataset("ragged", (2,), h5py.vlen_dtype(np.int32))[0] = [1, 2]


@hdf5("plain numbers")
def hdf5_with_complex_numbers(file):
    file["complex"] = np.zeros(3, complex)


@hdf5("plain numbers")
def hdf5_with_a_pickle_for_a_weight(file):
    file["pickle"] = np.void(b"cos\nsystem\n(S'true'\ntR.")


@hdf5("plain numbers")
def hdf5_with_two_bytes_of_nothing(file):
    file["opaque"] = np.zeros(3, "V2")


@hdf5("unpacks to at most 200 times")
def hdf5_with_a_sparse_array(file):
    file.create_dataset("sparse", (2**40,), np.float32, chunks=(1024,))


@hdf5("unpacks to at most 200 times")
def hdf5_with_an_array_that_was_never_written(file):
    file.create_dataset("unwritten", (2**20, 2**30), np.float64)


@hdf5("unpacks to at most 200 times")
def hdf5_with_a_packed_array_of_zeros(file):
    file.create_dataset("zeros", (64 * MIB,), np.int8, data=np.zeros(64 * MIB, np.int8), **PACKED)


PACKED = {"compression": "gzip", "compression_opts": 9, "chunks": (MIB,)}


@hdf5("unpacks to at most 200 times|shape that memory can hold")
def hdf5_with_sizes_of_64_bits(file):
    file.create_dataset("vast", (2**62, 2**62), np.float64, chunks=(1, 1))


@hdf5("shape that memory can hold")
def hdf5_with_sizes_of_64_bits_and_none(file):
    file.create_dataset("vast", (0, 2**62, 2**62), np.float64)


@hdf5("may have 8 axes")
def hdf5_with_nine_axes(file):
    file["axes"] = np.zeros((1,) * 9)


@hdf5("An array has a shape")
def hdf5_with_an_array_of_no_shape(file):
    file["empty"] = h5py.Empty(np.float32)


@hdf5("leads to each object in one way")
def hdf5_with_a_group_in_itself(file):
    file["model_weights/conv/again"] = file["model_weights"]


@hdf5("leads to each object in one way")
def hdf5_with_a_ladder_of_links(file):
    """40 groups, 2**40 paths."""
    group = file.create_group("ladder")
    for _ in range(40):
        step = group.create_group("a")
        group["b"] = step
        group = step


@hdf5("levels deep")
def hdf5_of_100_levels(file):
    file.create_group("/".join("a" * 100))


@hdf5("leads to each object in one way")
def hdf5_of_100_001_names_for_a_group(file):
    group = file.create_group("many", track_order=False).id
    target = h5py.h5g.create(group, b"target")
    for number in range(100_000):
        group.links.create_hard(b"%d" % number, group, b"target")
    del target


@hdf5("a named type")
def hdf5_with_a_named_type(file):
    file["type"] = np.dtype([("a", "f4")])


@hdf5("filter 32008")
def hdf5_with_a_filter_that_is_a_plugin(file):
    _filtered(file, lambda plan: plan.set_filter(32008, h5py.h5z.FLAG_OPTIONAL))


@hdf5("filter 6")
def hdf5_with_a_filter_that_loses(file):
    _filtered(file, lambda plan: plan.set_scaleoffset(h5py.h5z.SO_INT, 2))


def _filtered(file, choose):
    plan = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plan.set_chunk((8,))
    choose(plan)
    space = h5py.h5s.create_simple((8,))
    h5py.h5d.create(file.id, b"filtered", h5py.h5t.STD_I32LE, space, plan)


@hdf5("'model_config' is text")
def hdf5_with_a_number_for_a_configuration(file):
    file.attrs["model_config"] = 3


@hdf5("'model_config' is one text")
def hdf5_with_a_list_for_a_configuration(file):
    file.attrs["model_config"] = ["a", "b"]


@hdf5("more in 'model_config'")
def hdf5_with_a_configuration_of_5_mib(file):
    file.attrs["model_config"] = "x" * 5 * MIB


@hdf5("UnicodeDecodeError|Unicode")
def hdf5_with_a_configuration_of_no_unicode(file):
    file.attrs["model_config"] = np.bytes_(b'{"a": "\xff\xfe"}')


@hdf5("not JSON", refused_by="text")
def hdf5_with_a_pickle_for_a_configuration(file):
    file.attrs["model_config"] = "cos\nsystem\n(S'true'\ntR."


@hdf5("'keras_version' is text")
def hdf5_with_a_structure_for_a_version(file):
    file.attrs["keras_version"] = np.zeros(1, [("a", "f4")])


@hdf5("layer that is named has a group")
def hdf5_of_a_layer_that_is_not_there(file):
    file["model_weights"].attrs["layer_names"] = np.asarray([b"image", b"dense"])


@hdf5("layer that is named has a group")
def hdf5_of_a_layer_that_is_an_array(file):
    file["model_weights"].attrs["layer_names"] = np.asarray([b"conv/conv/bias:0"])


@hdf5("layer that is named has a group")
def hdf5_of_a_layer_in_another_place(file):
    file["model_weights"].attrs["layer_names"] = np.asarray([b"../../etc"])


@hdf5("layer's name is its own")
def hdf5_of_a_layer_named_twice(file):
    file["model_weights"].attrs["layer_names"] = np.asarray([b"conv", b"conv"])


@hdf5("'layer_names' is text")
def hdf5_of_layers_that_are_numbers(file):
    file["model_weights"].attrs["layer_names"] = np.arange(3)


@hdf5("'layer_names' is text")
def hdf5_of_layers_in_a_table(file):
    file["model_weights"].attrs["layer_names"] = np.asarray([[b"conv"], [b"image"]])


@hdf5("'layer_names' is a list")
def hdf5_of_layers_in_one_text(file):
    file["model_weights"].attrs["layer_names"] = "conv"


@hdf5("weight that is named has an array")
def hdf5_of_a_weight_that_is_not_there(file):
    file["model_weights/conv"].attrs["weight_names"] = np.asarray([b"kernel"])


@hdf5("weight that is named has an array")
def hdf5_of_a_weight_that_is_a_group(file):
    file["model_weights/conv"].attrs["weight_names"] = np.asarray([b"conv"])


@hostile("hdf5", "memory allocation failed|MemoryError|limits of time and memory")
def hdf5_of_4000_names_that_are_one_long_text():
    """References to one text of 1 MiB, each of which becomes a text of its own when read."""

    def write(file):
        attributes = file["model_weights/conv"].attrs
        del attributes["weight_names"]
        attributes["weight_names"] = ["x" * MIB] + ["y"] * 3999

    data = bytearray(written(write))
    long, short = struct.pack("<I", MIB), struct.pack("<I", 1)
    start = re.search(re.escape(long) + b".{12}" + re.escape(short), data, re.DOTALL).start()
    data[start : start + 16 * 4000] = data[start : start + 16] * 4000
    return bytes(data)


@hostile("weights", "do not share their bytes")
def hdf5_of_arrays_that_are_the_same_bytes():
    """1 MiB in the file, 50 MiB in memory: what was never written is said to lie elsewhere."""

    def write(file):
        file["a"] = np.zeros(MIB, np.uint8)
        for number in range(50):
            file.create_dataset(f"b{number}", (MIB,), np.uint8)

    data = written(write)
    size = struct.pack("<Q", MIB)
    with h5py.File(io.BytesIO(data)) as file:
        place = struct.pack("<Q", file["a"].id.get_offset())
    return data.replace(b"\xff" * 8 + size, place + size)


@hostile("weights", "is read to its end")
def hdf5_of_a_damaged_packed_array():
    data = written(
        lambda file: file.create_dataset("packed", data=np.arange(1000), compression="gzip")
    )
    with h5py.File(io.BytesIO(data)) as file:
        place = file["packed"].id.get_chunk_info(0).byte_offset
    return data[:place] + b"\xff" * 100 + data[place + 100 :]


@hostile("hdf5", "no HDF5 file that can be read")
def hdf5_that_is_a_signature():
    return b"\x89HDF\r\n\x1a\n" + bytes(1000)


@hostile("hdf5", "no HDF5 file that can be read")
def hdf5_of_noise():
    noise = np.random.default_rng(0).integers(0, 256, 10_000, np.uint8).tobytes()
    return b"\x89HDF\r\n\x1a\n" + noise


@hostile("hdf5", "no HDF5 file that can be read")
def hdf5_cut_short():
    return written(lambda file: None)[:-1000]
