/** Who the student is on the campaign's list: name and ID number, compared by the server. */

const api = require("../../services/api");
const flow = require("../../services/flow");
const { normal, oddity } = require("../../lib/id-number");
const { screen } = require("../../lib/screen");

const HINT = "18 位居民身份证号码，用来与名单对上，并给照片命名。";

Page(screen({
  data: { target: "", name: "", number: "", nameError: "", numberError: "", hint: HINT },

  onShow() {
    if (!flow.isAt("identity")) return wx.redirectTo({ url: flow.page() });
    return this.setData({ target: flow.state().target.name });
  },

  load: () => undefined,

  onName({ detail }) {
    this.setData({ name: detail.value, nameError: "" });
  },

  onNumber({ detail }) {
    const number = normal(detail.value);
    const whole = number.length === 18;
    const odd = whole ? oddity(number) : "";
    const hint = whole && !odd ? "✓ 号码校验正确" : number ? `已输入 ${number.length} / 18 位` : HINT;
    this.setData({ number, hint, numberError: odd });
  },

  onSubmit() {
    const { name, number } = this.data;
    const nameError = name.trim() ? "" : "请填写姓名。";
    const numberError = oddity(number);
    this.setData({ nameError, numberError });
    if (nameError || numberError) return undefined;
    return this.run("bind", () => this.bind(name.trim(), number));
  },

  onReport() {
    wx.navigateTo({ url: `/pages/record/record?id=${flow.state().target.id}` });
  },

  /** Who proves to be under 14 owes a guardian's consent, which only now is known. */
  async bind(name, number) {
    const { target } = flow.state();
    try {
      await api.bindIdentity({ campaign: target.id, name, idNumber: number });
    } catch (fault) {
      if (fault.code !== "id_number_invalid") throw fault;
      this.setData({ numberError: fault.message });
      return;
    }
    this.setData({ number: "", name: "" });
    const consents = await api.listConsents().catch(() => []);
    const next = flow.happen("identified");
    wx.redirectTo({ url: consents.some((text) => !text.given_at) ? `/pages/consent/consent?next=${next}` : next });
  },
}));
