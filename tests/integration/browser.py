"""A real Chromium without a screen, over chromedriver's HTTP interface (W3C WebDriver, and Chromium's own commands through it)."""
from __future__ import annotations

import base64
import json
import shutil
import socket
import subprocess
import time
from pathlib import Path

import requests

ARGUMENTS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
             "--disable-sync", "--hide-scrollbars")
PROGRAMS = ("chromium", "chromedriver")


def missing() -> list[str]:
    return [name for name in PROGRAMS if shutil.which(name) is None]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Browser:
    """One Chromium with a profile in folder. Commands raise RuntimeError with chromedriver's words."""

    def __init__(self, folder: Path):
        port = free_port()
        self.log = (folder / "chromedriver.log").open("w")
        self.driver = subprocess.Popen([shutil.which("chromedriver"), f"--port={port}"], stdout=self.log, stderr=self.log)
        self.http = requests.Session()
        self.http.trust_env = False  # no proxy stands between us and loopback
        self.base = f"http://127.0.0.1:{port}"
        self._await_driver()
        options = {"binary": shutil.which("chromium"), "args": [*ARGUMENTS, f"--user-data-dir={folder / 'profile'}"]}
        wanted = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
        try:
            made = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        except BaseException:
            self.close()
            raise
        self.base += f"/session/{made['sessionId']}"

    def _await_driver(self) -> None:
        for _attempt in range(100):
            try:
                self._ask("GET", "/status")
                return
            except requests.ConnectionError:
                time.sleep(0.1)
        self.close()
        raise RuntimeError("chromedriver does not answer")

    def _ask(self, method: str, path: str, data: dict | None = None):
        answer = self.http.request(method, self.base + path, json=data, timeout=120).json()["value"]
        if isinstance(answer, dict) and "error" in answer:
            raise RuntimeError(f"{path}: {answer['error']}: {answer['message']}")
        return answer

    def close(self) -> None:
        try:
            if "/session/" in self.base:
                self.http.delete(self.base, timeout=30)
        finally:
            self.driver.terminate()
            self.driver.wait(20)
            self.log.close()

    def open(self, path: Path | str, has_script: bool = True) -> None:
        """Open a file, with anything behind it that an address may have. has_script: one of ours that shows lists."""
        self._ask("POST", "/url", {"url": "about:blank"})  # another fragment of the same page would not load it anew
        self.logs("browser"), self.logs("performance")
        self._ask("POST", "/url", {"url": f"file://{path}"})
        for _attempt in range(200):  # the script unpacks the data after the page was loaded
            if not has_script or self.run("return document.documentElement.dataset.shown === 'all'"):
                break
            time.sleep(0.05)

    def run(self, script: str, *arguments):
        """What the body of a function returns, run in the page."""
        return self._ask("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def run_and_wait(self, script: str, *arguments):
        """Like run, for a body that calls its last argument, `arguments[arguments.length - 1]`, when it is done."""
        return self._ask("POST", "/execute/async", {"script": script, "args": list(arguments)})

    def command(self, name: str, **parameters):
        """A command of Chromium's own protocol, such as Emulation.setEmulatedMedia."""
        return self._ask("POST", "/goog/cdp/execute", {"cmd": name, "params": parameters})

    def read_aloud(self) -> list[dict]:
        """The nodes that a screen reader is told. Chromium builds this tree behind the page: on a busy machine it may begin with its root alone."""
        self.command("Accessibility.enable")
        for _attempt in range(100):
            nodes = self.command("Accessibility.getFullAXTree")["nodes"]
            if len(nodes) > 1:
                break
            time.sleep(0.1)
        return [node for node in nodes if not node.get("ignored")]

    def look(self, width: int, height: int = 900, scheme: str = "light", media: str = "") -> None:
        """A screen of that size in CSS pixels, and what media queries answer."""
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        self.command("Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": scheme}])

    def press(self, keys: str) -> None:
        """Keys to whatever has the focus."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self._ask("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def logs(self, kind: str) -> list[dict]:
        return self._ask("POST", "/se/log", {"type": kind})

    def complaints(self) -> list[str]:
        """What the console was told since open()."""
        return [entry["message"] for entry in self.logs("browser")]

    def requested(self) -> list[str]:
        """The addresses that were asked for since open()."""
        events = [json.loads(entry["message"])["message"] for entry in self.logs("performance")]
        return [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]

    def picture(self, path: Path, whole: bool = False) -> None:
        """What is to be seen, as PNG; whole: the page from top to end."""
        more = {}
        if whole:
            size = self.run("return [document.documentElement.clientWidth, document.documentElement.scrollHeight]")
            more = {"captureBeyondViewport": True, "clip": {"x": 0, "y": 0, "width": size[0], "height": min(size[1], 16000), "scale": 1}}
        path.write_bytes(base64.b64decode(self.command("Page.captureScreenshot", format="png", **more)["data"]))
