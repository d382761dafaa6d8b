// What the page says while it starts, and when Python is gone. Voila calls voila_heartbeat while a
// cell runs long; the template calls the others as it is streamed.
const convlab = (() => {
  const STUCK = 35_000; // ms; the server gives a kernel 30 s to start, and cannot say that it failed
  const POLL = 5_000; // ms
  const starting = document.getElementById("starting");
  let since = performance.now();
  let started = false;
  let complete = false;

  const say = (title, text) => {
    starting.querySelector("h1").textContent = title;
    starting.querySelector("p").textContent = text;
  };
  const reload = () =>
    Object.assign(document.createElement("a"), { href: location.href, textContent: "Load again" });

  function failed(reason) {
    if (starting.classList.contains("failed")) return;
    starting.classList.add("failed");
    starting.setAttribute("role", "alert");
    say("convlab could not start", reason);
    starting.append(reload());
  }

  function loading() {
    started = true;
    since = performance.now();
    say("Loading convlab ...", "Python is running.");
  }

  function heartbeat() {
    if (!started && performance.now() - since > STUCK)
      failed("Python did not start in time. The terminal in which convlab runs says why.");
    else if (started)
      say("Still loading ...", "The first start after an installation takes longest.");
  }

  // Python has answered; the notice goes when the first widget stands in the page.
  function drawing() {
    complete = true;
    if (starting.classList.contains("failed")) return;
    say("Drawing ...", "");
    const main = document.getElementById("rendered_cells");
    const observer = new MutationObserver(() => {
      if (!main.querySelector(".output > .jp-OutputArea-output > *")) return;
      observer.disconnect();
      starting.remove();
      main.removeAttribute("aria-busy");
      setInterval(watch, POLL);
    });
    observer.observe(main, { childList: true, subtree: true });
  }

  // The picture moves without Python, but no control works once the kernel is gone: say so.
  async function watch() {
    const { baseUrl, kernelId } = JSON.parse(
      document.getElementById("jupyter-config-data").textContent,
    );
    const status = await fetch(`${baseUrl}api/kernels/${kernelId}`).then(
      (response) => response.status,
      () => 0,
    );
    const reason = {
      0: "The server does not answer. Where convlab was started, start it again.",
      404: "Python has stopped: it was idle for long, or ran out of memory. The picture still moves, but nothing can be changed.",
    }[status];
    const shown = document.getElementById("ended");
    if (shown?.dataset.reason === reason) return;
    shown?.remove();
    if (reason) document.body.append(ended(reason));
  }

  function ended(reason) {
    const bar = Object.assign(document.createElement("div"), { id: "ended", className: "notice" });
    bar.setAttribute("role", "alert");
    bar.dataset.reason = reason;
    bar.append(Object.assign(document.createElement("p"), { textContent: reason }), reload());
    return bar;
  }

  window.voila_heartbeat = heartbeat;
  window.addEventListener("load", () => {
    if (!complete) failed("The server stopped while the page was loading.");
  });
  return { loading, failed, drawing };
})();
