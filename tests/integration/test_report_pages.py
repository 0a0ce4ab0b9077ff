"""Reports in a real browser: they load nothing, run nothing that they hold, and stay usable with ten thousand changes."""
from __future__ import annotations

import json
import sys
from pathlib import Path

import browser as chromium
import pytest
from alone import run_module

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/unit/reporting"))

import feeds  # noqa: E402  (samples that the unit tests use, too)
import plans  # noqa: E402
from unpacking import unpacked  # noqa: E402

pytestmark = pytest.mark.skipif(bool(chromium.missing()), reason=f"not installed: {', '.join(chromium.missing())}")

MANY = 10_000
# A page of 25 accounts (100 elements each, when all are new), one of 10 findings, and everything around them
MOST_NODES = 3_000
WIDTHS = (1280, 768, 390, 320)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("reports")


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    found = chromium.Browser(tmp_path_factory.mktemp("browser"))
    yield found
    found.close()


@pytest.fixture(scope="module")
def report(folder):
    """report(name, plan, applied, **options) -> the file that module plan_report made; each name is made once.

    applied: also write the journal of an application, beside the plan.
    """
    made: dict[str, Path] = {}

    def make(name: str, plan, applied: bool = False, **options) -> Path:
        if name not in made:
            source, dest = folder / f"{name}.json", folder / f"{name}.html"
            source.write_text(json.dumps(plans.sealed(plan)), encoding="utf-8")
            if applied:
                options["journal"] = plans.journal_of(plan, folder / f"{name}.jsonl")
            result = run_module(folder, "plan_report", src=str(source), dest=str(dest), **options)
            assert not result.get("failed"), result
            made[name] = dest
        return made[name]
    return make


@pytest.fixture(scope="module")
def few(report) -> Path:
    return report("few", plans.plan_of(10))


@pytest.fixture(scope="module")
def many(report) -> Path:
    return report("many", plans.plan_of(MANY, exceeded=True))


@pytest.fixture(scope="module")
def applied(report) -> Path:
    return report("applied", plans.plan_of(400), applied=True)


@pytest.fixture(scope="module")
def evil(report) -> Path:
    plan = plans.plan_of(30, evil=True)
    long = "W" * 200
    plan.changes[1] = plans.change(plan.changes[1].action, long, dn=f"CN={long},{plans.STAFF}", name=long, attributes=plans.values(**{long: ([], long)}))
    plan.findings.append(plans.finding("error", long, long, long, long, long))
    plan.limits[0] = plans.limit(long, 2, 200, long)
    plan.people[long] = 1
    return report("evil", plan)


@pytest.fixture(scope="module")
def data(folder) -> Path:
    """A report on the data of HR that has seen two before."""
    for day in (1, 2, 3):
        feed = folder / "feed.jsonl"
        feed.write_text("".join(json.dumps(employee) + "\n" for employee in feeds.feed(100 + day)), encoding="utf-8")
        result = run_module(folder, "data_report", source="elmo", src=str(feed), as_of=f"2026-03-0{day}", last_report=str(folder / "data.json"),
                            dest=str(folder / "data"))
        assert not result.get("failed"), result
    return folder / "data.html"


ALL = ("few", "many", "applied", "evil", "data")


@pytest.fixture(params=ALL)
def page(request, browser) -> Path:
    """Each of the reports, opened at desktop width in the light."""
    path = request.getfixturevalue(request.param)
    browser.look(1280)
    browser.open(path)
    return path


def status(browser, section="changes") -> str:
    return browser.run("return document.querySelector(`#${arguments[0]} [role=status]`).textContent", section)


def settled(browser, script: str, *arguments) -> int:
    """Do something to the page, wait until it has answered, and return how many elements were put into the document for it."""
    return browser.run_and_wait(
        """
        const done = arguments[arguments.length - 1];
        let added = 0;
        const watcher = new MutationObserver(changes => { for (const change of changes) for (const node of change.addedNodes)
          if (node.nodeType === 1) added += 1 + node.querySelectorAll('*').length; });
        watcher.observe(document.body, {childList: true, subtree: true});
        (function () {""" + script + """}).apply(null, arguments);
        setTimeout(() => requestAnimationFrame(() => { watcher.disconnect(); done(added); }), 300);
        """, *arguments)


CHOOSE = "const field = document.querySelector(`#${arguments[0]} select[name=${arguments[1]}]`); field.value = arguments[2]; field.dispatchEvent(new Event('change'));"
SEARCH = "const field = document.querySelector('#changes input'); field.value = arguments[0]; field.dispatchEvent(new Event('input'));"
RESET = "document.querySelector('#changes form').reset();"
TURN = "[...document.querySelectorAll('#changes .pages button')].find(button => button.textContent === arguments[0]).click();"


