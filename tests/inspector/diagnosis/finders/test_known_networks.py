"""Sound, well-known networks are advised little: what is said of each is written down here."""

import gzip
from pathlib import Path

import pytest
from advised import advised

from convlab.inspector.diagnosis import diagnose
from convlab.models import model_from_json

RECORDED = Path(__file__).parents[3] / "models" / "recorded"
NETWORKS = sorted(path.name.removesuffix(".json.gz") for path in RECORDED.glob("*.json.gz"))

SAID = {"NASNetMobile": [("never-read", "stem_conv1")]}
"""NASNet's first layer reads 224 rows in steps of 2 with 3 taps and "valid": one is left over."""


def recorded(name):
    return model_from_json(gzip.decompress((RECORDED / f"{name}.json.gz").read_bytes()).decode())


def test_they_are_all_here():
    assert len(NETWORKS) == 14


@pytest.mark.parametrize("name", NETWORKS)
def test_what_is_said_of_a_known_network(name):
    found = diagnose(recorded(name)).findings
    assert [(one.kind, one.layer) for one in found] == SAID.get(name, [])


def test_what_is_said_of_one_that_is_fed_too_little():
    model = recorded("ResNet50")
    (finding,) = advised("receptive-field-large", model, (32, 32, 3))[:1]
    assert "taps meet nothing but padding" in finding.message
