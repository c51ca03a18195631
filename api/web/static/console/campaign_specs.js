/** Narrow the specs while somebody types: name, pinyin, initials, use or pixels, as the catalogue's own search does. */

const words = document.querySelector("#spec-words");
const select = document.querySelector("select[data-specs]");

const normalised = (text) => text.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

function narrow() {
  const wanted = words.value.replace(/(\d)\s*[x×*＊]\s*(?=\d)/gi, "$1x").split(/\s+/).map(normalised).filter(Boolean);
  const fits = (option) => wanted.every((word) => option.dataset.terms.split(" ").some((term) => term.includes(word)));
  for (const option of select.options) option.hidden = !fits(option);
  for (const group of select.querySelectorAll("optgroup")) group.hidden = ![...group.children].some((option) => !option.hidden);
  const shown = [...select.options].filter((option) => !option.hidden);
  if (shown.length && select.selectedOptions[0]?.hidden) select.value = shown[0].value;
}

if (words && select) {
  words.addEventListener("input", narrow);
  words.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    select.focus();
  });
}
