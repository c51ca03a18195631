/** Small hands for building the page: elements, icons, notes, focus and announcements. */

const SVG = "http://www.w3.org/2000/svg";

/** Make an element. `on*` properties are listeners, `false`, null and undefined leave the attribute out. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "value") node.value = value;
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Bring the symbols of icons.svg into the page once, so that they are there without a network too. */
export async function loadIcons() {
  const text = await (await fetch("/static/icons.svg")).text();
  const sprite = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  sprite.querySelectorAll("symbol").forEach((symbol) => { symbol.id = `icon-${symbol.id}`; });
  sprite.setAttribute("class", "sr");
  sprite.setAttribute("aria-hidden", "true");
  document.body.append(sprite);
}

/** Draw one symbol of them; it is decoration, the words beside it speak. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

/** The title of a screen; it takes the focus when the screen appears, so that a reader starts there. */
export function heading(text, sub) {
  return h("header", {}, h("h1", { tabindex: "-1" }, text), sub && h("p", { class: "muted" }, sub));
}

/** A coloured note; kind is `good`, `warn`, `bad` or empty. A bad one is spoken at once. */
export function note(kind, title, body) {
  const symbol = { good: "ok", warn: "warn", bad: "bad" }[kind] ?? "info";
  const role = kind === "bad" ? "alert" : null;
  return h("div", { class: `note ${kind}`, role }, icon(symbol), h("div", {}, title && h("strong", {}, title), body && h("span", {}, body)));
}

/** Tell assistive technology something, politely. */
export function say(text) {
  const live = document.getElementById("live");
  if (live.textContent !== text) live.textContent = text;
}

/** Run work behind a button: it cannot be pressed twice, and says that it is busy. */
export async function busy(button, work) {
  if (button.getAttribute("aria-busy") === "true") return undefined;
  button.setAttribute("aria-busy", "true");
  try {
    return await work();
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/** Ask yes or no in a dialog that can be left with Escape; resolves to true only for yes. */
export function ask({ title, body, yes, danger = false }) {
  return new Promise((resolve) => {
    const dialog = h("dialog", { "aria-label": title },
      h("form", { method: "dialog" },
        h("h2", {}, title), h("p", {}, body),
        h("div", { class: "actions row" },
          h("button", { class: "btn plain", value: "no" }, "取消"),
          h("button", { class: danger ? "btn danger" : "btn primary", value: "yes" }, yes))));
    dialog.addEventListener("close", () => { dialog.remove(); resolve(dialog.returnValue === "yes"); });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Hand a file to the browser's own saving. */
export function save(blob, filename) {
  const url = URL.createObjectURL(blob);
  const link = h("a", { href: url, download: filename });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}

/** Wait, unless the signal ends it first. */
export function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => { clearTimeout(timer); reject(new DOMException("left", "AbortError")); }, { once: true });
  });
}
