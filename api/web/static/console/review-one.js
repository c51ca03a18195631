// One photo at a time: keys, and the next one without a new page. A form is sent as it would be without this script;
// the page that answers takes the place of the one before.

import { listen, refresh } from "./review-keys.js";

const find = (id) => document.getElementById(id);
let busy = false;

function press(id) {
  const one = find(id);
  if (!one || busy) return false;
  one.click();
  return true;
}

function compare() {
  const one = find("one"), link = find("compare");
  if (!one || !link) return;
  const on = one.classList.toggle("comparing");
  link.querySelector("span").textContent = on ? link.dataset.off : link.dataset.on;
  link.setAttribute("aria-pressed", String(on));
  try { sessionStorage.setItem("idphoto-comparing", on ? "1" : ""); } catch { /* a browser that keeps nothing */ }
}

function openReturn() {
  const box = find("return");
  if (!box) return false;
  box.open = true;
  box.querySelector("input[type=checkbox]").focus();
  return true;
}

function reason(number) {
  const box = find("return");
  if (!box?.open) return false;
  const one = box.querySelectorAll("input[type=checkbox]")[number - 1];
  if (!one) return false;
  one.checked = !one.checked;
  one.focus();
  return true;
}

function send() {
  const box = find("return");
  if (!box?.open || !document.activeElement?.matches("#return-form input[type=checkbox], summary, body, h1")) return false;
  if (document.activeElement.matches("summary")) return false;
  find("return-form").requestSubmit();
  return true;
}

function escape() {
  const box = find("return");
  if (box?.open) {
    box.open = false;
    box.querySelector("summary").focus();
  } else if (find("one")?.classList.contains("comparing")) compare();
  else return false;
  return true;
}

/** Put the answering page in this one's place. */
function take(html, address, { push }) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const main = page.getElementById("main");
  if (!main?.querySelector("#one")) return location.assign(address);
  find("main").replaceWith(document.importNode(main, true));
  document.title = page.title;
  if (push) history.pushState({}, "", address);
  arrive();
  return undefined;
}

async function go(address, options, { push = true } = {}) {
  if (busy) return;
  busy = true;
  document.documentElement.classList.add("busy");
  try {
    const answer = await fetch(address, { credentials: "same-origin", headers: { Accept: "text/html" }, ...options });
    if (answer.redirected && new URL(answer.url).pathname.endsWith("/login")) return location.assign(answer.url);
    take(await answer.text(), answer.url, { push: push && answer.ok });
  } catch {
    location.assign(address.startsWith("/") || options?.method !== "POST" ? location.href : address);
  } finally {
    busy = false;
    document.documentElement.classList.remove("busy");
  }
}

function arrive() {
  refresh();
  const link = find("compare");
  let wanted = false;
  try { wanted = sessionStorage.getItem("idphoto-comparing") === "1"; } catch { /* as above */ }
  if (link && wanted && !find("one").classList.contains("comparing")) compare();
  link?.setAttribute("aria-pressed", String(find("one").classList.contains("comparing")));
  const fault = document.querySelector("[aria-invalid=true]");
  (fault ?? find("who"))?.focus({ preventScroll: !fault });
  if (!fault) scrollTo(0, 0);
  for (const picture of document.querySelectorAll("img[data-broken]"))
    picture.addEventListener("error", () => {
      const words = document.createElement("p");
      words.className = "picture-none";
      words.textContent = picture.dataset.broken;
      picture.replaceWith(words);
    }, { once: true });
}

addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.closest("#one")) return;
  event.preventDefault();
  go(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, event.submitter)) });
});

addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const link = event.target.closest?.("#one a");
  if (link?.id === "return-cancel") {
    event.preventDefault();
    escape();
  } else if (link?.id === "compare") {
    event.preventDefault();
    compare();
  } else if (link && ["next", "previous"].includes(link.id)) {
    event.preventDefault();
    go(link.href);
  }
});

addEventListener("popstate", () => go(location.href, undefined, { push: false }));

const digits = Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 9].map((one) => [String(one), () => reason(one)]));
listen({
  a: () => !find("return")?.open && press("approve"),
  r: openReturn,
  s: compare,
  n: () => press("next"),
  ArrowRight: () => press("next"),
  p: () => press("previous"),
  ArrowLeft: () => press("previous"),
  u: () => press("undo"),
  l: () => press("back"),
  Enter: send,
  Escape: escape,
  ...digits,
});
arrive();
