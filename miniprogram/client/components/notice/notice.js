/** A card that says something: a title, what to do, and a button or two in its slot. */

Component({
  options: { styleIsolation: "apply-shared" },
  properties: {
    tone: { type: String, value: "info" },
    title: { type: String, value: "" },
    detail: { type: String, value: "" },
    number: { type: String, value: "" },
    action: { type: String, value: "" },
  },
  methods: {
    act() {
      this.triggerEvent("act");
    },
  },
});
