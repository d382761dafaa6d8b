"""What the server refuses, asked over HTTP and over the kernel's websocket as a stranger would."""

import json
import re
import socket
import urllib.error
import urllib.request
import uuid
from urllib.parse import parse_qs, urlsplit

import pytest
from serving import serving
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

MIB = 1024**2


@pytest.fixture(scope="module")
def address():
    with serving("--port", "0", "--max-sessions", "1") as address:
        yield address


@pytest.fixture(scope="module")
def origin(address):
    return f"http://{urlsplit(address).netloc}"


@pytest.fixture(scope="module")
def token(address):
    return parse_qs(urlsplit(address).query)["token"][0]


@pytest.fixture(scope="module")
def opened(address):
    """The page as a browser receives it. Its kernel takes the one place that this server has."""
    return get(address)


@pytest.fixture(scope="module")
def kernel_id(opened):
    return re.search(r'"kernelId": "([0-9a-f-]+)"', opened.text)[1]


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.url = response.url
        self.text = response.read().decode()


def get(url, **headers):
    request = urllib.request.Request(url, headers=headers)
    try:
        return Answer(urllib.request.urlopen(request, timeout=60))
    except urllib.error.HTTPError as error:
        return Answer(error)


def talk(server, kernel_id, token, **options):
    url = f"{server.replace('http', 'ws')}/api/kernels/{kernel_id}/channels?token={token}"
    return connect(url, max_size=None, **options)


def message(kind, content, channel):
    header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "version": "5.3"}
    header |= {"username": "", "session": "stranger", "date": "2026-01-01T00:00:00Z"}
    body = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
    return body | {"channel": channel}


def ask(channels, kind, content, channel="shell"):
    """The kinds of messages that answer this one, before a later question has its answer."""
    asked, later = message(kind, content, channel), message("kernel_info_request", {}, "shell")
    channels.send(json.dumps(asked))
    channels.send(json.dumps(later))
    kinds = []
    while True:
        received = json.loads(channels.recv(timeout=20))
        parent = received["parent_header"].get("msg_id")
        if parent == asked["header"]["msg_id"]:
            kinds.append(received["msg_type"])
        elif parent == later["header"]["msg_id"] and received["msg_type"] == "kernel_info_reply":
            return kinds


@pytest.mark.parametrize("query", ["", "?token=wrong", "?token="])
def test_without_its_token_the_page_asks_for_it(origin, query):
    answer = get(f"{origin}/{query}")
    assert urlsplit(answer.url).path == "/login"
    assert "This page needs its token" in answer.text
    assert "kernelId" not in answer.text


def test_a_forged_host_is_refused(address, origin, token, kernel_id):
    assert get(address, Host="attacker.example").status == 403
    server = urlsplit(origin)
    with (
        socket.create_connection((server.hostname, server.port)) as connection,
        pytest.raises(InvalidStatus, match="403"),
    ):
        talk("http://attacker.example", kernel_id, token, sock=connection)


def test_a_socket_without_the_token_is_refused(origin, kernel_id):
    with pytest.raises(InvalidStatus, match="403"):
        talk(origin, kernel_id, "wrong")


def test_a_foreign_page_cannot_use_the_cookie_of_ours(origin, opened, kernel_id):
    cookies = [cookie.split(";")[0] for cookie in opened.headers.get_all("Set-Cookie")]
    visitor = {"additional_headers": {"Cookie": "; ".join(cookies)}}
    with talk(origin, kernel_id, "", origin=origin, **visitor) as channels:
        channels.ping()
    with pytest.raises(InvalidStatus, match="403"):
        talk(origin, kernel_id, "", origin="http://attacker.example", **visitor)


def test_the_page_says_where_it_may_load_from(opened):
    policy = opened.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "object-src 'none'" in policy
    assert "base-uri 'self'" in policy
    assert opened.headers["Referrer-Policy"] == "same-origin"
    assert opened.headers["X-Content-Type-Options"] == "nosniff"


def test_the_page_shows_no_source(opened):
    assert opened.status == 200
    assert "import show" not in opened.text


NO_PICTURES = [
    "app.ipynb",
    "server.py",
    "notes.txt",
    "drawing.svg",
    "page.html",
    "../page/app.ipynb",
]
NO_PICTURES += ["%2e%2e/connections", "sub/picture.png", "..%2f..%2fpicture.png"]


@pytest.mark.parametrize("path", NO_PICTURES)
def test_files_that_are_no_pictures_of_the_page_are_refused(origin, token, path):
    assert get(f"{origin}/voila/files/{path}?token={token}").status == 403


@pytest.mark.parametrize("path", ["kernels", "sessions", "contents", "terminals", "kernelspecs"])
def test_the_api_of_a_notebook_server_is_not_there(origin, token, path):
    answer = get(f"{origin}/api/{path}?token={token}")
    assert answer.status == 403
    assert "/voila/files/" in answer.url  # treated as the name of a file, and refused as one


def test_a_page_beyond_the_cap_is_turned_away_at_once(address, opened):
    answer = get(address)
    assert answer.status == 503
    assert "convlab is full" in answer.text
    assert "open now: 1" in answer.text


def test_theme_and_template_of_the_address_are_ignored(address, opened):
    for query in ("theme=dark", "template=classic"):
        answer = get(f"{address}&{query}")
        assert answer.status == 503  # our own page, not that of another template
        assert "convlab is full" in answer.text


@pytest.mark.parametrize("channel", ["shell", "control"])
def test_code_sent_to_the_kernel_is_not_run(origin, token, kernel_id, channel, tmp_path):
    written = tmp_path / "written"
    code = f"open({str(written)!r}, 'w').close()"
    with talk(origin, kernel_id, token) as channels:
        assert ask(channels, "execute_request", {"code": code, "silent": False}, channel) == []
    assert not written.exists()


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("inspect_request", {"code": "open", "cursor_pos": 4}),
        ("complete_request", {"code": "op", "cursor_pos": 2}),
        ("history_request", {"hist_access_type": "tail", "n": 9}),
    ],
)
def test_questions_about_the_code_are_not_answered(origin, token, kernel_id, kind, content):
    with talk(origin, kernel_id, token) as channels:
        assert ask(channels, kind, content) == []


@pytest.mark.parametrize("channel", ["shell", "control"])
def test_a_request_to_shut_down_is_dropped(origin, token, kernel_id, channel):
    with talk(origin, kernel_id, token) as channels:
        assert ask(channels, "shutdown_request", {"restart": False}, channel) == []
    assert get(f"{origin}/api/kernels/{kernel_id}?token={token}").status == 200


def test_a_permitted_question_is_answered(origin, token, kernel_id):
    """Without this the tests above could pass because nothing is ever answered."""
    with talk(origin, kernel_id, token) as channels:
        assert "comm_info_reply" in ask(channels, "comm_info_request", {})


def test_a_message_as_large_as_an_upload_passes_and_a_larger_one_closes_the_socket(
    origin, token, kernel_id
):
    with talk(origin, kernel_id, token) as channels:
        ask(channels, "comm_msg", {"comm_id": "none", "data": "x" * (16 * MIB)})
    with talk(origin, kernel_id, token) as channels:
        with pytest.raises(ConnectionClosed):
            ask(channels, "comm_msg", {"comm_id": "none", "data": "x" * (21 * MIB)})
        # 1009 is "message too big"; the connection may be cut before the client reads it
        assert channels.close_code in {1006, 1009}
