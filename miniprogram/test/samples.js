/** What the server sends, for tests: invented people, real shapes. */

const SPEC = {
  id: "hunan-pretco", name: "湖南高校英语应用能力考试", region: "湖南", use: "学籍照片", size: { min_width: 180, min_height: 240, max_width: 180, max_height: 240 },
  dpi: 72, bytes: { low: 1, high: 100000 }, background: "#FFFFFF", glasses: "allowed", recency_days: null, checks: {}, confirmed: "A", note: "", group: "exam",
};
const ONE_INCH = { ...SPEC, id: "one-inch", name: "一寸照", region: "全国通用", use: "简历、报名表", size: { min_width: 295, min_height: 413, max_width: 295, max_height: 413 }, dpi: 300, group: "size", search: ["一寸照", "yi cun zhao", "yicunzhao", "ycz", "295×413", "295x413"] };

const GUARDIAN = {
  type: "object",
  properties: {
    name: { type: "string", title: "姓名", minLength: 1, maxLength: 50 },
    relation: { type: "string", title: "与本人关系", enum: ["父亲", "母亲", "其他"] },
    id_type: { type: "string", title: "证件类型", enum: ["居民身份证", "护照"] },
    id_number: { type: "string", title: "证件号码", minLength: 1, maxLength: 30 },
    phone: { type: "string", title: "手机号", pattern: "^1[3-9][0-9]{9}$" },
  },
  required: ["name", "relation", "id_type", "id_number"],
  if: { properties: { id_type: { const: "居民身份证" } }, required: ["id_type"] },
  then: { properties: { id_number: { format: "cn-id-number" } } },
};
const GUARDIANS = { type: "object", properties: { guardians: { type: "array", title: "监护人", items: GUARDIAN, minItems: 1, maxItems: 2 } }, required: ["guardians"] };

const place = (title) => ({ type: "string", title, minLength: 1, maxLength: 30 });
const BASICS = {
  type: "object",
  properties: {
    phone: { type: "string", title: "手机号", pattern: "^1[3-9][0-9]{9}$" },
    birthplace: { type: "object", title: "出生地", properties: { province: place("省"), city: place("市"), county: place("区县") }, required: ["province", "city", "county"] },
    boarder: { type: "boolean", title: "是否住校" },
    height: { type: "integer", title: "身高", minimum: 50, maximum: 250 },
    joined: { type: "string", title: "入学日期", format: "date" },
  },
  required: ["phone", "birthplace"],
};

const DAY = 24 * 3600 * 1000;
const iso = (ms) => new Date(ms).toISOString().replace(/\.\d+Z/, "Z");
const campaign = (more = {}) => ({
  id: "cp_1", slug: "hunan-pretco", name: "学籍照片采集", spec: "hunan-pretco", starts_at: iso(Date.now() - DAY), ends_at: iso(Date.now() + DAY),
  window: "open", bound: false, profile_schema: GUARDIANS, ...more,
});

const consent = (kind, given = null) => ({ id: `${kind}-1`, kind, version: 1, title: `title of ${kind}`, body: "正文", given_at: given });
const CONSENTS = { consents: [consent("privacy"), consent("face_photo")] };
const GIVEN = { consents: [consent("privacy", iso(Date.now())), consent("face_photo", iso(Date.now()))] };

const finding = (code, severity = "fail") => ({ code, severity, message: `message of ${code}`, advice: `advice for ${code}`, value: 1, limit: 2 });
const output = { width: 180, height: 240, dpi: 72, bytes: 14210, format: "JPEG", mode: "RGB", sha256: "0", quality: 95 };
const photo = (state, more = {}) => ({
  id: "ph_1", state, position: null, estimate_s: null, status_url: "/v1/photos/ph_1", spec: "hunan-pretco", campaign: "cp_1", report: null, error: null, image_url: null, ...more,
});
const ready = (findings = []) => photo("ready", { report: { findings, output, verdict: "pass" }, image_url: "/v1/photos/ph_1/image" });
const rejected = (findings) => photo("rejected", { report: { findings, output: null, verdict: "fail" } });

const submission = (state, more = {}) => ({ id: "sb_1", campaign: "cp_1", photo: "ph_1", state, reason: null, created_at: iso(Date.now()), decided_at: null, ...more });

/** A made-up person: a whole province's code, which no real number starts with. */
const PERSON = { name: "张示例", number: "430000200403120012" };

module.exports = { SPEC, ONE_INCH, GUARDIANS, BASICS, campaign, CONSENTS, GIVEN, finding, photo, ready, rejected, submission, PERSON };
