/** Everything that can go wrong, as words for the student. `code` is the server's stable code or one of ours. */

const OURS = {
  network: ["网络不通", "没有连上服务器。请检查网络后再试，您已填写的内容都还在。"],
  timeout: ["等得太久了", "服务器没有及时应答，可能是网络较慢。请再试一次。"],
  interrupted: ["刚才被打断了", "小程序进入后台时请求被微信中断，请再试一次。"],
  unreadable_answer: ["服务器没有正常应答", "请稍后再试；如果一直这样，请联系辅导员。"],
  not_configured: ["还没有配置服务器", "请学校管理员在 config.js 填写服务器地址，并在小程序后台登记域名。"],
  no_login_code: ["微信登录没有成功", "没有取得微信登录凭证，请检查网络后重新打开小程序。"],
  unexpected: ["出了点问题", "这一步没有完成，请再试一次。"],
};

class Problem extends Error {
  /** A refusal of the server: its problem document, its status, the seconds after which it may be asked again. */
  constructor(body, { status = 0, retryAfter = null } = {}) {
    super(body.detail || body.title || OURS.unexpected[1]);
    this.code = body.code || "unreadable_answer";
    this.title = body.title || OURS.unexpected[0];
    this.status = status;
    this.retryAfter = retryAfter;
    this.errors = body.errors || [];
    this.requestId = body.request_id || "";
  }

  /** Whether the same call may succeed later without anyone changing anything. */
  get passing() {
    return ["network", "timeout", "interrupted"].includes(this.code) || this.status === 429 || this.status >= 500;
  }

  /** One of our own: nobody answered, or not in a way that can be read. */
  static ours(code, status = 0) {
    const [title, detail] = OURS[code];
    return new Problem({ code, title, detail }, { status });
  }

  /** Read a refusal out of an answer. */
  static of({ status, body, header }) {
    const retryAfter = Number(headerOf(header, "retry-after")) || null;
    const known = body && typeof body === "object" && body.code;
    if (known) return new Problem(body, { status, retryAfter });
    const fault = Problem.ours("unreadable_answer", status);
    fault.retryAfter = retryAfter;
    return fault;
  }

  /** Tell from the words of a failed wx call why nobody answered. */
  static unreached(errMsg = "") {
    if (/interrupted/i.test(errMsg)) return Problem.ours("interrupted");
    if (/time(d)?[ -]?out/i.test(errMsg)) return Problem.ours("timeout");
    if (/domain list|invalid url/i.test(errMsg)) return Problem.ours("not_configured");
    return Problem.ours("network");
  }
}

/** Header names arrive in any case. */
function headerOf(header, name) {
  const key = Object.keys(header || {}).find((one) => one.toLowerCase() === name);
  return key ? String(header[key]) : "";
}

module.exports = { Problem, headerOf };
