"""The page of the app as its viewer meets it: hands to touch it with, and what it tells."""

import time

TWO_FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

# In the page's own time, however slow it is: by then it has told what it tells when at rest.
AT_REST = "() => new Promise((done) => setTimeout(done, 600))"


class Explorer:
    """The page of the app as its viewer meets it."""

    def __init__(self, page, address):
        self.page = page
        self.complaints, self.frames = [], []
        self.last_frame = time.monotonic()
        page.on("console", lambda said: said.type == "error" and self._complain(said.text))
        page.on("pageerror", lambda error: self._complain(str(error)))
        page.on(
            "websocket",
            lambda socket: (
                socket.on("framesent", self._sent),
                socket.on("framereceived", self._received),
            ),
        )
        page.goto(address, timeout=90_000)
        self.stage.wait_for(timeout=90_000)
        page.wait_for_selector(".cl-stage[data-selection]", timeout=90_000)

    def _complain(self, text):
        if "[anywidget] Failed to initialize model" not in text:  # it says so after two seconds of
            self.complaints.append(text)  # a busy machine, and the widget appears all the same

    def _sent(self, frame):
        self.frames.append(frame)
        self._received(frame)

    def _received(self, _):
        self.last_frame = time.monotonic()

    @property
    def stage(self):
        return self.page.locator(".cl-stage")

    def data(self, name):
        return self.stage.get_attribute(f"data-{name}")

    def wait_for(self, name, value):
        self.page.wait_for_selector(f".cl-stage[data-{name}='{value}']", timeout=15_000)

    def wait_for_no_error(self):
        self.page.wait_for_selector(".cl-stage:not([data-error])", timeout=15_000)

    def code(self):
        return self.page.locator(".cx-code code").inner_text()

    def wait_for_code(self, part):
        self.page.wait_for_function(
            "part => document.querySelector('.cx-code code').innerText.includes(part)",
            arg=part,
            timeout=15_000,
        )

    def row(self, caption):
        return self.page.locator(
            ".cx-row", has=self.page.locator(f".cx-label >> text=/^{caption}/")
        )

    def slide(self, caption, keys):
        """Moves a slider by the keyboard, as a viewer without a mouse does."""
        self.row(caption).locator(".noUi-handle").first.focus()
        for key in keys:
            self.page.keyboard.press(key)

    def wait_for_text(self, part):
        self.page.wait_for_function(
            "part => document.querySelector('.cl-stage').innerText.includes(part)",
            arg=part,
            timeout=15_000,
        )

    def upload(self, name, content):
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_role("button", name="Choose a file").click()
        chooser.value.set_files({"name": name, "mimeType": "image/png", "buffer": content})

    def choose(self, caption, option):
        self.row(caption).locator("select").select_option(option)

    def canvas(self, kind):
        return self.page.locator(f".cl-picture.cl-{kind} canvas").last

    # -- what every layer's view has ------------------------------------------------------------

    def frames_drawn(self):
        """Waits until what was told to the page is drawn."""
        self.page.evaluate(TWO_FRAMES)

    def told_to_python(self):
        """Waits until what was just pressed has been sent, and is answered."""
        pressed = time.monotonic()
        while self.last_frame < pressed and time.monotonic() - pressed < 5:
            self.page.wait_for_timeout(50)
        self.quiet()

    def quiet(self, seconds=0.35):
        """Waits until nothing has been sent or received for a while."""
        while time.monotonic() - self.last_frame < seconds:
            self.page.wait_for_timeout(50)
        self.frames_drawn()

    def pictures(self):
        """The kinds of pictures that are in view."""
        kinds = ("input", "kernel", "output")
        return [kind for kind in kinds if self.canvas(kind).is_visible()]

    def choose_layer(self, name):
        self.page.locator(".cx-menu select").select_option(name)

    def wait_for_layer(self, code):
        """Waits until the picture is that of the layer that this call makes."""
        self.page.wait_for_function(
            "code => document.querySelector('.cx-code code').innerText === code",
            arg=code,
            timeout=15_000,
        )
        self.frames_drawn()

    def press(self, *keys, on="output"):
        self.canvas(on).focus()
        for key in keys:
            self.page.keyboard.press(key)
        self.frames_drawn()

    def tab(self, number):
        self.stage.get_by_role("tab").nth(number).click()
        self.frames_drawn()

    def cells(self, name):
        """A list of lit cells as a set of coordinates."""
        text = self.data(name)
        return {tuple(map(int, cell.split(","))) for cell in text.split(";")} if text else set()
