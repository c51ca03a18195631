/** Signing in on this browser with the phone: a short code and a QR code are shown, the student confirms in the mini-program
(after RFC 8628). The secret half of the code never leaves this page. */

import { call, passing } from "./api.js";
import { busy, h, icon, note, say } from "./dom.js";
import { rest } from "./net.js";

/** A card that begins by itself and calls `enter` with the session. */
export function deviceLogin(ctx, enter) {
  const place = h("div", { class: "list" });
  const begin = async () => {
    try {
      const code = await call("POST", "/v1/auth/device", { json: {}, signal: ctx.signal });
      show(place, code, ctx.signal);
      await enter(await granted(ctx, code));
    } catch (problem) {
      ended(ctx, place, problem, begin);
    }
  };
  begin();
  return h("section", { class: "card", "aria-labelledby": "device" }, h("h2", { id: "device" }, "用手机上的小程序登录"), place,
    h("p", { class: "muted small" }, "还没用过小程序？在微信首页下拉或搜索本校的“校园证件照”，登录并同意采集说明，也可以直接在手机上拍。"),
    h("p", { class: "muted small" }, "不使用微信？请联系辅导员，可安排线下采集。"));
}

function show(place, { user_code: code, expires_in: seconds, qr }, signal) {
  const url = URL.createObjectURL(new Blob([qr], { type: "image/svg+xml" }));
  signal.addEventListener("abort", () => URL.revokeObjectURL(url), { once: true });
  place.replaceChildren(
    h("ol", { class: "points numbered" }, ["在手机上打开“校园证件照”小程序。", "进入“我的 › 登录电脑网页版”，扫这个码，或输入下面 8 位。", "核对手机上显示的码和这里一样，再点“是我，允许登录”。"].map((text) => h("li", {}, h("span", {}, text)))),
    h("div", { class: "code" }, h("img", { src: url, width: 184, height: 184, alt: "登录用的二维码" }), h("p", { class: "big num", "aria-label": `登录码 ${[...code].join(" ")}` }, code)),
    h("p", { class: "muted small centre", role: "status" }, `等待手机确认。${Math.round(seconds / 60)} 分钟内有效；请不要把码发给别人。`));
}

/** Ask until the phone has answered; the server says how often it may be asked. */
async function granted(ctx, { device_code: secret, interval }) {
  let gap = interval;
  for (;;) {
    await rest(gap * 1000, ctx.signal);
    try {
      return await call("POST", "/v1/auth/device/token", { json: { device_code: secret }, signal: ctx.signal });
    } catch (problem) {
      if (problem.code !== "authorization_pending" && !passing(problem)) throw problem;
      gap = Math.max(interval, problem.retryAfter ?? 0);
    }
  }
}

function ended(ctx, place, problem, begin) {
  if (problem.name === "AbortError" || ctx.signal.aborted) return;
  const title = { device_code_expired: "登录码已过期", device_denied: "手机上选择了不允许" }[problem.code] ?? problem.title ?? "没能取得登录码";
  place.replaceChildren(note("warn", title, problem.message),
    h("button", { class: "btn primary", type: "button", onclick: (event) => busy(event.currentTarget, begin) }, icon("phone"), "换一个新的登录码"));
  say(title);
}