def test_loads_without_errors_and_asks_for_nothing(page, browser):
    assert browser.complaints() == []
    assert [address for address in browser.requested() if not address.startswith("data:")] == [f"file://{page}"]
    assert browser.run("return document.querySelectorAll('.items > li').length") > 0, "its script ran"


def test_nothing_of_a_plan_is_run(evil, browser):
    browser.open(evil)  # an alert() would make every command after it fail
    assert browser.run("return [document.scripts.length, document.querySelectorAll('#changes img').length]") == [2, 0]
    assert plans.EVIL in browser.run("return document.querySelector('#changes h3').textContent")
    assert settled(browser, "const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s);") >= 1
    assert browser.run("return window.ran ?? null") is None, "a script that got into the page all the same would not run"
    assert "Content Security Policy" in "".join(browser.complaints())


def test_ten_thousand_changes_are_at_hand(many, browser):
    browser.look(1280)
    browser.open(many)
    counts = plans.plan_of(MANY).counts

    def check(added: int) -> None:
        assert 0 < added < MOST_NODES and browser.run("return document.querySelectorAll('*').length") < MOST_NODES

    check(1)
    assert status(browser) == "10,000 changes of 6,665 accounts"
    for action in ("delete", "disable", "group_add", "update"):
        check(settled(browser, CHOOSE, "changes", "action", action))
        assert status(browser).startswith(f"{counts[action]:,} of 10,000 changes of ")
        shown = browser.run("return [...document.querySelectorAll('#changes .items > li')].map(item => item.textContent)")
        assert len(shown) == 25 and all(action in text for text in shown)
    assert settled(browser, CHOOSE, "changes", "risk", "high") == 0
    assert "nothing meets this filter" in status(browser), "no update is of high risk, though renames of the same accounts are"
    check(1 + settled(browser, RESET))
    assert status(browser) == "10,000 changes of 6,665 accounts"
    check(settled(browser, SEARCH, "fernandez JOSE"))
    shown = browser.run("return [...document.querySelectorAll('#changes h3')].map(item => item.textContent)")
    assert shown and all("José Fernández-Castillo" in name for name in shown), "letters without their marks find them, and each word counts"
    check(settled(browser, SEARCH, "lukasz szczepanski"))
    assert "Łukasz Szczepański" in browser.run("return document.querySelector('#changes h3').textContent")
    check(settled(browser, SEARCH, "e7664"))
    assert browser.run("return document.querySelector('#changes h3').textContent").startswith("E7664 (") and status(browser).endswith(" of 1 accounts")
    check(settled(browser, SEARCH, ""))
    for button, words in (("Next", "26 to 50 of 6,665"), ("Last", "6,651 to 6,665 of 6,665"), ("Previous", "6,626 to 6,650 of 6,665"), ("First", "1 to 25 of 6,665")):
        check(settled(browser, TURN, button))
        assert browser.run("return document.querySelector('#changes .pages span').textContent") == words
    check(settled(browser, CHOOSE, "findings", "severity", "error"))
    assert status(browser, "findings") == "1 of 504 findings"


def test_filters_are_addresses(applied, browser):
    browser.look(1280)
    browser.open(f"{applied}#state=refused&q=e10")
    lines = [json.loads(line) for line in (applied.parent / "applied.jsonl").read_text(encoding="utf-8").splitlines()]
    expected = sum(line.get("status") == "refused" and line["key"].startswith("E10") for line in lines)
    assert status(browser).startswith(f"{expected} of 400 changes") and expected > 1
    assert browser.run("return document.querySelector('#changes select[name=state]').value") == "refused"
    assert browser.run("return [...document.querySelectorAll('#changes .items > li')].every(item => item.textContent.includes('refused'))")
    settled(browser, "[...document.querySelectorAll('.bars a')].find(link => link.textContent === 'disable').click();")
    assert browser.run("return document.querySelector('#changes select[name=action]').value") == "disable"
    assert browser.run("return document.querySelector('#changes select[name=state]').value") == "", "a link is the whole filter"
    settled(browser, CHOOSE, "changes", "state", "not attempted")
    assert browser.run("return location.hash") == "#action=disable&state=not+attempted"
    settled(browser, "document.querySelector('#findings .items a').click();")
    assert browser.run("return document.querySelector('#changes input').value").startswith("E20"), "a finding leads to its employee"


def test_by_keyboard(many, browser):
    browser.look(1280)
    browser.open(many)
    browser.press("\ue004")
    assert browser.run("return document.activeElement.className") == "skip", "the first stop leads past everything"
    browser.press("\ue007")
    browser.run("document.querySelector('#changes input').focus()")
    browser.press("kahu")
    settled(browser, "")
    assert "Kahurangi" in browser.run("return document.querySelector('#changes h3').textContent")
    browser.press("\ue004\ue004\ue004\ue007")  # past action and risk to the button that shows all
    settled(browser, "")
    assert status(browser) == "10,000 changes of 6,665 accounts"
    browser.run("document.querySelector('#changes .pages button[value=\"1\"]').focus()")
    browser.press("\ue007")
    assert browser.run("return document.querySelector('#changes .pages span').textContent") == "26 to 50 of 6,665"


