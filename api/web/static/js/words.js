/** Numbers and states as students read them. Times arrive in UTC and are shown in Beijing time. */

const BEIJING = new Intl.DateTimeFormat("zh-CN", {
  timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});

/** 2026-12-16 23:59:59 */
export function moment(iso) {
  if (!iso) return "—";
  const part = Object.fromEntries(BEIJING.formatToParts(new Date(iso)).map(({ type, value }) => [type, value]));
  return `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute}:${part.second}`;
}

/** 14 KB: kilobytes of 1000 bytes, as the specifications count them. */
export function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1000000 ? `${Math.round(bytes / 1000)} KB` : `${Number((bytes / 1000000).toFixed(1))} MB`;
}

const COLOURS = { "#FFFFFF": "白底", "#438EDB": "蓝底", "#64C5FF": "浅蓝底", "#F0F0F0": "浅灰底", "#67C23A": "绿底", "#FF0000": "红底", "#D9001B": "红底" };

/** 白底, or 原背景 where the spec keeps the picture's own. */
export function background(colour) {
  if (!colour) return "原背景";
  return COLOURS[colour.toUpperCase()] ?? `背景 ${colour}`;
}

/** 180×240 px, or a range where the spec leaves one. */
export function dimensions(spec) {
  const { min_width: w, min_height: t, max_width: W, max_height: T } = spec.size;
  return w === W && t === T ? `${w}×${t} px` : `${w}×${t} – ${W}×${T} px`;
}

/** 小于 100 KB, or 50 KB – 2 MB: what the spec's half-open window says. */
export function weight({ low, high }) {
  return low > 1 ? `${size(low)} – ${size(high)}` : `小于 ${size(high)}`;
}

/** The chips under a spec or campaign. */
export function specFacts(spec) {
  const behind = spec.wall?.length ? `背景须为${spec.wall.map(background).join("或")}` : background(spec.background);
  return [dimensions(spec), `${spec.dpi} dpi`, weight(spec.bytes), behind];
}

/** The chips under a finished photo, all measured on its own bytes. */
export function photoFacts(output, spec) {
  return [`${output.width}×${output.height} px`, `${output.dpi} dpi`, size(output.bytes), background(spec?.background ?? null)];
}

export const REVIEW = {
  submitted: { label: "已提交", kind: "warn", title: "已提交，等待辅导员审核", body: "审核结果会显示在这里，请留意。" },
  approved: { label: "已通过", kind: "good", title: "审核已通过", body: "您的照片已采集完成，无需再做任何操作。" },
  returned: { label: "已退回", kind: "bad", title: "照片被退回，请重新拍摄", body: "请按下面的原因重新拍照并提交，之后会再次审核。" },
  revoked: { label: "已撤销", kind: "bad", title: "采集结果已撤销", body: "如有疑问，请联系辅导员。" },
};
