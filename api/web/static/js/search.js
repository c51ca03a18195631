/** Specifications by what people type. The server sends with each what it is found by: names, pinyin, initials, pixels. */

const TIMES = /(\d)\s*[x×*]\s*(?=\d)/gi;

/** Those that every word fits, the best fit first; all of them where nothing is typed. */
export function find(specs, text) {
  const words = text.normalize("NFKC").toLowerCase().replace(TIMES, "$1x").split(/\s+/).map((word) => word.replace(/[^\p{L}\p{N}]/gu, "")).filter(Boolean);
  return specs.map((spec) => [spec, rank(spec.search, words)]).filter(([, ranked]) => ranked < Infinity).sort(([, a], [, b]) => a - b).map(([spec]) => spec);
}

/** 0 for the very term, 1 for its beginning, 2 for a part of it; added up over the words. */
function rank(terms, words) {
  const one = (word) => Math.min(...terms.map((term) => (term === word ? 0 : term.startsWith(word) ? 1 : term.includes(word) ? 2 : Infinity)));
  return words.reduce((sum, word) => sum + one(word), 0);
}

/** Pairs of a group's name and its specifications, in the order of the groups. */
export function byGroup(specs) {
  const order = ["school", "admission", "exam", "profession", "document", "visa", "size"];
  const groups = new Map(order.map((group) => [group, specs.filter((spec) => spec.group === group)]));
  return [...groups.values()].filter((members) => members.length).map((members) => [members[0].group_name, members]);
}
