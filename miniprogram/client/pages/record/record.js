/** The school's record of the student is wrong: say what, and read what the office answers. */

const api = require("../../services/api");
const { screen } = require("../../lib/screen");
const { moment } = require("../../lib/words");

const ABOUT = [
  ["name", "姓名"], ["id_number", "身份证号"], ["student_number", "学号"], ["college", "院系"], ["grade", "年级"],
  ["major", "专业"], ["class", "班级"], ["missing", "名单里没有我"], ["other", "其他"],
];
const LABELS = Object.fromEntries(ABOUT);

Page(screen({
  data: { loading: true, labels: ABOUT.map(([, label]) => label), about: -1, message: "", wrong: "", reports: null, done: false },

  onLoad(query) {
    this.campaign = query.id;
    return this.load();
  },

  async load() {
    try {
      const reports = await api.listRecordErrors(this.campaign);
      this.setData({ reports: reports.map(row) });
    } catch (fault) {
      this.fail(fault);
    } finally {
      this.setData({ loading: false });
    }
  },

  onAbout({ detail }) {
    this.setData({ about: Number(detail.value), wrong: "", done: false });
  },

  onMessage({ detail }) {
    this.setData({ message: detail.value, wrong: "", done: false });
  },

  onSend() {
    const { about, message } = this.data;
    if (about < 0 || !message.trim()) return this.setData({ wrong: about < 0 ? "请选择哪一项有误。" : "请写明正确的内容。" });
    return this.run("send", async () => {
      await api.reportRecordError(this.campaign, { about: ABOUT[about][0], message: message.trim() });
      this.setData({ about: -1, message: "", done: true });
      await this.load();
    });
  },
}));

function row({ id, about, message, created_at: at, settled_at: settled, answer }) {
  return { id, label: LABELS[about], message, at: moment(at), settled: Boolean(settled), answer: answer || "" };
}
