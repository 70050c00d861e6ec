/**
 * Second tables of a block's codes, of whole steps: up to two literals and the length of a short match in one look-up,
 * then the distance, or nothing, in another one.
 * @module
 */
import {
  DEEPER,
  DISTANCE_BITS,
  distanceTable,
  END,
  entryOf,
  INVALID,
  lengths,
  LITERAL,
  LITERAL_BITS,
  literalCount,
  literalTable,
} from './huffman';

/** 9 bits of a noisy byte and 4 of a frequent one, or 2 of a frequent length, go into one look-up. */
export const FUSED_BITS: u32 = 13;

/** Longer matches are left to the other loop: a step copies one vector. */
const SHORT: u32 = 15;

/** In entries of both tables: not for this loop. */
export const ODD: u32 = 1 << 8;

/** No match follows the literals: the bit leads to the half of {@link nearTable} that takes nothing from the stream. */
export const ALONE: u32 = 1 << 11;

/** Bits 0–5 what it takes from the stream, 6–7 how many literals, 12–15 length of the match, 16–31 the literals. */
export const fusedTable = memory.data((1 << FUSED_BITS) * 4, 64);

/** Bits 0–5 what it takes from the stream, 9–14 64 less the extra bits, 17–31 the shortest distance. */
export const nearTable = memory.data((2 << DISTANCE_BITS) * 4, 64);

/** What can follow a literal, by the bits that are left of the look-up: 2^n entries from the 2^n-th. */
const tails = memory.data((1 << FUSED_BITS) * 4, 64);

/** Where nothing is to be copied, bytes 1024 before are read: those just written would have to be waited for. */
const NOTHING: u32 = (1024 << 17) | (63 << 9);

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

/** Makes both tables from those of ./huffman.ts. */
export function buildFused(): void {
  buildTails();
  for (let at: u32 = 0; at < 1 << LITERAL_BITS; at++) {
    const entry = entryOf(literalTable, at);
    if ((entry & LITERAL) != 0) fuseLiteral(at, entry);
    else fuseMatch(at, entry);
  }
  for (let at: usize = 0; at < 4 << DISTANCE_BITS; at += 4) {
    store<u32>(nearTable + at, nearEntry(load<u32>(distanceTable + at)));
    store<u32>(nearTable + at + (4 << DISTANCE_BITS), NOTHING);
  }
}

function literalEntry(next: u32): u32 {
  return entryOf(literalTable, next & ((1 << LITERAL_BITS) - 1));
}

/** All entries whose lowest bits these are. */
function fuseLiteral(low: u32, entry: u32): void {
  const taken = entry & 63;
  const literal = (entry & 0xff0000) | (1 << 6) | taken;
  let from = tails + ((<usize>((((<u32>1) << FUSED_BITS) + low) >> taken)) << 2);
  const stride: usize = (4 << LITERAL_BITS) >> taken;
  for (let to: usize = low << 2; to < 4 << FUSED_BITS; to += 4 << LITERAL_BITS) {
    store<u32>(fusedTable + to, load<u32>(from) + literal);
    from += stride;
  }
}

function fuseMatch(low: u32, entry: u32): void {
  for (let at = low; at < 1 << FUSED_BITS; at += 1 << LITERAL_BITS) {
    const step = shortMatch(entry, at, FUSED_BITS);
    store<u32>(fusedTable + ((<usize>at) << 2), step == ALONE ? ODD : step);
  }
}

function buildTails(): void {
  let used: u32 = 0;
  for (let symbol: u32 = 0; symbol < 256; symbol++) used |= 1 << load<u8>(lengths + symbol);
  for (let taken: u32 = 1; taken <= LITERAL_BITS; taken++) {
    if (((used >> taken) & 1) == 0) continue;
    const left = FUSED_BITS - taken;
    for (let next: u32 = 0; next < (<u32>1) << left; next++) {
      store<u32>(tails + ((<usize>(((<u32>1) << left) + next)) << 2), tail(next, left));
    }
  }
}

/** A literal, a short match, or both, as far as they fit into the bits that are left. */
function tail(next: u32, left: u32): u32 {
  const entry = literalEntry(next);
  const taken = entry & 63;
  if ((entry & LITERAL) == 0 || taken > left) return shortMatch(entry, next, left);
  const second = ((entry & 0xff0000) << 8) | (1 << 6) | taken;
  return second + shortMatch(literalEntry(next >> taken), next >> taken, left - taken);
}

function shortMatch(entry: u32, next: u32, left: u32): u32 {
  const taken = entry & 63;
  if ((entry & (LITERAL | DEEPER | END | INVALID)) != 0 || taken > left) return ALONE;
  const length = (entry >> 16) + ((next & ((1 << taken) - 1)) >> ((entry >> 8) & 15));
  return length > SHORT ? ALONE : (length << 12) | taken;
}

/** Distances up to 16 reach into the vector that is written, and longer codes need another look-up. */
function nearEntry(entry: u32): u32 {
  const nearest = entry >> 16;
  if ((entry & (DEEPER | INVALID)) != 0 || nearest <= 16) return ODD;
  const taken = entry & 63;
  const extra = taken - ((entry >> 8) & 15);
  return taken | ((64 - extra) << 9) | (nearest << 17);
}
