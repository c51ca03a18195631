/** A birthplace is picked from WeChat's own list: province, city, county. */

const PARTS = ["province", "city", "county"];

/** Whether a schema asks for exactly these three lines of text, or says so itself. */
function isRegion(schema) {
  if (schema["x-region"]) return true;
  const names = Object.keys(schema.properties || {});
  return schema.type === "object" && names.length === 3 && PARTS.every((name) => (schema.properties[name] || {}).type === "string");
}

/** What `<picker mode="region">` gives, as the form's value. */
const fromPicker = ([province, city, county]) => ({ province, city, county });

/** The form's value, as the picker wants it; an empty list while nothing is chosen. */
const toPicker = (value) => (value && value.province ? PARTS.map((name) => value[name] || "") : []);

module.exports = { isRegion, fromPicker, toPicker };
