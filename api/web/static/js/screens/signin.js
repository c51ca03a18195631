/** The way in: by name while trying the product out; otherwise the student's own phone vouches for this browser. */

import { call } from "../api.js";
import { busy, h, heading, icon, note } from "../dom.js";
import { deviceLogin } from "../device.js";
import { samples } from "../samples.js";
import { unsent } from "../selfie.js";
import { store } from "../store.js";

export function signin(ctx) {
  const { devLogin } = document.body.dataset;
  const notice = store.get("notice");
  store.set({ notice: undefined });
  return [
    h("div", { class: "hero" }, h("img", { src: "/static/icon.svg", alt: "", width: 84, height: 84 }), heading("校园证件照", "用手机自拍，马上知道照片合不合格")),
    notice && note("warn", notice),
    devLogin === "on" ? byName(ctx, [...new Set(samples().map(({ name }) => name))]) : deviceLogin(ctx, (session) => enter(ctx, session)),
    promises(),
  ].filter(Boolean);
}

function byName(ctx, names) {
  const problems = h("div");
  const input = h("input", { id: "name", name: "name", autocomplete: "name", maxlength: 64, required: true, enterkeyhint: "go" });
  const pick = (name) => {
    input.value = name;
    chips.forEach((chip) => chip.setAttribute("aria-pressed", String(chip.textContent === name)));
  };
  const chips = names.map((name) => h("button", { type: "button", class: "btn", "aria-pressed": "false", onclick: () => pick(name) }, name));
  const button = h("button", { class: "btn primary" }, "进入");
  const ask = async (name) => enter(ctx, await call("POST", "/v1/auth/dev", { json: { name } }), name);
  const submit = (event) => {
    event.preventDefault();
    busy(button, () => ask(input.value.trim())).catch((problem) => ctx.fail(problem, problems));
  };
  return h("form", { class: "card", onsubmit: submit },
    note("", "试用模式", "本机试用无需微信，输入姓名即可进入。"),
    h("div", { class: "field" }, h("label", { for: "name" }, "姓名"), input),
    chips.length > 0 && h("div", { class: "field" }, h("span", { class: "hint", id: "names" }, "示例名单里的学生："), h("div", { class: "names", role: "group", "aria-labelledby": "names" }, chips)),
    problems, button);
}

/** Another student's work is never found: it goes before the next one comes in. One's own is found again. */
async function enter(ctx, session, name) {
  const poster = store.get("poster");
  if (store.get("owner") !== session.student.id) store.signOut();
  await unsent(session.student.id);
  store.signIn(session);
  store.set({ owner: session.student.id, name, poster });
  await ctx.go("consent", { replace: true });
}

function promises() {
  const lines = [["light", "几秒钟出结果，不合格会说明原因和改法"], ["image", "只裁剪、调正、换底色，不做任何美颜"], ["lock", "照片只用于您选择的用途，可随时导出或删除"]];
  return h("ul", { class: "points muted small" }, lines.map(([symbol, text]) => h("li", {}, icon(symbol), h("span", {}, text))));
}
