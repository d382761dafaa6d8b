"""The server's settings, where one depends on another."""

from convlab.app.server import configuration


def settings(tmp_path, host="127.0.0.1"):
    return configuration(tmp_path, host=host, port=1, token="t", max_sessions=1)


def test_an_answer_may_be_older_than_one_interval(tmp_path):
    """With equal times every connection ended at its second question, 30 seconds after it began."""
    tornado = settings(tmp_path).Voila.tornado_settings
    assert tornado["ws_ping_timeout"] >= 2 * tornado["ws_ping_interval"]


def test_pages_whose_browser_is_gone_give_up_their_place_soon(tmp_path):
    sessions = settings(tmp_path).Sessions
    assert sessions.cull_idle_timeout <= 900
    assert not sessions.cull_connected  # an open page runs without its kernel and looks idle
