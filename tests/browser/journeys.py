# domain data
"""What several journeys do on pages."""

from playwright.sync_api import Page, expect

BASICS = """() => {
  const named = (e) => e.labels?.length || e.getAttribute('aria-label') || e.getAttribute('aria-labelledby') || e.title;
  const shown = (e) => e.type !== 'hidden' && e.getClientRects().length > 0;
  const fields = [...document.querySelectorAll('input, select, textarea')].filter(shown).filter((e) => !named(e));
  const images = [...document.images].filter((e) => !e.hasAttribute('alt'));
  const buttons = [...document.querySelectorAll('button, a[href]')].filter(shown)
    .filter((e) => !e.textContent.trim() && !named(e));
  const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
  const doubled = ids.filter((id, at) => ids.indexOf(id) !== at);
  return [
    ...fields.map((e) => `no label: ${e.outerHTML.slice(0, 120)}`),
    ...images.map((e) => `no alt: ${e.src}`),
    ...buttons.map((e) => `no name: ${e.outerHTML.slice(0, 120)}`),
    ...doubled.map((id) => `two elements are called ${id}`),
    ...(document.querySelectorAll('h1').length === 1 ? [] : ['not one h1']),
    ...(document.documentElement.lang ? [] : ['no language']),
  ];
}"""
OUTLINE = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== 'none' || style.boxShadow !== 'none';
}"""


def faults_of(page: Page) -> list[str]:
    """List what a screen reader or a keyboard would stumble over on the page."""
    found: list[str] = page.evaluate(BASICS)
    return found


def has_visible_focus(page: Page) -> bool:
    """Tell whether the element with the focus shows it."""
    return bool(page.evaluate(OUTLINE))


def overflow_of(page: Page) -> int:
    """Return by how many pixels the page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def look_up(page: Page, text: str, hit: str) -> None:
    """Type into the search of the top bar and open the hit."""
    page.wait_for_load_state("load")
    page.keyboard.press("/")
    page.keyboard.type(text)
    entry = page.locator("#search-hits a", has_text=hit)
    expect(entry).to_be_visible()
    entry.click()


def choose(page: Page, name: str, text: str) -> None:
    """Choose the first option of a field that contains the text; places are indented in their list."""
    option = page.locator(f"[name={name}] option", has_text=text).first
    page.select_option(f"[name={name}]", option.get_attribute("value"))
