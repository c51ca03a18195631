/** Who the student is on the campaign's roster: name and ID number, checked by the server. */

import { call } from "../api.js";
import { busy, h, heading, icon, note } from "../dom.js";
import { normal, oddity } from "../idnumber.js";
import { samples } from "../samples.js";
import { store } from "../store.js";

export function identity(ctx) {
  const target = store.get("target");
  const problems = h("div");
  const name = h("input", { id: "name", autocomplete: "name", required: true, maxlength: 64, value: store.get("name") ?? "" });
  const number = h("input", { id: "number", autocomplete: "off", inputmode: "text", required: true, maxlength: 24, spellcheck: "false", autocapitalize: "characters", "aria-describedby": "number-hint number-error" });
  const hint = h("p", { class: "hint", id: "number-hint" }, "18 位居民身份证号码，用来核对名单并给照片命名。");
  number.addEventListener("input", () => describe(number, hint));
  const button = h("button", { class: "btn primary" }, "核对并继续");
  const submit = (event) => {
    event.preventDefault();
    if (check(name, number)) busy(button, () => bind(ctx, target, name.value.trim(), normal(number.value))).catch((problem) => refused(ctx, problem, problems, number));
  };
  return [
    heading("核对身份", target.name),
    h("form", { class: "card", novalidate: true, onsubmit: submit },
      examples(target, name, number), field("name", "姓名", name), field("number", "身份证号", number, hint), problems, button),
    h("ul", { class: "points muted small" }, h("li", {}, icon("lock"), h("span", {}, "身份证号加密保存，只用于核对名单和给照片命名，页面上不会再完整显示。"))),
  ];
}

/** On a trial installation the fictional people of the roster can be filled in with one press. */
function examples(target, name, number) {
  const people = samples().filter((one) => one.campaign === target.id);
  if (people.length === 0) return null;
  const fill = (person) => {
    name.value = person.name;
    number.value = person.id_number;
    number.dispatchEvent(new Event("input"));
  };
  return h("div", { class: "field" }, h("span", { class: "hint", id: "examples" }, "试用模式：填入示例名单里的一位（虚构）"),
    h("div", { class: "names", role: "group", "aria-labelledby": "examples" }, people.map((one) => h("button", { type: "button", class: "btn", onclick: () => fill(one) }, one.name))));
}

function field(id, title, input, hint = null) {
  return h("div", { class: "field" }, h("label", { for: id, class: "must" }, title), input, hint, h("p", { class: "error", id: `${id}-error`, hidden: true }));
}

function describe(number, hint) {
  const { length } = normal(number.value);
  const odd = length === 18 ? oddity(number.value) : "";
  hint.classList.toggle("good", length === 18 && !odd);
  hint.textContent = length === 18 ? odd || "✓ 号码校验正确" : `已输入 ${length} / 18 位`;
  if (length !== 18 || !odd) wrong(number, "");
}

function wrong(input, text) {
  const error = document.getElementById(`${input.id}-error`);
  input.setAttribute("aria-invalid", String(Boolean(text)));
  error.hidden = !text;
  error.textContent = text;
  const hint = document.getElementById(`${input.id}-hint`);
  if (hint) hint.hidden = Boolean(text);
}

function check(name, number) {
  wrong(name, name.value.trim() ? "" : "请填写姓名。");
  wrong(number, oddity(number.value));
  const bad = [name, number].find((input) => input.getAttribute("aria-invalid") === "true");
  bad?.focus();
  return !bad;
}

async function bind(ctx, target, name, number) {
  await call("POST", "/v1/me/identity", { json: { campaign: target.id, name, id_number: number } });
  const after = store.get("after");
  await ctx.go(after && after !== "identity" ? after : "capture", { replace: true, after: undefined });
}

function refused(ctx, problem, problems, number) {
  if (problem.code === "id_number_invalid") {
    wrong(number, problem.message);
    number.focus();
    return;
  }
  ctx.fail(problem, problems);
  if (!["identity_mismatch", "too_many_attempts"].includes(problem.code)) return;
  problems.append(note("", "信息确认无误？", "名单可能还没有更新，请联系辅导员核对，或把情况告诉老师。"),
    h("button", { type: "button", class: "btn text", onclick: () => ctx.go("record", { wrongAbout: "missing" }) }, "名单里没有我"));
}
