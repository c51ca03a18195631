// Single keys for reviewers: one table of actions a page, a dialog that shows them on `?`, and a way to switch them off
// (WCAG 2.1.4). Nothing here is needed to work: every action is a link or a form of the page.

const STORE = "idphoto-keys-off";
const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";

const off = () => localStorage.getItem(STORE) === "1";
const dialog = () => document.getElementById("keys");

function show() {
  document.documentElement.classList.toggle("keys-off", off());
  for (const button of document.querySelectorAll("[data-keys=open]")) button.hidden = false;
  const toggle = document.querySelector("[data-keys=toggle]");
  if (toggle) toggle.textContent = off() ? toggle.dataset.on : toggle.dataset.off;
}

function switchKeys() {
  if (off()) localStorage.removeItem(STORE);
  else localStorage.setItem(STORE, "1");
  show();
}

function nameOf(event) {
  return event.shiftKey && event.key.length > 1 ? `Shift+${event.key}` : event.key;
}

/** Answer keys by `actions`: name → function; a function that returns false lets the key pass. */
export function listen(actions) {
  document.documentElement.classList.add("keys-here");
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const open = dialog()?.open;
    if (open && event.key !== "?") return;
    if (event.key !== "Escape" && event.target.closest?.(TYPING)) return;
    if (event.key === "?") {
      event.preventDefault();
      if (open) dialog().close();
      else dialog()?.showModal();
      return;
    }
    const act = actions[nameOf(event)];
    const single = event.key.length === 1;
    if (!act || (single && off())) return;
    if (act(event) !== false) event.preventDefault();
  });
  addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-keys]");
    if (button?.dataset.keys === "open") dialog()?.showModal();
    if (button?.dataset.keys === "close") dialog()?.close();
    if (button?.dataset.keys === "toggle") switchKeys();
  });
  show();
}

export const refresh = show;
