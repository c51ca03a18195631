/** The school's record of the student is wrong: say what, and read what the office answers. */

import { call } from "../api.js";
import { busy, h, heading, note, say } from "../dom.js";
import { mark } from "../field.js";
import { store } from "../store.js";
import { moment } from "../words.js";

const ABOUT = [
  ["name", "姓名"], ["id_number", "身份证号"], ["student_number", "学号"], ["college", "院系"], ["grade", "年级"],
  ["major", "专业"], ["class", "班级"], ["missing", "名单里没有我"], ["other", "其他"],
];
const LABELS = Object.fromEntries(ABOUT);

export async function record(ctx) {
  const target = store.get("target");
  const path = `/v1/campaigns/${encodeURIComponent(target.id)}/record-errors`;
  const { record_errors: reports } = await call("GET", path, { signal: ctx.signal });
  const problems = h("div");
  const told = h("div", {}, store.get("reported") && note("good", "已告诉老师", "处理后，结果会显示在下面。"));
  if (store.get("reported")) say("已告诉老师");
  store.set({ reported: undefined });
  const about = choice("about", "哪一项有误", h("select", { id: "about" }, h("option", { value: "" }, "请选择"), ABOUT.map(([value, label]) => h("option", { value, selected: value === store.get("wrongAbout") }, label))));
  const words = choice("message", "正确的内容", h("textarea", { id: "message", maxlength: 500, rows: 3 }), "写明正确的是什么。不要在这里写身份证号等敏感号码。");
  const button = h("button", { class: "btn primary" }, "告诉老师");
  const submit = (event) => {
    event.preventDefault();
    if (complete(about, words)) busy(button, () => report(ctx, path, about, words)).catch((problem) => ctx.fail(problem, problems));
  };
  return [
    heading("学籍信息有误", target.name), told,
    h("form", { class: "card", novalidate: true, onsubmit: submit }, about.node, words.node, problems, button),
    reports.length > 0 && h("section", { class: "list", "aria-labelledby": "reports" }, h("h2", { id: "reports" }, "我反映过的"), h("ul", { class: "list" }, reports.map(row))),
  ].filter(Boolean);
}

function choice(id, title, input, hint = null) {
  const error = h("p", { class: "error", id: `${id}-error`, hidden: true });
  input.setAttribute("aria-describedby", `${hint ? `${id}-hint ` : ""}${id}-error`);
  input.required = true;
  input.addEventListener("input", () => mark(input, error, ""));
  return { input, error, node: h("div", { class: "field" }, h("label", { for: id, class: "must" }, title), input, hint && h("p", { class: "hint", id: `${id}-hint` }, hint), error) };
}

function complete(about, words) {
  mark(words.input, words.error, words.input.value.trim() ? "" : "请写明正确的内容。");
  mark(about.input, about.error, about.input.value ? "" : "请选择哪一项有误。");
  const missing = [about, words].find(({ input }) => input.getAttribute("aria-invalid") === "true");
  missing?.input.focus();
  return !missing;
}

async function report(ctx, path, about, words) {
  await call("POST", path, { json: { about: about.input.value, message: words.input.value.trim() } });
  store.set({ reported: true, wrongAbout: undefined });
  await ctx.reload();
}

function row({ about, message, created_at: at, settled_at: settled, answer }) {
  return h("li", { class: "card" },
    h("div", { class: "item-head" }, h("strong", {}, LABELS[about]), h("span", { class: `chip ${settled ? "good" : "warn"}` }, settled ? "已处理" : "待处理")),
    h("p", { class: "muted" }, message), answer && h("p", {}, `老师：${answer}`), h("p", { class: "muted small num" }, moment(at)));
}
