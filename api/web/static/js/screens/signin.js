/** The way in: by name while trying the product out, through WeChat everywhere else. */

import { call } from "../api.js";
import { busy, h, heading, icon, note } from "../dom.js";
import { samples } from "../samples.js";
import { store } from "../store.js";

export function signin(ctx) {
  const { devLogin } = document.body.dataset;
  const notice = store.get("notice");
  store.set({ notice: undefined });
  return [
    h("div", { class: "hero" }, h("img", { src: "/static/icon.svg", alt: "", width: 84, height: 84 }), heading("校园证件照", "用手机自拍，马上知道照片合不合格")),
    notice && note("warn", notice),
    devLogin === "on" ? byName(ctx, [...new Set(samples().map(({ name }) => name))]) : byWeChat(),
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
  const submit = (event) => {
    event.preventDefault();
    busy(button, () => enter(ctx, input.value.trim())).catch((problem) => ctx.fail(problem, problems));
  };
  return h("form", { class: "card", onsubmit: submit },
    note("", "试用模式", "本机试用无需微信，输入姓名即可进入。"),
    h("div", { class: "field" }, h("label", { for: "name" }, "姓名"), input),
    chips.length > 0 && h("div", { class: "field" }, h("span", { class: "hint", id: "names" }, "示例名单里的学生："), h("div", { class: "names", role: "group", "aria-labelledby": "names" }, chips)),
    problems, button);
}

async function enter(ctx, name) {
  const session = await call("POST", "/v1/auth/dev", { json: { name } });
  if (store.get("owner") !== session.student.id) store.signOut();
  store.signIn(session);
  store.set({ owner: session.student.id, name });
  await ctx.go("consent", { replace: true });
}

function byWeChat() {
  return h("div", { class: "card" }, h("h2", {}, "请在微信中打开"), h("p", {}, "学生登录需要通过本校的微信小程序进行："),
    h("ol", { class: "points" },
      ["打开微信，在首页下拉或搜索本校的“校园证件照”小程序。", "按提示登录并同意采集说明。", "在小程序里拍照、查看结果并提交。"]
        .map((text) => h("li", {}, icon("phone"), h("span", {}, text)))),
    h("p", { class: "muted small" }, "不使用微信？请联系辅导员，可安排线下采集。"));
}

function promises() {
  const lines = [["light", "几秒钟出结果，不合格会说明原因和改法"], ["image", "只裁剪、调正、换底色，不做任何美颜"], ["lock", "照片只用于您选择的用途，可随时导出或删除"]];
  return h("ul", { class: "points muted small" }, lines.map(([symbol, text]) => h("li", {}, icon(symbol), h("span", {}, text))));
}
