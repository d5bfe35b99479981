/* When a page asks again what the office had no time for. */

export const USUAL = 2;  // seconds, where the answer names none
export const LONGEST = 30;

/** The seconds to wait after an answer, as its Retry-After says, within bounds. */
export const secondsAfter = (answer) => {
  const said = Number(answer.headers.get("Retry-After"));
  return said > 0 ? Math.min(LONGEST, said) : USUAL;
};
