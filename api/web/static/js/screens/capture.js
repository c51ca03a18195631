/** Take or choose a selfie, look at it, and use it or take another. */

import { available, open, several } from "../camera.js";
import { busy, h, heading, icon, note, say } from "../dom.js";
import { store, work } from "../store.js";
import { specFacts } from "../words.js";

const MAX_BYTES = 10000000;
const SVG = "http://www.w3.org/2000/svg";

export function capture(ctx) {
  const target = store.get("target");
  const place = h("div", { class: "list" });
  const problems = h("div");
  const show = (node) => place.replaceChildren(node);
  const view = { ctx, show, problems };
  ready(view);
  return [
    heading("拍一张正面照", target.name),
    target.spec && h("div", { class: "facts" }, specFacts(target.spec).map((fact) => h("span", { class: "chip" }, fact))),
    tips(), problems, place,
  ].filter(Boolean);
}

function tips() {
  const lines = [["wall", "站在纯色墙前"], ["light", "光线均匀，正对镜头"], ["ear", "免冠，露出双耳和眉毛"]];
  return h("ul", { class: "tips", "aria-label": "拍摄要点" }, lines.map(([symbol, text]) => h("li", {}, icon(symbol), text)));
}

/** Neither camera nor picture yet: the two ways to get one. */
function ready(view) {
  const drop = h("div", { class: "drop" }, figure(),
    available() && h("button", { type: "button", class: "btn primary", onclick: (event) => busy(event.currentTarget, () => live(view)) }, icon("camera"), "打开相机拍照"),
    chooser(view, available() ? "btn" : "btn primary", available() ? "从相册选择" : "拍照或选择照片"),
    h("p", { class: "muted small" }, "电脑上也可以把照片拖到这里 · 不超过 10 MB"));
  for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => { event.preventDefault(); drop.classList.remove("over"); chosen(view, event.dataTransfer.files[0]); });
  view.show(drop);
}

function chooser(view, look, words) {
  const input = h("input", { type: "file", accept: "image/*", capture: available() ? null : "user", hidden: true, id: "file", onchange: () => chosen(view, input.files[0]) });
  return h("span", {}, input, h("button", { type: "button", class: look, onclick: () => input.click() }, icon("image"), words));
}

function chosen(view, file) {
  view.problems.replaceChildren();
  if (!file) return;
  if (file.size > MAX_BYTES) return view.problems.replaceChildren(note("bad", "照片太大", "请选择不超过 10 MB 的照片。"));
  if (file.size === 0) return view.problems.replaceChildren(note("bad", "这个文件是空的", "请换一张照片。"));
  preview(view, file);
}

/** The live camera with the oval to fit the face into. */
async function live(view) {
  const video = h("video", { playsinline: true, muted: true, "aria-label": "相机画面" });
  video.muted = true;
  let camera;
  try {
    camera = await open(video, view.ctx.signal);
  } catch (fault) {
    return view.problems.replaceChildren(note("warn", "没能打开相机", refusal(fault)));
  }
  const shoot = async () => { const blob = await camera.take(); camera.stop(); preview(view, blob); };
  view.problems.replaceChildren();
  view.show(h("div", { class: "list" },
    h("div", { class: "stage" }, video, oval(), h("p", { class: "say" }, "把头和双肩放进轮廓，眼睛看镜头")),
    h("div", { class: "shutter" },
      h("button", { type: "button", class: "btn plain", onclick: () => { camera.stop(); ready(view); } }, "取消"),
      h("button", { type: "button", class: "take", "aria-label": "拍照", onclick: (event) => busy(event.currentTarget, shoot) }),
      (await several()) ? h("button", { type: "button", class: "btn plain", onclick: (event) => busy(event.currentTarget, camera.flip) }, icon("flip"), "翻转") : h("span"))));
  say("相机已打开");
}

function refusal(fault) {
  if (fault.name === "NotAllowedError") return "相机权限被拒绝。可在浏览器设置里允许使用相机，或改为从相册选择。";
  if (fault.name === "NotFoundError") return "没有找到相机，请改为从相册选择。";
  return "相机可能正被其他程序使用。请关闭后再试，或改为从相册选择。";
}

/** The picture before it is sent: use it, or again. */
function preview(view, file) {
  const url = URL.createObjectURL(file);
  view.ctx.signal.addEventListener("abort", () => URL.revokeObjectURL(url), { once: true });
  const picture = h("img", { src: url, alt: "您刚拍的照片" });
  picture.addEventListener("error", () => picture.replaceWith(h("p", { class: "say" }, "此格式无法预览，可以直接上传")));
  const use = h("button", { type: "button", class: "btn primary", onclick: () => submit(view, file) }, "用这张照片");
  view.show(h("div", { class: "list" }, h("div", { class: "stage shot" }, picture),
    h("div", { class: "actions row" }, h("button", { type: "button", class: "btn plain", onclick: () => ready(view) }, "重拍"), use)));
  use.focus({ preventScroll: true });
  say("照片已选好，可以使用或重拍");
}

function submit(view, file) {
  work.file = file;
  work.key = crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  view.ctx.go("waiting", { photo: { sending: true } });
}

function oval() {
  const svg = shape("svg", { class: "guide", viewBox: "0 0 300 400", preserveAspectRatio: "xMidYMid slice", "aria-hidden": "true" });
  svg.append(
    shape("path", { "fill-rule": "evenodd", fill: "#000", opacity: ".42", d: "M-300-200h900v800h-900z M150 62c-52 0-80 40-80 96 0 62 38 112 80 112s80-50 80-112c0-56-28-96-80-96z" }),
    shape("path", { fill: "none", stroke: "#fff", "stroke-width": "2.5", "stroke-dasharray": "7 6", d: "M150 62c-52 0-80 40-80 96 0 62 38 112 80 112s80-50 80-112c0-56-28-96-80-96z M28 400c4-66 46-98 86-108M272 400c-4-66-46-98-86-108" }));
  return svg;
}

function figure() {
  const svg = shape("svg", { class: "figure", viewBox: "0 0 132 132", fill: "none", stroke: "currentColor", "stroke-width": "3", "stroke-linecap": "round", "aria-hidden": "true" });
  svg.append(
    shape("path", { d: "M6 30V14a8 8 0 0 1 8-8h16M102 6h16a8 8 0 0 1 8 8v16M126 102v16a8 8 0 0 1-8 8h-16M30 126H14a8 8 0 0 1-8-8v-16" }),
    shape("path", { d: "M66 24c-17 0-26 12-26 29 0 20 13 36 26 36s26-16 26-36c0-17-9-29-26-29zM24 126c2-20 15-29 30-33M108 126c-2-20-15-29-30-33" }));
  return svg;
}

function shape(tag, props) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(props)) node.setAttribute(key, value);
  return node;
}
