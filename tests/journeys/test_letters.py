"""Letters as strict mail programs show them: without style sheets, without what comes from afar, on a small screen."""

import re
from dataclasses import replace

import pytest

from newsletter import rendering

HIDDEN = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), lost = [];
  while (texts.nextNode()) {
    const text = texts.currentNode, range = document.createRange();
    if (!/[\\p{L}\\p{N}]/u.test(text.data) || text.parentElement.closest("[style*='display:none']")) continue;
    range.selectNodeContents(text);
    const box = range.getBoundingClientRect();
    if (box.width < 1 || box.height < 6 || box.left < 0 || box.right > innerWidth) lost.push(text.data);
  }
  return lost;
}"""


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("theme", list(rendering.MANNERS))
def test_a_letter_is_read_whole_without_style_sheets_and_pictures(browser, theme, language):
    sample = rendering.samples()[language]
    html = rendering.render(replace(sample, look=replace(sample.look, theme=theme))).html
    bare = re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL)
    assert bare != html
    for width in (390, 320):
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.route("**/*", lambda route: route.abort())
        page.set_content(bare)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(HIDDEN) == []
        alts = page.evaluate("[...document.images].map(one => [one.alt, one.getBoundingClientRect().height])")
        assert all(not alt or height > 10 for alt, height in alts)
        page.close()
