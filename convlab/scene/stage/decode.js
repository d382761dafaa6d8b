// A scene as it travels (dicts with {dtype, shape, data}) to typed arrays with shapes.

const TYPES = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint8: Uint8Array,
};

/**
 * Every packed array inside `value` becomes {values, shape}; the rest is kept.
 *
 * `known` holds the arrays met so far: one that comes again is {same: id}.
 */
export function decode(value, known = new Map()) {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item) => decode(item, known));
  if ("same" in value) return known.get(value.same);
  if (value.dtype in TYPES && value.shape) {
    known.set(value.id, unpack(value));
    return known.get(value.id);
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decode(item, known)]));
}

/** A packed array as {values, shape}. */
export function unpack({ dtype, shape, data }) {
  const Type = TYPES[dtype];
  const { buffer, byteOffset: start, byteLength: length } = bytesOf(data);
  // A part of a message may start anywhere, and a typed array only at a multiple of its numbers' size.
  const copied = start % Type.BYTES_PER_ELEMENT;
  const values = copied ? new Type(buffer.slice(start, start + length)) : new Type(buffer, start, length / Type.BYTES_PER_ELEMENT);
  return { values, shape };
}

/** The bytes of a binary message, a typed array, or a base64 string. */
export function bytesOf(data) {
  if (typeof data === "string") return Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** The value at a full index of a {values, shape}. */
export function at({ values, shape }, ...index) {
  let offset = 0;
  for (let axis = 0; axis < shape.length; axis += 1) offset = offset * shape[axis] + index[axis];
  return values[offset];
}
