/**
 * Seeded damage to TIFF files: bits flipped, files cut, lengths and offsets forged.
 * @module
 */

/** Mulberry32: uniform in [0, 1). */
export function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let word = Math.imul(state ^ (state >>> 15), 1 | state);
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word;
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Numbers at which readers stumble; the file's own length is added to them. */
const AWKWARD = [0, 1, 2, 3, 255, 256, 32_767, 65_535, 65_536, 2 ** 24, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1];

/** A damaged copy of a file, the same for the same seed. */
export function mutate(original: Uint8Array, seed: number): Uint8Array {
  const random = uniform(seed);
  let bytes: Uint8Array = original.slice();
  const times = 1 + Math.floor(random() ** 3 * 8);
  for (let i = 0; i < times && bytes.length > 0; i++)
    bytes = KINDS[Math.floor(random() * KINDS.length)]!(bytes, random);
  return bytes;
}

type Mutation = (bytes: Uint8Array, random: () => number) => Uint8Array;

const pick = (random: () => number, n: number) => Math.min(Math.floor(random() * n), n - 1);

/** The head and the directories are small, and are hit as often as all the rest. */
function somewhere(bytes: Uint8Array, random: () => number): number {
  const [first, last] = random() < 0.5 ? [0, bytes.length] : directoryRange(bytes);
  return Math.min(first + pick(random, Math.max(last - first, 1)), bytes.length - 1);
}

const flipBits: Mutation = (bytes, random) => {
  for (let n = 1 + pick(random, 4); n > 0; n--) bytes[somewhere(bytes, random)]! ^= 1 << pick(random, 8);
  return bytes;
};

const setBytes: Mutation = (bytes, random) => {
  const at = somewhere(bytes, random);
  const value = random() < 0.5 ? (random() < 0.5 ? 0 : 255) : pick(random, 256);
  return bytes.fill(value, at, at + 1 + pick(random, 8));
};

const cut: Mutation = (bytes, random) => bytes.slice(0, pick(random, bytes.length));

const remove: Mutation = (bytes, random) => {
  const at = pick(random, bytes.length);
  const end = Math.min(at + 1 + pick(random, 64), bytes.length);
  const out = new Uint8Array(bytes.length - (end - at));
  out.set(bytes.subarray(0, at));
  out.set(bytes.subarray(end), at);
  return out;
};

const copyWithin: Mutation = (bytes, random) =>
  bytes.copyWithin(somewhere(bytes, random), pick(random, bytes.length), pick(random, bytes.length));

/** Forges the tag, type, count or value of an entry of the first directory. */
const forgeEntry: Mutation = (bytes, random) => {
  const { littleEndian, big, first, entries } = headOf(bytes);
  if (entries === 0) return flipBits(bytes, random);
  const at = first + (big ? 8 : 2) + pick(random, entries) * (big ? 20 : 12);
  const fields = big ? [0, 2, 4, 12] : [0, 2, 4, 8];
  const k = random() < 0.15 ? pick(random, 2) : 2 + pick(random, 2);
  const view = new DataView(bytes.buffer);
  const wide = k < 2 ? 2 : big && random() < 0.5 ? 8 : random() < 0.3 ? 2 : 4;
  const place = at + fields[k]!;
  if (place + wide > bytes.length) return bytes;
  const base = random() < 0.2 ? bytes.length : 0;
  const value = base + AWKWARD[pick(random, AWKWARD.length)]! * (random() < 0.1 ? -1 : 1);
  if (wide === 2) view.setUint16(place, value, littleEndian);
  else if (wide === 4) view.setUint32(place, value, littleEndian);
  else view.setBigUint64(place, BigInt.asUintN(64, BigInt(value) << BigInt(pick(random, 40))), littleEndian);
  return bytes;
};

const KINDS: readonly Mutation[] = [flipBits, flipBits, setBytes, cut, remove, copyWithin, forgeEntry, forgeEntry];

function headOf(bytes: Uint8Array) {
  const nothing = { littleEndian: true, big: false, first: 0, entries: 0 };
  if (bytes.length < 16) return nothing;
  const view = new DataView(bytes.buffer);
  const littleEndian = bytes[0] === 0x49;
  const big = view.getUint16(2, littleEndian) === 43;
  const first = big ? Number(view.getBigUint64(8, littleEndian)) : view.getUint32(4, littleEndian);
  if (first + 8 > bytes.length) return nothing;
  return { littleEndian, big, first, entries: Math.min(view.getUint16(first, littleEndian), 64) };
}

function directoryRange(bytes: Uint8Array): [number, number] {
  const { big, first, entries } = headOf(bytes);
  return first === 0 ? [0, Math.min(64, bytes.length)] : [first, first + 16 + entries * (big ? 20 : 12)];
}
