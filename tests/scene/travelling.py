"""What arrives of an array that was sent."""

import base64

import numpy as np


def unpacked(packed):
    data = packed["data"]
    data = base64.b64decode(data) if isinstance(data, str) else data
    return np.frombuffer(data, packed["dtype"]).reshape(packed["shape"])
