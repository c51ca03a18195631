/** Finding a spec by what a student types: words of its name, region or use, or pinyin where the server gives it. */

const FIELDS = ["id", "name", "region", "use", "pinyin", "initials", "aliases"];

const fold = (text) => text.normalize("NFKC").toLowerCase();

function haystack(spec) {
  const words = FIELDS.flatMap((field) => spec[field] || []).map(String);
  return fold([...words, `${spec.size.max_width}×${spec.size.max_height}`, `${spec.size.max_width}x${spec.size.max_height}`].join(" "));
}

/** The specs in which every typed word occurs; names that begin with it come first. */
function search(specs, typed) {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  if (words.length === 0) return specs;
  const found = specs.filter((spec) => words.every((word) => haystack(spec).includes(word)));
  const rank = (spec) => (fold(spec.name).startsWith(words[0]) ? 0 : fold(spec.name).includes(words[0]) ? 1 : 2);
  return found.map((spec, index) => [rank(spec), index, spec]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, , spec]) => spec);
}

module.exports = { search };
