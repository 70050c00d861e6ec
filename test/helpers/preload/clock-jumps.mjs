/** A clock that jumps by up to a year each time it is asked. */
const real = Date.now;
const YEAR_MS = 366 * 86_400_000;
let state = 12_345;

Date.now = () => {
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
  return Math.round(real() + (state / 2 ** 32 - 0.5) * 2 * YEAR_MS);
};
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(Date.now());
    else super(...args);
  }
};
