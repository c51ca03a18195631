/** Take or choose a selfie, look at it, and use it or take another. */

import { available, open, refusal, several } from "../camera.js";
import { busy, h, heading, icon, note, pause, say } from "../dom.js";
import { figure, oval } from "../drawings.js";
import { guide } from "../guide.js";
import { fitting } from "../picture.js";
import { keep } from "../selfie.js";
import { store } from "../store.js";
import { shown, specFacts } from "../words.js";

const MAX_BYTES = Number(document.body.dataset.maxUpload);
const TIMER_S = 3;

export function capture(ctx) {
  const target = store.get("target");
  const place = h("div", { class: "list" });
  const problems = h("div");
  const intro = h("div", { class: "list" }, [
    target.spec && h("div", { class: "facts" }, specFacts({ ...target.spec, background: target.background ?? target.spec.background }).map((fact) => h("span", { class: "chip" }, fact))),
    tips(target.spec)]);
  const view = { ctx, problems, camera: null, show: (node, { alone = true } = {}) => { intro.hidden = alone; place.replaceChildren(node); } };
  view.close = () => { view.camera?.stop(); view.leave?.abort(); view.camera = null; };
  ctx.signal.addEventListener("abort", view.close, { once: true });
  listen(view);
  ready(view);
  return [
    heading("拍一张正面照", target.name), intro, problems, place,
  ];
}

function tips(spec) {
  const lines = [["wall", "站在纯色墙前"], ["light", "光线均匀，正对镜头"], ["ear", `免冠，${shown(spec)}`]];
  return h("ul", { class: "tips", "aria-label": "拍摄要点" }, lines.map(([symbol, text]) => h("li", {}, icon(symbol), text)));
}

/** A picture may be dropped anywhere on the page, or pasted. */
function listen(view) {
  const { signal } = view.ctx;
  const over = (on) => document.querySelector(".drop")?.classList.toggle("over", on);
  const files = (event) => [...(event.dataTransfer?.files ?? event.clipboardData?.files ?? [])];
  const take = (event) => { over(false); if (files(event).length) { event.preventDefault(); view.close(); chosen(view, files(event)[0]); } };
  for (const name of ["dragenter", "dragover"]) document.addEventListener(name, (event) => { event.preventDefault(); over(true); }, { signal });
  document.addEventListener("dragleave", (event) => event.relatedTarget || over(false), { signal });
  document.addEventListener("drop", (event) => { event.preventDefault(); take(event); }, { signal });
  document.addEventListener("paste", take, { signal });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && view.camera) ready(view); }, { signal });
}

/** Neither camera nor picture yet: the ways to get one. */
function ready(view) {
  view.close();
  view.show(h("div", { class: "drop" }, figure(),
    available() && h("button", { type: "button", class: "btn primary", onclick: (event) => busy(event.currentTarget, () => live(view)) }, icon("camera"), "打开相机拍照"),
    chooser(view, available() ? "btn" : "btn primary", available() ? "从相册选择" : "拍照或选择照片"),
    h("p", { class: "muted small" }, `请不要使用美颜。电脑上也可以把照片拖到这里，或按 Ctrl+V 粘贴 · 不超过 ${Math.floor(MAX_BYTES / 1000000)} MB`)), { alone: false });
}

function chooser(view, look, words) {
  const input = h("input", { type: "file", accept: "image/*", capture: available() ? null : "user", hidden: true, id: "file", "aria-label": "选择照片", onchange: () => { chosen(view, input.files[0]); input.value = ""; } });
  return h("span", {}, input, h("button", { type: "button", class: look, onclick: () => input.click() }, icon("image"), words));
}

async function chosen(view, file) {
  view.problems.replaceChildren();
  if (!file) return;
  if (file.size === 0) return view.problems.replaceChildren(note("bad", "这个文件是空的", "请换一张照片。"));
  if (file.size > MAX_BYTES) say("照片较大，正在缩小");
  const fit = await fitting(file, MAX_BYTES);
  if (view.ctx.signal.aborted) return;
  if (!fit) return view.problems.replaceChildren(note("bad", "照片太大", `请选择不超过 ${Math.floor(MAX_BYTES / 1000000)} MB 的照片，或直接用相机拍一张。`));
  preview(view, fit, "就用这张吗？");
}

