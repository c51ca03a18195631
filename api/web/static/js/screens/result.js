/** The verdict: the photo with its facts, or the reasons with what to do about each. */

import { call, fetchImage } from "../api.js";
import { busy, h, heading, icon, note, save } from "../dom.js";
import { store } from "../store.js";
import { photoFacts } from "../words.js";

const FIRST = 3;

export async function result(ctx) {
  const photo = await call("GET", `/v1/photos/${store.get("photo").id}`, { signal: ctx.signal }).catch(gone);
  if (["queued", "rendering"].includes(photo.state)) {
    ctx.go("waiting", { replace: true });
    return new Promise(() => {});
  }
  return { ready: passed, rejected, failed, erased }[photo.state](ctx, photo);
}

/** A photo that was deleted, or has reached its end, is not an error here. */
function gone(problem) {
  if (problem.code === "not_found") return { state: "erased" };
  throw problem;
}

async function passed(ctx, photo) {
  const target = store.get("target");
  const { blob, filename } = await fetchImage(photo.image_url, ctx.signal);
  const url = URL.createObjectURL(blob);
  ctx.signal.addEventListener("abort", () => URL.revokeObjectURL(url), { once: true });
  const { output, findings } = photo.report;
  const warnings = findings.filter(({ severity }) => severity === "warn");
  return [
    heading("照片合格", "请看一看是否满意，可以重拍，次数不限。"),
    h("div", { class: "card print" },
      h("div", { class: "mat" }, h("img", { src: url, width: output.width, height: output.height, alt: "制作完成的证件照" })),
      h("div", { class: "facts", role: "group", "aria-label": "照片参数" }, photoFacts(output, target.spec).map((fact) => h("span", { class: "chip" }, fact)))),
    warnings.length > 0 && h("section", { class: "list" }, h("h2", {}, "提醒（不影响提交）"), h("ul", { class: "reasons" }, warnings.map((finding) => reason(finding)))),
    h("div", { class: "actions" },
      target.kind === "campaign" && h("button", { class: "btn primary", onclick: () => ctx.go("profile") }, "确认提交"),
      h("div", { class: "actions row" },
        h("button", { class: target.kind === "campaign" ? "btn" : "btn primary", onclick: () => save(blob, filename) }, icon("save"), "保存照片"),
        again(ctx, "btn plain"))),
    target.kind === "spec" && h("button", { class: "btn text", onclick: () => ctx.go("choose", { photo: undefined }) }, "换一个规格"),
  ].filter(Boolean);
}

function rejected(ctx, { report, error }) {
  const findings = (report?.findings ?? []).filter(({ severity }) => severity === "fail");
  const all = findings.length ? findings : [report?.error ?? error].filter(Boolean);
  const rest = all.slice(FIRST);
  return [
    heading("这张还不行，再拍一张", all.length > 1 ? `有 ${all.length} 处需要调整，照着做就能通过。` : "有 1 处需要调整，照着做就能通过。"),
    h("ol", { class: "reasons", "aria-label": "没有通过的原因" }, all.slice(0, FIRST).map(reason)),
    rest.length > 0 && h("details", {}, h("summary", {}, `更多原因（${rest.length}）`, icon("down")), h("ol", { class: "reasons" }, rest.map(reason))),
    h("div", { class: "actions" }, again(ctx, "btn primary", icon("camera"))),
    h("p", { class: "muted small centre" }, "次数不限，未通过的照片会自动删除"),
  ].filter(Boolean);
}

function reason({ message, advice, severity }) {
  return h("li", { class: `reason ${severity === "warn" ? "warn" : ""}` }, icon(severity === "warn" ? "warn" : "bad"), h("div", {}, h("strong", {}, message), h("span", { class: "muted" }, advice)));
}

function failed(ctx, { error }) {
  return [
    heading("没能处理这张照片"),
    note("warn", error?.message ?? "处理时出了意外", error?.advice ?? "这不是您的问题，请再拍一张或稍后再试。"),
    h("div", { class: "actions" }, again(ctx, "btn primary")),
  ];
}

function erased(ctx) {
  return [heading("照片已删除"), note("", "这张照片已按保存期限或您的要求删除。"), h("div", { class: "actions" }, again(ctx, "btn primary"))];
}

function again(ctx, look, symbol = null) {
  return h("button", { class: look, onclick: (event) => busy(event.currentTarget, () => ctx.go("capture", { photo: undefined })) }, symbol, "重拍");
}
