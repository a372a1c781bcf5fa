"""A headless Chromium for pages in one file: the system's own, driven by Playwright."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
          "--disable-component-update", "--disable-sync")  # fmt: skip


def found() -> str | None:
    """Where Chromium is on this computer."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser. Skips the test where there is none, but fails it in continuous integration, which has to have one."""
    path = found()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("continuous integration needs Chromium for the pages")
        pytest.skip("no Chromium on this computer: the page is not looked at")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_QUIET))
        try:
            yield browser
        finally:
            browser.close()
