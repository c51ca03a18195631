/** From the press of the button to the verdict: sending, queueing, rendering. */

import { answer, Problem, upload } from "../api.js";
import { h, heading, icon, note, pause, say } from "../dom.js";
import { store, work } from "../store.js";

const TRIES = [1000, 2000, 4000, 8000];
const SLOWEST_MS = 8000;

export function waiting(ctx) {
  const view = build();
  run(ctx, view).catch((problem) => stopped(ctx, view, problem));
  return view.nodes;
}

function build() {
  const bar = h("i");
  const meter = h("div", { class: "bar", role: "progressbar", "aria-label": "上传进度", "aria-valuemin": 0, "aria-valuemax": 100 }, bar);
  const big = h("p", { class: "big" });
  const line = h("p", { class: "muted" });
  const problems = h("div", { class: "list" });
  const circle = h("div", { class: "pulse" }, icon("user"));
  const nodes = [heading("正在处理您的照片"), h("div", { class: "card centre" }, circle, big, line, meter), problems];
  return { bar, meter, big, line, problems, circle, nodes };
}

function tell(view, title, body) {
  view.big.textContent = title;
  view.line.textContent = body;
  say(`${title}。${body}`);
}

async function run(ctx, view) {
  const photo = store.get("photo");
  const id = photo.id ?? (await send(ctx, view));
  view.meter.hidden = true;
  await poll(ctx, view, id);
}

/** Send the selfie, again when the network drops or the server asks to wait; always with the same key. */
async function send(ctx, view) {
  if (!work.file) return ctx.go("capture", { replace: true, photo: undefined }).then(() => pause(1e9, ctx.signal));
  for (let attempt = 0; ; attempt += 1) {
    try {
      tell(view, "正在上传", "请不要关闭页面");
      const { id } = await upload(work.file, store.get("target"), { key: work.key, signal: ctx.signal, onprogress: (part) => progress(view, part) });
      store.set({ photo: { id } });
      return id;
    } catch (problem) {
      const again = problem.code === "network" || (problem.retryAfter && [429, 503].includes(problem.status));
      if (!again || attempt >= TRIES.length) throw problem;
      await countdown(ctx, view, problem, TRIES[attempt]);
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
  const seconds = problem.retryAfter ?? Math.ceil(ms / 1000);
  for (let left = seconds; left > 0; left -= 1) {
    view.big.textContent = `${left} 秒后重试`;
    view.line.textContent = problem.message;
    await pause(1000, ctx.signal);
  }
}

/** Ask until there is a verdict. The server holds the line up to 20 s; when it cannot, we ask less and less often. */
async function poll(ctx, view, id) {
  let gap = 1000;
  for (;;) {
    const begun = performance.now();
    try {
      const response = await answer("GET", `/v1/photos/${id}?wait=20`, { signal: ctx.signal });
      const photo = await response.json();
      if (!["queued", "rendering"].includes(photo.state)) return ctx.go("result", { replace: true });
      describe(view, photo);
      const asked = Number(response.headers.get("Retry-After")) * 1000;
      const held = performance.now() - begun > 5000;
      gap = held ? 0 : Math.min(Math.max(asked, gap * 1.6), SLOWEST_MS);
    } catch (problem) {
      if (!(problem instanceof Problem) || (problem.code !== "network" && problem.status < 429)) throw problem;
      tell(view, "正在重新连接", "照片已经上传，不会丢失");
      gap = Math.min((problem.retryAfter ?? 0) * 1000 || gap * 2, 30000);
    }
    await pause(gap, ctx.signal);
  }
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
  view.line.textContent = "照片还在您的手机里";
  const where = h("div");
  view.problems.replaceChildren(where, h("div", { class: "actions" },
    h("button", { class: "btn primary", onclick: ctx.reload }, "再试一次"),
    h("button", { class: "btn plain", onclick: () => ctx.go("capture", { replace: true, photo: undefined }) }, "换一张照片")));
  ctx.fail(problem, where);
  if (problem.errors?.length) where.append(note("", "具体原因", problem.errors.map((error) => error.detail).join("；")));
}
