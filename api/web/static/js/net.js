/** Whether there is a network, said in one line at the top of the page. */

import { say } from "./dom.js";

const LOST = "网络断开了。照片和填写的内容都还在，恢复后会自动继续。";

/** Show the line while the browser knows that it is offline. */
export function watchNetwork(line) {
  const show = () => { line.hidden = navigator.onLine; line.textContent = navigator.onLine ? "" : LOST; };
  window.addEventListener("offline", show);
  window.addEventListener("online", () => { show(); say("网络已恢复"); });
  show();
}

/** Wait that long, or until the network comes back; leaving the page ends it. While offline, only the network ends it. */
export function rest(ms, signal, { tick = () => undefined } = {}) {
  return new Promise((resolve, reject) => {
    const since = performance.now();
    const end = (settle) => { clearInterval(timer); window.removeEventListener("online", back); settle(); };
    const back = () => end(resolve);
    const timer = setInterval(() => {
      const left = ms - (performance.now() - since);
      if (left <= 0 && navigator.onLine) end(resolve);
      else tick(Math.max(0, Math.ceil(left / 1000)));
    }, Math.min(ms, 250) || 1);
    window.addEventListener("online", back);
    signal?.addEventListener("abort", () => end(() => reject(new DOMException("left", "AbortError"))), { once: true });
    tick(Math.ceil(ms / 1000));
  });
}
