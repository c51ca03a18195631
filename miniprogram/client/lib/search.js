/** Finding a spec by what a student types: words of its name, region or use, or pinyin where the server gives it. */

const GROUPS = ["size", "school", "exam", "document", "admission", "profession", "visa"];

const fold = (text) => text.normalize("NFKC").toLowerCase();

/** The server gives what a spec is found by: names, pinyin and its initials, use, region, pixels. */
const haystack = (spec) => fold([spec.name, spec.region, spec.use, ...(spec.search || [])].join(" "));

/** What most students want first: plain sizes and school photos before examinations abroad. */
function arranged(specs) {
  const rank = ({ group }) => (GROUPS.indexOf(group) + GROUPS.length) % GROUPS.length;
  return specs.map((spec, index) => [rank(spec), index, spec]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, , spec]) => spec);
}

/** The specs in which every typed word occurs; names that begin with it come first. */
function search(specs, typed) {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  if (words.length === 0) return specs;
  const found = specs.filter((spec) => words.every((word) => haystack(spec).includes(word)));
  const rank = (spec) => (fold(spec.name).startsWith(words[0]) ? 0 : fold(spec.name).includes(words[0]) ? 1 : 2);
  return found.map((spec, index) => [rank(spec), index, spec]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, , spec]) => spec);
}

module.exports = { arranged, search };
