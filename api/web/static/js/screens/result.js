/** The verdict: the photo with its facts, or the selfie beside the reasons with what to do about each. */

import { call, fetchImage, tell } from "../api.js";
import { ask, busy, h, heading, icon, note, save } from "../dom.js";
import { forget, lastPicture } from "../selfie.js";
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
  const { output, findings } = photo.report;
  const warnings = findings.filter(({ severity }) => severity === "warn");
  const problems = h("div");
  const { handedIn } = store.get("photo");
  return [
    heading("照片合格", handedIn ? "这张照片已经提交过。" : "请看一看是否满意，可以重拍，次数不限。"),
    h("div", { class: "card print" },
      h("div", { class: "mat" }, h("img", { src: shown(ctx, blob), width: output.width, height: output.height, alt: "制作完成的证件照" })),
      h("div", { class: "facts", role: "group", "aria-label": "照片参数" }, photoFacts(output, target.spec).map((fact) => h("span", { class: "chip" }, fact)))),
    warnings.length > 0 && h("section", { class: "list", "aria-labelledby": "warnings" }, h("h2", { id: "warnings" }, "提醒（不影响提交）"), reasons(warnings, "提醒")),
    h("div", { class: "actions" },
      target.kind === "campaign" && !handedIn && h("button", { class: "btn primary", type: "button", onclick: () => ctx.go("profile") }, "确认提交"),
      h("div", { class: "actions row" },
        h("button", { class: target.kind === "campaign" && !handedIn ? "btn" : "btn primary", type: "button", onclick: () => save(blob, filename) }, icon("save"), "保存照片"),
        handedIn ? h("button", { class: "btn plain", type: "button", onclick: () => ctx.go("done") }, "查看审核状态") : again(ctx, "btn plain"))),
    h("p", { class: "muted small centre" }, `保存的文件名：${filename}`),
    h("div", { class: "aside" },
      shareable(blob, filename) && h("button", { class: "btn text", type: "button", onclick: () => share(blob, filename) }, "发送文件"),
      target.kind === "spec" && h("button", { class: "btn text", type: "button", onclick: () => ctx.go("choose", { photo: undefined }) }, "换一个规格"),
      h("button", { class: "btn text quiet", type: "button", onclick: (event) => busy(event.currentTarget, () => remove(ctx, photo)).catch((problem) => ctx.fail(problem, problems)) }, "删除这张照片")),
    problems,
  ].filter(Boolean);
}

/** A picture's address that ends with the screen. */
function shown(ctx, blob) {
  const url = URL.createObjectURL(blob);
  ctx.signal.addEventListener("abort", () => URL.revokeObjectURL(url), { once: true });
  return url;
}

const asFile = (blob, filename) => new File([blob], filename, { type: "image/jpeg" });

/** Phones can hand the file on under its own name; an album would give it another. */
const shareable = (blob, filename) => matchMedia("(pointer: coarse)").matches && Boolean(navigator.canShare?.({ files: [asFile(blob, filename)] }));

/** That the student changed their mind is no fault. */
const share = (blob, filename) => navigator.share({ files: [asFile(blob, filename)] }).catch(() => undefined);

async function remove(ctx, photo) {
  if (!(await ask({ title: "删除这张照片？", body: "照片和自拍都会从服务器删除，不能恢复；已提交的会一并撤回。", yes: "删除", danger: true }))) return;
  await tell("DELETE", `/v1/photos/${photo.id}`);
  await forget();
  await ctx.reload();
}

function rejected(ctx, { report, error }) {
  const findings = (report?.findings ?? []).filter(({ severity }) => severity === "fail");
  const all = findings.length ? findings : [report?.error ?? error].filter(Boolean);
  return [
    heading("这张还不行，再拍一张", `有 ${Math.max(1, all.length)} 处需要调整，照着做就能通过。`),
    beside(ctx, reasons(all, "没有通过的原因")),
    h("div", { class: "actions" }, again(ctx, "btn primary", icon("camera"))),
    h("p", { class: "muted small centre" }, "次数不限，未通过的照片会自动删除"),
    store.get("target").kind === "campaign" && h("p", { class: "muted small centre" }, "照着改了还是不行？请联系辅导员，可安排线下拍摄。"),
  ].filter(Boolean);
}

/** The reasons next to what they speak of; a format that the browser cannot show is left out. */
function beside(ctx, list) {
  if (!lastPicture()) return list;
  const picture = h("img", { src: shown(ctx, lastPicture()), alt: "您刚才的自拍" });
  const both = h("div", { class: "beside" }, h("figure", { class: "selfie" }, picture), list);
  picture.addEventListener("error", () => both.replaceWith(list));
  return both;
}

/** The first three as they come, most useful first; the rest on demand. */
function reasons(all, label) {
  const rest = all.slice(FIRST);
  return h("div", { class: "list" }, h("ol", { class: "reasons", "aria-label": label }, all.slice(0, FIRST).map(reason)),
    rest.length > 0 && h("details", {}, h("summary", {}, `更多（还有 ${rest.length} 条）`, icon("down")), h("ol", { class: "reasons", "aria-label": `更多${label}` }, rest.map(reason))));
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
  return h("button", { class: look, type: "button", onclick: (event) => busy(event.currentTarget, () => ctx.go("capture", { photo: undefined })) }, symbol, "重拍");
}
