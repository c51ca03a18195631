/** WeChat's privacy question on our own sheet: shown when an API first needs the student's agreement. */

const privacy = require("../../services/privacy");

Component({
  options: { styleIsolation: "apply-shared" },
  data: { open: false },
  lifetimes: {
    attached() {
      this.show = () => this.setData({ open: true });
      privacy.attach(this.show);
    },
    detached() {
      privacy.detach(this.show);
    },
  },
  pageLifetimes: {
    show() {
      privacy.attach(this.show);
    },
    hide() {
      privacy.detach(this.show);
    },
  },
  methods: {
    agree() {
      this.setData({ open: false });
      privacy.answer(true, "privacy-agree");
    },
    refuse() {
      this.setData({ open: false });
      privacy.answer(false);
    },
    read() {
      privacy.openGuideline();
    },
  },
});
