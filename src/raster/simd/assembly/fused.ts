/**
 * Second tables of a block's codes, of whole steps: up to two literals and the length of a short match in one look-up,
 * then the distance, or nothing, in another one.
 * @module
 */
import {
  DEEPER,
  DISTANCE_BITS,
  END,
  entryOf,
  INVALID,
  lengths,
  LITERAL,
  LITERAL_BITS,
  literalCount,
  setEntry,
} from './huffman';
import { Stream } from './stream';

/** Longer matches are left to the other loop: a step copies one vector. */
const SHORT: u32 = 15;

/** Where a step's second look-up leads: to a distance, to nothing if no match follows the literals, or out of the loop. */
export const KIND: u32 = 3 << 11;
const ALONE: u32 = 1 << 11;
const STRANGE: u32 = 2 << 11;

/**
 * Bytes of the table of steps. More bits a look-up would mean fewer steps, but two streams' tables would not stay in the
 * first-level cache, which costs more.
 *
 * Bits 0–5 of an entry are what it takes from the stream, 6–9 the length of the match, 11–12 its kind, 13–14 how many
 * literals, 16–31 the literals.
 */
export const STEPS: i32 = 4 << LITERAL_BITS;

/**
 * Bytes of the table of distances, kind by kind.
 *
 * Bits 0–5 of an entry are what it takes from the stream, 9–14 are 64 less
 * the extra bits, 16–30 the shortest distance.
 */
export const NEARS: i32 = 12 << DISTANCE_BITS;

/** In entries of distances: not for the loop. */
const ODD: u32 = 1 << 31;

/** What a literal adds to an entry of steps. */
const ONE_LITERAL: u32 = 1 << 13;

/** What can follow a literal, by the bits that are left of the look-up: 2^n entries from the 2^n-th. */
const tails = memory.data((1 << LITERAL_BITS) * 4, 64);

/** Where nothing is to be copied, bytes 1024 before are read: those just written would have to be waited for. */
const NOTHING: u32 = (1024 << 16) | (63 << 9);

/**
 * Whether the codes' lengths say that one symbol in eight or more begins a match of 3 to 10 bytes, and few matches are
 * longer, or nearer than a vector.
 */
export function isMostlyShort(): bool {
  const short = share(257, min<u32>(265, literalCount));
  return short >= 1 << 12 && share(265, literalCount) < short >> 4 && share(literalCount, literalCount + 8) < 1 << 11;
}

/** How often symbols occur, in 32768, if their codes are as long as their frequencies ask. */
function share(first: u32, end: u32): u32 {
  let sum: u32 = 0;
  for (let symbol = first; symbol < end; symbol++) {
    const length = <u32>load<u8>(lengths + symbol);
    if (length != 0) sum += (1 << 15) >> length;
  }
  return sum;
}

/** Makes both tables of a stream from those of ./huffman.ts. */
export function buildFused(s: Stream): void {
  const literals = s.literals;
  buildTails(literals);
  for (let at: u32 = 0; at < 1 << LITERAL_BITS; at++) {
    const entry = entryOf(literals, at);
    setEntry(s.steps, at, (entry & LITERAL) != 0 ? literalStep(at, entry) : matchStep(at, entry));
  }
  for (let at: u32 = 0; at < 1 << DISTANCE_BITS; at++) {
    setEntry(s.nears, at, nearEntry(entryOf(s.distances, at)));
    setEntry(s.nears, at + (1 << DISTANCE_BITS), NOTHING);
    setEntry(s.nears, at + (2 << DISTANCE_BITS), ODD);
  }
}

function literalStep(at: u32, entry: u32): u32 {
  const taken = entry & 63;
  return ((entry & 0xff0000) | ONE_LITERAL | taken) + entryOf(tails, ((1 << LITERAL_BITS) + at) >> taken);
}

function matchStep(at: u32, entry: u32): u32 {
  const step = shortMatch(entry, at, LITERAL_BITS);
  return step == ALONE ? STRANGE : step;
}

function buildTails(literals: usize): void {
  let used: u32 = 0;
  for (let symbol: u32 = 0; symbol < 256; symbol++) used |= 1 << load<u8>(lengths + symbol);
  for (let taken: u32 = 1; taken <= LITERAL_BITS; taken++) {
    if (((used >> taken) & 1) == 0) continue;
    const left = LITERAL_BITS - taken;
    for (let next: u32 = 0; next < (<u32>1) << left; next++) {
      setEntry(tails, ((<u32>1) << left) + next, tail(literals, next, left));
    }
  }
}

/** A literal, a short match, or both, as far as they fit into the bits that are left. */
function tail(literals: usize, next: u32, left: u32): u32 {
  const entry = entryOf(literals, next);
  const taken = entry & 63;
  if ((entry & LITERAL) == 0 || taken > left) return shortMatch(entry, next, left);
  const second = ((entry & 0xff0000) << 8) | ONE_LITERAL | taken;
  return second + shortMatch(entryOf(literals, next >> taken), next >> taken, left - taken);
}

function shortMatch(entry: u32, next: u32, left: u32): u32 {
  const taken = entry & 63;
  if ((entry & (LITERAL | DEEPER | END | INVALID)) != 0 || taken > left) return ALONE;
  const length = (entry >> 16) + ((next & ((1 << taken) - 1)) >> ((entry >> 8) & 15));
  return length > SHORT ? ALONE : (length << 6) | taken;
}

/** Distances up to 16 reach into the vector that is written, and longer codes need another look-up. */
function nearEntry(entry: u32): u32 {
  const nearest = entry >> 16;
  if ((entry & (DEEPER | INVALID)) != 0 || nearest <= 16) return ODD;
  const taken = entry & 63;
  const extra = taken - ((entry >> 8) & 15);
  return taken | ((64 - extra) << 9) | (nearest << 16);
}
