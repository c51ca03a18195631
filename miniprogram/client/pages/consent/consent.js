/** The texts a student agrees to, each by its own tick; the face photo is never bundled with the rest. */

const api = require("../../services/api");
const { openGuideline } = require("../../services/privacy");
const { leave, screen } = require("../../lib/screen");

const WORDS = { privacy: "我已阅读并同意以上告知", face_photo: "我单独同意采集和处理我的人脸照片", guardian: "我是监护人，我已阅读并同意" };

Page(screen({
  data: { loading: true, texts: [], guardian: { name: "", relation: "" }, missing: false, refusing: false },

  onLoad(query) {
    this.next = query.next || "";
    return this.load();
  },

  async load() {
    try {
      const texts = await api.listConsents();
      const open = texts.filter((text) => !text.given_at);
      if (open.length === 0) return this.forward();
      return this.setData({ texts: open.map((text) => ({ ...text, words: WORDS[text.kind] || WORDS.privacy, agreed: false })) });
    } catch (fault) {
      return this.fail(fault);
    } finally {
      this.setData({ loading: false });
    }
  },

  onTick({ currentTarget }) {
    const { index } = currentTarget.dataset;
    this.setData({ [`texts[${index}].agreed`]: !this.data.texts[index].agreed, missing: false });
  },

  onGuardian({ currentTarget, detail }) {
    this.setData({ [`guardian.${currentTarget.dataset.name}`]: detail.value.trim(), missing: false });
  },

  onAgree() {
    const { texts, guardian } = this.data;
    const nameless = texts.some(({ kind }) => kind === "guardian") && !(guardian.name && guardian.relation);
    if (nameless || texts.some((text) => !text.agreed)) return this.setData({ missing: true });
    return this.run("agree", async () => {
      for (const text of texts) await api.giveConsent(text.id, text.kind === "guardian" ? guardian : undefined);
      this.forward();
    });
  },

  forward() {
    if (this.next) wx.redirectTo({ url: this.next });
    else leave();
  },

  onRefuse() {
    this.setData({ refusing: !this.data.refusing });
  },

  onLeave: leave,
  onGuideline: openGuideline,
}));
