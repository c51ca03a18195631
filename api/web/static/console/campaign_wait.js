/** While a worker is busy, look again every two seconds: only the waiting part is exchanged until the work is done. */

const EVERY_MS = 2000;

async function look() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return later();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-wait]");
  if (!fresh) return location.reload();
  document.querySelector("[data-wait]").replaceWith(document.adoptNode(fresh));
  return later();
}

function later() {
  setTimeout(look, EVERY_MS);
}

later();
