/** The mini-program starts: nothing is asked of anyone until a page needs it. */

const { forgetOldDrafts } = require("./services/flow");
const { listen } = require("./services/privacy");

App({
  onLaunch() {
    listen();
    forgetOldDrafts();
    keepUpToDate();
  },
});

/** A new version is applied when the student agrees: a photo may be on its way. */
function keepUpToDate() {
  if (!wx.getUpdateManager) return;
  const manager = wx.getUpdateManager();
  manager.onUpdateReady(() => {
    wx.showModal({
      title: "有新版本",
      content: "新版本已经准备好，现在重新打开小程序吗？您填写的内容会保留。",
      success: ({ confirm }) => confirm && manager.applyUpdate(),
    });
  });
}
