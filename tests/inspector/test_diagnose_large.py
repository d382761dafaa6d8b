"""Networks of 500 layers are diagnosed, and what is wrong with them is found."""

import large_networks
import pytest

import convlab as cl


@pytest.mark.parametrize("name", large_networks.NETWORKS)
def test_what_is_wrong_with_500_layers_is_found(name):
    text, layer, culprit = large_networks.NETWORKS[name]()
    model = cl.model_from_json(text)
    assert len(model.layers) >= 0.95 * large_networks.LARGE
    found = cl.diagnose(model)
    first = found.findings[0]
    assert (first.severity, first.layer, set(first.axes)) == ("error", layer, {"height", "width"})
    assert culprit in (None, first.culprit)
    assert first.fixes
    assert not cl.trace(first.fixes[0].apply()).conflicts