/** The live camera with the oval to fit the face into. */
async function live(view) {
  const video = h("video", { playsinline: true, "aria-label": "相机画面" });
  video.muted = true;
  try {
    view.camera = await open(video, view.ctx.signal);
  } catch (fault) {
    return view.problems.replaceChildren(note("warn", ...refusal(fault)));
  }
  view.problems.replaceChildren();
  view.leave = new AbortController();
  const hint = h("p", { class: "say", role: "status" }, "把头和双肩放进轮廓，眼睛看镜头");
  const stage = h("div", { class: "stage" }, video, oval(), hint);
  const shutter = h("button", { type: "button", class: "take", "aria-label": "拍照", onclick: (event) => busy(event.currentTarget, () => shoot(view, stage, timer)) });
  const timer = h("button", { type: "button", class: "btn text", "aria-pressed": "false", onclick: () => timer.setAttribute("aria-pressed", String(timer.getAttribute("aria-pressed") !== "true")) }, icon("clock"), `${TIMER_S} 秒定时`);
  view.show(h("div", { class: "list" }, stage,
    h("div", { class: "shutter" },
      h("button", { type: "button", class: "btn plain", onclick: () => ready(view) }, "取消"), shutter,
      (await several()) ? h("button", { type: "button", class: "btn plain", "aria-label": "切换前后摄像头", onclick: (event) => busy(event.currentTarget, view.camera.flip) }, icon("flip"), "翻转") : h("span")),
    timer));
  guide(video, ({ ok, text }) => { hint.textContent = text; stage.classList.toggle("ok", ok); }, view.leave.signal);
  shutter.focus({ preventScroll: true });
  stage.scrollIntoView({ block: "nearest" });
}

/** Count down where the timer is on, then take the picture. */
async function shoot(view, stage, timer) {
  const { camera, leave } = view;
  if (timer.getAttribute("aria-pressed") === "true") {
    const number = h("p", { class: "count", role: "status" });
    stage.append(number);
    for (let left = TIMER_S; left > 0; left -= 1) {
      number.textContent = left;
      await pause(1000, leave.signal).catch(() => undefined);
    }
    number.remove();
  }
  if (leave.signal.aborted) return;
  const blob = await camera.take();
  view.close();
  preview(view, blob, "就用这张吗？", "左右与镜子里相反是正常的：证件照不能是镜像。");
}

/** The picture before it is sent: use it, or again. */
function preview(view, file, title, body = "看清楚：脸完整、清晰，光线均匀。") {
  const url = URL.createObjectURL(file);
  view.ctx.signal.addEventListener("abort", () => URL.revokeObjectURL(url), { once: true });
  const picture = h("img", { src: url, alt: "您刚选的照片" });
  picture.addEventListener("error", () => picture.replaceWith(h("p", { class: "say" }, "此格式无法预览，可以直接上传")));
  const use = h("button", { type: "button", class: "btn primary", onclick: (event) => busy(event.currentTarget, () => submit(view, file)) }, "用这张照片");
  view.show(h("div", { class: "list" }, h("div", {}, h("h2", {}, title), h("p", { class: "muted small" }, body)), h("div", { class: "stage shot" }, picture),
    h("div", { class: "actions row" }, h("button", { type: "button", class: "btn plain", onclick: () => ready(view) }, "重拍"), use)));
  use.focus({ preventScroll: true });
  say("照片已选好，可以使用或重拍");
}

/** One selfie has one key, however often it is sent: the server keeps one photo for it. */
async function submit(view, file) {
  const key = crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  await keep(store.get("owner"), { file, key, target: store.get("target") });
  await view.ctx.go("waiting", { photo: { sending: true } });
}
