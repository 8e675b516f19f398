"""A headless Chromium, driven over the WebDriver protocol with nothing but Python's standard library."""

import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
KEYS = {"Enter": "\ue007", "Escape": "\ue00c", "ArrowLeft": "\ue012", "ArrowUp": "\ue013", "ArrowRight": "\ue014",
        "ArrowDown": "\ue015", "Tab": "\ue004", "Backspace": "\ue003", "Home": "\ue011", "End": "\ue010",
        "PageUp": "\ue00e", "PageDown": "\ue00f"}
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
         "--disable-default-apps", "--disable-extensions", "--disable-breakpad", "--mute-audio",
         "--force-color-profile=srgb"]


class Missing(Exception):
    """There is no browser to drive."""


def found(names):
    for name in names:
        path = shutil.which(name)
        if path:
            return path
    raise Missing(f"{' or '.join(names)} is not installed; tools/setup installs it")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Browser:
    """Use as a context manager: the browser, its driver and its profile folder are gone afterwards."""

    def __enter__(self):
        browser = found(["chromium", "chromium-browser", "google-chrome"])
        driver = found(["chromedriver"])
        self.folder = tempfile.mkdtemp(prefix="deft-chromium-")
        self.log = open(os.path.join(self.folder, "driver.log"), "wb")
        self.address = f"http://127.0.0.1:{free_port()}"
        port = self.address.rsplit(":", 1)[1]
        environment = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
        self.driver = subprocess.Popen([driver, f"--port={port}"], stdout=self.log, stderr=self.log, env=environment,
                                       start_new_session=True)
        self.session = None
        try:
            self.wait_for_driver()
            options = {"binary": browser, "args": FLAGS + [f"--user-data-dir={self.folder}/profile"]}
            answer = self.request("POST", "/session", {"capabilities": {"alwaysMatch": {
                "browserName": "chrome", "goog:chromeOptions": options,
                "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}}})
            self.session = f"/session/{answer['sessionId']}"
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.session:
            try:
                self.request("DELETE", self.session)
            except (OSError, RuntimeError):
                pass  # the group is ended below in any case
        # The driver leads a process group of its own, which holds what it started.
        for wish in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.driver.pid, wish)
            except ProcessLookupError:
                break
            try:
                self.driver.wait(timeout=5)
            except subprocess.TimeoutExpired:
                continue
        self.driver.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def wait_for_driver(self):
        deadline = time.monotonic() + 30
        while True:
            try:
                if self.request("GET", "/status")["ready"]:
                    return
            except OSError:
                pass
            if self.driver.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("chromedriver did not start")
            time.sleep(0.05)

    def request(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data=data, method=method,
                                         headers={"Content-Type": "application/json"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=90) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            told = json.load(error)["value"]
            raise RuntimeError(f"{method} {path}: {told['error']}: {told['message'].splitlines()[0]}") from None

    def post(self, path, **body):
        return self.request("POST", self.session + path, body)

    def open(self, url):
        self.post("/url", url=url)

    def run(self, script, *arguments):
        """The value of a JavaScript expression; arguments are in `arguments`."""
        return self.post("/execute/sync", script=f"return ({script});", args=list(arguments))

    def wait_until(self, script, *arguments, seconds=30):
        deadline = time.monotonic() + seconds
        while not self.run(script, *arguments):
            if time.monotonic() > deadline:
                raise RuntimeError(f"not true after {seconds} s: {script}")
            time.sleep(0.03)

    def find(self, selector):
        return self.post("/element", using="css selector", value=selector)[ELEMENT]

    def click(self, selector):
        self.post(f"/element/{self.find(selector)}/click")

    def type(self, selector, text):
        self.post(f"/element/{self.find(selector)}/value", text=text)

    def press(self, *names):
        actions = []
        for name in names:
            key = KEYS.get(name, name)
            actions += [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self.post("/actions", actions=[{"type": "key", "id": "keyboard", "actions": actions}])

    def move_to(self, x, y, click=False):
        """The pointer to a place in the window."""
        actions = [{"type": "pointerMove", "duration": 0, "x": int(x), "y": int(y), "origin": "viewport"}]
        if click:
            actions += [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self.post("/actions", actions=[{"type": "pointer", "id": "mouse", "actions": actions}])

    def tap(self, x, y):
        """A finger's short touch."""
        self.post("/actions", actions=[{"type": "pointer", "id": "finger", "parameters": {"pointerType": "touch"}, "actions": [
            {"type": "pointerMove", "duration": 0, "x": int(x), "y": int(y), "origin": "viewport"},
            {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]}])

    def devtools(self, command, **parameters):
        return self.post("/goog/cdp/execute", cmd=command, params=parameters)

    def logged(self, kind):
        return self.post("/se/log", type=kind)

    def set_window(self, width, height, scale=1, phone=False):
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale,
                      mobile=phone)

    def set_scheme(self, scheme):
        self.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def screenshot(self, path, whole_page=False):
        parameters = {"format": "png"}
        if whole_page:
            width, height = self.run("[document.documentElement.clientWidth, document.documentElement.scrollHeight]")
            parameters.update(captureBeyondViewport=True,
                              clip={"x": 0, "y": 0, "width": width, "height": min(height, 6000), "scale": 1})
        with open(path, "wb") as out:
            out.write(base64.b64decode(self.devtools("Page.captureScreenshot", **parameters)["data"]))
