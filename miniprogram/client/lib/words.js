/** Numbers and states as students read them. Times arrive in UTC and are shown in Beijing time. */

const BEIJING_MS = 8 * 3600 * 1000;
const two = (number) => String(number).padStart(2, "0");

/** 2026-12-16 23:59:59; phones have no reliable time zone tables, so the eight hours are added here. */
function moment(iso) {
  const at = new Date(Date.parse(iso) + BEIJING_MS);
  if (!iso || Number.isNaN(at.getTime())) return "—";
  const day = `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`;
  return `${day} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
}

/** 3 天 04:05:06, or 04:05:06 on the last day. */
function countdown(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const days = Math.floor(seconds / 86400);
  const clock = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(":");
  return days ? `${days} 天 ${clock}` : clock;
}

/** 14 KB: kilobytes of 1000 bytes, as the specifications count them. */
function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1000000 ? `${Math.round(bytes / 1000)} KB` : `${Number((bytes / 1000000).toFixed(1))} MB`;
}

const COLOURS = { "#FFFFFF": "白底", "#438EDB": "蓝底", "#64C5FF": "浅蓝底", "#67C23A": "绿底", "#FF0000": "红底", "#D9001B": "红底" };

function background(colour) {
  if (!colour) return "原背景";
  return COLOURS[colour.toUpperCase()] || `背景 ${colour}`;
}

function dimensions({ size: { min_width: w, min_height: t, max_width: W, max_height: T } }) {
  return w === W && t === T ? `${w}×${t} px` : `${w}×${t} – ${W}×${T} px`;
}

/** 小于 100 KB, or 50 KB – 2 MB: what the spec's half-open window says. */
function weight({ low, high }) {
  return low > 1 ? `${size(low)} – ${size(high)}` : `小于 ${size(high)}`;
}

const specFacts = (spec) => [dimensions(spec), `${spec.dpi} dpi`, weight(spec.bytes), background(spec.background)];

/** What is true of a finished photo, all measured on its own bytes. */
function photoFacts(output, spec) {
  const facts = [`${output.width}×${output.height} px`, `${output.dpi} dpi`, size(output.bytes)];
  return spec ? [...facts, background(spec.background)] : facts;
}

const GLASSES = {
  allowed: "可以戴眼镜，镜片不要反光",
  if_usual: "平时戴眼镜的可以戴，镜片不要反光",
  forbidden: "请摘下眼镜",
};

/** What must be seen of the head: ears only where the spec refuses a photo without them. */
const shown = (spec) => (spec.checks.ears_covered === "fail" ? "露出双耳和眉毛" : "露出眉毛");

/** What a student must know before taking a picture for this spec. */
function shootingRules(spec) {
  const recent = spec.recency_days ? [`须为最近 ${Math.round(spec.recency_days / 30.5)} 个月内拍摄的照片`] : [];
  const wall = spec.background ? "站在纯色墙前，制作时会换成要求的背景" : "站在干净的纯色墙前，背景会原样保留";
  return [wall, `光线均匀，正对镜头，${shown(spec)}`, "不戴帽子，头发不遮脸", GLASSES[spec.glasses], ...recent, "只裁剪、调正，不做任何美颜"];
}

const WINDOW = {
  open: { label: "进行中", tone: "good" },
  not_open: { label: "未开始", tone: "quiet" },
  closed: { label: "已截止", tone: "quiet" },
};

const REVIEW = {
  submitted: { label: "待审核", tone: "warn", title: "已提交，等待辅导员审核", detail: "审核结果会显示在这里。" },
  approved: { label: "已通过", tone: "good", title: "审核已通过", detail: "您的照片已采集完成，无需再做任何操作。" },
  returned: { label: "已退回", tone: "bad", title: "照片被退回，请重新拍摄", detail: "请按原因重新拍照并提交，之后会再次审核。" },
  revoked: { label: "已撤销", tone: "bad", title: "采集结果已撤销", detail: "如有疑问，请联系辅导员。" },
};

const REVIEW_REASONS = { photo_erased: "照片已按您的要求删除。" };

/** The reviewer's reason as the student reads it. */
const reviewReason = (reason) => (reason ? REVIEW_REASONS[reason] || reason : "");

/** The newest submission for a campaign, or undefined. */
function latest(submissions, campaign) {
  const own = submissions.filter((one) => one.campaign === campaign);
  return own.sort((a, b) => (a.created_at < b.created_at ? 1 : -1))[0];
}

/** 20 秒, 约 5 分钟, 约 2 小时: how long to wait, as people say it. */
function soon(seconds) {
  if (seconds < 100) return `${seconds} 秒`;
  return seconds < 6000 ? `约 ${Math.ceil(seconds / 60)} 分钟` : `约 ${Math.ceil(seconds / 3600)} 小时`;
}

module.exports = { moment, countdown, soon, size, background, specFacts, photoFacts, shown, shootingRules, WINDOW, REVIEW, reviewReason, latest };
