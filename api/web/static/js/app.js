/** The page's frame: which screen is shown, the way back, and what every screen does with a problem. */

import { h, heading, icon, loadIcons, note, say } from "./dom.js";
import { watchNetwork } from "./net.js";
import { store } from "./store.js";
import { soon } from "./words.js";
import { signin } from "./screens/signin.js";
import { consent } from "./screens/consent.js";
import { choose } from "./screens/choose.js";
import { brief } from "./screens/brief.js";
import { identity } from "./screens/identity.js";
import { capture } from "./screens/capture.js";
import { waiting } from "./screens/waiting.js";
import { result } from "./screens/result.js";
import { profile } from "./screens/profile.js";
import { done } from "./screens/done.js";
import { submissions } from "./screens/submissions.js";
import { record } from "./screens/record.js";
import { me } from "./screens/me.js";

const SCREENS = { signin, consent, choose, brief, identity, capture, waiting, result, profile, done, submissions, record, me };
const STAGE = { choose: 0, brief: 0, identity: 0, capture: 1, waiting: 1, result: 2, profile: 3, done: 3 };
const NEEDS_TARGET = new Set(["brief", "identity", "capture", "waiting", "result", "profile", "done", "record"]);
const ELSEWHERE = { not_authenticated: "signin", token_expired: "signin", consent_required: "consent", identity_required: "identity" };

const main = document.querySelector("main");
let leaving = new AbortController();

/** Go to a screen; the browser's back button comes back to this one. */
function go(step, { replace = false, ...patch } = {}) {
  store.set({ ...patch, step });
  const change = replace ? "replaceState" : "pushState";
  history[change]({ step }, "", location.pathname);
  return show(step);
}

/** The nearest screen to the wanted one that can be shown with what is known. */
function reachable(step) {
  if (!store.session()) return "signin";
  if (!SCREENS[step] || step === "signin") return "choose";
  if (NEEDS_TARGET.has(step) && !store.get("target")) return "choose";
  return ["waiting", "result", "profile"].includes(step) && !store.get("photo") ? "capture" : step;
}

async function show(wanted) {
  const step = reachable(wanted);
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  const ctx = { go, signal, fail: (problem, place) => fail(problem, place), reload: () => show(step) };
  frame(step);
  const slow = setTimeout(() => signal.aborted || main.replaceChildren(h("div", { class: "screen", "aria-busy": "true" }, h("h1", { class: "sr" }, "正在载入"), skeleton(), skeleton())), 150);
  try {
    place(step, await SCREENS[step](ctx), signal);
  } catch (problem) {
    if (problem.name !== "AbortError" && !signal.aborted) broken(problem, step, signal);
  } finally {
    clearTimeout(slow);
  }
}

function place(step, node, signal) {
  if (signal.aborted) return;
  main.replaceChildren(h("div", { class: "screen", "data-step": step }, node));
  const title = main.querySelector("h1");
  document.title = `${title.textContent} · 校园证件照`;
  say("");
  title.focus({ preventScroll: true });
  window.scrollTo(0, 0);
}

function frame(step) {
  const stage = STAGE[step];
  const steps = document.getElementById("steps");
  steps.hidden = stage === undefined;
  [...steps.children].forEach((item, index) => {
    item.classList.toggle("done", index < stage);
    item.toggleAttribute("aria-current", false);
    if (index === stage) item.setAttribute("aria-current", "step");
  });
  document.getElementById("back").hidden = !["brief", "identity", "capture", "profile", "submissions", "record", "me"].includes(step);
  document.getElementById("me").hidden = !store.session() || step === "me";
}

const skeleton = () => h("div", { class: "skeleton", "aria-hidden": "true" });

/** A screen could not be loaded: say why, and offer the same again; when the network comes back it is asked for by itself. */
function broken(problem, step, signal) {
  if (redirect(problem)) return;
  if (problem.code === "network") window.addEventListener("online", () => show(step), { signal, once: true });
  place(step, [
    heading(problem.title ?? "这一页没能打开"),
    note("bad", problem.message, number(problem)),
    h("div", { class: "actions" },
      h("button", { class: "btn primary", onclick: () => show(step) }, "再试一次"),
      step !== "choose" && store.session() && h("button", { class: "btn plain", onclick: () => go("choose") }, "回到首页")),
  ].flat(), signal);
}

/** What the office asks for when a server failed; a gateway's own page has none. */
const number = ({ status, requestId }) => (status >= 500 && requestId ? `编号 ${requestId}` : "");

function redirect(problem) {
  const step = ELSEWHERE[problem.code];
  if (!step) return false;
  if (step === "signin") store.set({ session: null, notice: "登录已过期，请重新登录。您已填写的内容都还在。" });
  const from = store.get("step");
  go(step, { replace: true, after: ["signin", "consent"].includes(from) ? store.get("after") : from });
  return true;
}

/** Show a problem in its place on the screen, keeping everything else as it was. */
function fail(problem, where) {
  if (problem.name === "AbortError" || redirect(problem)) return;
  if (!problem.code) console.error(problem);
  const wait = problem.retryAfter ? `请稍等，${soon(problem.retryAfter)}后再试。` : "";
  const body = [wait, number(problem)].filter(Boolean).join(" ");
  where.replaceChildren(note("bad", problem.message, body));
  where.scrollIntoView({ block: "nearest" });
}

window.addEventListener("popstate", (event) => show(event.state?.step ?? "choose"));
document.getElementById("back").addEventListener("click", () => history.back());
document.getElementById("me").addEventListener("click", () => go("me"));
document.getElementById("back").append(icon("back"));
document.getElementById("me").append(icon("user"));
loadIcons().catch(() => undefined); /* words speak without them */
watchNetwork(document.getElementById("net"));
const poster = new URLSearchParams(location.search).get("campaign");
go(poster ? "choose" : (store.get("step") ?? "choose"), { replace: true, ...(poster ? { poster } : {}) });
