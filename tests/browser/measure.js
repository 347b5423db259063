// What a page must hold, measured where it stands: returns one sentence for each fault. `target` is the least height in
// pixels of what is pressed (two characters are 36 px wide, 48 in large print: the least width is 44), `smallest` the
// least size of Chinese print.
({ target, smallest }) => {
  const HAN = /\p{Script=Han}/u;
  const faults = new Set();
  const kind = (e) => e.tagName.toLowerCase() + [...e.classList].map((c) => "." + c).join("");
  const name = (e) => `${kind(e.parentElement)} > ${kind(e)} “${(e.textContent || e.id).trim().slice(0, 24)}”`;
  const isShown = (e) => {
    if (!e.checkVisibility({ visibilityProperty: true })) return false;
    const box = e.getBoundingClientRect();
    return box.width > 1 && box.height > 1;
  };

  // Chinese print, in HTML and in pictures, and what the style sheet adds before and after.
  const sizeOf = (e, pseudo) => {
    const size = parseFloat(getComputedStyle(e, pseudo).fontSize);
    const drawn = e instanceof SVGElement && e.getScreenCTM ? e.getScreenCTM() : null;
    return drawn ? size * Math.sqrt(Math.abs(drawn.a * drawn.d - drawn.b * drawn.c)) : size;
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const e = node.parentElement;
    if (HAN.test(node.data) && isShown(e) && sizeOf(e) < smallest) faults.add(`print of ${sizeOf(e)} px: ${name(e)}`);
  }
  for (const e of document.body.querySelectorAll("*")) {
    for (const pseudo of ["::before", "::after"]) {
      if (HAN.test(getComputedStyle(e, pseudo).content) && isShown(e) && sizeOf(e, pseudo) < smallest)
        faults.add(`print of ${sizeOf(e, pseudo)} px before or after ${name(e)}`);
    }
    if (e.matches("input:not([type=checkbox], [type=radio]), textarea, select") && isShown(e) && sizeOf(e) < smallest)
      faults.add(`print of ${sizeOf(e)} px: ${name(e)}`);
  }

  // What is pressed. A link inside a sentence is as high as its line (WCAG 2.2, 2.5.8 leaves it out; 24 px all the same).
  const stands = (e) => {
    if (e.tagName !== "A") return true;
    if (getComputedStyle(e).display !== "inline") return true;
    const own = (e.textContent || "").trim().length;
    for (let around = e.parentElement; around; around = around.parentElement) {
      if (getComputedStyle(around).display.startsWith("inline")) continue;
      return (around.textContent || "").trim().length === own;
    }
    return true;
  };
  const pressed = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  for (const e of document.querySelectorAll(pressed)) {
    if (!isShown(e) || e.closest(".sr") || getComputedStyle(e).clipPath !== "none") continue;
    // What is pressed for a choice is its label.
    const labels = e.labels ? [...e.labels].filter(isShown) : [];
    const ticked = e.matches("[type=checkbox], [type=radio]");
    const boxes = (ticked && labels.length ? [...labels, e] : [e]).map((b) => b.getBoundingClientRect());
    const height = Math.max(...boxes.map((b) => b.height));
    const width = Math.max(...boxes.map((b) => b.width));
    if (stands(e)) {
      if (height < target - 0.5) faults.add(`a target ${height.toFixed(1)} px high: ${name(e)}`);
      else if (width < 44 - 0.5) faults.add(`a target ${width.toFixed(1)} px wide: ${name(e)}`);
    } else if (Math.max(...[...e.getClientRects()].map((b) => b.height)) < 24 - 0.5) {
      faults.add(`a link in text ${height.toFixed(1)} px high: ${name(e)}`);
    }
  }

  // Pictures: named in words, or beside words that say the same.
  for (const e of document.querySelectorAll("svg, img, canvas, object, embed, video")) {
    if (e.closest("[aria-hidden=true]") || e.parentElement.closest("svg")) continue;
    const id = e.getAttribute("aria-labelledby");
    const words =
      e.getAttribute("aria-label") || e.getAttribute("alt") || (id && document.getElementById(id)?.textContent) ||
      e.querySelector?.(":scope > title")?.textContent;
    if (!(words || "").trim()) faults.add(`a picture without words: ${name(e)}`);
    else if (e.tagName === "svg" && e.getAttribute("role") !== "img") faults.add(`a picture without its role: ${name(e)}`);
  }
  return [...faults];
};
