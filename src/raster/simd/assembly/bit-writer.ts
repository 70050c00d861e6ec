/**
 * Writing bits, the lowest first (RFC 1951, 3.1.1). Up to 8 bytes behind the end may be written.
 * @module
 */
import { wordAt } from './code-lengths';

let bits: u64 = 0;
/** Fewer than 8 between two calls. */
let held: u64 = 0;
let to: usize = 0;

/** Goes on at another address; bits that are no whole byte yet come first there. */
export function writeAt(address: usize): void {
  to = address;
}

/** Where the next byte will be. */
export function written(): usize {
  return to;
}

/** Writes up to 32 bits. */
export function put(value: u32, n: u64): void {
  bits |= (<u64>value) << held;
  held += n;
  store<u64>(to, bits);
  to += <usize>(held >> 3);
  bits >>= held & ~7;
  held &= 7;
}

/** Fills the last byte. */
export function padToByte(): void {
  put(0, (8 - held) & 7);
}

/** Writes whole bytes behind whole bytes. */
export function putBytes(from: usize, length: u32): void {
  memory.copy(to, from, length);
  to += length;
}

/** Writes what tokens (16 bits each) stand for. @param entries A word a token: up to 18 bits << 6 | how many. */
export function putTokens(token: usize, end: usize, entries: usize): void {
  let b = bits;
  // Its lowest 6 bits say how many are held; what is added above them changes no shift.
  let n = held;
  let at = to;
  // With the 7 bits that may be held, three tokens fit the 64.
  for (; token + 6 <= end; token += 6) {
    let entry: u64 = wordAt(entries, load<u16>(token));
    b |= (entry >> 6) << n;
    n += entry;
    entry = wordAt(entries, load<u16>(token, 2));
    b |= (entry >> 6) << n;
    n += entry;
    entry = wordAt(entries, load<u16>(token, 4));
    b |= (entry >> 6) << n;
    n += entry;
    store<u64>(at, b);
    at += <usize>((n >> 3) & 7);
    b >>= n & 56;
    n &= 7;
  }
  bits = b;
  held = n;
  to = at;
  for (; token < end; token += 2) {
    const entry = wordAt(entries, load<u16>(token));
    put(entry >> 6, entry & 63);
  }
}
