"""The lessons of the Learn page: read from the notebooks, and run."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import ipywidgets as widgets
import pytest

import convlab as cl
from convlab.app.learn import Learn
from convlab.app.lessons import Cell, Lesson, lessons, run
from convlab.app.site import Site

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def texts(widget):
    """All HTML below a widget."""
    if isinstance(widget, widgets.HTML):
        yield widget.value
    for child in getattr(widget, "children", ()):
        yield from texts(child)


def lesson_of(*sources, folder=NOTEBOOKS):
    cells = (Cell("markdown", "# A title"), *(Cell("code", source) for source in sources))
    return Lesson("00-made-up", "A title", cells, folder)


def apart(function):
    """Calls it in a thread of its own: the browser's tests leave a running loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function).result()


def test_every_notebook_is_a_lesson_in_order():
    names = [lesson.name for lesson in lessons()]
    assert names == sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))
    assert all(lesson.title and lesson.cells for lesson in lessons())
    assert lessons()[0].title == "Conv2D: a kernel that slides"


def test_what_is_for_the_tests_alone_is_not_shown():
    assert not any("NBVAL" in cell.source for lesson in lessons() for cell in lesson.cells)


def test_cells_share_their_names_and_give_what_they_print_and_show():
    outcomes = [found for _, found in run(lesson_of("n = 3\nprint(n)", "n + 1", "n = n"))]
    assert outcomes[0] is None
    assert [(found.printed, found.shown) for found in outcomes[1:]] == [
        ("3\n", ()),
        ("", (4,)),
        ("", ()),
    ]


def test_two_runs_share_nothing():
    list(run(lesson_of("unheard_of = 1")))
    with pytest.raises(NameError, match="unheard_of"):
        list(run(lesson_of("unheard_of")))


def test_a_lesson_reads_files_beside_it_and_leaves_the_folder_as_it_was(tmp_path):
    (tmp_path / "numbers.txt").write_text("12")
    before = Path.cwd()
    *_, (_, outcome) = run(lesson_of("open('numbers.txt').read()", folder=tmp_path))
    assert outcome.shown == ("12",)
    assert Path.cwd() == before


def test_figures_are_shown_and_closed():
    import matplotlib.pyplot as plt

    *_, (_, outcome) = run(lesson_of("import matplotlib.pyplot as plt\nplt.plot([1, 2]);"))
    assert any(hasattr(shown, "savefig") for shown in outcome.shown)
    assert plt.get_fignums() == []


def test_a_page_shows_text_code_and_what_it_gives():
    page = Learn()
    page.lessons = {
        "00-made-up": lesson_of("print('<b>')", "{'a': 1}", "import ipywidgets as w\nw.Text('x')")
    }
    page.study("00-made-up")
    told = "\n".join(texts(page))
    assert "<h1>A title</h1>" in told
    assert "print(&#x27;&lt;b&gt;&#x27;)" in told
    assert '<pre class="cv-printed">&lt;b&gt;</pre>' in told
    assert "{&#x27;a&#x27;: 1}" in told
    assert [w.value for w in page.children[1].children if isinstance(w, widgets.Text)] == ["x"]


def test_an_animation_moves_while_it_is_small_and_is_a_picture_otherwise():
    page = Learn()
    make = "import convlab as cl, numpy as np\ncl.animate(cl.MaxPooling1D(1), np.zeros({}))"
    page.lessons = {"00-made-up": lesson_of(make.format(3), make.format(65))}
    page.study("00-made-up")
    shown = [text for text in texts(page) if "<img" in text]
    assert ["image/gif" in text for text in shown] == [True, False]


def test_a_cell_that_fails_is_told_and_ends_the_lesson():
    page = Learn()
    page.lessons = {"00-made-up": lesson_of("1 / 0", "print('later')")}
    page.study("00-made-up")
    told = "\n".join(texts(page))
    assert "ZeroDivisionError: division by zero" in told
    assert "later" not in told


def test_a_lesson_begun_in_an_event_loop_keeps_nobody_waiting_and_yields_to_another():
    page = Learn()
    page.lessons = {
        "00-long": lesson_of("print('one')", "print('two')"),
        "01-short": lesson_of("print('three')"),
    }

    async def opened():
        page.begin("00-long")
        assert list(texts(page.children[1])) == []
        await asyncio.sleep(0)
        page.begin("01-short")
        while asyncio.all_tasks() != {asyncio.current_task()}:
            await asyncio.sleep(0.01)

    apart(lambda: asyncio.run(opened()))
    told = "\n".join(texts(page.children[1]))
    assert "three" in told
    assert "one" not in told


def test_an_opened_lesson_waits_for_a_browser_and_begins_once():
    page = Learn()
    page.lessons = {"00-made-up": lesson_of("print('seen')")}
    page.present("00-made-up")
    (there,) = page.children[1].children
    assert page.lesson is None
    apart(lambda: there._handle_custom_msg({"there": True}, []))
    assert "seen" in "\n".join(texts(page.children[1]))
    before = page.children[1].children
    apart(lambda: there._handle_custom_msg({"there": True}, []))
    assert page.children[1].children is before


@pytest.mark.browser
def test_a_lesson_is_run_in_a_browser(voila_app, page):
    page.goto(f"{voila_app}&page=learn&lesson=02-padding-and-strides")
    page.locator(".cv-next").wait_for(timeout=120_000)
    assert page.locator(".cv-lesson h1").first.inner_text().startswith("Padding and strides")
    assert page.get_by_text("The lesson stops here").count() == 0
    page.locator(".cv-next").click()
    page.get_by_role("heading", name="Dilation and causality").wait_for(timeout=60_000)


@pytest.mark.parametrize(
    ("query", "page", "lesson"),
    [
        ("", "Explore", None),
        ("page=learn", "Learn", "01-conv2d"),
        ("lesson=08-receptive-fields", "Learn", "08-receptive-fields"),
        ("page=learn&lesson=../../etc/passwd", "Learn", "01-conv2d"),
        ("page=%00&lesson=", "Explore", None),
        ("page=debug&example=autoencoder", "Debug", None),
    ],
)
def test_an_address_opens_a_page(query, page, lesson, monkeypatch):
    studied = []
    monkeypatch.setattr(Learn, "present", lambda self, name: studied.append(self.found(name).name))
    site = Site(query)
    assert site.names.value == page
    assert studied == ([lesson] if lesson else [])


def test_an_address_holds_the_explorers_state():
    saved = cl.explore(cl.MaxPooling1D(2), [1.0, 5.0, 2.0, 3.0])
    saved.layer = cl.AveragePooling1D(3)
    site = Site(f"token=x&state={saved.link}")
    assert repr(site.pages["Explore"].layer) == repr(saved.layer)
    assert site.pages["Explore"].error is None


def test_a_state_that_is_refused_is_told_beside_the_example():
    site = Site("state=nonsense")
    assert isinstance(site.pages["Explore"].layer, cl.Conv2D)
    assert "no such link" in str(site.pages["Explore"].error)
