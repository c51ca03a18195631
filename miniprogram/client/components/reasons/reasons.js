/** Findings with what to do about each: the first three, the rest on demand. */

const FIRST = 3;

Component({
  options: { styleIsolation: "apply-shared" },
  properties: {
    findings: { type: Array, value: [] },
    tone: { type: String, value: "bad" },
  },
  data: { all: false, first: FIRST },
  methods: {
    more() {
      this.setData({ all: true });
    },
  },
});
