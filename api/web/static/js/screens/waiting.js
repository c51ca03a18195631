/** From the press of the button to the verdict: sending, queueing, rendering. */

import { answer, passing, upload } from "../api.js";
import { h, heading, icon, note, say } from "../dom.js";
import { rest } from "../net.js";
import { forget, sent, unsent } from "../selfie.js";
import { store } from "../store.js";

const TRIES = [1000, 2000, 4000, 8000];
const SLOWEST_MS = 8000;
const LONG_MS = 60000;

export function waiting(ctx) {
  const view = build();
  run(ctx, view).catch((problem) => stopped(ctx, view, problem));
  return view.nodes;
}

function build() {
  const bar = h("i");
  const meter = h("div", { class: "bar", role: "progressbar", "aria-label": "上传进度", "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": 0 }, bar);
  const big = h("p", { class: "big" });
  const line = h("p", { class: "muted" });
  const safe = h("p", { class: "muted small" });
  const problems = h("div", { class: "list" });
  const circle = h("div", { class: "pulse" }, icon("user"));
  const nodes = [heading("正在处理您的照片"), h("div", { class: "card centre" }, circle, big, line, meter, safe), problems];
  return { bar, meter, big, line, safe, problems, circle, nodes };
}

function tell(view, title, body) {
  view.big.textContent = title;
  view.line.textContent = body;
  say(`${title}。${body}`);
}

async function run(ctx, view) {
  const id = store.get("photo").id ?? (await send(ctx, view));
  if (!id) return;
  view.meter.hidden = true;
  view.safe.textContent = "照片已经上传，不会丢失。";
  await poll(ctx, view, id);
}

/** Send the selfie, again when the network drops or the server asks to wait; always with the same key. */
async function send(ctx, view) {
  const selfie = await unsent(store.get("owner"));
  if (!selfie) {
    ctx.go("capture", { replace: true, photo: undefined });
    return null;
  }
  view.safe.textContent = "照片先保存在这台设备上：断网、刷新都不会丢，上传后立即从这里删除。";
  for (let attempt = 0; ;) {
    try {
      tell(view, "正在上传", "请不要关闭页面");
      const { id } = await upload(selfie.file, selfie.target, { key: selfie.key, signal: ctx.signal, onprogress: (part) => progress(view, part) });
      store.set({ photo: { id } });
      await sent();
      return id;
    } catch (problem) {
      if (navigator.onLine) attempt += 1;
      if (!passing(problem) || (problem.status === 500 && !problem.retryAfter) || attempt > TRIES.length) throw problem;
      await countdown(ctx, view, problem, problem.retryAfter ? problem.retryAfter * 1000 : TRIES[Math.max(0, attempt - 1)]);
    }
  }
}

function progress(view, part) {
  const percent = Math.round(part * 100);
  view.bar.style.width = `${percent}%`;
  view.meter.setAttribute("aria-valuenow", percent);
  view.big.textContent = percent < 100 ? `${percent}%` : "已上传";
}

async function countdown(ctx, view, problem, ms) {
  if (!navigator.onLine) tell(view, "等待网络恢复", "联网后自动继续上传。");
  else say(`${problem.message}将自动重试`);
  await rest(ms, ctx.signal, { tick: (left) => {
    if (!navigator.onLine) return;
    view.big.textContent = `${left} 秒后重试`;
    view.line.textContent = problem.message;
  } });
}

/**
 * Ask until there is a verdict: at once for the place in the queue, so that it is told from the first moment, then with
 * the server holding the line up to 20 s; when it cannot, we ask less and less often.
 */
async function poll(ctx, view, id) {
  const since = performance.now();
  let gap = 1000;
  let wait = 0;
  for (;;) {
    const begun = performance.now();
    try {
      const response = await answer("GET", `/v1/photos/${id}?wait=${wait}`, { signal: ctx.signal });
      const photo = await response.json();
      if (!["queued", "rendering"].includes(photo.state)) return ctx.go("result", { replace: true });
      describe(view, photo);
      const asked = Number(response.headers.get("Retry-After")) * 1000;
      const held = !wait || performance.now() - begun > 5000;
      wait = 20;
      gap = held ? 0 : Math.min(Math.max(asked, gap * 1.6), SLOWEST_MS);
    } catch (problem) {
      if (problem.code === "not_found") return ctx.go("result", { replace: true });
      if (!passing(problem)) throw problem;
      tell(view, navigator.onLine ? "正在重新连接" : "等待网络恢复", "照片已经上传，不会丢失");
      gap = Math.min((problem.retryAfter ?? 0) * 1000 || gap * 2, 30000);
    }
    if (performance.now() - since > LONG_MS) offerToLeave(ctx, view);
    await rest(gap, ctx.signal);
  }
}

function offerToLeave(ctx, view) {
  if (view.problems.childElementCount) return;
  view.problems.replaceChildren(note("", "今天人比较多", "您可以先离开，照片不会丢失；稍后从首页的“继续”回来看结果。"),
    h("button", { class: "btn plain", type: "button", onclick: () => ctx.go("choose") }, "先回首页"));
}

function describe(view, { state, position, estimate_s: estimate }) {
  if (state === "rendering") return tell(view, "正在制作", "裁剪、调正、检查是否合规");
  const about = estimate ? `大约还需 ${Math.max(1, Math.round(estimate))} 秒` : "马上就好";
  return position ? tell(view, `前面还有 ${position} 人`, about) : tell(view, "马上轮到您", about);
}

function stopped(ctx, view, problem) {
  if (problem.name === "AbortError") return;
  view.circle.classList.add("still");
  view.meter.hidden = true;
  view.big.textContent = "没有完成";
  view.line.textContent = store.get("photo")?.id ? "照片已经上传，不会丢失" : "照片还在这台设备上";
  const where = h("div");
  const other = async () => { await forget(); await ctx.go("capture", { replace: true, photo: undefined }); };
  view.problems.replaceChildren(where, h("div", { class: "actions" },
    h("button", { class: "btn primary", type: "button", onclick: ctx.reload }, "再试一次"),
    h("button", { class: "btn plain", type: "button", onclick: other }, "换一张照片")));
  ctx.fail(problem, where);
  if (problem.errors?.length) where.append(note("", "具体原因", problem.errors.map((error) => error.detail).join("；")));
}
