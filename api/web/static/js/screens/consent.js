/** The texts a student agrees to, each by its own tick; the face photo is never bundled with the rest. */

import { call } from "../api.js";
import { busy, h, heading, note } from "../dom.js";
import { store } from "../store.js";

const WORDS = { privacy: "我已阅读并同意", face_photo: "我单独同意采集和处理我的人脸照片", guardian: "我是这名学生的监护人，我已阅读并同意" };
const GUARDIAN = { name: "监护人姓名", relation: "与学生的关系（父亲、母亲、其他监护人）" };

export async function consent(ctx) {
  const { consents } = await call("GET", "/v1/consents", { signal: ctx.signal });
  const open = consents.filter((text) => !text.given_at);
  if (open.length === 0) return forward(ctx);
  const problems = h("div");
  const cards = open.map(card);
  const button = h("button", { class: "btn primary" }, "同意并继续");
  const submit = (event) => {
    event.preventDefault();
    if (complete(cards)) busy(button, () => give(ctx, open)).catch((problem) => ctx.fail(problem, problems));
  };
  return [
    heading("使用前，请先阅读", "拍照前需要您的同意。同意之后可以随时在“我的”里撤回。"),
    h("form", { class: "list", novalidate: true, onsubmit: submit }, cards, problems, h("div", { class: "actions" }, button, refusal())),
  ];
}

function card(text) {
  const id = `tick-${text.id}`;
  const box = h("input", { type: "checkbox", id, name: text.id, "aria-describedby": `${id}-error` });
  box.addEventListener("change", () => mark(box, false));
  return h("section", { class: "card", "aria-labelledby": `${id}-title` },
    h("div", { class: "item-head" }, h("h2", { id: `${id}-title` }, text.title), h("span", { class: "chip num" }, `版本 ${text.version}`)),
    h("div", { class: "legal", tabindex: "0", role: "region", "aria-label": `${text.title}全文` }, text.body),
    text.kind === "guardian" && Object.entries(GUARDIAN).map(([name, title]) => line(name, title)),
    h("label", { class: "tick", for: id }, box, h("span", {}, WORDS[text.kind] ?? WORDS.privacy, text.kind === "face_photo" ? "" : `《${text.title}》`)),
    h("p", { class: "error", id: `${id}-error`, hidden: true }, "请阅读并勾选后再继续。"));
}

function line(name, title) {
  const id = `guardian-${name}`;
  const input = h("input", { type: "text", id, name: id, maxlength: 64, required: true, autocomplete: "off", "aria-describedby": `${id}-error` });
  input.addEventListener("input", () => mark(input, false));
  return h("div", { class: "field" }, h("label", { for: id, class: "must" }, title), input,
    h("p", { class: "error", id: `${id}-error`, hidden: true }, "请填写。"));
}

function mark(box, wrong) {
  box.setAttribute("aria-invalid", String(wrong));
  document.getElementById(`${box.id}-error`).hidden = !wrong;
}

function complete(cards) {
  const boxes = cards.flatMap((node) => [...node.querySelectorAll("input")]);
  const missing = boxes.filter((box) => (box.type === "checkbox" ? !box.checked : !box.value.trim()));
  missing.forEach((box) => mark(box, true));
  missing[0]?.focus();
  return missing.length === 0;
}

async function give(ctx, texts) {
  for (const text of texts) await call("POST", "/v1/consents", { json: { id: text.id, ...guardian(text) } });
  forward(ctx);
}

function guardian(text) {
  const said = (name) => document.getElementById(`guardian-${name}`).value.trim();
  return text.kind === "guardian" ? { guardian: { name: said("name"), relation: said("relation") } } : {};
}

function forward(ctx) {
  const after = store.get("after");
  ctx.go(after && after !== "consent" && after !== "signin" ? after : "choose", { replace: true, after: undefined });
  return new Promise(() => {});
}

function refusal() {
  return h("details", {}, h("summary", {}, "我不同意"), note("", "不同意也没关系", "我们不会采集您的照片。请联系辅导员，可安排线下拍摄或到照相馆拍摄后交付。"));
}
