/** What every page does alike: one thing at a time, problems in words, the way to what is missing. */

const { Problem } = require("../services/problem");
const session = require("../services/session");
const storage = require("../services/storage");
const { soon } = require("./words");

const CONSENT_PAGE = "/pages/consent/consent";

/** Give a page `run`, `fail`, `retry` and the data they show. `load` is what a retry does. */
function screen(page) {
  return {
    ...COMMON,
    ...page,
    data: { problem: null, busy: "", ...page.data },
  };
}

const COMMON = {
  /** Do one named thing; further taps are ignored until it ends; what goes wrong is shown. */
  async run(name, work) {
    if (this.data.busy) return undefined;
    this.setData({ busy: name, problem: null });
    try {
      return await work();
    } catch (fault) {
      return this.fail(fault);
    } finally {
      this.setData({ busy: "" });
    }
  },

  /** Show what went wrong, or lead to the page that mends it. */
  fail(fault) {
    const problem = fault instanceof Problem ? fault : Problem.ours("unexpected");
    if (!(fault instanceof Problem)) console.error("unexpected", fault && fault.name, fault && fault.stack);
    if (problem.code === "consent_required") return wx.navigateTo({ url: CONSENT_PAGE });
    if (problem.status === 401) session.forget();
    return this.setData({ problem: shown(problem) });
  },

  retry() {
    this.setData({ problem: null });
    return this.load();
  },
};

function shown({ code, title, message, retryAfter, status, requestId }) {
  const wait = retryAfter ? `请稍等，${soon(retryAfter)}后再试。` : "";
  const number = status >= 500 && requestId ? `编号 ${requestId}` : "";
  return { code, title, detail: [message, wait].filter(Boolean).join(" "), number };
}

/** The pages are left in reverse: back where there is a way back, home otherwise. */
function leave() {
  if (getCurrentPages().length > 1) wx.navigateBack();
  else wx.reLaunch({ url: "/pages/home/home" });
}

/** Ask a yes-or-no question; resolves to whether the student said yes. */
function ask({ title, content, confirmText = "确定", danger = false }) {
  return new Promise((resolve) => {
    wx.showModal({
      title,
      content,
      confirmText,
      cancelText: "取消",
      ...(danger ? { confirmColor: "#d9363e" } : {}),
      success: ({ confirm }) => resolve(Boolean(confirm)),
      fail: () => resolve(false),
    });
  });
}

/** Forget who was here, and what was begun. */
function forgetEverything(flow) {
  session.signOut();
  flow.clear();
  storage.remove("name");
}

module.exports = { screen, leave, ask, forgetEverything };