@pytest.mark.parametrize("way", ["media", "paper"])
def test_paper_has_everything(applied, browser, way):
    browser.look(1280)
    browser.open(applied)
    accounts = len(json.loads(unpacked(applied.read_text(encoding="utf-8")).partition(' id="data">')[2].partition("</script>")[0])["accounts"])
    count = "document.querySelectorAll('#changes .items > li').length"
    assert browser.run(f"return {count}") == 25 < accounts
    if way == "media":
        browser.look(800, media="print")
        settled(browser, "")
        seen = browser.run(f"return {count}")
        hidden = browser.run("return [...document.querySelectorAll('form, .pages, .contents')].filter(node => getComputedStyle(node).display !== 'none').length")
        assert hidden == 0, "what nobody can press on paper is not on it"
        browser.look(1280)
    else:
        browser.run(f"window.seen = 0; addEventListener('beforeprint', () => {{ window.seen = {count}; }})")
        browser.command("Page.printToPDF")
        seen = browser.run("return window.seen")
    settled(browser, "")
    assert seen == accounts and browser.run(f"return {count}") == 25, "all of them on paper, and the screen as before"


CONTRAST = """
const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
function parts(color) {  // any notation, as numbers from 0 to 255 and alpha from 0 to 1
  canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255];
}
const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
  .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
function behind(node) {
  for (; node; node = node.parentElement) { const color = parts(getComputedStyle(node).backgroundColor); if (color[3] === 1) return color; }
  return [255, 255, 255, 1];
}
const found = [];
for (const node of document.body.querySelectorAll('*')) {
  const own = [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim());
  if (!(own || node.matches('input, select')) || node.matches('script, style, option, :disabled') || !node.checkVisibility() || node.closest('.unseen')) continue;
  for (const part of node.matches('input') ? ['', '::placeholder'] : ['']) {
    const [a, b] = [light(parts(getComputedStyle(node, part).color)), light(behind(node))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) found.push(node.tagName + '.' + node.className + part + ' ' + ratio.toFixed(2));
  }
}
return [...new Set(found)];
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_stand_out(page, browser, scheme):
    """WCAG 2.2, 1.4.3: 4.5 to 1 for every text."""
    browser.look(1280, scheme=scheme)
    ground = browser.run("return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")
    assert (sum(ground) < 150) == (scheme == "dark")
    assert browser.run(CONTRAST) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_screen(page, browser, width):
    browser.look(width)
    browser.open(page)
    assert browser.run("return document.documentElement.scrollWidth") <= width
    beyond = browser.run("""
        return [...document.body.querySelectorAll('*')].filter(node => node.checkVisibility() && !node.closest('.unseen, .skip, svg, thead, caption')
          && (node.getBoundingClientRect().right > innerWidth + 0.5 || node.getBoundingClientRect().left < -0.5)).map(node => node.tagName + '.' + node.className)""")
    assert beyond == []


def test_read_aloud(page, browser):
    """What a screen reader is told: landmarks, headings in order, tables with heads, names of all that can be used, and a count that is spoken."""
    roles = [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in browser.read_aloud()]
    assert {"banner", "navigation", "main", "contentinfo", "search", "status"} <= {role for role, _name in roles}
    assert [role for role, name in roles if role in ("link", "button", "searchbox", "combobox", "navigation", "search", "region", "table", "image") and not name.strip()] == []
    assert {"columnheader", "rowheader"} <= {role for role, _name in roles}
    levels = browser.run("return [...document.querySelectorAll('h1, h2, h3')].map(heading => Number(heading.tagName[1]))")
    assert levels.count(1) == 1 and all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))
    assert browser.run("return document.documentElement.lang") == "en"
    assert browser.run("return [...document.querySelectorAll('[role=status]')].every(node => node.getAttribute('aria-live') === 'polite')")
    twice = browser.run("const ids = [...document.querySelectorAll('[id]')].map(node => node.id); return ids.filter((id, at) => ids.indexOf(id) !== at)")
    assert twice == []


def test_on_a_phone_tables_are_still_tables(few, browser):
    browser.look(390)
    browser.open(few)
    roles = [node["role"]["value"] for node in browser.read_aloud()]
    assert roles.count("columnheader") >= 3 * 4 and roles.count("rowheader") > 20 and roles.count("cell") > 20


def test_without_its_script(few, browser):
    browser.command("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(few, has_script=False)
        texts = " ".join(node["name"]["value"] for node in browser.read_aloud() if node.get("name", {}).get("value"))
    finally:
        browser.command("Emulation.setScriptExecutionDisabled", value=False)
    assert "need its own script" in texts and "Changes by action" in texts and "Within its limits" in texts
