/** Subscribe messages: which templates to ask for, and WeChat's question. One accept is one message. */

const MOST = 3;

/** The ids of the review's templates of which no message is left; older clients take three at most. */
function wanted(notices) {
  if (!wx.requestSubscribeMessage) return [];
  const spent = notices.filter(({ kind, credits }) => kind !== "closing" && !credits);
  return spent.map(({ template_id: id }) => id).slice(0, MOST);
}

/** Ask, from a tap; resolves to the ids the student accepted, none where WeChat or the student says no. */
function subscribe(templates) {
  return new Promise((resolve) => {
    wx.requestSubscribeMessage({
      tmplIds: templates,
      success: (answer) => resolve(templates.filter((id) => answer[id] === "accept")),
      fail: () => resolve([]),
    });
  });
}

module.exports = { wanted, subscribe };
