// The wall of photos: moving, selecting (one, a range, all) and opening by keys; another page below without a new one.

import { listen } from "./review-keys.js";

const grid = document.getElementById("grid");
const form = document.getElementById("grid-form");
let last = null;

const links = () => [...grid.querySelectorAll(".photo-link")];
const boxes = () => [...grid.querySelectorAll("input[name=pick]")];
const boxOf = (link) => link?.closest(".photo-card").querySelector("input[name=pick]");
const current = () => document.activeElement?.closest?.(".photo-card")?.querySelector(".photo-link") ?? null;

function count() {
  const words = document.getElementById("selected"), button = document.getElementById("select-page");
  const chosen = boxes().filter((box) => box.checked).length;
  words.textContent = words.dataset.words.replace("{count}", chosen);
  button.textContent = chosen && chosen === boxes().length ? button.dataset.none : button.dataset.all;
}

function choose(box, on, { range = false } = {}) {
  if (!box) return;
  const all = boxes();
  const [from, to] = range && last ? [all.indexOf(last), all.indexOf(box)].sort((one, other) => one - other) : [0, -1];
  for (let place = from; place <= to; place += 1) if (place >= 0) all[place].checked = on;
  box.checked = on;
  last = box;
  count();
}

function all() {
  const every = boxes(), on = every.some((box) => !box.checked);
  for (const box of every) box.checked = on;
  count();
}

function move(step, { range = false } = {}) {
  const every = links();
  if (!every.length) return false;
  const here = current();
  const from = here ? every.indexOf(here) : step > 0 ? -1 : every.length;
  const target = every[Math.max(0, Math.min(every.length - 1, from + step))];
  if (range) {
    if (here && !boxOf(here)?.checked) choose(boxOf(here), true);
    last = boxOf(here) ?? last;
    choose(boxOf(target), true, { range: true });
  }
  target.focus();
  return true;
}

function columns() {
  return getComputedStyle(grid).gridTemplateColumns.split(" ").length;
}

function send(intent) {
  const button = form.querySelector(`button[value=${intent}]`);
  if (!boxes().some((box) => box.checked)) return false;
  form.requestSubmit(button);
  return true;
}

function toggle() {
  const box = boxOf(current());
  if (!box) return false;
  choose(box, !box.checked);
  return true;
}

async function more(link) {
  link.setAttribute("aria-disabled", "true");
  const answer = await fetch(link.href, { credentials: "same-origin", headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const cards = page.querySelectorAll("#grid > li");
  if (!answer.ok || !cards.length) return location.assign(link.href);
  const first = grid.appendChild(document.importNode(cards[0], true));
  for (const card of [...cards].slice(1)) grid.append(document.importNode(card, true));
  const next = page.getElementById("more");
  if (next) link.replaceWith(document.importNode(next, true));
  else link.remove();
  first.querySelector("a").focus();
  count();
  return undefined;
}

if (grid) {
  for (const part of document.querySelectorAll(".needs-script")) part.hidden = false;
  document.getElementById("select-page").addEventListener("click", all);
  form.addEventListener("click", (event) => {
    const box = event.target.closest("input[name=pick]");
    if (box) choose(box, box.checked, { range: event.shiftKey });
    const link = event.target.closest("#more");
    if (link) {
      event.preventDefault();
      more(link);
    }
  });
  listen({
    ArrowRight: () => move(1),
    ArrowLeft: () => move(-1),
    ArrowDown: () => move(columns()),
    ArrowUp: () => move(-columns()),
    "Shift+ArrowRight": () => move(1, { range: true }),
    "Shift+ArrowLeft": () => move(-1, { range: true }),
    "Shift+ArrowDown": () => move(columns(), { range: true }),
    "Shift+ArrowUp": () => move(-columns(), { range: true }),
    x: toggle,
    "*": all,
    a: () => send("approve"),
    r: () => send("return"),
  });
  count();
} else listen({});
