/** A name for one selfie, so that sending it twice makes one photo. */

/** 32 hexadecimal digits. Randomness keeps two phones apart; the server also keeps students apart. */
function newKey(random = Math.random) {
  const part = () => Math.floor(random() * 0x100000000).toString(16).padStart(8, "0");
  return part() + part() + part() + part();
}

module.exports = { newKey };
