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
  return [`${output.width}×${output.height} px`, `${output.dpi} dpi`, size(output.bytes), background(output.background ?? spec?.background ?? null)];
}

const GLASSES = { allowed: "可以戴眼镜，镜片不要反光", if_usual: "平时戴眼镜的可以戴，镜片不要反光", forbidden: "请摘下眼镜" };

/** What must be seen of the head: ears only where the spec refuses a photo without them. */
export function shown(spec) {
  return spec?.checks?.ears_covered === "fail" ? "露出双耳和眉毛" : "露出眉毛";
}

/** What a student must know before taking a picture for this spec. */
export function shootingRules(spec) {
  const wall = spec.background ? "站在纯色墙前，制作时会换成要求的背景" : "站在干净的纯色墙前，背景会原样保留";
  const recent = spec.recency_days ? `须为最近 ${Math.round(spec.recency_days / 30.5)} 个月内拍摄的照片` : null;
  return [wall, `光线均匀，正对镜头，${shown(spec)}`, "不戴帽子，头发不遮脸", GLASSES[spec.glasses], recent, "只裁剪、调正，不做任何美颜"].filter(Boolean);
}

/** 3 天 04:05:06, or 04:05:06 on the last day. */
export function countdown(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const days = Math.floor(seconds / 86400);
  const clock = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, "0")).join(":");
  return days ? `${days} 天 ${clock}` : clock;
}

/** 20 秒, 约 5 分钟, 约 2 小时: how long to wait, as people say it. */
export function soon(seconds) {
  if (seconds < 100) return `${seconds} 秒`;
  return seconds < 6000 ? `约 ${Math.ceil(seconds / 60)} 分钟` : `约 ${Math.ceil(seconds / 3600)} 小时`;
}

export const WINDOW = {
  open: { label: "进行中", kind: "good" },
  not_open: { label: "未开始", kind: "" },
  closed: { label: "已截止", kind: "" },
};

export const REVIEW = {
  submitted: { label: "已提交", kind: "warn", title: "已提交，等待辅导员审核", body: "审核结果会显示在这里，请留意。" },
  approved: { label: "已通过", kind: "good", title: "审核已通过", body: "您的照片已采集完成，无需再做任何操作。" },
  returned: { label: "已退回", kind: "bad", title: "照片被退回，请重新拍摄", body: "请按下面的原因重新拍照并提交，之后会再次审核。" },
  revoked: { label: "已撤销", kind: "bad", title: "采集结果已撤销", body: "如有疑问，请联系辅导员。" },
};

const REASONS = { photo_erased: "照片已按您的要求删除。" };

/** The reviewer's reason as the student reads it. */
export const reviewReason = (reason) => (reason ? REASONS[reason] ?? reason : "");

/** Whether the student may, and must, hand in another photo. */
export const comesBack = (submission) => ["returned", "revoked"].includes(submission?.state);

/** Newest first. */
export const newestFirst = (submissions) => [...submissions].sort((a, b) => b.created_at.localeCompare(a.created_at));

/** The newest submission for a campaign, or undefined. */
export const latest = (submissions, campaign) => newestFirst(submissions).find((one) => one.campaign === campaign);

/** A photo's state in two words. */
export const PHOTO = { queued: "排队中", rendering: "制作中", ready: "合格", rejected: "未通过", failed: "没有完成" };
