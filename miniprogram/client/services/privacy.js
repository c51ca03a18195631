/** WeChat asks the student once before camera, album and the like: our sheet shows the question, WeChat keeps the answer. */

let pending = null;
let showSheet = null;

/** Hear WeChat's question; older clients never ask. */
function listen() {
  if (!wx.onNeedPrivacyAuthorization) return;
  wx.onNeedPrivacyAuthorization((resolve) => {
    pending = resolve;
    if (showSheet) showSheet();
  });
}

/** A page that is shown lends its sheet; the question may already be waiting. */
function attach(show) {
  showSheet = show;
  if (pending) show();
}

function detach(show) {
  if (showSheet === show) showSheet = null;
}

/** Give WeChat the student's answer. The button must be the one that was really pressed. */
function answer(agreed, buttonId) {
  if (!pending) return;
  const resolve = pending;
  pending = null;
  resolve(agreed ? { event: "agree", buttonId } : { event: "disagree" });
}

/** Whether a failed call failed because the student did not agree to the guideline. */
const isRefusal = ({ errMsg = "" } = {}) => /privacy/i.test(errMsg);

/** Open WeChat's own page with the guideline of this mini-program. */
const openGuideline = () => wx.openPrivacyContract && wx.openPrivacyContract({});

module.exports = { listen, attach, detach, answer, isRefusal, openGuideline };
