"""Scenes as JSON text, and what arrives of an array that was sent."""

import base64

import numpy as np


def embed(value):
    """Plain data with its bytes as base64 text, so that it is JSON."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, dict):
        return {key: embed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [embed(item) for item in value]
    return value


def arrived(value, known=None):
    """What a browser has: every packed array as an array; one that comes again is the same."""
    known = {} if known is None else known
    if isinstance(value, list):
        return [arrived(item, known) for item in value]
    if not isinstance(value, dict):
        return value
    if "same" in value:
        return known[value["same"]]
    if "data" in value and "id" in value:
        return known.setdefault(value["id"], _unpacked(value))
    return {key: arrived(item, known) for key, item in value.items()}


def _unpacked(packed):
    data = packed["data"]
    data = base64.b64decode(data) if isinstance(data, str) else data
    return np.frombuffer(data, packed["dtype"]).reshape(packed["shape"])
