/** The campaign's form, drawn from its JSON Schema, and the submission. */

const api = require("../../services/api");
const flow = require("../../services/flow");
const form = require("../../lib/schema-form");
const pointers = require("../../lib/pointer");
const { fromPicker } = require("../../lib/region");
const { ask, screen } = require("../../lib/screen");
const { choices, typed } = require("../../lib/schema");

const WAYS = { photo_not_ready: "retake", photo_wrong_spec: "retake", already_submitted: "review" };
const WAY_WORDS = { retake: "重新拍照", review: "查看审核状态" };

Page(screen({
  data: { loading: true, name: "", rows: null, missing: 0, way: "", wayWords: "", homeless: [] },

  onLoad() {
    if (!flow.isAt("profile")) return wx.redirectTo({ url: flow.page() });
    return this.load();
  },

  async load() {
    const { target } = flow.state();
    try {
      const campaign = await api.getCampaign(target.id);
      this.schema = campaign.profile_schema;
      this.value = form.start(this.schema, flow.draft(target.id) || (await api.readDraft(target.id)).profile);
      this.errors = {};
      this.setData({ name: campaign.name });
      this.redraw();
    } catch (fault) {
      this.fail(fault);
    } finally {
      this.setData({ loading: false });
    }
  },

  onHide() {
    this.park();
  },

  onUnload() {
    this.park();
  },

  /** Leave what was typed with the server, where another phone finds it; on this phone it stays only while that fails. */
  async park() {
    const { target } = flow.state();
    if (!this.typed || !target) return;
    this.typed = false;
    try {
      await api.saveDraft(target.id, this.value);
      flow.dropDraft(target.id);
    } catch (fault) {
      this.typed = true;
    }
  },

  redraw() {
    this.setData({ rows: form.draw(this.schema, this.value, this.errors) });
  },

  keep(pointer, given) {
    this.value = pointers.set(this.value, pointer, given);
    this.typed = true;
    flow.saveDraft(flow.state().target.id, this.value);
  },

  /** Typing changes no row but its own fault: redrawing under a keyboard makes the cursor jump. */
  onText({ currentTarget: { dataset }, detail }) {
    this.keep(dataset.pointer, typed(form.schemaAt(this.schema, this.value, dataset.pointer), detail.value));
    if (this.errors[dataset.pointer]) this.clearError(dataset.pointer, dataset.index);
  },

  clearError(pointer, index) {
    delete this.errors[pointer];
    this.setData({ [`rows[${index}].error`]: "", missing: Object.keys(this.errors).length });
  },

  onChoice({ currentTarget: { dataset }, detail }) {
    const options = choices(form.schemaAt(this.schema, this.value, dataset.pointer));
    this.change(dataset.pointer, options[Number(detail.value)].value);
  },

  onDate({ currentTarget: { dataset }, detail }) {
    this.change(dataset.pointer, detail.value);
  },

  onSwitch({ currentTarget: { dataset }, detail }) {
    this.change(dataset.pointer, detail.value);
  },

  onRegion({ currentTarget: { dataset }, detail }) {
    this.change(dataset.pointer, fromPicker(detail.value));
  },

  /** WeChat gives a code, the server the number; who refuses types it. */
  onPhone({ currentTarget: { dataset }, detail }) {
    if (!detail.code) return undefined;
    return this.run("phone", async () => this.change(dataset.pointer, await api.readPhone(detail.code)));
  },

  change(pointer, given) {
    this.forget(pointer);
    this.keep(pointer, given);
    this.redraw();
  },

  /** Faults under a place that has changed are no longer true. */
  forget(pointer) {
    this.errors = Object.fromEntries(Object.entries(this.errors).filter(([at]) => at !== pointer && !at.startsWith(`${pointer}/`)));
  },

  onAdd({ currentTarget: { dataset } }) {
    const list = pointers.get(this.value, dataset.pointer) || [];
    this.change(dataset.pointer, [...list, form.blank(form.schemaAt(this.schema, this.value, dataset.pointer))]);
  },

  async onRemove({ currentTarget: { dataset } }) {
    const [, list, index] = /^(.*)\/(\d+)$/.exec(dataset.pointer);
    if (!(await ask({ title: `移除${dataset.title}？`, content: "这一位填写的内容会清空。", confirmText: "移除", danger: true }))) return;
    this.change(list, pointers.get(this.value, list).filter((_, at) => at !== Number(index)));
  },

  onSubmit() {
    this.errors = form.check(this.schema, this.value);
    this.showErrors();
    if (Object.keys(this.errors).length) return undefined;
    return this.run("submit", () => this.submit());
  },

  showErrors() {
    this.setData({ missing: Object.keys(this.errors).length, way: "", homeless: [] });
    this.redraw();
    if (Object.keys(this.errors).length) wx.pageScrollTo({ selector: ".field--bad", offsetTop: -24, fail: () => undefined });
  },

  async submit() {
    const { target, photo } = flow.state();
    try {
      await api.confirm({ photo: photo.id, campaign: target.id, profile: this.value });
    } catch (fault) {
      return this.refused(fault);
    }
    this.typed = false;
    flow.dropDraft(target.id);
    flow.happen("submitted");
    return wx.reLaunch({ url: `/pages/submissions/submissions?fresh=${target.id}` });
  },

  /** Faults found by the server stand under their fields; those without a field stand above the button. */
  refused(fault) {
    this.errors = Object.fromEntries(fault.errors.map(({ pointer, detail }) => [(pointer || "").replace(/^#\/profile/, ""), detail]));
    this.showErrors();
    const places = new Set(this.data.rows.flatMap((row) => (row.error ? [row.error] : [])));
    const way = WAYS[fault.code] || "";
    this.setData({ homeless: fault.errors.map(({ detail }) => detail).filter((detail) => !places.has(detail)), way, wayWords: WAY_WORDS[way] || "" });
    if (fault.code !== "identity_required") throw fault;
    wx.redirectTo({ url: "/pages/campaign/campaign" });
  },

  onWay() {
    if (this.data.way === "retake") return wx.redirectTo({ url: flow.happen("retake") });
    flow.happen("leave");
    return wx.reLaunch({ url: "/pages/submissions/submissions" });
  },
}));
